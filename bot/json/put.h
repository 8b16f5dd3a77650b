/* JSON written straight into a buffer, without a tree: valid whatever the text. */
#ifndef PANDU_JSON_PUT_H
#define PANDU_JSON_PUT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"

/* buf_add for the many small pieces of a message: inlined where there is room, which is nearly always. */
static inline void put_raw(struct buf *out, const char *bytes, size_t length) {
    if (out->failed == 0 && out->capacity > out->length && length < out->capacity - out->length &&
        length <= out->limit - out->length) {
        memcpy(out->data + out->length, bytes, length);
        out->length += length;
        out->data[out->length] = '\0';
    } else {
        (void)buf_add(out, bytes, length);
    }
}

/* Appends text with its quotes. Control characters (C0, DEL, C1), quotes, backslashes, U+2028 and U+2029 are
   escaped, bytes that are no UTF-8 become U+FFFD; NULL becomes null. Failures stay in out->failed. */
void put_text(struct buf *out, const char *text);
void put_text_bytes(struct buf *out, const char *text, size_t length);

void put_unsigned(struct buf *out, uint64_t number);
void put_int(struct buf *out, int64_t number);

/* At most two decimals, none that say nothing ("66.67", "50"); what is no number or beyond ±10^15 becomes 0.
 */
void put_decimal(struct buf *out, double number);

#endif
