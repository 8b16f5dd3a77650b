/* Compares what a turn brought with what a case expects. Never plays anything. Called by test_play.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/app_json.h"
#include "base/arena.h"
#include "base/utf8.h"
#include "cli/test.h"
#include "domain/content/content.h"
#include "json/value.h"

#include "banned.h"

/* ---- reporting ---- */

static void miss(struct expectation *expectation, const char *key, const char *expected, const char *came) {
    const char *path = arena_format(expectation->arena, "%s.%s", expectation->path, key);
    expectation->missed++;
    buf_add_format(expectation->report, "  line %d, %s: expected %s, came %s\n",
                   test_file_line(expectation->file, path), key, expected, came);
}

static const char *quoted(struct expectation *expectation, const char *text) {
    return text != NULL ? arena_format(expectation->arena, "\"%s\"", text) : "null";
}

static const char *printed(struct expectation *expectation, const struct value *value) {
    if (value_text(value) != NULL) {
        return quoted(expectation, value_text(value));
    }
    if (value_type(value) == VALUE_INT || value_type(value) == VALUE_REAL) {
        return arena_format(expectation->arena, "%.10g", value_real(value, 0));
    }
    char *text = value_print(value, 0);
    const char *copy = text != NULL ? arena_text(expectation->arena, text) : "null";
    free(text);
    return copy;
}

/* ---- what came ---- */

static const struct actions *actions_of(const struct expectation *expectation) {
    static const struct actions nothing = {0};
    const struct app_reply *reply = expectation->reply;
    return reply != NULL && reply->actions != NULL ? reply->actions : &nothing;
}

/* Value i of an expectation that is one text or a list of them; NULL at the end. */
static const char *text_at(const struct value *value, size_t i) {
    if (value_text(value) != NULL) {
        return i == 0 ? value_text(value) : NULL;
    }
    return value_text(value_at(value, i));
}

static void same_text(struct expectation *expectation, const char *key, const char *came) {
    const struct value *expected = value_get(expectation->object, key);
    if (expected == NULL) {
        return;
    }
    const char *text = value_text(expected);
    int is_same = text == NULL || came == NULL ? text == came : strcmp(text, came) == 0;
    if (!is_same) {
        miss(expectation, key, printed(expectation, expected), quoted(expectation, came));
    }
}

/* ---- replies ---- */

static const char *reply_ids(struct expectation *expectation) {
    const struct actions *actions = actions_of(expectation);
    const char *list = "";
    for (size_t i = 0; i < actions->message_count; i++) {
        list =
            arena_format(expectation->arena, "%s%s%s", list, i > 0 ? ", " : "", actions->messages[i].reply);
    }
    return arena_format(expectation->arena, "[%s]", list);
}

static int has_reply(struct expectation *expectation, const char *id) {
    const struct actions *actions = actions_of(expectation);
    for (size_t i = 0; i < actions->message_count; i++) {
        if (strcmp(actions->messages[i].reply, id) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Exactly the ids of the list in their order; further bubbles of one reply count once. */
static int are_replies(struct expectation *expectation, const struct value *list) {
    const struct actions *actions = actions_of(expectation);
    size_t at = 0;
    for (size_t i = 0; i < actions->message_count; i++) {
        const char *id = actions->messages[i].reply;
        if (i > 0 && strcmp(id, actions->messages[i - 1].reply) == 0) {
            continue;
        }
        const char *expected = text_at(list, at++);
        if (expected == NULL || strcmp(expected, id) != 0) {
            return 0;
        }
    }
    return text_at(list, at) == NULL;
}

static void expect_replies(struct expectation *expectation) {
    const struct actions *actions = actions_of(expectation);
    const struct value *exact = value_get(expectation->object, "reply");
    const struct value *some = value_get(expectation->object, "reply_includes");
    const struct value *none = value_get(expectation->object, "reply_excludes");
    const char *first = value_text(exact), *id;
    int is_right = first != NULL
                       ? actions->message_count > 0 && strcmp(actions->messages[0].reply, first) == 0
                       : exact == NULL || are_replies(expectation, exact);
    if (!is_right) {
        miss(expectation, "reply", printed(expectation, exact), reply_ids(expectation));
    }
    for (size_t i = 0; (id = text_at(some, i)) != NULL; i++) {
        if (!has_reply(expectation, id)) {
            miss(expectation, "reply_includes", quoted(expectation, id), reply_ids(expectation));
        }
    }
    for (size_t i = 0; (id = text_at(none, i)) != NULL; i++) {
        if (has_reply(expectation, id)) {
            miss(expectation, "reply_excludes", arena_format(expectation->arena, "no \"%s\"", id),
                 reply_ids(expectation));
        }
    }
}

/* ---- texts ---- */

static int is_said(struct expectation *expectation, const char *text) {
    const struct actions *actions = actions_of(expectation);
    for (size_t i = 0; i < actions->message_count; i++) {
        if (strstr(actions->messages[i].text, text) != NULL) {
            return 1;
        }
    }
    return 0;
}

static void expect_texts(struct expectation *expectation) {
    const struct value *some = value_get(expectation->object, "contains");
    const struct value *none = value_get(expectation->object, "not_contains");
    const char *text;
    for (size_t i = 0; (text = text_at(some, i)) != NULL; i++) {
        if (!is_said(expectation, text)) {
            miss(expectation, "contains", quoted(expectation, text), "other words");
        }
    }
    for (size_t i = 0; (text = text_at(none, i)) != NULL; i++) {
        if (is_said(expectation, text)) {
            miss(expectation, "not_contains", arena_format(expectation->arena, "no \"%s\"", text), "it");
        }
    }
}

static int has_link(struct expectation *expectation, const char *url) {
    const struct actions *actions = actions_of(expectation);
    for (size_t i = 0; i < actions->message_count; i++) {
        for (size_t j = 0; j < actions->messages[i].link_count; j++) {
            if (strcmp(actions->messages[i].links[j].url, url) == 0) {
                return 1;
            }
        }
    }
    return 0;
}

static void expect_links(struct expectation *expectation) {
    const struct value *some = value_get(expectation->object, "links_include");
    const char *url;
    for (size_t i = 0; (url = text_at(some, i)) != NULL; i++) {
        if (!has_link(expectation, url)) {
            miss(expectation, "links_include", quoted(expectation, url), "no such link");
        }
    }
}

/* ---- choices and progress ---- */

static const struct message *last_list(struct expectation *expectation) {
    static const struct message nothing = {0};
    const struct actions *actions = actions_of(expectation);
    for (size_t i = actions->message_count; i-- > 0;) {
        if (actions->messages[i].choice_count > 0) {
            return &actions->messages[i];
        }
    }
    return &nothing;
}

static const char *choice_ids(struct expectation *expectation, const struct message *message) {
    const char *list = "";
    for (size_t i = 0; i < message->choice_count; i++) {
        list = arena_format(expectation->arena, "%s%s%s", list, i > 0 ? ", " : "", message->choices[i].id);
    }
    return arena_format(expectation->arena, "[%s]", list);
}

static int has_choice(struct expectation *expectation, const char *id) {
    const struct actions *actions = actions_of(expectation);
    for (size_t i = 0; i < actions->message_count; i++) {
        for (size_t j = 0; j < actions->messages[i].choice_count; j++) {
            if (strcmp(actions->messages[i].choices[j].id, id) == 0) {
                return 1;
            }
        }
    }
    return 0;
}

static void expect_choices(struct expectation *expectation) {
    const struct value *exact = value_get(expectation->object, "choices");
    const struct value *some = value_get(expectation->object, "choices_include");
    const struct message *list = last_list(expectation);
    const char *id;
    int is_same = exact == NULL || value_count(exact) == list->choice_count;
    for (size_t i = 0; exact != NULL && is_same && i < list->choice_count; i++) {
        is_same = strcmp(value_text(value_at(exact, i)), list->choices[i].id) == 0;
    }
    if (!is_same) {
        miss(expectation, "choices", printed(expectation, exact), choice_ids(expectation, list));
    }
    for (size_t i = 0; (id = text_at(some, i)) != NULL; i++) {
        if (!has_choice(expectation, id)) {
            miss(expectation, "choices_include", quoted(expectation, id), choice_ids(expectation, list));
        }
    }
}

static void expect_progress(struct expectation *expectation) {
    const struct actions *actions = actions_of(expectation);
    const char *came = NULL;
    for (size_t i = actions->message_count; i-- > 0 && came == NULL;) {
        const struct message *message = &actions->messages[i];
        if (message->progress_of > 0) {
            came = arena_format(expectation->arena, "%d/%d", message->progress_at, message->progress_of);
        }
    }
    same_text(expectation, "progress", came);
}

/* ---- answers and slots ---- */

/* Value of a choice on its scale; 1 if the step has such a choice. */
static int choice_value(const struct expectation *expectation, const char *dialogue, const char *step,
                        const char *choice, double *value) {
    uint32_t index = content_dialogue_index(expectation->content, dialogue);
    const struct content_step *found =
        index != CONTENT_NONE ? content_step(&expectation->content->dialogues[index], step) : NULL;
    for (size_t i = 0; found != NULL && i < found->choice_count; i++) {
        if (strcmp(found->choices[i].id, choice) == 0) {
            *value = found->choices[i].value;
            return 1;
        }
    }
    return 0;
}

/* The answer to "STEP" (of the running dialogue, else of any) or "DIALOGUE.STEP". NULL: none. */
static const struct value *answer_of(struct expectation *expectation, const char *key, const char **dialogue,
                                     const char **step) {
    const struct value *all = value_get(expectation->inspected, "answers");
    const char *point = strchr(key, '.'), *running = actions_of(expectation)->dialogue;
    void *position = NULL;
    struct value *answers;
    *step = point != NULL ? point + 1 : key;
    *dialogue = point != NULL ? arena_format(expectation->arena, "%.*s", (int)(point - key), key) : running;
    const struct value *answer = *dialogue != NULL ? value_get(value_get(all, *dialogue), *step) : NULL;
    while (answer == NULL && point == NULL && value_next(all, &position, dialogue, &answers)) {
        answer = value_get(answers, *step);
    }
    return answer;
}

static int is_answer(struct expectation *expectation, const char *key, const struct value *expected,
                     const struct value **came) {
    const char *dialogue = NULL, *step = NULL;
    double value = 0;
    *came = answer_of(expectation, key, &dialogue, &step);
    if (value_type(expected) == VALUE_NULL || *came == NULL) {
        return value_type(expected) == VALUE_NULL && *came == NULL;
    }
    const char *text = value_text(expected), *said = value_text(*came);
    if (text != NULL) {
        return said != NULL ? strcmp(text, said) == 0
                            : value_type(*came) == VALUE_NULL && strcmp(text, "skipped") == 0;
    }
    if (said != NULL && !choice_value(expectation, dialogue, step, said, &value)) {
        return 0;
    }
    value = said != NULL ? value : value_real(*came, NAN);
    return fabs(value - value_real(expected, 0)) < 1e-9;
}

static void expect_answers(struct expectation *expectation) {
    void *position = NULL;
    const char *key;
    struct value *expected;
    const struct value *came;
    while (value_next(value_get(expectation->object, "answers"), &position, &key, &expected)) {
        if (!is_answer(expectation, key, expected, &came)) {
            const char *shown = came == NULL                     ? "no answer"
                                : value_type(came) == VALUE_NULL ? "skipped"
                                                                 : printed(expectation, came);
            miss(expectation, arena_format(expectation->arena, "answers.%s", key),
                 printed(expectation, expected), shown);
        }
    }
}

static void expect_slots(struct expectation *expectation) {
    void *position = NULL;
    const char *key;
    struct value *expected;
    while (value_next(value_get(expectation->object, "slots"), &position, &key, &expected)) {
        const char *came = value_get_text(value_get(expectation->inspected, "slots"), key);
        const char *text = value_text(expected);
        if (text == NULL || came == NULL ? text != came : strcmp(text, came) != 0) {
            miss(expectation, arena_format(expectation->arena, "slots.%s", key),
                 printed(expectation, expected), quoted(expectation, came));
        }
    }
}

/* ---- events ---- */

static const char *event_data(struct expectation *expectation, enum event_kind kind) {
    const struct actions *actions = actions_of(expectation);
    for (size_t i = 0; i < actions->event_count; i++) {
        if (actions->events[i].kind == kind) {
            return actions->events[i].data;
        }
    }
    return NULL;
}

static void expect_events(struct expectation *expectation) {
    const struct value *unmatched = value_get(expectation->object, "unmatched");
    int came = event_data(expectation, EVENT_UNMATCHED) != NULL;
    same_text(expectation, "escalation", event_data(expectation, EVENT_ESCALATION));
    if (unmatched != NULL && value_bool(unmatched, came) != came) {
        miss(expectation, "unmatched", came ? "false" : "true", came ? "true" : "false");
    }
}

/* ---- all ---- */

size_t test_expect(struct expectation *expectation) {
    const struct actions *actions = actions_of(expectation);
    same_text(expectation, "intent", actions->intent);
    same_text(expectation, "dialogue", actions->dialogue);
    same_text(expectation, "step", actions->step);
    same_text(expectation, "state", actions->state);
    same_text(expectation, "language", actions->language);
    same_text(expectation, "outcome", app_json_outcome_name(actions->outcome));
    expect_replies(expectation);
    expect_texts(expectation);
    expect_links(expectation);
    expect_choices(expectation);
    expect_progress(expectation);
    expect_answers(expectation);
    expect_slots(expectation);
    expect_events(expectation);
    return expectation->missed;
}

/* A "{name}" that nobody filled in. */
static int has_placeholder(const char *text) {
    for (const char *at = strchr(text, '{'); at != NULL; at = strchr(at + 1, '{')) {
        size_t name = strspn(at + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:|");
        if (name > 0 && at[1 + name] == '}') {
            return 1;
        }
    }
    return 0;
}

size_t test_expect_sound(struct expectation *expectation, int may_have_braces) {
    const struct actions *actions = actions_of(expectation);
    if (event_data(expectation, EVENT_EXPORT) != NULL) {
        return 0; /* without a folder to write to, all data stands in the message itself */
    }
    for (size_t i = 0; i < actions->message_count; i++) {
        const struct message *message = &actions->messages[i];
        size_t characters = u8_count(message->text, strlen(message->text));
        if (characters == 0 || characters > CONTENT_MESSAGE_CHARS_MAX) {
            expectation->missed++;
            buf_add_format(expectation->report, "  %s: a message has 1 to %d characters, this one has %zu\n",
                           message->reply, CONTENT_MESSAGE_CHARS_MAX, characters);
        }
        if (!may_have_braces && has_placeholder(message->text)) {
            expectation->missed++;
            buf_add_format(expectation->report, "  %s: a placeholder was left open\n", message->reply);
        }
    }
    return expectation->missed;
}
