/* A sealed index as bytes and back: it finds what it found, to the last bit; what are not its bytes is
 * refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "domain/similar/similar.h"

enum { LABELS = 40, TEXTS = 5 };

static const char *const words[] = {"manfaat", "karier", "sosial", "mulai",  "kerja",   "gaji",
                                    "magang",  "kuliah", "lamar",  "resign", "bingung", "jurusan"};
enum { WORDS = sizeof words / sizeof *words };

/* Some words in an order of its own for each number. */
static void write_text(char *out, size_t size, unsigned number) {
    size_t used = 0;
    for (unsigned i = 0; i < 5; i++) {
        const char *word = words[(number * 7 + i * (1 + number % 5)) % WORDS];
        size_t length = strlen(word);
        assert_true(used + length + 2 < size);
        memcpy(out + used, word, length);
        out[used + length] = ' ';
        used += length + 1;
    }
    out[used - 1] = '\0';
}

static struct similar *make(void) {
    struct similar *similar = similar_new();
    assert_non_null(similar);
    assert_int_equal(similar_add_concept(similar, 3, "bingung jurusan", 15), 0);
    assert_int_equal(similar_add_concept(similar, 5, "gaji", 4), 0);
    for (unsigned i = 0; i < LABELS * TEXTS; i++) {
        char text[256];
        write_text(text, sizeof text, i);
        assert_int_equal(similar_add(similar, i / TEXTS, text, strlen(text), i % 4 == 3 ? -0.5F : 1.0F), 0);
    }
    assert_int_equal(similar_seal(similar), 0);
    return similar;
}

/* Another index made of the kept bytes of one. */
static struct similar *again(const struct similar *similar) {
    struct similar *other = similar_new();
    size_t size = similar_kept_size(similar);
    assert_non_null(other);
    assert_true(size > 0);
    void *bytes = similar_room(other, size);
    memset(bytes, 0x5A, size);
    similar_keep(similar, bytes);
    assert_int_equal(similar_take_kept(other, bytes, size), 0);
    return other;
}

static void assert_same(const struct similar *one, const struct similar *two) {
    for (unsigned i = 0; i < 300; i++) {
        char text[256];
        struct similar_hit here[8], there[8];
        const struct similar_lead lead = {.label = i % LABELS, .lead = 0.1F, .least = 0.1F, .crowd = 8};
        int is_certain, is_certain_too;
        write_text(text, sizeof text, i * 3 + 1);
        size_t count = similar_search(one, text, strlen(text), here, 8);
        assert_int_equal(similar_search(two, text, strlen(text), there, 8), count);
        assert_memory_equal(here, there, count * sizeof *here);
        (void)similar_search_unless(one, text, strlen(text), &lead, here, 8, &is_certain);
        (void)similar_search_unless(two, text, strlen(text), &lead, there, 8, &is_certain_too);
        assert_int_equal(is_certain, is_certain_too);
    }
}

static void finds_the_same(void **state) {
    (void)state;
    struct similar *one = make(), *two = again(one), *three = again(two);
    assert_same(one, two);
    assert_same(one, three);
    similar_free(three);
    similar_free(two);
    similar_free(one);
}

static void holds_out(void **state) {
    (void)state;
    struct similar *one = make(), *two = again(one);
    char text[256];
    write_text(text, sizeof text, 0);
    struct similar_held *held = similar_hold_out(two, 0, 0, text, strlen(text), 1.0F);
    assert_non_null(held);
    similar_give_back(held);
    assert_same(one, two);
    similar_free(two);
    similar_free(one);
}

static void refuses(void **state) {
    (void)state;
    struct similar *one = make(), *other = similar_new();
    size_t size = similar_kept_size(one);
    unsigned char *bytes = similar_room(other, size + 64);
    similar_keep(one, bytes);
    assert_int_equal(similar_take_kept(other, bytes, size - 64), ERR_INVALID);
    assert_int_equal(similar_take_kept(other, bytes, size + 64), ERR_INVALID);
    assert_int_equal(similar_take_kept(other, bytes, 8), ERR_INVALID);
    assert_int_equal(similar_take_kept(other, bytes + 8, size), ERR_INVALID); /* rows would not be aligned */
    for (size_t i = 0; i < 80; i += 8) {                                      /* each count, far too great */
        unsigned char kept = bytes[i + 6];
        bytes[i + 6] ^= 0x40;
        assert_int_equal(similar_take_kept(other, bytes, size), ERR_INVALID);
        bytes[i + 6] = kept;
    }
    assert_int_equal(similar_take_kept(one, bytes, size), ERR_INVALID); /* it has texts of its own */
    assert_int_equal(similar_take_kept(other, bytes, size), 0);
    assert_same(one, other);
    similar_free(other);
    similar_free(one);
}

static void keeps_nothing_of_nothing(void **state) {
    (void)state;
    struct similar *similar = similar_new();
    assert_int_equal(similar_kept_size(similar), 0);
    assert_int_equal(similar_add_concept(similar, 3, "gaji", 4), 0); /* content without a single text */
    assert_int_equal(similar_seal(similar), 0);
    assert_int_equal(similar_kept_size(similar), 0);
    similar_free(similar);
}

/* Texts, but no concepts: tables of no length may stand nowhere. */
static void keeps_without_concepts(void **state) {
    (void)state;
    struct similar *one = similar_new();
    assert_non_null(one);
    for (unsigned i = 0; i < LABELS; i++) {
        char text[256];
        write_text(text, sizeof text, i);
        assert_int_equal(similar_add(one, i, text, strlen(text), 1.0F), 0);
    }
    assert_int_equal(similar_seal(one), 0);
    struct similar *two = again(one);
    assert_same(one, two);
    similar_free(two);
    similar_free(one);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_same),
        cmocka_unit_test(holds_out),
        cmocka_unit_test(refuses),
        cmocka_unit_test(keeps_nothing_of_nothing),
        cmocka_unit_test(keeps_without_concepts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
