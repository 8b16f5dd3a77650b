/* Makes messages fit what a channel can show. Never loses words: what does not fit becomes text or a further
   message. Called by every channel. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "channel/channel.h"
#include "domain/engine/engine.h"
#include "domain/reply/reply.h"

#include "banned.h"

enum { BAR_CELLS = 10, PIECES_MAX = 32 };

static size_t characters(const char *text) {
    return u8_count(text, strlen(text));
}

/* The first limit characters of text, the last of them "…" where something was cut. */
static const char *shorten(const char *text, size_t limit, struct arena *arena) {
    if (limit == 0 || characters(text) <= limit) {
        return text;
    }
    size_t bytes = 0, length = strlen(text);
    uint32_t code_point;
    for (size_t i = 0; i + 1 < limit; i++) {
        bytes += u8_decode(text + bytes, length - bytes, &code_point);
    }
    return arena_format(arena, "%.*s…", (int)bytes, text);
}

/* Length in bytes of the first limit - 1 characters of a label that must be cut. */
static size_t kept_bytes(const char *text, size_t limit) {
    size_t bytes = 0, length = strlen(text);
    uint32_t code_point;
    for (size_t i = 0; i + 1 < limit && bytes < length; i++) {
        bytes += u8_decode(text + bytes, length - bytes, &code_point);
    }
    return bytes;
}

static int look_the_same(const char *left, const char *right, size_t limit) {
    if (limit == 0 || characters(left) <= limit || characters(right) <= limit) {
        return strcmp(left, right) == 0;
    }
    size_t kept = kept_bytes(left, limit);
    return kept == kept_bytes(right, limit) && memcmp(left, right, kept) == 0;
}

int channel_shows_buttons(const struct channel_capabilities *capabilities, const struct message *message) {
    if (message->choice_count == 0 || message->choice_count > capabilities->buttons_max) {
        return 0;
    }
    for (size_t i = 0; i < message->choice_count; i++) {
        for (size_t j = i + 1; j < message->choice_count; j++) {
            if (look_the_same(message->choices[i].label, message->choices[j].label,
                              capabilities->label_max)) {
                return 0;
            }
        }
    }
    return 1;
}

/* "Cocok  ███████░░░ 70 %" */
static void add_bar(struct buf *text, const struct message_bar *bar) {
    double percent = bar->percent < 0 ? 0 : bar->percent > 100 ? 100 : bar->percent;
    int full = (int)(percent * BAR_CELLS / 100 + 0.5);
    buf_add_format(text, "%s ", bar->label);
    for (int cell = 0; cell < BAR_CELLS; cell++) {
        buf_add_text(text, cell < full ? "█" : "░");
    }
    buf_add_format(text, " %.0f %%", percent);
}

static void new_line(struct buf *text) {
    if (text->length > 0) {
        buf_add_char(text, '\n');
    }
}

/* The words of a message with all that this channel cannot show otherwise. */
static const char *whole_text(const struct channel_capabilities *capabilities, const struct message *message,
                              struct arena *arena) {
    struct buf text;
    buf_init(&text, 0);
    buf_add_text(&text, message->text ? message->text : "");
    for (size_t i = 0; i < message->bar_count && !capabilities->has_bars; i++) {
        new_line(&text);
        add_bar(&text, &message->bars[i]);
    }
    for (size_t i = 0; i < message->link_count && !capabilities->has_links; i++) {
        const struct message_link *link = &message->links[i];
        new_line(&text);
        buf_add_format(&text, "%s%s%s", link->label ? link->label : "",
                       link->label && *link->label ? ": " : "", link->url);
    }
    if (message->choice_count > 0 && !channel_shows_buttons(capabilities, message)) {
        new_line(&text);
        buf_add_text(&text, channel_is_list(message)
                                ? reply_numbered(message, arena)
                                : arena_format(arena, "(%s)", message->choices[0].label));
    }
    const char *whole = arena_copy(arena, buf_text(&text), text.length);
    buf_close(&text);
    return whole;
}

static void cut_labels(const struct channel_capabilities *capabilities, struct message *message,
                       struct arena *arena) {
    struct message_choice *choices = arena_array(arena, message->choice_count, sizeof *choices);
    for (size_t i = 0; i < message->choice_count; i++) {
        choices[i] = message->choices[i];
        choices[i].label = shorten(choices[i].label, capabilities->label_max, arena);
    }
    message->choices = choices;
}

/* Writes the pieces of one message and returns their number, at least one. */
static size_t degrade_one(const struct channel_capabilities *capabilities, const struct message *message,
                          struct arena *arena, struct message *out) {
    const char *pieces[PIECES_MAX];
    const char *whole = whole_text(capabilities, message, arena);
    size_t limit = capabilities->text_max > 0 ? capabilities->text_max : strlen(whole) + 1;
    size_t count = reply_split(whole, limit, arena, pieces, PIECES_MAX);
    if (count == 0) {
        pieces[count++] = "";
    }
    for (size_t i = 0; i + 1 < count; i++) {
        out[i] = (struct message){.reply = message->reply, .text = pieces[i]};
    }
    struct message *last = &out[count - 1];
    *last = *message;
    last->text = pieces[count - 1];
    last->link_count = capabilities->has_links ? message->link_count : 0;
    last->bar_count = capabilities->has_bars ? message->bar_count : 0;
    if (channel_shows_buttons(capabilities, message)) {
        cut_labels(capabilities, last, arena);
    }
    return count;
}

struct message *channel_degrade(const struct channel_capabilities *capabilities,
                                const struct message *messages, size_t count, struct arena *arena,
                                size_t *out_count) {
    struct message *out = arena_array(arena, count * PIECES_MAX + 1, sizeof *out);
    *out_count = 0;
    for (size_t i = 0; i < count; i++) {
        *out_count += degrade_one(capabilities, &messages[i], arena, out + *out_count);
    }
    return out;
}

int channel_is_list(const struct message *message) {
    return message->choice_count > 1 ||
           (message->choice_count == 1 && strcmp(message->choices[0].id, "skip") != 0);
}

const char *channel_pick(const struct message *messages, size_t count, const char *typed, size_t length) {
    size_t number = 0, digits = 0;
    while (digits < length && digits < 3 && typed[digits] >= '0' && typed[digits] <= '9') {
        number = number * 10 + (size_t)(typed[digits++] - '0');
    }
    size_t rest = digits;
    while (rest < length && strchr(" .)\t\r\n", typed[rest])) {
        rest++;
    }
    const struct message *last = count > 0 ? &messages[count - 1] : NULL;
    if (digits == 0 || rest < length || !last || !channel_is_list(last) || number < 1 ||
        number > last->choice_count) {
        return NULL;
    }
    return last->choices[number - 1].payload;
}

const char *channel_plain(const char *text, struct arena *arena) {
    size_t length = strlen(text), kept = 0;
    char *plain = arena_alloc(arena, length + 1);
    for (size_t at = 0; at < length;) {
        uint32_t code_point;
        size_t size = u8_decode(text + at, length - at, &code_point);
        int is_control =
            (code_point < 0x20 && code_point != '\n') || (code_point >= 0x7f && code_point < 0xa0);
        if (!is_control) {
            memcpy(plain + kept, text + at, size);
            kept += size;
        }
        at += size;
    }
    plain[kept] = '\0';
    return plain;
}
