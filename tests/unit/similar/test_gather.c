/* What an index gathers of a text is what feature.c finds in it, each once, counted as often, whatever texts
   came before: words are taken apart only once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/similar/feature.h"
#include "domain/similar/index.h"

enum { TEXTS = 2000, WORDS_MAX = 40, TEXT_MAX = 2048, CONCEPT_WORDS = 6 };

static uint64_t random_state = 7;

static size_t draw(size_t below) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(random_state >> 33) % below;
}

/* Few letters, so that words and trigrams come again and some words have the hash of a trigram. */
static const char *const letters[] = {"a", "b", "c", "\xc3\xa9", "d", "e", "ng", "\xe2\x82\xac", "."};

static size_t make_text(char *text) {
    size_t length = 0, words = draw(WORDS_MAX);
    for (size_t i = 0; i < words; i++) {
        for (size_t left = 1 + draw(i % 9 == 8 ? 90 : 4); left > 0 && length < TEXT_MAX - 8; left--) {
            const char *letter = letters[draw(sizeof letters / sizeof *letters)];
            memcpy(text + length, letter, strlen(letter));
            length += strlen(letter);
        }
        text[length++] = ' ';
    }
    return length > 0 ? length - 1 : 0;
}

static void check(const struct similar *similar, const char *text, size_t length, size_t number) {
    const struct gathered_text *gathered = &similar->gathered.texts[number];
    struct feature_list list;
    assert_int_equal(feature_list_init(&list, text, length, &similar->concepts, NULL), 0);
    assert_int_equal(gathered->count, list.count);
    for (size_t i = 0; i < gathered->count; i++) {
        uint64_t hash = similar->gathered.features[entry_feature(gathered->entries[i])].hash;
        size_t at = 0;
        while (at < list.count && list.list[at].hash != hash) {
            at++;
        }
        assert_true(at < list.count);
        uint32_t count = list.list[at].count < INDEX_TIMES_MAX ? list.list[at].count : INDEX_TIMES_MAX;
        assert_int_equal(entry_rest(gathered->entries[i]), entry_code(0, list.list[at].kind, count));
    }
    feature_list_close(&list);
}

static void gathers_what_features_are(void **state) {
    static char text[TEXT_MAX + 1];
    struct similar *similar = similar_new();
    const char *seed = getenv("PANDU_SEED");
    (void)state;
    random_state = seed ? strtoull(seed, NULL, 10) : 7;
    assert_non_null(similar);
    for (uint32_t i = 0; i < CONCEPT_WORDS; i++) {
        for (uint32_t j = 0; j < 2 + i; j++) {
            int length = snprintf(text, sizeof text, "%s%s", letters[j % 7], letters[(i + j) % 7]);
            assert_int_equal(similar_add_concept(similar, i * 50, text, (size_t)length), 0);
        }
    }
    for (size_t i = 0; i < TEXTS; i++) {
        size_t length = make_text(text);
        assert_int_equal(similar_add(similar, (uint32_t)draw(5), text, length, 1), 0);
        check(similar, text, length, i);
    }
    assert_true(similar->gathered.word_count > TEXTS / 2);
    similar_free(similar);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(gathers_what_features_are)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
