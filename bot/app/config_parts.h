/* The inside of the configuration, shared by the config*.c files. */
#ifndef PANDU_APP_CONFIG_PARTS_H
#define PANDU_APP_CONFIG_PARTS_H

#include "app/config.h"

struct err;

/* One reading under way. */
struct config_reading {
    struct config *config;
    enum config_source *sources;
    struct arena *arena;
    config_report *report;
    void *context;
    size_t problems;
};

void config_complain(struct config_reading *reading, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- config_value.c ---- */
/* Stores text (split at commas for a list) in the row's member. where names the place for messages. */
void config_set_text(struct config_reading *reading, const struct config_row *row, enum config_source source,
                     const char *where, const char *text);
/* One more item of a list; the first one of a source replaces what weaker sources said. */
void config_add_item(struct config_reading *reading, const struct config_row *row, const char *where,
                     const char *text);
struct config_list *config_list_of(struct config *config, const struct config_row *row);

/* ---- config_file.c ---- */
void config_read_file(struct config_reading *reading, const char *path);

/* ---- config_rules.c ---- */
/* Values that are right alone and wrong together. */
void config_check(struct config_reading *reading);

#endif
