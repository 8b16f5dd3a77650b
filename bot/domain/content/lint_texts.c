/* Walks over every text a visitor reads and measures it: length filled in, questions. Placeholders and
   address are judged in files of their own. Called by lint.c. */
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "domain/content/lint.h"
#include "domain/content/loader.h"
#include "json/value.h"

#include "banned.h"

/* What channels take. Buttons of WhatsApp hold 20 characters and rows of its lists 24, with 72 more in the
   row's second line: a label up to 24 can be a button or a row, up to 72 a numbered row that says the rest
   below, above that nothing. */
enum { LABEL_BUTTON_MAX = 24, LABEL_MAX = 72 };

/* Name of the placeholder that begins at brace, its length in *length; NULL when the brace is no placeholder.
 */
static const char *placeholder_at(const char *brace, size_t *length) {
    size_t end = strcspn(brace, "}");
    *length = strcspn(brace + 1, "}|{");
    return brace[end] == '}' && *length > 0 ? brace + 1 : NULL;
}

/* Characters of the text once every placeholder holds what it may hold. */
static size_t filled_length(const struct loader *loader, const struct lint_text *text) {
    size_t total = 0;
    for (const char *at = text->text; *at != '\0';) {
        size_t plain = strcspn(at, "{"), length;
        total += u8_count(at, plain);
        at += plain;
        if (*at == '\0') {
            break;
        }
        const char *name = placeholder_at(at, &length);
        total += name != NULL ? lint_fill_length(loader, text, name, length) : 1;
        at += name != NULL ? strcspn(at, "}") + 1 : 1;
    }
    return total;
}

static void add_length(struct loader *loader, const struct lint_text *text, enum problem_code code,
                       size_t length, size_t limit) {
    problem_add(&loader->problems, code, loader_place(text->document, text->path),
                arena_format(loader->scratch, "%zu", length), arena_format(loader->scratch, "%zu", limit),
                lexicon_language(loader->lexicon, (size_t)text->language));
}

static void check_length(struct loader *loader, const struct lint_text *text) {
    size_t length = filled_length(loader, text);
    int is_label = text->where == LINT_LABEL || text->where == LINT_TITLE;
    if (!is_label && length > CONTENT_MESSAGE_CHARS_MAX) {
        add_length(loader, text, PROBLEM_message_too_long, length, CONTENT_MESSAGE_CHARS_MAX);
    } else if (is_label && length > LABEL_MAX) {
        add_length(loader, text, PROBLEM_label_too_long, length, LABEL_MAX);
    } else if (text->where == LINT_LABEL && length > LABEL_BUTTON_MAX) {
        add_length(loader, text, PROBLEM_label_long, length, LABEL_BUTTON_MAX);
    }
}

/* Question marks that end a sentence: not in quotes, not inside an address of the web, a row of them once. */
static size_t count_questions(const char *text) {
    size_t count = 0;
    int is_quoted = 0;
    for (const char *at = text; *at != '\0'; at++) {
        is_quoted ^= *at == '"';
        int ends = at[0] == '?' && (at[1] == '\0' || strchr(" \n)", at[1]) != NULL);
        count += ends && !is_quoted;
    }
    return count;
}

static void check_questions(struct loader *loader, const struct lint_text *text) {
    int is_label = text->where == LINT_LABEL || text->where == LINT_TITLE;
    size_t count = is_label ? 0 : count_questions(text->text);
    if (count > 1) {
        problem_add(&loader->problems, PROBLEM_two_questions, loader_place(text->document, text->path),
                    arena_format(loader->scratch, "%zu", count),
                    lexicon_language(loader->lexicon, (size_t)text->language), NULL);
    }
}

static void check_text(struct loader *loader, struct lint_text text) {
    lint_placeholders(loader, &text);
    lint_address(loader, &text);
    check_length(loader, &text);
    check_questions(loader, &text);
}

/* Every language of a localized text; base describes the rest. */
static void check_localized(struct loader *loader, const struct localized *texts, const char *path,
                            const struct lint_text *base) {
    for (size_t i = 0; i < loader->language_count; i++) {
        if (texts->text[i] == NULL) {
            continue;
        }
        struct lint_text text = *base;
        text.language = (int)i;
        text.text = texts->text[i];
        text.path = loader_path(loader, "%s.%s", path, lexicon_language(loader->lexicon, i));
        check_text(loader, text);
    }
}

static void check_label(struct loader *loader, const struct document *document, const struct localized *label,
                        const char *path) {
    struct lint_text base = {.document = document, .where = LINT_LABEL};
    check_localized(loader, label, path, &base);
}

static void check_variants(struct loader *loader, const struct item *item, const struct content_reply *reply,
                           int language) {
    const char *code = lexicon_language(loader->lexicon, (size_t)language);
    const struct value *list = value_get(value_get(item->value, "text"), code);
    for (size_t v = 0; v < reply->by_language[language].count; v++) {
        const struct reply_variant *variant = &reply->by_language[language].variants[v];
        int is_list = value_type(value_at(list, v)) == VALUE_ARRAY;
        for (size_t m = 0; m < variant->count; m++) {
            const char *path = loader_path(loader, "%s.text.%s[%zu]", item->path, code, v);
            path = is_list ? loader_path(loader, "%s[%zu]", path, m) : path;
            check_text(loader, (struct lint_text){.document = item->document,
                                                  .path = path,
                                                  .language = language,
                                                  .text = variant->messages[m],
                                                  .where = LINT_REPLY,
                                                  .reply = reply->id});
        }
    }
}

static void check_reply(struct loader *loader, const struct item *item, const struct content_reply *reply) {
    for (size_t i = 0; i < loader->language_count; i++) {
        check_variants(loader, item, reply, (int)i);
    }
    const struct value *quicks = value_get(item->value, "quick");
    for (size_t i = 0; i < reply->quick_count; i++) {
        if (value_get(value_at(quicks, i), "label") !=
            NULL) { /* a title as label is judged as the intent's title */
            check_label(loader, item->document, &reply->quick[i].label,
                        loader_path(loader, "%s.quick[%zu].label", item->path, i));
        }
    }
    for (size_t i = 0; i < reply->link_count; i++) {
        check_label(loader, item->document, &reply->links[i].label,
                    loader_path(loader, "%s.links[%zu].label", item->path, i));
    }
}

/* The choices of a step, where they are written: in the step, or in the set it names (once for all its
 * users). */
static void check_choices(struct loader *loader, const struct item *item,
                          const struct content_dialogue *dialogue, size_t index) {
    const struct content_step *step = &dialogue->steps[index];
    const struct value *steps = value_get(item->value, "steps");
    const char *set = value_get_text(value_at(steps, index), "choices");
    for (size_t i = 0; set != NULL && i < index; i++) {
        if (dialogue->steps[i].choices == step->choices) {
            return;
        }
    }
    const char *path = set != NULL ? loader_path(loader, "%s.choice_sets.%s", item->path, set)
                                   : loader_path(loader, "%s.steps[%zu].choices", item->path, index);
    for (size_t i = 0; i < step->choice_count; i++) {
        check_label(loader, item->document, &step->choices[i].label,
                    loader_path(loader, "%s[%zu].label", path, i));
    }
}

static void check_step(struct loader *loader, const struct item *item, size_t number, size_t index) {
    const struct content_dialogue *dialogue = &loader->content->dialogues[number];
    const struct content_step *step = &dialogue->steps[index];
    const struct value *value = value_at(value_get(item->value, "steps"), index);
    struct lint_text base = {.document = item->document,
                             .where = LINT_STEP,
                             .dialogue = number,
                             .step = index,
                             .condition = value_get_text(value, "when")};
    const char *path = loader_path(loader, "%s.steps[%zu]", item->path, index);
    check_localized(loader, &step->ask, loader_path(loader, "%s.ask", path), &base);
    check_localized(loader, &step->short_ask, loader_path(loader, "%s.short", path), &base);
    check_localized(loader, &step->hint, loader_path(loader, "%s.hint", path), &base);
    check_choices(loader, item, dialogue, index);
}

static void check_list(struct loader *loader, const struct item *item, size_t number,
                       const struct content_list *list) {
    const struct value *lists = value_get(item->value, "lists");
    const struct value *items = value_get(value_get(lists, list->id), "items");
    for (size_t i = 0; i < list->item_count; i++) {
        struct lint_text base = {.document = item->document,
                                 .where = LINT_LINE,
                                 .dialogue = number,
                                 .condition = value_get_text(value_at(items, i), "when")};
        const char *path = loader_path(loader, "%s.lists.%s.items[%zu].text", item->path, list->id, i);
        check_localized(loader, &list->items[i].text, path, &base);
    }
}

static void check_follow_ups(struct loader *loader, const struct item *item, size_t number) {
    const struct content_dialogue *dialogue = &loader->content->dialogues[number];
    for (size_t i = 0; i < dialogue->result_count; i++) {
        struct lint_text base = {.document = item->document,
                                 .where = LINT_LINE,
                                 .dialogue = number,
                                 .condition =
                                     value_get_text(value_at(value_get(item->value, "results"), i), "when")};
        check_localized(loader, &dialogue->results[i].follow_up,
                        loader_path(loader, "%s.results[%zu].follow_up.text", item->path, i), &base);
    }
    for (size_t i = 0; i < dialogue->score_count; i++) {
        check_label(loader, item->document, &dialogue->score_titles[i],
                    loader_path(loader, "%s.score_titles.%s", item->path, dialogue->scores[i]));
    }
}

static void check_titles(struct loader *loader) {
    for (size_t i = 0; i < loader->intents.count; i++) {
        const struct item *item = &loader->intents.list[i];
        struct lint_text base = {.document = item->document, .where = LINT_TITLE};
        check_localized(loader, &loader->content->intents[i].title,
                        loader_path(loader, "%s.title", item->path), &base);
    }
    for (size_t i = 0; i < loader->dialogues.count; i++) {
        const struct item *item = &loader->dialogues.list[i];
        struct lint_text base = {.document = item->document, .where = LINT_TITLE};
        check_localized(loader, &loader->content->dialogues[i].title,
                        loader_path(loader, "%s.title", item->path), &base);
    }
}

void lint_texts(struct loader *loader) {
    check_titles(loader);
    for (size_t i = 0; i < loader->replies.count; i++) {
        check_reply(loader, &loader->replies.list[i], &loader->content->replies[i]);
    }
    for (size_t d = 0; d < loader->dialogues.count; d++) {
        const struct item *item = &loader->dialogues.list[d];
        const struct content_dialogue *dialogue = &loader->content->dialogues[d];
        for (size_t i = 0; i < dialogue->step_count; i++) {
            check_step(loader, item, d, i);
        }
        for (size_t i = 0; i < dialogue->list_count; i++) {
            check_list(loader, item, d, &dialogue->lists[i]);
        }
        check_follow_ups(loader, item, d);
    }
}
