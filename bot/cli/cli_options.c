/* Reads the arguments of a verb by its table of options. Never acts on them. Called by the verbs. */
#include "cli/cli_options.h"

#include <stdio.h>
#include <string.h>

#include "banned.h"

static int complain(const char *verb, const char *what, const char *argument) {
    (void)fprintf(stderr, "pandu %s: %s %s (see: pandu help %s)\n", verb, argument, what, verb);
    return -1;
}

/* The option an argument names, and its "=VALUE" if there is one. */
static const struct cli_option *find_option(const struct cli_option *options, size_t count,
                                            const char *argument, const char **given) {
    size_t length = strcspn(argument, "=");
    *given = argument[length] == '=' ? argument + length + 1 : NULL;
    for (size_t i = 0; i < count; i++) {
        if (strlen(options[i].name) == length && memcmp(options[i].name, argument, length) == 0) {
            return &options[i];
        }
    }
    return NULL;
}

int cli_options_read(const char *verb, int count, char **arguments, const struct cli_option *options,
                     size_t option_count, struct cli_words *words) {
    for (int i = 1; i < count; i++) {
        const char *argument = arguments[i], *given = NULL;
        if (argument[0] != '-' || argument[1] == '\0') {
            if (words == NULL || words->count == words->limit) {
                return complain(verb, "is one argument too many", argument);
            }
            words->word[words->count++] = argument;
            continue;
        }
        const struct cli_option *option = find_option(options, option_count, argument, &given);
        if (option == NULL) {
            return complain(verb, "is no option of this verb", argument);
        }
        if (given != NULL && option->value == NULL) {
            return complain(verb, "takes no value", option->name);
        }
        if (option->flag != NULL) {
            *option->flag = 1;
        } else if (given == NULL && i + 1 < count) {
            given = arguments[++i];
        } else if (given == NULL) {
            return complain(verb, "lacks its value", argument);
        }
        if (given != NULL) {
            *option->value = given;
        }
    }
    return 0;
}
