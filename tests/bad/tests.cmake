# Label content: broken content is refused with exactly the expected mistakes, the shipped content has none.
pandu_test_program(test_bad ${CMAKE_SOURCE_DIR}/tests/bad/test_bad.c)
add_test(NAME content.bad COMMAND test_bad)
pandu_test_program(test_split ${CMAKE_SOURCE_DIR}/tests/bad/test_split.c)
add_test(NAME content.split COMMAND test_split)
set_tests_properties(content.bad content.split PROPERTIES LABELS content TIMEOUT 300)
if(TARGET pandu)
    add_test(NAME content.check COMMAND pandu check ${CMAKE_SOURCE_DIR})
    # A warning does not fail authors; what is shipped has none.
    set_tests_properties(content.check PROPERTIES LABELS content TIMEOUT 300 FAIL_REGULAR_EXPRESSION "warning\\[")
endif()
