# What the content owes its sources.
add_test(NAME content.points COMMAND python3 tests/content/check_points.py WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(content.points PROPERTIES LABELS content)
add_test(NAME content.bars COMMAND python3 tests/content/check_bars.py $<TARGET_FILE:pandu>
         WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(content.bars PROPERTIES LABELS content)
# One layout, so that a change of content is seen as what it is.
add_test(NAME content.layout COMMAND pandu fmt --check . WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(content.layout PROPERTIES LABELS content)
# Families of wording, not sentences: enough of everything, and no example is found only by itself.
add_test(NAME content.examples COMMAND python3 tests/content/check_examples.py $<TARGET_FILE:pandu>
         WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(content.examples PROPERTIES LABELS content TIMEOUT 600)
add_test(NAME content.help_lines COMMAND python3 tests/content/check_help_lines.py WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(content.help_lines PROPERTIES LABELS content)
