/* Whether words that no pattern explains are near danger. Looks only at what the index has found; never asks
   it, and decides nothing else. Called by intent.c. */
#include "domain/intent/intent_danger.h"

#include <math.h>
#include <stddef.h>

#include "domain/content/content.h"

#include "banned.h"

/* Beyond so many words scores fall with the root of their number, as the length of a vector of so many words
   grows. */
static const float short_words = 8, long_words = 20;

/* Nearest with this score (of a message of short_words; a shorter one needs more), and this far before all
   but distress, which is near danger by nature. Chosen on messages that were written by others and no wording
   is learnt from, with everyday messages as the other side (docs/testing.md). */
static const float veiled_score = 0.16F, veiled_lead = 0.015F;

/* Fewer words say too little: of short cries patterns know nearly all, and one strange word ("rooftop",
   "sepi") would be enough. */
enum { VEILED_WORDS = 6 };

float intent_length_factor(size_t words) {
    return (float)words > short_words ? sqrtf(fminf((float)words, long_words) / short_words) : 1;
}

float intent_veiled_least(size_t words) {
    return veiled_score / sqrtf(fminf((float)words, long_words) / short_words);
}

/* Nothing for distress: care that lets what ran go on. */
float intent_veiled_lead(const struct content_intent *other) {
    int is_lighter = other->kind == INTENT_KIND_ESCALATION && other->lets_resume && !other->is_safety;
    return is_lighter ? 0 : veiled_lead;
}

int intent_is_veiled(const struct content *content, const struct intent_decision *decision, size_t words) {
    const struct intent_suggestion *nearest = decision->nearest;
    if (words < VEILED_WORDS || decision->nearest_count == 0 ||
        !content->intents[nearest[0].intent].is_safety || nearest[0].score < intent_veiled_least(words))
        return 0;
    for (size_t i = 1; i < decision->nearest_count; i++)
        if (nearest[0].score - nearest[i].score < intent_veiled_lead(&content->intents[nearest[i].intent]))
            return 0;
    return 1;
}
