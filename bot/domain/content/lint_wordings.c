/* Wordings teach the search: each once, none of another intent's, none that is danger. Never asks whether a
   pattern finds them: they are there for what no pattern can. Called by lint.c. */
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "domain/content/lint.h"
#include "domain/content/loader.h"
#include "domain/intent/intent.h"
#include "domain/pattern/pattern.h"
#include "domain/similar/similar.h"
#include "domain/text/text.h"

#include "banned.h"

enum { NEAREST_WANTED = 3 /* as many as a visitor is asked to choose from */ };

/* Where a text stands already. */
struct known {
    const char *list; /* its name */
    uint32_t intent;
};

struct teacher {
    struct loader *loader;
    struct pattern_scratch *scratch;
    struct map *texts;   /* folded, to struct known */
    struct arena *arena; /* emptied after each message */
    int has_failed;      /* no memory: nobody can say */
};

static void fold(struct teacher *teacher, const char *message, struct text *text) {
    arena_reset(teacher->arena);
    text_fold(teacher->loader->lexicon, message, strlen(message), TEXT_NO_LANGUAGE, teacher->arena, text);
}

/* The end of a sentence makes no other message. */
static const char *key_of(struct teacher *teacher, const struct text *text) {
    size_t end = text->folded_length;
    while (end > 1 && strchr(".? ", text->folded[end - 1]) != NULL) {
        end--;
    }
    return arena_copy(teacher->loader->scratch, text->folded, end);
}

static void know(struct teacher *teacher, const char *key, const char *list, uint32_t intent) {
    struct known *known = arena_alloc(teacher->loader->scratch, sizeof *known);
    *known = (struct known){list, intent};
    teacher->has_failed |= map_set(teacher->texts, key, known) != 0;
}

static void know_all(struct teacher *teacher, const char *const *texts, size_t count, const char *list,
                     uint32_t intent) {
    for (size_t i = 0; i < count; i++) {
        struct text text;
        fold(teacher, texts[i], &text);
        know(teacher, key_of(teacher, &text), list, intent);
    }
}

static void check_known(struct teacher *teacher, struct place place, const char *wording,
                        const struct text *text, uint32_t number) {
    const char *key = key_of(teacher, text);
    const struct known *known = map_get(teacher->texts, key);
    if (known != NULL) {
        problem_add(&teacher->loader->problems, PROBLEM_wording_repeated, place, wording, known->list,
                    teacher->loader->content->intents[known->intent].id);
    } else {
        know(teacher, key, "wordings", number);
    }
}

/* What the search finds first, or NULL if the intent is among it. */
static const char *others_first(struct teacher *teacher, const struct text *text, uint32_t number) {
    const struct content *content = teacher->loader->content;
    struct similar_hit hits[NEAREST_WANTED];
    size_t count = similar_search(content->similar, text->folded, text->folded_length, hits, NEAREST_WANTED);
    const char *names = "";
    for (size_t i = 0; i < count; i++) {
        if (hits[i].label == number) {
            return NULL;
        }
        names = arena_format(teacher->loader->scratch, "%s%s%s", names, i > 0 ? ", " : "",
                             content->intents[hits[i].label].id);
    }
    return names;
}

static void check_wording(struct teacher *teacher, const struct item *item, uint32_t number, size_t index) {
    const struct content *content = teacher->loader->content;
    const struct content_intent *intent = &content->intents[number];
    const struct intent_context context = {NULL, NULL, NULL};
    const char *wording = intent->wordings[index];
    struct problems *problems = &teacher->loader->problems;
    struct place place =
        loader_place(item->document, loader_path(teacher->loader, "%s.wordings[%zu]", item->path, index));
    struct text text;
    struct intent_decision decision;
    fold(teacher, wording, &text);
    check_known(teacher, place, wording, &text, number);
    intent_decide_by_pattern(content, teacher->scratch, &text, &context, teacher->arena, &decision);
    if (decision.outcome == INTENT_ANSWER && decision.intent == number) {
        return;
    }
    if (decision.outcome == INTENT_ANSWER && content->intents[decision.intent].is_safety &&
        !intent->is_safety) {
        const struct content_intent *danger = &content->intents[decision.intent];
        problem_add(problems, PROBLEM_wording_danger, place, wording, danger->id,
                    danger->patterns[decision.candidates[0].pattern].written);
        return;
    }
    const char *others = others_first(teacher, &text, number);
    if (others != NULL) {
        problem_add(problems, PROBLEM_wording_far, place, wording, others, NULL);
    }
}

static size_t wordings_of(const struct content *content) {
    size_t count = 0;
    for (size_t i = 0; i < content->intent_count; i++) {
        count += content->intents[i].wording_count;
    }
    return count;
}

static void check_all(struct teacher *teacher) {
    const struct content *content = teacher->loader->content;
    for (uint32_t i = 0; i < content->intent_count; i++) {
        const struct content_intent *intent = &content->intents[i];
        know_all(teacher, intent->examples, intent->example_count, "examples", i);
        know_all(teacher, intent->counter_examples, intent->counter_example_count, "counter_examples", i);
    }
    for (uint32_t i = 0; i < content->intent_count && !teacher->has_failed; i++) {
        for (size_t w = 0; w < content->intents[i].wording_count; w++) {
            check_wording(teacher, &teacher->loader->intents.list[i], i, w);
        }
    }
}

void lint_wordings(struct loader *loader) {
    if (wordings_of(loader->content) == 0) {
        return;
    }
    struct teacher teacher = {loader, pattern_scratch_new(loader->content->patterns), map_new(), arena_new(0),
                              0};
    if (teacher.scratch != NULL && teacher.texts != NULL && teacher.arena != NULL) {
        check_all(&teacher);
    }
    pattern_scratch_free(teacher.scratch);
    map_free(teacher.texts);
    arena_free(teacher.arena);
}
