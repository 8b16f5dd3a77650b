/* The table of verbs, and help about them. Never does a verb's work. Called by main. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#include "banned.h"

enum { CLI_OK = 0, CLI_USAGE = 2 };

static const struct cli_verb *const verbs[] = {
    &cli_serve,     &cli_chat,   &cli_check, &cli_match, &cli_test,   &cli_eval,   &cli_bench,   &cli_fmt,
    &cli_unmatched, &cli_funnel, &cli_graph, &cli_diff,  &cli_config, &cli_backup, &cli_restore, &cli_reload};
enum { VERB_COUNT = sizeof verbs / sizeof verbs[0] };

static const struct cli_verb *find_verb(const char *name) {
    for (size_t i = 0; i < VERB_COUNT; i++) {
        if (strcmp(verbs[i]->name, name) == 0) {
            return verbs[i];
        }
    }
    return NULL;
}

static int written(FILE *out, int failed) {
    return failed || fflush(out) != 0 ? 1 : 0;
}

/* Returns 1 if it could not be written. */
static int print_overview(FILE *out) {
    int failed =
        fputs("Pandu, a career advisor to talk with.\n\nusage: pandu VERB [OPTIONS]\n\n", out) == EOF;
    for (size_t i = 0; i < VERB_COUNT; i++) {
        failed |= fprintf(out, "  %-9s %s\n", verbs[i]->name, verbs[i]->summary) < 0;
    }
    failed |= fputs("\n`pandu help VERB` tells all about one of them. `pandu chat` starts a conversation.\n",
                    out) == EOF;
    return written(out, failed);
}

static int unknown_verb(const char *name) {
    (void)fprintf(stderr, "pandu: there is no verb \"%s\"\n\n", name);
    (void)print_overview(stderr);
    return CLI_USAGE;
}

static int print_help(const struct cli_verb *verb) {
    int failed = fputs(verb->help, stdout) == EOF;
    failed |= verb->print_more != NULL && verb->print_more() != 0;
    return written(stdout, failed);
}

static int help(int count, char **arguments) {
    if (count < 2) {
        return print_overview(stdout);
    }
    const struct cli_verb *verb = find_verb(arguments[1]);
    if (verb == NULL) {
        return unknown_verb(arguments[1]);
    }
    return print_help(verb);
}

static int is_help(const char *argument) {
    return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
}

int cli_main(int count, char **arguments) {
    if (count < 2) {
        (void)print_overview(stderr);
        return CLI_USAGE;
    }
    if (strcmp(arguments[1], "help") == 0 || is_help(arguments[1])) {
        return help(count - 1, arguments + 1);
    }
    const struct cli_verb *verb = find_verb(arguments[1]);
    if (verb == NULL) {
        return unknown_verb(arguments[1]);
    }
    if (count > 2 && is_help(arguments[2])) {
        return print_help(verb);
    }
    return verb->run(count - 1, arguments + 1);
}
