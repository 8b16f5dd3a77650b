/* The strict scanner (RFC 8259 as value_parse reads it). Never keeps a tree, never recurses deeper than
   VALUE_DEPTH_MAX. Called by channel/websocket for every message of a visitor. */
#include "json/scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "json/plain.h"

#include "banned.h"

enum { SHORT_WORDS = 2 };

struct scan {
    const char *at, *end;
    struct arena *arena;
};

static int scan_value(struct scan *scan, int level, struct scan_member *out);

static void skip_space(struct scan *scan) {
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\t' || *scan->at == '\r')) {
        scan->at++;
    }
}

/* Takes one character if it comes next (blanks before it are skipped). */
static int take(struct scan *scan, char expected) {
    skip_space(scan);
    if (scan->at < scan->end && *scan->at == expected) {
        scan->at++;
        return 1;
    }
    return 0;
}

/* ---- texts ---- */

static int hex_digit(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The four digits after "\u", or -1. */
static int32_t unicode_escape(const char *at, const char *end) {
    int32_t unit = 0;
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u') {
        return -1;
    }
    for (int i = 2; i < 6; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0) {
            return -1;
        }
        unit = unit * 16 + digit;
    }
    return unit;
}

/* Reads the escape at *at; returns its code point and moves *at behind it, or -1: not one of JSON, a lone
   surrogate, or NUL. */
static int32_t read_escape(const char **at, const char *end) {
    static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    if (end - *at < 2) {
        return -1;
    }
    if ((*at)[1] != 'u') {
        const char *letter = (*at)[1] != '\0' ? strchr(letters, (*at)[1]) : NULL;
        *at += 2;
        return letter != NULL ? values[letter - letters] : -1;
    }
    int32_t unit = unicode_escape(*at, end);
    if (unit <= 0 || (unit >= 0xDC00 && unit <= 0xDFFF)) {
        return -1;
    }
    *at += 6;
    if (unit < 0xD800 || unit > 0xDFFF) {
        return unit;
    }
    int32_t low = unicode_escape(*at, end);
    if (low < 0xDC00 || low > 0xDFFF) {
        return -1;
    }
    *at += 6;
    return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
}

/* How many of the eight bytes at text come before the first that JSON shows otherwise: the lowest mark of
   special (plain.h) is the first byte's where the lowest byte of a word comes first. */
static size_t plain_before(const char *text, uint64_t special) {
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? (size_t)__builtin_ctzll(special) / 8
                                                     : plain_length(text, sizeof special);
}

/* Behind the bytes that JSON shows as they are. Keys and ids end within eight or sixteen bytes: looking at
   more at once would cost more than it saves. */
static const char *skip_plain(const char *at, const char *end) {
    for (int i = 0; i < SHORT_WORDS && end - at >= (ptrdiff_t)sizeof(uint64_t); i++) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        uint64_t special = plain_special(word);
        if (special != 0) {
            return at + plain_before(at, special);
        }
        at += sizeof word;
    }
    return at + plain_length(at, (size_t)(end - at));
}

/* Finds the end of the text that begins at scan->at; its bytes are known to be UTF-8. */
static int scan_string(struct scan *scan, struct scan_member *out) {
    const char *at = scan->at, *end = scan->end;
    if (at >= end || *at != '"') {
        return ERR_SYNTAX;
    }
    *out = (struct scan_member){.type = VALUE_TEXT, .raw = ++at};
    for (;;) {
        at = skip_plain(at, end);
        if (at >= end || (*at >= 0 && *at < 0x20)) {
            return ERR_SYNTAX;
        }
        if (*at == '"') {
            break;
        }
        if (*at != '\\') {
            at++; /* DEL, or part of a longer character */
            continue;
        }
        out->is_escaped = 1;
        if (read_escape(&at, end) < 0) {
            return ERR_SYNTAX;
        }
    }
    out->raw_length = (size_t)(at - out->raw);
    scan->at = at + 1;
    return 0;
}

const char *scan_member_text(const struct scan_member *member, struct arena *arena, size_t *length) {
    size_t used = member->raw_length;
    char *text = arena_copy(arena, member->raw, member->raw_length);
    if (member->is_escaped) {
        const char *at = member->raw, *end = at + member->raw_length;
        for (used = 0; at < end;) {
            if (*at != '\\') {
                text[used++] = *at++;
                continue;
            }
            used +=
                u8_encode((uint32_t)read_escape(&at, end), text + used); /* never longer than the escape */
        }
        text[used] = '\0';
    }
    if (length != NULL) {
        *length = used;
    }
    return text;
}

/* ---- numbers and words ---- */

static size_t count_digits(const char *at, const char *end) {
    size_t count = 0;
    while (at + count < end && at[count] >= '0' && at[count] <= '9') {
        count++;
    }
    return count;
}

static int read_integer(const char *digits, size_t count, int is_negative, int64_t *out) {
    uint64_t limit = is_negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX, number = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t digit = (uint64_t)(digits[i] - '0');
        if (number > (limit - digit) / 10) {
            return ERR_SYNTAX;
        }
        number = number * 10 + digit;
    }
    *out = is_negative ? (int64_t)(0 - number) : (int64_t)number;
    return 0;
}

/* The fraction and exponent at *at, if there are any: 1, 0, or ERR_SYNTAX. */
static int scan_fraction(const char **at, const char *end) {
    int is_real = 0;
    if (*at < end && **at == '.') {
        size_t count = count_digits(*at + 1, end);
        *at += 1 + count;
        is_real = count > 0 ? 1 : ERR_SYNTAX;
    }
    if (is_real >= 0 && *at < end && (**at == 'e' || **at == 'E')) {
        *at += *at + 1 < end && ((*at)[1] == '+' || (*at)[1] == '-') ? 2 : 1;
        size_t count = count_digits(*at, end);
        *at += count;
        is_real = count > 0 ? 1 : ERR_SYNTAX;
    }
    return is_real;
}

static int scan_number(struct scan *scan, struct scan_member *out) {
    const char *start = scan->at, *at = start;
    int is_negative = *at == '-';
    at += is_negative;
    size_t count = count_digits(at, scan->end);
    const char *digits = at;
    at += count;
    int is_real = scan_fraction(&at, scan->end);
    if (count == 0 || (count > 1 && *digits == '0') || is_real < 0) {
        return ERR_SYNTAX;
    }
    *out = (struct scan_member){.type = is_real ? VALUE_REAL : VALUE_INT};
    scan->at = at;
    if (!is_real) {
        return read_integer(digits, count, is_negative, &out->number);
    }
    return isinf(strtod(arena_copy(scan->arena, start, (size_t)(at - start)), NULL)) ? ERR_SYNTAX : 0;
}

static int scan_word(struct scan *scan, struct scan_member *out) {
    static const struct {
        const char *word;
        size_t length;
        enum value_type type;
    } words[] = {{"true", 4, VALUE_BOOL}, {"false", 5, VALUE_BOOL}, {"null", 4, VALUE_NULL}};
    size_t left = (size_t)(scan->end - scan->at);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (left >= words[i].length && memcmp(scan->at, words[i].word, words[i].length) == 0) {
            *out = (struct scan_member){.type = words[i].type, .number = i == 0};
            scan->at += words[i].length;
            return 0;
        }
    }
    return ERR_SYNTAX;
}

/* ---- arrays and objects ---- */

static int scan_array(struct scan *scan, int level) {
    struct scan_member ignored;
    scan->at++;
    if (take(scan, ']')) {
        return 0;
    }
    do {
        int rc = scan_value(scan, level + 1, &ignored);
        if (rc != 0) {
            return rc;
        }
    } while (take(scan, ','));
    return take(scan, ']') ? 0 : ERR_SYNTAX;
}

static int scan_key(struct scan *scan, const struct scan_member *members, size_t count, const char **key,
                    size_t *length) {
    struct scan_member name;
    skip_space(scan);
    if (scan_string(scan, &name) != 0 || !take(scan, ':')) {
        return ERR_SYNTAX;
    }
    *key = name.raw;
    *length = name.raw_length;
    if (name.is_escaped) {
        *key = scan_member_text(&name, scan->arena, length);
    }
    for (size_t i = 0; i < count; i++) {
        if (members[i].key_length == *length && memcmp(members[i].key, *key, *length) == 0) {
            return ERR_SYNTAX;
        }
    }
    return 0;
}

static int scan_members(struct scan *scan, int level, struct scan_member *members, size_t *count) {
    *count = 0;
    scan->at++;
    if (take(scan, '}')) {
        return 0;
    }
    do {
        const char *key;
        size_t length;
        if (*count == SCAN_MEMBERS_MAX) {
            return ERR_LIMIT;
        }
        int rc = scan_key(scan, members, *count, &key, &length);
        rc = rc != 0 ? rc : scan_value(scan, level + 1, &members[*count]);
        if (rc != 0) {
            return rc;
        }
        members[*count].key = key;
        members[*count].key_length = length;
        (*count)++;
    } while (take(scan, ','));
    return take(scan, '}') ? 0 : ERR_SYNTAX;
}

static int scan_nested(struct scan *scan, int level) {
    struct scan_member members[SCAN_MEMBERS_MAX];
    size_t count;
    return scan_members(scan, level, members, &count);
}

static int scan_value(struct scan *scan, int level, struct scan_member *out) {
    skip_space(scan);
    if (level > VALUE_DEPTH_MAX) {
        return ERR_LIMIT;
    }
    char first = scan->at < scan->end ? *scan->at : '\0';
    if (first == '"') {
        return scan_string(scan, out);
    }
    if (first == '-' || (first >= '0' && first <= '9')) {
        return scan_number(scan, out);
    }
    if (first == '{' || first == '[') {
        *out = (struct scan_member){.type = first == '{' ? VALUE_OBJECT : VALUE_ARRAY};
        return first == '{' ? scan_nested(scan, level) : scan_array(scan, level);
    }
    return first != '\0' ? scan_word(scan, out) : ERR_SYNTAX;
}

int scan_object(const char *bytes, size_t length, struct arena *arena,
                struct scan_member members[SCAN_MEMBERS_MAX], size_t *count) {
    struct scan scan = {bytes, bytes + length, arena};
    *count = 0;
    skip_space(&scan);
    if (scan.at >= scan.end || *scan.at != '{' || !u8_valid(bytes, length)) {
        return ERR_SYNTAX;
    }
    int rc = scan_members(&scan, 1, members, count);
    skip_space(&scan);
    return rc != 0 ? rc : scan.at == scan.end ? 0 : ERR_SYNTAX;
}
