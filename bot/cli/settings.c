/* Configuration and options of a verb in one reading. Never acts on them. Called by serve, config, reload,
   backup and restore. */
#include "cli/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#include "banned.h"

static void complain(void *context, const char *problem) {
    (void)fprintf(stderr, "pandu %s: %s\n", (const char *)context, problem);
}

static const char *environment(const char *name) {
    return getenv(name);
}

static struct config_input input_of(const struct settings *settings) {
    return (struct config_input){
        .file = settings->file, .flags = settings->flags, .environment = environment};
}

int settings_read(struct settings *settings, const char *verb, int count, char **arguments,
                  struct arena *arena) {
    return settings_read_words(settings, verb, count, arguments, NULL, arena);
}

int settings_read_words(struct settings *settings, const char *verb, int count, char **arguments,
                        struct cli_words *words, struct arena *arena) {
    struct cli_option table[CONFIG_ROWS_MAX + 1];
    size_t used = 0;
    for (size_t i = 0; i < config_row_count(); i++) {
        settings->flags[i] = NULL;
        if (config_row_at(i)->type != CONFIG_SECRET) {
            table[used++] = (struct cli_option){config_flag_name(config_row_at(i), settings->flag_names[i]),
                                                &settings->flags[i], NULL};
        }
    }
    settings->file = getenv("PANDU_CONFIG");
    table[used++] = (struct cli_option){"--config", &settings->file, NULL};
    if (cli_options_read(verb, count, arguments, table, used, words) != 0) {
        return 2;
    }
    if (settings->file != NULL && *settings->file == '\0') {
        settings->file = NULL;
    }
    struct config_input input = input_of(settings);
    char name[32];
    (void)snprintf(name, sizeof name, "%s", verb);
    return config_read(&settings->config, settings->sources, &input, arena, complain, name) == 0 ? 0 : 2;
}

size_t settings_read_again(struct settings *settings, struct arena *arena, config_report *report,
                           void *context) {
    struct config fresh;
    enum config_source sources[CONFIG_ROWS_MAX];
    struct config_input input = input_of(settings);
    size_t problems = config_read(&fresh, sources, &input, arena, report, context);
    if (problems == 0) {
        settings->config = fresh;
        memcpy(settings->sources, sources, sizeof sources);
    }
    return problems;
}
