/* Candidates of the patterns and their total order. Private to domain/intent. */
#ifndef PANDU_DOMAIN_INTENT_INTENT_RANK_H
#define PANDU_DOMAIN_INTENT_INTENT_RANK_H

#include <stddef.h>

struct arena;
struct content;
struct intent_context;
struct intent_decision;
struct pattern_scratch;
struct text;

/* Fills candidates, candidate_count, exhausted of *out: ranked, each with the reason why it lost. Returns how
   many (distinct) intents are still in the race; the winner, if any, is candidates[0]. */
size_t intent_rank(const struct content *content, struct pattern_scratch *scratch, const struct text *text,
                   const struct intent_context *context, struct arena *arena, struct intent_decision *out);

#endif
