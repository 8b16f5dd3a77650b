/* What the verbs for authors have in common: the options, the content, the database read while a server runs
   on it, and how far along a long reading is. */
#ifndef PANDU_CLI_AUTHOR_H
#define PANDU_CLI_AUTHOR_H

#include <stdint.h>

#include "cli/cli_options.h"
#include "cli/understand.h"
#include "store/sqlite/study.h"

enum { AUTHOR_OK = 0, AUTHOR_FOUND = 1, AUTHOR_FAILED = 2, AUTHOR_OPTIONS = 16 };

struct value;

struct author {
    const char *verb;
    const char *database, *content, *site, *language, *since; /* as given; NULL: not */
    int is_json;
    int is_without_database;      /* set before author_read: --db and --since are no options of this verb */
    struct understand understand; /* ->content NULL until author_open_content */
    struct study *study;          /* NULL until author_open_database */
    int text_language;            /* index: of titles and of what is printed */
    int is_indonesian;            /* what is printed is in Indonesian, else in English */
    int64_t since_ms, now_ms;     /* 0: from the beginning */
};

/* Reads --db, --content, --site, --lang, --json, --since and the verb's own options. 0, or -1 after saying
   what is wrong. */
int author_read(struct author *author, const char *verb, int count, char **arguments,
                const struct cli_option *own, size_t own_count, struct cli_words *words);

/* Each 0, or AUTHOR_FAILED after saying what is wrong. The content goes first: --lang and --since need it. */
int author_open_content(struct author *author);
int author_open_database(struct author *author);
void author_close(struct author *author); /* in any case */

/* Says "pandu VERB: what" on standard error. Returns AUTHOR_FAILED. */
int author_fail(const struct author *author, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The text of the language that is printed in. */
const char *author_word(const struct author *author, const char *english, const char *indonesian);

/* Prints an object on one line, and frees it. AUTHOR_OK, or AUTHOR_FAILED after saying why. */
int author_print_take(const struct author *author, struct value *object);

/* Flushes what was printed; status, or AUTHOR_FAILED when that is not possible. */
int author_finish(const struct author *author, int status);

#endif
