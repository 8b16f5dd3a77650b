# No speed is tested here, only that the benchmark works and that the prefilter and both plain loops agree.
if(TARGET pandu)
    add_test(NAME unit.bench_match_agrees
             COMMAND sh -c "python3 '${CMAKE_SOURCE_DIR}/tests/bench/make_patterns.py' '${CMAKE_BINARY_DIR}/bench' 50 400 --messages 150 && python3 '${CMAKE_SOURCE_DIR}/tests/bench/match.py' '$<TARGET_FILE:pandu>' '${CMAKE_BINARY_DIR}/bench' 50 400")
    set_tests_properties(unit.bench_match_agrees PROPERTIES LABELS unit TIMEOUT 300)
endif()
if(TARGET pandu)
    add_test(NAME unit.bench_refuses
             COMMAND ${CMAKE_SOURCE_DIR}/tests/bench/refuses.sh $<TARGET_FILE:pandu> ${CMAKE_BINARY_DIR}/bench/bad)
    set_tests_properties(unit.bench_refuses PROPERTIES LABELS unit TIMEOUT 60)
endif()
# The programs of tests/bench/run; built when it asks for them.
add_executable(bench_load EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/tests/bench/load.c)
add_executable(bench_fill EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/tests/bench/fill.c)
target_link_libraries(bench_fill PRIVATE pandu_app)
add_executable(bench_echo EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/tests/bench/peers/lws_echo.c)
target_link_libraries(bench_echo PRIVATE PkgConfig::WEBSOCKETS)
add_executable(bench_mix EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/tests/bench/mix.c)
target_link_libraries(bench_mix PRIVATE pandu_app)
