/* Writes JSON straight into an arena, without values in between: for what is written at every turn. The bytes
   are those value_print(value, 0) would give for the same. */
#ifndef PANDU_JSON_PRINTER_H
#define PANDU_JSON_PRINTER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

/* Caller's storage. The caller writes brackets, commas and keys itself, and only ASCII ones. */
struct printer {
    struct arena *arena;
    char *data;
    size_t length, capacity;
    int failed; /* a number that is none: JSON has no word for it */
    int is_odd; /* a text has what put.h escapes and this does not: DEL, C1, U+2028, U+2029 */
};

/* expected: bytes it will about need. */
void printer_init(struct printer *printer, struct arena *arena, size_t expected);

/* Room for extra bytes and a NUL, where there is not enough. */
void printer_grow(struct printer *printer, size_t extra);

/* For who writes them himself: data has room for so many bytes and a NUL. */
static inline void printer_need(struct printer *printer, size_t length) {
    if (printer->capacity - printer->length <= length) {
        printer_grow(printer, length);
    }
}

/* Bytes as they are: {"key": and the like. */
static inline void printer_bytes(struct printer *printer, const char *bytes, size_t length) {
    printer_need(printer, length);
    memcpy(printer->data + printer->length, bytes, length);
    printer->length += length;
}
static inline void printer_raw(struct printer *printer, const char *text) {
    printer_bytes(printer, text, strlen(text)); /* known to the compiler for a literal */
}
/* A quoted and escaped text; null for NULL. What is no UTF-8 becomes U+FFFD: a reply that was given must be
 * storable. */
void printer_text(struct printer *printer, const char *text);
void printer_int(struct printer *printer, int64_t number);
void printer_real(struct printer *printer, double number);

/* The text, NUL-terminated, in the arena; NULL when it failed. length may be NULL. */
const char *printer_end(struct printer *printer, size_t *length);

#endif
