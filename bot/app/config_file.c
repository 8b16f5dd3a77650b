/* The configuration file: one JSON object, a member a setting. Never stops at the first mistake. Called by
   config.c. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/config_parts.h"
#include "app/files.h"
#include "base/arena.h"
#include "base/err.h"
#include "json/value.h"

#include "banned.h"

struct config_file {
    struct config_reading *reading;
    const char *path, *bytes;
    size_t length;
};

static const struct config_row *find_row(const char *name) {
    for (size_t i = 0; i < config_row_count(); i++) {
        if (strcmp(config_row_at(i)->name, name) == 0) {
            return config_row_at(i);
        }
    }
    return NULL;
}

/* "pandu.json:3: turn_burst" */
static const char *place_of(const struct config_file *file, const char *key) {
    char path[256];
    int line = 0, column = 0;
    (void)snprintf(path, sizeof path, "$.%s", key);
    (void)value_locate(file->bytes, file->length, path, &line, &column);
    return arena_format(file->reading->arena, "%s:%d: %s", file->path, line, key);
}

static void read_list(const struct config_file *file, const struct config_row *row, const char *where,
                      const struct value *member) {
    config_set_text(file->reading, row, CONFIG_FROM_FILE, where, "");
    for (size_t i = 0; i < value_count(member); i++) {
        const char *text = value_text(value_at(member, i));
        if (text == NULL || *text == '\0') {
            config_complain(file->reading, "%s: entry %zu is no text", where, i + 1);
        } else {
            config_add_item(file->reading, row, where, text);
        }
    }
}

/* A secret in a file that others can read is none. */
static void check_mode(const struct config_file *file, const char *where) {
    struct stat status;
    if (stat(file->path, &status) == 0 && (status.st_mode & 077) != 0) {
        config_complain(file->reading, "%s: the file can be read by others. Run: chmod 600 %s", where,
                        file->path);
    }
}

static void read_member(const struct config_file *file, const char *key, const struct value *member) {
    struct config_reading *reading = file->reading;
    const struct config_row *row = find_row(key);
    const char *where = place_of(file, key);
    if (row == NULL) {
        config_complain(reading, "%s: there is no such setting. `pandu config --help` lists all of them",
                        where);
        return;
    }
    enum value_type type = value_type(member);
    if (row->type == CONFIG_LIST && type == VALUE_ARRAY) {
        read_list(file, row, where, member);
    } else if (row->type == CONFIG_COUNT && type == VALUE_INT) {
        config_set_text(reading, row, CONFIG_FROM_FILE, where,
                        arena_format(reading->arena, "%" PRId64, value_int(member, 0)));
    } else if (row->type != CONFIG_LIST && row->type != CONFIG_COUNT && type == VALUE_TEXT) {
        config_set_text(reading, row, CONFIG_FROM_FILE, where, value_text(member));
    } else {
        config_complain(reading, "%s: has to be %s", where,
                        row->type == CONFIG_LIST    ? "an array of texts"
                        : row->type == CONFIG_COUNT ? "a whole number"
                                                    : "a text");
    }
    if (row->type == CONFIG_SECRET) {
        check_mode(file, where);
    }
}

void config_read_file(struct config_reading *reading, const char *path) {
    struct err err = {0};
    struct config_file file = {.reading = reading, .path = path};
    char *bytes = app_read_file(path, CONFIG_FILE_MAX, &file.length, &err);
    if (bytes == NULL) {
        config_complain(reading, "%s: %s", path, err.text);
        return;
    }
    file.bytes = bytes;
    struct value *root = value_parse(bytes, file.length, &err);
    if (root == NULL || value_type(root) != VALUE_OBJECT) {
        config_complain(reading, "%s:%d:%d: %s", path, err.line, err.column,
                        root == NULL ? err.text : "the file has to be one JSON object");
    } else {
        void *position = NULL;
        const char *key = NULL;
        struct value *member = NULL;
        while (value_next(root, &position, &key, &member)) {
            if (key[0] != '$') { /* "$schema" and the like */
                read_member(&file, key, member);
            }
        }
    }
    value_free(root);
    free(bytes);
}
