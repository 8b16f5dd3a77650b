/* The search index of did-you-mean: examples, wordings, titles and answers, folded. Never searches, reports
   nothing and changes nothing but the index until load_similar_end: patterns may be loaded at the same time.
   Called by load.c. */
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
static const float title_weight = 0.9F, answer_weight = 0.4F, counter_weight = -0.5F;

int load_similar_init(struct load_similar *similar, const struct loader *loader) {
    *similar = (struct load_similar){.loader = loader,
                                     .kept = arena_new(0),
                                     .work = arena_new(0),
                                     .is_sound = loader->problems.errors == 0};
    buf_init(&similar->taught, 0);
    return similar->kept != NULL && similar->work != NULL ? 0 : ERR_MEMORY;
}

void load_similar_close(struct load_similar *similar) {
    arena_free(similar->kept);
    arena_free(similar->work);
    buf_close(&similar->taught);
}

static int add_folded(struct load_similar *similar, uint32_t label, const char *folded, float weight) {
    return similar_add(similar->loader->content->similar, label, folded, strlen(folded), weight);
}

static int add(struct load_similar *similar, uint32_t label, int language, const char *text, float weight) {
    struct text folded;
    text_fold(similar->loader->lexicon, text, strlen(text), language, similar->work, &folded);
    int rc =
        similar_add(similar->loader->content->similar, label, folded.folded, folded.folded_length, weight);
    arena_reset(similar->work);
    return rc;
}

static int add_answer(struct load_similar *similar, uint32_t label, uint32_t reply) {
    const struct loader *loader = similar->loader;
    int rc = 0;
    for (size_t language = 0; reply != CONTENT_NONE && language < loader->language_count; language++) {
        const struct content_reply *answer = &loader->content->replies[reply];
        if (answer->by_language[language].count == 0) {
            continue;
        }
        const struct reply_variant *variant = &answer->by_language[language].variants[0];
        for (size_t i = 0; rc == 0 && i < variant->count; i++) {
            rc = add(similar, label, (int)language, variant->messages[i], answer_weight);
        }
    }
    return rc;
}

/* texts: the examples of the intent and its wordings behind them, folded. What people write weighs the same,
   whether a pattern finds it or not. */
static int add_intent(struct load_similar *similar, uint32_t label, const struct content_intent *intent,
                      const char *const *texts) {
    const struct loader *loader = similar->loader;
    int rc = 0;
    if (intent->scope_count + intent->after_count >
        0) { /* its examples may equal those of a general intent */
        similar_set_conditional(loader->content->similar, label);
    }
    for (size_t i = 0; rc == 0 && i < intent->example_count + intent->wording_count; i++) {
        rc = add_folded(similar, label, texts[i], load_example_weight);
    }
    for (size_t i = 0; rc == 0 && i < intent->counter_example_count; i++) {
        rc = add(similar, label, TEXT_NO_LANGUAGE, intent->counter_examples[i], counter_weight);
    }
    for (size_t i = 0; rc == 0 && i < loader->language_count; i++) {
        if (intent->title.text[i] != NULL) {
            rc = add(similar, label, (int)i, intent->title.text[i], title_weight);
        }
    }
    int is_answer = intent->kind == INTENT_KIND_ANSWER;
    return rc == 0 && is_answer ? add_answer(similar, label, intent->reply) : rc;
}

/* Words that stand in two examples (or wordings) or more are right as they are written; a word of one example
   may be the typing error that it is an example of. words: how often each was seen, capped at 2. */
static int teach_example(struct load_similar *similar, const struct text *folded, struct map *words) {
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
            const struct load_taught one = {arena_copy(similar->kept, word, token->length), token->length,
                                            language};
            (void)buf_add(&similar->taught, &one, sizeof one); /* ->failed is looked at in the end */
        }
        const char *kept = arena_copy(similar->kept, word, token->length);
        if (map_set(words, kept, seen == &once ? &taught : &once) != 0) {
            return ERR_MEMORY;
        }
    }
    return 0;
}

/* Folds texts that people write and learns from them; out: room for each of them. */
static int teach_texts(struct load_similar *similar, const char *const *texts, size_t count,
                       struct map *words, const char **out) {
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        struct text folded;
        text_fold(similar->loader->lexicon, texts[i], strlen(texts[i]), TEXT_NO_LANGUAGE, similar->work,
                  &folded);
        rc = teach_example(similar, &folded, words);
        out[i] = arena_copy(similar->kept, folded.folded, folded.folded_length);
        arena_reset(similar->work);
    }
    return rc;
}

/* Examples and the wordings behind them by intent, folded once. */
static int teach_intents(struct load_similar *similar, const char ***texts) {
    const struct content *content = similar->loader->content;
    struct map *words = map_new();
    int rc = words != NULL ? 0 : ERR_MEMORY;
    for (size_t i = 0; rc == 0 && i < content->intent_count; i++) {
        const struct content_intent *intent = &content->intents[i];
        texts[i] =
            arena_array(similar->kept, intent->example_count + intent->wording_count + 1, sizeof *texts[i]);
        rc = teach_texts(similar, intent->examples, intent->example_count, words, texts[i]);
        if (rc == 0) {
            rc = teach_texts(similar, intent->wordings, intent->wording_count, words,
                             texts[i] + intent->example_count);
        }
    }
    map_free(words);
    return rc;
}

/* Word classes become concepts of the index. */
static int add_concepts(struct load_similar *similar) {
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < similar->loader->classes.count; i++) {
        const struct load_class *class = &similar->loader->class_list[i];
        for (size_t w = 0; rc == 0 && w < class->folded_count; w++) {
            rc = similar_add_concept(similar->loader->content->similar, (uint32_t)i, class->folded[w],
                                     strlen(class->folded[w]));
        }
    }
    return rc;
}

static int make(struct load_similar *similar) {
    const struct content *content = similar->loader->content;
    const char ***texts = arena_array(similar->kept, content->intent_count + 1, sizeof *texts);
    int rc = teach_intents(similar, texts);
    if (rc == 0) {
        rc = add_concepts(similar);
    }
    for (size_t i = 0; rc == 0 && i < content->intent_count; i++) {
        rc = add_intent(similar, (uint32_t)i, &content->intents[i], texts[i]);
    }
    return rc == 0 ? similar_seal(content->similar) : rc;
}

void load_similar_run(void *context) {
    struct load_similar *similar = context;
    similar->code = 0;
    if (similar->loader->options->lint) {
        similar->code = make(similar);
    } else if (!load_kept_take(similar)) {
        similar->code = make(similar);
        if (similar->code == 0 && similar->is_sound)
            load_kept_give(similar);
    }
}

int load_similar_end(struct load_similar *similar, struct loader *loader) {
    loader_teach(loader, &similar->taught, 0);
    return similar->taught.failed ? ERR_MEMORY : similar->code;
}
