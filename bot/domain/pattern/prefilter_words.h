/* Strings that stand between blanks, by their first word, or two: a text is asked for them word by word
   instead of byte by byte. Private to prefilter_*.c. */
#ifndef PANDU_DOMAIN_PATTERN_PREFILTER_WORDS_H
#define PANDU_DOMAIN_PATTERN_PREFILTER_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "domain/pattern/prefilter.h"
#include "domain/pattern/strings.h"

/* 1 if a string is found that way: words of ASCII, a blank between two, and a blank or an end of the text on
   both sides. Such a string has no
   other form but upper case, U+212A and U+017F. */
int words_may_hold(const struct strings *strings, size_t number);

/* Brings the numbers of such strings in the order of their beginnings; they become the elements from first
   on. Sets prefilter->word_start, word_mask. 0 or ERR_MEMORY. */
int words_sort(const struct strings *strings, uint32_t *numbers, size_t count, size_t first,
               struct prefilter *prefilter);

/* Continues the hash of a word by a byte, in lower case; begins with 0. */
static inline uint32_t words_hash(uint32_t hash, unsigned char byte) {
    return (hash ^ byte) * 0x9E3779B1u;
}
/* Of two words. */
static inline uint32_t words_hash_both(uint32_t first, uint32_t second) {
    return (first * 0x85EBCA6Bu ^ second) * 0xC2B2AE35u;
}
static inline uint32_t words_place(uint32_t hash, uint32_t mask) {
    return (hash ^ hash >> 15) & mask;
}
static inline uint8_t words_tag(uint32_t hash) {
    return (uint8_t)(hash >> 24);
}

#endif
