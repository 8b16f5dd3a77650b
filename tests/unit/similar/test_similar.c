/* similar: nearest labels, concepts, bounds, order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "domain/similar/similar.h"

enum { BENEFIT, START, GREETING };

static int add(struct similar *similar, uint32_t label, const char *text) {
    return similar_add(similar, label, text, strlen(text), 1.0F);
}

static struct similar *make(int with_concepts) {
    struct similar *similar = similar_new();
    assert_non_null(similar);
    if (with_concepts) {
        assert_int_equal(similar_add_concept(similar, 7, "manfaat", 7), 0);
        assert_int_equal(similar_add_concept(similar, 7, "sisi baik", 9), 0);
        assert_int_equal(similar_add_concept(similar, 9, "mulai", 5), 0);
        assert_int_equal(similar_add_concept(similar, 7, "upside", 6), 0);
    }
    assert_int_equal(add(similar, BENEFIT, "apa manfaat karier sosial ?"), 0);
    assert_int_equal(add(similar, BENEFIT, "manfaat bekerja di bidang sosial"), 0);
    assert_int_equal(add(similar, START, "bagaimana mulai karier sosial ?"), 0);
    assert_int_equal(add(similar, START, "mulai dari mana kalau mau bekerja sosial"), 0);
    assert_int_equal(add(similar, GREETING, "halo selamat pagi"), 0);
    assert_int_equal(similar_seal(similar), 0);
    return similar;
}

static size_t search(const struct similar *similar, const char *text, struct similar_hit *hits,
                     size_t limit) {
    return similar_search(similar, text, strlen(text), hits, limit);
}

static void finds_the_nearest(void **state) {
    (void)state;
    struct similar *similar = make(0);
    struct similar_hit hits[3];
    assert_int_equal(search(similar, "manfaatnya karier sosial apa", hits, 3), 2); /* nothing of a greeting */
    assert_int_equal(hits[0].label, BENEFIT);
    assert_true(hits[0].score > hits[1].score);
    assert_true(search(similar, "mulai karir sosial bagaimana", hits, 3) >= 1);
    assert_int_equal(hits[0].label, START);
    assert_true(search(similar, "hallo pagi", hits, 1) == 1);
    assert_int_equal(hits[0].label, GREETING);
    similar_free(similar);
}

static void keeps_scores_between_0_and_1(void **state) {
    (void)state;
    struct similar *similar = make(0);
    struct similar_hit hits[3];
    size_t count = search(similar, "halo selamat pagi", hits, 3);
    assert_true(count >= 1 && hits[0].label == GREETING);
    assert_true(hits[0].score > 0.99F && hits[0].score <= 1.0F);
    /* strange words beside known ones lower the score */
    struct similar_hit diluted[3];
    search(similar, "halo selamat pagi harga cabai keriting di pasar induk", diluted, 3);
    assert_true(diluted[0].score < hits[0].score);
    similar_free(similar);
}

static void finds_nothing_in_strange_or_empty_texts(void **state) {
    (void)state;
    struct similar *similar = make(1);
    struct similar_hit hits[3];
    assert_int_equal(search(similar, "", hits, 3), 0);
    assert_int_equal(search(similar, "? .", hits, 3), 0);
    assert_int_equal(search(similar, "xyzzy qqq", hits, 3), 0);
    assert_int_equal(search(similar, "halo", hits, 0), 0);
    similar_free(similar);
    similar = similar_new();
    assert_int_equal(search(similar, "halo", hits, 3), 0); /* never sealed */
    assert_int_equal(similar_seal(similar), 0);
    assert_int_equal(search(similar, "halo", hits, 3), 0); /* nothing in it */
    similar_free(similar);
}

static void understands_other_words_of_a_concept(void **state) {
    (void)state;
    struct similar *plain = make(0), *taught = make(1);
    struct similar_hit before[3], after[3];
    const char *text = "what is the upside of it";
    size_t count = search(plain, text, before, 3);
    float unknown = count > 0 && before[0].label == BENEFIT ? before[0].score : 0;
    assert_true(search(taught, text, after, 3) >= 1);
    assert_int_equal(after[0].label, BENEFIT);
    assert_true(after[0].score > unknown);
    assert_true(search(taught, "sisi baik nya", after, 3) >= 1); /* a phrase of two words */
    assert_int_equal(after[0].label, BENEFIT);
    assert_int_equal(similar_add_concept(taught, 1, "x", 1), ERR_INVALID); /* too late */
    similar_free(plain);
    similar_free(taught);
}

static void breaks_ties_by_label(void **state) {
    (void)state;
    struct similar *similar = similar_new();
    struct similar_hit hits[2];
    assert_int_equal(similar_add(similar, 5, "karier sosial", 13, 0.5F), 0); /* too light to learn from */
    assert_int_equal(similar_add(similar, 2, "karier sosial", 13, 0.5F), 0);
    assert_int_equal(similar_seal(similar), 0);
    assert_int_equal(search(similar, "karier sosial", hits, 2), 2);
    assert_int_equal(hits[0].label, 2);
    assert_int_equal(hits[1].label, 5);
    assert_int_equal(search(similar, "karier sosial", hits, 1), 1);
    assert_int_equal(hits[0].label, 2);
    similar_free(similar);
}

static void weighs_texts(void **state) {
    (void)state;
    struct similar *similar = similar_new();
    struct similar_hit hits[2];
    assert_int_equal(similar_add(similar, 0, "gaji", 4, 0.1F), 0);
    assert_int_equal(similar_add(similar, 0, "kerja", 5, 1.0F), 0);
    assert_int_equal(similar_seal(similar), 0);
    assert_int_equal(search(similar, "gaji", hits, 1), 1);
    float light = hits[0].score;
    assert_int_equal(search(similar, "kerja", hits, 1), 1);
    assert_true(hits[0].score > light);
    similar_free(similar);
}

static void counter_examples_push_away(void **state) {
    (void)state;
    struct similar_hit before, after;
    for (int with = 0; with < 2; with++) {
        struct similar *similar = similar_new();
        assert_int_equal(add(similar, 0, "kamu bego banget"), 0);
        if (with)
            assert_int_equal(similar_add(similar, 0, "atasanku bego banget", 20, -0.5F), 0);
        assert_int_equal(add(similar, 1, "halo"), 0);
        assert_int_equal(similar_seal(similar), 0);
        assert_int_equal(search(similar, "atasanku bego banget sih", with ? &after : &before, 1), 1);
        similar_free(similar);
    }
    assert_int_equal(before.label, 0);
    assert_true(after.label != 0 || after.score < 0.7F * before.score);
}

static void takes_the_longest_message(void **state) {
    (void)state;
    struct similar *similar = make(1);
    struct similar_hit hits[3];
    char *text = malloc(4096);
    for (size_t i = 0; i < 4096; i++)
        text[i] = i % 9 == 8 ? ' ' : (char)('a' + (i * i + i / 7) % 26);
    memcpy(text, "halo selamat pagi ", 18);
    size_t count = similar_search(similar, text, 4096, hits, 3);
    assert_true(count >= 1);
    assert_int_equal(hits[0].label, GREETING);
    free(text);
    similar_free(similar);
}

static void assert_near(float left, float right) {
    assert_true(left - right < 1e-5F && right - left < 1e-5F);
}

/* What all labels have is added as a whole row, the rest one by one: a label's only text is still itself. */
static void a_text_is_itself_whoever_shares_its_words(void **state) {
    (void)state;
    static const char *const texts[] = {
        "satu dua tiga empat lima enam tujuh aaa", "satu dua tiga empat lima enam tujuh bbb",
        "satu dua tiga empat lima enam tujuh ccc", "satu dua tiga empat lima enam tujuh ddd"};
    struct similar *similar = similar_new();
    struct similar_hit hits[4];
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(add(similar, i, texts[i]), 0);
    assert_int_equal(similar_seal(similar), 0);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(search(similar, texts[i], hits, 4), 4);
        assert_int_equal(hits[0].label, i);
        assert_true(hits[0].score > 0.79F); /* four fifths are the label's, which is this text */
        assert_near(hits[1].score, hits[3].score);
    }
    similar_free(similar);
}

/* Texts of the same weight, nothing in common: wherever the nearest stands, it counts as much. */
static void the_nearest_text_counts_wherever_it_stands(void **state) {
    (void)state;
    struct similar *similar = similar_new();
    struct similar_hit hit, first = {0};
    char text[] = "aaa";
    for (char letter = 'a'; letter <= 'k'; letter++) {
        memset(text, letter, 3);
        assert_int_equal(add(similar, 0, text), 0);
    }
    assert_int_equal(add(similar, 1, "xyz"), 0);
    assert_int_equal(similar_seal(similar), 0);
    for (char letter = 'a'; letter <= 'k'; letter++) {
        memset(text, letter, 3);
        assert_int_equal(search(similar, text, &hit, 1), 1);
        first = letter == 'a' ? hit : first;
        assert_near(hit.score, first.score);
    }
    similar_free(similar);
}

/* Labels with words of their own and one that all have. Two texts share all they hold with the third, so that
   holding them out changes no rarity. without: number of the text that label 3 lacks; 3: none. */
enum { HELD_LABELS = 40, HELD_LABEL = 3 };
static struct similar *make_many(size_t without) {
    struct similar *similar = similar_new();
    assert_non_null(similar);
    for (uint32_t label = 0; label < HELD_LABELS; label++) {
        char a = (char)('a' + label % 20), b = (char)('a' + label / 20);
        char texts[3][40];
        (void)snprintf(texts[0], sizeof texts[0], "mau r%c%c", a, b);
        (void)snprintf(texts[1], sizeof texts[1], "r%c%c s%c%c", a, b, a, b);
        (void)snprintf(texts[2], sizeof texts[2], "mau r%c%c s%c%c", a, b, a, b);
        for (size_t i = 0; i < 3; i++) {
            if (label != HELD_LABEL || i != without) {
                assert_int_equal(add(similar, label, texts[i]), 0);
            }
        }
    }
    assert_int_equal(similar_seal(similar), 0);
    return similar;
}

static void assert_same_hits(const struct similar *a, const struct similar *b, const char *text) {
    struct similar_hit of_a[HELD_LABELS], of_b[HELD_LABELS];
    size_t count = search(a, text, of_a, HELD_LABELS);
    assert_int_equal(search(b, text, of_b, HELD_LABELS), count);
    for (size_t i = 0; i < count; i++) {
        size_t j = 0;
        while (j < count && of_b[j].label != of_a[i].label) { /* what is equal but for rounding */
            j++;
        }
        assert_true(j < count);
        assert_near(of_a[i].score, of_b[j].score);
    }
}

static void holds_a_text_out_and_gives_it_back(void **state) {
    (void)state;
    static const char *const texts[] = {"mau rda", "rda sda"};
    struct similar *all = make_many(3);
    struct similar_hit before[HELD_LABELS], after[HELD_LABELS], held_hit;
    for (size_t i = 0; i < 2; i++) {
        struct similar *without = make_many(i);
        size_t count = search(all, texts[i], before, HELD_LABELS);
        struct similar_held *held = similar_hold_out(all, HELD_LABEL, i, texts[i], strlen(texts[i]), 1.0F);
        assert_non_null(held);
        assert_same_hits(all, without, texts[i]);
        assert_same_hits(all, without, "mau rda sda");
        assert_int_equal(search(all, texts[i], &held_hit, 1), 1);
        assert_true(held_hit.score < before[0].score);
        similar_give_back(held);
        assert_int_equal(search(all, texts[i], after, HELD_LABELS), count);
        assert_memory_equal(before, after, count * sizeof *before);
        similar_free(without);
    }
    similar_free(all);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_nearest),
        cmocka_unit_test(keeps_scores_between_0_and_1),
        cmocka_unit_test(finds_nothing_in_strange_or_empty_texts),
        cmocka_unit_test(understands_other_words_of_a_concept),
        cmocka_unit_test(breaks_ties_by_label),
        cmocka_unit_test(weighs_texts),
        cmocka_unit_test(counter_examples_push_away),
        cmocka_unit_test(takes_the_longest_message),
        cmocka_unit_test(a_text_is_itself_whoever_shares_its_words),
        cmocka_unit_test(the_nearest_text_counts_wherever_it_stands),
        cmocka_unit_test(holds_a_text_out_and_gives_it_back),
    };
    return cmocka_run_group_tests_name("similar", tests, NULL, NULL);
}
