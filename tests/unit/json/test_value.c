/* json/value: parsing limits and finding the line of a JSON path. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "json/value.h"

static const char text[] = "{\n \"a\": [1, {\"b\": \"x,]\"},\n   \"here\"],\n \"c\": {\"d\":\n  true}\n}\n";

static void check_place(const char *path, int line, int column) {
    int found_line = 0, found_column = 0;
    assert_int_equal(value_locate(text, sizeof text - 1, path, &found_line, &found_column), 0);
    assert_int_equal(found_line, line);
    assert_int_equal(found_column, column);
}

static void finds_places(void **state) {
    (void)state;
    check_place("$", 1, 1);
    check_place("$.a", 2, 7);
    check_place("$.a[0]", 2, 8);
    check_place("$.a[1].b", 2, 17);
    check_place("$.a[2]", 3, 4);
    check_place("$.c.d", 5, 3);
    check_place("$.c.missing", 4, 7);
}

static void refuses(const char *bytes, size_t length, int code) {
    struct err err;
    err_clear(&err);
    assert_null(value_parse(bytes, length, &err));
    assert_int_equal(err.code, code);
    assert_true(err.line >= 1);
}

static void refuses_bad_input(void **state) {
    (void)state;
    refuses("{\"a\":1,\"a\":2}", 13, ERR_SYNTAX);
    refuses("{\"a\":", 5, ERR_SYNTAX);
    refuses("[\"\xff\"]", 5, ERR_SYNTAX);
    refuses("[\"\\u0000\"]", 10, ERR_SYNTAX);
    const char deep[] = "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]";
    refuses(deep, sizeof deep - 1, ERR_LIMIT);
}

static void keeps_order_and_prints(void **state) {
    (void)state;
    struct value *object = value_parse(text, sizeof text - 1, NULL);
    assert_non_null(object);
    char *printed = value_print(object, 0);
    assert_string_equal(printed, "{\"a\":[1,{\"b\":\"x,]\"},\"here\"],\"c\":{\"d\":true}}");
    free(printed);
    value_free(object);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_places),
        cmocka_unit_test(refuses_bad_input),
        cmocka_unit_test(keeps_order_and_prints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
