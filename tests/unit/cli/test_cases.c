/* pandu test: right cases pass, and every single expectation can fail. Plays on the shipped content with a
   tiny dialogue laid over it, so that no author's change reaches these tests. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "unit/cli/run_pandu.h"
#include "banned.h"

#define OVERLAY PANDU_SOURCE "/tests/unit/cli/overlay"
#define OPTIONS " --content " PANDU_SOURCE " --site " OVERLAY " "

static int play(struct run_pandu *run, const char *options, const char *file) {
    char command[1024];
    run_write(run, "case.json", file, strlen(file));
    snprintf(command, sizeof command, "test case.json" OPTIONS "%s", options);
    return run_command(run, command);
}

#define START "{\"user\":\"mulai dialog kecil\"}"

static void right_cases_pass(void **state) {
    static const char file[] =
        "{\"$schema\":\"x\",\"given\":{\"lang\":\"id\",\"seed\":3},\"tests\":[\n"
        "{\"test\":\"all "
        "expectations\",\"note\":\"n\",\"given\":{\"slots\":{\"name\":\"Sari\"},\"clock\":\"2026-11-22T09:00:"
        "00+07:00\"},\"turns\":[\n"
        " {\"user\":\"mulai dialog "
        "kecil\",\"intent\":\"tiny\",\"reply\":[\"tiny.like\"],\"reply_includes\":\"tiny.like\",\n"
        "  "
        "\"reply_excludes\":[\"tiny.years\"],\"dialogue\":\"tiny\",\"step\":\"like\",\"answers\":{\"like\":"
        "null},\"slots\":{\"name\":\"Sari\",\"age\":null},\n"
        "  "
        "\"choices\":[\"no\",\"yes\"],\"choices_include\":\"yes\",\"progress\":\"1/"
        "2\",\"state\":\"dialogue\",\"outcome\":\"dialogue\",\n"
        "  "
        "\"language\":\"id\",\"contains\":[\"Suka\",\"bekerja\"],\"not_contains\":\"kerbau\",\"escalation\":"
        "null,\"unmatched\":false},\n"
        " {\"resend\":true,\"step\":\"like\"},\n"
        " {\"press\":\"yes\",\"step\":\"years\",\"answers\":{\"like\":5,\"tiny.like\":\"yes\",\"years\":null}"
        "},\n"
        " {\"again\":true,\"outcome\":\"stale_button\",\"step\":\"years\"},\n"
        " {\"wait\":\"2d\"},{\"restart\":true},\n"
        " {\"open\":true,\"reply_includes\":\"tiny.years\"},\n"
        " {\"user\":\"lewati\",\"reply_includes\":[\"tiny_high\"],\"dialogue\":null,\"step\":null,"
        "\"answers\":{\"years\":\"skipped\"},\"links_include\":\"https://example.org/tiny\"}],\n"
        " \"end\":{\"dialogue\":null,\"step\":null,\"state\":\"idle\",\"language\":\"id\",\"answers\":{"
        "\"tiny.like\":\"yes\"},\"slots\":{\"name\":\"Sari\"},\"fallbacks\":0}},\n"
        "{\"test\":\"presses by label and number\",\"turns\":[" START ",{\"press\":\"Tidak "
        "suka\",\"answers\":{\"like\":1}},{\"user\":\"3\",\"reply_includes\":\"tiny_low\",\"answers\":{"
        "\"years\":3}}]},\n"
        "{\"test\":\"a number\",\"turns\":[" START ",{\"press\":2,\"answers\":{\"like\":\"yes\"}}]},\n"
        "{\"test\":\"settings\",\"given\":{\"site\":{\"bot_name\":\"Penuntun\"}},\"turns\":[{\"open\":true,"
        "\"contains\":\"Penuntun\"}]}]}";
    assert_int_equal(play(*state, "", file), 0);
    run_has(*state, "1 files, 4 conversations");
}

static void content_can_change_in_the_middle(void **state) {
    char file[1024];
    snprintf(file, sizeof file,
             "{\"test\":\"upgrade\",\"turns\":[" START ",{\"upgrade\":\"%s_v2\"},"
             "{\"user\":\"suka\",\"contains\":\"dengan "
             "orang\",\"reply_includes\":\"dialogue_changed\",\"step\":\"like\"}]}",
             OVERLAY);
    assert_int_equal(play(*state, "", file), 0);
    snprintf(file, sizeof file,
             "{\"test\":\"upgrade\",\"turns\":[" START ",{\"upgrade\":\"%s_v3\"},{\"user\":\"ulangi\"}]}",
             OVERLAY);
    assert_int_equal(play(*state, "", file), 1);
    run_has(*state, "_v3");
}

/* The second turn of a conversation, with one wrong expectation. */
static void each_expectation_can_fail(void **state) {
    static const char *const wrong[] = {
        "\"intent\":\"greet\"",
        "\"reply\":\"tiny.like\"",
        "\"reply\":[\"tiny.years\",\"tiny.like\"]",
        "\"reply\":[]",
        "\"reply_includes\":[\"tiny.years\",\"tiny.like\"]",
        "\"reply_excludes\":\"tiny.years\"",
        "\"dialogue\":null",
        "\"step\":\"like\"",
        "\"step\":null",
        "\"answers\":{\"like\":1}",
        "\"answers\":{\"like\":\"no\"}",
        "\"answers\":{\"like\":null}",
        "\"answers\":{\"like\":\"skipped\"}",
        "\"answers\":{\"years\":0}",
        "\"slots\":{\"name\":\"Sari\"}",
        "\"choices\":[\"yes\"]",
        "\"choices_include\":\"yes\"",
        "\"progress\":\"1/2\"",
        "\"progress\":null",
        "\"outcome\":\"control\"",
        "\"state\":\"idle\"",
        "\"language\":\"en\"",
        "\"contains\":\"kerbau\"",
        "\"not_contains\":[\"berapa\"]",
        "\"links_include\":\"https://example.org/tiny\"",
        "\"escalation\":\"crisis\"",
        "\"unmatched\":true",
    };
    char file[8192] = "{\"tests\":[";
    size_t length = strlen(file), count = sizeof wrong / sizeof wrong[0];
    for (size_t i = 0; i < count; i++) {
        length +=
            (size_t)snprintf(file + length, sizeof file - length,
                             "%s\n{\"test\":\"wrong %zu\",\"turns\":[" START ",{\"press\":\"yes\",%s}]}",
                             i > 0 ? "," : "", i, wrong[i]);
    }
    snprintf(file + length, sizeof file - length, "]}");
    assert_int_equal(play(*state, "", file), 1);
    for (size_t i = 0; i < count; i++) {
        char expected[64], key[32];
        snprintf(expected, sizeof expected, "FAILED case.json:%zu \"wrong %zu\"", i + 2, i);
        run_has(*state, expected);
        snprintf(key, sizeof key, ", %.*s", (int)strcspn(wrong[i] + 1, "\""), wrong[i] + 1);
        const char *report = strstr(((struct run_pandu *)*state)->output, expected);
        if (strstr(report, key) == NULL || strstr(report, "in turn 2") == NULL) {
            fail_msg("%s: %s", key, report);
        }
    }
    char summary[64];
    snprintf(summary, sizeof summary, "%zu conversations, %zu turns: %zu failed", count, count, count);
    run_has(*state, summary);
}

static void the_end_and_the_actions_can_fail(void **state) {
    static const char file[] =
        "{\"tests\":[\n"
        "{\"test\":\"a\",\"turns\":[" START "],\"end\":{\"fallbacks\":1}},\n"
        "{\"test\":\"b\",\"turns\":[" START "],\"end\":{\"step\":\"years\"}},\n"
        "{\"test\":\"c\",\"turns\":[" START ",{\"press\":\"bogus\"}]},\n"
        "{\"test\":\"d\",\"turns\":[{\"again\":true}]},\n"
        "{\"test\":\"e\",\"turns\":[{\"wait\":\"soon\"}]},\n"
        "{\"test\":\"f\",\"given\":{\"clock\":\"noon\"},\"turns\":[" START "]},\n"
        "{\"test\":\"g\",\"given\":{\"lang\":\"xx\"},\"turns\":[" START "]},\n"
        "{\"test\":\"h\",\"given\":{\"content\":\"missing\"},\"turns\":[" START "]},\n"
        "{\"test\":\"i\",\"given\":{\"site\":{\"bot_name\":7}},\"turns\":[" START "]}]}";
    assert_int_equal(play(*state, "", file), 1);
    for (char name = 'a'; name <= 'i'; name++) {
        char expected[64];
        snprintf(expected, sizeof expected, "FAILED case.json:%d \"%c\"", name - 'a' + 2, name);
        run_has(*state, expected);
    }
    run_has(*state, "line 2, fallbacks: expected 1, came 0");
    run_has(*state, "line 4: press: no button \"bogus\" was shown");
    run_has(*state, "line 7: clock is no time");
}

static void a_failed_message_is_explained(void **state) {
    assert_int_equal(
        play(*state, "",
             "{\"test\":\"x\",\"turns\":[{\"user\":\"mulai dialog kecil\",\"intent\":\"greet\"}]}"),
        1);
    run_has(*state, "expected \"greet\", came \"tiny\"");
    run_has(*state, "bot [tiny.like]");
    run_has(*state, "folded:");
}

static void mistakes_have_file_and_line(void **state) {
    static const struct {
        const char *file, *expected;
    } cases[] = {
        {"{\"test\":\"x\",\n \"turns\":[\n  {\"user\":\"a\",\n   \"repyl\":\"b\"}]}",
         "case.json:4: $.turns[0].repyl"},
        {"{\"test\":\"x\",\n \"turns\":[{\"user\":\"a\"}]", "case.json:2: "},
        {"{\"test\":\"x\",\n \"turns\":[{\"user\":7}]}", "case.json:2: $.turns[0].user"},
        {"{\"test\":\"x\",\n \"turns\":[{\"user\":\"a\",\n \"press\":\"b\"}]}",
         "case.json:2: $.turns[0]: must do one thing"},
        {"{\"test\":\"x\",\n \"turns\":[{\"wait\":\"3d\",\"step\":\"b\"}]}",
         "case.json:2: $.turns[0]: nothing is said then"},
        {"{\"test\":\"x\",\n \"turns\":[{\"user\":\"a\",\"state\":\"asleep\"}]}",
         "case.json:2: $.turns[0].state"},
        {"{\"test\":\"x\",\n \"turns\":[]}", "case.json:2: $.turns"},
        {"{\"turns\":[{\"user\":\"a\"}]}", "case.json:1: $: needs a name"},
        {"{\"note\":\"nothing\"}", "case.json:1: $: needs either"},
        {"[]", "case.json:1: $"},
        {"", "case.json:"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(play(*state, "", cases[i].file), 1);
        run_has(*state, cases[i].expected);
        run_has(*state, "1 files with mistakes");
    }
}

static void coverage_counts_and_can_fail(void **state) {
    static const char none[] = "{\"test\":\"x\",\"turns\":[{\"user\":\"halo\"}]}";
    static const char half[] = "{\"test\":\"x\",\"turns\":[" START ",{\"press\":\"yes\"}]}";
    static const char all[] =
        "{\"tests\":[{\"test\":\"x\",\"turns\":[" START ",{\"press\":\"yes\"},{\"user\":\"3\"}]},"
        "{\"test\":\"y\",\"turns\":[" START ",{\"user\":\"lewati\"},{\"user\":\"lewati\"}]}]}";
    assert_int_equal(play(*state, "--coverage", none), 0);
    run_has(*state, "tiny                           0.0 %  (0 of 8)");
    assert_int_equal(play(*state, "--coverage=50", half), 1);
    run_has(*state, "(3 of 8)");
    run_has(*state, "tiny.json:7: step years never answered");
    run_has(*state, "tiny.json:9: result low never reached");
    run_has(*state, "below 50 %");
    assert_int_equal(play(*state, "--coverage-min 1", all), 0);
    run_has(*state, "tiny                         100.0 %  (8 of 8)");
    assert_int_equal(play(*state, "--coverage=often", all), 2);
}

static int is_printed(void **state, const char *text) {
    const struct run_pandu *run = *state;
    return strstr(run->output, text) != NULL;
}

static void ways_are_counted_and_can_be_missing(void **state) {
    static const char end[] = "{\"test\":\"x\",\"turns\":[" START ",{\"press\":\"yes\"},{\"user\":\"3\"}]}";
    static const char stop[] =
        "{\"test\":\"x\",\"turns\":[" START ",{\"user\":\"lewati\"},{\"user\":\"batal\"}]}";
    assert_int_equal(play(*state, "--ways", end), 1);
    run_has(*state, "tiny: never cancelled in \"id\"");
    run_has(*state, "tiny: never skipped in \"id\"");
    run_has(*state, "tiny: never gone to its end in \"en\"");
    assert_false(is_printed(state, "tiny: never gone to its end in \"id\""));
    assert_int_equal(play(*state, "--ways", stop), 1);
    run_has(*state, "tiny: never gone to its end in \"id\"");
    assert_false(is_printed(state, "tiny: never cancelled in \"id\""));
    assert_false(is_printed(state, "tiny: never skipped in \"id\""));
    assert_int_equal(play(*state, "", stop), 0);
}

static void results_as_xml(void **state) {
    struct run_pandu *run = *state;
    static const char file[] = "{\"tests\":[{\"test\":\"good <&\\\"\",\"turns\":[" START
                               "]},{\"test\":\"bad\",\"turns\":[{\"user\":\"halo\",\"step\":\"x\"}]}]}";
    assert_int_equal(play(run, "--junit out.xml", file), 1);
    run_write(run, "show", "", 0);
    char path[128], xml[4096];
    snprintf(path, sizeof path, "%s/out.xml", run->folder);
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    xml[fread(xml, 1, sizeof xml - 1, in)] = '\0';
    fclose(in);
    assert_non_null(strstr(xml, "tests=\"2\" failures=\"1\""));
    assert_non_null(strstr(xml, "name=\"good &lt;&amp;&quot;\""));
    assert_non_null(strstr(xml, "<failure message=\"  line 1, step: expected &quot;x&quot;, came null"));
    assert_int_equal(play(run, "--junit missing/out.xml", file), 2);
}

static void paths_and_options(void **state) {
    struct run_pandu *run = *state;
    char command[1024];
    snprintf(command, sizeof command, "test missing.json" OPTIONS);
    assert_int_equal(run_command(run, command), 2);
    snprintf(command, sizeof command, "test ." OPTIONS);
    assert_int_equal(run_command(run, command), 1);
    run_has(run, "there are no cases");
    assert_int_equal(run_command(run, "test --bogus"), 2);
    assert_int_equal(run_command(run, "test . --content missing"), 2);
    assert_int_equal(run_command(run, "help test"), 0);
    assert_int_equal(play(run, "", "{\"test\":\"x\",\"turns\":[" START "]}"), 0);
    snprintf(command, sizeof command, "test ." OPTIONS);
    assert_int_equal(run_command(run, command), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(right_cases_pass, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(content_can_change_in_the_middle, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(each_expectation_can_fail, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(the_end_and_the_actions_can_fail, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(a_failed_message_is_explained, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(mistakes_have_file_and_line, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(coverage_counts_and_can_fail, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(ways_are_counted_and_can_be_missing, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(results_as_xml, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(paths_and_options, run_setup, run_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
