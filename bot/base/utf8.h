/* UTF-8, byte by byte (RFC 3629): decoding, encoding, validity. Knows no letters. */
#ifndef PANDU_BASE_UTF8_H
#define PANDU_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

enum { U8_REPLACEMENT = 0xFFFD };

/* Decodes one code point at text[0..length). Returns the bytes used (1..4) and sets *code_point; an invalid
   or truncated sequence yields U8_REPLACEMENT and the length of its maximal invalid part. 0 when length is 0.
 */
size_t u8_decode(const char *text, size_t length, uint32_t *code_point);

/* Writes code_point to out (room for 4 bytes), returns 1..4; surrogates and > 0x10FFFF become U+FFFD. */
size_t u8_encode(uint32_t code_point, char out[4]);

/* 1 if all of text is valid UTF-8. */
int u8_valid(const char *text, size_t length);

/* Number of code points; invalid parts count as one each. */
size_t u8_count(const char *text, size_t length);

/* The largest prefix length <= limit that does not cut a code point. */
size_t u8_cut(const char *text, size_t length, size_t limit);

/* A copy in which every invalid part is U+FFFD; caller frees. NULL when there is no memory. */
char *u8_repaired(const char *text, size_t length);

#endif
