/* pandu diff, in three files: what changed, which stored questions are answered differently, which running
   conversations are touched. */
#ifndef PANDU_CLI_DIFF_H
#define PANDU_CLI_DIFF_H

#include "cli/author.h"

enum { DIFF_SAMPLES = 3, DIFF_GROUPS_MAX = 500 };

struct diff {
    struct author author;     /* its understanding is the new content */
    struct understand before; /* the old one */
    int has_database;
};

/* Questions that the two answer differently, grouped by the two answers. Counts beyond DIFF_GROUPS_MAX groups
   go to others. */
struct diff_group {
    const char *before, *after; /* intent id, "offer" or "not understood" */
    size_t count;
    const char *samples[DIFF_SAMPLES]; /* masked */
    size_t sample_count;
};
struct diff_questions {
    struct arena *arena;
    struct diff_group *groups; /* the largest first */
    size_t group_count, others;
    size_t asked, changed;
};
/* Each 0, or AUTHOR_FAILED after saying what is wrong. Close it in either case. */
int diff_questions_read(struct diff *diff, struct diff_questions *questions);
void diff_questions_close(struct diff_questions *questions);

/* Half-done dialogues by what becomes of them. One entry a dialogue of the old content, in its order. */
struct diff_running {
    struct arena *arena;
    struct diff_fate {
        const char *dialogue;
        size_t running; /* half done */
        size_t touched; /* of them: a question is asked again, or the place changed */
        size_t gone;    /* of them: the new content has no such dialogue */
    } * fates;
    size_t count;
};
int diff_running_read(struct diff *diff, struct diff_running *running);
void diff_running_close(struct diff_running *running);

#endif
