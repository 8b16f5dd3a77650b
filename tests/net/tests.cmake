# The network: an echo server on the real thing, and raw clients that know how to be wrong.
add_executable(net_echo ${CMAKE_SOURCE_DIR}/tests/net/echo.c)
target_link_libraries(net_echo PRIVATE pandu_net)
add_dependencies(pandu_tests net_echo)
if(NOT PANDU_TESTS_IN_ALL)
    set_target_properties(net_echo PROPERTIES EXCLUDE_FROM_ALL ON)
endif()
