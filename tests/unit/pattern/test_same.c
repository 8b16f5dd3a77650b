/* domain/pattern: hand-picked traps in which the prefilter must say what PCRE2 says, hot or cold. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/utf8.h"
#include "domain/pattern/pattern.h"

struct trap {
    const char *expression, *text;
    int start, end; /* -1: no match */
};

static void check(const struct trap *trap, unsigned flags) {
    struct pattern_set *set = pattern_set_new();
    assert_int_equal(pattern_add(set, trap->expression, strlen(trap->expression), flags, NULL), 0);
    assert_int_equal(pattern_set_seal(set, NULL), 0);
    struct pattern_scratch *scratch = pattern_scratch_new(set);
    struct pattern_hit hit, expected;
    size_t length = strlen(trap->text);
    int result = pattern_match_one(set, scratch, 0, trap->text, length, &expected);
    for (int run = 0; run < 20; run++) {
        int found = pattern_match_first(set, scratch, trap->text, length, &hit);
        int as_wanted = found == (trap->start >= 0) && found == result;
        if (as_wanted && found) {
            as_wanted =
                hit.span.start == (size_t)trap->start && hit.span.end == (size_t)trap->end &&
                expected.span.start == hit.span.start && expected.span.end == hit.span.end &&
                hit.capture_count == expected.capture_count &&
                memcmp(hit.captures, expected.captures, hit.capture_count * sizeof hit.captures[0]) == 0;
        }
        if (!as_wanted) {
            fail_msg("/%s/ on \"%s\": PCRE2 %d (%zu to %zu), prefilter %d (%zu to %zu) in run %d",
                     trap->expression, trap->text, result, expected.span.start, expected.span.end, found,
                     hit.span.start, hit.span.end, run);
        }
    }
    pattern_scratch_free(scratch);
    pattern_set_free(set);
}

static void check_all(const struct trap *traps, size_t count, unsigned flags) {
    for (size_t i = 0; i < count; i++) {
        check(&traps[i], flags);
    }
}

#define CHECK(traps, flags) check_all(traps, sizeof(traps) / sizeof((traps)[0]), flags)

static void words_and_gaps(void **state) {
    (void)state;
    static const struct trap traps[] = {
        {"\\bgaji\\b.{0,9}\\bguru\\b", "gaji guru guru", 0, 14}, /* greedy: the farthest */
        {"\\bgaji\\b.{0,9}?\\bguru\\b", "gaji guru guru", 0, 9}, /* lazy: the nearest */
        {"\\bgaji\\b.{0,4}\\bguru\\b", "gaji gaji guru", 5, 14},
        {"gaji.{6,9}guru", "gaji guru guru", 0, 14},
        {"gaji.{0,3}guru", "gaji \xC3\xA9 guru", 0, 12}, /* characters, not bytes */
        {"gaji.{0,2}guru", "gaji \xC3\xA9 guru", -1, 0},
        {"gaji.{0,3}guru", "gaji\nguru", -1, 0},
        {"gaji.{0,3}guru", "gaji\rguru", 0, 9},
        {"gaji.*guru.*bali", "gaji bali guru", -1, 0},
        {"gaji.{0,5}guru.{0,5}bali", "gaji guru guru guru bali", -1, 0},
        {"gaji.{0,9}guru.{0,2}bali", "gaji guru x guru bali", 0, 21}, /* back to the second place */
        {"gaji.{0,9}guru.{0,2}bali", "gaji guru bali x guru", 0, 14},
        {"(?:guru|guruku|guru aku)(?:.{0,9}gaji)?", "guruku gaji", 0, 11},
        {"(?:guru|guruku)", "guruku", 0, 4}, /* the first alternative wins */
        {"(?:guruku|guru)", "guruku", 0, 6},
        {"(?:guru|guruku).{0,2}gaji", "guruku gaji", 0, 11}, /* unless what follows does not fit */
        {"guru(?:ku)??", "guruku", 0, 4},
        {"(?>gu|guru)ku", "guruku", -1, 0},
        {"masa\\s+depan", "masa \t depan", 0, 12},
        {"masa\\s+depan",
         "masa\xC2\xA0"
         "depan",
         0, 11},
        {"masa\\s+ depan", "masa  depan", 0, 11},
        {"masa\\s+ depan", "masa depan", -1, 0},
        {"masa\\s+\\s+depan", "masa  depan", 0, 11},
        {"\\bgaji\\b", "\xC3\xA9gaji", -1, 0}, /* \b knows letters beyond ASCII */
        {"\\bgaji\\b", "gaji\xF0\x9F\x98\x85", 0, 4},
        {"gaji.{0,20}gaji", "gaji gaj gaji", 0, 13},
        {"gaji.{0,20}gaji", "gaji gaj", -1, 0},
    };
    CHECK(traps, PATTERN_PLAIN);
}

/* More groups than are kept: what is left over must still decide, and stay within its arrays. */
static void many_groups(void **state) {
    (void)state;
    char expression[70 * 16] = "", text[70 * 8] = "", shorter[70 * 8] = "";
    size_t length = 0, text_length = 0;
    for (int i = 0; i < 70; i++) {
        length += (size_t)snprintf(expression + length, sizeof expression - length, "%skata%02d",
                                   i > 0 ? ".{1,3}" : "", i);
        text_length += (size_t)snprintf(text + text_length, sizeof text - text_length, "kata%02d ", i);
    }
    memcpy(shorter, text, text_length - 2);
    struct trap traps[] = {{expression, text, 0, (int)text_length - 1}, {expression, shorter, -1, 0}};
    CHECK(traps, PATTERN_PLAIN);
}

/* On each of these PCRE2 10.42's just-in-time code differs from its interpreter, which is right. */
static void atomic_groups(void **state) {
    (void)state;
    static const struct trap traps[] = {
        {"(?>\\N*+|(?s)|x)[kK]", "s skerjas mau", -1, 0}, {"(?>\\N*?k|\\w)k", "s skerjas mau", -1, 0},
        {"(?:\\N*|){1}+k", "s skerjas mau", -1, 0},       {"(?:\\N*|){1,2}+k", "s skerjas mau", -1, 0},
        {"(?x)(?:\\N*|){1} +k", "s skerjas mau", -1, 0},  {"(?:\\N*|){1}(?#x)+k", "s skerjas mau", -1, 0},
        {"(?:\\N*|){1}\\E+k", "s skerjas mau", -1, 0},    {"(?>\\N+?k|s|)k", "s skerjas mau", 3, 4},
        {"(?:\\N+?k|s|){1}+k", "s skerjas mau", 3, 4},
    };
    CHECK(traps, PATTERN_PLAIN);
}

static void letter_case(void **state) {
    (void)state;
    static const struct trap traps[] = {
        {"kursus", "\xE2\x84\xAAUR\xC5\xBFU\xC5\xBF", 0, 10},
        {"kursus.{0,1}kerja", "\xE2\x84\xAAursus kerja", 0, 14},
        {"kerja.{0,1}kursus", "kerja kur\xC5\xBFus", 0, 13},
        {"\\x{212A}erja", "kerja", 0, 5},
        {"[\\x{17F}]erja", "serja", 0, 5},
        {"^[^k]+$", "\xE2\x84\xAA", -1, 0},
        {"^[a-j]*[k-z]$", "\xE2\x84\xAA", 0, 3},
        {"(s)\\1{2}", "s\xC5\xBFS", 0, 4},
        {"caf\xC3\xA9", "CAF\xC3\x89", 0, 5},
        {"(\xC3\xA9)\\1{3}", "\xC3\xA9\xC3\x89\xC3\xA9\xC3\x89", 0, 8},
    };
    static const struct trap with_case[] = {
        {"kursus", "Kursus", -1, 0},
        {"(?i)kursus", "Kur\xC5\xBFus", 0, 7},
        {"\xE2\x84\xAA"
         "elvin",
         "\xE2\x84\xAA"
         "elvin",
         0, 8},
        {"\xE2\x84\xAA"
         "elvin",
         "Kelvin", -1, 0},
        {"^[^a-z]{2}$",
         "\xE2\x84\xAA"
         "1",
         0, 4},
        {"(?i:a(?-i)b|c)1234", "C1234", -1, 0},
    };
    CHECK(traps, PATTERN_PLAIN);
    CHECK(with_case, 0);
}

static void syntax(void **state) {
    (void)state;
    static const struct trap traps[] = {
        {"(?x)kerja+ +gaji", "kerjaaagaji", 0, 11}, /* PCRE2 10.42: possessive */
        {"kerja{,2}gaji", "kerja{,2}gaji", 0, 13},
        {"\\Qkerja+gaji\\E", "kerja+gaji", 0, 10},
        {"\\Qkerja\\E+gaji", "kerjaagaji", 0, 10},
        {"(?:(?x) a b )c d", "abc d", 0, 5},
        {"(?:(?i)12)kerja(?x) gaji", "12kerjagaji", 0, 11},
        {"(?x:a b)kerja gaji", "abkerja gaji", 0, 12},
        {"()()()()()()()()()(x)kerja\\10", "xkerjax", 0, 7},
        {"\\101\\60kerja", "A0kerja", 0, 7},
        {"(?|(gaji)|(upah))\\1", "upahupah", 0, 8},
        {"(?|(ab)|(c))\\1{3}", "cccc", 0, 4},
        {"kerja(?(?=.)|gaji)", "kerjax", 0, 5},
        {"kerja(*ACCEPT)gaji", "kerja", 0, 5},
        {"(?:kerja(*ACCEPT)|x)gaji", "kerja", 0, 5},
        {"(?=.*kerja)gaji", "gaji kerja", 0, 4},
        {"(?=.*kerja)gaji.*guru", "gaji guru kerja", 0, 9},
        {"(?=gajiku)gaji", "gajiku", 0, 4},
        {"(?:gaji.*|(?=.*kursus).*)bisa", "x bisa kursus", 0, 6}, /* a lookahead in one branch only */
        {"(?<=kerja gaji)gaji|guru", "kerja gajigaji", 10, 14},
        {"gaji(?<=gaji)guru", "gajiguru", 0, 8},
        {"gaji\\Kguru", "gajiguru", 4, 8},
        {"(?<w>[a-f])*+masuk", "mexmasuk", 3, 8}, /* JIT code keeps a capture of an earlier try */
        {"(gaji|upah) (?<a>guru)?", "upah ", 0, 5},
        {"(?C)kerja", "kerja", 0, 5},
        {"(?#note)kerja", "kerja", 0, 5},
    };
    CHECK(traps, PATTERN_PLAIN);
}

static void guards(void **state) {
    (void)state;
    static const struct trap traps[] = {
        {"^\\s*\\S{1,2}\\s*$", "  ok \n", 0, 6},
        {"^\\s*\\S{1,2}\\s*$", "oke", -1, 0},
        {"^\\s*\\S{1,2}\\s*$", "\xF0\x9F\x98\x85\xF0\x9F\x91\x8D", 0, 8},
        {"^\\S{2}$", "ok\n", 0, 2}, /* $ stands before a last newline */
        {"(\\w)\\1{5,}", "ya aaaaaa", 3, 9},
        {"(\\w)\\1{5,}", "ya aaaaa", -1, 0},
        {"(?:(a)\\1)+", "aa", 0, 2},
        {"(?:(a)\\1{3})?b", "b", 0, 1},
        {"[!?]{4,}", "apa?!?!", 3, 7},
        {"^\\P{L}+$", "12 !?", 0, 5},
        {"^\\P{L}+$", "12 a", -1, 0},
        {"^[^\\W\\d]+$", "ab", 0, 2},
        {"^[^\\D]+$", "12", 0, 2},
        {"^[^\\P{Nd}]+$", "12", 0, 2},
        {"^[^\\P{Lu}]+$", "AB", 0, 2},
        {"^[^[:^digit:]x]+$", "12", 0, 2},
        {"\\b\\d{8,13}\\b", "wa 081234567890", 3, 15},
        {"\\d{3}", "\xD9\xA1\xD9\xA2\xD9\xA3", 0, 6},
        {"^(?:\\d\\d(?R)?)$", "12", 0, 2},
        {"^(?1)*(\\d){0}$", "123", 0, 3},
        {"^(\\d)\\1*$", "1111", 0, 4},
        {"(?:^a$)?b", "xxb", 2, 3},
        {"(?:^a|b)c$", "xxbc", 2, 4},
        {"^.$|b", "xxb", 2, 3},
        {"^(?=.*$)a", "abc", 0, 1},
        {"(?m)^a$", "b\na\nb", 2, 3},
        {"^\\R$", "\r\n", 0, 2},
        {"^\\X$", "e\xCC\x81", 0, 3},
        {"^\\N{2}$", "ab", 0, 2},
        {"^a{0}b$", "b", 0, 1},
        {"", "", 0, 0},
        {"^$", "\n", 0, 0},
    };
    CHECK(traps, PATTERN_PLAIN);
}

/* Cut in the middle of a word where there is no blank: PCRE2 sees an end there that the text does not have.
 */
static void segments(void **state) {
    (void)state;
    static char text[1501];
    struct pattern_set *set = pattern_set_new();
    static const char *const expressions[] = {"kerjake\\b", "ke(?![^ ])", "\\bjake", "(?<![^ ])kerja",
                                              "kerjaku"};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(pattern_add(set, expressions[i], strlen(expressions[i]), 0, NULL), (int)i);
    }
    assert_int_equal(pattern_set_seal(set, NULL), 0);
    struct pattern_scratch *scratch = pattern_scratch_new(set);
    for (size_t at = 0; at + 1 < sizeof text; at++) {
        text[at] = "kerja"[at % 5];
    }
    for (uint32_t i = 0; i < 5; i++) {
        struct pattern_hit hits[5], hit;
        int result = pattern_match_one(set, scratch, i, text, 1500, &hit);
        size_t count = pattern_match_all(set, scratch, text, 1500, hits, 5, NULL), found = 0;
        for (size_t k = 0; k < count; k++) {
            found += hits[k].pattern == i;
        }
        assert_int_equal((int)found, result);
    }
    pattern_scratch_free(scratch);
    pattern_set_free(set);
}

/* Which characters beyond ASCII are another case of one in ASCII: the scan must know all of them. */
static void other_cases_of_ascii(void **state) {
    (void)state;
    static const char ascii[] = "[\\x00-\\x7f]";
    struct pattern_set *set = pattern_set_new();
    assert_int_equal(pattern_add(set, ascii, sizeof ascii - 1, PATTERN_PLAIN, NULL), 0);
    assert_int_equal(pattern_set_seal(set, NULL), 0);
    struct pattern_scratch *scratch = pattern_scratch_new(set);
    struct pattern_hit hit;
    for (uint32_t code_point = 128; code_point < 0x110000; code_point++) {
        char text[4];
        if (code_point >= 0xD800 && code_point < 0xE000) {
            continue;
        }
        size_t length = u8_encode(code_point, text);
        int found = pattern_match_one(set, scratch, 0, text, length, &hit);
        if (found != (code_point == 0x17F || code_point == 0x212A)) {
            fail_msg("U+%04X is a case of an ASCII letter: %d", (unsigned)code_point, found);
        }
    }
    pattern_scratch_free(scratch);
    pattern_set_free(set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_gaps), cmocka_unit_test(atomic_groups),
        cmocka_unit_test(many_groups),    cmocka_unit_test(letter_case),
        cmocka_unit_test(syntax),         cmocka_unit_test(guards),
        cmocka_unit_test(segments),       cmocka_unit_test(other_cases_of_ascii),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
