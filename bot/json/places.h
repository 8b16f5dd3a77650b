/* Where each value of a JSON text stands: all places in one pass, because messages and coverage reports name
   many lines (value_locate walks the text anew for every question). */
#ifndef PANDU_JSON_PLACES_H
#define PANDU_JSON_PLACES_H

#include <stddef.h>

struct arena;
struct places;

/* A place in the text: byte offset, 1-based line, 1-based column in bytes. */
struct place_at {
    size_t offset;
    int line, column;
};

/* Indexes bytes, which value_parse has accepted; lives in arena and borrows bytes. Text that is not JSON
   gives the places found until then. */
struct places *places_new(const char *bytes, size_t length, struct arena *arena);

/* The place of the value at path ("$.a[3].b"), or of its nearest parent that exists. */
struct place_at places_find(struct places *places, const char *path);

/* The place of byte decoded (0-based) of the text value at path, escapes counted; the value's own place when
   it is no text. */
struct place_at places_find_in_text(struct places *places, const char *path, size_t decoded);

#endif
