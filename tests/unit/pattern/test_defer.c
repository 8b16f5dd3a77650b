/* domain/pattern: a set that compiles late refuses and matches exactly what one that compiles at once does.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "domain/pattern/set.h"

#define JOBS "guru|perawat|dok(?:ter|tor)|bidan(?: desa)?|relawan|pekerja sosial|penyuluh|psikolog|terapis"
#define WISHES "mau|ingin|pengen|kepingin|pingin|berniat|berencana|bercita cita|tertarik|minat|berminat"
#define REPEATS "satu{2}|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|dua belas|tiga"

/* %1: JOBS, %2: WISHES, %3: REPEATS; valid or not, PCRE2 decides. */
static const char *const expressions[] = {
    "(?<![^ ])(?:(?:%1))(?![^ ])",
    "(?<![^ ])(?:(?:%2))(?![^ ])",
    "(?<![^ ])(?:(?:%3))(?![^ ])",
    "(?<![^ ])(?:(?:%2) jadi (?:%1))(?![^ ])",
    "(?<![^ ])(?:(?:%2) (?<g1>(?:[^ .?][^ ]*+ ){0,6}?)(?:%1))(?![^ ])",
    "(?<![^ ])(?:(?:%2) jadi (?<value>(?:%1)))(?![^ ])",
    "(?<![^ ])(?:(?!(?:%2))[a-z]+ jadi (?:%1))(?![^ ])",
    "(?<![^ ])(?:(?:%1)(?= dan (?:%1)))(?![^ ])",
    "(?<=(?:%1)) dan",         /* a lookbehind of many lengths: refused */
    "(?<!(?:%1)) dan (?:%2)",  /* refused */
    "(?<=(?:%1)| dan) (?:%2)", /* refused */
    "(?:(?:%1) ){3}(?:%2)",    /* copies */
    "(?:(?:%1) ){0,2}+(?:%2)",
    "(?:(?:%1) ){900}",         /* too large: refused */
    "(?:(?:(?:%1) ){30} ){30}", /* too large: refused */
    "(?:(?:%3) ){2}(?:%1)",
    "(?:%1)(",
    "(?:%1)++)",
    "(?:%1){2,1} (?:%2)", /* refused */
    "*(?:%1) (?:%2)",
    "[(?:%1)] (?:%2)",
    "(?(?=(?:%2))(?:%1)|(?:%2)|x)", /* refused: three branches */
    "(?(?=(?:%2))(?:%2)|(?:%1))",
    "\\Q(?:%1)\\E (?:%2)",
    "(?#(?:%1) (?:%2)",
    "(?i)(?:%1) (?:%2)",
    "(?<a>x)(?<a>y)(?:%1) (?:%2)", /* refused: two names */
    "(?:%1)\\C(?:%2)",             /* refused */
};

enum { COUNT = sizeof expressions / sizeof *expressions, ROUNDS = 3 };

static size_t fill(const char *with, char *out, size_t room) {
    static const char *const lists[] = {JOBS, WISHES, REPEATS};
    size_t length = 0;
    for (; *with != '\0'; with++) {
        int hole = *with == '%' && with[1] >= '1' && with[1] <= '3';
        int size = hole ? snprintf(out + length, room - length, "%s", lists[with[1] - '1'])
                        : snprintf(out + length, room - length, "%c", *with);
        length += (size_t)size;
        with += hole;
        assert_true(length < room);
    }
    return length;
}

static const char *const texts[] = {
    "aku mau jadi guru",
    "aku pengen banget jadi bidan desa",
    "ingin dan berminat jadi dokter",
    "relawan dan bidan dan guru",
    "guru guru bidan mau",
    "bidan desa minat",
    "satuu dua guru",
    "jualan jadi psikolog",
    "GURU mau",
    "(?:guru ingin",
    "bukan apa apa",
    "",
};

static void compare(const struct pattern_set *now, const struct pattern_set *late) {
    struct pattern_scratch *a = pattern_scratch_new(now), *b = pattern_scratch_new(late);
    size_t all = 0;
    for (size_t i = 0; i < 2 * sizeof texts / sizeof *texts; i++) { /* first and later runs */
        const char *text = texts[i / 2];
        struct pattern_hit hits[2][128];
        memset(hits, 0, sizeof hits);
        size_t count = pattern_match_all(now, a, text, strlen(text), hits[0], 128, NULL);
        assert_int_equal(pattern_match_all(late, b, text, strlen(text), hits[1], 128, NULL), count);
        assert_memory_equal(hits[0], hits[1], sizeof hits[0]);
        for (uint32_t p = 0; p < pattern_set_count(now); p++) {
            assert_int_equal(pattern_match_one(now, a, p, text, strlen(text), hits[0]),
                             pattern_match_one(late, b, p, text, strlen(text), hits[1]));
            assert_int_equal(pattern_steps(now, p, text, strlen(text)),
                             pattern_steps(late, p, text, strlen(text)));
        }
        all += count;
    }
    assert_true(all > 50);
    pattern_scratch_free(a);
    pattern_scratch_free(b);
}

static size_t count_late(const struct pattern_set *set) {
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++) {
        count += set->patterns[i].code == NULL;
    }
    return count;
}

/* What is refused is refused alike, wherever it comes; the valid ones go into both sets. */
static void same_as_now(void **state) {
    (void)state;
    struct pattern_set *now = pattern_set_new(), *late = pattern_set_new();
    size_t refused = 0;
    pattern_set_defer(late);
    for (size_t i = 0; i < ROUNDS * COUNT; i++) {
        char text[4096];
        size_t length = fill(expressions[i % COUNT], text, sizeof text);
        struct pattern_set *trial = pattern_set_new();
        int is_valid = pattern_add(trial, text, length, 0, NULL) == 0;
        pattern_set_free(trial);
        if (is_valid) {
            assert_true(pattern_add(now, text, length, 0, NULL) >= 0);
            assert_true(pattern_add(late, text, length, 0, NULL) >= 0);
        }
        refused += !is_valid;
    }
    assert_int_equal(refused, ROUNDS * 13);
    assert_int_equal(pattern_set_seal(now, NULL), 0);
    assert_int_equal(pattern_set_seal(late, NULL), 0);
    assert_int_equal(count_late(now), 0);
    assert_true(count_late(late) >= ROUNDS * 5);
    compare(now, late);
    pattern_set_free(now);
    pattern_set_free(late);
}

static struct pattern_set *warm_set(void) {
    struct pattern_set *set = pattern_set_new();
    char text[4096];
    pattern_set_defer(set);
    for (int i = 0; i < 4; i++) {
        for (size_t k = 0; k < 3; k++) {
            size_t length = fill(expressions[k], text, sizeof text);
            assert_int_equal(pattern_add(set, text, length, 0, NULL), (int)(3 * (size_t)i + k));
        }
    }
    return set;
}

/* Every mistake is found at once although all its groups are known, with the same words and place. */
static void same_mistakes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        char text[4096];
        size_t length = fill(expressions[i], text, sizeof text);
        struct pattern_set *now = pattern_set_new(), *late = warm_set();
        struct err expected = {0}, found = {0};
        int64_t number = pattern_add(now, text, length, 0, &expected);
        int64_t other = pattern_add(late, text, length, 0, &found);
        if ((number < 0) != (other < 0) || expected.column != found.column ||
            strcmp(expected.text, found.text) != 0) {
            fail_msg("/%s/: %s at %d, late: %s at %d", text, expected.text, expected.column, found.text,
                     found.column);
        }
        size_t count = pattern_set_count(late);
        assert_int_equal(count, number < 0 ? 12 : 13);
        assert_int_equal(pattern_add(late, "kerja", 5, 0, NULL), (int)count);
        assert_int_equal(pattern_set_seal(late, NULL), 0);
        struct pattern_scratch *scratch = pattern_scratch_new(late);
        struct pattern_hit hits[16];
        assert_int_equal(pattern_match_all(late, scratch, "kerja", 5, hits, 16, NULL), 1);
        assert_int_equal(hits[0].pattern, count);
        pattern_scratch_free(scratch);
        pattern_set_free(now);
        pattern_set_free(late);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_now),
        cmocka_unit_test(same_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
