/* Actions <-> JSON. Never decides anything. Called by app_turn.c. */
#include "app/app_json.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "domain/engine/message_json.h"
#include "json/printer.h"
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
enum {
    OUTCOME_COUNT = sizeof outcomes / sizeof outcomes[0],
    OUTCOME_REST = 256, /* bytes of most turns beside the replies */
    NOTE_MAX = 32       /* bytes from the name of a note to the end */
};

const char *app_json_outcome_name(enum turn_outcome outcome) {
    return outcomes[outcome];
}

/* ---- writing ---- */

/* From where they were printed to where they stand now. */
static void move_places(const struct actions *actions, const char *from, const char *to) {
    for (size_t i = 0; to != NULL && i < actions->message_count; i++) {
        struct message *message = &actions->messages[i];
        message->json = message->json != NULL ? to + (message->json - from) : NULL;
    }
}

/* name: with all that stands around it. */
static inline void put_member(struct printer *printer, const char *name, const char *text) {
    printer_raw(printer, name);
    printer_text(printer, text);
}

const char *app_json_outcome(const struct actions *actions, struct arena *arena, size_t *printed) {
    struct printer printer;
    const char *replies = actions->messages_json;
    size_t length = actions->messages_json_length;
    if (replies == NULL &&
        (replies = message_json_print(actions->messages, actions->message_count, arena, &length)) == NULL) {
        return NULL;
    }
    printer_init(&printer, arena, length + OUTCOME_REST);
    printer_raw(&printer, APP_JSON_REPLIES);
    printer_bytes(&printer, replies, length);
    put_member(&printer, ",\"outcome\":", outcomes[actions->outcome]);
    put_member(&printer, ",\"intent\":", actions->intent);
    put_member(&printer, ",\"dialogue\":", actions->dialogue);
    put_member(&printer, ",\"step\":", actions->step);
    put_member(&printer, ",\"state\":", actions->state);
    put_member(&printer, ",\"language\":", actions->language);
    printer_raw(&printer, "}");
    const char *outcome = printer_end(&printer, printed);
    move_places(actions, replies, outcome != NULL ? outcome + sizeof APP_JSON_REPLIES - 1 : NULL);
    return outcome;
}

const char *app_json_inbound(const char *text, const char *choice, struct arena *arena) {
    struct printer printer;
    const char *said = choice != NULL ? choice : text != NULL ? text : "";
    printer_init(&printer, arena, strlen(said) + 16);
    printer_raw(&printer, choice != NULL ? "{\"choice\":" : "{\"text\":");
    printer_text(&printer, said);
    printer_raw(&printer, "}");
    return printer_end(&printer, NULL);
}

/* ---- reading ---- */

static const char *get_text(const struct value *object, const char *key, struct arena *arena) {
    return arena_text(arena, value_get_text(object, key));
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
        message_json_read(value_at(replies, i), arena, &out->messages[i]);
    }
    value_free(root);
    return 0;
}

const char *app_json_note(const char *note, struct arena *arena) {
    return arena_format(arena, "{\"replies\":[],\"system\":\"%s\"}", note);
}

const char *app_json_add_note(const char *json, const char *note, struct arena *arena) {
    return json != NULL ? arena_format(arena, "%.*s,\"system\":\"%s\"}", (int)strlen(json) - 1, json, note)
                        : NULL;
}

/* It is the last member; looking for it at the end saves reading every outcome twice. */
static int has_note(const char *json, size_t length) {
    static const char name[] = "\"system\":";
    size_t first = length > NOTE_MAX ? length - NOTE_MAX : 0;
    for (size_t i = first; i + sizeof name <= length; i++) {
        if (memcmp(json + i, name, sizeof name - 1) == 0) {
            return 1;
        }
    }
    return 0;
}

const char *app_json_read_note(const char *json, size_t length, struct arena *arena) {
    if (!has_note(json, length)) {
        return NULL;
    }
    struct value *root = value_parse(json, length, NULL);
    const char *note = get_text(root, "system", arena);
    value_free(root);
    return note;
}

const char *app_json_fill(const char *text, const char *placeholder, const char *value, struct arena *arena) {
    const char *found = text != NULL ? strstr(text, placeholder) : NULL;
    if (found == NULL) {
        return text;
    }
    const char *rest = app_json_fill(found + strlen(placeholder), placeholder, value, arena);
    return arena_format(arena, "%.*s%s%s", (int)(found - text), text, value, rest);
}
