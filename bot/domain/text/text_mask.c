/* Masks Indonesian identity numbers (NIK, 16 digits) before anything is stored. Never touches phone numbers,
   amounts or dates. Called by text folding and by whoever stores text that was not folded. */
#include "domain/text/text.h"

#include <string.h>

#include "base/arena.h"

#include "banned.h"

enum { NIK_DIGITS = 16, NIK_SHOWN = 4, GROUPS_MAX = 16 };

/* Digits without a separator between them. */
struct group {
    size_t start, digits, end;
};

/* Size of the digit at text (ASCII or fullwidth, U+FF10..U+FF19), 0 if it is none. */
static size_t digit_size(const char *text, size_t length) {
    if (length >= 1 && text[0] >= '0' && text[0] <= '9') {
        return 1;
    }
    const unsigned char *bytes = (const unsigned char *)text;
    return length >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBC && bytes[2] >= 0x90 && bytes[2] <= 0x99 ? 3
                                                                                                       : 0;
}

static struct group read_group(const char *bytes, size_t length, size_t at) {
    struct group group = {.start = at, .end = at};
    size_t size;
    while ((size = digit_size(bytes + group.end, length - group.end)) != 0) {
        group.end += size;
        group.digits++;
    }
    return group;
}

/* 1 if two digits such as "08" cannot begin a NIK in this place: province codes begin at 11, and "+62 8.."
   and "08.." are phones. Only asked for split numbers: 16 digits in one piece are never a phone (E.164: 15).
 */
static int is_phone_start(const char *bytes, size_t at) {
    if (bytes[at] == '0' || (at > 0 && bytes[at - 1] == '+')) {
        return 1;
    }
    return bytes[at] == '6' && bytes[at + 1] == '2' && bytes[at + 2] == '8';
}

/* 1 if every group has the digits of a calendar year: "2019 2020 2021 2022". */
static int are_years(const char *bytes, const struct group *groups, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const char *year = bytes + groups[i].start;
        if (groups[i].digits != 4 || (memcmp(year, "19", 2) != 0 && memcmp(year, "20", 2) != 0)) {
            return 0;
        }
    }
    return 1;
}

/* 1 for what people write with two kinds of separators, amounts and dates ("10.000.000-15.000.000",
   "22-11-2026 23-11-2026"), and for one amount of 16 digits. */
static int is_amount_or_date(const char *bytes, const struct group *groups, size_t count) {
    int mixed = 0, thousands = groups[0].digits <= 3;
    for (size_t i = 1; i < count; i++) {
        mixed |= i + 1 < count && bytes[groups[i].end] != bytes[groups[0].end];
    }
    size_t part_groups = 0, dates = 0, parts = 1;
    for (size_t i = 0; i < count; i++) {
        part_groups++;
        int part_ends = i + 1 == count || (mixed && bytes[groups[i].end] != bytes[groups[0].end]);
        thousands &= part_groups == 1 ? groups[i].digits <= 3 : groups[i].digits == 3;
        if (part_ends) {
            dates += part_groups == 3;
            parts += i + 1 < count;
            part_groups = 0;
        }
    }
    return thousands || (mixed && dates == parts && parts == 2);
}

static int is_identity(const char *bytes, const struct group *groups, size_t count) {
    if (count == 1) {
        return 1;
    }
    return !is_phone_start(bytes, groups[0].start) && !are_years(bytes, groups, count) &&
           !is_amount_or_date(bytes, groups, count);
}

/* Groups of the number at bytes[at], joined by single separators, until they have 16 digits or more. Returns
   their count; *digits gets the sum. */
static size_t read_number(const char *bytes, size_t length, size_t at, struct group *groups, size_t *digits) {
    size_t count = 0;
    *digits = 0;
    while (count < GROUPS_MAX && *digits < NIK_DIGITS) {
        struct group group = read_group(bytes, length, at);
        if (group.digits == 0) {
            break;
        }
        groups[count++] = group;
        *digits += group.digits;
        at = group.end + 1;
        if (group.end >= length || strchr(" .-", bytes[group.end]) == NULL || bytes[group.end] == '\0') {
            break;
        }
    }
    return count;
}

struct output {
    char *bytes;
    size_t length;
};

static void copy(struct output *output, const char *bytes, size_t length) {
    memcpy(output->bytes + output->length, bytes, length);
    output->length += length;
}

static void copy_masked(struct output *output, const char *bytes, const struct group *groups, size_t count) {
    size_t seen = 0, end = groups[count - 1].end;
    for (size_t at = groups[0].start; at < end;) {
        size_t size = digit_size(bytes + at, end - at);
        if (size != 0 && seen++ < NIK_DIGITS - NIK_SHOWN) {
            output->bytes[output->length++] = '*';
        } else {
            copy(output, bytes + at, size != 0 ? size : 1);
        }
        at += size != 0 ? size : 1;
    }
}

int text_mask_identity(const char *bytes, size_t length, struct arena *arena, const char **out,
                       size_t *out_length) {
    struct output output = {.bytes = arena_alloc(arena, length + 1)};
    int masked = 0;
    for (size_t at = 0; at < length;) {
        struct group groups[GROUPS_MAX];
        size_t digits;
        size_t count = read_number(bytes, length, at, groups, &digits);
        if (count == 0) {
            output.bytes[output.length++] = bytes[at++];
        } else if (digits == NIK_DIGITS && is_identity(bytes, groups, count)) {
            copy_masked(&output, bytes, groups, count);
            at = groups[count - 1].end;
            masked++;
        } else {
            copy(&output, bytes + at, groups[0].end - at);
            at = groups[0].end;
        }
    }
    *out = output.bytes;
    *out_length = output.length;
    return masked;
}
