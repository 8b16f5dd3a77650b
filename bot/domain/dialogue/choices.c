/* The choices of a step: what is shown, and the phrases by which people name them, prepared once for every
   language it may be shown in. Never reads a message. Called by: content loading, dialogue/answer, engine. */
#include <string.h>

#include "base/arena.h"
#include "domain/dialogue/dialogue.h"
#include "domain/entity/entity.h"
#include "domain/reply/reply.h"
#include "domain/text/text.h"

#include "banned.h"

const char *dialogue_choice_label(const struct content *content, int language,
                                  const struct content_choice *choice, struct arena *arena) {
    const char *label = localized_text(&choice->label, language, content->site.default_language);
    return strchr(label, '{') ? reply_render(content, language, label, NULL, NULL, arena) : label;
}

static size_t list_choices(const struct content *content, int language, const struct content_step *step,
                           struct dialogue_choice *choices, size_t limit, struct arena *arena) {
    size_t count = 0;
    if (step->type == STEP_CONFIRM && limit >= 2) {
        choices[count++] = (struct dialogue_choice){"yes", dialogue_label(content, language, "label_yes")};
        choices[count++] = (struct dialogue_choice){"no", dialogue_label(content, language, "label_no")};
    }
    for (size_t i = 0; i < step->choice_count && count < limit; i++) {
        choices[count++] = (struct dialogue_choice){
            step->choices[i].id, dialogue_choice_label(content, language, &step->choices[i], arena)};
    }
    return count;
}

size_t dialogue_choices(const struct dialogue_run *run, const struct content_step *step,
                        struct dialogue_choice *choices, size_t limit) {
    return list_choices(run->content, run->language, step, choices, limit, run->arena);
}

/* Words for a choice in every language, and its labels in the other languages: people switch and mix. */
static void add_words(const struct content *content, int language, const struct content_choice *choice,
                      struct entity_option *option, struct arena *arena) {
    size_t count = 0, room = LEXICON_LANGUAGES_MAX;
    for (size_t i = 0; i < LEXICON_LANGUAGES_MAX; i++) {
        room += choice->words.count[i];
    }
    const char **words = arena_array(arena, room, sizeof *words);
    for (size_t i = 0; i < LEXICON_LANGUAGES_MAX; i++) {
        const char *label = choice->label.text[i];
        if (label && (int)i != language) {
            words[count++] = text_fold_phrase(content->lexicon, (int)i, label, strlen(label), arena);
        }
        for (size_t j = 0; j < choice->words.count[i]; j++) {
            words[count++] = choice->words.words[i][j];
        }
    }
    option->words = words;
    option->word_count = count;
}

static struct entity_option *make_options(const struct content *content, int language,
                                          const struct content_step *step, size_t *count,
                                          struct arena *arena) {
    *count = step->type == STEP_CONFIRM ? 2 : step->choice_count;
    struct dialogue_choice *choices = arena_array(arena, *count + 1, sizeof *choices);
    struct entity_option *options = arena_array(arena, *count + 1, sizeof *options);
    *count = list_choices(content, language, step, choices, *count, arena);
    for (size_t i = 0; i < *count; i++) {
        options[i].id = choices[i].id;
        options[i].label = choices[i].label;
        options[i].value = (double)(i + 1);
        if (step->type != STEP_CONFIRM) {
            add_words(content, language, &step->choices[i], &options[i], arena);
        }
        if (step->type == STEP_SCALE) {
            options[i].value = step->choices[i].value;
        }
    }
    return options;
}

static const struct entity_choices *prepare(const struct content *content, int language,
                                            const struct content_step *step, struct arena *arena) {
    size_t count = 0;
    const struct entity_option *options = make_options(content, language, step, &count, arena);
    return entity_choices_new(content->lexicon, options, count, arena);
}

void dialogue_prepare(const struct content *content, struct arena *arena) {
    size_t languages = lexicon_language_count(content->lexicon);
    for (size_t i = 0; i < content->dialogue_count; i++) {
        dialogue_bind(&content->dialogues[i]);
        for (size_t j = 0; j < content->dialogues[i].step_count; j++) {
            const struct content_step *step = &content->dialogues[i].steps[j];
            for (size_t language = 0; step->prepared != NULL && language < languages; language++) {
                step->prepared[language] = prepare(content, (int)language, step, arena);
            }
        }
    }
}

const struct entity_choices *dialogue_prepared(const struct dialogue_run *run,
                                               const struct content_step *step) {
    int is_known = step->prepared != NULL && run->language >= 0 && run->language < LEXICON_LANGUAGES_MAX;
    const struct entity_choices *choices = is_known ? step->prepared[run->language] : NULL;
    return choices != NULL ? choices : prepare(run->content, run->language, step, run->arena);
}
