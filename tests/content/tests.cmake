# What the content owes its sources.
add_test(NAME content.points COMMAND python3 tests/content/check_points.py WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(content.points PROPERTIES LABELS content)
add_test(NAME content.bars COMMAND python3 tests/content/check_bars.py $<TARGET_FILE:pandu>
         WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(content.bars PROPERTIES LABELS content)
