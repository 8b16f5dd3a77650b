/* Sets of characters: what a class or a class escape may and must match. Never reads an expression. Called by
   parse_class.c and parse_escape.c. */
#include <string.h>

#include "domain/pattern/parse_state.h"

#include "banned.h"

static void put(uint64_t map[2], uint32_t code_point) {
    map[code_point >> 6] |= (uint64_t)1 << (code_point & 63);
}

static int is_letter(uint32_t code_point) {
    return (code_point | 32) >= 'a' && (code_point | 32) <= 'z';
}

void set_add_char(struct parse_set *set, uint32_t code_point, int is_caseless) {
    set_add_range(set, code_point, code_point, is_caseless);
}

static void add_ascii(struct parse_set *set, uint32_t code_point, int is_caseless) {
    put(set->may, code_point);
    put(set->must, code_point);
    if (is_caseless && is_letter(code_point)) {
        put(set->may, code_point ^ 32);
        put(set->must, code_point ^ 32);
    }
}

/* Caseless, a character beyond ASCII may stand for k or s (U+212A, U+017F): the only two of PCRE2's case sets
   that cross the border of ASCII (tests/unit/pattern/test_parse.c asks PCRE2 itself). */
void set_add_range(struct parse_set *set, uint32_t low, uint32_t high, int is_caseless) {
    for (uint32_t code_point = low; code_point <= high && code_point < 128; code_point++) {
        add_ascii(set, code_point, is_caseless);
    }
    if (high < 128) {
        return;
    }
    set->may_other = 1;
    if (is_caseless) {
        put(set->may, 'k');
        put(set->may, 'K');
        put(set->may, 's');
        put(set->may, 'S');
    }
}

void set_add_set(struct parse_set *set, const struct parse_set *other) {
    for (int i = 0; i < 2; i++) {
        set->may[i] |= other->may[i];
        set->must[i] |= other->must[i];
    }
    set->may_other |= other->may_other;
}

void set_add_unknown(struct parse_set *set) {
    set->may[0] = set->may[1] = UINT64_MAX;
    set->may_other = 1;
}

void set_negate(struct parse_set *set) {
    for (int i = 0; i < 2; i++) {
        uint64_t may = set->may[i];
        set->may[i] = ~set->must[i];
        set->must[i] = ~may;
    }
    set->may_other = 1;
}

struct range {
    unsigned char low, high;
};

struct named {
    const char *name;
    struct range ranges[4]; /* exact within ASCII; closed by a range of 0 */
};

void set_add_named(struct parse_set *set, const char *name, size_t length) {
    static const struct named table[] = {
        {"alpha", {{'A', 'Z'}, {'a', 'z'}}},
        {"digit", {{'0', '9'}}},
        {"alnum", {{'A', 'Z'}, {'a', 'z'}, {'0', '9'}}},
        {"word", {{'A', 'Z'}, {'a', 'z'}, {'0', '9'}, {'_', '_'}}},
        {"space", {{9, 13}, {' ', ' '}}},
        {"blank", {{9, 9}, {' ', ' '}}},
        {"vertical", {{10, 13}}}, /* \v; not a POSIX name, so no class can ask for it */
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strlen(table[i].name) == length && memcmp(table[i].name, name, length) == 0) {
            for (size_t k = 0; k < 4 && table[i].ranges[k].high != 0; k++) {
                set_add_range(set, table[i].ranges[k].low, table[i].ranges[k].high, 0);
            }
            set->may_other = 1;
            return;
        }
    }
    set_add_unknown(set);
}
