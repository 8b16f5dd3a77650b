/* similar: labels learn from the texts that they confuse; conditional ones do not; a text that is held out
   taught nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "domain/similar/similar.h"

/* Two labels of nearly the same words, each with more to it than what they share, and others. */
enum { LOOKING, LEAVING, FILLERS, LABELS = 12, NOBODY, EVERYBODY };

static const char *const looking[] = {"mau cari kerja baru",        "cari kerja baru di mana",
                                      "cari lowongan kerja baru",   "kerja baru yang gajinya besar",
                                      "aku mau cari kerja baru ya", "tolong cari kerja baru buat aku"};
static const char *const leaving[] = {"mau kerja baru", "pamit ke atasan lama dengan baik",
                                      "surat pengunduran diri yang sopan", "berapa lama sebelum pamit",
                                      "atasan menahan surat pamit"};
enum { LOOKING_TEXTS = sizeof looking / sizeof *looking, LEAVING_TEXTS = sizeof leaving / sizeof *leaving };

static void add(struct similar *similar, uint32_t label, const char *text) {
    assert_int_equal(similar_add(similar, label, text, strlen(text), 1.0F), 0);
}

/* conditional: the label that is; where all are, nothing is learned. */
static struct similar *make(uint32_t conditional) {
    struct similar *similar = similar_new();
    char text[] = "q?? r?? s??";
    assert_non_null(similar);
    for (uint32_t label = LABELS; label-- > 0;)
        if (conditional == label || conditional == EVERYBODY)
            similar_set_conditional(similar, label);
    for (size_t i = 0; i < LOOKING_TEXTS; i++)
        add(similar, LOOKING, looking[i]);
    for (size_t i = 0; i < LEAVING_TEXTS; i++)
        add(similar, LEAVING, leaving[i]);
    for (uint32_t label = FILLERS; label < LABELS; label++) {
        text[1] = text[5] = text[9] = (char)('a' + label);
        text[2] = text[6] = text[10] = (char)('n' + label);
        add(similar, label, text);
    }
    assert_int_equal(similar_seal(similar), 0);
    return similar;
}

static size_t search(const struct similar *similar, const char *text, struct similar_hit *hits) {
    memset(hits, 0, LABELS * sizeof *hits);
    return similar_search(similar, text, strlen(text), hits, LABELS);
}

static float score_of(const struct similar *similar, const char *text, uint32_t label) {
    struct similar_hit hits[LABELS];
    size_t count = search(similar, text, hits);
    for (size_t i = 0; i < count; i++)
        if (hits[i].label == label)
            return hits[i].score;
    return 0;
}

static float difference(float a, float b) {
    return a > b ? a - b : b - a;
}

static void labels_are_told_apart(void **state) {
    (void)state;
    static const char message[] = "mau kerja";
    struct similar *before = make(EVERYBODY), *after = make(NOBODY);
    struct similar_hit hits[LABELS];
    assert_true(search(before, message, hits) >= 2);
    assert_int_equal(hits[0].label, LOOKING);
    assert_true(search(after, message, hits) >= 2);
    assert_int_equal(hits[0].label, LEAVING);
    assert_true(search(after, "cari kerja baru", hits) >= 2); /* and still what it was */
    assert_int_equal(hits[0].label, LOOKING);
    similar_free(before);
    similar_free(after);
}

static void conditional_labels_are_left_alone(void **state) {
    (void)state;
    struct similar *plain = make(EVERYBODY), *all = make(NOBODY);
    struct similar *some = make(LEAVING);
    for (size_t i = 0; i < LEAVING_TEXTS; i++) {
        float never = score_of(plain, leaving[i], LEAVING);
        assert_true(difference(score_of(some, leaving[i], LEAVING), never) < 1e-5F);
    }
    for (size_t i = 0; i < LOOKING_TEXTS; i++) /* nobody's other: all that is near is conditional */
        assert_true(difference(score_of(some, looking[i], LOOKING), score_of(plain, looking[i], LOOKING)) <
                    1e-5F);
    assert_true(difference(score_of(all, leaving[0], LEAVING), score_of(plain, leaving[0], LEAVING)) > 0.01F);
    similar_free(plain);
    similar_free(all);
    similar_free(some);
}

/* All of an index. */
static unsigned char *image_of(const struct similar *similar, size_t *size) {
    *size = similar_kept_size(similar);
    unsigned char *image = malloc(*size);
    assert_non_null(image);
    similar_keep(similar, image);
    return image;
}

static void assert_same(const unsigned char *image, size_t size, const struct similar *similar) {
    size_t other_size;
    unsigned char *other = image_of(similar, &other_size);
    assert_int_equal(size, other_size);
    assert_memory_equal(image, other, size);
    free(other);
}

static void the_same_texts_teach_the_same(void **state) {
    (void)state;
    struct similar *one = make(NOBODY), *two = make(NOBODY);
    size_t size;
    unsigned char *image = image_of(one, &size);
    assert_same(image, size, two);
    free(image);
    similar_free(one);
    similar_free(two);
}

static void what_is_held_out_is_given_back_to_the_last_bit(void **state) {
    (void)state;
    struct similar *similar = make(NOBODY);
    size_t size;
    unsigned char *image = image_of(similar, &size);
    for (size_t i = 0; i < LEAVING_TEXTS; i++) {
        float before = score_of(similar, leaving[i], LEAVING);
        struct similar_held *held =
            similar_hold_out(similar, LEAVING, i, leaving[i], strlen(leaving[i]), 1.0F);
        assert_non_null(held);
        assert_true(score_of(similar, leaving[i], LEAVING) < before);
        similar_give_back(held);
        assert_same(image, size, similar);
    }
    free(image);
    similar_free(similar);
}

/* A label whose first text is near another label, and all in its second, so that without it no rarity changes
   and nobody is confused. */
enum { NEAR_TEXTS = 9 };

static struct similar *make_with(int with) {
    static const char *const others[] = {"iii jjj kkk lll mmm nnn", "ooo ppp qqq rrr sss ttt",
                                         "uuu vvv www xxx yyy zzz", "aba bcb cdc ded efe fgf"};
    static const char *const near[] = {"hah hbh hch", "aaa bbb ccc"};
    struct similar *similar = similar_new();
    if (with)
        add(similar, 0, "aaa bbb ccc");
    add(similar, 0, "aaa bbb ccc ddd eee fff ggg hhh iai ibi ici idi iei ifi");
    for (size_t i = 0; i < 4; i++)
        add(similar, 0, others[i]);
    for (size_t i = 0; i < NEAR_TEXTS; i++)
        add(similar, 1, near[i > 2]);
    add(similar, 2, "sas sbs scs");
    assert_int_equal(similar_seal(similar), 0);
    return similar;
}

static void what_is_held_out_taught_nothing(void **state) {
    (void)state;
    static const char *const messages[] = {"aaa bbb ccc", "aaa", "hah ccc", "ddd eee bbb", "iii jjj"};
    struct similar *all = make_with(1), *without = make_with(0);
    struct similar_held *held = similar_hold_out(all, 0, 0, "aaa bbb ccc", 11, 1.0F);
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        for (uint32_t label = 0; label < 3; label++)
            assert_true(difference(score_of(all, messages[i], label), score_of(without, messages[i], label)) <
                        1e-5F);
    similar_give_back(held);
    assert_true(score_of(all, "ccc", 1) < score_of(without, "ccc", 1) - 0.01F); /* it had taught something */
    similar_free(all);
    similar_free(without);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_told_apart),
        cmocka_unit_test(conditional_labels_are_left_alone),
        cmocka_unit_test(the_same_texts_teach_the_same),
        cmocka_unit_test(what_is_held_out_is_given_back_to_the_last_bit),
        cmocka_unit_test(what_is_held_out_taught_nothing),
    };
    return cmocka_run_group_tests_name("similar_learn", tests, NULL, NULL);
}
