# The JSON Schemas of content go into the program: editors and `pandu check` read the same files.
file(GLOB schemas CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/bot/schema/*.json)
set(schema_table ${CMAKE_BINARY_DIR}/schema_files.c)
add_custom_command(OUTPUT ${schema_table}
                   COMMAND ${CMAKE_COMMAND} -DFOLDER=${CMAKE_SOURCE_DIR}/bot/schema -DOUT=${schema_table}
                           -P ${CMAKE_SOURCE_DIR}/bot/schema/embed.cmake
                   DEPENDS ${schemas} ${CMAKE_SOURCE_DIR}/bot/schema/embed.cmake)
target_sources(pandu_domain PRIVATE ${schema_table})
