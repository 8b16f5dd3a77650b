/* The bytes of a text that JSON shows as they are, found many at a time: what a reader may skip and a writer
   may copy. */
#ifndef PANDU_JSON_PLAIN_H
#define PANDU_JSON_PLAIN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { PLAIN_BLOCK = 32, PLAIN_HALF = PLAIN_BLOCK / 2 };

/* Non-zero if one of the eight bytes is one that JSON shows otherwise: a byte of a sum or a difference gets
   its high bit only where it is such a byte, or where one before it is ("Bit Twiddling Hacks", S. E.
   Anderson). */
static inline uint64_t plain_special(uint64_t word) {
    const uint64_t ones = 0x0101010101010101u, high_bits = 0x8080808080808080u;
    uint64_t quotes = ((word ^ ones * '"') - ones) | ((word ^ ones * '\\') - ones);
    return (word | (word - ones * 0x20) | quotes | (word + ones)) & high_bits;
}

/* How many of the eight bytes are none of those, where that can be told: marks that are none of their own
   stand in higher bytes, which come later in the text on most machines. */
static inline size_t plain_first(uint64_t special) {
    const uint16_t one = 1;
    unsigned char first;
    memcpy(&first, &one, 1);
    return first == 1 ? (size_t)__builtin_ctzll(special) / 8 : 0;
}

/* Whether length bytes have none that JSON shows otherwise. Compilers make vectors of it. */
static inline int plain_is_block(const char *text, size_t length) {
    unsigned char found = 0;
    for (size_t i = 0; i < length; i++) {
        /* one more: DEL and all that is not ASCII are below zero then */
        signed char byte = (signed char)((unsigned char)text[i] + 1);
        found |= (unsigned char)((byte <= 0x20) | (byte == '"' + 1) | (byte == '\\' + 1));
    }
    return found == 0;
}

/* The same for a text of less than sixteen bytes: pieces at both its ends, which may overlap. */
static inline int plain_is_short(const char *text, size_t length) {
    uint64_t first = 0x2020202020202020u, last = first;
    if (length >= sizeof first) {
        memcpy(&first, text, sizeof first);
        memcpy(&last, text + length - sizeof last, sizeof last);
    } else if (length >= sizeof(uint32_t)) {
        uint32_t halves[2];
        memcpy(&halves[0], text, sizeof halves[0]);
        memcpy(&halves[1], text + length - sizeof halves[1], sizeof halves[1]);
        first = (uint64_t)halves[0] << 32 | halves[1];
    } else if (length > 0) {
        const unsigned char *bytes = (const unsigned char *)text;
        first =
            (first << 24) | (uint64_t)bytes[0] << 16 | (uint64_t)bytes[length / 2] << 8 | bytes[length - 1];
    }
    return (plain_special(first) | plain_special(last)) == 0;
}

/* Copies less than eight bytes, and tells whether all are plain. */
static inline int plain_copy_shortest(char *restrict out, const char *restrict text, size_t length) {
    if (length >= sizeof(uint32_t)) {
        uint32_t first, last;
        memcpy(&first, text, sizeof first);
        memcpy(&last, text + length - sizeof last, sizeof last);
        memcpy(out, &first, sizeof first);
        memcpy(out + length - sizeof last, &last, sizeof last);
        return plain_special((uint64_t)first << 32 | last) == 0;
    }
    for (size_t i = 0; i < length; i++) {
        out[i] = text[i];
    }
    return plain_is_short(text, length);
}

/* Whether what is left behind the blocks, less than PLAIN_BLOCK bytes, is plain; the blocks are. */
static inline int plain_is_rest(const char *text, size_t at, size_t length) {
    if (length >= PLAIN_BLOCK) {
        return plain_is_block(text + length - PLAIN_BLOCK, PLAIN_BLOCK);
    }
    if (length >= PLAIN_HALF) {
        return plain_is_block(text, PLAIN_HALF) && plain_is_block(text + length - PLAIN_HALF, PLAIN_HALF);
    }
    return plain_is_short(text + at, length - at);
}

/* Number of leading bytes that are printable ASCII and neither a quote nor a backslash. */
static inline size_t plain_length(const char *text, size_t length) {
    size_t at = 0;
    while (length - at >= PLAIN_BLOCK && plain_is_block(text + at, PLAIN_BLOCK)) {
        at += PLAIN_BLOCK;
    }
    if (length - at < PLAIN_BLOCK && plain_is_rest(text, at, length)) {
        return length;
    }
    for (uint64_t word; length - at >= sizeof word; at += sizeof word) {
        memcpy(&word, text + at, sizeof word);
        uint64_t special = plain_special(word);
        if (special != 0) {
            at += plain_first(special);
            break;
        }
    }
    while (at < length && plain_is_block(text + at, 1)) {
        at++;
    }
    return at;
}

#if defined(__SSE2__)
/* The same for sixteen bytes and more, many at a time. */
static inline int plain_copy_blocks(char *restrict out, const char *restrict text, size_t length) {
    const __m128i first = _mm_set1_epi8(0x20 + 1), one = _mm_set1_epi8(1);
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
    __m128i marks = _mm_setzero_si128();
    for (size_t at = 0; at < length; at += sizeof marks) {
        size_t from = length - at < sizeof marks ? length - sizeof marks : at; /* the last may overlap */
        __m128i block = _mm_loadu_si128((const __m128i *)(const void *)(text + from));
        _mm_storeu_si128((__m128i *)(void *)(out + from), block);
        /* one more: DEL and all that is not ASCII are below zero then */
        __m128i is_low = _mm_cmplt_epi8(_mm_add_epi8(block, one), first);
        __m128i is_mark = _mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash));
        marks = _mm_or_si128(marks, _mm_or_si128(is_low, is_mark));
    }
    return _mm_movemask_epi8(marks) == 0;
}
#endif

/* Copies the text to where there is room for it, and tells whether all of it is plain: most texts are short,
   and both at once takes little more than one of the two. */
static inline int plain_copy(char *restrict out, const char *restrict text, size_t length) {
    if (length < sizeof(uint64_t)) {
        return plain_copy_shortest(out, text, length);
    }
#if defined(__SSE2__)
    if (length >= PLAIN_HALF) {
        return plain_copy_blocks(out, text, length);
    }
#endif
    uint64_t word, marks = 0;
    for (size_t at = 0; length - at > sizeof word; at += sizeof word) {
        memcpy(&word, text + at, sizeof word);
        memcpy(out + at, &word, sizeof word);
        marks |= plain_special(word);
    }
    memcpy(&word, text + length - sizeof word, sizeof word);
    memcpy(out + length - sizeof word, &word, sizeof word);
    return (marks | plain_special(word)) == 0;
}

#endif
