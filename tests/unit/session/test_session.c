/* session: bytes and back, caps, junk, facts, staying below the limit. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "domain/session/session.h"

static int set_up(void **state) {
    *state = arena_new(0);
    return *state ? 0 : -1;
}

static int tear_down(void **state) {
    arena_free(*state);
    return 0;
}

static void fill_frame(struct session_frame *frame, const char *dialogue) {
    frame->dialogue = dialogue;
    frame->version = 3;
    frame->state = FRAME_PAUSED;
    frame->step = "goal";
    frame->step_hash = 0xfedcba9876543210u;
    frame->retries = 1;
    frame->prompt = 7;
    frame->started_ms = 1000;
    frame->touched_ms = 2000;
    frame->answers[0] = (struct session_answer){.step = "empathy",
                                                .kind = ANSWER_CHOICE,
                                                .choice = "agree",
                                                .number = 4,
                                                .said = "\"setuju\" \xF0\x9F\x91\x8D",
                                                .step_hash = 5,
                                                .at_ms = 1500};
    frame->answers[1] =
        (struct session_answer){.step = "age", .kind = ANSWER_SKIPPED, .step_hash = 6, .at_ms = 1600};
    frame->answers[2] = (struct session_answer){
        .step = "pay", .kind = ANSWER_NUMBER, .number = 0.1, .said = "0,1", .from_fact = 1};
    frame->answer_count = 3;
}

static void fill(struct session *session) {
    session->language = 1;
    session->language_fixed = 1;
    session->created_ms = 10;
    session->last_ms = 1763776800000;
    session->turn_count = 12;
    session->prompt = 9;
    session->asking = 9;
    session->misses = 1;
    session->missed_text = "apa itu";
    session->last_reply = "did_you_mean";
    session->last_messages = "[{\"text\":\"hai\"}]";
    session->confirming = "delete_data";
    session->offers[0].intent = "internship";
    session->offers[1].intent = "";
    session->offer_count = 2;
    session_set_slot(session, "job", "kasir", 5);
    session_set_slot(session, "age", "25", 6);
    fill_frame(&session->stack[0], "fit");
    fill_frame(&session->stack[1], "plan");
    session->stack[1].result = "strong";
    session->stack_count = 2;
    session->plans[0] = (struct session_plan){.dialogue = "plan", .text = "1. Satu", .at_ms = 3};
    session->plan_count = 1;
    session->spoken[0].reply = "welcome";
    session->spoken[0].variant = 2;
    session->spoken_count = 1;
}

static void survives_bytes(void **state) {
    struct arena *arena = *state;
    struct session session, again;
    session_init(&session, arena);
    fill(&session);
    const char *bytes = NULL, *bytes_again = NULL;
    size_t length = 0, length_again = 0;
    assert_int_equal(session_encode(&session, arena, &bytes, &length, NULL), 0);
    assert_int_equal(session_decode(bytes, length, arena, &again, NULL), 0);
    assert_int_equal(session_encode(&again, arena, &bytes_again, &length_again, NULL), 0);
    assert_string_equal(bytes, bytes_again);

    assert_int_equal(again.stack[0].step_hash, 0xfedcba9876543210u);
    assert_string_equal(again.stack[0].answers[0].said, session.stack[0].answers[0].said);
    assert_true(again.stack[1].answers[2].number > 0.0999 && again.stack[1].answers[2].number < 0.1001);
    assert_int_equal(again.stack[1].answers[2].from_fact, 1);
    assert_string_equal(again.stack[1].result, "strong");
    assert_string_equal(session_slot(&again, "age"), "25");
    assert_null(session_slot(&again, "name"));
    assert_int_equal(again.asking, 9);
    assert_int_equal(session_answer(&again.stack[0], "age")->kind, ANSWER_SKIPPED);
    assert_null(session_answer(&again.stack[0], "nothing"));
}

static void new_is_empty(void **state) {
    struct arena *arena = *state;
    struct session session;
    assert_int_equal(session_decode(NULL, 0, arena, &session, NULL), 0);
    assert_int_equal(session.language, -1);
    const char *bytes = NULL;
    size_t length = 0;
    assert_int_equal(session_encode(&session, arena, &bytes, &length, NULL), 0);
    assert_string_equal(bytes, "{\"version\":1}");
}

static void refuses(struct arena *arena, const char *bytes, int code) {
    struct session session;
    struct err err;
    err_clear(&err);
    assert_int_equal(session_decode(bytes, strlen(bytes), arena, &session, &err), code);
    assert_int_equal(err.code, code);
    assert_true(err.text[0] != '\0');
}

static void refuses_junk(void **state) {
    struct arena *arena = *state;
    refuses(arena, "junk", ERR_CORRUPT);
    refuses(arena, "[]", ERR_CORRUPT);
    refuses(arena, "{}", ERR_CORRUPT);
    refuses(arena, "{\"version\":\"1\"}", ERR_CORRUPT);
    refuses(arena, "{\"version\":2,\"new\":true}", ERR_VERSION);
    refuses(arena, "{\"version\":1,\"language\":8}", ERR_CORRUPT);
    refuses(arena, "{\"version\":1,\"language\":\"id\"}", ERR_CORRUPT);
    refuses(arena, "{\"version\":1,\"slots\":{}}", ERR_CORRUPT);
    refuses(arena, "{\"version\":1,\"slots\":[1]}", ERR_CORRUPT);
    refuses(arena, "{\"version\":1,\"slots\":[{\"n\":\"age\"}]}", ERR_CORRUPT);
    refuses(arena, "{\"version\":1,\"stack\":[{\"d\":\"x\",\"state\":9}]}", ERR_CORRUPT);
    refuses(arena, "{\"version\":1,\"stack\":[{\"d\":\"x\",\"a\":[{\"s\":\"y\",\"k\":1,\"w\":\"ya\"}]}]}",
            ERR_CORRUPT);
    refuses(arena, "{\"version\":1,\"stack\":[{\"d\":\"x\",\"a\":[{\"s\":\"y\",\"k\":2}]}]}", ERR_CORRUPT);
    refuses(arena,
            "{\"version\":1,\"offers\":[{\"i\":\"\"},{\"i\":\"\"},{\"i\":\"\"},{\"i\":\"\"},{\"i\":\"\"}]}",
            ERR_CORRUPT);
}

static void oldest_fact_gives_way(void **state) {
    struct session session;
    session_init(&session, *state);
    char name[16];
    for (int i = 0; i <= SESSION_SLOTS_MAX; i++) {
        assert_true(snprintf(name, sizeof name, "fact%d", i) > 0);
        session_set_slot(&session, name, "x", i);
    }
    assert_int_equal(session.slot_count, SESSION_SLOTS_MAX);
    assert_null(session_slot(&session, "fact0"));
    assert_non_null(session_slot(&session, name));
    session_set_slot(&session, name, "y", 99);
    assert_string_equal(session_slot(&session, name), "y");
    assert_int_equal(session.slot_count, SESSION_SLOTS_MAX);
}

/* The worst a person can make: every answer of every dialogue as long as it may be, all quotation marks. */
static void always_fits(void **state) {
    struct arena *arena = *state;
    struct session session;
    session_init(&session, arena);
    char said[SESSION_SAID_MAX + 1], *steps[SESSION_ANSWERS_MAX];
    memset(said, '"', sizeof said - 1);
    said[sizeof said - 1] = '\0';
    for (int i = 0; i < SESSION_ANSWERS_MAX; i++) {
        steps[i] = arena_format(arena, "a_rather_long_name_of_a_step_%d", i);
    }
    session.stack_count = SESSION_STACK_MAX;
    for (size_t i = 0; i < SESSION_STACK_MAX; i++) {
        struct session_frame *frame = &session.stack[i];
        frame->dialogue = "dialogue";
        frame->state = i == 0 ? FRAME_RUNNING : FRAME_PAUSED;
        frame->answer_count = SESSION_ANSWERS_MAX;
        for (size_t j = 0; j < SESSION_ANSWERS_MAX; j++) {
            frame->answers[j] = (struct session_answer){.step = steps[j],
                                                        .kind = ANSWER_TEXT,
                                                        .said = said,
                                                        .number = 0.1,
                                                        .step_hash = UINT64_MAX / 3,
                                                        .at_ms = INT64_MAX / 2};
        }
    }
    const char *bytes = NULL;
    size_t length = 0;
    struct err err;
    err_clear(&err);
    assert_int_equal(session_encode(&session, arena, &bytes, &length, &err), ERR_LIMIT);
    session_fit(&session);
    assert_int_equal(session_encode(&session, arena, &bytes, &length, NULL), 0);
    assert_int_equal(session.stack_count, 1);
    assert_int_equal(session.stack[0].answer_count, SESSION_ANSWERS_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(survives_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(new_is_empty, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_junk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(oldest_fact_gives_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(always_fits, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
