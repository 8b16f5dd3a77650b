/* Log lines: one line whatever is logged, in both forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/log.h"
#include "json/value.h"

#include "banned.h"

static char *written(int is_json, const char *text) {
    char *bytes = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&bytes, &length);
    assert_non_null(out);
    struct log log = {.out = out, .lowest = LOG_INFO, .is_json = is_json};
    log_write(&log, LOG_WARNING, "origin_refused", "%s", text);
    assert_int_equal(fclose(out), 0);
    return bytes;
}

static void nobody_can_forge_a_line(void **state) {
    (void)state;
    char *line = written(0, "a\r\n2026-11-22T02:00:00Z error x: y\x1b[2J");
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    assert_null(strchr(line, '\x1b'));
    free(line);
}

static void json_lines_are_json(void **state) {
    (void)state;
    static const char *const texts[] = {"plain",       "quote \" and \\ and /",
                                        "a\nb\tc\x01", "\xc3\xa9t\xc3\xa9 \xf0\x9f\x98\x80",
                                        "cut \xc3",    "\xff\xfe",
                                        "{\"x\":1}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct err err = {0};
        char *line = written(1, texts[i]);
        struct value *value = value_parse(line, strlen(line), &err);
        if (value == NULL) {
            fail_msg("%s: %s", line, err.text);
        }
        assert_string_equal(value_get_text(value, "event"), "origin_refused");
        assert_string_equal(value_get_text(value, "level"), "warning");
        assert_int_equal(strlen(value_get_text(value, "time")), strlen("2026-11-22T02:00:00+00:00"));
        if (i < 4) {
            assert_string_equal(value_get_text(value, "text"), texts[i]);
        }
        value_free(value);
        free(line);
    }
    char *huge = malloc(3 * LOG_LINE_MAX);
    memset(huge, '"', 3 * LOG_LINE_MAX - 1);
    huge[3 * LOG_LINE_MAX - 1] = '\0';
    char *line = written(1, huge);
    struct value *value = value_parse(line, strlen(line), NULL);
    assert_non_null(value);
    value_free(value);
    free(line);
    free(huge);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_can_forge_a_line),
        cmocka_unit_test(json_lines_are_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
