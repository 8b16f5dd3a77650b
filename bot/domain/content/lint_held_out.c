/* An example and the one pattern that it is the only proof of: is it still understood without both? Then
   people who write alike are, too. Never judges patterns that match more. Called by lint_examples.c. */
#include <string.h>

#include "base/arena.h"
#include "domain/content/content.h"
#include "domain/content/lint.h"
#include "domain/content/loader.h"
#include "domain/intent/intent.h"
#include "domain/pattern/pattern.h"
#include "domain/similar/similar.h"
#include "domain/text/text.h"

#include "banned.h"

/* 1 if the intent is what the visitor gets, or among what the visitor is asked to choose from. */
static int is_found(const struct intent_decision *decision, uint32_t intent) {
    if (decision->outcome == INTENT_ANSWER) {
        return decision->intent == intent;
    }
    for (size_t i = 0; decision->outcome == INTENT_SUGGEST && i < decision->suggestion_count; i++) {
        if (decision->suggestions[i].intent == intent) {
            return 1;
        }
    }
    return 0;
}

/* The content in which a pattern stands for nothing: its hits count as those of a fact's unless. */
static struct content without_pattern(const struct content *content, uint32_t number, struct arena *arena) {
    struct content without = *content;
    size_t count = pattern_set_count(content->patterns);
    struct content_pattern_owner *owners = arena_array(arena, count, sizeof *owners);
    memcpy(owners, content->pattern_owners, count * sizeof *owners);
    owners[number].role = CONTENT_ROLE_FACT_UNLESS;
    without.pattern_owners = owners;
    return without;
}

int lint_held_out(struct loader *loader, struct pattern_scratch *scratch,
                  const struct intent_context *context, const struct lint_proof *proof, struct arena *arena) {
    const struct content *content = loader->content;
    const struct content_intent *intent = &content->intents[proof->intent];
    const char *example = intent->examples[proof->example];
    struct content without = without_pattern(content, intent->patterns[proof->pattern].number, arena);
    struct text text;
    struct intent_decision decision;
    text_fold(loader->lexicon, example, strlen(example), TEXT_NO_LANGUAGE, arena, &text);
    struct similar_held *held = similar_hold_out(content->similar, proof->intent, proof->example, text.folded,
                                                 text.folded_length, load_example_weight);
    if (held == NULL) {
        return 1; /* no memory: nobody can say */
    }
    intent_decide(&without, scratch, &text, context, arena, &decision);
    similar_give_back(held);
    return is_found(&decision, proof->intent);
}
