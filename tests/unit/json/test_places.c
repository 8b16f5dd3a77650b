/* Places of JSON values: lines, columns, bytes inside texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "json/places.h"
#include "json/value.h"

#include "banned.h"

static const char text[] =
    "{\"a\": 1,\n \"b\": [true, {\"c\": \"x\\ny\\u00e9z\"},\n   -2.5e3 , []],\n\"d.e\" : {}\n}\n";

static void expect(struct places *places, const char *path, int line, int column) {
    struct place_at at = places_find(places, path);
    assert_int_equal(at.line, line);
    assert_int_equal(at.column, column);
}

static void test_values(void **state) {
    (void)state;
    struct arena *arena = arena_new(0);
    struct places *places = places_new(text, strlen(text), arena);
    expect(places, "$", 1, 1);
    expect(places, "$.a", 1, 7);
    expect(places, "$.b", 2, 7);
    expect(places, "$.b[0]", 2, 8);
    expect(places, "$.b[1].c", 2, 20);
    expect(places, "$.b[2]", 3, 4);
    expect(places, "$.b[3]", 3, 13);
    expect(places, "$.d.e", 4, 9);
    arena_free(arena);
}

/* What does not exist is at its nearest parent. */
static void test_parents(void **state) {
    (void)state;
    struct arena *arena = arena_new(0);
    struct places *places = places_new(text, strlen(text), arena);
    expect(places, "$.b[1].nothing[3]", 2, 14);
    expect(places, "$.b[9]", 2, 7);
    expect(places, "$.nothing.at.all", 1, 1);
    arena_free(arena);
}

/* Byte 3 of the decoded text "x\ny\u00e9z" is written after an escape. */
static void test_inside_text(void **state) {
    (void)state;
    struct arena *arena = arena_new(0);
    struct places *places = places_new(text, strlen(text), arena);
    static const int columns[] = {21, 22, 24, 25, 25, 31};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        struct place_at at = places_find_in_text(places, "$.b[1].c", i);
        if (i != 4) { /* the second byte of one escape */
            assert_int_equal(at.column, columns[i]);
        }
    }
    assert_int_equal(places_find_in_text(places, "$.a", 5).column, 7);
    assert_int_equal(places_find_in_text(places, "$.b[1].c", 999).line, 2);
    arena_free(arena);
}

/* The same answer as value_locate, which walks the text anew. */
static void test_agrees(void **state) {
    (void)state;
    static const char *const paths[] = {"$",      "$.a",      "$.b",    "$.b[0]",
                                        "$.b[1]", "$.b[1].c", "$.b[2]", "$.b[3]"};
    struct arena *arena = arena_new(0);
    struct places *places = places_new(text, strlen(text), arena);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        int line, column;
        assert_int_equal(value_locate(text, strlen(text), paths[i], &line, &column), 0);
        expect(places, paths[i], line, column);
    }
    arena_free(arena);
}

/* Text that is cut anywhere never reads past its end. */
static void test_cut_anywhere(void **state) {
    (void)state;
    for (size_t length = 0; length < strlen(text); length++) {
        struct arena *arena = arena_new(0);
        char *cut = arena_copy(arena, text, length);
        struct places *places = places_new(cut, length, arena);
        assert_true(places_find(places, "$.b[1].c").offset <= length);
        assert_true(places_find_in_text(places, "$.b[1].c", 9).offset <= length);
        arena_free(arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),       cmocka_unit_test(test_parents),
        cmocka_unit_test(test_inside_text),  cmocka_unit_test(test_agrees),
        cmocka_unit_test(test_cut_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
