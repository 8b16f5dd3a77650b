/* Intents and facts: what a message may mean. Never judges whether the examples win (lint_examples.c does).
   Called by load.c. */
#include <string.h>

#include "base/arena.h"
#include "domain/content/loader.h"
#include "json/value.h"

#include "banned.h"

/* Position of text in names, or otherwise. */
static int named(const char *text, const char *const *names, size_t count, int otherwise) {
    for (size_t i = 0; text != NULL && i < count; i++) {
        if (strcmp(text, names[i]) == 0) {
            return (int)i;
        }
    }
    return otherwise;
}
#define NAMED(text, names, otherwise) named(text, names, sizeof(names) / sizeof *(names), otherwise)

static const char *const kinds[] = {"reply", "control", "action", "answer", "dialogue", "escalation"};
static const char *const controls[] = {"none",    "affirm", "deny",     "cancel",   "back",  "skip",
                                       "restart", "repeat", "language", "continue", "about", "progress"};
static const char *const actions[] = {"none", "export_data", "delete_data", "show_result"};

static void check_scope(struct loader *loader, const struct item *item, const struct content_intent *intent) {
    for (size_t i = 0; i < intent->scope_count; i++) {
        (void)loader_reference(loader, &loader->dialogues, intent->scope[i], PROBLEM_unknown_dialogue,
                               item->document, loader_path(loader, "%s.scope[%zu]", item->path, i));
    }
}

/* 1 if dialogue (an item) has a step with that id. */
static int has_step(const struct item *dialogue, const char *step) {
    const struct value *steps = value_get(dialogue->value, "steps");
    for (size_t i = 0; i < value_count(steps); i++) {
        const char *id = value_get_text(value_at(steps, i), "id");
        if (id != NULL && strcmp(id, step) == 0) {
            return 1;
        }
    }
    return 0;
}

/* "after" names a reply, or DIALOGUE.STEP. */
static void check_after(struct loader *loader, const struct item *item, const struct content_intent *intent) {
    for (size_t i = 0; i < intent->after_count; i++) {
        const char *id = intent->after[i], *dot = strchr(id, '.');
        const char *path = loader_path(loader, "%s.after[%zu]", item->path, i);
        if (dot == NULL) {
            (void)loader_reference(loader, &loader->replies, id, PROBLEM_unknown_reply, item->document, path);
            continue;
        }
        const char *dialogue = arena_copy(loader->scratch, id, (size_t)(dot - id));
        uint32_t index = loader_reference(loader, &loader->dialogues, dialogue, PROBLEM_unknown_dialogue,
                                          item->document, path);
        if (index != CONTENT_NONE && !has_step(&loader->dialogues.list[index], dot + 1)) {
            problem_add(&loader->problems, PROBLEM_unknown_step, loader_place(item->document, path), dot + 1,
                        dialogue, NULL);
        }
    }
}

/* What each kind cannot do without. */
static void check_then(struct loader *loader, const struct item *item, const struct value *then,
                       enum intent_kind kind) {
    static const char *const needs[] = {
        [INTENT_KIND_REPLY] = "reply",       [INTENT_KIND_CONTROL] = "control",
        [INTENT_KIND_ACTION] = "action",     [INTENT_KIND_ANSWER] = "reply",
        [INTENT_KIND_DIALOGUE] = "dialogue", [INTENT_KIND_ESCALATION] = "reply",
    };
    if (value_type(then) != VALUE_OBJECT || value_get_text(item->value, "kind") == NULL ||
        value_get(then, needs[kind]) != NULL) {
        return;
    }
    problem_add(&loader->problems, PROBLEM_then_mismatch,
                loader_place(item->document, loader_path(loader, "%s.then", item->path)), kinds[kind],
                needs[kind], NULL);
}

static void read_then(struct loader *loader, const struct item *item, struct content_intent *intent) {
    const struct value *then = value_get(item->value, "then");
    intent->control = (enum content_control)NAMED(value_get_text(then, "control"), controls, CONTROL_NONE);
    intent->action = (enum content_action)NAMED(value_get_text(then, "action"), actions, CONTENT_ACTION_NONE);
    intent->reply =
        loader_reference(loader, &loader->replies, value_get_text(then, "reply"), PROBLEM_unknown_reply,
                         item->document, loader_path(loader, "%s.then.reply", item->path));
    intent->dialogue = loader_reference(loader, &loader->dialogues, value_get_text(then, "dialogue"),
                                        PROBLEM_unknown_dialogue, item->document,
                                        loader_path(loader, "%s.then.dialogue", item->path));
    check_then(loader, item, then, intent->kind);
}

static void read_intent(struct loader *loader, const struct item *item, struct content_intent *intent) {
    const struct value *value = item->value;
    const struct document *document = item->document;
    intent->id = arena_text(loader->content->arena, item->id);
    intent->topic = loader_text(loader, value_get(document->value, "topic"));
    intent->kind = (enum intent_kind)NAMED(value_get_text(value, "kind"), kinds, INTENT_KIND_REPLY);
    intent->title = loader_localized(loader, document, value_get(value, "title"),
                                     loader_path(loader, "%s.title", item->path));
    intent->priority = (int)value_int(value_get(value, "priority"), 0);
    intent->is_safety = value_bool(value_get(value, "safety"), 0);
    intent->is_outside = value_bool(value_get(value, "out_of_scope"), 0);
    const char *interrupt = value_get_text(value, "interrupt");
    intent->is_strong = interrupt != NULL && strcmp(interrupt, "strong") == 0;
    intent->lets_resume = value_bool(value_get(value, "resume"), 0);
    intent->is_leave = interrupt != NULL && strcmp(interrupt, "leave") == 0;
    intent->similar_may_answer =
        !intent->is_safety && intent->kind != INTENT_KIND_CONTROL && intent->kind != INTENT_KIND_ACTION &&
        intent->kind != INTENT_KIND_ESCALATION && (value_get(value, "title") != NULL || intent->is_outside);
    intent->scope = loader_texts(loader, value_get(value, "scope"), &intent->scope_count);
    intent->after = loader_texts(loader, value_get(value, "after"), &intent->after_count);
    intent->examples = loader_texts(loader, value_get(value, "examples"), &intent->example_count);
    intent->counter_examples =
        loader_texts(loader, value_get(value, "counter_examples"), &intent->counter_example_count);
    intent->wordings = loader_texts(loader, value_get(value, "wordings"), &intent->wording_count);
    intent->place = loader_content_place(loader, document, value, item->path);
    check_scope(loader, item, intent);
    check_after(loader, item, intent);
    read_then(loader, item, intent);
}

void load_intents(struct loader *loader) {
    const struct items *items = &loader->intents;
    struct content_intent *intents = arena_array(loader->content->arena, items->count + 1, sizeof *intents);
    for (size_t i = 0; i < items->count; i++) {
        read_intent(loader, &items->list[i], &intents[i]);
    }
    loader->content->intents = loader->intent_list = intents;
    loader->content->intent_count = items->count;
}

static void read_intent_patterns(struct loader *loader, const struct item *item,
                                 struct content_intent *intent, uint32_t number) {
    const struct value *value = item->value;
    const struct document *document = item->document;
    intent->patterns = load_patterns(loader, document, value_get(value, "patterns"),
                                     loader_path(loader, "%s.patterns", item->path), CONTENT_ROLE_INTENT,
                                     number, &intent->pattern_count);
    intent->unless = load_patterns(loader, document, value_get(value, "unless"),
                                   loader_path(loader, "%s.unless", item->path), CONTENT_ROLE_UNLESS, number,
                                   &intent->unless_count);
    intent->in_topic = load_patterns(loader, document, value_get(value, "in_topic"),
                                     loader_path(loader, "%s.in_topic", item->path), CONTENT_ROLE_IN_TOPIC,
                                     number, &intent->in_topic_count);
}

/* ---- facts ---- */

static void check_captures(struct loader *loader, const struct item *item) {
    const struct value *patterns = value_get(item->value, "patterns");
    for (size_t i = 0; value_type(patterns) == VALUE_ARRAY && i < value_count(patterns); i++) {
        const char *written = value_text(value_at(patterns, i));
        if (written != NULL && strstr(written, "(?<value>") == NULL) {
            const char *path = loader_path(loader, "%s.patterns[%zu]", item->path, i);
            problem_add(&loader->problems, PROBLEM_capture_missing, loader_place(item->document, path), NULL,
                        NULL, NULL);
        }
    }
}

static void read_fact(struct loader *loader, const struct item *item, struct content_fact *fact) {
    static const char *const fact_kinds[] = {"text", "number", "name"};
    const struct value *value = item->value;
    fact->id = arena_text(loader->content->arena, item->id);
    fact->kind = (enum fact_kind)NAMED(value_get_text(value, "kind"), fact_kinds, FACT_TEXT);
    fact->minimum = value_real(value_get(value, "min"), -1e15);
    fact->maximum = value_real(value_get(value, "max"), 1e15);
    if (fact->minimum > fact->maximum) {
        problem_add(&loader->problems, PROBLEM_range_reversed,
                    loader_place(item->document, loader_path(loader, "%s.min", item->path)), NULL, NULL,
                    NULL);
    }
    fact->place = loader_content_place(loader, item->document, value, item->path);
    check_captures(loader, item);
}

static void read_fact_patterns(struct loader *loader, const struct item *item, struct content_fact *fact,
                               uint32_t number) {
    const struct value *value = item->value;
    fact->patterns = load_patterns(loader, item->document, value_get(value, "patterns"),
                                   loader_path(loader, "%s.patterns", item->path), CONTENT_ROLE_FACT, number,
                                   &fact->pattern_count);
    fact->unless = load_patterns(loader, item->document, value_get(value, "unless"),
                                 loader_path(loader, "%s.unless", item->path), CONTENT_ROLE_FACT_UNLESS,
                                 number, &fact->unless_count);
}

void load_facts(struct loader *loader) {
    const struct items *items = &loader->facts;
    struct content_fact *facts = arena_array(loader->content->arena, items->count + 1, sizeof *facts);
    for (size_t i = 0; i < items->count; i++) {
        read_fact(loader, &items->list[i], &facts[i]);
    }
    loader->content->facts = loader->fact_list = facts;
    loader->content->fact_count = items->count;
}

void load_all_patterns(struct loader *loader) {
    for (size_t i = 0; i < loader->content->intent_count; i++) {
        read_intent_patterns(loader, &loader->intents.list[i], &loader->intent_list[i], (uint32_t)i);
    }
    for (size_t i = 0; i < loader->content->fact_count; i++) {
        read_fact_patterns(loader, &loader->facts.list[i], &loader->fact_list[i], (uint32_t)i);
    }
}
