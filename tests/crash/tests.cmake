# 20 kills for ./check; ./check --long runs tests/crash/run.py with more. The control acknowledges before COMMIT: it must fail.
function(pandu_crash_writer name)
    add_executable(${name} ${CMAKE_SOURCE_DIR}/tests/crash/writer.c ${ARGN})
    target_link_libraries(${name} PRIVATE pandu_app)
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    add_dependencies(pandu_tests ${name})
    if(NOT PANDU_TESTS_IN_ALL)
        set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
    endif()
endfunction()
pandu_crash_writer(crash_writer)
# its own writer.c is linked before the library's
pandu_crash_writer(crash_writer_control ${CMAKE_SOURCE_DIR}/bot/store/sqlite/writer.c)
target_compile_definitions(crash_writer_control PRIVATE PANDU_ACK_BEFORE_COMMIT)

add_test(NAME crash.kills COMMAND python3 ${CMAKE_SOURCE_DIR}/tests/crash/run.py
         --writer $<TARGET_FILE:crash_writer> --kills 20)
add_test(NAME crash.control COMMAND python3 ${CMAKE_SOURCE_DIR}/tests/crash/run.py
         --writer $<TARGET_FILE:crash_writer_control> --kills 300 --expect-loss)
set_tests_properties(crash.kills crash.control PROPERTIES LABELS crash TIMEOUT 360)

# The same through the socket: the real program with the shipped content, visitors over WebSocket.
add_executable(crash_server_control EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/bot/main.c ${CMAKE_SOURCE_DIR}/bot/store/sqlite/writer.c)
target_link_libraries(crash_server_control PRIVATE pandu_cli)
target_compile_definitions(crash_server_control PRIVATE PANDU_ACK_BEFORE_COMMIT)
add_dependencies(pandu_tests crash_server_control)
add_test(NAME crash.serve COMMAND python3 ${CMAKE_SOURCE_DIR}/tests/crash/serve.py --program $<TARGET_FILE:pandu> --kills 20)
add_test(NAME crash.serve_control COMMAND python3 ${CMAKE_SOURCE_DIR}/tests/crash/serve.py
         --program $<TARGET_FILE:crash_server_control> --kills 300 --expect-loss)
set_tests_properties(crash.serve crash.serve_control PROPERTIES LABELS crash TIMEOUT 600
                     ENVIRONMENT PANDU_CONTENT=${CMAKE_SOURCE_DIR})
