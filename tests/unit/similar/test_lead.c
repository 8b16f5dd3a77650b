/* similar: what bounds call certain is what a search finds. Random examples of random labels, messages of the
   same words; PANDU_SEED=N looks elsewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/similar/index.h"
#include "domain/similar/similar.h"

enum { WORDS = 400, TEXTS_EACH = 9, TEXT_BYTES = 600, MESSAGES = 400, HITS = 300, CONCEPTS = 40 };

static uint64_t random_state;

static uint32_t draw(uint32_t below) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u; /* Knuth, MMIX */
    return (uint32_t)(random_state >> 33) % below;
}

/* A word by its number; some look alike. */
static void add_word(char *text, uint32_t number) {
    static const char *const parts[] = {"ka", "ri", "er", "so", "si",       "al",
                                        "ga", "ji", "me", "ng", "\xc3\xa9", "tu"};
    size_t length = strlen(text);
    (void)snprintf(text + length, TEXT_BYTES - length, "%s%s%s%s", length > 0 ? " " : "", parts[number % 12],
                   parts[number / 12 % 12], number % 3 == 0 ? parts[number / 7 % 12] : "");
}

/* Words of a label mostly, of others else; now and then the same one again. */
static void write_text(char *text, uint32_t label, uint32_t words) {
    uint32_t last = draw(WORDS);
    text[0] = '\0';
    for (uint32_t i = 0; i < words; i++) {
        uint32_t kind = draw(10);
        last = kind < 6 ? (label * 37 + draw(12)) % WORDS : kind < 9 ? draw(WORDS) : last;
        add_word(text, last);
    }
}

static struct similar *make(uint32_t labels) {
    struct similar *similar = similar_new();
    char text[TEXT_BYTES];
    assert_non_null(similar);
    for (uint32_t i = 0; i < CONCEPTS; i++) {
        text[0] = '\0';
        add_word(text, draw(WORDS));
        assert_int_equal(similar_add_concept(similar, i / 3, text, strlen(text)), 0);
    }
    for (uint32_t label = 0; label < labels; label++) {
        for (uint32_t i = 0; i < 1 + draw(TEXTS_EACH); i++) {
            write_text(text, draw(5) == 0 ? draw(labels) : label, 1 + draw(12)); /* another's: labels learn */
            float weight = i == 0 ? 1.0F : draw(6) == 0 ? -0.5F : draw(2) ? 1.0F : 0.4F;
            assert_int_equal(similar_add(similar, label, text, strlen(text), weight), 0);
        }
    }
    assert_int_equal(similar_seal(similar), 0);
    return similar;
}

/* 1 if it was certain; then the search must agree. */
static int check(const struct similar *similar, const char *text, const struct similar_lead *lead) {
    struct similar_hit hits[HITS];
    int is_certain = -1;
    size_t count = similar_search_unless(similar, text, strlen(text), lead, hits, HITS, &is_certain);
    assert_true(is_certain == 0 || (is_certain == 1 && count == 0));
    if (!is_certain) {
        return 0;
    }
    count = similar_search(similar, text, strlen(text), hits, HITS);
    float own = 0;
    uint32_t nearer = 0;
    int is_led = 0;
    for (size_t i = 0; i < count; i++) {
        own = hits[i].label == lead->label ? hits[i].score : own;
    }
    for (size_t i = 0; i < count; i++) {
        is_led |=
            hits[i].label != lead->label && hits[i].score >= lead->least && hits[i].score - own >= lead->lead;
        nearer += hits[i].score >= lead->least && hits[i].score > own;
    }
    assert_false(is_led);
    assert_true(own >= lead->own);
    assert_true(nearer == 0 || nearer < lead->crowd);
    return 1;
}

/* What counter-examples and lessons leave below zero: bounds may not rely on its being none. */
static size_t count_negative(const struct similar *similar) {
    size_t count = 0;
    for (size_t i = 1; i < similar->row_count; i++) {
        const struct row *row = &similar->rows[i];
        for (uint32_t j = 0; !row->is_dense && j < row->label_count; j++)
            count += similar->labels.list[row->label_first + j].value < 0;
        for (size_t j = 0; row->is_dense && j < similar->label_count; j++)
            count += similar->dense[row->label_first + j] < 0;
    }
    return count;
}

/* How many of the questions about messages of a label were certain. */
static size_t check_all(uint32_t labels) {
    struct similar *similar = make(labels);
    char text[TEXT_BYTES];
    size_t certain = 0;
    assert_true(labels < 40 || (similar->lesson_count > 0 && count_negative(similar) > 0));
    for (uint32_t i = 0; i < MESSAGES; i++) {
        uint32_t label = draw(labels);
        write_text(text, label, 1 + draw(i % 20 == 0 ? 60 : 12));
        struct similar_lead lead = {.label = draw(4) == 0 ? draw(labels) : label,
                                    .own = draw(3) ? 0 : 0.04F * (float)draw(8),
                                    .lead = 0.01F * ((float)draw(33) - 3),
                                    .least = 0.05F * (float)draw(5),
                                    .crowd = draw(2) ? UINT32_MAX : draw(30)};
        certain += (size_t)check(similar, text, &lead);
    }
    similar_free(similar);
    return certain;
}

static void certain_is_right(void **state) {
    static const uint32_t labels[] = {1, 2, 15, 16, 17, 47, 120, 256, 290};
    const char *seed = getenv("PANDU_SEED");
    (void)state;
    size_t certain = 0;
    random_state = seed ? strtoull(seed, NULL, 10) : 5;
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        certain += check_all(labels[i]);
    }
    assert_true(certain > 2 * MESSAGES); /* else it spares nothing */
}

/* Nobody leads where nothing is known, and a label that does not exist is never certain. */
static void edges(void **state) {
    struct similar *empty = similar_new(), *similar = make(3);
    struct similar_lead lead = {.label = 1, .lead = 0.1F, .least = 0.1F, .crowd = UINT32_MAX};
    struct similar_hit hits[HITS];
    int is_certain = -1;
    (void)state;
    assert_int_equal(similar_search_unless(empty, "halo", 4, &lead, hits, HITS, &is_certain), 0);
    assert_int_equal(is_certain, 0);
    assert_true(check(similar, "", &lead));
    lead.label = 3;
    assert_false(check(similar, "kari", &lead));
    similar_free(empty);
    similar_free(similar);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(certain_is_right), cmocka_unit_test(edges)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
