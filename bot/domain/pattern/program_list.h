/* Lists of words in programs: what an expression's alternatives are when nothing but words is in them.
   Private to program_*.c. */
#ifndef PANDU_DOMAIN_PATTERN_PROGRAM_LIST_H
#define PANDU_DOMAIN_PATTERN_PROGRAM_LIST_H

#include <stdint.h>

#include "domain/pattern/program.h"
#include "domain/pattern/program_read.h"

/* The operation of an item that is nothing but words, without what follows it; bytes: of the items' strings.
   1; 0 if it is something else, or too much; -1 without memory. Equal lists are there once. */
int program_list_write(struct program_pool *pool, const struct item *items, const char *bytes, uint32_t item,
                       struct program_op *op);

/* The first four bytes of a text as one number, in the order of texts; zeros behind its end. */
static inline uint32_t program_key(const char *bytes, size_t length) {
    uint32_t key = 0;
    if (length >= 4) {
        const unsigned char *first = (const unsigned char *)bytes;
        return (uint32_t)first[0] << 24 | (uint32_t)first[1] << 16 | (uint32_t)first[2] << 8 | first[3];
    }
    for (size_t i = 0; i < 4; i++) {
        key = key << 8 | (i < length ? (unsigned char)bytes[i] : 0u);
    }
    return key;
}

/* A bit of a filter for texts whose key, without its last bits, is this: of three letters, or of two where a
   list has words of two. */
static inline unsigned program_spot(uint32_t key, unsigned last_bits) {
    return (key >> last_bits) * 0x9E3779B1u >> 26;
}

#endif
