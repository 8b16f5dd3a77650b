# Chromium as a client. Label browser: needs packages that ./check does not.
add_test(NAME setup.browser COMMAND ${CMAKE_SOURCE_DIR}/tests/browser/setup.sh)
set_tests_properties(setup.browser PROPERTIES FIXTURES_SETUP browser TIMEOUT 600)
add_test(NAME browser.origins COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tests/browser/origins.py $<TARGET_FILE:pandu>)
set_tests_properties(browser.origins PROPERTIES LABELS browser FIXTURES_REQUIRED browser TIMEOUT 300)
