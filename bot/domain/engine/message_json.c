/* Messages -> JSON, straight into the arena. Never reads any back: app/app_json.c does, and engine/again.c
   looks things up. Called by: engine/again, app/app_json. */
#include "domain/engine/message_json.h"

#include "domain/engine/engine.h"
#include "json/printer.h"

#include "banned.h"

enum { EXPECTED = 2048 /* bytes of most turns */ };

static void put_choices(struct printer *printer, const struct message *message) {
    printer_raw(printer, ",\"choices\":[");
    for (size_t i = 0; i < message->choice_count; i++) {
        printer_raw(printer, i > 0 ? ",{\"payload\":" : "{\"payload\":");
        printer_text(printer, message->choices[i].payload);
        printer_raw(printer, ",\"id\":");
        printer_text(printer, message->choices[i].id);
        printer_raw(printer, ",\"label\":");
        printer_text(printer, message->choices[i].label);
        printer_raw(printer, "}");
    }
    printer_raw(printer, "]");
}

static void put_links(struct printer *printer, const struct message *message) {
    printer_raw(printer, ",\"links\":[");
    for (size_t i = 0; i < message->link_count; i++) {
        printer_raw(printer, i > 0 ? ",{\"label\":" : "{\"label\":");
        printer_text(printer, message->links[i].label);
        printer_raw(printer, ",\"url\":");
        printer_text(printer, message->links[i].url);
        printer_raw(printer, "}");
    }
    printer_raw(printer, "]");
}

static void put_bars(struct printer *printer, const struct message *message) {
    printer_raw(printer, ",\"bars\":[");
    for (size_t i = 0; i < message->bar_count; i++) {
        printer_raw(printer, i > 0 ? ",{\"label\":" : "{\"label\":");
        printer_text(printer, message->bars[i].label);
        printer_raw(printer, ",\"percent\":");
        printer_real(printer, message->bars[i].percent);
        printer_raw(printer, "}");
    }
    printer_raw(printer, "]");
}

/* Returns how long it is without its braces. */
static size_t put_message(struct printer *printer, const struct message *message) {
    printer_raw(printer, "{");
    size_t start = printer->length;
    printer_raw(printer, "\"reply\":");
    printer_text(printer, message->reply);
    printer_raw(printer, ",\"text\":");
    printer_text(printer, message->text != NULL ? message->text : "");
    put_choices(printer, message);
    if (message->link_count > 0) {
        put_links(printer, message);
    }
    if (message->bar_count > 0) {
        put_bars(printer, message);
    }
    if (message->progress_of > 0) {
        printer_raw(printer, ",\"progress\":{\"at\":");
        printer_int(printer, message->progress_at);
        printer_raw(printer, ",\"of\":");
        printer_int(printer, message->progress_of);
        printer_raw(printer, "}");
    }
    size_t length = printer->length - start;
    printer_raw(printer, "}");
    return length;
}

/* Where the members of each one stand. Percents have fewer decimals on the wire. */
static void note_places(struct message *messages, size_t count, const char *json) {
    size_t at = sizeof "[{" - 1;
    for (size_t i = 0; i < count; i++) {
        int is_same = json != NULL && messages[i].json != NULL && messages[i].bar_count == 0;
        messages[i].json = is_same ? json + at : NULL;
        at += messages[i].json_length + sizeof "},{" - 1;
    }
}

const char *message_json_print(struct message *messages, size_t count, struct arena *arena) {
    struct printer printer;
    printer_init(&printer, arena, EXPECTED);
    printer_raw(&printer, "[");
    for (size_t i = 0; i < count; i++) {
        printer.is_odd = 0;
        printer_raw(&printer, i > 0 ? "," : "");
        messages[i].json_length = put_message(&printer, &messages[i]);
        messages[i].json = printer.is_odd ? NULL : "";
    }
    printer_raw(&printer, "]");
    const char *json = printer_end(&printer, NULL);
    note_places(messages, count, json);
    return json;
}
