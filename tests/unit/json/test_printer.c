/* The direct writer spells every text and number as value_print does. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "json/printer.h"
#include "json/value.h"

static unsigned next_random(unsigned *seed) {
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 8;
}

/* value: taken. */
static void check_same(struct printer *printer, struct value *value) {
    const char *printed = printer_end(printer, NULL);
    char *expected = value_print(value, 0);
    assert_non_null(expected);
    assert_non_null(printed);
    assert_string_equal(printed, expected);
    free(expected);
    value_free(value);
}

static void check_text(struct arena *arena, const char *text) {
    struct printer printer;
    struct value *list = value_new_array();
    assert_non_null(list);
    for (int i = 0; i < 2; i++) { /* also behind something */
        assert_int_equal(value_add_take(list, value_new_text(text)), 0);
    }
    printer_init(&printer, arena, 0);
    printer_raw(&printer, "[");
    printer_text(&printer, text);
    printer_raw(&printer, ",");
    printer_text(&printer, text);
    printer_raw(&printer, "]");
    check_same(&printer, list);
}

/* Of every length, plain and with some of what is not. */
static void texts_are_spelled_alike(void **state) {
    static const char *const odd[] = {"\"",       "\\",           "\n",           "\t",
                                      "\x01",     "\x1f",         "\x7f",         "\xC2\x80",
                                      "\xC3\xA9", "\xE2\x80\xA2", "\xE2\x80\xA8", "\xF0\x9F\x91\x8D"};
    struct arena *arena = arena_new(0);
    unsigned seed = 5;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        char text[400];
        size_t length = 0, most = next_random(&seed) % (round % 4 != 0 ? 70 : 300);
        unsigned chance = round % 3 == 0 ? 1000 : round % 3 == 1 ? 20 : 4;
        while (length < most) {
            const char *piece = odd[next_random(&seed) % (sizeof odd / sizeof *odd)];
            size_t size = next_random(&seed) % chance == 0 ? strlen(piece) : 0;
            memcpy(text + length, piece, size);
            if (size == 0) {
                text[length] = (char)(' ' + (int)(next_random(&seed) % ('~' - ' ')));
            }
            length += size != 0 ? size : 1;
        }
        char *exact = malloc(length + 1); /* so that reading behind its end is seen */
        assert_non_null(exact);
        memcpy(exact, text, length);
        exact[length] = '\0';
        check_text(arena, exact);
        free(exact);
        arena_reset(arena);
    }
    arena_free(arena);
}

/* What is no UTF-8 is repaired, wherever it stands. */
static void broken_texts_are_repaired(void **state) {
    struct arena *arena = arena_new(0);
    (void)state;
    for (size_t length = 1; length < 100; length++) {
        for (size_t at = 0; at < length; at++) {
            char *text = malloc(length + 1);
            assert_non_null(text);
            memset(text, 'a', length);
            text[length] = '\0';
            text[at] = at % 2 == 0 ? '\xFF' : '\xE2';
            struct printer printer;
            printer_init(&printer, arena, 0);
            printer_text(&printer, text);
            char *repaired = u8_repaired(text, length);
            assert_non_null(repaired);
            check_same(&printer, value_new_text(repaired));
            free(repaired);
            free(text);
            arena_reset(arena);
        }
    }
    arena_free(arena);
}

static void numbers_are_spelled_alike(void **state) {
    static const double numbers[] = {0,           -0.0,         1,       25,          100,  66.5,
                                     1.0 / 3,     -7,           1e-7,    1e15,        1e16, 1e21,
                                     999999999.0, 1000000000.0, 1e9 + 1, 123456789.25};
    struct arena *arena = arena_new(0);
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct printer printer;
        printer_init(&printer, arena, 0);
        printer_real(&printer, numbers[i]);
        check_same(&printer, value_new_real(numbers[i]));
    }
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_spelled_alike),
        cmocka_unit_test(broken_texts_are_repaired),
        cmocka_unit_test(numbers_are_spelled_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
