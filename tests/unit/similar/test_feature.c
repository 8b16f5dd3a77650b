/* Features: hashed byte by byte here and by base/map there, few and many, each once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "domain/similar/concepts.h"
#include "domain/similar/feature.h"

enum { LONG_BYTES = 4000 };

static const struct feature *of_kind(const struct feature_list *list, enum feature_kind kind, uint64_t hash) {
    for (size_t i = 0; i < list->count; i++) {
        if (list->list[i].kind == kind && list->list[i].hash == hash) {
            return &list->list[i];
        }
    }
    return NULL;
}

static void make_concepts(struct concepts *concepts) {
    memset(concepts, 0, sizeof *concepts);
    assert_int_equal(concepts_add(concepts, 300, "karier", 6), 0);
    assert_int_equal(concepts_add(concepts, 7, "gaji", 4), 0);
    assert_int_equal(concepts_seal(concepts), 0);
}

static void hashes_are_those_of_map(void **state) {
    struct concepts concepts;
    struct feature_list list;
    const uint32_t seven = 7, more = 300;
    (void)state;
    make_concepts(&concepts);
    assert_int_equal(feature_list_init(&list, "karier gaji gaji ?", 18, &concepts, NULL), 0);
    assert_non_null(of_kind(&list, FEATURE_WORD, hash_bytes(FEATURE_WORD + 1U, "karier", 6)));
    assert_int_equal(of_kind(&list, FEATURE_WORD, hash_bytes(FEATURE_WORD + 1U, "gaji", 4))->count, 2);
    assert_int_equal(of_kind(&list, FEATURE_TRIGRAM, hash_bytes(FEATURE_TRIGRAM + 1U, "aji", 3))->count, 2);
    assert_non_null(of_kind(&list, FEATURE_TRIGRAM, hash_bytes(FEATURE_TRIGRAM + 1U, " ka", 3)));
    assert_null(of_kind(&list, FEATURE_TRIGRAM, hash_bytes(FEATURE_TRIGRAM + 1U, " ? ", 3)));
    assert_non_null(of_kind(&list, FEATURE_CONCEPT, hash_bytes(FEATURE_CONCEPT + 1U, &more, sizeof more)));
    uint64_t left = hash_bytes(FEATURE_CONCEPT_PAIR + 1U, &seven, sizeof seven);
    assert_int_equal(of_kind(&list, FEATURE_CONCEPT_PAIR, hash_more(left, &more, sizeof more))->count, 1);
    feature_list_close(&list);
    concepts_close(&concepts);
}

/* Letters beyond ASCII are one each, whatever their bytes. */
static void letters_beyond_ascii(void **state) {
    struct feature_list list;
    (void)state;
    assert_int_equal(feature_list_init(&list, "caf\xc3\xa9", 5, NULL, NULL), 0);
    assert_non_null(of_kind(&list, FEATURE_TRIGRAM, hash_bytes(FEATURE_TRIGRAM + 1U, "f\xc3\xa9 ", 4)));
    assert_int_equal(list.count, 2 + 4);
    feature_list_close(&list);
}

/* A text too long for the room that is there gets room of its own; nothing is lost. */
static void long_texts(void **state) {
    char text[LONG_BYTES];
    struct feature_list list;
    size_t words = 0;
    (void)state;
    for (size_t i = 0; i < sizeof text; i += 5, words++) {
        text[i] = (char)('a' + words % 26);
        text[i + 1] = (char)('a' + words / 26 % 26);
        text[i + 2] = (char)('a' + words / 676 % 26);
        text[i + 3] = 'z';
        text[i + 4] = ' ';
    }
    assert_int_equal(feature_list_init(&list, text, sizeof text, NULL, NULL), 0);
    size_t count = 0;
    for (size_t i = 0; i < list.count; i++) {
        count += list.list[i].kind == FEATURE_WORD;
    }
    assert_int_equal(count, words);
    feature_list_close(&list);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(hashes_are_those_of_map),
                                       cmocka_unit_test(letters_beyond_ascii), cmocka_unit_test(long_texts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
