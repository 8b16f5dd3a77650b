/* Messages as lines for a terminal. Never writes or reads a descriptor; control characters in what is said
   never reach the terminal. Called by `pandu chat` and by the report of `pandu test`. */
#include "channel/terminal/terminal.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "channel/channel.h"
#include "domain/engine/engine.h"

#include "banned.h"

enum { INDENT = 2, WIDTH_MIN = 20 };

static const struct channel_capabilities capabilities = {.text_max = 4000};

static const char *colour(const struct terminal_style *style, const char *code) {
    return style->has_colours ? code : "";
}

/* Bytes of the words that fit into columns; at least one word. A character counts as one column: a line
   broken a little early or late does no harm. */
static size_t fitting(const char *line, size_t length, size_t columns) {
    size_t at = 0, count = 0, last_blank = 0;
    while (at < length) {
        uint32_t code_point;
        if (line[at] == ' ') {
            last_blank = at;
        }
        if (count >= columns && last_blank > 0) {
            return last_blank;
        }
        at += u8_decode(line + at, length - at, &code_point);
        count++;
    }
    return length;
}

static void add_line(const struct terminal_style *style, const char *line, size_t length, struct buf *out) {
    size_t columns = style->width > WIDTH_MIN ? style->width - INDENT : 0;
    do {
        size_t part = columns > 0 ? fitting(line, length, columns) : length;
        buf_add_format(out, "%*s%.*s\n", INDENT, "", (int)part, line);
        line += part;
        length -= part;
        while (length > 0 && *line == ' ') {
            line++;
            length--;
        }
    } while (length > 0);
}

static void add_text(const struct terminal_style *style, const char *text, struct buf *out) {
    while (*text) {
        size_t length = strcspn(text, "\n");
        add_line(style, text, length, out);
        text += length + (text[length] == '\n');
    }
}

/* Only the last message's list has numbers: a typed number can mean nothing else. */
static void add_choices(const struct terminal_style *style, const struct message *message, int is_last,
                        struct arena *arena, struct buf *out) {
    for (size_t i = 0; i < message->choice_count; i++) {
        const char *mark = "-";
        if (is_last && channel_is_list(message)) {
            mark = arena_format(arena, "%zu.", i + 1);
        }
        buf_add_format(out, "%*s%s%3s%s %s\n", INDENT, "", colour(style, "\033[36m"), mark,
                       colour(style, "\033[0m"), channel_plain(message->choices[i].label, arena));
    }
}

static void add_message(const struct terminal_style *style, const struct message *message, int is_last,
                        struct arena *arena, struct buf *out) {
    struct message words = *message;
    words.choice_count = 0;
    size_t count = 0;
    const struct message *shown = channel_degrade(&capabilities, &words, 1, arena, &count);
    for (size_t i = 0; i < count; i++) {
        add_text(style, channel_plain(shown[i].text, arena), out);
    }
    add_choices(style, message, is_last, arena, out);
}

void terminal_show(const struct terminal_style *style, const struct message *messages, size_t count,
                   struct arena *arena, struct buf *out) {
    for (size_t i = 0; i < count; i++) {
        if (i == 0) {
            buf_add_format(out, "%s%s%s\n", colour(style, "\033[1;36m"), channel_plain(style->name, arena),
                           colour(style, "\033[0m"));
        } else {
            buf_add_char(out, '\n');
        }
        add_message(style, &messages[i], i + 1 == count, arena, out);
    }
}

void terminal_note(const struct terminal_style *style, const char *text, struct buf *out) {
    buf_add_format(out, "%s%s%s\n", colour(style, "\033[2m"), text, colour(style, "\033[0m"));
}
