/* channel: what does not fit becomes text, and nothing said can steer a terminal. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "channel/channel.h"
#include "channel/collect/collect.h"
#include "channel/terminal/terminal.h"
#include "domain/engine/engine.h"
#include "banned.h"

static struct message_choice choices[] = {
    {"3:no", "no", "Tidak setuju"}, {"3:yes", "yes", "Setuju"}, {"3:skip", "skip", "Lewati"}};
static const struct message_link links[] = {{"Situs", "https://example.org"}, {"", "https://example.net"}};
static struct message_bar bars[] = {{"Cocok", 70}, {"Belum", 0}, {"Penuh", 140}};

static struct message full_message(void) {
    return (struct message){.reply = "r",
                            .text = "Satu kalimat. Dua kalimat.",
                            .choices = choices,
                            .choice_count = 3,
                            .links = links,
                            .link_count = 2,
                            .bars = bars,
                            .bar_count = 3,
                            .progress_at = 2,
                            .progress_of = 6};
}

static int setup(void **state) {
    *state = arena_new(0);
    return *state ? 0 : -1;
}

static int teardown(void **state) {
    arena_free(*state);
    return 0;
}

static void everything_becomes_text(void **state) {
    const struct channel_capabilities plain = {0};
    struct message message = full_message();
    size_t count;
    const struct message *out = channel_degrade(&plain, &message, 1, *state, &count);
    assert_int_equal(count, 1);
    assert_string_equal(out->text, "Satu kalimat. Dua kalimat.\n"
                                   "Cocok ███████░░░ 70 %\nBelum ░░░░░░░░░░ 0 %\nPenuh ██████████ 100 %\n"
                                   "Situs: https://example.org\nhttps://example.net\n"
                                   "1. Tidak setuju\n2. Setuju\n3. Lewati");
    assert_int_equal(out->choice_count, 3);
    assert_false(channel_shows_buttons(&plain, out));
    assert_int_equal(out->link_count + out->bar_count, 0);
    assert_int_equal(out->progress_of, 6);
}

static void what_fits_stays(void **state) {
    const struct channel_capabilities rich = {.buttons_max = 3, .has_links = 1, .has_bars = 1};
    struct message message = full_message();
    size_t count;
    const struct message *out = channel_degrade(&rich, &message, 1, *state, &count);
    assert_string_equal(out->text, message.text);
    assert_true(channel_shows_buttons(&rich, out));
    assert_int_equal(out->link_count, 2);
    assert_int_equal(out->bar_count, 3);
    const struct channel_capabilities two = {.buttons_max = 2, .has_links = 1, .has_bars = 1};
    out = channel_degrade(&two, &message, 1, *state, &count);
    assert_non_null(strstr(out->text, "3. Lewati"));
}

static void labels_are_cut_but_never_alike(void **state) {
    const struct channel_capabilities narrow = {.buttons_max = 3, .label_max = 8};
    struct message message = {.reply = "r", .text = "x", .choices = choices, .choice_count = 2};
    size_t count;
    const struct message *out = channel_degrade(&narrow, &message, 1, *state, &count);
    assert_string_equal(out->choices[0].label, "Tidak s…");
    assert_string_equal(out->choices[1].label, "Setuju");
    assert_string_equal(choices[0].label, "Tidak setuju");
    struct message_choice twins[] = {{"1:a", "a", "Perusahaan besar"}, {"1:b", "b", "Perusahaan kecil"}};
    message.choices = twins;
    out = channel_degrade(&narrow, &message, 1, *state, &count);
    assert_false(channel_shows_buttons(&narrow, out));
    assert_string_equal(out->text, "x\n1. Perusahaan besar\n2. Perusahaan kecil");
}

static void long_text_is_split(void **state) {
    const struct channel_capabilities small = {.text_max = 30, .buttons_max = 3};
    struct message message = {.reply = "r",
                              .text = "Satu dua tiga empat. Lima enam tujuh delapan.",
                              .choices = choices,
                              .choice_count = 2};
    size_t count;
    const struct message *out = channel_degrade(&small, &message, 1, *state, &count);
    assert_int_equal(count, 2);
    assert_string_equal(out[0].text, "Satu dua tiga empat.");
    assert_int_equal(out[0].choice_count, 0);
    assert_string_equal(out[1].text, "Lima enam tujuh delapan.");
    assert_int_equal(out[1].choice_count, 2);
    assert_string_equal(out[0].reply, "r");
    message.text = "";
    channel_degrade(&small, &message, 1, *state, &count);
    assert_int_equal(count, 1);
}

static const char *pick(const struct message *messages, size_t count, const char *typed) {
    return channel_pick(messages, count, typed, strlen(typed));
}

static void numbers_pick_only_from_the_last_list(void **state) {
    (void)state;
    struct message messages[] = {{.text = "a", .choices = choices, .choice_count = 3},
                                 {.text = "b", .choices = choices, .choice_count = 2}};
    assert_string_equal(pick(messages, 2, "1"), "3:no");
    assert_string_equal(pick(messages, 2, "2."), "3:yes");
    assert_string_equal(pick(messages, 2, "2) "), "3:yes");
    assert_null(pick(messages, 2, "3"));
    assert_null(pick(messages, 2, "0"));
    assert_null(pick(messages, 2, ""));
    assert_null(pick(messages, 2, "2 tahun"));
    assert_null(pick(messages, 2, "1111111111111111111111"));
    assert_null(pick(NULL, 0, "1"));
    messages[1].choice_count = 0;
    assert_null(pick(messages, 2, "1"));
    messages[1].choices = &choices[2];
    messages[1].choice_count = 1; /* a number question that may be skipped: "1" is an answer */
    assert_null(pick(messages, 2, "1"));
    assert_false(channel_is_list(&messages[1]));
}

static void terminal_shows_lines(void **state) {
    struct message messages[] = {full_message(), full_message()};
    struct terminal_style style = {.name = "Pandu"};
    struct buf out;
    messages[0].link_count = messages[0].bar_count = 0;
    messages[1].link_count = messages[1].bar_count = 0;
    messages[1].text = "a\033[31mb\a\nc\xc2\x9b"
                       "d";
    buf_init(&out, 0);
    terminal_show(&style, messages, 2, *state, &out);
    assert_string_equal(
        buf_text(&out),
        "Pandu\n  Satu kalimat. Dua kalimat.\n    - Tidak setuju\n    - Setuju\n    - Lewati\n"
        "\n  a[31mb\n  cd\n   1. Tidak setuju\n   2. Setuju\n   3. Lewati\n");
    buf_close(&out);
}

static void terminal_has_colours_and_width(void **state) {
    struct message message = {.reply = "r", .text = "satu dua tiga empat lima enam tujuh"};
    struct terminal_style style = {.name = "Pandu", .has_colours = 1, .width = 24};
    struct buf out;
    buf_init(&out, 0);
    terminal_show(&style, &message, 1, *state, &out);
    assert_string_equal(buf_text(&out), "\033[1;36mPandu\033[0m\n  satu dua tiga empat\n  lima enam tujuh\n");
    buf_close(&out);
    style.has_colours = 0;
    terminal_note(&style, "catatan", &out);
    assert_string_equal(buf_text(&out), "catatan\n");
    buf_close(&out);
}

static void collects_and_finds_buttons(void **state) {
    (void)state;
    struct collect *collect = collect_new();
    struct message_choice newer[] = {{"9:yes", "yes", "Ya"}};
    struct message first = full_message(),
                   second = {.reply = "s", .text = "t", .choices = newer, .choice_count = 1};
    size_t count;
    assert_null(collect_last(collect, &count));
    assert_int_equal(collect_add(collect, &first, 1), 0);
    assert_int_equal(collect_add(collect, &second, 1), 0);
    assert_string_equal(collect_payload(collect, "yes"), "9:yes");
    assert_string_equal(collect_payload(collect, "no"), "3:no"); /* shown long ago */
    assert_string_equal(collect_payload(collect, "Setuju"), "3:yes");
    assert_string_equal(collect_payload(collect, "3:yes"), "3:yes");
    assert_null(collect_payload(collect, "maybe"));
    const struct message *last = collect_last(collect, &count);
    assert_int_equal(count, 1);
    assert_string_equal(last->reply, "s");
    assert_ptr_not_equal(last->text, second.text);
    for (int i = 0; i < COLLECT_TURNS_MAX; i++) {
        assert_int_equal(collect_add(collect, &second, 1), 0);
    }
    assert_null(collect_payload(collect, "no")); /* forgotten */
    collect_free(collect);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(everything_becomes_text, setup, teardown),
        cmocka_unit_test_setup_teardown(what_fits_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(labels_are_cut_but_never_alike, setup, teardown),
        cmocka_unit_test_setup_teardown(long_text_is_split, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers_pick_only_from_the_last_list, setup, teardown),
        cmocka_unit_test_setup_teardown(terminal_shows_lines, setup, teardown),
        cmocka_unit_test_setup_teardown(terminal_has_colours_and_width, setup, teardown),
        cmocka_unit_test_setup_teardown(collects_and_finds_buttons, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
