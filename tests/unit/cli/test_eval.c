/* pandu eval and pandu bench as programs: odd files, exit statuses. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "unit/cli/run_pandu.h"
#include "banned.h"

static int eval_bytes(struct run_pandu *run, const char *bytes, size_t length) {
    run_write(run, "rows.tsv", bytes, length);
    return run_command(run, "eval rows.tsv --predictions out.tsv");
}

static void a_line_without_an_intent_does_not_end_it(void **state) {
    struct run_pandu *run = *state;
    static const char rows[] = "text\tintent\nhalo\nhalo\t\n\nhalo\tgreet\nhalo\tno_such\n";
    assert_int_equal(eval_bytes(run, rows, sizeof rows - 1), 0);
    run_has(run, "rows.tsv:2: left out");
    run_has(run, "rows.tsv:3: left out");
    run_has(run, "1 rows whose intent this content does not have");
    run_has(run, "2 lines left out");
    assert_int_equal(run_command(run, "help > /dev/null; cat out.tsv"), 0);
    assert_int_equal(run_lines(run), 3); /* the header, and each judged line */
}

static void windows_files_and_any_order_of_columns(void **state) {
    struct run_pandu *run = *state;
    static const char rows[] = "\xEF\xBB\xBFintent\tlang\ttext\r\nhelp|greet\tid\thalo\r\n";
    assert_int_equal(eval_bytes(run, rows, sizeof rows - 1), 0);
    run_has(run, "100.0 %");
}

static void what_is_no_table_is_told(void **state) {
    struct run_pandu *run = *state;
    static const char zero[] = "text\tintent\nhalo\tgreet\0\nhalo\tgreet\n";
    assert_int_equal(eval_bytes(run, zero, sizeof zero - 1), 1);
    run_has(run, "byte of 0");
    assert_int_equal(eval_bytes(run, "", 0), 1);
    assert_int_equal(eval_bytes(run, "a\tb\nc\td\n", 8), 1);
    run_has(run, "columns text and intent");
    assert_int_equal(run_command(run, "eval no.tsv"), 1);
    assert_int_equal(run_command(run, "eval"), 2);
}

static void to_say_not_my_field_is_no_answer(void **state) {
    struct run_pandu *run = *state;
    static const char rows[] = "text\tintent\ntell me a joke\tnone\nhalo\tnone\ntell me a joke\tgreet\n";
    assert_int_equal(eval_bytes(run, rows, sizeof rows - 1), 0);
    run_has(run, "out of scope: 2 rows, answered 1 (50.0 %), asked back 0, told so 1, left alone 0");
    run_has(run,
            "1x greet -> outside_daily"); /* but it is wrong for somebody who asked what this bot knows */
}

static void a_misspelt_group_is_told(void **state) {
    struct run_pandu *run = *state;
    run_write(run, "rows.tsv", "text\tintent\nhalo\tgreet\n", 23);
    assert_int_equal(run_command(run, "eval rows.tsv --groups service,nosuch"), 2);
    run_has(run, "there is no group \"nosuch\"; the groups are: ");
    run_has(run, " job_to_career ");
    assert_int_equal(run_command(run, "eval rows.tsv --groups ''"), 2);
    assert_int_equal(run_command(run, "eval rows.tsv --groups service,conversation"), 0);
}

static void bench_tells_bad_files_and_a_full_disk(void **state) {
    struct run_pandu *run = *state;
    run_write(run, "good", "a\tfoo\n", 6);
    run_write(run, "bad", "a\t(foo\n", 7);
    run_write(run, "messages", "foo\nbar\n", 8);
    assert_int_equal(run_command(run, "bench match --patterns bad --messages messages"), 1);
    run_has(run, "missing closing parenthesis");
    assert_int_equal(run_command(run, "bench match --patterns good --messages no"), 1);
    assert_int_equal(run_command(run, "bench match --patterns good"), 2);
    assert_int_equal(run_command(run, "bench match --patterns good --messages messages"), 0);
    run_has(run, "\"hits\":1");
    assert_int_equal(
        run_command(run, "bench match --patterns good --messages messages 2>&1 > /dev/full || exit $?"), 1);
}

static void bench_times_the_content(void **state) {
    struct run_pandu *run = *state;
    assert_int_equal(run_command(run, "bench content --passes 1"), 0);
    run_has(run, "{\"load_ms\":");
    run_has(run, "\"suggest\":{\"messages\":");
    run_has(run, "did you mean");
    assert_int_equal(run_command(run, "bench content --passes 0"), 2);
    assert_int_equal(run_command(run, "bench content --passes"), 2);
    assert_int_equal(run_command(run, "bench content --content nosuch"), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_without_an_intent_does_not_end_it, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(windows_files_and_any_order_of_columns, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(what_is_no_table_is_told, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(to_say_not_my_field_is_no_answer, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(a_misspelt_group_is_told, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(bench_times_the_content, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(bench_tells_bad_files_and_a_full_disk, run_setup, run_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
