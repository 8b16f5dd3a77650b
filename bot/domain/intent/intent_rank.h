/* Candidates of the patterns and their total order. Private to domain/intent. */
#ifndef PANDU_DOMAIN_INTENT_INTENT_RANK_H
#define PANDU_DOMAIN_INTENT_INTENT_RANK_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct content;
struct content_intent;
struct intent_context;
struct intent_decision;
struct pattern_scratch;
struct text;

/* Fills candidates, hits, exhausted of *out: ranked, each with the reason why it lost. Returns how
   many (distinct) intents are still in the race; the winner, if any, is candidates[0]. */
size_t intent_rank(const struct content *content, struct pattern_scratch *scratch, const struct text *text,
                   const struct intent_context *context, struct arena *arena, struct intent_decision *out);

/* Which parts of a decision are wanted. */
enum intent_wish {
    INTENT_WISH_ALL,     /* everything */
    INTENT_WISH_BRIEF,   /* the index only where it may change the outcome */
    INTENT_WISH_PATTERN, /* ... and not where no pattern matched */
    INTENT_WISH_WRITTEN  /* ... and no second chance for typing errors either */
};
void intent_decide_wish(const struct content *content, struct pattern_scratch *scratch,
                        const struct text *text, const struct intent_context *context, enum intent_wish wish,
                        struct arena *arena, struct intent_decision *out);

/* 1 if search may bring up intent here: its scope and after hold ... */
int intent_is_open(const struct content *content, const struct intent_context *context, uint32_t intent);
/* ... and for text: 1 if one of its unless patterns matches. */
int intent_has_unless(const struct content *content, struct pattern_scratch *scratch, const struct text *text,
                      uint32_t intent);

#endif
