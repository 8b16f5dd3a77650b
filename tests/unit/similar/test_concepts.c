/* concepts: every phrase finds the classes it was put in, in whatever order they came; private header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "domain/similar/concepts.h"

enum { PHRASES = 3000, CLASSES = 700, EACH_MAX = 5, FOUND = 64, PHRASE_BYTES = 32 };

/* Number of the place'th class of a phrase. The greatest does not come last, nor the least first. */
static uint32_t class_of(uint32_t phrase, uint32_t place) {
    return (phrase * 31 + place * 257) % CLASSES;
}

static uint32_t classes_of(uint32_t phrase) {
    return 1 + phrase % EACH_MAX;
}

static void write_phrase(char *text, uint32_t phrase) {
    (void)snprintf(text, PHRASE_BYTES, phrase % 3 == 0 ? "kata%u lagi%u" : "kata%u", phrase, phrase % 7);
}

/* Phrases of one class far from each other, as files of content bring them. */
static void fill(struct concepts *concepts, uint32_t phrases) {
    char text[PHRASE_BYTES];
    memset(concepts, 0, sizeof *concepts);
    for (uint32_t place = 0; place < EACH_MAX; place++) {
        for (uint32_t phrase = 0; phrase < phrases; phrase++) {
            write_phrase(text, phrase);
            if (place < classes_of(phrase)) {
                assert_int_equal(concepts_add(concepts, class_of(phrase, place), text, strlen(text)), 0);
            }
        }
    }
    assert_int_equal(concepts_seal(concepts), 0);
}

/* All classes of the phrase ascending, and the greatest as the leading one. */
static void check(const struct concepts *concepts, uint32_t phrase) {
    char text[PHRASE_BYTES];
    uint32_t found[FOUND], leading[FOUND], greatest = 0;
    size_t led = 0;
    write_phrase(text, phrase);
    size_t count = concepts_find(concepts, text, strlen(text), found, FOUND, leading, &led);
    assert_int_equal(count, classes_of(phrase));
    for (uint32_t place = 0; place < classes_of(phrase); place++) {
        uint32_t wanted = class_of(phrase, place), at = 0;
        greatest = wanted > greatest ? wanted : greatest;
        while (at < count && found[at] != wanted) {
            at++;
        }
        assert_true(at < count);
    }
    for (size_t i = 1; i < count; i++) {
        assert_true(found[i - 1] < found[i]);
    }
    assert_int_equal(led, 1);
    assert_int_equal(leading[0], greatest);
}

static void finds_every_class_of_every_phrase(void **state) {
    static const uint32_t sizes[] = {1, 2, 3, 4, 17, 500, PHRASES};
    struct concepts concepts;
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        fill(&concepts, sizes[i]);
        for (uint32_t phrase = 0; phrase < sizes[i]; phrase++) {
            check(&concepts, phrase);
        }
        concepts_close(&concepts);
    }
}

static void has_edges(void **state) {
    struct concepts concepts;
    uint32_t found[FOUND], leading[FOUND];
    size_t led = 1;
    (void)state;
    fill(&concepts, 0);
    assert_int_equal(concepts_find(&concepts, "kata1", 5, found, FOUND, leading, &led), 0);
    assert_int_equal(led, 0);
    concepts_close(&concepts);
    fill(&concepts, PHRASES);
    assert_int_equal(concepts_find(&concepts, "kota1 kata", 10, found, FOUND, leading, &led), 0);
    assert_int_equal(led, 0);
    concepts_close(&concepts);
    assert_int_equal(concepts_add(&concepts, CONCEPTS_LIMIT, "x", 1), ERR_LIMIT);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_every_class_of_every_phrase),
                                       cmocka_unit_test(has_edges)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
