/* A channel turns bytes from outside into turns and messages into bytes. What it can show is a set of
   capabilities; channel_degrade makes every message fit them. */
#ifndef PANDU_CHANNEL_CHANNEL_H
#define PANDU_CHANNEL_CHANNEL_H

#include <stddef.h>

struct arena;
struct message;

struct channel_capabilities {
    size_t text_max;    /* characters of one message; 0: no limit */
    size_t buttons_max; /* 0: choices become a numbered list */
    size_t label_max;   /* characters of a button; 0: no limit */
    int has_links, has_bars;
};

/* A message as this channel can carry it: numbered choices, links as text, bars as text, long text split at
   lines, sentences or blanks, with what can be pressed on the last piece. Choices that became a numbered list
   stay in the message, so that a typed number can be mapped back; channel_shows_buttons tells them apart. Too
   long labels are cut with "…", unless two would look the same: then the list is numbered. Everything lives
   in arena; returns the messages and their number. */
struct message *channel_degrade(const struct channel_capabilities *capabilities,
                                const struct message *messages, size_t count, struct arena *arena,
                                size_t *out_count);

/* 1 if the choices of a message (before or after channel_degrade) fit on buttons; 0 when they are a list. */
int channel_shows_buttons(const struct channel_capabilities *capabilities, const struct message *message);

/* The payload that a typed number ("2", "2.") picks from the choices of the last message, or NULL: then it is
   text. A lone "skip" beside a question about a number is no list, so that "1" answers the question.
   Borrowed. */
const char *channel_pick(const struct message *messages, size_t count, const char *typed, size_t length);

/* 1 if the choices of a message are a list to pick from by number: all but a lone "skip". */
int channel_is_list(const struct message *message);

/* Text without control characters (line breaks stay), so that nothing said or written can steer a terminal.
 */
const char *channel_plain(const char *text, struct arena *arena);

#endif
