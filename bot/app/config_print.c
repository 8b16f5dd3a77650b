/* The configuration for people: all settings explained, or all values in force. Never prints a secret.
   Called by cli. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/config_parts.h"

#include "banned.h"

static const char *kind_of(const struct config_row *row) {
    switch (row->type) {
    case CONFIG_WORD: return row->words;
    case CONFIG_COUNT: return "number";
    case CONFIG_DURATION: return "duration (30m, 12h, 7d, 26w, never)";
    case CONFIG_LIST: return "list (commas; an array in the file)";
    case CONFIG_SECRET: return "secret (file or environment only)";
    case CONFIG_TEXT: break;
    }
    return "text";
}

int config_print_help(FILE *out) {
    int failed =
        fputs("Settings, by name in the file (JSON, --config FILE), as variable and as flag; flags are "
              "stronger than\nvariables, variables stronger than the file. (r): a reload takes a "
              "change over.\n\n",
              out) == EOF;
    char flag[64], variable[64];
    for (size_t i = 0; i < config_row_count(); i++) {
        const struct config_row *row = config_row_at(i);
        failed |= fprintf(out, "  %s%s\n      %s%s%s\n      %s; default: %s\n      %s\n", row->name,
                          row->reloads ? " (r)" : "", config_variable_name(row, variable),
                          row->type != CONFIG_SECRET ? ", " : "",
                          row->type != CONFIG_SECRET ? config_flag_name(row, flag) : "", kind_of(row),
                          row->standard != NULL ? row->standard : "none", row->help) < 0;
    }
    return failed ? -1 : 0;
}

static int print_duration(int64_t ms, FILE *out) {
    static const struct {
        int64_t ms;
        char letter;
    } units[] = {{604800000, 'w'}, {86400000, 'd'}, {3600000, 'h'}, {60000, 'm'}, {1000, 's'}};
    for (size_t i = 0; ms > 0 && i < sizeof units / sizeof units[0]; i++) {
        if (ms % units[i].ms == 0) {
            return fprintf(out, "%" PRId64 "%c", ms / units[i].ms, units[i].letter) < 0;
        }
    }
    return fputs("never", out) == EOF;
}

static int print_value(const struct config *config, const struct config_row *row, FILE *out) {
    const void *member = (const char *)config + row->offset;
    const char *text = NULL;
    int failed = 0;
    switch (row->type) {
    case CONFIG_COUNT: return fprintf(out, "%" PRId64, *(const int64_t *)member) < 0;
    case CONFIG_DURATION: return print_duration(*(const int64_t *)member, out);
    case CONFIG_LIST: {
        const struct config_list *list = member;
        for (size_t i = 0; i < list->count; i++) {
            failed |= fprintf(out, "%s%s", i > 0 ? ", " : "", list->items[i]) < 0;
        }
        return failed | (list->count == 0 && fputs("(none)", out) == EOF);
    }
    case CONFIG_SECRET: return fputs(*(const char *const *)member != NULL ? "(set)" : "(none)", out) == EOF;
    case CONFIG_WORD:
    case CONFIG_TEXT: text = *(const char *const *)member; break;
    }
    return fputs(text != NULL ? text : "(none)", out) == EOF;
}

int config_print(const struct config *config, const enum config_source *sources, FILE *out) {
    static const char *const from[] = {"", "   (file)", "   (environment)", "   (flag)"};
    int failed = 0;
    for (size_t i = 0; i < config_row_count(); i++) {
        const struct config_row *row = config_row_at(i);
        failed |= fprintf(out, "%-26s", row->name) < 0;
        failed |= print_value(config, row, out);
        failed |= fprintf(out, "%s\n", from[sources[i]]) < 0;
    }
    return failed ? -1 : 0;
}
