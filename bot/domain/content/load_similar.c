/* The search index of did-you-mean: examples, titles and answers, folded. Never searches. Called by load.c.
 */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "domain/content/loader.h"
#include "domain/similar/similar.h"
#include "domain/text/text.h"

#include "banned.h"

/* An example is what somebody would write; a title says it in other words; an answer only shares its words. A
   counter-example pushes away: with it the right intent came first more often on the labelled messages. */
static const float example_weight = 1.0F, title_weight = 0.9F, answer_weight = 0.4F, counter_weight = -0.5F;

static int add_folded(struct loader *loader, uint32_t label, const char *folded, float weight) {
    return similar_add(loader->content->similar, label, folded, strlen(folded), weight);
}

static int add(struct loader *loader, uint32_t label, int language, const char *text, float weight) {
    struct text folded;
    text_fold(loader->lexicon, text, strlen(text), language, loader->work, &folded);
    int rc = similar_add(loader->content->similar, label, folded.folded, folded.folded_length, weight);
    arena_reset(loader->work);
    return rc;
}

static int add_answer(struct loader *loader, uint32_t label, uint32_t reply) {
    int rc = 0;
    for (size_t language = 0; reply != CONTENT_NONE && language < loader->language_count; language++) {
        const struct content_reply *answer = &loader->content->replies[reply];
        if (answer->by_language[language].count == 0) {
            continue;
        }
        const struct reply_variant *variant = &answer->by_language[language].variants[0];
        for (size_t i = 0; rc == 0 && i < variant->count; i++) {
            rc = add(loader, label, (int)language, variant->messages[i], answer_weight);
        }
    }
    return rc;
}

/* examples: those of the intent, folded. */
static int add_intent(struct loader *loader, uint32_t label, const struct content_intent *intent,
                      const char *const *examples) {
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < intent->example_count; i++) {
        rc = add_folded(loader, label, examples[i], example_weight);
    }
    for (size_t i = 0; rc == 0 && i < intent->counter_example_count; i++) {
        rc = add(loader, label, TEXT_NO_LANGUAGE, intent->counter_examples[i], counter_weight);
    }
    for (size_t i = 0; rc == 0 && i < loader->language_count; i++) {
        if (intent->title.text[i] != NULL) {
            rc = add(loader, label, (int)i, intent->title.text[i], title_weight);
        }
    }
    int is_answer = intent->kind == INTENT_KIND_ANSWER;
    return rc == 0 && is_answer ? add_answer(loader, label, intent->reply) : rc;
}

/* Words that stand in two examples or more are right as they are written; a word of one example may be the
   typing error that it is an example of. words: how often each was seen, capped at 2. */
static int teach_example(struct loader *loader, const struct text *folded, struct map *words) {
    static char once, taught;
    for (size_t i = 0; i < folded->token_count; i++) {
        const struct text_token *token = &folded->tokens[i];
        const char *word = folded->folded + token->start;
        void *seen = map_get_bytes(words, word, token->length);
        if (token->is_end || seen == &taught) {
            continue;
        }
        if (seen == &once) {
            int language = folded->language != TEXT_NO_LANGUAGE ? folded->language : 0;
            lexicon_add_word(loader->lexicon, language, word, token->length, 0);
        }
        const char *kept = arena_copy(loader->scratch, word, token->length);
        if (map_set(words, kept, seen == &once ? &taught : &once) != 0) {
            return ERR_MEMORY;
        }
    }
    return 0;
}

/* Folds the examples of an intent and learns from them; out: room for each of them. */
static int teach_intent(struct loader *loader, const struct content_intent *intent, struct map *words,
                        const char **out) {
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < intent->example_count; i++) {
        const char *example = intent->examples[i];
        struct text folded;
        text_fold(loader->lexicon, example, strlen(example), TEXT_NO_LANGUAGE, loader->work, &folded);
        rc = teach_example(loader, &folded, words);
        out[i] = arena_copy(loader->scratch, folded.folded, folded.folded_length);
        arena_reset(loader->work);
    }
    return rc;
}

/* Examples by intent, folded once: what lexicon_add_word teaches meanwhile is not read by folding. */
static int teach_examples(struct loader *loader, const char ***examples) {
    struct map *words = map_new();
    int rc = words != NULL ? 0 : ERR_MEMORY;
    for (size_t i = 0; rc == 0 && i < loader->content->intent_count; i++) {
        const struct content_intent *intent = &loader->content->intents[i];
        examples[i] = arena_array(loader->scratch, intent->example_count + 1, sizeof *examples[i]);
        rc = teach_intent(loader, intent, words, examples[i]);
    }
    map_free(words);
    return rc;
}

int load_similar(struct loader *loader) {
    const char ***examples =
        arena_array(loader->scratch, loader->content->intent_count + 1, sizeof *examples);
    int rc = teach_examples(loader, examples);
    if (rc == 0) {
        rc = load_patterns_teach_concepts(loader);
    }
    for (size_t i = 0; rc == 0 && i < loader->content->intent_count; i++) {
        rc = add_intent(loader, (uint32_t)i, &loader->content->intents[i], examples[i]);
    }
    return rc == 0 ? similar_seal(loader->content->similar) : rc;
}
