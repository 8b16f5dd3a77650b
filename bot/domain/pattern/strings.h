/* The strings of all groups while a prefilter is built, each once. Private to domain/pattern. */
#ifndef PANDU_DOMAIN_PATTERN_STRINGS_H
#define PANDU_DOMAIN_PATTERN_STRINGS_H

#include <stddef.h>
#include <stdint.h>

#include "domain/pattern/prefilter.h"
#include "domain/pattern/required.h"

struct strings_slot {      /* open addressing */
    uint32_t hash, number; /* of the string + 1; 0: free */
};

/* Caller's storage, zeroed. */
struct strings {
    struct element *list;
    unsigned char *bytes;
    struct strings_slot *slots;
    uint32_t *uses;   /* the strings of each group, one behind the other: its rank is its place there */
    uint32_t *groups; /* where those of each group begin in uses */
    size_t count, capacity, byte_count, byte_capacity, mask, use_count, use_capacity, group_count,
        group_capacity;
};

/* The strings of the next group, each of the rank of its place; bytes: what their offsets count from. 0 or
   ERR_MEMORY. */
int strings_add_group(struct strings *strings, const unsigned char *bytes, const struct required_string *list,
                      size_t count);
/* No piece is longer than that from now on. */
void strings_shorten(struct strings *strings, uint8_t most);
/* Writes the strings in the order of numbers, each with its uses, into prefilter, which has an arena
   and knows which groups have postings. 0 or ERR_MEMORY. */
int strings_write(struct strings *strings, const uint32_t *numbers, struct prefilter *prefilter);
void strings_close(struct strings *strings);

#endif
