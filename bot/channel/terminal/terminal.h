/* The terminal channel: what the bot says as lines of text, with numbered choices, links and bars. Writes
   into a buffer; the caller owns the terminal. */
#ifndef PANDU_CHANNEL_TERMINAL_TERMINAL_H
#define PANDU_CHANNEL_TERMINAL_TERMINAL_H

#include <stddef.h>

struct arena;
struct buf;
struct message;

struct terminal_style {
    int has_colours;
    size_t width;     /* columns; 0: lines are not broken */
    const char *name; /* of the bot, shown before what it says */
};

/* Adds the messages of one turn to out. */
void terminal_show(const struct terminal_style *style, const struct message *messages, size_t count,
                   struct arena *arena, struct buf *out);

/* Adds one line about the program itself (not said by the bot). */
void terminal_note(const struct terminal_style *style, const char *text, struct buf *out);

#endif
