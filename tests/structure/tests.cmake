# The shape of the code: arrows and homes, house limits.
foreach(name layers limits words)
    add_test(NAME structure.${name} COMMAND python3 tests/structure/check_${name}.py
             WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(structure.${name} PROPERTIES LABELS structure)
endforeach()
add_test(NAME structure.checkers COMMAND python3 tests/structure/test_checkers.py WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(structure.checkers PROPERTIES LABELS structure)
