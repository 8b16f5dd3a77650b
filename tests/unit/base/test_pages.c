/* Large pages and arenas of them: zero, aligned, and given back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/pages.h"

#include "banned.h"

/* Bytes of memory that are not zero. */
static size_t count_marks(const unsigned char *memory, size_t size) {
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        count += memory[i] != 0;
    }
    return count;
}

static void test_zero_and_aligned(void **state) {
    (void)state;
    static const size_t sizes[] = {
        1, 4096, PAGES_LARGE - 1, PAGES_LARGE, PAGES_LARGE + 1, (size_t)3 * PAGES_LARGE + 5000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        unsigned char *memory = pages_new(sizes[i]);
        assert_non_null(memory);
        assert_true(sizes[i] < PAGES_LARGE || (uintptr_t)memory % PAGES_LARGE == 0);
        assert_int_equal(count_marks(memory, sizes[i]), 0);
        memset(memory, 1, sizes[i]);
        pages_free(memory, sizes[i]);
    }
}

static void test_impossible_sizes(void **state) {
    (void)state;
    assert_null(pages_new(SIZE_MAX));
    assert_null(pages_new(SIZE_MAX / 4));
    pages_free(NULL, 1);
}

/* What was used is not zero any more when it is handed out again. */
static void test_arena_of_large_pages(void **state) {
    (void)state;
    static const size_t sizes[] = {100, 40000, PAGES_LARGE - 100, (size_t)2 * PAGES_LARGE, 300};
    struct arena *arena = arena_new_large(0);
    assert_non_null(arena);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            unsigned char *memory = arena_alloc(arena, sizes[i]), *raw = arena_raw(arena, sizes[i]);
            assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
            assert_int_equal(count_marks(memory, sizes[i]), 0);
            memset(memory, 1, sizes[i]);
            memset(raw, 2, sizes[i]);
            assert_int_equal(count_marks(memory, sizes[i]), sizes[i]);
        }
        arena_reset(arena);
    }
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zero_and_aligned),
        cmocka_unit_test(test_impossible_sizes),
        cmocka_unit_test(test_arena_of_large_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
