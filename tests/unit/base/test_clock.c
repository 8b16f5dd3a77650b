/* base/clock and base/log: text forms of times, refusal of what is no time, lines that cannot be forged. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"

static int64_t parsed(const char *text) {
    int64_t ms = -1;
    assert_int_equal(clock_parse(text, &ms), 0);
    return ms;
}

static void parses_times(void **state) {
    (void)state;
    assert_int_equal(parsed("1970-01-01T00:00:00Z"), 0);
    assert_int_equal(parsed("2026-11-22T09:00:00+07:00"), INT64_C(1795312800000));
    assert_int_equal(parsed("2026-11-22T02:00:00.25Z"), INT64_C(1795312800250));
    assert_int_equal(parsed("2024-02-29T00:00:00Z") - parsed("2024-02-28T00:00:00Z"), 86400000);
    assert_int_equal(parsed("2026-11-21T18:00:00-08:00"), parsed("2026-11-22T02:00:00Z"));
}

static void refuses_what_is_no_time(void **state) {
    (void)state;
    static const char *const bad[] = {"",
                                      "2026",
                                      "2026-11-22",
                                      "2026-11-22T09:00:00",
                                      "2026-13-22T09:00:00Z",
                                      "2026-02-29T09:00:00Z",
                                      "2026-11-22T24:00:00Z",
                                      "2026-11-22T09:00:00.Z",
                                      "2026-11-22T09:00:00+7",
                                      "2026-11-22T09:00:00Zx",
                                      "1969-12-31T00:00:00Z"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t ms;
        assert_int_equal(clock_parse(bad[i], &ms), ERR_SYNTAX);
    }
}

static void formats_what_it_parses(void **state) {
    (void)state;
    char text[CLOCK_TEXT_MAX];
    clock_format(INT64_C(1795312800000), 420, text);
    assert_string_equal(text, "2026-11-22T09:00:00+07:00");
    clock_format(0, 0, text);
    assert_string_equal(text, "1970-01-01T00:00:00+00:00");
    for (int64_t ms = 0; ms < INT64_C(253402300799000); ms += INT64_C(98765432198765) / 7) {
        clock_format(ms, -210, text);
        if (ms > 86400000) {
            assert_int_equal(parsed(text), ms / 1000 * 1000);
        }
    }
    clock_format(INT64_MAX / 2, 0, text);
    assert_string_equal(text, "9999-12-31T23:59:59+00:00");
}

static void parses_durations(void **state) {
    (void)state;
    int64_t ms = 0;
    assert_int_equal(clock_parse_duration("90s", &ms), 0);
    assert_int_equal(ms, 90000);
    assert_int_equal(clock_parse_duration("3d", &ms), 0);
    assert_int_equal(ms, 3 * INT64_C(86400000));
    static const char *const bad[] = {"",      "s", "3", "3x", "3dd", "-3d", "3.5h", "99999999999999999999s",
                                      "40000d"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(clock_parse_duration(bad[i], &ms), ERR_SYNTAX);
    }
}

static void logs_one_line(void **state) {
    (void)state;
    char *bytes = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&bytes, &length);
    struct log log = {.out = out, .lowest = LOG_WARNING};
    log_write(&log, LOG_ERROR, "storage", "conversation %s", "a\n2026 error forged: x\x7F");
    log_write(&log, LOG_INFO, "quiet", "dropped");
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(bytes, " error storage: conversation a\\x0A2026 error forged: x\\x7F\n"));
    assert_null(strstr(bytes, "dropped"));
    assert_ptr_equal(strchr(bytes, '\n'), bytes + length - 1);
    free(bytes);
    char stand_in[32];
    assert_string_equal(log_redact("rahasia", stand_in), "<7 bytes>");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_times),           cmocka_unit_test(refuses_what_is_no_time),
        cmocka_unit_test(formats_what_it_parses), cmocka_unit_test(parses_durations),
        cmocka_unit_test(logs_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
