/* The last messages, kept in the session as JSON, so that "ulangi" shows them once more with the same
   buttons, and a tap can be stored with the words of its label. Called by: engine/work, engine/command,
   engine/press. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "domain/engine/work.h"
#include "json/value.h"

#include "banned.h"

/* ---- keeping ---- */

static struct value *choice_value(const struct message_choice *choice) {
    struct value *object = value_new_object();
    int failed = value_set_text(object, "p", choice->payload) || value_set_text(object, "i", choice->id) ||
                 value_set_text(object, "l", choice->label);
    if (failed) {
        value_free(object);
        return NULL;
    }
    return object;
}

static struct value *link_value(const struct message_link *link) {
    struct value *object = value_new_object();
    if (value_set_text(object, "l", link->label) || value_set_text(object, "u", link->url)) {
        value_free(object);
        return NULL;
    }
    return object;
}

static struct value *message_value(const struct message *message) {
    struct value *object = value_new_object(), *choices = value_new_array(), *links = value_new_array();
    int failed = value_set_text(object, "r", message->reply) || value_set_text(object, "t", message->text) ||
                 value_set_int(object, "a", message->progress_at) ||
                 value_set_int(object, "o", message->progress_of);
    for (size_t i = 0; i < message->choice_count && !failed; i++) {
        failed = value_add_take(choices, choice_value(&message->choices[i]));
    }
    for (size_t i = 0; i < message->link_count && !failed; i++) {
        failed = value_add_take(links, link_value(&message->links[i]));
    }
    failed |= value_set_take(object, "c", choices);
    failed |= value_set_take(object, "k", links);
    if (failed) {
        value_free(object);
        return NULL;
    }
    return object;
}

void again_keep(struct work *work) {
    struct value *array = value_new_array();
    int failed = array == NULL;
    for (size_t i = 0; i < work->out->message_count && !failed; i++) {
        failed = value_add_take(array, message_value(&work->out->messages[i]));
    }
    char *printed = failed ? NULL : value_print(array, 0);
    value_free(array);
    work->session->last_messages = printed ? arena_text(work->session->arena, printed) : NULL;
    free(printed);
}

/* ---- saying again ---- */

static const char *text_of(struct work *work, const struct value *object, const char *key) {
    const char *text = value_get_text(object, key);
    return arena_text(work->arena, text ? text : "");
}

static size_t read_choices(struct work *work, const struct value *array, struct message_choice **choices) {
    size_t count = value_count(array);
    *choices = arena_array(work->arena, count + 1, sizeof **choices);
    for (size_t i = 0; i < count; i++) {
        const struct value *choice = value_at(array, i);
        (*choices)[i] = (struct message_choice){.payload = text_of(work, choice, "p"),
                                                .id = text_of(work, choice, "i"),
                                                .label = text_of(work, choice, "l")};
    }
    return count;
}

static void read_message(struct work *work, const struct value *object) {
    const struct value *links = value_get(object, "k");
    struct message *message = say_message(work, text_of(work, object, "r"), text_of(work, object, "t"));
    message->progress_at = (int)value_int(value_get(object, "a"), 0);
    message->progress_of = (int)value_int(value_get(object, "o"), 0);
    message->choice_count = read_choices(work, value_get(object, "c"), &message->choices);
    struct message_link *read = arena_array(work->arena, value_count(links) + 1, sizeof *read);
    message->link_count = value_count(links);
    for (size_t i = 0; i < message->link_count; i++) {
        read[i].label = text_of(work, value_at(links, i), "l");
        read[i].url = text_of(work, value_at(links, i), "u");
    }
    message->links = read;
}

static struct value *kept(const struct work *work) {
    const char *text = work->session->last_messages;
    return text ? value_parse(text, strlen(text), NULL) : NULL;
}

int again_say(struct work *work) {
    struct value *array = kept(work);
    size_t count = value_type(array) == VALUE_ARRAY ? value_count(array) : 0;
    for (size_t i = 0; i < count && i < WORK_BUBBLES_MAX; i++) {
        read_message(work, value_at(array, i));
        const char *reply = value_get_text(value_at(array, i), "r");
        if (reply && strcmp(reply, "export_done") == 0) { /* a copy said again is made again */
            say_event(work, EVENT_EXPORT, "conversation", "export_data");
        }
    }
    value_free(array);
    return count > 0;
}

size_t again_choices(struct work *work, struct message_choice **choices) {
    struct value *array = kept(work);
    size_t count = 0;
    for (size_t i = value_count(array); i-- > 0 && count == 0;) {
        count = read_choices(work, value_get(value_at(array, i), "c"), choices);
    }
    value_free(array);
    return count;
}

const char *again_label(struct work *work, const char *payload) {
    struct value *array = kept(work);
    const char *label = NULL;
    for (size_t i = 0; value_type(array) == VALUE_ARRAY && i < value_count(array) && !label; i++) {
        const struct value *choices = value_get(value_at(array, i), "c");
        for (size_t j = 0; j < value_count(choices); j++) {
            const char *known = value_get_text(value_at(choices, j), "p");
            if (known && strcmp(known, payload) == 0) {
                label = text_of(work, value_at(choices, j), "l");
                break;
            }
        }
    }
    value_free(array);
    return label;
}
