# nginx and Caddy in front of the server, for real. Label proxies: needs packages that ./check does not.
add_test(NAME setup.proxies COMMAND ${CMAKE_SOURCE_DIR}/tests/proxies/setup.sh)
set_tests_properties(setup.proxies PROPERTIES FIXTURES_SETUP proxies TIMEOUT 600)
add_test(NAME proxies.both COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tests/proxies/proxies.py $<TARGET_FILE:pandu>)
set_tests_properties(proxies.both PROPERTIES LABELS proxies FIXTURES_REQUIRED proxies TIMEOUT 300)
