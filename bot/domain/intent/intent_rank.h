/* Candidates of the patterns and their total order. Private to domain/intent. */
#ifndef PANDU_DOMAIN_INTENT_INTENT_RANK_H
#define PANDU_DOMAIN_INTENT_INTENT_RANK_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct content;
struct intent_context;
struct intent_decision;
struct pattern_scratch;
struct text;

/* Fills candidates, ruled_out, exhausted of *out: ranked, each with the reason why it lost. Returns how
   many (distinct) intents are still in the race; the winner, if any, is candidates[0]. */
size_t intent_rank(const struct content *content, struct pattern_scratch *scratch, const struct text *text,
                   const struct intent_context *context, struct arena *arena, struct intent_decision *out);

/* 1 if search may bring up intent: its scope and after hold, and none of its unless patterns matched. */
int intent_is_open(const struct content *content, const struct intent_context *context,
                   const struct intent_decision *decision, uint32_t intent);

#endif
