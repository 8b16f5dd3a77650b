/* The raw view of a message. Internal to this folder. */
#ifndef PANDU_DOMAIN_TEXT_RAW_H
#define PANDU_DOMAIN_TEXT_RAW_H

#include <stddef.h>

struct arena;

struct raw {
    const char *text; /* NUL-terminated, in arena */
    size_t length;
    unsigned flags; /* TEXT_CUT, TEXT_MASKED, TEXT_BAD_BYTES */
};

/* Cleans, masks and cuts any bytes. Line breaks stay (as "\n"); other controls become blanks or go. */
void raw_make(const char *bytes, size_t length, struct arena *arena, struct raw *out);

#endif
