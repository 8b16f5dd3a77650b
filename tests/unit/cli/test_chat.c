/* pandu chat as a program: lines in and out, restarts, bad input, databases that cannot be used. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "unit/cli/run_pandu.h"
#include "json/value.h"
#include "banned.h"

#define NOW " --now 2026-11-22T09:00:00+07:00 "

static int chat_bytes(struct run_pandu *run, const char *options, const char *input, size_t length) {
    char command[512];
    run_write(run, "input", input, length);
    snprintf(command, sizeof command, "chat %s < input", options);
    return run_command(run, command);
}

static int chat(struct run_pandu *run, const char *options, const char *input) {
    return chat_bytes(run, options, input, strlen(input));
}

/* Line i of the output as JSON. */
static struct value *line_at(const struct run_pandu *run, size_t i) {
    const char *start = run->output;
    for (; i > 0; i--) {
        start = strchr(start, '\n') + 1;
    }
    struct value *value = value_parse(start, strcspn(start, "\n"), NULL);
    assert_non_null(value);
    return value;
}

static void line_has(const struct run_pandu *run, size_t i, const char *key, const char *expected) {
    struct value *line = line_at(run, i);
    const char *text = value_get_text(line, key);
    assert_string_equal(text != NULL ? text : "null", expected);
    value_free(line);
}

static void one_line_out_for_each_in(void **state) {
    struct run_pandu *run = *state;
    assert_int_equal(chat(run, "--json" NOW,
                          "halo\n\nkak aku cocok ga ya kerja di bidang sosial?\n2\n/press 1\n/wait 2d\n"
                          "{\"press\":\"very\"}\n{\"text\":\"lewati\"}\n{\"press\":\"bogus\"}\n/help\nlast "
                          "line without an end"),
                     0);
    assert_int_equal(run_lines(run), 11);
    line_has(run, 0, "intent", "greet");
    line_has(run, 1, "outcome", "empty");
    line_has(run, 2, "step", "empathy");
    line_has(run, 3, "step", "community");
    line_has(run, 4, "step", "status");
    line_has(run, 5, "command", "wait");
    line_has(run, 5, "text", "2026-11-24T09:00:00+07:00");
    line_has(run, 6, "outcome", "stale_button");
    line_has(run, 7, "intent", "skip");
    line_has(run, 8, "error", "no_such_choice");
    line_has(run, 9, "command", "help");
    struct value *line = line_at(run, 2), *reply = value_at(value_get(line, "replies"), 0);
    assert_int_equal(value_type(value_get(reply, "links")), VALUE_ARRAY);
    assert_int_equal(value_type(value_get(reply, "bars")), VALUE_ARRAY);
    assert_int_equal(value_type(value_get(reply, "progress")), VALUE_NULL);
    assert_true(value_int(value_get(line, "seq"), 0) > 0);
    value_free(line);
}

static void goes_on_after_the_end_of_input(void **state) {
    struct run_pandu *run = *state;
    assert_int_equal(chat(run, "--json" NOW, "kak aku cocok ga ya kerja di bidang sosial?\n4\n"), 0);
    assert_int_equal(chat(run, "--json" NOW, "/press 5\n"), 0); /* of the question that is still open */
    line_has(run, 0, "step", "status");
    assert_int_equal(chat(run, "--json-open" NOW, ""), 0);
    assert_int_equal(run_lines(run), 1);
    line_has(run, 0, "step", "status");
    assert_int_equal(chat(run, "--json --conversation other" NOW, "halo\n"), 0);
    line_has(run, 0, "dialogue", "null");
    struct stat about;
    char path[128];
    snprintf(path, sizeof path, "%s/data", run->folder);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
}

static void the_same_words_give_the_same_words(void **state) {
    struct run_pandu *run = *state;
    static const char words[] = "halo\napa itu karier\nhalo\n";
    assert_int_equal(chat(run, "--json --db one.db" NOW, words), 0);
    char *first = strdup(run->output);
    assert_int_equal(chat(run, "--json --db two.db" NOW, words), 0);
    assert_string_equal(first, run->output);
    free(first);
}

static void long_and_broken_bytes_are_one_turn(void **state) {
    static const char broken[] = "ha\0lo\nhalo\xff\xfe\n\x80\r\n";
    struct run_pandu *run = *state;
    char *input = malloc(200 * 1024);
    assert_non_null(input);
    memset(input, 'a', 5000);
    for (size_t i = 7; i < 5000; i += 8) {
        input[i] = ' ';
    }
    input[5000] = '\n';
    assert_int_equal(chat_bytes(run, "--json" NOW, input, 5001), 0);
    assert_int_equal(run_lines(run), 1);
    assert_non_null(strstr(run->output, "\"message_cut\""));
    memset(input, 'b', 150 * 1024);
    memcpy(input + 150 * 1024, "\nhalo\n", 6);
    assert_int_equal(chat_bytes(run, "--json" NOW, input, 150 * 1024 + 6), 0);
    assert_int_equal(run_lines(run), 2);
    line_has(run, 1, "intent", "greet");
    assert_int_equal(chat_bytes(run, "--json" NOW, broken, sizeof broken - 1), 0);
    assert_int_equal(run_lines(run), 3);
    free(input);
}

static void people_see_lists_and_how_to_go_on(void **state) {
    struct run_pandu *run = *state;
    assert_int_equal(chat(run, "--db my.db --conversation sari" NOW,
                          "kak aku cocok ga ya kerja di bidang sosial?\n2\n/quit\nhalo\n"),
                     0);
    assert_non_null(strstr(run->output, "   1. Tidak sama sekali\n"));
    assert_non_null(strstr(run->output, "(2 dari "));
    assert_null(strstr(run->output, "\033"));
    assert_non_null(strstr(run->output, "pandu chat --db my.db --conversation sari"));
    assert_int_equal(chat(run, "--db my.db --conversation sari" NOW, ""), 0);
    assert_non_null(strstr(run->output, "(2 dari "));
    assert_int_equal(chat(run, "--db my.db --conversation tom --lang en" NOW, ""), 0);
    assert_non_null(strstr(run->output, "Go on any time"));
}

static void says_why_a_database_cannot_be_used(void **state) {
    struct run_pandu *run = *state;
    assert_int_equal(chat(run, "--json --db missing/x.db", "halo\n"), 1);
    assert_non_null(strstr(run->output, "missing/x.db"));
    run_write(run, "text.db",
              "this is no database, and it must stay as it is, byte by byte ......................", 80);
    assert_int_equal(chat(run, "--json --db text.db", "halo\n"), 1);
    assert_non_null(strstr(run->output, "Nothing was overwritten"));
    run_write(run, "file", "", 0);
    assert_int_equal(chat(run, "--json --data file/below", "halo\n"), 1);
    assert_non_null(strstr(run->output, "--data DIR"));
    assert_int_equal(chat(run, "--json --content /nonexistent", "halo\n"), 1);
}

static void an_output_that_is_full_is_told(void **state) {
    struct run_pandu *run = *state;
    run_write(run, "input", "halo\n", 5);
    assert_int_equal(run_command(run, "chat --json" NOW "< input 2>&1 > /dev/full || exit $?"), 1);
    assert_non_null(strstr(run->output, "cannot be written; what was said is stored"));
    assert_int_equal(run_command(run, "chat" NOW "< input 2>&1 > /dev/full || exit $?"), 1);
    assert_int_equal(run_command(run, "help 2>&1 > /dev/full || exit $?"), 1);
}

/* Closed descriptors once went to the lock: its number was read as what the visitor said. */
static void a_closed_input_or_output_is_no_database(void **state) {
    struct run_pandu *run = *state;
    assert_int_equal(run_command(run, "chat --json" NOW "--db c.db <&-"), 0);
    assert_string_equal(run->output, "");
    assert_int_equal(run_command(run, "chat --json" NOW "--db c.db <&-"), 0);
    assert_string_equal(run->output, "");
    run_write(run, "input", "halo\n", 5);
    assert_int_equal(run_command(run, "chat --json" NOW "--db c.db < input 2>&1 >&- || exit $?"), 1);
    assert_non_null(strstr(run->output, "cannot be written; what was said is stored"));
}

static void wrong_options_are_told(void **state) {
    struct run_pandu *run = *state;
    static const char *const wrong[] = {"--bogus", "--now yesterday", "--lang xx",        "--db",
                                        "stray",   "--json=1",        "--conversation ''"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (chat(run, wrong[i], "") != 2 || strstr(run->output, "pandu chat: ") == NULL) {
            fail_msg("%s: exit %d, %s", wrong[i], run->status, run->output);
        }
    }
    assert_int_equal(run_command(run, "help chat"), 0);
    assert_non_null(strstr(run->output, "/wait"));
    assert_int_equal(run_command(run, "chat --help"), 0);
    assert_int_equal(run_command(run, "help"), 0);
    assert_int_equal(run_command(run, "help bogus"), 2);
    assert_int_equal(run_command(run, "bogus"), 2);
    assert_int_equal(run_command(run, ""), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_line_out_for_each_in, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(goes_on_after_the_end_of_input, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(the_same_words_give_the_same_words, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(long_and_broken_bytes_are_one_turn, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(people_see_lists_and_how_to_go_on, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(says_why_a_database_cannot_be_used, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(an_output_that_is_full_is_told, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(a_closed_input_or_output_is_no_database, run_setup, run_teardown),
        cmocka_unit_test_setup_teardown(wrong_options_are_told, run_setup, run_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
