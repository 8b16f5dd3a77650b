/* pandu unmatched, in four files: what was not understood in groups, shown, an example added for it, and
 * whether it is a visitor's. */
#ifndef PANDU_CLI_UNMATCHED_H
#define PANDU_CLI_UNMATCHED_H

#include "cli/author.h"

struct unmatched_options {
    const char *intent;  /* --to-intent; NULL: only look */
    const char *pattern; /* --pattern; NULL: none */
    const char *limit;   /* --limit */
    int is_dry;          /* --dry-run: writes nothing */
    struct cli_words words;
};

/* What was not understood, wording by wording and in groups. Close it in any case. */
struct cluster;
struct unmatched_wording {
    const char *key; /* its folded words without courtesy */
    const char *raw; /* as it was written last: mask it before it is shown */
    size_t count;
    int64_t newest_ms;
};
struct unmatched_groups {
    struct arena *arena;
    struct unmatched_wording *wordings;
    size_t wording_count, messages;
    size_t left_out;            /* messages that are older than the wordings kept */
    const struct cluster *list; /* members are indices of wordings */
    size_t count;
};
/* 0, or AUTHOR_FAILED after saying what is wrong. */
int unmatched_groups_read(struct author *author, struct unmatched_groups *groups);
void unmatched_groups_close(struct unmatched_groups *groups);

/* Adds the author's wording as an example of options->intent to the site's folder. Returns the exit status.
 */
int unmatched_add(struct author *author, const struct unmatched_options *options);

/* Whether somebody has said what own says (wording_is_copy): 1, 0, or AUTHOR_FAILED after saying what is
   wrong. Short wordings are only compared with what was not understood. */
int unmatched_was_said(struct author *author, const struct text *own);

#endif
