/* Texts made in an arena. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"

#include "banned.h"

static void joins_texts(void **state) {
    (void)state;
    struct arena *arena = arena_new(0);
    assert_non_null(arena);
    assert_string_equal(arena_join(arena, (const char *const[]){"a", "", "bc"}, 3), "abc");
    assert_string_equal(arena_join(arena, NULL, 0), "");
    arena_free(arena);
}

static void writes_numbers(void **state) {
    (void)state;
    struct arena *arena = arena_new(0);
    assert_non_null(arena);
    assert_string_equal(arena_number(arena, 0, ""), "0");
    assert_string_equal(arena_number(arena, 907, ":yes"), "907:yes");
    assert_string_equal(arena_number(arena, UINT64_MAX, "!"), "18446744073709551615!");
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(joins_texts), cmocka_unit_test(writes_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
