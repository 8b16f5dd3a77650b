/* One setting's text to its typed value. Never decides where a text comes from. Called by config.c and
   config_file.c. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/config_parts.h"
#include "base/arena.h"
#include "base/clock.h"

#include "banned.h"

static void *member_of(struct config *config, const struct config_row *row) {
    return (char *)config + row->offset;
}

struct config_list *config_list_of(struct config *config, const struct config_row *row) {
    return member_of(config, row);
}

static int is_word_of(const char *words, const char *text) {
    size_t length = strlen(text);
    for (const char *at = words; *at != '\0';) {
        size_t word = strcspn(at, "|");
        if (word == length && memcmp(at, text, length) == 0) {
            return 1;
        }
        at += word;
        at += *at == '|';
    }
    return 0;
}

static void set_count(struct config_reading *reading, const struct config_row *row, const char *where,
                      const char *text) {
    char *end = NULL;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < row->least || number > row->most) {
        config_complain(reading, "%s: \"%s\" is no number from %" PRId64 " to %" PRId64, where, text,
                        row->least, row->most);
        return;
    }
    *(int64_t *)member_of(reading->config, row) = number;
}

static void set_duration(struct config_reading *reading, const struct config_row *row, const char *where,
                         const char *text) {
    int64_t ms = 0;
    if (strcmp(text, "never") != 0 &&
        (clock_parse_duration(text, &ms) != 0 || ms < row->least || ms > row->most)) {
        config_complain(
            reading,
            "%s: \"%s\" is no duration in range. Write it like 30m, 12h, 7d or 26w (at least %" PRId64
            " minutes, at most %" PRId64 " days), or never",
            where, text, row->least / 60000, row->most / 86400000);
        return;
    }
    *(int64_t *)member_of(reading->config, row) = ms;
}

void config_add_item(struct config_reading *reading, const struct config_row *row, const char *where,
                     const char *text) {
    struct config_list *list = config_list_of(reading->config, row);
    if (list->count == CONFIG_LIST_MAX) {
        config_complain(reading, "%s: more than %d entries", where, CONFIG_LIST_MAX);
        return;
    }
    list->items[list->count++] = arena_text(reading->arena, text);
}

static void set_list(struct config_reading *reading, const struct config_row *row, const char *where,
                     const char *text) {
    config_list_of(reading->config, row)->count = 0;
    while (*text != '\0') {
        text += strspn(text, ", ");
        size_t length = strcspn(text, ", ");
        if (length > 0) {
            config_add_item(reading, row, where, arena_copy(reading->arena, text, length));
        }
        text += length;
    }
}

void config_set_text(struct config_reading *reading, const struct config_row *row, enum config_source source,
                     const char *where, const char *text) {
    size_t index = (size_t)(row - config_row_at(0));
    if (reading->sources != NULL) {
        reading->sources[index] = source;
    }
    switch (row->type) {
    case CONFIG_COUNT: set_count(reading, row, where, text); return;
    case CONFIG_DURATION: set_duration(reading, row, where, text); return;
    case CONFIG_LIST: set_list(reading, row, where, text); return;
    case CONFIG_WORD:
        if (!is_word_of(row->words, text)) {
            config_complain(reading, "%s: \"%s\" is none of %s", where, text, row->words);
            return;
        }
        break;
    case CONFIG_TEXT:
    case CONFIG_SECRET: break;
    }
    *(const char **)member_of(reading->config, row) = *text != '\0' ? arena_text(reading->arena, text) : NULL;
}
