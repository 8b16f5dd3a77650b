/* The last messages, kept in the session as JSON, so that "ulangi" shows them once more with the same
   buttons, and a tap can be stored with the words of its label. Called by: engine/work, engine/command,
   engine/press. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "domain/engine/work.h"
#include "json/printer.h"
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
