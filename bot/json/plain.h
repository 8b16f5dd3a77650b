/* The bytes of a text that JSON shows as they are, found many at a time: what a reader may skip and a writer
   may copy. */
#ifndef PANDU_JSON_PLAIN_H
#define PANDU_JSON_PLAIN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { PLAIN_BLOCK = 32 };

/* Non-zero if a byte of word is zero; exact for "any", which byte it is must be looked up ("Bit Twiddling
   Hacks", S. E. Anderson, "Determine if a word has a zero byte"). */
static inline uint64_t plain_zero(uint64_t word) {
    return (word - 0x0101010101010101u) & ~word & 0x8080808080808080u;
}

/* Whether a block of bytes has one that JSON shows otherwise. Compilers make vectors of it. */
static inline int plain_is_block(const char *text) {
    unsigned char found = 0;
    for (size_t i = 0; i < PLAIN_BLOCK; i++) {
        unsigned char byte = (unsigned char)text[i];
        found |= (unsigned char)((byte < 0x20) | (byte > 0x7e) | (byte == '"') | (byte == '\\'));
    }
    return found == 0;
}

/* Number of leading bytes that are printable ASCII and neither a quote nor a backslash. */
static inline size_t plain_length(const char *text, size_t length) {
    const uint64_t ones = 0x0101010101010101u, high_bits = 0x8080808080808080u;
    size_t at = 0;
    while (length - at >= PLAIN_BLOCK && plain_is_block(text + at)) {
        at += PLAIN_BLOCK;
    }
    for (uint64_t word; length - at >= sizeof word; at += sizeof word) {
        memcpy(&word, text + at, sizeof word);
        uint64_t control = (word - ones * 0x20) & ~word & high_bits;
        uint64_t special =
            plain_zero(word ^ ones * '"') | plain_zero(word ^ ones * '\\') | plain_zero(word ^ ones * 0x7f);
        if (((word & high_bits) | control | special) != 0) {
            break;
        }
    }
    while (at < length && text[at] >= 0x20 && text[at] < 0x7f && text[at] != '"' && text[at] != '\\') {
        at++;
    }
    return at;
}

#endif
