/* engine: a dialogue from start to result, and everything that may happen on the way. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "unit/engine/chat.h"

static void start(struct chat *chat) {
    chat_say(chat, "kak aku cocok ga ya");
    expect_replies(chat, "fit_intro fit.empathy");
    expect_step(chat, "empathy");
}

static void runs_to_a_result(void **state) {
    struct chat *chat = *state;
    start(chat);
    expect_text(chat, 1, "(1 dari 5) Kamu gampang berempati?");
    assert_int_equal(chat->actions.messages[1].choice_count, 3);
    assert_int_equal(chat->actions.outcome, TURN_DIALOGUE);
    assert_string_equal(chat->actions.state, "dialogue");
    chat_say(chat, "setuju dong kak");
    expect_replies(chat, "fit.status");
    assert_int_equal(chat->actions.messages[0].progress_at, 2);
    chat_say(chat, "1");
    chat_say(chat, "teknologi");
    expect_replies(chat, "fit.tools");
    expect_text(chat, 0, "(4 dari 6)");
    chat_say(chat, "aku bisa Excel, dikit-dikit SQL");
    expect_step(chat, "age");
    chat_say(chat, "25 tahun");
    expect_replies(chat, "fit.note fit.ready");
    chat_press(chat, "yes");
    expect_replies(chat, "fit_strong");
    expect_text(chat, 0, "Cocok: 100. Soal empati: \"setuju dong kak\".");
    expect_text(chat, 0, "Bidang teknologi.");
    assert_true(chat->actions.messages[0].bar_count >= 2);
    expect_step(chat, NULL);
    assert_string_equal(chat->actions.state, "idle");
    assert_int_equal(chat->session.plan_count, 1);
    assert_string_equal(session_slot(&chat->session, "age"), "25");
}

static void digression_keeps_the_question(void **state) {
    struct chat *chat = *state;
    start(chat);
    for (int i = 0; i < 4; i++) { /* more often than retries are allowed */
        chat_say(chat, "gimana gajinya?");
        expect_replies(chat, "salary dialogue_resume fit.empathy");
        expect_step(chat, "empathy");
        assert_int_equal(chat->session.stack[0].retries, 0);
    }
    chat_say(chat, "gajinya gimana? terus cara jadi relawan apa?");
    expect_replies(chat, "salary volunteer dialogue_resume fit.empathy");
    chat_say(chat, "iya");
    expect_step(chat, "status");
}

static void answer_and_question_in_one(void **state) {
    struct chat *chat = *state;
    start(chat);
    chat_say(chat, "setuju. btw gajinya gimana?");
    expect_replies(chat, "salary fit.status");
    expect_choice(chat, "empathy", "yes");
    chat_say(chat, "tidak setuju, tapi gajinya gimana?");
    expect_replies(chat, "salary fit.field");
    expect_choice(chat, "status", "no");
}

static void corrects_by_name(void **state) {
    struct chat *chat = *state;
    start(chat);
    chat_say(chat, "setuju");
    chat_say(chat, "biasa saja");
    expect_step(chat, "field");
    chat_say(chat, "eh yang soal empati salah");
    expect_replies(chat, "fit.empathy");
    expect_step(chat, "empathy");
    chat_say(chat, "tidak setuju");
    expect_replies(chat, "fit.field"); /* status stays answered */
    chat_say(chat, "yang empati ganti jadi setuju");
    expect_replies(chat, "answer_corrected fit.field");
    expect_choice(chat, "empathy", "yes");
    expect_text(chat, 0, "soal empati setuju");
    chat_say(chat, "jawaban nomor 2 salah");
    expect_step(chat, "status");
    chat_say(chat, "setuju");
    expect_step(chat, "field");
    chat_say(chat, "salah, harusnya biasa saja"); /* no name: the answer before the open question */
    expect_replies(chat, "answer_corrected fit.field");
    expect_choice(chat, "status", "meh");
    chat_say(chat, "eh kayaknya salah deh"); /* and no value */
    expect_replies(chat, "fit.status");
    chat_say(chat, "biasa saja");
    chat_say(chat, "ada jawaban yang salah");
    expect_replies(chat, "which_answer");
    assert_string_equal(chat->actions.state, "confirm");
    chat_press(chat, "empathy");
    expect_step(chat, "empathy");
}

static void corrects_a_number(void **state) {
    struct chat *chat = *state;
    start(chat);
    chat_say(chat, "setuju");
    chat_say(chat, "setuju");
    chat_say(chat, "sosial");
    expect_step(chat, "age");
    chat_say(chat, "25");
    chat_say(chat, "umur tadi salah, harusnya 20");
    expect_replies(chat, "answer_corrected fit.ready");
    assert_string_equal(session_slot(&chat->session, "age"), "20");
    chat_say(chat, "ya");
    expect_replies(chat, "fit_partly");
    chat_say(chat, "eh yang status ganti jadi tidak setuju"); /* even after the result */
    expect_replies(chat, "answer_corrected fit_strong");
}

static void branch_is_recomputed(void **state) {
    struct chat *chat = *state;
    start(chat);
    chat_say(chat, "setuju");
    chat_say(chat, "setuju");
    chat_say(chat, "teknologi");
    chat_say(chat, "Excel");
    expect_step(chat, "age");
    chat_say(chat, "yang bidang ganti jadi sosial");
    expect_step(chat, "age");
    assert_int_equal(chat->actions.messages[1].progress_of, 5);
    chat_say(chat, "yang bidang ganti jadi teknologi");
    expect_step(chat, "age"); /* the answer off the path was kept */
    assert_int_equal(chat->actions.messages[1].progress_of, 6);
}

static void goes_back(void **state) {
    struct chat *chat = *state;
    start(chat);
    chat_say(chat, "kembali");
    expect_replies(chat, "dialogue_back_at_start fit.empathy");
    chat_say(chat, "setuju");
    chat_say(chat, "setuju");
    chat_say(chat, "kembali");
    expect_replies(chat, "fit.status");
    chat_say(chat, "kembali");
    expect_replies(chat, "fit.empathy");
    chat_say(chat, "tidak setuju");
    chat_say(chat, "setuju");
    expect_step(chat, "field");
    chat_say(chat, "balik sekolah"); /* a choice, not a command */
    expect_step(chat, "age");
    expect_choice(chat, "field", "back");
}

static void bad_answers_never_stick(void **state) {
    struct chat *chat = *state;
    start(chat);
    chat_say(chat, "zzz qqq");
    expect_replies(chat, "retry_choice fit.empathy");
    expect_text(chat, 0, "Empati itu ikut merasakan.");
    chat_say(chat, "xxx yyy");
    expect_replies(chat, "dialogue_skip_offer");
    chat_press(chat, "skip");
    expect_replies(chat, "dialogue_skipped fit.status");
    assert_int_equal(chat_answer(chat, "empathy")->kind, ANSWER_SKIPPED);
    chat_say(chat, "aaa bbb");
    chat_say(chat, "ccc ddd");
    chat_say(chat, "iya"); /* "yes" is also a choice, but the offer was asked last */
    expect_replies(chat, "dialogue_skipped fit.field");
    assert_int_equal(chat_answer(chat, "status")->kind, ANSWER_SKIPPED);
    chat_say(chat, "iya");
    expect_step(chat, "field"); /* no yes among the choices: nothing is guessed */
    chat_say(chat, "iya");
    expect_replies(chat, "dialogue_skip_offer");
    chat_say(chat, "boleh");
    expect_replies(chat, "dialogue_skipped fit.age");
    chat_say(chat, "150");
    expect_replies(chat, "retry_number fit.age");
    expect_text(chat, 0, "10 80");
    chat_say(chat, "25,5");
    expect_replies(chat, "retry_number dialogue_skip_offer");
    chat_say(chat, "lewati");
    expect_replies(chat, "dialogue_skipped fit.note fit.ready");
    chat_say(chat, "tidak");
    expect_replies(chat, "fit_not_yet"); /* status alone, and it weighs against */
}

static void skipped_is_not_worst(void **state) {
    struct chat *chat = *state;
    start(chat);
    chat_say(chat, "setuju");
    chat_say(chat, "lewati");
    chat_say(chat, "sosial");
    chat_say(chat, "skip");
    chat_say(chat, "ya");
    expect_replies(chat, "fit_strong");
    expect_text(chat, 0, "Cocok: 100.");
}

static void repeat_and_hint(void **state) {
    struct chat *chat = *state;
    start(chat);
    chat_say(chat, "maksudnya?");
    expect_replies(chat, "fit.empathy fit.empathy");
    expect_text(chat, 0, "ikut merasakan");
    chat_say(chat, "what does this mean?"); /* no pattern knows it */
    expect_replies(chat, "fit.empathy fit.empathy");
    assert_int_equal(chat->session.stack[0].retries, 0);
    chat_say(chat, "zzz qqq?"); /* a question is no bad answer, whether something near is offered or not */
    expect_step(chat, "empathy");
    assert_int_equal(chat->session.stack[0].retries, 0);
    chat_say(chat, "setuju");
    chat_say(chat, "ulangi");
    expect_replies(chat, "fit.status");
    chat_press(chat, "no");
    expect_choice(chat, "status", "no");
}

static void cancel_and_continue(void **state) {
    struct chat *chat = *state;
    start(chat);
    chat_say(chat, "setuju");
    chat_say(chat, "batal");
    expect_replies(chat, "dialogue_cancelled");
    assert_string_equal(chat->actions.state, "idle");
    chat_say(chat, "gajinya gimana?");
    expect_replies(chat, "salary");
    chat_wait(chat, 60 * 24 * 6);
    chat_say(chat, "lanjut");
    expect_replies(chat, "dialogue_recap fit.status");
    expect_text(chat, 0, "Cek cocok 1 5");
    chat_say(chat, "batal");
    chat_say(chat, "aku cocok ga");
    expect_replies(chat, "dialogue_continue_offer");
    chat_press(chat, "restart");
    expect_replies(chat, "fit_intro fit.empathy");
    chat_say(chat, "setuju");
    chat_say(chat, "ulang dari awal");
    expect_replies(chat, "dialogue_restarted fit.empathy");
    assert_null(chat_answer(chat, "empathy"));
}

static void one_dialogue_inside_another(void **state) {
    struct chat *chat = *state;
    start(chat);
    chat_say(chat, "setuju");
    chat_say(chat, "bikin rencana dong");
    expect_replies(chat, "plan.job");
    chat_say(chat, "kasir");
    chat_say(chat, "jadi guru");
    chat_say(chat, "lewati");
    chat_say(chat, "lewati");
    expect_replies(chat, "dialogue_skipped plan_done dialogue_continue_offer");
    expect_text(chat, 1, "Dari kasir ke jadi guru");
    chat_press(chat, "continue");
    expect_replies(chat, "dialogue_resume fit.status");
    chat_say(chat, "aku cocok ga ya");
    expect_replies(chat, "dialogue_resume fit.status");
}

static void declines_to_go_on(void **state) {
    struct chat *chat = *state;
    start(chat);
    chat_say(chat, "bikin rencana dong");
    chat_say(chat, "kasir");
    chat_say(chat, "guru");
    chat_say(chat, "lewati");
    chat_say(chat, "lewati");
    chat_say(chat, "tidak usah");
    expect_replies(chat, "dialogue_cancelled");
    chat_say(chat, "lanjut");
    expect_replies(chat, "dialogue_resume fit.empathy");
}

static void free_text_accepts_first(void **state) {
    struct chat *chat = *state;
    chat_say(chat, "bikin rencana");
    expect_step(chat, "job");
    chat_say(chat, "jejaring relawan"); /* words of two intents, but no question */
    expect_step(chat, "goal");
    assert_string_equal(chat_answer(chat, "job")->said, "jejaring relawan");
    chat_say(chat, "apa itu relawan?");
    expect_replies(chat, "volunteer dialogue_resume plan.goal");
    chat_say(chat, "pengen ganti pekerjaan jadi guru"); /* words of a correction, and the name of a step */
    expect_step(chat, "start");
    chat_say(chat, "balik dong");
    chat_say(chat, "balik ke kampung jadi guru"); /* begins like a command */
    expect_step(chat, "start");
    chat_say(chat, "balik dong");
    expect_step(chat, "goal");
    chat_say(chat, "jawaban ngawur"); /* strong */
    expect_replies(chat, "greet dialogue_resume plan.goal");
    chat_say(chat, "Jadi guru. gajinya gimana?");
    expect_replies(chat, "salary plan.start");
    assert_string_equal(chat_answer(chat, "goal")->said, "Jadi guru");
    chat_say(chat, "besok");
    expect_step(chat, "contact");
    chat_say(chat, "0812-3456-7890");
    expect_replies(chat, "plan_done");
    expect_text(chat, 0, "mulai besok");
    assert_string_equal(chat_answer(chat, "contact")->said, "+6281234567890");
}

static void known_fact_is_not_asked(void **state) {
    struct chat *chat = *state;
    chat_say(chat, "aku kasir, umurku 25 tahun. aku cocok ga ya?");
    expect_step(chat, "empathy");
    assert_int_equal(chat->actions.messages[1].progress_of, 5);
    chat_say(chat, "setuju");
    chat_say(chat, "setuju");
    chat_say(chat, "sosial");
    expect_replies(chat, "known_fact_used fit.note fit.ready");
    expect_text(chat, 0, "25");
    expect_text(chat, 2, "(4 dari 4)");
    chat_say(chat, "umur salah, harusnya 30");
    expect_replies(chat, "answer_corrected fit.ready");
    assert_string_equal(session_slot(&chat->session, "age"), "30");
    chat_say(chat, "bikin rencana");
    expect_replies(chat, "known_fact_used plan.goal");
    expect_text(chat, 0, "pekerjaan kasir");
}

static void buttons_are_harmless(void **state) {
    struct chat *chat = *state;
    char first[64];
    start(chat);
    assert_true(snprintf(first, sizeof first, "%s", chat_find(chat, "yes")) > 0);
    chat_press(chat, "yes");
    expect_step(chat, "status");
    chat_turn(chat, NULL, 0, first);
    expect_replies(chat, "button_expired fit.status");
    assert_int_equal(chat->actions.outcome, TURN_STALE_BUTTON);
    assert_null(chat_answer(chat, "status"));
    chat_say(chat, "gimana gajinya?"); /* the question stands twice now: both rows of buttons are good */
    chat_press(chat, "no");
    expect_choice(chat, "status", "no");
    static const char *const junk[] = {"",
                                       ":",
                                       "x",
                                       "1",
                                       "-1:yes",
                                       "99:yes",
                                       "1:",
                                       "0:",
                                       "0:nothing",
                                       "2:nothing",
                                       "18446744073709551616:yes"};
    for (size_t i = 0; i < sizeof junk / sizeof *junk; i++) {
        chat_turn(chat, NULL, 0, junk[i]);
        expect_replies(chat, "button_expired fit.field");
    }
}

static void switches_language(void **state) {
    struct chat *chat = *state;
    start(chat);
    chat_say(chat, "pakai bahasa inggris");
    expect_replies(chat, "language_changed fit.empathy");
    expect_text(chat, 1, "(1 of 5) Are you empathic?");
    assert_string_equal(chat->actions.language, "en");
    chat_say(chat, "ya aku setuju"); /* fixed: stays English */
    expect_text(chat, 0, "Does status matter");
    chat_say(chat, "english is hard, pakai bahasa indonesia");
    expect_text(chat, 1, "Status penting");
    chat_say(chat, "jangan bahasa indonesia");
    expect_text(chat, 1, "Does status matter");
    chat_say(chat, "ganti bahasa dong");
    expect_replies(chat, "language_unknown");
    chat_press(chat, "id");
    expect_replies(chat, "language_changed fit.status");
    expect_text(chat, 1, "Status penting");
}

static void returns_after_days(void **state) {
    struct chat *chat = *state;
    chat_visit(chat);
    expect_replies(chat, "welcome");
    start(chat);
    chat_say(chat, "setuju");
    chat_wait(chat, 60 * 24 * 3);
    chat_visit(chat);
    expect_replies(chat, "dialogue_recap fit.status");
    chat_say(chat, "setuju");
    expect_step(chat, "field");
    chat_wait(chat, 60 * 24 * 31);
    chat_visit(chat);
    expect_replies(chat, "welcome_back"); /* keep_days are over */
    chat_say(chat, "lanjut");
    expect_replies(chat, "nothing_to_control");
}

static void survives_changed_content(void **state) {
    struct chat *chat = *state;
    start(chat);
    chat_say(chat, "setuju");
    chat_say(chat, "tidak setuju");
    expect_step(chat, "field");
    chat_upgrade(chat, CHAT_CHANGED);
    chat_say(
        chat,
        "sosial"); /* the open question is the same: the answer counts; empathy asks something else now */
    expect_replies(chat, "dialogue_changed fit.empathy");
    expect_choice(chat, "field", "social");
    expect_choice(chat, "rank", "no"); /* renamed, kept */
    assert_null(chat_answer(chat, "status"));
    chat_say(chat, "setuju");
    expect_replies(chat, "fit.age");
}

static void open_question_changed(void **state) {
    struct chat *chat = *state;
    start(chat);
    chat_upgrade(chat, CHAT_CHANGED);
    chat_say(chat, "setuju"); /* an answer to a question that is not asked any more */
    expect_replies(chat, "dialogue_changed fit.empathy");
    expect_text(chat, 1, "mudah ikut merasakan");
    assert_null(chat_answer(chat, "empathy"));
}

static void open_step_gone(void **state) {
    struct chat *chat = *state;
    start(chat);
    chat_say(chat, "setuju");
    chat_say(chat, "setuju");
    chat_say(chat, "teknologi");
    expect_step(chat, "tools");
    chat_upgrade(chat, CHAT_CHANGED);
    chat_visit(chat);
    expect_replies(chat, "dialogue_changed dialogue_resume fit.empathy");
    chat_say(chat, "setuju");
    expect_step(chat, "age");
}

static void unchanged_content_goes_on(void **state) {
    struct chat *chat = *state;
    start(chat);
    chat_say(chat, "setuju");
    chat_upgrade(chat, NULL);
    chat_say(chat, "setuju");
    expect_replies(chat, "fit.field");
}

static void conditions_and_loops(void **state) {
    struct chat *chat = *state;
    chat_say(chat, "mau tinjau dong");
    expect_text(chat, 0, "(1 dari 3)"); /* a condition on something unknown is false */
    chat_say(chat, "iya");
    expect_replies(chat, "review.years");
    expect_text(chat, 0, "(2 dari 4)");
    chat_say(chat, "3 tahun");
    chat_say(chat, "senang");
    chat_say(chat, "tidak"); /* leads back: asked again from there */
    expect_replies(chat, "review.mood");
    assert_null(chat_answer(chat, "sure"));
    chat_say(chat, "bosan");
    expect_replies(chat, "review.sure");
    chat_say(chat, "eh yang soal bekerja ganti jadi tidak");
    expect_replies(chat, "answer_corrected review.sure");
    assert_non_null(chat_answer(chat, "years")); /* off the path: kept, but it counts for nothing */
    chat_say(chat, "ya");
    expect_replies(chat, "review_done");
    expect_text(chat, 0, "tanpa angka, bosan");
}

static void restart_forgets_its_own_facts(void **state) {
    struct chat *chat = *state;
    chat_say(chat, "mau tinjau dong");
    chat_say(chat, "iya");
    chat_say(chat, "3");
    assert_string_equal(session_slot(&chat->session, "years"), "3");
    chat_say(chat, "ulang dari awal");
    chat_say(chat, "iya");
    expect_replies(chat, "review.years");
    assert_null(session_slot(&chat->session, "years"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CHAT_TEST(runs_to_a_result),
        CHAT_TEST(digression_keeps_the_question),
        CHAT_TEST(answer_and_question_in_one),
        CHAT_TEST(corrects_by_name),
        CHAT_TEST(corrects_a_number),
        CHAT_TEST(branch_is_recomputed),
        CHAT_TEST(goes_back),
        CHAT_TEST(bad_answers_never_stick),
        CHAT_TEST(skipped_is_not_worst),
        CHAT_TEST(repeat_and_hint),
        CHAT_TEST(cancel_and_continue),
        CHAT_TEST(one_dialogue_inside_another),
        CHAT_TEST(declines_to_go_on),
        CHAT_TEST(free_text_accepts_first),
        CHAT_TEST(known_fact_is_not_asked),
        CHAT_TEST(buttons_are_harmless),
        CHAT_TEST(switches_language),
        CHAT_TEST(returns_after_days),
        CHAT_TEST(survives_changed_content),
        CHAT_TEST(open_question_changed),
        CHAT_TEST(open_step_gone),
        CHAT_TEST(unchanged_content_goes_on),
        CHAT_TEST(conditions_and_loops),
        CHAT_TEST(restart_forgets_its_own_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
