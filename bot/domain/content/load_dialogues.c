/* Dialogues: results, lists, renames and everything but the steps (load_steps.c). Never judges how steps hang
   together (lint_dialogues.c does). Called by load.c. */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "domain/content/loader.h"
#include "domain/dialogue/expression.h"
#include "json/value.h"

#include "banned.h"

static const char *const *class_phrases(void *context, const char *name, size_t *count) {
    return load_class_phrases(context, name, count);
}

const struct expression *load_condition(struct loader *loader, const struct item *dialogue,
                                        const struct value *value, const char *path) {
    const char *text = value_text(value);
    if (text == NULL) {
        return NULL;
    }
    struct err err = {0};
    const struct expression_classes classes = {class_phrases, loader};
    const struct expression *expression = expression_parse(text, &classes, loader->content->arena, &err);
    if (expression == NULL) {
        struct place place = loader_place(dialogue->document, path);
        place.offset = err.column > 0 ? (size_t)err.column - 1 : 0;
        problem_add(&loader->problems, PROBLEM_expression_syntax, place,
                    arena_text(loader->scratch, err.text), NULL, NULL);
        return NULL;
    }
    struct load_condition condition = {expression, dialogue, text, path};
    (void)buf_add(&loader->conditions, &condition, sizeof condition); /* ->failed is looked at by load.c */
    return expression;
}

static void read_list(struct loader *loader, const struct item *item, const struct value *value,
                      const char *path, struct content_list *list) {
    const struct value *items = value_get(value, "items");
    size_t count = value_type(items) == VALUE_ARRAY ? value_count(items) : 0;
    struct content_list_item *lines = arena_array(loader->content->arena, count + 1, sizeof *lines);
    for (size_t i = 0; i < count; i++) {
        const struct value *line = value_at(items, i);
        lines[i].when = load_condition(loader, item, value_get(line, "when"),
                                       loader_path(loader, "%s.items[%zu].when", path, i));
        lines[i].text = loader_localized(loader, item->document, value_get(line, "text"),
                                         loader_path(loader, "%s.items[%zu].text", path, i));
    }
    int64_t limit = value_int(value_get(value, "max"), 0);
    list->limit = limit > 0 ? (size_t)limit : 0;
    list->items = lines;
    list->item_count = count;
}

static void read_lists(struct loader *loader, const struct item *item, struct content_dialogue *dialogue) {
    const struct value *lists = value_get(item->value, "lists");
    size_t count = value_type(lists) == VALUE_OBJECT ? value_count(lists) : 0;
    struct content_list *out = arena_array(loader->content->arena, count + 1, sizeof *out);
    void *position = NULL;
    const char *name;
    struct value *list;
    for (size_t i = 0; i < count && value_next(lists, &position, &name, &list); i++) {
        out[i].id = arena_text(loader->content->arena, name);
        read_list(loader, item, list, loader_path(loader, "%s.lists.%s", item->path, name), &out[i]);
    }
    dialogue->lists = out;
    dialogue->list_count = count;
}

/* The first result whose condition holds is told, so only the last may have none, and it must. */
static void check_fallback(struct loader *loader, const struct item *item, const struct value *results) {
    size_t count = value_count(results);
    for (size_t i = 0; i < count; i++) {
        const struct value *result = value_at(results, i);
        int has_condition = value_get(result, "when") != NULL, is_last = i + 1 == count;
        if (has_condition != is_last || value_type(result) != VALUE_OBJECT) {
            continue;
        }
        struct place place =
            loader_place(item->document, loader_path(loader, "%s.results[%zu]", item->path, i));
        problem_add(&loader->problems, is_last ? PROBLEM_result_without_fallback : PROBLEM_result_unreachable,
                    place, value_get_text(result, "id"), NULL, NULL);
    }
}

static void check_result_ids(struct loader *loader, const struct item *item,
                             const struct content_dialogue *dialogue) {
    for (size_t i = 0; i < dialogue->result_count; i++) {
        for (size_t j = 0; j < i; j++) {
            const char *a = dialogue->results[i].id, *b = dialogue->results[j].id;
            if (a != NULL && b != NULL && strcmp(a, b) == 0) {
                problem_add(
                    &loader->problems, PROBLEM_duplicate_id,
                    loader_place(item->document, loader_path(loader, "%s.results[%zu]", item->path, i)), a,
                    loader_path(loader, "$.results[%zu]", j), NULL);
                break;
            }
        }
    }
}

static enum content_bars bars_of(const struct value *result) {
    const char *bars = value_get_text(result, "bars");
    return bars == NULL || strcmp(bars, "steps") == 0 ? CONTENT_BARS_STEPS
           : strcmp(bars, "scores") == 0              ? CONTENT_BARS_SCORES
                                                      : CONTENT_BARS_NONE;
}

/* What is asked about later comes from the plan that was kept. */
static void read_follow_up(struct loader *loader, const struct item *item, const struct value *result,
                           const char *path, struct content_result *out) {
    const struct value *follow_up = value_get(result, "follow_up");
    if (follow_up != NULL) {
        out->follow_days = (int)value_int(value_get(follow_up, "after_days"), 1);
        out->follow_up = loader_localized(loader, item->document, value_get(follow_up, "text"),
                                          loader_path(loader, "%s.follow_up.text", path));
        out->keep_as_plan = 1;
    }
}

static void read_score_titles(struct loader *loader, const struct item *item,
                              struct content_dialogue *dialogue) {
    const struct value *titles = value_get(item->value, "score_titles");
    struct localized *out = arena_array(loader->content->arena, dialogue->score_count + 1, sizeof *out);
    for (size_t i = 0; titles != NULL && i < dialogue->score_count; i++) {
        const struct value *title = value_get(titles, dialogue->scores[i]);
        if (title != NULL) {
            out[i] =
                loader_localized(loader, item->document, title,
                                 loader_path(loader, "%s.score_titles.%s", item->path, dialogue->scores[i]));
        }
    }
    dialogue->score_titles = out;
}

static void read_results(struct loader *loader, const struct item *item, struct content_dialogue *dialogue) {
    const struct value *results = value_get(item->value, "results");
    size_t count = value_type(results) == VALUE_ARRAY ? value_count(results) : 0;
    struct content_result *out = arena_array(loader->content->arena, count + 1, sizeof *out);
    for (size_t i = 0; i < count; i++) {
        const struct value *result = value_at(results, i);
        const char *path = loader_path(loader, "%s.results[%zu]", item->path, i);
        out[i].id = loader_text(loader, value_get(result, "id"));
        out[i].when =
            load_condition(loader, item, value_get(result, "when"), loader_path(loader, "%s.when", path));
        out[i].reply =
            loader_reference(loader, &loader->replies, value_get_text(result, "reply"), PROBLEM_unknown_reply,
                             item->document, loader_path(loader, "%s.reply", path));
        out[i].keep_as_plan = value_bool(value_get(result, "plan"), 0);
        out[i].bars = bars_of(result);
        read_follow_up(loader, item, result, path, &out[i]);
        out[i].place = loader_content_place(loader, item->document, result, path);
    }
    dialogue->results = out;
    dialogue->result_count = count;
    check_fallback(loader, item, results);
    check_result_ids(loader, item, dialogue);
}

static size_t count_renames(const struct value *migrate) {
    size_t count = 0;
    for (size_t i = 0; value_type(migrate) == VALUE_ARRAY && i < value_count(migrate); i++) {
        const struct value *rename = value_get(value_at(migrate, i), "rename");
        count += value_type(rename) == VALUE_OBJECT ? value_count(rename) : 0;
    }
    return count;
}

/* Old ids lead to steps of today. */
static void read_renames(struct loader *loader, const struct item *item, struct content_dialogue *dialogue) {
    const struct value *migrate = value_get(item->value, "migrate");
    struct content_rename *out = arena_array(loader->content->arena, count_renames(migrate) + 1, sizeof *out);
    for (size_t i = 0; value_type(migrate) == VALUE_ARRAY && i < value_count(migrate); i++) {
        const struct value *rename = value_get(value_at(migrate, i), "rename");
        void *position = NULL;
        const char *from;
        struct value *to;
        while (value_type(rename) == VALUE_OBJECT && value_next(rename, &position, &from, &to)) {
            const char *target = loader_text(loader, to);
            if (target == NULL) {
                continue;
            }
            out[dialogue->rename_count++] =
                (struct content_rename){arena_text(loader->content->arena, from), target};
            if (content_step(dialogue, target) == NULL) {
                const char *path = loader_path(loader, "%s.migrate[%zu].rename.%s", item->path, i, from);
                problem_add(&loader->problems, PROBLEM_unknown_step, loader_place(item->document, path),
                            target, item->id, NULL);
            }
        }
    }
    dialogue->renames = out;
}

static void read_dialogue(struct loader *loader, const struct item *item, struct content_dialogue *dialogue) {
    const struct value *value = item->value;
    dialogue->id = arena_text(loader->content->arena, item->id);
    dialogue->version = (int)value_int(value_get(value, "version"), 1);
    dialogue->title = loader_localized(loader, item->document, value_get(value, "title"),
                                       loader_path(loader, "%s.title", item->path));
    dialogue->intro =
        loader_reference(loader, &loader->replies, value_get_text(value, "intro"), PROBLEM_unknown_reply,
                         item->document, loader_path(loader, "%s.intro", item->path));
    dialogue->keep_days = (int)value_int(value_get(value, "keep_days"), 30);
    dialogue->scores = loader_texts(loader, value_get(value, "scores"), &dialogue->score_count);
    read_score_titles(loader, item, dialogue);
    dialogue->place = loader_content_place(loader, item->document, value, item->path);
    load_steps(loader, dialogue, item);
    read_lists(loader, item, dialogue);
    read_results(loader, item, dialogue);
    read_renames(loader, item, dialogue);
}

void load_dialogues(struct loader *loader) {
    const struct items *items = &loader->dialogues;
    struct content_dialogue *dialogues =
        arena_array(loader->content->arena, items->count + 1, sizeof *dialogues);
    for (size_t i = 0; i < items->count; i++) {
        read_dialogue(loader, &items->list[i], &dialogues[i]);
    }
    loader->content->dialogues = dialogues;
    loader->content->dialogue_count = items->count;
}
