# Embeds the numbered migrations into the store.
file(GLOB migrations CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/migrations/*.sql)
list(SORT migrations)
set(PANDU_MIGRATIONS_SOURCE ${CMAKE_BINARY_DIR}/generated/migrations.c)
add_custom_command(OUTPUT ${PANDU_MIGRATIONS_SOURCE}
    COMMAND ${CMAKE_COMMAND} "-DFILES=${migrations}" -DOUTPUT=${PANDU_MIGRATIONS_SOURCE}
            -P ${CMAKE_CURRENT_LIST_DIR}/embed.cmake
    DEPENDS ${migrations} ${CMAKE_CURRENT_LIST_DIR}/embed.cmake VERBATIM)
target_sources(pandu_store PRIVATE ${PANDU_MIGRATIONS_SOURCE})
