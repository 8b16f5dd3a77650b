/* Reading the configuration for a verb: its flags beside the verb's own options, --config FILE, the
   environment. */
#ifndef PANDU_CLI_SETTINGS_H
#define PANDU_CLI_SETTINGS_H

#include "app/config.h"
#include "cli/cli_options.h"

struct arena;

/* Everything is borrowed from the arena and the arguments. */
struct settings {
    struct config config;
    enum config_source sources[CONFIG_ROWS_MAX];
    const char *file; /* --config, else $PANDU_CONFIG, else NULL */
    const char *flags[CONFIG_ROWS_MAX];
    char flag_names[CONFIG_ROWS_MAX][64];
};

/* Reads the arguments (words as in cli_options_read), then the configuration. 0, or 2 after saying on
   standard error all that is wrong. */
int settings_read_words(struct settings *settings, const char *verb, int count, char **arguments,
                        struct cli_words *words, struct arena *arena);
int settings_read(struct settings *settings, const char *verb, int count, char **arguments,
                  struct arena *arena); /* the same without words */

/* The configuration again, by the same arguments, as the file and environment are now. The number of
   mistakes, each reported; settings->config changes only without any. */
size_t settings_read_again(struct settings *settings, struct arena *arena, config_report *report,
                           void *context);

#endif
