/* The strings of all groups while a prefilter is built, each once. Private to domain/pattern. */
#ifndef PANDU_DOMAIN_PATTERN_STRINGS_H
#define PANDU_DOMAIN_PATTERN_STRINGS_H

#include <stddef.h>
#include <stdint.h>

#include "domain/pattern/prefilter.h"
#include "domain/pattern/required.h"

/* A string that a group has, in the order of adding. */
struct strings_use {
    uint32_t string;
    struct element_use use;
};

/* Caller's storage, zeroed. */
struct strings {
    struct element *list;
    unsigned char *bytes;
    uint32_t *slots; /* open addressing: number + 1 */
    struct strings_use *uses;
    size_t count, capacity, byte_count, byte_capacity, mask, use_count, use_capacity;
};

/* bytes: what string->offset counts from. 0 or ERR_MEMORY. */
int strings_add(struct strings *strings, const unsigned char *bytes, const struct required_string *string,
                struct element_use use);
/* No piece is longer than that from now on. */
void strings_shorten(struct strings *strings, uint8_t most);
/* Writes the strings in the order of numbers, each with its uses, into prefilter, which takes the bytes. 0 or
   ERR_MEMORY. */
int strings_write(struct strings *strings, const uint32_t *numbers, struct prefilter *prefilter);
void strings_close(struct strings *strings);

#endif
