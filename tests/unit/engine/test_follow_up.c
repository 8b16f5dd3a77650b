/* engine: a plan is asked about once, days later; a profile of scores is ranked and drawn;
   messages that are worth keeping are counted. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "unit/engine/chat.h"

enum { DAY_MINUTES = 24 * 60 };

static void make_plan(struct chat *chat) {
    chat_say(chat, "bikin rencana");
    chat_say(chat, "kasir");
    chat_say(chat, "guru");
    chat_say(chat, "lewati");
    chat_say(chat, "lewati");
    expect_replies(chat, "dialogue_skipped plan_done");
}

static void opens_with_the_plan_once(void **state) {
    struct chat *chat = *state;
    make_plan(chat);
    chat_wait(chat, 13 * DAY_MINUTES);
    chat_visit(chat);
    expect_replies(chat, "welcome_back");
    chat_wait(chat, 1 * DAY_MINUTES);
    chat_visit(chat);
    expect_replies(chat, "follow_up");
    expect_text(chat, 0, "[ago_weeks] Rencana: jadi guru"); /* today's answers, filled in when it ended */
    chat_wait(chat, 1 * DAY_MINUTES);
    chat_visit(chat);
    expect_replies(chat, "welcome_back");
}

static void says_how_long_ago(void **state) {
    static const struct {
        int days;
        const char *ago;
    } rows[] = {{14, "[ago_weeks]"},
                {27, "[ago_weeks]"},
                {28, "[ago_month]"},
                {59, "[ago_month]"},
                {60, "[ago_months]"}};
    struct chat *chat = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        make_plan(chat);
        chat_wait(chat, rows[i].days * (int64_t)DAY_MINUTES);
        chat_visit(chat);
        expect_replies(chat, "follow_up");
        expect_text(chat, 0, rows[i].ago);
        chat_close(chat);
        chat_open(chat);
    }
}

static void comes_behind_an_answer(void **state) {
    struct chat *chat = *state;
    make_plan(chat);
    chat_wait(chat, 20 * DAY_MINUTES);
    chat_say(chat, "apa itu relawan?");
    expect_replies(chat, "volunteer follow_up_later");
    chat_say(chat, "apa itu relawan?");
    expect_replies(chat, "volunteer");
}

static void answers_a_greeting(void **state) {
    struct chat *chat = *state;
    make_plan(chat);
    chat_wait(chat, 20 * DAY_MINUTES);
    chat_say(chat, "jawaban ngawur"); /* the greeting of this content */
    expect_replies(chat, "follow_up");
    chat_wait(chat, 1 * DAY_MINUTES);
    chat_say(chat, "jawaban ngawur");
    expect_replies(chat, "greet");
}

static void waits_for_a_free_moment(void **state) {
    struct chat *chat = *state;
    make_plan(chat);
    chat_say(chat, "kak aku cocok ga ya");
    expect_step(chat, "empathy");
    chat_wait(chat, 15 * DAY_MINUTES);
    chat_visit(chat); /* the open question comes first */
    expect_replies(chat, "dialogue_recap fit.empathy");
    chat_say(chat, "apa itu relawan?");
    expect_replies(chat, "volunteer dialogue_resume fit.empathy");
    chat_say(chat, "batal");
    chat_wait(chat, 2 * DAY_MINUTES);
    chat_visit(chat);
    expect_replies(chat, "follow_up");
}

static void not_near_danger(void **state) {
    struct chat *chat = *state;
    make_plan(chat);
    chat_wait(chat, 15 * DAY_MINUTES);
    chat_say(chat, "aku mau bunuh diri");
    assert_int_equal(chat->actions.outcome, TURN_ESCALATED);
    for (size_t i = 0; i < chat->actions.message_count; i++) {
        assert_null(strstr(chat->actions.messages[i].reply, "follow_up"));
    }
}

static void answer_profile(struct chat *chat, const char *const *answers, size_t count) {
    chat_say(chat, "mau profil");
    for (size_t i = 0; i < count; i++) {
        chat_say(chat, answers[i]);
    }
}

static void expect_profile_drawn(const struct chat *chat) {
    const struct message *message = &chat->actions.messages[0];
    assert_int_equal(message->bar_count, 2);
    assert_string_equal(message->bars[0].label, "Tangan");
    assert_true(message->bars[0].percent > 49.9 && message->bars[0].percent < 50.1);
    assert_string_equal(message->bars[1].label, "Kepala");
    assert_true(message->bars[1].percent > 99.9);
}

static void draws_scores_and_ranks_them(void **state) {
    static const char *const answers[] = {"suka", "suka", "tidak", "lewati", "iya"};
    struct chat *chat = *state;
    answer_profile(chat, answers, 5);
    expect_replies(chat, "profile_done");
    expect_text(chat, 0, "Nomor satu head 100."); /* heart is unknown: neither ranked nor drawn */
    expect_profile_drawn(chat);
    chat_say(chat, "ulangi");
    expect_replies(chat, "profile_done");
    expect_profile_drawn(chat);
    chat_say(chat, "lihat hasil");
    expect_replies(chat, "profile_done");
    expect_profile_drawn(chat);
}

static void words_only_draw_nothing(void **state) {
    static const char *const answers[] = {"suka", "suka", "suka", "suka", "tidak"};
    struct chat *chat = *state;
    answer_profile(chat, answers, 5);
    expect_text(chat, 0, "Nomor satu hand 100."); /* of equal ones the first declared */
    assert_int_equal(chat->actions.messages[0].bar_count, 0);
}

/* Message i counts expected messages of a result, every other none. */
static void expect_kept(const struct chat *chat, size_t i, int expected) {
    assert_true(i < chat->actions.message_count);
    for (size_t j = 0; j < chat->actions.message_count; j++) {
        assert_int_equal(chat->actions.messages[j].keep, j == i ? expected : 0);
    }
}

static void counts_what_is_kept(void **state) {
    struct chat *chat = *state;
    make_plan(chat);
    expect_kept(chat, 1, 1);
    chat_upgrade(chat, CHAT_KEPT);
    chat_say(chat, "lihat hasil");
    expect_replies(chat, "plan_done plan_done plan_done");
    expect_kept(chat, 2, 3);
    chat_say(chat, "ulangi");
    expect_kept(chat, 2, 3);
    chat_say(chat, "apa itu relawan?");
    expect_kept(chat, 0, 0);
}

static void only_plans_and_drawings_are_kept(void **state) {
    static const char *const drawn[] = {"suka", "suka", "tidak", "lewati", "iya"};
    static const char *const words[] = {"suka", "suka", "suka", "suka", "tidak"};
    answer_profile(*state, drawn, 5);
    expect_kept(*state, 0, 1);
    chat_close(*state);
    chat_open(*state);
    answer_profile(*state, words, 5);
    expect_replies(*state, "profile_done");
    expect_kept(*state, 0, 0);
}

/* Eleven messages become eight: what stands before the result is no part of it. */
static void counts_after_merging(void **state) {
    static const char *const said[] = {
        "pakai bahasa inggris", "make a plan", "cashier", "teacher", "skip", "skip"};
    struct chat *chat = *state;
    chat_upgrade(chat, CHAT_KEPT);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        chat_say(chat, said[i]);
    }
    assert_int_equal(chat->actions.message_count, 8);
    expect_text(chat, 0, "One.\n\nTwo.");
    expect_text(chat, 7, "Ten.");
    expect_kept(chat, 7, 8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CHAT_TEST(opens_with_the_plan_once),    CHAT_TEST(says_how_long_ago),
        CHAT_TEST(comes_behind_an_answer),      CHAT_TEST(answers_a_greeting),
        CHAT_TEST(waits_for_a_free_moment),     CHAT_TEST(not_near_danger),
        CHAT_TEST(draws_scores_and_ranks_them), CHAT_TEST(words_only_draw_nothing),
        CHAT_TEST(counts_what_is_kept),         CHAT_TEST(only_plans_and_drawings_are_kept),
        CHAT_TEST(counts_after_merging),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
