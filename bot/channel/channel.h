/* A channel turns bytes from outside into turns and messages into bytes. What it can show is a set of capabilities;
   channel_degrade makes every message fit them. */
#ifndef PANDU_CHANNEL_CHANNEL_H
#define PANDU_CHANNEL_CHANNEL_H

#include <stddef.h>

struct arena;
struct message;

struct channel_capabilities {
    size_t text_max;      /* characters of one message */
    size_t buttons_max;   /* 0: choices become a numbered list */
    size_t label_max;     /* characters of a button */
    int has_links, has_bars;
};

/* A message as this channel can carry it: numbered choices, links as text, bars as text, long text split at sentences.
   Returns the messages in arena and their number. */
struct message *channel_degrade(const struct channel_capabilities *capabilities, const struct message *messages,
                                size_t count, struct arena *arena, size_t *out_count);

#endif
