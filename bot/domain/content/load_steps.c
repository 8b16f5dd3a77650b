/* The steps of a dialogue: type, choices, conditions, scores, and the hash by which a stored answer is known
   to be still valid. Called by load_dialogues.c. */
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "domain/content/loader.h"
#include "domain/text/text.h"
#include "json/value.h"

#include "banned.h"

static const char *const types[] = {"choice", "scale", "number", "date", "text", "contact", "confirm", "say"};

static enum step_type type_of(const struct value *step) {
    const char *text = value_get_text(step, "type");
    for (size_t i = 0; text != NULL && i < sizeof types / sizeof *types; i++) {
        if (strcmp(text, types[i]) == 0) {
            return (enum step_type)i;
        }
    }
    return STEP_TEXT;
}

/* The array of choices a step has or names, and its path; NULL when there is none. */
static const struct value *choices_of(struct loader *loader, const struct item *item,
                                      const struct value *step, const char *path, const char **choices_path) {
    const struct value *choices = value_get(step, "choices");
    *choices_path = loader_path(loader, "%s.choices", path);
    const char *name = value_text(choices);
    if (name == NULL) {
        return value_type(choices) == VALUE_ARRAY ? choices : NULL;
    }
    const struct value *set = value_get(value_get(item->value, "choice_sets"), name);
    if (set == NULL) {
        problem_add(&loader->problems, PROBLEM_unknown_choice_set,
                    loader_place(item->document, *choices_path), name, NULL, NULL);
    }
    *choices_path = loader_path(loader, "%s.choice_sets.%s", item->path, name);
    return set;
}

static void check_choice(struct loader *loader, const struct item *item, const struct content_step *step,
                         const struct value *value, size_t index, const char *path) {
    const struct content_choice *choice = &step->choices[index];
    if (step->type == STEP_SCALE && value_type(value) == VALUE_OBJECT && value_get(value, "value") == NULL) {
        problem_add(&loader->problems, PROBLEM_value_missing, loader_place(item->document, path), choice->id,
                    NULL, NULL);
    }
    for (size_t i = 0; i < index; i++) {
        const char *other = step->choices[i].id;
        if (other != NULL && choice->id != NULL && strcmp(other, choice->id) == 0) {
            problem_add(&loader->problems, PROBLEM_duplicate_id, loader_place(item->document, path),
                        choice->id, loader_path(loader, "[%zu]", i), NULL);
            return;
        }
    }
}

/* 1 if an earlier step used the same choice set, whose mistakes are then reported already. */
static int is_set_seen(const struct value *steps, size_t index) {
    const char *name = value_get_text(value_at(steps, index), "choices");
    for (size_t i = 0; name != NULL && i < index; i++) {
        const char *earlier = value_get_text(value_at(steps, i), "choices");
        if (earlier != NULL && strcmp(earlier, name) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Steps that share a choice set share the built choices, so that what is wrong in it is said once. */
static void share_choices(const struct value *steps, size_t index, const struct content_step *built,
                          struct content_step *step) {
    const char *name = value_get_text(value_at(steps, index), "choices");
    for (size_t i = 0; i < index; i++) {
        const char *earlier = value_get_text(value_at(steps, i), "choices");
        if (earlier != NULL && strcmp(earlier, name) == 0) {
            step->choices = built[i].choices;
            step->choice_count = built[i].choice_count;
            return;
        }
    }
}

static void fold_labels(struct loader *loader, struct content_choice *choice) {
    for (size_t i = 0; i < lexicon_language_count(loader->lexicon); i++) {
        const char *label = choice->label.text[i];
        if (label != NULL) {
            choice->folded[i] =
                text_fold_phrase(loader->lexicon, (int)i, label, strlen(label), loader->content->arena);
        }
    }
}

static void read_choices(struct loader *loader, const struct item *item, const struct value *value,
                         const char *path, struct content_step *step) {
    const char *choices_path;
    const struct value *choices = choices_of(loader, item, value, path, &choices_path);
    int needs_choices = step->type == STEP_CHOICE || step->type == STEP_SCALE;
    if (needs_choices && value_get(value, "choices") == NULL && value_get(value, "type") != NULL) {
        problem_add(&loader->problems, PROBLEM_choices_missing, loader_place(item->document, path),
                    types[step->type], NULL, NULL);
    }
    size_t count = value_count(choices);
    struct content_choice *out = arena_array(loader->content->arena, count + 1, sizeof *out);
    step->choices = out;
    step->choice_count = count;
    for (size_t i = 0; i < count; i++) {
        const struct value *choice = value_at(choices, i);
        const char *at = loader_path(loader, "%s[%zu]", choices_path, i);
        out[i].id = loader_text(loader, value_get(choice, "id"));
        out[i].value = value_real(value_get(choice, "value"), 0);
        out[i].label = loader_localized(loader, item->document, value_get(choice, "label"),
                                        loader_path(loader, "%s.label", at));
        out[i].words = loader_words(loader, item->document, value_get(choice, "words"),
                                    loader_path(loader, "%s.words", at));
        out[i].is_any = value_bool(value_get(choice, "any"), 0);
        fold_labels(loader, &out[i]);
        check_choice(loader, item, step, choice, i, at);
    }
}

static void read_bounds(struct loader *loader, const struct item *item, const struct value *value,
                        const char *path, struct content_step *step) {
    step->has_minimum = value_get(value, "min") != NULL;
    step->has_maximum = value_get(value, "max") != NULL;
    step->minimum = value_real(value_get(value, "min"), 0);
    step->maximum = value_real(value_get(value, "max"), 0);
    step->is_integer = value_bool(value_get(value, "integer"), 0);
    if (step->has_minimum && step->has_maximum && step->minimum > step->maximum) {
        problem_add(&loader->problems, PROBLEM_range_reversed,
                    loader_place(item->document, loader_path(loader, "%s.min", path)), NULL, NULL, NULL);
    }
}

static int step_exists(const struct value *steps, const char *id) {
    for (size_t i = 0; i < value_count(steps); i++) {
        const char *other = value_get_text(value_at(steps, i), "id");
        if (other != NULL && strcmp(other, id) == 0) {
            return 1;
        }
    }
    return 0;
}

/* The steps that are asked again on the way back. */
static void read_again(struct loader *loader, const struct item *item, const struct value *entry,
                       const char *path, struct content_next *next) {
    next->again = loader_texts(loader, value_get(entry, "again"), &next->again_count);
    for (size_t i = 0; i < next->again_count; i++) {
        if (!step_exists(value_get(item->value, "steps"), next->again[i])) {
            problem_add(&loader->problems, PROBLEM_unknown_step,
                        loader_place(item->document, loader_path(loader, "%s.again[%zu]", path, i)),
                        next->again[i], item->id, NULL);
        }
    }
}

static void read_next(struct loader *loader, const struct item *item, const struct value *value,
                      const char *path, struct content_step *step) {
    const struct value *list = value_get(value, "next");
    size_t count = value_type(list) == VALUE_ARRAY ? value_count(list) : 0;
    struct content_next *out = arena_array(loader->content->arena, count + 1, sizeof *out);
    step->next = out;
    for (size_t i = 0; i < count; i++) {
        const struct value *entry = value_at(list, i);
        const char *at = loader_path(loader, "%s.next[%zu]", path, i);
        const char *go = value_get_text(entry, "go");
        const struct value *condition = value_get(entry, "if");
        int is_end = go != NULL && strcmp(go, "end") == 0;
        if (go != NULL && !is_end && !step_exists(value_get(item->value, "steps"), go)) {
            problem_add(&loader->problems, PROBLEM_unknown_step,
                        loader_place(item->document, loader_path(loader, "%s.go", at)), go, item->id, NULL);
        }
        const struct expression *when =
            load_condition(loader, item, condition, loader_path(loader, "%s.if", at));
        if (go != NULL && (condition == NULL || when != NULL)) {
            struct content_next *next = &out[step->next_count++];
            next->when = when;
            next->go = is_end ? NULL : arena_text(loader->content->arena, go);
            read_again(loader, item, entry, at, next);
        }
    }
}

static int has_name(const char *const *names, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return 1;
        }
    }
    return 0;
}

static void read_scores(struct loader *loader, const struct content_dialogue *dialogue,
                        const struct item *item, const struct value *value, const char *path,
                        struct content_step *step) {
    const struct value *scores = value_get(value, "score");
    size_t count = value_type(scores) == VALUE_OBJECT ? value_count(scores) : 0;
    struct content_score *out = arena_array(loader->content->arena, count + 1, sizeof *out);
    step->scores = out;
    step->score_count = count;
    void *position = NULL;
    const char *name;
    struct value *weight;
    for (size_t i = 0; i < count && value_next(scores, &position, &name, &weight); i++) {
        out[i] = (struct content_score){arena_text(loader->content->arena, name), value_real(weight, 0)};
        struct place place = loader_place(item->document, loader_path(loader, "%s.score.%s", path, name));
        if (!has_name(dialogue->scores, dialogue->score_count, name)) {
            problem_add(&loader->problems, PROBLEM_unknown_score, place, out[i].name, item->id, NULL);
        }
        if (step->type != STEP_CHOICE && step->type != STEP_SCALE && step->type != STEP_NUMBER) {
            problem_add(&loader->problems, PROBLEM_score_without_value, place, types[step->type], NULL, NULL);
        }
    }
}

static uint64_t hash_text(uint64_t hash, const char *text) {
    return text != NULL ? hash_bytes(hash, text, strlen(text) + 1) : hash_bytes(hash, "", 1);
}

/* Of what makes an answer valid; not of names, hints and wording of choices. */
static uint64_t hash_step(const struct content_step *step) {
    double bounds[3] = {step->has_minimum ? step->minimum : 0, step->has_maximum ? step->maximum : 0,
                        (double)step->is_integer + 2 * step->has_minimum + 4 * step->has_maximum};
    uint64_t hash = hash_text(0, types[step->type]);
    hash = hash_bytes(hash, bounds, sizeof bounds);
    for (size_t i = 0; i < LEXICON_LANGUAGES_MAX; i++) {
        hash = hash_text(hash, step->ask.text[i]);
    }
    for (size_t i = 0; i < step->choice_count; i++) {
        hash = hash_text(hash, step->choices[i].id);
        hash = hash_bytes(hash, &step->choices[i].value, sizeof step->choices[i].value);
    }
    return hash;
}

static void read_texts(struct loader *loader, const struct item *item, const struct value *value,
                       const char *path, struct content_step *step) {
    const struct document *document = item->document;
    step->ask =
        loader_localized(loader, document, value_get(value, "ask"), loader_path(loader, "%s.ask", path));
    step->short_ask =
        loader_localized(loader, document, value_get(value, "short"), loader_path(loader, "%s.short", path));
    step->hint =
        loader_localized(loader, document, value_get(value, "hint"), loader_path(loader, "%s.hint", path));
    step->names =
        loader_words(loader, document, value_get(value, "names"), loader_path(loader, "%s.names", path));
}

static void check_id(struct loader *loader, const struct item *item, const struct value *steps, size_t index,
                     const char *path) {
    const char *id = value_get_text(value_at(steps, index), "id");
    if (id == NULL) {
        return;
    }
    if (strcmp(id, "end") == 0) {
        problem_add(&loader->problems, PROBLEM_reserved_name,
                    loader_place(item->document, loader_path(loader, "%s.id", path)), id, NULL, NULL);
    }
    for (size_t i = 0; i < index; i++) {
        const char *other = value_get_text(value_at(steps, i), "id");
        if (other != NULL && strcmp(other, id) == 0) {
            problem_add(&loader->problems, PROBLEM_duplicate_id, loader_place(item->document, path), id,
                        loader_path(loader, "$.steps[%zu]", i), NULL);
            return;
        }
    }
}

static void read_step(struct loader *loader, const struct content_dialogue *dialogue, const struct item *item,
                      size_t index, struct content_step *built) {
    const struct value *steps = value_get(item->value, "steps"), *value = value_at(steps, index);
    const char *path = loader_path(loader, "%s.steps[%zu]", item->path, index);
    struct content_step *step = &built[index];
    const char *id = value_get_text(value, "id");
    step->id = arena_text(loader->content->arena, id != NULL ? id : "");
    step->name = arena_join(loader->content->arena, (const char *const[]){dialogue->id, ".", step->id}, 3);
    step->type = type_of(value);
    if (step->type == STEP_CHOICE || step->type == STEP_SCALE || step->type == STEP_CONFIRM) {
        step->prepared = arena_array(loader->content->arena, LEXICON_LANGUAGES_MAX, sizeof *step->prepared);
    }
    step->slot = loader_text(loader, value_get(value, "slot"));
    step->retry_max = (int)value_int(value_get(value, "retry"), 2);
    step->is_optional = value_bool(value_get(value, "optional"), 0);
    step->place = loader_content_place(loader, item->document, value, path);
    check_id(loader, item, steps, index, path);
    read_texts(loader, item, value, path, step);
    if (is_set_seen(steps, index)) {
        share_choices(steps, index, built, step);
    } else {
        read_choices(loader, item, value, path, step);
    }
    read_bounds(loader, item, value, path, step);
    step->when = load_condition(loader, item, value_get(value, "when"), loader_path(loader, "%s.when", path));
    step->question_if = load_condition(loader, item, value_get(value, "question_if"),
                                       loader_path(loader, "%s.question_if", path));
    read_next(loader, item, value, path, step);
    read_scores(loader, dialogue, item, value, path, step);
    step->hash = hash_step(step);
}

void load_steps(struct loader *loader, struct content_dialogue *dialogue, const struct item *item) {
    const struct value *steps = value_get(item->value, "steps");
    size_t count = value_type(steps) == VALUE_ARRAY ? value_count(steps) : 0;
    struct content_step *out = arena_array(loader->content->arena, count + 1, sizeof *out);
    for (size_t i = 0; i < count; i++) {
        read_step(loader, dialogue, item, i, out);
    }
    dialogue->steps = out;
    dialogue->step_count = count;
}
