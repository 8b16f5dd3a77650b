/* pandu config: the settings in force, or all of them explained. Never changes one. Called by main through
   cli.c. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "cli/cli.h"
#include "cli/settings.h"

#include "banned.h"

static int run(int count, char **arguments) {
    struct arena *arena = arena_new(1024 * 1024);
    struct settings *settings = calloc(1, sizeof *settings);
    int rc = 1;
    if (arena == NULL || settings == NULL) {
        (void)fprintf(stderr, "pandu config: out of memory\n");
    } else {
        rc = settings_read(settings, "config", count, arguments, arena);
        if (rc == 0) {
            rc = config_print(&settings->config, settings->sources, stdout) != 0 || fflush(stdout) != 0;
        }
    }
    free(settings);
    arena_free(arena);
    return rc;
}

static int print_settings(void) {
    return config_print_help(stdout);
}

const struct cli_verb cli_config = {
    .name = "config",
    .run = run,
    .summary = "show the settings in force; --help explains all of them",
    .help = "usage: pandu config [--config FILE] [SETTINGS]\n"
            "\n"
            "Prints every setting with its value and where it comes from; secrets only as \"(set)\". "
            "Mistakes are "
            "reported all at\n"
            "once, with exit status 2.\n"
            "\n",
    .print_more = print_settings,
};
