# The guide for authors is carried out as it stands, in a fresh folder. Label content. It looks through all content a dozen
# times, which sanitizers make slow; what they would find, the unit tests of the same verbs find.
if(NOT PANDU_SANITIZE)
    add_test(NAME content.guide COMMAND python3 tests/docs/guide.py $<TARGET_FILE:pandu> docs/id
             WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(content.guide PROPERTIES LABELS content TIMEOUT 600)
endif()
