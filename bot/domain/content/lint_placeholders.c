/* The placeholders of one text: does somebody fill them, and always? Never fills them (reply_render.c does).
   Called by lint_texts.c. */
#include <string.h>

#include "base/arena.h"
#include "domain/content/lint.h"
#include "domain/content/loader.h"
#include "domain/content/required.h"
#include "json/value.h"

#include "banned.h"

/* What a placeholder turns out to be. */
enum filling { FILLED, MAY_BE_EMPTY, NOBODY_FILLS, REPORTED };

struct placeholder {
    const char *name; /* NUL-terminated copy */
    size_t offset;    /* of the name in the text */
    int has_alternative;
};

static int begins(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static int is_one_of(const char *name, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(name, names[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

static struct place place_of(const struct lint_text *text, const struct placeholder *placeholder) {
    struct place place = loader_place(text->document, text->path);
    place.offset = placeholder->offset;
    return place;
}

static enum filling report(struct loader *loader, const struct lint_text *text,
                           const struct placeholder *placeholder, enum problem_code code, const char *first,
                           const char *second) {
    problem_add(&loader->problems, code, place_of(text, placeholder), first, second, NULL);
    return REPORTED;
}

/* ---- what dialogues fill ---- */

static size_t step_index(const struct content_dialogue *dialogue, const char *id) {
    const struct content_step *step = content_step(dialogue, id);
    return step != NULL ? (size_t)(step - dialogue->steps) : dialogue->step_count;
}

/* 1 if condition holds only when name ("answer.empathy") is known: it is compared, and nothing stands beside
   it with "or" or turned round by "not". */
static int guards(const char *condition, const char *name) {
    if (condition == NULL || strstr(condition, " or ") != NULL || strstr(condition, "not ") != NULL) {
        return 0;
    }
    size_t length = strlen(name);
    for (const char *at = strstr(condition, name); at != NULL; at = strstr(at + 1, name)) {
        int is_start = at == condition || strchr(" (.", at[-1]) != NULL;
        if (is_start && strchr(" )=!<>", at[length]) != NULL) { /* strchr also finds the end */
            return 1;
        }
    }
    return 0;
}

/* answer.X is known where value.X or answered.X is. */
static int guards_answer(struct loader *loader, const char *condition, const char *step) {
    static const char *const kinds[] = {"answer.", "value.", "answered."};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (guards(condition, arena_format(loader->scratch, "%s%s", kinds[i], step))) {
            return 1;
        }
    }
    return 0;
}

/* One place in a dialogue where the text is said. */
struct use {
    size_t dialogue;
    size_t step;           /* reached when the text is said: step_count for results, 0 for the intro */
    const char *condition; /* that holds then; NULL: none */
};

static int list_may_be_empty(const struct content_list *list) {
    for (size_t i = 0; i < list->item_count; i++) {
        if (list->items[i].when == NULL) {
            return 0;
        }
    }
    return 1;
}

static enum filling list_filling(struct loader *loader, const struct lint_text *text, const struct use *use,
                                 const struct placeholder *placeholder) {
    const struct content_dialogue *dialogue = &loader->content->dialogues[use->dialogue];
    for (size_t i = 0; i < dialogue->list_count; i++) {
        if (strcmp(dialogue->lists[i].id, placeholder->name + 5) == 0) {
            return list_may_be_empty(&dialogue->lists[i]) ? MAY_BE_EMPTY : FILLED;
        }
    }
    return report(loader, text, placeholder, PROBLEM_unknown_list, placeholder->name + 5, NULL);
}

static enum filling answer_filling(struct loader *loader, const struct lint_text *text, const struct use *use,
                                   const struct placeholder *placeholder) {
    const struct content_dialogue *dialogue = &loader->content->dialogues[use->dialogue];
    const char *step = strchr(placeholder->name, '.') + 1;
    size_t index = step_index(dialogue, step);
    if (index == dialogue->step_count) {
        return report(loader, text, placeholder, PROBLEM_unknown_step, step, dialogue->id);
    }
    if (guards_answer(loader, use->condition, step)) {
        return FILLED;
    }
    return use->step == index || lint_can_avoid(dialogue, index, use->step) ? MAY_BE_EMPTY : FILLED;
}

static enum filling score_filling(struct loader *loader, const struct lint_text *text, const struct use *use,
                                  const struct placeholder *placeholder) {
    const struct content_dialogue *dialogue = &loader->content->dialogues[use->dialogue];
    if (!is_one_of(placeholder->name + 6, dialogue->scores, dialogue->score_count)) {
        return report(loader, text, placeholder, PROBLEM_unknown_score, placeholder->name + 6, dialogue->id);
    }
    return guards(use->condition, placeholder->name) ? FILLED : MAY_BE_EMPTY;
}

static enum filling use_filling(struct loader *loader, const struct lint_text *text, const struct use *use,
                                const struct placeholder *placeholder) {
    if (begins(placeholder->name, "answer.") || begins(placeholder->name, "sentence.")) {
        return answer_filling(loader, text, use, placeholder);
    }
    if (begins(placeholder->name, "score.")) {
        return score_filling(loader, text, use, placeholder);
    }
    return begins(placeholder->name, "list.") ? list_filling(loader, text, use, placeholder) : FILLED;
}

/* Where a reply is said in dialogues: as an intro, as a result. */
static size_t uses_of(struct loader *loader, const char *reply, struct use *out, size_t limit) {
    const struct content *content = loader->content;
    uint32_t index = content_reply_index(content, reply);
    size_t count = 0;
    for (size_t d = 0; d < content->dialogue_count; d++) {
        const struct content_dialogue *dialogue = &content->dialogues[d];
        const struct value *results = value_get(loader->dialogues.list[d].value, "results");
        if (dialogue->intro == index && count < limit) {
            out[count++] = (struct use){d, 0, NULL};
        }
        for (size_t r = 0; r < dialogue->result_count && count < limit; r++) {
            if (dialogue->results[r].reply == index) {
                const char *when = value_get_text(value_at(results, r), "when");
                out[count++] = (struct use){d, dialogue->step_count, when};
            }
        }
    }
    return count;
}

/* A result without a condition of its own may still be guarded by nothing: the worst of all uses counts. */
static enum filling dialogue_filling(struct loader *loader, const struct lint_text *text,
                                     const struct placeholder *placeholder) {
    enum { USES_MAX = 64 };
    struct use uses[USES_MAX];
    size_t count = 1;
    if (text->where == LINT_REPLY) {
        count = uses_of(loader, text->reply, uses, USES_MAX);
    } else if (text->where == LINT_LABEL) {
        count = 0;
    } else {
        size_t steps = loader->content->dialogues[text->dialogue].step_count;
        uses[0] =
            (struct use){text->dialogue, text->where == LINT_STEP ? text->step : steps, text->condition};
    }
    enum filling worst = count > 0 ? FILLED : NOBODY_FILLS;
    for (size_t i = 0; i < count; i++) {
        enum filling filling = use_filling(loader, text, &uses[i], placeholder);
        if (filling == REPORTED) {
            return REPORTED;
        }
        worst = filling == MAY_BE_EMPTY ? MAY_BE_EMPTY : worst;
    }
    return worst;
}

/* ---- what the engine and the site fill ---- */

/* The names that required.h allows in reply, as one text; "" for other replies. */
static const char *engine_names(const char *reply) {
#define REQUIRED_ROW(id, names) {#id, names},
    static const struct {
        const char *reply, *names;
    } rows[] = {CONTENT_REQUIRED_REPLIES(REQUIRED_ROW) CONTENT_OPTIONAL_REPLIES(REQUIRED_ROW)};
#undef REQUIRED_ROW
    for (size_t i = 0; reply != NULL && i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].reply, reply) == 0) {
            return rows[i].names;
        }
    }
    return "";
}

static int has_word(const char *words, const char *word) {
    size_t length = strlen(word);
    for (const char *at = words; *at != '\0';) {
        size_t size = strcspn(at, " ");
        if (size == length && memcmp(at, word, size) == 0) {
            return 1;
        }
        at += size + strspn(at + size, " ");
    }
    return 0;
}

static int is_address_word(const struct content *content, const char *name) {
    for (size_t i = 0; i < content->address_word_count; i++) {
        if (strcmp(content->address_words[i].placeholder, name) == 0) {
            return 1;
        }
    }
    return 0;
}

static enum filling help_filling(struct loader *loader, const struct lint_text *text,
                                 const struct placeholder *placeholder) {
    const char *use = placeholder->name + strlen("help_lines:");
    for (size_t i = 0; i < loader->content->help_line_count; i++) {
        if (strcmp(loader->content->help_lines[i].use, use) == 0) {
            return FILLED;
        }
    }
    return loader->help_lines.is_complete
               ? report(loader, text, placeholder, PROBLEM_unknown_help_use, use, NULL)
               : REPORTED;
}

static enum filling slot_filling(struct loader *loader, const struct lint_text *text,
                                 const struct placeholder *placeholder) {
    const char *slot = placeholder->name + strlen("slot.");
    if (!loader_knows_slot(loader, slot)) {
        return report(loader, text, placeholder, PROBLEM_unknown_slot, slot, NULL);
    }
    return guards(text->condition, placeholder->name) ? FILLED : MAY_BE_EMPTY;
}

static enum filling filling_of(struct loader *loader, const struct lint_text *text,
                               const struct placeholder *placeholder) {
    static const char *const always[] = {"bot_name", "site_name", "data_keeper", "retention_days",
                                         "languages"};
    static const char *const sometimes[] = {"name", "counsellor_name", "counsellor_how", "minimum",
                                            "maximum"};
    static const char *const of_dialogues[] = {"answer.", "sentence.", "score.", "list.", "dialogue_title"};
    const char *name = placeholder->name, *engine = engine_names(text->reply);
    if (text->where == LINT_TITLE) {
        return NOBODY_FILLS;
    }
    if (is_address_word(loader->content, name) || is_one_of(name, always, sizeof always / sizeof *always)) {
        return FILLED;
    }
    if (begins(name, "counsellor_") && has_word(engine, name)) {
        return FILLED; /* said only when there is a counsellor */
    }
    int may_be_empty = is_one_of(name, sometimes, sizeof sometimes / sizeof *sometimes);
    if (has_word(engine, name) || (may_be_empty && name[0] != 'm')) {
        return may_be_empty ? MAY_BE_EMPTY : FILLED;
    }
    if (begins(name, "help_lines:")) {
        return help_filling(loader, text, placeholder);
    }
    if (begins(name, "slot.")) {
        return slot_filling(loader, text, placeholder);
    }
    for (size_t i = 0; i < sizeof of_dialogues / sizeof *of_dialogues; i++) {
        if (begins(name, of_dialogues[i])) {
            return dialogue_filling(loader, text, placeholder);
        }
    }
    /* without any form of address nobody knows which names those would have filled */
    return loader->content->address_word_count > 0 ? NOBODY_FILLS : REPORTED;
}

/* ---- the text ---- */

static void check_placeholder(struct loader *loader, const struct lint_text *text,
                              const struct placeholder *placeholder) {
    switch (filling_of(loader, text, placeholder)) {
    case MAY_BE_EMPTY:
        if (!placeholder->has_alternative) {
            (void)report(loader, text, placeholder, PROBLEM_placeholder_empty, placeholder->name, NULL);
        }
        break;
    case NOBODY_FILLS:
        (void)report(loader, text, placeholder, PROBLEM_unknown_placeholder, placeholder->name, NULL);
        break;
    case FILLED:
    case REPORTED: break;
    }
}

void lint_placeholders(struct loader *loader, const struct lint_text *text) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-";
    for (const char *at = text->text + strcspn(text->text, "{}"); *at != '\0'; at += strcspn(at, "{}")) {
        size_t length = strspn(at + 1, letters);
        const char *end = at[1 + length] == '|' ? at + 1 + strcspn(at + 1, "{}") : at + 1 + length;
        struct placeholder placeholder = {arena_copy(loader->scratch, at + 1, length),
                                          (size_t)(at - text->text), at[1 + length] == '|'};
        if (*at == '{' && length > 0 && *end == '}') {
            check_placeholder(loader, text, &placeholder);
            at = end + 1;
        } else {
            (void)report(loader, text, &placeholder, PROBLEM_placeholder_syntax, NULL, NULL);
            at++;
        }
    }
}
