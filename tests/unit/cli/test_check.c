/* pandu check as a person runs it: exit status, both languages, JSON, options. What it finds is in tests/bad.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "json/value.h"
#include "unit/cli/run_pandu.h"

#include "banned.h"

#define BASE PANDU_SOURCE "/tests/bad/base"

/* A site whose one file has one mistake in line 2. */
static void put_mistake(struct run_pandu *run) {
    static const char text[] = "{\"bot_name\": \"Bina\",\n \"adress\": \"Anda\"}\n";
    run_write(run, "site.json", text, sizeof text - 1);
}

static void test_clean(void **state) {
    struct run_pandu *run = *state;
    assert_int_equal(run_command(run, "check " BASE), 0);
    assert_string_equal(run->output, "0 errors, 0 warnings.\n");
    assert_int_equal(run_command(run, "check --lang id " BASE), 0);
    assert_string_equal(run->output, "0 kesalahan, 0 peringatan.\n");
}

static void test_mistake(void **state) {
    struct run_pandu *run = *state;
    put_mistake(run);
    assert_int_equal(run_command(run, "check " BASE " --site ."), 1);
    assert_non_null(strstr(run->output,
                           "site.json:2:12: error[schema_unknown] $.adress: nobody knows \"adress\" here. "
                           "Remedy: Look for a typing error, or remove it.\n"));
    assert_non_null(strstr(run->output, "1 error, "));
    assert_int_equal(run_command(run, "check " BASE " --site . --lang id"), 1);
    assert_non_null(strstr(
        run->output, "site.json:2:12: salah[schema_unknown] $.adress: \"adress\" tidak dikenal di sini. "
                     "Perbaikan: Periksa salah ketik, atau hapus.\n"));
}

static void test_json(void **state) {
    struct run_pandu *run = *state;
    put_mistake(run);
    assert_int_equal(run_command(run, "check --json " BASE " --site ."), 1);
    struct value *out = value_parse(run->output, strlen(run->output), NULL);
    assert_non_null(out);
    assert_int_equal(value_int(value_get(out, "errors"), -1), 1);
    const struct value *problems = value_get(out, "problems");
    assert_int_equal((int64_t)value_count(problems), 1 + value_int(value_get(out, "warnings"), -1));
    const struct value *problem = value_at(problems, value_count(problems) - 1);
    assert_string_equal(value_get_text(problem, "code"), "schema_unknown");
    assert_string_equal(value_get_text(problem, "severity"), "error");
    assert_string_equal(value_get_text(problem, "path"), "$.adress");
    assert_int_equal(value_int(value_get(problem, "line"), -1), 2);
    assert_true(strlen(value_get_text(problem, "remedy")) > 0);
    value_free(out);
    assert_int_equal(run_command(run, "check --json " BASE), 0);
    assert_string_equal(run->output, "{\"problems\":[],\"errors\":0,\"warnings\":0}\n");
}

/* --errors hides the warnings, in text and in JSON, but counts them. */
static void test_only_errors(void **state) {
    struct run_pandu *run = *state;
    put_mistake(run);
    assert_int_equal(run_command(run, "check " BASE " --site ."), 1);
    assert_non_null(strstr(run->output, "warning[schema_reference]"));
    assert_int_equal(run_command(run, "check " BASE " --site . --errors"), 1);
    assert_non_null(strstr(run->output, "error[schema_unknown]"));
    assert_null(strstr(run->output, "warning["));
    assert_non_null(strstr(run->output, "\n1 error, 1 warning.\n"));
    assert_int_equal(run_command(run, "check --json --errors " BASE " --site ."), 1);
    assert_null(strstr(run->output, "schema_reference"));
    assert_non_null(strstr(run->output, "\"errors\":1,\"warnings\":1}"));
}

static void test_usage(void **state) {
    struct run_pandu *run = *state;
    static const char *const wrong[] = {"check --nothing",
                                        "check --lang",
                                        "check --lang fr",
                                        "check a b",
                                        "check --site",
                                        "check /nowhere/at/all",
                                        "check " BASE " --site /nowhere"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(run_command(run, wrong[i]), 2);
        assert_true(strncmp(run->output, "pandu check: ", 13) == 0);
    }
    assert_int_equal(run_command(run, "help check"), 0);
    assert_non_null(strstr(run->output, "usage: pandu check"));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, run_setup, run_teardown)
int main(void) {
    const struct CMUnitTest tests[] = {CASE(test_clean), CASE(test_mistake), CASE(test_json),
                                       CASE(test_only_errors), CASE(test_usage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
