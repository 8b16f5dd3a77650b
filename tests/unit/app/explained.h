/* What every fifth example of a bundle means and why, one behind the other: two bundles that say the same
   here are the same to whoever asks them. For test_together and test_kept. */
#ifndef PANDU_TESTS_UNIT_APP_EXPLAINED_H
#define PANDU_TESTS_UNIT_APP_EXPLAINED_H

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "domain/content/content.h"
#include "domain/intent/intent.h"
#include "domain/pattern/pattern.h"
#include "domain/text/text.h"

static inline void explain_all(const struct content *content, struct buf *out) {
    static const struct intent_context nothing = {NULL, NULL, NULL};
    struct pattern_scratch *scratch = pattern_scratch_new(content->patterns);
    struct arena *arena = arena_new(0);
    assert_non_null(scratch);
    assert_non_null(arena);
    for (size_t i = 0; i < content->intent_count; i++) {
        size_t count = content->intents[i].example_count;
        for (size_t k = count > 0 ? i % 5 % count : 0; k < count; k += 5) { /* one of each intent at least */
            const char *example = content->intents[i].examples[k];
            struct text text;
            struct intent_decision decision;
            text_fold(content->lexicon, example, strlen(example), TEXT_NO_LANGUAGE, arena, &text);
            intent_decide(content, scratch, &text, &nothing, arena, &decision);
            intent_explain(content, &text, &decision, out);
            arena_reset(arena);
        }
    }
    arena_free(arena);
    pattern_scratch_free(scratch);
    assert_false(out->failed);
    assert_true(out->length > 0);
}

#endif
