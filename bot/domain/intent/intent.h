/* From a message to a decision: candidates, ranking, explanation. Pure; reads content, changes nothing. */
#ifndef PANDU_DOMAIN_INTENT_INTENT_H
#define PANDU_DOMAIN_INTENT_INTENT_H

#include <stddef.h>
#include <stdint.h>

#include "domain/text/text.h"

struct arena;
struct buf;
struct content;
struct pattern_hit;
struct pattern_scratch;

enum { INTENT_SUGGESTIONS_MAX = 3, INTENT_NEAREST_MAX = 5 };

/* What the conversation adds to the words. Strings may be NULL. */
struct intent_context {
    const char *dialogue; /* running dialogue */
    const char *step;     /* its open step */
    const char *after;    /* id of the reply the bot said last ("after the bot asked") */
};

/* Why a candidate did not win; in order of the total order that decides (design "Ranking"). */
enum intent_lost {
    INTENT_WON,
    INTENT_LOST_UNLESS,
    INTENT_LOST_SCOPE,
    INTENT_LOST_AFTER,
    INTENT_LOST_SAFETY,
    INTENT_LOST_DIALOGUE,
    INTENT_LOST_PRIORITY,
    INTENT_LOST_WORDS,
    INTENT_LOST_SPAN,
    INTENT_LOST_GAPS,
    INTENT_LOST_ID,
    INTENT_LOST_NEAREST, /* first in the order, but the examples of another candidate are clearly nearer */
    INTENT_LOST_SAME_INTENT
};

struct intent_candidate {
    uint32_t intent;      /* index into content->intents */
    uint32_t pattern;     /* index into its patterns */
    size_t start, end;    /* folded bytes matched */
    unsigned words, gaps; /* literal words matched; words swallowed by gaps */
    enum intent_lost lost;
    uint32_t lost_to;                /* intent that beat it, or index of the unless pattern */
    size_t excuse_start, excuse_end; /* INTENT_LOST_UNLESS: folded bytes the unless pattern matched */
};

enum intent_outcome { INTENT_NONE, INTENT_ANSWER, INTENT_SUGGEST };

struct intent_suggestion {
    uint32_t intent;
    float score;
};

/* The index of examples is a second opinion on patterns, except on danger and in a running dialogue: where
   another intent's examples are clearly nearer than the winner's, that intent wins if a pattern of its own
   matched, else the visitor is asked. */
struct intent_decision {
    enum intent_outcome outcome;
    uint32_t intent;   /* when INTENT_ANSWER */
    int by_similarity; /* the answer came from the n-gram index, not from a pattern */
    int is_doubtful;   /* a pattern matched, but the index speaks for an intent without one: INTENT_SUGGEST */
    int is_near_danger; /* no pattern found danger, but the words are nearest to it, and none of another
                           intent has read most of them: a reason to ask, none to raise an alarm */
    const struct text *corrected; /* what was matched after the second chance for typing errors; NULL: as
                                     written. Spans of candidates are then bytes of its folded view */
    struct intent_candidate *candidates; /* winner first, then by rank; in the arena */
    size_t candidate_count;
    struct intent_suggestion
        suggestions[INTENT_SUGGESTIONS_MAX]; /* best first; also filled for ANSWER: runners-up */
    size_t suggestion_count;
    struct intent_suggestion
        nearest[INTENT_NEAREST_MAX]; /* what the index finds, whether it may be said or not */
    size_t nearest_count;
    const struct pattern_hit *hits; /* of all patterns but unless, on the message as written; in the arena */
    size_t hit_count;
    int has_all_hits; /* 0: there were too many, the list is cut */
    int counts_exhausted;
    size_t exhausted;  /* patterns given up at the match limit; 0 unless they are counted */
    size_t start, end; /* folded bytes of the message that were decided */
};

/* Decides one message (or one part of it). Everything it makes lives in arena. */
void intent_decide(const struct content *content, struct pattern_scratch *scratch, const struct text *text,
                   const struct intent_context *context, struct arena *arena, struct intent_decision *out);

/* The same outcome, intent and candidates, without what costs most: the index is only asked where it may
   change them, so nearest and suggestions may be missing beside an answer by pattern. */
void intent_decide_briefly(const struct content *content, struct pattern_scratch *scratch,
                           const struct text *text, const struct intent_context *context, struct arena *arena,
                           struct intent_decision *out);

/* For those who ask only which pattern answers: as intent_decide_briefly where one does, else INTENT_NONE. */
void intent_decide_by_pattern(const struct content *content, struct pattern_scratch *scratch,
                              const struct text *text, const struct intent_context *context,
                              struct arena *arena, struct intent_decision *out);

/* Several questions in one message: decides each sentence or clause on its own, or the two sides of a
   conjunction if both ask something and the whole nothing else. Writes at most limit
   decisions that are ANSWERs by pattern with distinct intents, in text order, and returns their number; 0 or
   1 means: treat the message as one. parts[i] is the folded byte span of decision i. */
size_t intent_decide_parts(const struct content *content, struct pattern_scratch *scratch,
                           const struct text *text, const struct intent_context *context, struct arena *arena,
                           struct intent_decision *out, size_t limit);

/* The same for a message of which whole is the decision, perhaps by intent_decide_briefly; so are the parts.
 */
size_t intent_decide_parts_of(const struct content *content, struct pattern_scratch *scratch,
                              const struct text *text, const struct intent_context *context,
                              const struct intent_decision *whole, struct arena *arena,
                              struct intent_decision *out, size_t limit);

/* The decision in words for `pandu match --explain`: both views, every candidate, why each lost, why the
 * winner won. */
void intent_explain(const struct content *content, const struct text *text,
                    const struct intent_decision *decision, struct buf *out);

#endif
