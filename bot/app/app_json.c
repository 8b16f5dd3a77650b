/* Actions <-> JSON. Never decides anything. Called by app_turn.c. */
#include "app/app_json.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "json/value.h"

#include "banned.h"

static const char *const outcomes[] = {
    [TURN_ANSWERED] = "answered",
    [TURN_SUGGESTED] = "suggested",
    [TURN_NOT_UNDERSTOOD] = "not_understood",
    [TURN_DIALOGUE] = "dialogue",
    [TURN_CONTROL] = "control",
    [TURN_ESCALATED] = "escalated",
    [TURN_STALE_BUTTON] = "stale_button",
    [TURN_EMPTY] = "empty",
};
enum { OUTCOME_COUNT = sizeof outcomes / sizeof outcomes[0] };

/* ---- writing: one flag collects every failure, looked at once ---- */

static void put(struct value *object, const char *key, struct value *member, int *failed) {
    if (object == NULL || member == NULL) {
        value_free(member);
        *failed = 1;
    } else if (value_set_take(object, key, member) != 0) {
        *failed = 1;
    }
}

static void put_item(struct value *array, struct value *item, int *failed) {
    if (array == NULL || item == NULL) {
        value_free(item);
        *failed = 1;
    } else if (value_add_take(array, item) != 0) {
        *failed = 1;
    }
}

/* Bytes that are no UTF-8 are repaired: a reply that was given must be storable. */
static struct value *new_text(const char *text) {
    if (u8_valid(text, strlen(text))) {
        return value_new_text(text);
    }
    char *repaired = u8_repaired(text, strlen(text));
    struct value *value = repaired != NULL ? value_new_text(repaired) : NULL;
    free(repaired);
    return value;
}

static void put_text(struct value *object, const char *key, const char *text, int *failed) {
    put(object, key, text != NULL ? new_text(text) : value_new_null(), failed);
}

static struct value *new_choices(const struct message *message, int *failed) {
    struct value *array = value_new_array();
    for (size_t i = 0; i < message->choice_count; i++) {
        struct value *item = value_new_object();
        put_text(item, "payload", message->choices[i].payload, failed);
        put_text(item, "id", message->choices[i].id, failed);
        put_text(item, "label", message->choices[i].label, failed);
        put_item(array, item, failed);
    }
    return array;
}

static struct value *new_links(const struct message *message, int *failed) {
    struct value *array = value_new_array();
    for (size_t i = 0; i < message->link_count; i++) {
        struct value *item = value_new_object();
        put_text(item, "label", message->links[i].label, failed);
        put_text(item, "url", message->links[i].url, failed);
        put_item(array, item, failed);
    }
    return array;
}

static struct value *new_bars(const struct message *message, int *failed) {
    struct value *array = value_new_array();
    for (size_t i = 0; i < message->bar_count; i++) {
        struct value *item = value_new_object();
        put_text(item, "label", message->bars[i].label, failed);
        put(item, "percent", value_new_real(message->bars[i].percent), failed);
        put_item(array, item, failed);
    }
    return array;
}

static struct value *new_message(const struct message *message, int *failed) {
    struct value *object = value_new_object();
    put_text(object, "reply", message->reply, failed);
    put_text(object, "text", message->text != NULL ? message->text : "", failed);
    put(object, "choices", new_choices(message, failed), failed);
    if (message->link_count > 0) {
        put(object, "links", new_links(message, failed), failed);
    }
    if (message->bar_count > 0) {
        put(object, "bars", new_bars(message, failed), failed);
    }
    if (message->progress_of > 0) {
        struct value *progress = value_new_object();
        put(progress, "at", value_new_int(message->progress_at), failed);
        put(progress, "of", value_new_int(message->progress_of), failed);
        put(object, "progress", progress, failed);
    }
    return object;
}

/* Prints into arena and frees object. */
static const char *print_take(struct value *object, int failed, struct arena *arena) {
    char *printed = failed ? NULL : value_print(object, 0);
    value_free(object);
    const char *text = arena_text(arena, printed);
    free(printed);
    return text;
}

const char *app_json_outcome(const struct actions *actions, struct arena *arena) {
    int failed = 0;
    struct value *object = value_new_object(), *replies = value_new_array();
    for (size_t i = 0; i < actions->message_count; i++) {
        put_item(replies, new_message(&actions->messages[i], &failed), &failed);
    }
    put(object, "replies", replies, &failed);
    put_text(object, "outcome", outcomes[actions->outcome], &failed);
    put_text(object, "intent", actions->intent, &failed);
    put_text(object, "dialogue", actions->dialogue, &failed);
    put_text(object, "step", actions->step, &failed);
    put_text(object, "state", actions->state, &failed);
    put_text(object, "language", actions->language, &failed);
    return print_take(object, failed, arena);
}

const char *app_json_inbound(const char *text, const char *choice, struct arena *arena) {
    int failed = 0;
    struct value *object = value_new_object();
    if (choice != NULL) {
        put_text(object, "choice", choice, &failed);
    } else {
        put_text(object, "text", text != NULL ? text : "", &failed);
    }
    return print_take(object, failed, arena);
}

/* ---- reading ---- */

static const char *get_text(const struct value *object, const char *key, struct arena *arena) {
    return arena_text(arena, value_get_text(object, key));
}

static void read_choices(const struct value *array, struct arena *arena, struct message *out) {
    out->choice_count = value_count(array);
    out->choices = arena_array(arena, out->choice_count, sizeof *out->choices);
    for (size_t i = 0; i < out->choice_count; i++) {
        const struct value *item = value_at(array, i);
        out->choices[i] = (struct message_choice){
            get_text(item, "payload", arena), get_text(item, "id", arena), get_text(item, "label", arena)};
    }
}

static void read_links(const struct value *array, struct arena *arena, struct message *out) {
    out->link_count = value_count(array);
    struct message_link *links = arena_array(arena, out->link_count, sizeof *links);
    for (size_t i = 0; i < out->link_count; i++) {
        const struct value *item = value_at(array, i);
        links[i] = (struct message_link){get_text(item, "label", arena), get_text(item, "url", arena)};
    }
    out->links = links;
}

static void read_bars(const struct value *array, struct arena *arena, struct message *out) {
    out->bar_count = value_count(array);
    struct message_bar *bars = arena_array(arena, out->bar_count, sizeof *bars);
    for (size_t i = 0; i < out->bar_count; i++) {
        const struct value *item = value_at(array, i);
        bars[i] =
            (struct message_bar){get_text(item, "label", arena), value_real(value_get(item, "percent"), 0)};
    }
    out->bars = bars;
}

static void read_message(const struct value *object, struct arena *arena, struct message *out) {
    const struct value *progress = value_get(object, "progress");
    out->reply = get_text(object, "reply", arena);
    out->text = get_text(object, "text", arena);
    read_choices(value_get(object, "choices"), arena, out);
    read_links(value_get(object, "links"), arena, out);
    read_bars(value_get(object, "bars"), arena, out);
    out->progress_at = (int)value_int(value_get(progress, "at"), 0);
    out->progress_of = (int)value_int(value_get(progress, "of"), 0);
}

static enum turn_outcome outcome_named(const char *name) {
    for (int i = 0; name != NULL && i < OUTCOME_COUNT; i++) {
        if (strcmp(outcomes[i], name) == 0) {
            return (enum turn_outcome)i;
        }
    }
    return TURN_ANSWERED;
}

int app_json_read(const char *json, size_t length, struct arena *arena, struct actions *out) {
    struct value *root = value_parse(json, length, NULL);
    const struct value *replies = value_get(root, "replies");
    memset(out, 0, sizeof *out);
    if (value_type(replies) != VALUE_ARRAY) {
        value_free(root);
        return ERR_CORRUPT;
    }
    out->outcome = outcome_named(value_get_text(root, "outcome"));
    out->intent = get_text(root, "intent", arena);
    out->dialogue = get_text(root, "dialogue", arena);
    out->step = get_text(root, "step", arena);
    out->state = get_text(root, "state", arena);
    out->language = get_text(root, "language", arena);
    out->message_count = value_count(replies);
    out->messages = arena_array(arena, out->message_count, sizeof *out->messages);
    for (size_t i = 0; i < out->message_count; i++) {
        read_message(value_at(replies, i), arena, &out->messages[i]);
    }
    value_free(root);
    return 0;
}

const char *app_json_fill(const char *text, const char *placeholder, const char *value, struct arena *arena) {
    const char *found = text != NULL ? strstr(text, placeholder) : NULL;
    if (found == NULL) {
        return text;
    }
    const char *rest = app_json_fill(found + strlen(placeholder), placeholder, value, arena);
    return arena_format(arena, "%.*s%s%s", (int)(found - text), text, value, rest);
}
