/* The direct JSON writer. Never checks that brackets and commas are where they belong: its callers' tests do.
   Called by app and the engine. */
#include "json/printer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "json/plain.h"

#include "banned.h"

enum { REAL_MAX = 40, WHOLE_MAX = 1000000000, SHORT_MAX = 48 /* bytes copied while they are looked at */ };

void printer_init(struct printer *printer, struct arena *arena, size_t expected) {
    *printer = (struct printer){.arena = arena, .capacity = expected + 64};
    printer->data = arena_room(arena, printer->capacity);
}

void printer_grow(struct printer *printer, size_t extra) {
    size_t capacity = 2 * printer->capacity + extra + 1;
    char *larger = arena_room(printer->arena, capacity);
    memcpy(larger, printer->data, printer->length);
    printer->data = larger;
    printer->capacity = capacity;
}

/* RFC 8259 section 7, in the spelling of jansson: short forms where there are any. */
static void add_escaped(struct printer *printer, unsigned char byte) {
    static const char names[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    char escaped[8];
    if (byte == '\n') { /* nearly always */
        printer_bytes(printer, "\\n", 2);
        return;
    }
    const char *name = strchr(names, byte);
    if (name != NULL) {
        escaped[0] = '\\';
        escaped[1] = letters[name - names];
        printer_bytes(printer, escaped, 2);
    } else {
        int length = snprintf(escaped, sizeof escaped, "\\u%04X", byte);
        printer_bytes(printer, escaped, (size_t)length);
    }
}

static inline int needs_escape(unsigned char byte) {
    return byte < 0x20 || byte == '"' || byte == '\\';
}

/* Whether the character at text, which is none of those, is one that put.h escapes; a NUL byte ends it. */
static inline int is_odd(const unsigned char *text) {
    return text[0] == 0x7f || (text[0] == 0xC2 && text[1] < 0xA0) ||
           (text[0] == 0xE2 && text[1] == 0x80 && (text[2] == 0xA8 || text[2] == 0xA9));
}

/* Copies the plain bytes at the beginning, for which there is room, and returns how many they are. */
static size_t add_plain(struct printer *printer, const char *text, size_t length) {
    char *out = printer->data + printer->length;
    size_t at = 0;
    uint64_t word, special = 0;
    for (; length - at >= sizeof word && special == 0;
         at += special == 0 ? sizeof word : plain_first(special)) {
        memcpy(&word, text + at, sizeof word);
        memcpy(out + at, &word, sizeof word);
        special = plain_special(word);
    }
    while (at < length && plain_is_block(text + at, 1)) {
        out[at] = text[at];
        at++;
    }
    printer->length += at;
    return at;
}

/* The rest of a character that need not be escaped, or more of them. Returns how many bytes. */
static size_t add_character(struct printer *printer, const char *text, size_t length) {
    size_t size = 1;
    while (size < length && ((unsigned char)text[size] & 0xC0) == 0x80) {
        size++;
    }
    printer->is_odd |= is_odd((const unsigned char *)text);
    memcpy(printer->data + printer->length, text, size);
    printer->length += size;
    return size;
}

/* plain: so many bytes at the beginning go out as they are. */
static void add_text(struct printer *printer, const char *text, size_t length, size_t plain) {
    printer_need(printer, length + 2);
    printer_bytes(printer, "\"", 1);
    printer_bytes(printer, text, plain);
    for (size_t at = plain; at < length;) {
        if (needs_escape((unsigned char)text[at])) {
            add_escaped(printer, (unsigned char)text[at++]);
            printer_need(printer, length - at + 1);
        } else if ((unsigned char)text[at] >= 0x7F) {
            at += add_character(printer, text + at, length - at);
        } else {
            at += add_plain(printer, text + at, length - at);
        }
    }
    printer_bytes(printer, "\"", 1);
}

/* One that is long, or not plain: apart, so that the others pay nothing for it. */
__attribute__((noinline)) static void add_any(struct printer *printer, const char *text, size_t length) {
    size_t plain = plain_length(text, length);
    if (plain == length || u8_valid(text + plain, length - plain)) {
        add_text(printer, text, length, plain);
        return;
    }
    char *repaired = u8_repaired(text, length);
    printer->failed |= repaired == NULL;
    if (repaired != NULL) {
        add_text(printer, repaired, strlen(repaired), 0);
    }
    free(repaired);
}

void printer_text(struct printer *printer, const char *text) {
    if (text == NULL) {
        printer_bytes(printer, "null", 4);
        return;
    }
    size_t length = strlen(text);
    if (length <= SHORT_MAX) { /* nearly all */
        printer_need(printer, length + 2);
        char *at = printer->data + printer->length;
        if (plain_copy(at + 1, text, length)) {
            at[0] = at[length + 1] = '"';
            printer->length += length + 2;
            return;
        }
    }
    add_any(printer, text, length);
}

void printer_int(struct printer *printer, int64_t number) {
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (number < 0) {
        digits[--at] = '-';
    }
    printer_bytes(printer, digits + at, sizeof digits - at);
}

/* As value_print and jansson do it: 15 digits, ".0" after a whole number, no "+" and no leading zeros in the
   exponent. The program never sets a locale, so the point is a point. */
void printer_real(struct printer *printer, double number) {
    char text[REAL_MAX];
    if (number > 0 && number < WHOLE_MAX && number == (double)(int64_t)number) { /* most percents */
        printer_int(printer, (int64_t)number);
        printer_bytes(printer, ".0", 2);
        return;
    }
    int length = snprintf(text, sizeof text, "%.15g", number);
    if (number - number != 0 || length < 0 || (size_t)length >= sizeof text) {
        printer->failed = 1;
        return;
    }
    char *exponent = strchr(text, 'e');
    if (exponent == NULL) {
        printer_bytes(printer, text, (size_t)length);
        if (strchr(text, '.') == NULL) {
            printer_bytes(printer, ".0", 2);
        }
        return;
    }
    printer_bytes(printer, text, (size_t)(exponent - text) + 1);
    const char *digits = exponent + 2;
    if (exponent[1] == '-') {
        printer_bytes(printer, "-", 1);
    }
    digits += strspn(digits, "0");
    printer_raw(printer, digits);
}

const char *printer_end(struct printer *printer, size_t *length) {
    printer->data[printer->length] = '\0';
    if (length != NULL) {
        *length = printer->length;
    }
    return printer->failed ? NULL : printer->data;
}
