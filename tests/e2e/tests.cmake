# From outside: the protocol's document, and real clients against the real server. Label e2e.
add_test(NAME setup.node COMMAND ${CMAKE_SOURCE_DIR}/tests/e2e/setup.sh ${CMAKE_BINARY_DIR})
set_tests_properties(setup.node PROPERTIES FIXTURES_SETUP node TIMEOUT 600)
function(pandu_e2e_test name)
    add_test(NAME e2e.${name} COMMAND ${ARGN} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(e2e.${name} PROPERTIES LABELS e2e FIXTURES_REQUIRED node TIMEOUT 300
                         ENVIRONMENT "NODE_PATH=${CMAKE_BINARY_DIR}/node/node_modules")
endfunction()
pandu_e2e_test(record python3 tests/e2e/record.py $<TARGET_FILE:pandu> ${CMAKE_BINARY_DIR}/recording.jsonl)
pandu_e2e_test(protocol node tests/e2e/protocol.js . ${CMAKE_BINARY_DIR}/recording.jsonl)
pandu_e2e_test(clients python3 tests/e2e/clients.py $<TARGET_FILE:pandu>)
set_tests_properties(e2e.record PROPERTIES FIXTURES_SETUP recording)
set_property(TEST e2e.protocol APPEND PROPERTY FIXTURES_REQUIRED recording)
# The widget in Chromium. ./check --long adds axe in all themes, 500 random schedules, widgets broken on purpose, and how fast it is.
pandu_e2e_test(widget node tests/e2e/widget.js $<TARGET_FILE:pandu> size taps keyboard typing killed asleep adrift tabs hostile places data api versions newer)
pandu_e2e_test(widget.parts node tests/e2e/widget.js $<TARGET_FILE:pandu> result kept reading ending erased identity languages looks sites clocks history)
# The same in a model of time: any order of storage, locks and lines; and widgets broken on purpose.
pandu_e2e_test(races node tests/e2e/races.js 400)
pandu_e2e_test(races.broken node tests/e2e/races.js 100 broken)
pandu_e2e_test(schedules node tests/e2e/schedules.js $<TARGET_FILE:pandu> 20)
