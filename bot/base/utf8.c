/* UTF-8 without any table of letters (those live in domain/text). Called by text, json and the channels. */
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#include "banned.h"

/* Bounds of the second byte and the length for a lead byte: RFC 3629 section 4. */
static size_t lead(unsigned char byte, unsigned char *low, unsigned char *high) {
    *low = 0x80;
    *high = 0xBF;
    if (byte < 0x80) {
        return 1;
    }
    if (byte >= 0xC2 && byte <= 0xDF) {
        return 2;
    }
    if (byte >= 0xE0 && byte <= 0xEF) {
        *low = byte == 0xE0 ? 0xA0 : 0x80;
        *high = byte == 0xED ? 0x9F : 0xBF;
        return 3;
    }
    if (byte >= 0xF0 && byte <= 0xF4) {
        *low = byte == 0xF0 ? 0x90 : 0x80;
        *high = byte == 0xF4 ? 0x8F : 0xBF;
        return 4;
    }
    return 0;
}

size_t u8_decode(const char *text, size_t length, uint32_t *code_point) {
    static const unsigned char lead_mask[5] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    *code_point = U8_REPLACEMENT;
    if (length == 0) {
        return 0;
    }
    unsigned char low, high;
    size_t size = lead((unsigned char)text[0], &low, &high);
    if (size == 0) {
        return 1;
    }
    uint32_t value = (unsigned char)text[0] & lead_mask[size];
    for (size_t i = 1; i < size; i++) {
        if (i >= length) {
            return i;
        }
        unsigned char byte = (unsigned char)text[i];
        if (byte < (i == 1 ? low : 0x80) || byte > (i == 1 ? high : 0xBF)) {
            return i;
        }
        value = value << 6 | (byte & 0x3Fu);
    }
    *code_point = value;
    return size;
}

size_t u8_encode(uint32_t code_point, char out[4]) {
    uint32_t value = code_point;
    if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        value = U8_REPLACEMENT;
    }
    if (value < 0x80) {
        out[0] = (char)value;
        return 1;
    }
    size_t size = value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
    static const unsigned char mark[5] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80u | (value & 0x3Fu));
        value >>= 6;
    }
    out[0] = (char)(mark[size] | value);
    return size;
}

/* From at on, the first byte that is not ASCII; eight at a time, as nearly all of them are. */
static size_t skip_ascii(const char *text, size_t length, size_t at) {
    const uint64_t high_bits = 0x8080808080808080u;
    uint64_t word;
    for (; length - at >= sizeof word; at += sizeof word) {
        memcpy(&word, text + at, sizeof word);
        if ((word & high_bits) != 0) {
            break;
        }
    }
    if (length - at < sizeof word && length >= sizeof word) { /* the last eight at once, some of them again */
        memcpy(&word, text + length - sizeof word, sizeof word);
        if ((word & high_bits) == 0) {
            return length;
        }
    }
    while (at < length && (unsigned char)text[at] < 0x80) {
        at++;
    }
    return at;
}

int u8_valid(const char *text, size_t length) {
    for (size_t at = skip_ascii(text, length, 0); at < length; at = skip_ascii(text, length, at)) {
        uint32_t code_point;
        size_t size = u8_decode(text + at, length - at, &code_point);
        if (code_point == U8_REPLACEMENT && !(size == 3 && (unsigned char)text[at] == 0xEF)) {
            return 0;
        }
        at += size;
    }
    return 1;
}

size_t u8_count(const char *text, size_t length) {
    size_t count = 0;
    for (size_t at = 0; at < length; count++) {
        uint32_t code_point;
        at += u8_decode(text + at, length - at, &code_point);
    }
    return count;
}

size_t u8_cut(const char *text, size_t length, size_t limit) {
    if (length <= limit) {
        return length;
    }
    size_t at = limit;
    while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80) {
        at--;
    }
    return at;
}

char *u8_repaired(const char *text, size_t length) {
    size_t used = 0;
    char *copy = length < SIZE_MAX / 3 ? malloc(3 * length + 1) : NULL; /* one bad byte becomes three */
    if (copy == NULL) {
        return NULL;
    }
    for (size_t at = 0; at < length;) {
        uint32_t code_point;
        at += u8_decode(text + at, length - at, &code_point);
        used += u8_encode(code_point, copy + used);
    }
    copy[used] = '\0';
    return copy;
}
