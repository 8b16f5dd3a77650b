/* The last messages, kept in the session as JSON, so that "ulangi" shows them once more with the same
   buttons, and a tap can be stored with the words of its label. Called by: engine/work, engine/command,
   engine/press. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "domain/engine/work.h"
#include "json/printer.h"
#include "json/scan.h"
#include "json/value.h"

#include "banned.h"

enum { KEPT_BYTES = 2048 }; /* most turns need less */

/* ---- keeping ---- */

static void print_choices(struct printer *printer, const struct message *message) {
    printer_raw(printer, ",\"c\":[");
    for (size_t i = 0; i < message->choice_count; i++) {
        printer_raw(printer, i > 0 ? ",{\"p\":" : "{\"p\":");
        printer_text(printer, message->choices[i].payload);
        printer_raw(printer, ",\"i\":");
        printer_text(printer, message->choices[i].id);
        printer_raw(printer, ",\"l\":");
        printer_text(printer, message->choices[i].label);
        printer_raw(printer, "}");
    }
    printer_raw(printer, "]");
}

static void print_links(struct printer *printer, const struct message *message) {
    printer_raw(printer, ",\"k\":[");
    for (size_t i = 0; i < message->link_count; i++) {
        printer_raw(printer, i > 0 ? ",{\"l\":" : "{\"l\":");
        printer_text(printer, message->links[i].label);
        printer_raw(printer, ",\"u\":");
        printer_text(printer, message->links[i].url);
        printer_raw(printer, "}");
    }
    printer_raw(printer, "]");
}

static void print_message(struct printer *printer, const struct message *message) {
    printer_raw(printer, "{\"r\":");
    printer_text(printer, message->reply);
    printer_raw(printer, ",\"t\":");
    printer_text(printer, message->text);
    printer_raw(printer, ",\"a\":");
    printer_int(printer, message->progress_at);
    printer_raw(printer, ",\"o\":");
    printer_int(printer, message->progress_of);
    print_choices(printer, message);
    print_links(printer, message);
    printer_raw(printer, "}");
}

void again_keep(struct work *work) {
    struct printer printer;
    printer_init(&printer, work->arena, KEPT_BYTES);
    printer_raw(&printer, "[");
    for (size_t i = 0; i < work->out->message_count; i++) {
        printer_raw(&printer, i > 0 ? "," : "");
        print_message(&printer, &work->out->messages[i]);
    }
    printer_raw(&printer, "]");
    work->session->last_messages = arena_text(work->session->arena, printer_end(&printer, NULL));
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

/* ---- looking one thing up: at every press, so without reading the rest ---- */

/* Behind the object that begins at `at`. Only strings can hold a brace that is none, and quotes inside them
   are escaped. */
static const char *object_end(const char *at) {
    int in_text = 0;
    for (; *at != '\0'; at++) {
        if (in_text && *at == '\\' && at[1] != '\0') {
            at++;
        } else if (*at == '"') {
            in_text = !in_text;
        } else if (!in_text && *at == '}') {
            return at + 1;
        }
    }
    return NULL;
}

/* Reads the choice {"p":..,"i":..,"l":..} that begins at `at`. Returns what is behind it, or NULL. */
static const char *read_choice(struct work *work, const char *at, struct message_choice *choice) {
    struct scan_member members[SCAN_MEMBERS_MAX];
    const char *end = object_end(at);
    size_t count = 0;
    *choice = (struct message_choice){"", "", ""};
    if (end == NULL || scan_object(at, (size_t)(end - at), work->arena, members, &count) != 0) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        const char **member = members[i].key_length != 1 ? NULL
                              : members[i].key[0] == 'p' ? &choice->payload
                              : members[i].key[0] == 'i' ? &choice->id
                              : members[i].key[0] == 'l' ? &choice->label
                                                         : NULL;
        if (member != NULL && members[i].type == VALUE_TEXT) {
            *member = scan_member_text(&members[i], work->arena, NULL);
        }
    }
    return end;
}

/* Where the choices of the last message that has any begin, or NULL. An unescaped quote is never inside a
   string, so this stands nowhere else. */
static const char *last_choices(const char *text) {
    static const char opening[] = ",\"c\":[{";
    const char *found = NULL;
    for (const char *at = text; at != NULL && (at = strstr(at, opening)) != NULL;) {
        at += sizeof opening - 2;
        found = at;
    }
    return found;
}

size_t again_choices(struct work *work, struct message_choice **choices) {
    const char *text = work->session->last_messages;
    const char *first = text != NULL ? last_choices(text) : NULL;
    size_t room = 0, count = 0;
    for (const char *at = first; at != NULL && *at == '{'; room++) {
        at = object_end(at);
        at += at != NULL && *at == ',';
    }
    *choices = arena_array(work->arena, room + 1, sizeof **choices);
    for (const char *at = first; count < room && at != NULL && *at == '{';) {
        at = read_choice(work, at, &(*choices)[count]);
        count += at != NULL;
        at += at != NULL && *at == ',';
    }
    return count;
}

const char *again_label(struct work *work, const char *payload) {
    const char *text = work->session->last_messages;
    struct message_choice choice;
    struct printer printer;
    printer_init(&printer, work->arena, strlen(payload) + 16);
    printer_raw(&printer, "{\"p\":");
    printer_text(&printer, payload);
    printer_raw(&printer, ",");
    const char *wanted = printer_end(&printer, NULL);
    const char *at = text != NULL && wanted != NULL ? strstr(text, wanted) : NULL;
    return at != NULL && read_choice(work, at, &choice) != NULL ? choice.label : NULL;
}
