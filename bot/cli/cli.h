/* The verbs of the command line, one file each. Each takes the arguments after its name and returns the exit
 * status. */
#ifndef PANDU_CLI_CLI_H
#define PANDU_CLI_CLI_H

struct cli_verb {
    const char *name;
    int (*run)(int count, char **arguments); /* arguments[0] is the verb */
    const char *summary;                     /* one line */
    const char *help;                        /* `pandu help VERB` */
    int (*print_more)(void);                 /* behind the help; 0, or -1; may be NULL */
};

extern const struct cli_verb cli_backup, cli_bench, cli_chat, cli_check, cli_config, cli_diff, cli_eval,
    cli_fmt, cli_funnel, cli_graph, cli_match, cli_reload, cli_restore, cli_serve, cli_test, cli_unmatched;

int cli_main(int count, char **arguments); /* finds the verb, prints help */

#endif
