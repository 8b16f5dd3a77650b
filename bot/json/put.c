/* Writes JSON values into a buffer. Never uses the locale or a tree. Called by channel/websocket for every
   message to a visitor. */
#include "json/put.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "json/plain.h"

#include "banned.h"

static void put_escape(struct buf *out, uint32_t code_point) {
    static const char letters[] = "btn?fr", digits[] = "0123456789abcdef";
    char escape[6] = {'\\', (char)code_point};
    if (code_point >= 8 && code_point <= 13 && code_point != 11) {
        escape[1] = letters[code_point - 8];
    } else if (code_point != '"' && code_point != '\\') {
        escape[1] = 'u';
        for (int i = 0; i < 4; i++) {
            escape[2 + i] = digits[code_point >> (12 - 4 * i) & 15];
        }
        put_raw(out, escape, 6);
        return;
    }
    put_raw(out, escape, 2);
}

static int needs_escape(uint32_t code_point) {
    return code_point < 0x20 || code_point == '"' || code_point == '\\' ||
           (code_point >= 0x7f && code_point < 0xa0) || code_point == 0x2028 || code_point == 0x2029;
}

/* plain: so many bytes at the beginning go out as they are. */
static void put_behind(struct buf *out, const char *text, size_t length, size_t plain) {
    size_t start = 0, at = plain; /* text[start..at) goes out as it is */
    put_raw(out, "\"", 1);
    while ((at += plain_length(text + at, length - at)) < length) {
        uint32_t code_point;
        size_t size = u8_decode(text + at, length - at, &code_point);
        int is_bad = code_point == U8_REPLACEMENT && !(size == 3 && (unsigned char)text[at] == 0xEF);
        if (is_bad || needs_escape(code_point)) {
            put_raw(out, text + start, at - start);
            if (is_bad) {
                put_raw(out, "\xEF\xBF\xBD", 3);
            } else {
                put_escape(out, code_point);
            }
            start = at + size;
        }
        at += size;
    }
    put_raw(out, text + start, at - start);
    put_raw(out, "\"", 1);
}

void put_text_bytes(struct buf *out, const char *text, size_t length) {
    size_t plain = plain_length(text, length), room = out->capacity - out->length;
    if (plain < length || out->failed != 0 || room < length + 3 || out->limit - out->length < length + 2) {
        put_behind(out, text, length, plain);
        return;
    }
    char *at = out->data + out->length; /* nearly all texts are plain and find room */
    at[0] = '"';
    memcpy(at + 1, text, length);
    at[length + 1] = '"';
    at[length + 2] = '\0';
    out->length += length + 2;
}

void put_text(struct buf *out, const char *text) {
    if (text == NULL) {
        put_raw(out, "null", 4);
    } else {
        put_text_bytes(out, text, strlen(text));
    }
}

/* Two digits a division: every event has a time of thirteen. */
void put_unsigned(struct buf *out, uint64_t number) {
    static const char pairs[] =
        "0001020304050607080910111213141516171819202122232425262728293031323334353637383940"
        "4142434445464748495051525354555657585960616263646566676869707172737475767778798081"
        "828384858687888990919293949596979899";
    char digits[20];
    size_t at = sizeof digits;
    for (; number >= 100; number /= 100) {
        at -= 2;
        memcpy(digits + at, pairs + 2 * (number % 100), 2);
    }
    at -= number >= 10 ? 2 : 1;
    memcpy(digits + at, pairs + 2 * number + (number < 10), number >= 10 ? 2 : 1);
    put_raw(out, digits + at, sizeof digits - at);
}

void put_int(struct buf *out, int64_t number) {
    if (number < 0) {
        put_raw(out, "-", 1);
    }
    put_unsigned(out, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

void put_decimal(struct buf *out, double number) {
    int64_t hundredths = fabs(number) <= 1e15 ? llround(number * 100) : 0; /* false for NaN */
    uint64_t size = hundredths < 0 ? 0 - (uint64_t)hundredths : (uint64_t)hundredths;
    if (hundredths < 0) {
        put_raw(out, "-", 1);
    }
    put_unsigned(out, size / 100);
    if (size % 100 != 0) {
        char decimals[3] = {'.', (char)('0' + size % 100 / 10), (char)('0' + size % 10)};
        put_raw(out, decimals, size % 10 != 0 ? 3 : 2);
    }
}
