/* domain/pattern: what happens at the limits of the prefilter: too many states, places, candidates, bytes. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/pattern/pattern.h"
#include "domain/pattern/prefilter.h"

static struct pattern_set *set;
static struct pattern_scratch *scratch;

static void add(const char *expression) {
    assert_true(pattern_add(set, expression, strlen(expression), PATTERN_PLAIN, NULL) >= 0);
}

static void seal(void) {
    assert_int_equal(pattern_set_seal(set, NULL), 0);
    scratch = pattern_scratch_new(set);
    assert_non_null(scratch);
}

static int open_set(void **state) {
    (void)state;
    set = pattern_set_new();
    return set == NULL;
}

static int close_set(void **state) {
    (void)state;
    pattern_scratch_free(scratch);
    pattern_set_free(set);
    scratch = NULL;
    return 0;
}

static void word_of(unsigned number, char out[24]) {
    uint64_t hash = (number + 1) * 0x9E3779B97F4A7C15u;
    for (int i = 0; i < 20; i++) {
        out[i] = (char)('a' + hash % 23);
        hash = (hash ^ hash >> 17) * 0xBF58476D1CE4E5B9u;
    }
    out[20] = '\0';
}

/* More strings than the automaton has states for: it looks for shorter pieces, and no pattern runs on every
   text. */
static void try_words(unsigned patterns, unsigned step) {
    char word[24], text[64];
    for (unsigned i = 0; i < patterns; i++) {
        word_of(i, word);
        add(word);
    }
    seal();
    for (unsigned i = 0; i < patterns; i += step) {
        struct pattern_hit hit;
        word_of(i, word);
        assert_int_equal(pattern_has_literal(set, i), 1);
        int length = snprintf(text, sizeof text, "ini %s ya", word);
        assert_int_equal(pattern_match_first(set, scratch, text, (size_t)length, &hit), 1);
        assert_int_equal(hit.pattern, i);
        assert_int_equal(hit.span.start, 4);
        text[4 + 19] ^= 1; /* the piece is there, the string is not */
        assert_int_equal(pattern_match_first(set, scratch, text, (size_t)length, &hit), 0);
    }
}

static void too_many_states(void **state) {
    (void)state;
    try_words(6000, 97);
}

static void far_too_many_states(void **state) {
    (void)state;
    try_words(40000, 997);
}

static void many_candidates_stay_in_order(void **state) {
    (void)state;
    enum { PATTERNS = 400 };
    static struct pattern_hit hits[PATTERNS];
    char expression[64];
    for (unsigned i = 0; i < PATTERNS; i++) {
        (void)snprintf(expression, sizeof expression, i % 3 == 0 ? "gaji.{0,%u}guru" : "\\bguru\\b(?!x{%u})",
                       i);
        add(expression);
    }
    seal();
    size_t count = pattern_match_all(set, scratch, "gaji guru", 9, hits, PATTERNS, NULL);
    assert_in_range(count, PATTERNS - 5, PATTERNS);
    for (size_t i = 1; i < count; i++) {
        assert_true(hits[i - 1].pattern < hits[i].pattern);
    }
    assert_int_equal(pattern_match_all(set, scratch, "gaji guru", 9, hits, 7, NULL), 7);
}

/* More places of a word than a chain looks at, and than a scan keeps. */
static void many_places(void **state) {
    (void)state;
    static char text[20000];
    struct pattern_hit hit, expected;
    add("gaji.{0,6}guru.{0,6}bali");
    add("(?=gaji).{0,6}guru.*bali");
    seal();
    for (size_t words = 10; words <= 2500; words *= 5) {
        size_t length = 0;
        for (size_t i = 0; i < words; i++) {
            memcpy(text + length, i % 2 == 0 ? "gaji " : "guru ", 5);
            length += 5;
        }
        memcpy(text + length, "bali", 4);
        length += 4;
        for (uint32_t i = 0; i < 2; i++) {
            struct pattern_hit hits[2];
            assert_int_equal(pattern_match_one(set, scratch, i, text, length, &expected), 1);
            assert_int_equal(pattern_match_all(set, scratch, text, length, hits, 2, NULL), 2);
            hit = hits[i];
            assert_int_equal(hit.span.start, expected.span.start);
            assert_int_equal(hit.span.end, expected.span.end);
        }
        text[length - 1] = 'o';
        assert_int_equal(pattern_match_first(set, scratch, text, length, &hit), 0);
    }
}

static void long_texts_are_not_scanned(void **state) {
    (void)state;
    size_t length = SCAN_BYTES_MAX + 100;
    char *text = malloc(length);
    struct pattern_hit hit;
    assert_non_null(text);
    memset(text, ' ', length);
    memcpy(text + length - 4, "gaji", 4);
    add("guru");
    add("gaji");
    seal();
    assert_int_equal(pattern_match_first(set, scratch, text, length, &hit), 1);
    assert_int_equal(hit.pattern, 1);
    assert_int_equal(hit.span.start, length - 4);
    free(text);
}

static void tells_literals_from_none(void **state) {
    (void)state;
    add("gaji");
    add("\\d+");
    add("(?:gaji|.)");
    add("(?=.*gaji)\\d");
    assert_int_equal(pattern_has_literal(set, 0), 0); /* not known before sealing */
    seal();
    assert_int_equal(pattern_has_literal(set, 0), 1);
    assert_int_equal(pattern_has_literal(set, 1), 0);
    assert_int_equal(pattern_has_literal(set, 2), 0);
    assert_int_equal(pattern_has_literal(set, 3), 1);
    assert_int_equal(pattern_has_literal(set, 4), 0);
}

static void empty_sets_match_nothing(void **state) {
    (void)state;
    struct pattern_hit hit;
    seal();
    assert_int_equal(pattern_match_first(set, scratch, "gaji", 4, &hit), 0);
    assert_int_equal(pattern_match_first(set, scratch, "", 0, &hit), 0);
}

/* Two scratches of one set do not see each other's texts. */
static void scratches_are_apart(void **state) {
    (void)state;
    struct pattern_hit hit;
    add("gaji.{0,9}guru");
    seal();
    struct pattern_scratch *other = pattern_scratch_new(set);
    assert_int_equal(pattern_match_first(set, scratch, "gaji", 4, &hit), 0);
    assert_int_equal(pattern_match_first(set, other, "guru", 4, &hit), 0);
    assert_int_equal(pattern_match_first(set, scratch, "guru", 4, &hit),
                     0); /* nor those of the text before */
    assert_int_equal(pattern_match_first(set, other, "gaji guru", 9, &hit), 1);
    pattern_scratch_free(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(too_many_states, open_set, close_set),
        cmocka_unit_test_setup_teardown(far_too_many_states, open_set, close_set),
        cmocka_unit_test_setup_teardown(many_candidates_stay_in_order, open_set, close_set),
        cmocka_unit_test_setup_teardown(many_places, open_set, close_set),
        cmocka_unit_test_setup_teardown(long_texts_are_not_scanned, open_set, close_set),
        cmocka_unit_test_setup_teardown(tells_literals_from_none, open_set, close_set),
        cmocka_unit_test_setup_teardown(empty_sets_match_nothing, open_set, close_set),
        cmocka_unit_test_setup_teardown(scratches_are_apart, open_set, close_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
