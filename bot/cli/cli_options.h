/* Options of a verb: a table of names and where their values go. */
#ifndef PANDU_CLI_CLI_OPTIONS_H
#define PANDU_CLI_CLI_OPTIONS_H

#include <stddef.h>

/* One option. value: "--name VALUE" or "--name=VALUE" is stored there (borrowed from the arguments). flag:
   set to 1 when the option is there. With both, the value is optional and only taken as "--name=VALUE". */
struct cli_option {
    const char *name; /* with its hyphens */
    const char **value;
    int *flag;
};

/* What stands beside the options, in order. */
struct cli_words {
    const char **word; /* caller's storage for limit words; may be NULL */
    size_t limit, count;
};

/* Reads arguments[1..count). 0, or -1 after saying on standard error what is wrong. words may be NULL: then
   none are allowed. */
int cli_options_read(const char *verb, int count, char **arguments, const struct cli_option *options,
                     size_t option_count, struct cli_words *words);

#endif
