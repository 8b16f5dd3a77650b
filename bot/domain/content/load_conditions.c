/* The names that conditions of dialogues read: scores, steps, slots, and the choices they compare with.
 * Called by load.c. */
#include <string.h>

#include "base/arena.h"
#include "domain/content/loader.h"
#include "domain/dialogue/expression.h"
#include "json/value.h"

#include "banned.h"

struct visitor {
    struct loader *loader;
    const struct load_condition *condition;
};

static int array_has(const struct value *array, const char *member, const char *wanted) {
    for (size_t i = 0; value_type(array) == VALUE_ARRAY && i < value_count(array); i++) {
        const struct value *one = value_at(array, i);
        const char *text = member != NULL ? value_get_text(one, member) : value_text(one);
        if (text != NULL && strcmp(text, wanted) == 0) {
            return 1;
        }
    }
    return 0;
}

int loader_knows_slot(const struct loader *loader, const char *name) {
    if (!loader->facts.is_complete || !loader->dialogues.is_complete ||
        items_find(&loader->facts, name, strlen(name)) != ITEM_NONE) {
        return 1;
    }
    for (size_t i = 0; i < loader->dialogues.count; i++) {
        if (array_has(value_get(loader->dialogues.list[i].value, "steps"), "slot", name)) {
            return 1;
        }
    }
    return 0;
}

static void visit(void *context, enum expression_kind kind, const char *name) {
    const struct visitor *visitor = context;
    struct loader *loader = visitor->loader;
    const struct item *dialogue = visitor->condition->dialogue;
    struct place place = loader_place(dialogue->document, visitor->condition->path);
    const char *kept = arena_text(loader->scratch, name);
    if (kind == EXPRESSION_CLASS) {
        if (items_find(&loader->classes, name, strlen(name)) == ITEM_NONE) {
            problem_add(&loader->problems, PROBLEM_unknown_class, place, kept, NULL, NULL);
        }
    } else if (kind == EXPRESSION_SLOT) {
        if (!loader_knows_slot(loader, name)) {
            problem_add(&loader->problems, PROBLEM_unknown_slot, place, kept, NULL, NULL);
        }
    } else if (kind == EXPRESSION_SCORE || kind == EXPRESSION_RANK) {
        if (!array_has(value_get(dialogue->value, "scores"), NULL, name)) {
            problem_add(&loader->problems, PROBLEM_unknown_score, place, kept, dialogue->id, NULL);
        }
    } else if (!array_has(value_get(dialogue->value, "steps"), "id", name)) {
        problem_add(&loader->problems, PROBLEM_unknown_step, place, kept, dialogue->id, NULL);
    }
}

static const struct value *choices_of_step(const struct item *dialogue, const char *step) {
    const struct value *steps = value_get(dialogue->value, "steps");
    for (size_t i = 0; i < value_count(steps); i++) {
        const char *id = value_get_text(value_at(steps, i), "id");
        if (id != NULL && strcmp(id, step) == 0) {
            const struct value *choices = value_get(value_at(steps, i), "choices");
            const char *set = value_text(choices);
            return set != NULL ? value_get(value_get(dialogue->value, "choice_sets"), set) : choices;
        }
    }
    return NULL;
}

/* answer.STEP == "id": the id must be one of the step's choices, or the comparison never holds. */
static void check_compared(struct loader *loader, const struct load_condition *condition,
                           const char *answer) {
    const char *name = answer + strlen("answer.");
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    const char *at = name + length + strspn(name + length, " ");
    if (strncmp(at, "==", 2) != 0 && strncmp(at, "!=", 2) != 0) {
        return;
    }
    at += 2 + strspn(at + 2, " ");
    size_t size = *at == '"' ? strcspn(at + 1, "\"") : 0;
    if (size == 0) {
        return;
    }
    const char *step = arena_copy(loader->scratch, name, length);
    const char *choice = arena_copy(loader->scratch, at + 1, size);
    const struct value *choices = choices_of_step(condition->dialogue, step);
    if (value_type(choices) == VALUE_ARRAY && !array_has(choices, "id", choice)) {
        struct place place = loader_place(condition->dialogue->document, condition->path);
        place.offset = (size_t)(at - condition->text);
        problem_add(&loader->problems, PROBLEM_unknown_choice, place, choice, step, NULL);
    }
}

void load_conditions_check(struct loader *loader) {
    const struct load_condition *conditions = (const void *)buf_text(&loader->conditions);
    size_t count = loader->conditions.length / sizeof *conditions;
    for (size_t i = 0; i < count; i++) {
        struct visitor visitor = {loader, &conditions[i]};
        expression_names(conditions[i].expression, visit, &visitor);
        for (const char *at = strstr(conditions[i].text, "answer."); at != NULL;
             at = strstr(at + 1, "answer.")) {
            check_compared(loader, &conditions[i], at);
        }
    }
}
