/* domain/pattern: the public face: adding, sealing, order of hits, captures, limits, segments. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "domain/pattern/pattern.h"

static struct pattern_set *make(unsigned flags, size_t count, const char *const *expressions) {
    struct pattern_set *set = pattern_set_new();
    assert_non_null(set);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(pattern_add(set, expressions[i], strlen(expressions[i]), flags, NULL), (int)i);
    }
    assert_int_equal(pattern_set_seal(set, NULL), 0);
    assert_int_equal(pattern_set_count(set), count);
    return set;
}

static void reports_the_offset(void **state) {
    (void)state;
    struct pattern_set *set = pattern_set_new();
    struct err err;
    err_clear(&err);
    assert_int_equal(pattern_add(set, "kerja(an", 8, 0, &err), ERR_SYNTAX);
    assert_int_equal(err.column, 9);
    assert_true(strlen(err.text) > 0);
    err_clear(&err);
    assert_int_equal(pattern_add(set, "\\C", 2, 0, &err), ERR_SYNTAX);
    assert_int_equal(pattern_set_count(set), 0);
    char *long_one = calloc(1, PATTERN_EXPRESSION_MAX + 1);
    err_clear(&err);
    assert_int_equal(pattern_add(set, long_one, PATTERN_EXPRESSION_MAX + 1, 0, &err), ERR_LIMIT);
    free(long_one);
    assert_int_equal(pattern_set_seal(set, NULL), 0);
    err_clear(&err);
    assert_int_equal(pattern_add(set, "a", 1, 0, &err), ERR_INVALID);
    pattern_set_free(set);
}

static void hits_in_order_with_captures(void **state) {
    (void)state;
    const char *expressions[] = {"gaji (?<job>\\w+) di (?<city>\\w+)", "absen", "(ga)ji(?<more> besar)?",
                                 "di"};
    struct pattern_set *set = make(0, 4, expressions);
    struct pattern_scratch *scratch = pattern_scratch_new(set);
    struct pattern_hit hits[4];
    size_t exhausted = 9;
    const char *text = "tanya gaji guru di bali";
    assert_int_equal(pattern_match_all(set, scratch, text, strlen(text), hits, 4, &exhausted), 3);
    assert_int_equal(exhausted, 0);
    assert_int_equal(hits[0].pattern, 0);
    assert_int_equal(hits[0].span.start, 6);
    assert_int_equal(hits[0].span.end, 23);
    assert_int_equal(hits[0].capture_count, 2);
    assert_int_equal(hits[0].captures[0].start, 11);
    assert_int_equal(hits[0].captures[1].end, 23);
    assert_int_equal(hits[1].pattern, 2);
    assert_int_equal(hits[1].capture_count, 1);
    assert_true(hits[1].captures[0].start == SIZE_MAX);
    assert_int_equal(hits[2].pattern, 3);
    assert_int_equal(pattern_match_all(set, scratch, text, strlen(text), hits, 2, NULL), 2);
    assert_int_equal(pattern_match_first(set, scratch, text, strlen(text), hits), 1);
    assert_int_equal(hits[0].pattern, 0);
    assert_int_equal(pattern_match_first(set, scratch, "xyz", 3, hits), 0);
    assert_int_equal(pattern_match_first(set, scratch, "", 0, hits), 0);
    assert_int_equal(pattern_match_one(set, scratch, 1, text, strlen(text), hits), 0);
    assert_int_equal(pattern_match_one(set, scratch, 3, text, strlen(text), hits), 1);
    assert_int_equal(pattern_match_one(set, scratch, 4, text, strlen(text), hits), ERR_NOT_FOUND);
    pattern_scratch_free(scratch);
    pattern_set_free(set);
}

static void plain_is_caseless_and_numbered(void **state) {
    (void)state;
    const char *expressions[] = {"(GAJI) guru"};
    struct pattern_set *set = make(PATTERN_PLAIN, 1, expressions);
    struct pattern_scratch *scratch = pattern_scratch_new(set);
    struct pattern_hit hit;
    assert_int_equal(pattern_match_first(set, scratch, "Gaji Guru", 9, &hit), 1);
    assert_int_equal(hit.capture_count, 1);
    assert_int_equal(hit.captures[0].end, 4);
    pattern_scratch_free(scratch);
    pattern_set_free(set);
}

static void gives_up_at_the_limit(void **state) {
    (void)state;
    const char *expressions[] = {"^(\\w+\\s?)*[b-y]$", "kerja"};
    struct pattern_set *set = make(0, 2, expressions);
    struct pattern_scratch *scratch = pattern_scratch_new(set);
    struct pattern_hit hits[2];
    const char *text = "aaaa aaaa aaaa aaaa aaaa aaaa aaaa kerja";
    size_t exhausted = 0;
    assert_int_equal(pattern_match_all(set, scratch, text, strlen(text), hits, 2, &exhausted), 1);
    assert_int_equal(exhausted, 1);
    assert_int_equal(pattern_match_one(set, scratch, 0, text, strlen(text), hits), ERR_LIMIT);
    assert_true(pattern_steps(set, 0, text, strlen(text)) > 1000);
    assert_true(pattern_steps(set, 1, text, strlen(text)) == 64);
    pattern_scratch_free(scratch);
    pattern_set_free(set);
}

static size_t fill(char *text, size_t length, const char *word) {
    size_t size = strlen(word);
    for (size_t at = 0; at < length; at++) {
        text[at] = word[at % size];
    }
    return length;
}

static void long_texts_are_cut_sensibly(void **state) {
    (void)state;
    const char *expressions[] = {"minta.{0,40}magang", "^abcd", "magang$", "^abcd.*magang$", "abcd$"};
    struct pattern_set *set = make(0, 5, expressions);
    struct pattern_scratch *scratch = pattern_scratch_new(set);
    struct pattern_hit hits[5];
    char text[4096];
    for (size_t at = 300; at < 1400; at += 7) {
        size_t length = fill(text, 2000, "abcd ");
        memcpy(text + at, " minta surat untuk magang ", 26);
        assert_int_equal(pattern_match_all(set, scratch, text, length, hits, 5, NULL), 2);
        assert_int_equal(hits[0].pattern, 0);
        assert_int_equal(hits[0].span.start, at + 1);
        assert_int_equal(hits[0].span.end, at + 25);
        assert_int_equal(hits[1].pattern, 1);
    }
    size_t length = fill(text, 2000, "abcd ");
    memcpy(text + length - 6, "magang", 6);
    assert_int_equal(pattern_match_all(set, scratch, text, length, hits, 5, NULL), 2);
    assert_int_equal(hits[1].pattern, 2);
    length = fill(text, 4095, "\xC3\xA9"); /* no blank anywhere: cut between code points */
    assert_int_equal(pattern_match_all(set, scratch, text, length - 1, hits, 5, NULL), 0);
    pattern_scratch_free(scratch);
    pattern_set_free(set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_the_offset),
        cmocka_unit_test(hits_in_order_with_captures),
        cmocka_unit_test(plain_is_caseless_and_numbered),
        cmocka_unit_test(gives_up_at_the_limit),
        cmocka_unit_test(long_texts_are_cut_sensibly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
