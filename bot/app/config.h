/* What an operator can set, as one typed table: from a JSON file, the environment and flags, later ones
   stronger. The same table prints the help, so that no setting is undocumented. */
#ifndef PANDU_APP_CONFIG_H
#define PANDU_APP_CONFIG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct arena;

enum { CONFIG_LIST_MAX = 32, CONFIG_FILE_MAX = 64 * 1024, CONFIG_ROWS_MAX = 40 };

struct config_list {
    const char *items[CONFIG_LIST_MAX];
    size_t count;
};

/* All texts live in the arena given to config_read, or are constants. */
struct config {
    const char *listen, *public_url;
    struct config_list origins, trusted_proxies;
    const char *tls_certificate, *tls_key; /* NULL: none */
    const char *database, *data;
    const char *content, *site; /* NULL: the shipped content; no overlay */
    int64_t connections_max, connections_per_address;
    int64_t turn_burst, turns_per_minute, conversation_burst, conversations_per_minute;
    int64_t idle_after_ms, retention_ms; /* 0: never */
    const char *identity_secret;         /* NULL: none */
    const char *metrics;                 /* "loopback", "all" or "off" */
    const char *demo;                    /* "auto", "on" or "off" */
    const char *log_format, *log_level;  /* "text" or "json"; "error", "warning" or "info" */
};

enum config_type {
    CONFIG_TEXT,
    CONFIG_WORD, /* one of a few */
    CONFIG_COUNT,
    CONFIG_DURATION, /* "30m", "26w", "never" */
    CONFIG_LIST,     /* an array in the file; parted by commas elsewhere */
    CONFIG_SECRET    /* never shown, and no flag: arguments are seen by everybody on the machine */
};

struct config_row {
    const char *name; /* "turn_burst": key in the file, PANDU_TURN_BURST, --turn-burst */
    enum config_type type;
    size_t offset;        /* of the member of struct config */
    const char *standard; /* the default, as it would be written; NULL: unset */
    const char *words;    /* CONFIG_WORD: "text|json" */
    int64_t least, most;  /* CONFIG_COUNT; milliseconds for CONFIG_DURATION */
    int reloads;          /* 1: a reload takes a change over; 0: needs a restart */
    const char *help;     /* one sentence */
};
size_t config_row_count(void);
const struct config_row *config_row_at(size_t index);
/* "--turn-burst" and "PANDU_TURN_BURST". Return out. */
const char *config_flag_name(const struct config_row *row, char out[64]);
const char *config_variable_name(const struct config_row *row, char out[64]);

/* Where a value comes from. */
enum config_source { CONFIG_STANDARD, CONFIG_FROM_FILE, CONFIG_FROM_ENVIRONMENT, CONFIG_FROM_FLAG };

struct config_input {
    const char *file;                             /* path, or NULL: none. An empty one is no mistake */
    const char *const *flags;                     /* one a row; NULL where not given. NULL: none at all */
    const char *(*environment)(const char *name); /* getenv, or a test's; NULL: none */
};

/* Called for each mistake: one sentence that names the file and line, variable or flag, and the remedy. */
typedef void config_report(void *context, const char *problem);

/* Fills *config; sources (one a row, may be NULL) says where each value came from. Returns the number of
   mistakes; *config is complete when there are none. */
size_t config_read(struct config *config, enum config_source *sources, const struct config_input *input,
                   struct arena *arena, config_report *report, void *context);

/* Every setting with type, default and help. 0, or -1 when out cannot be written. */
int config_print_help(FILE *out);
/* Every setting with its value and where it comes from; secrets as "(set)". 0, or -1. */
int config_print(const struct config *config, const enum config_source *sources, FILE *out);

#endif
