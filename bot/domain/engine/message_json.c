/* Messages -> JSON, straight into the arena, and back. Never decides what is kept. Called by: engine/again,
   app/app_json. */
#include "domain/engine/message_json.h"

#include <string.h>

#include "base/arena.h"
#include "domain/engine/engine.h"
#include "json/plain.h"
#include "json/printer.h"
#include "json/value.h"

#include "banned.h"

enum {
    EXPECTED = 2048, /* bytes of most turns */
    CHOICE_REST = 48 /* bytes of a choice around its texts */
};

/* Writes what stands before a text, with its quote, the text and a quote, where there is room for them.
   Returns what is behind; *is_plain: 0 if the text has what must be escaped. */
static inline char *set_plain(char *at, const char *before, size_t before_length, const char *text,
                              size_t length, int *is_plain) {
    memcpy(at, before, before_length);
    at += before_length;
    *is_plain &= plain_copy(at, text, length);
    at[length] = '"';
    return at + length + 1;
}

/* All of a choice at once, as nearly all are plain. 0: this one is not, and nothing was written. */
static int put_plain_choice(struct printer *printer, const struct message_choice *choice) {
    static const char payload[] = ",{\"payload\":\"", id[] = ",\"id\":\"", label[] = ",\"label\":\"";
    if (choice->payload == NULL || choice->id == NULL || choice->label == NULL) {
        return 0;
    }
    size_t lengths[] = {strlen(choice->payload), strlen(choice->id), strlen(choice->label)};
    printer_need(printer, lengths[0] + lengths[1] + lengths[2] + CHOICE_REST);
    int is_plain = 1;
    char *begin = printer->data + printer->length, *at = begin;
    at = set_plain(at, payload, sizeof payload - 1, choice->payload, lengths[0], &is_plain);
    at = set_plain(at, id, sizeof id - 1, choice->id, lengths[1], &is_plain);
    at = set_plain(at, label, sizeof label - 1, choice->label, lengths[2], &is_plain);
    *at++ = '}';
    printer->length += is_plain ? (size_t)(at - begin) : 0;
    return is_plain;
}

static void put_choice(struct printer *printer, const struct message_choice *choice) {
    printer_raw(printer, ",{\"payload\":");
    printer_text(printer, choice->payload);
    printer_raw(printer, ",\"id\":");
    printer_text(printer, choice->id);
    printer_raw(printer, ",\"label\":");
    printer_text(printer, choice->label);
    printer_raw(printer, "}");
}

/* Each with a comma in front, but for the first, whose comma gives way to the bracket. */
static void put_choices(struct printer *printer, const struct message *message) {
    printer_raw(printer, ",\"choices\":");
    size_t bracket = printer->length;
    for (size_t i = 0; i < message->choice_count; i++) {
        if (!put_plain_choice(printer, &message->choices[i])) {
            put_choice(printer, &message->choices[i]);
        }
    }
    if (message->choice_count == 0) {
        printer_raw(printer, ",");
    }
    printer->data[bracket] = '[';
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
    if (message->keep > 0) {
        printer_raw(printer, ",\"keep\":");
        printer_int(printer, message->keep);
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

const char *message_json_print(struct message *messages, size_t count, struct arena *arena, size_t *length) {
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
    const char *json = printer_end(&printer, length);
    note_places(messages, count, json);
    return json;
}

/* ---- reading ---- */

/* The one letter is the first, but for links: labels took it. */
const struct value *message_json_member(const struct value *object, const char *key) {
    const char letter[] = {key[0] == 'l' && key[1] == 'i' ? 'k' : key[0], '\0'};
    const struct value *member = value_get(object, key);
    return member != NULL ? member : value_get(object, letter);
}

static const char *text_of(const struct value *object, const char *key, struct arena *arena) {
    const struct value *member = message_json_member(object, key);
    return member != NULL ? arena_text(arena, value_text(member)) : "";
}

static void read_choices(const struct value *array, struct arena *arena, struct message *out) {
    out->choice_count = value_count(array);
    out->choices = arena_array(arena, out->choice_count + 1, sizeof *out->choices);
    for (size_t i = 0; i < out->choice_count; i++) {
        const struct value *choice = value_at(array, i);
        out->choices[i] = (struct message_choice){.payload = text_of(choice, "payload", arena),
                                                  .id = text_of(choice, "id", arena),
                                                  .label = text_of(choice, "label", arena)};
    }
}

static void read_links(const struct value *array, struct arena *arena, struct message *out) {
    struct message_link *links = arena_array(arena, value_count(array) + 1, sizeof *links);
    out->link_count = value_count(array);
    for (size_t i = 0; i < out->link_count; i++) {
        const struct value *link = value_at(array, i);
        links[i] =
            (struct message_link){.label = text_of(link, "label", arena), .url = text_of(link, "url", arena)};
    }
    out->links = links;
}

static void read_bars(const struct value *array, struct arena *arena, struct message *out) {
    out->bar_count = value_count(array);
    out->bars = arena_array(arena, out->bar_count + 1, sizeof *out->bars);
    for (size_t i = 0; i < out->bar_count; i++) {
        const struct value *bar = value_at(array, i);
        out->bars[i] = (struct message_bar){.label = text_of(bar, "label", arena),
                                            .percent = value_real(value_get(bar, "percent"), 0)};
    }
}

/* 0 for what no result can have. */
static int read_keep(const struct value *object) {
    int64_t keep = value_int(value_get(object, "keep"), 0);
    return keep >= 1 && keep <= MESSAGE_KEEP_MAX ? (int)keep : 0;
}

void message_json_read(const struct value *object, struct arena *arena, struct message *out) {
    const struct value *progress = value_get(object, "progress");
    const struct value *counts = progress != NULL ? progress : object;
    *out = (struct message){.reply = text_of(object, "reply", arena), .text = text_of(object, "text", arena)};
    read_choices(message_json_member(object, "choices"), arena, out);
    read_links(message_json_member(object, "links"), arena, out);
    read_bars(value_get(object, "bars"), arena, out);
    out->progress_at = (int)value_int(message_json_member(counts, "at"), 0);
    out->progress_of = (int)value_int(message_json_member(counts, "of"), 0);
    out->keep = read_keep(object);
}
