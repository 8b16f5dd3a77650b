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

static int add(struct loader *loader, uint32_t label, int language, const char *text, float weight) {
    struct text folded;
    text_fold(loader->lexicon, text, strlen(text), language, loader->scratch, &folded);
    return similar_add(loader->content->similar, label, folded.folded, folded.folded_length, weight);
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

static int add_intent(struct loader *loader, uint32_t label, const struct content_intent *intent) {
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < intent->example_count; i++) {
        rc = add(loader, label, TEXT_NO_LANGUAGE, intent->examples[i], example_weight);
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
static int teach_example(struct loader *loader, const char *example, struct map *words) {
    static char once, taught;
    struct text folded;
    text_fold(loader->lexicon, example, strlen(example), TEXT_NO_LANGUAGE, loader->scratch, &folded);
    for (size_t i = 0; i < folded.token_count; i++) {
        const struct text_token *token = &folded.tokens[i];
        const char *word = folded.folded + token->start;
        void *seen = map_get_bytes(words, word, token->length);
        if (token->is_end || seen == &taught) {
            continue;
        }
        const char *kept = arena_copy(loader->content->arena, word, token->length);
        if (seen == &once) {
            int language = folded.language != TEXT_NO_LANGUAGE ? folded.language : 0;
            lexicon_add_word(loader->lexicon, language, kept, token->length, 0);
        }
        if (map_set(words, kept, seen == &once ? &taught : &once) != 0) {
            return ERR_MEMORY;
        }
    }
    return 0;
}

static int teach_examples(struct loader *loader) {
    struct map *words = map_new();
    int rc = words != NULL ? 0 : ERR_MEMORY;
    for (size_t i = 0; rc == 0 && i < loader->content->intent_count; i++) {
        const struct content_intent *intent = &loader->content->intents[i];
        for (size_t e = 0; rc == 0 && e < intent->example_count; e++) {
            rc = teach_example(loader, intent->examples[e], words);
        }
    }
    map_free(words);
    return rc;
}

int load_similar(struct loader *loader) {
    int rc = teach_examples(loader);
    if (rc == 0) {
        rc = load_patterns_teach_concepts(loader);
    }
    for (size_t i = 0; rc == 0 && i < loader->content->intent_count; i++) {
        rc = add_intent(loader, (uint32_t)i, &loader->content->intents[i]);
    }
    return rc == 0 ? similar_seal(loader->content->similar) : rc;
}
