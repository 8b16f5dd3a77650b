/* Danger told in veils, which no pattern knows: only that nothing is nearer to the words. Used by intent.c.
 */
#ifndef PANDU_DOMAIN_INTENT_INTENT_DANGER_H
#define PANDU_DOMAIN_INTENT_INTENT_DANGER_H

#include "domain/intent/intent.h"

struct content;
struct content_intent;

/* What a score of a message of so many words is multiplied with to be that of a short one: every word an
   example lacks lowers it, and a longer message has more of them. 1 or more. */
float intent_length_factor(size_t words);

/* The least score of veiled danger in a message of so many words (1 or more), and the least it is before this
 * intent's.
 */
float intent_veiled_least(size_t words);
float intent_veiled_lead(const struct content_intent *other);

/* Whether what is nearest to the message is danger, clearly before all but distress. */
int intent_is_veiled(const struct content *content, const struct intent_decision *decision, size_t words);

#endif
