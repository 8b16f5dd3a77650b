/* Where people leave a dialogue, counted from what conversations remember: one run of each dialogue a
   conversation, the newest. A conversation forgets a half-done run when its person comes back after the
   dialogue's keep_days. */
#ifndef PANDU_DOMAIN_AUTHORING_FUNNEL_H
#define PANDU_DOMAIN_AUTHORING_FUNNEL_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct content;
struct content_dialogue;
struct session;

enum { FUNNEL_UNDER_WAY_MS = 24 * 60 * 60 * 1000 /* a run touched since then may still go on */ };

/* reached = answered + skipped + known + left + under_way. */
struct funnel_step {
    size_t reached;
    size_t answered, skipped;
    size_t known;     /* a fact said before answered it: nobody was asked */
    size_t left;      /* the open question when the person left or cancelled */
    size_t under_way; /* the open question of a run that may still go on */
};
struct funnel {
    const struct content_dialogue *dialogue;
    size_t started, finished, left, under_way;
    size_t cancelled;          /* of those who left: said so */
    size_t elsewhere;          /* left at a question that the content no longer has */
    size_t no_result;          /* finished, with a result that the content no longer has */
    struct funnel_step *steps; /* dialogue->step_count */
    size_t *results;           /* dialogue->result_count */
};
struct funnels {
    struct funnel *list; /* one a dialogue of the content, in its order */
    size_t count;
    size_t unknown; /* runs of dialogues that the content does not have */
};

/* Everything lives in arena. */
void funnels_init(struct funnels *funnels, const struct content *content, struct arena *arena);

/* Counts the runs of a conversation that started at since_ms or later. */
void funnels_add(struct funnels *funnels, const struct content *content, const struct session *session,
                 int64_t since_ms, int64_t now_ms);

#endif
