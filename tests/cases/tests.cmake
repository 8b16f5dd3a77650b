# Conversations as data, on the shipped content.
add_test(NAME cases.conversations
         COMMAND pandu test tests/cases --coverage=100 --ways --junit ${CMAKE_BINARY_DIR}/cases.xml
         WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(cases.conversations PROPERTIES LABELS cases TIMEOUT 600)
