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
#include "base/same.h"
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
    memset(frame, 0, sizeof *frame);
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
    session_speak(session, "welcome", 2);
}

static void survives_bytes(void **state) {
    struct arena *arena = *state;
    struct session session, again;
    session_init(&session, arena);
    fill(&session);
    session.plans[session.plan_count++] = (struct session_plan){.dialogue = "field",
                                                                .text = "2. Dua",
                                                                .at_ms = 4,
                                                                .follow_up = "tanya dua senior",
                                                                .follow_ms = 1764986400000};
    const char *bytes = NULL, *bytes_again = NULL;
    size_t length = 0, length_again = 0;
    assert_int_equal(session_encode(&session, arena, &bytes, &length, NULL), 0);
    assert_int_equal(session_decode(bytes, length, arena, &again, NULL), 0);
    assert_int_equal(session_encode(&again, arena, &bytes_again, &length_again, NULL), 0);
    assert_int_equal(length, length_again);
    assert_memory_equal(bytes, bytes_again, length);
    assert_string_equal(session_print(&session, arena), session_print(&again, arena));

    assert_int_equal(again.stack[0].step_hash, 0xfedcba9876543210u);
    assert_string_equal(again.stack[0].answers[0].said, session.stack[0].answers[0].said);
    assert_true(again.stack[1].answers[2].number > 0.0999 && again.stack[1].answers[2].number < 0.1001);
    assert_int_equal(again.stack[1].answers[2].from_fact, 1);
    assert_string_equal(again.stack[1].result, "strong");
    assert_string_equal(session_slot(&again, "age"), "25");
    assert_null(session_slot(&again, "name"));
    assert_int_equal(again.asking, 9);
    assert_null(again.plans[0].follow_up);
    assert_string_equal(again.plans[1].follow_up, "tanya dua senior");
    assert_int_equal(again.plans[1].follow_ms, 1764986400000);
    assert_int_equal(session_answer(&again.stack[0], "age")->kind, ANSWER_SKIPPED);
    assert_null(session_answer(&again.stack[0], "nothing"));
}

/* What every member may be at most or at least. */
static void extremes_survive(void **state) {
    static const double numbers[] = {
        0,   -0.0, 1, -1, 0.5, 4503599627370495.0, 1.0e300, -1.0e-300, 1763776800000.0, 4503599627370496.0,
        -0.1};
    static const int64_t times[] = {INT64_MIN, INT64_MAX, -1, 0, 1, 1763776800000};
    struct arena *arena = *state;
    struct session session, again;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        for (size_t j = 0; j < sizeof numbers / sizeof numbers[0]; j++) {
            session_init(&session, arena);
            fill(&session);
            session.last_ms = times[i];
            session.slots[0].at_ms = times[(i + j) % 6];
            session.turn_count = session.prompt = UINT64_MAX;
            session.stack[0].answers[0].number = numbers[j];
            const char *bytes = NULL;
            size_t length = 0;
            assert_int_equal(session_encode(&session, arena, &bytes, &length, NULL), 0);
            assert_int_equal(session_decode(bytes, length, arena, &again, NULL), 0);
            assert_int_equal(again.last_ms, session.last_ms);
            assert_int_equal(again.slots[0].at_ms, session.slots[0].at_ms);
            assert_int_equal(again.created_ms, session.created_ms);
            assert_true(again.turn_count == UINT64_MAX && again.prompt == UINT64_MAX);
            assert_memory_equal(&again.stack[0].answers[0].number, &numbers[j], sizeof numbers[j]);
        }
    }
}

static void follow_ups_survive(void **state) {
    struct arena *arena = *state;
    struct session session, again;
    const char *bytes = NULL;
    size_t length = 0;
    session_init(&session, arena);
    fill(&session);
    session.plans[1] = (struct session_plan){.dialogue = "field",
                                             .text = "2. Dua",
                                             .at_ms = 4,
                                             .follow_up = "tanya dua senior",
                                             .follow_ms = 1764986400000};
    session.plan_count = 2;
    assert_int_equal(session_encode(&session, arena, &bytes, &length, NULL), 0);
    assert_int_equal(session_decode(bytes, length, arena, &again, NULL), 0);
    assert_null(again.plans[0].follow_up);
    assert_string_equal(again.plans[1].follow_up, "tanya dua senior");
    assert_int_equal(again.plans[1].follow_ms, 1764986400000);
}

/* What the store keeps beside the turn is not in the bytes, and is said to be missing. */
static void messages_may_stay_elsewhere(void **state) {
    struct arena *arena = *state;
    struct session session, again;
    const char *bytes = NULL;
    size_t length = 0, with = 0;
    session_init(&session, arena);
    fill(&session);
    assert_int_equal(session_encode(&session, arena, &bytes, &with, NULL), 0);
    session.messages_length = strlen(session.last_messages);
    assert_int_equal(session_encode(&session, arena, &bytes, &length, NULL), 0);
    assert_int_equal(with - length, session.messages_length + 2);
    assert_int_equal(session_decode(bytes, length, arena, &again, NULL), 0);
    assert_null(again.last_messages);
    assert_int_equal(again.messages_length, session.messages_length);
    assert_string_equal(again.confirming, "delete_data");
}

/* A turn's bytes begin like those before it: only what moved on comes behind. */
static void what_stays_comes_first(void **state) {
    struct arena *arena = *state;
    struct session session;
    const char *before = NULL, *after = NULL;
    size_t length = 0, length_after = 0, same = 0;
    session_init(&session, arena);
    fill(&session);
    assert_int_equal(session_encode(&session, arena, &before, &length, NULL), 0);
    session.last_ms += 70000;
    session.turn_count++;
    session.prompt++;
    session.last_reply = "fit.age";
    session.stack[0].answers[3] = session.stack[0].answers[0];
    session.stack[0].answer_count = 4;
    assert_int_equal(session_encode(&session, arena, &after, &length_after, NULL), 0);
    while (same < length && before[same] == after[same]) {
        same++;
    }
    assert_true(2 * same > length);
}

/* Bytes of this process are not checked again, but still not read beyond their end. */
static void own_bytes_are_read_in_place(void **state) {
    struct arena *arena = *state;
    struct session session, again;
    const char *bytes = NULL;
    size_t length = 0;
    session_init(&session, arena);
    fill(&session);
    assert_int_equal(session_encode(&session, arena, &bytes, &length, NULL), 0);
    assert_int_equal(session_decode_own(bytes, length, arena, &again, NULL), 0);
    assert_string_equal(session_print(&session, arena), session_print(&again, arena));
    assert_true(again.last_reply > bytes && again.last_reply < bytes + length);
    assert_int_equal(session_decode_own(bytes, length - 1, arena, &again, NULL), ERR_CORRUPT);
    assert_int_equal(session_decode_own("", 0, arena, &again, NULL), 0);
    assert_int_equal(again.language, -1);
}

/* Plans, and answers of older dialogues, are read when they are asked for; until then they are written as
   they were, also by a session whose stack has moved. */
static void unread_parts_are_written_as_they_were(void **state) {
    struct arena *arena = *state;
    struct session session, again, moved;
    const char *bytes = NULL, *unread = NULL, *read = NULL;
    size_t length = 0, unread_length = 0, read_length = 0;
    session_init(&session, arena);
    fill(&session);
    assert_int_equal(session_encode(&session, arena, &bytes, &length, NULL), 0);
    assert_int_equal(session_decode_own(bytes, length, arena, &again, NULL), 0);
    assert_true(again.plan_count == 0 && again.kept_plans.length > 0);
    assert_true(again.stack[0].answer_count == 3 && again.stack[0].kept.bytes == NULL);
    assert_true(again.stack[1].answer_count == 0 && again.stack[1].kept.length > 0);
    moved = again;
    moved.stack[0] = again.stack[1];
    moved.stack[1] = again.stack[0];
    assert_int_equal(session_encode(&moved, arena, &unread, &unread_length, NULL), 0);
    session_read_plans(&moved);
    session_read_frame(&moved, &moved.stack[0]);
    assert_true(moved.plan_count == 1 && moved.stack[0].answer_count == 3);
    assert_string_equal(moved.stack[0].answers[1].step, "age");
    assert_int_equal(moved.stack[0].answers[1].at_ms, 1600);
    assert_int_equal(session_encode(&moved, arena, &read, &read_length, NULL), 0);
    assert_int_equal(read_length, unread_length);
    assert_memory_equal(read, unread, read_length);
    assert_int_equal(session_encode(&again, arena, &unread, &unread_length, NULL), 0);
    assert_int_equal(unread_length, length);
    assert_memory_equal(unread, bytes, length);
}

/* What is not written stands in the old bytes at the same place; what moved is written. */
static void known_parts_are_left_out(void **state) {
    struct arena *arena = *state;
    struct session session, again;
    const char *bytes = NULL, *whole = NULL;
    char *some = NULL;
    size_t length = 0, whole_length = 0, some_length = 0;
    struct same same;
    static const int64_t created[] = {1000, 1 << 20, 1}; /* in front of everything, of other lengths */
    session_init(&session, arena);
    fill(&session);
    session.created_ms = created[0];
    session.plans[0].text = "the first of January, or a little later, at the school, with all that is needed";
    assert_int_equal(session_encode(&session, arena, &bytes, &length, NULL), 0);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(session_decode_own(bytes, length, arena, &again, NULL), 0);
        again.turn_count += 1000;
        again.created_ms = created[i];
        assert_int_equal(session_encode(&again, arena, &whole, &whole_length, NULL), 0);
        assert_int_equal(session_encode_new(&again, arena, &same, &some, &some_length, NULL), 0);
        assert_int_equal(some_length, whole_length);
        assert_int_equal(same.count > 0, i == 0);
        for (size_t j = 0; j < same.count; j++) {
            memset(some + same.parts[j].at, 'x', same.parts[j].length);
        }
        assert_int_equal(memcmp(some, whole, whole_length) == 0, i != 0);
        for (size_t j = 0; j < same.count; j++) {
            memcpy(some + same.parts[j].at, bytes + same.parts[j].at, same.parts[j].length);
        }
        assert_memory_equal(some, whole, whole_length);
    }
}

/* A row of version 2, as it was stored. */
static void reads_version_2(void **state) {
    static const unsigned char stored[] = {
        0xb5, 0x02, 0x02, 0x01, 0x80, 0x94, 0xd1, 0x94, 0xd5, 0x66, 0xec, 0x93, 0xd1, 0x94, 0xd5, 0x66, 0x0c,
        0x09, 0x09, 0x01, 0x08, 0x61, 0x70, 0x61, 0x20, 0x69, 0x74, 0x75, 0x00, 0x0d, 0x64, 0x69, 0x64, 0x5f,
        0x79, 0x6f, 0x75, 0x5f, 0x6d, 0x65, 0x61, 0x6e, 0x00, 0x11, 0x5b, 0x7b, 0x22, 0x74, 0x65, 0x78, 0x74,
        0x22, 0x3a, 0x22, 0x68, 0x61, 0x69, 0x22, 0x7d, 0x5d, 0x00, 0x0c, 0x64, 0x65, 0x6c, 0x65, 0x74, 0x65,
        0x5f, 0x64, 0x61, 0x74, 0x61, 0x00, 0x02, 0x0b, 0x69, 0x6e, 0x74, 0x65, 0x72, 0x6e, 0x73, 0x68, 0x69,
        0x70, 0x00, 0x01, 0x00, 0x02, 0x04, 0x6a, 0x6f, 0x62, 0x00, 0x06, 0x6b, 0x61, 0x73, 0x69, 0x72, 0x00,
        0xf6, 0x93, 0xd1, 0x94, 0xd5, 0x66, 0x00, 0x04, 0x61, 0x67, 0x65, 0x00, 0x03, 0x32, 0x35, 0x00, 0xf4,
        0x93, 0xd1, 0x94, 0xd5, 0x66, 0x00, 0x02, 0x04, 0x66, 0x69, 0x74, 0x00, 0x03, 0x01, 0x05, 0x67, 0x6f,
        0x61, 0x6c, 0x00, 0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe, 0x01, 0x07, 0xb0, 0x84, 0xd1, 0x94,
        0xd5, 0x66, 0xe0, 0xf4, 0xd0, 0x94, 0xd5, 0x66, 0x00, 0x03, 0x08, 0x65, 0x6d, 0x70, 0x61, 0x74, 0x68,
        0x79, 0x00, 0x01, 0x06, 0x61, 0x67, 0x72, 0x65, 0x65, 0x00, 0x01, 0x08, 0x0e, 0x22, 0x73, 0x65, 0x74,
        0x75, 0x6a, 0x75, 0x22, 0x20, 0xf0, 0x9f, 0x91, 0x8d, 0x00, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0xc8, 0xfc, 0xd0, 0x94, 0xd5, 0x66, 0x00, 0x04, 0x61, 0x67, 0x65, 0x00, 0x05, 0x00, 0x01, 0x00,
        0x00, 0x06, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0xfb, 0xd0, 0x94, 0xd5, 0x66, 0x00, 0x04,
        0x70, 0x61, 0x79, 0x00, 0x02, 0x00, 0x00, 0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f, 0x04, 0x30,
        0x2c, 0x31, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x94, 0xd1, 0x94, 0xd5, 0x66,
        0x01, 0x05, 0x70, 0x6c, 0x61, 0x6e, 0x00, 0x03, 0x01, 0x05, 0x67, 0x6f, 0x61, 0x6c, 0x00, 0x10, 0x32,
        0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe, 0x01, 0x07, 0xb0, 0x84, 0xd1, 0x94, 0xd5, 0x66, 0xe0, 0xf4, 0xd0,
        0x94, 0xd5, 0x66, 0x07, 0x73, 0x74, 0x72, 0x6f, 0x6e, 0x67, 0x00, 0x03, 0x08, 0x65, 0x6d, 0x70, 0x61,
        0x74, 0x68, 0x79, 0x00, 0x01, 0x06, 0x61, 0x67, 0x72, 0x65, 0x65, 0x00, 0x01, 0x08, 0x0e, 0x22, 0x73,
        0x65, 0x74, 0x75, 0x6a, 0x75, 0x22, 0x20, 0xf0, 0x9f, 0x91, 0x8d, 0x00, 0x05, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0xc8, 0xfc, 0xd0, 0x94, 0xd5, 0x66, 0x00, 0x04, 0x61, 0x67, 0x65, 0x00, 0x05, 0x00,
        0x01, 0x00, 0x00, 0x06, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0xfb, 0xd0, 0x94, 0xd5, 0x66,
        0x00, 0x04, 0x70, 0x61, 0x79, 0x00, 0x02, 0x00, 0x00, 0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f,
        0x04, 0x30, 0x2c, 0x31, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x94, 0xd1, 0x94,
        0xd5, 0x66, 0x01, 0x01, 0x05, 0x70, 0x6c, 0x61, 0x6e, 0x00, 0x08, 0x31, 0x2e, 0x20, 0x53, 0x61, 0x74,
        0x75, 0x00, 0xfa, 0x93, 0xd1, 0x94, 0xd5, 0x66, 0x01, 0x08, 0x77, 0x65, 0x6c, 0x63, 0x6f, 0x6d, 0x65,
        0x00, 0x02,
    };
    struct arena *arena = *state;
    struct session session, again;
    session_init(&session, arena);
    fill(&session);
    assert_int_equal(session_decode(stored, sizeof stored, arena, &again, NULL), 0);
    assert_string_equal(session_print(&session, arena), session_print(&again, arena));
    for (size_t cut = 1; cut < sizeof stored; cut++) {
        assert_int_equal(session_decode(stored, cut, arena, &again, NULL), ERR_CORRUPT);
    }
}

/* A row of version 3, as it was stored: it had the ids of the replies, and of each how late it was said. */
static void reads_version_3(void **state) {
    static const unsigned char stored[] = {
        0xb5, 0x03, 0x14, 0x05, 0x70, 0x6c, 0x61, 0x6e, 0x00, 0x08, 0x31, 0x2e, 0x20, 0x53, 0x61, 0x74, 0x75,
        0x00, 0x0d, 0x00, 0x00, 0x06, 0x66, 0x69, 0x65, 0x6c, 0x64, 0x00, 0x07, 0x32, 0x2e, 0x20, 0x44, 0x75,
        0x61, 0x00, 0x0b, 0x11, 0x74, 0x61, 0x6e, 0x79, 0x61, 0x20, 0x64, 0x75, 0x61, 0x20, 0x73, 0x65, 0x6e,
        0x69, 0x6f, 0x72, 0x00, 0x80, 0xb4, 0x99, 0x96, 0xde, 0x66, 0x00, 0x04, 0x6a, 0x6f, 0x62, 0x00, 0x06,
        0x6b, 0x61, 0x73, 0x69, 0x72, 0x00, 0x09, 0x00, 0x04, 0x61, 0x67, 0x65, 0x00, 0x03, 0x32, 0x35, 0x00,
        0x07, 0x00, 0x00, 0x08, 0x77, 0x65, 0x6c, 0x63, 0x6f, 0x6d, 0x65, 0x00, 0x06, 0x67, 0x72, 0x65, 0x65,
        0x74, 0x00, 0x07, 0x74, 0x68, 0x61, 0x6e, 0x6b, 0x73, 0x00, 0x00, 0x02, 0x05, 0x70, 0x6c, 0x61, 0x6e,
        0x00, 0x03, 0xbc, 0x0f, 0x08, 0x65, 0x6d, 0x70, 0x61, 0x74, 0x68, 0x79, 0x00, 0x01, 0x06, 0x61, 0x67,
        0x72, 0x65, 0x65, 0x00, 0x01, 0x08, 0x0e, 0x22, 0x73, 0x65, 0x74, 0x75, 0x6a, 0x75, 0x22, 0x20, 0xf0,
        0x9f, 0x91, 0x8d, 0x00, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xa4, 0x17, 0x00, 0x04, 0x61,
        0x67, 0x65, 0x00, 0x05, 0x00, 0x01, 0x00, 0x00, 0x06, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xec,
        0x18, 0x00, 0x04, 0x70, 0x61, 0x79, 0x00, 0x02, 0x00, 0x00, 0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9,
        0x3f, 0x04, 0x30, 0x2c, 0x31, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x13, 0x01, 0x00,
        0x01, 0x05, 0x67, 0x6f, 0x61, 0x6c, 0x00, 0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe, 0x01, 0x07,
        0x8c, 0x1f, 0x07, 0x73, 0x74, 0x72, 0x6f, 0x6e, 0x67, 0x00, 0x04, 0x66, 0x69, 0x74, 0x00, 0x03, 0xbc,
        0x0f, 0x08, 0x65, 0x6d, 0x70, 0x61, 0x74, 0x68, 0x79, 0x00, 0x01, 0x06, 0x61, 0x67, 0x72, 0x65, 0x65,
        0x00, 0x01, 0x08, 0x0e, 0x22, 0x73, 0x65, 0x74, 0x75, 0x6a, 0x75, 0x22, 0x20, 0xf0, 0x9f, 0x91, 0x8d,
        0x00, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xa4, 0x17, 0x00, 0x04, 0x61, 0x67, 0x65, 0x00,
        0x05, 0x00, 0x01, 0x00, 0x00, 0x06, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xec, 0x18, 0x00, 0x04,
        0x70, 0x61, 0x79, 0x00, 0x02, 0x00, 0x00, 0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f, 0x04, 0x30,
        0x2c, 0x31, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x13, 0x01, 0x00, 0x01, 0x05, 0x67,
        0x6f, 0x61, 0x6c, 0x00, 0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe, 0x01, 0x07, 0x8c, 0x1f, 0x00,
        0x02, 0x01, 0xec, 0x93, 0xd1, 0x94, 0xd5, 0x66, 0x0c, 0x09, 0x09, 0x01, 0x08, 0x61, 0x70, 0x61, 0x20,
        0x69, 0x74, 0x75, 0x00, 0x0d, 0x64, 0x69, 0x64, 0x5f, 0x79, 0x6f, 0x75, 0x5f, 0x6d, 0x65, 0x61, 0x6e,
        0x00, 0x0c, 0x64, 0x65, 0x6c, 0x65, 0x74, 0x65, 0x5f, 0x64, 0x61, 0x74, 0x61, 0x00, 0x02, 0x0b, 0x69,
        0x6e, 0x74, 0x65, 0x72, 0x6e, 0x73, 0x68, 0x69, 0x70, 0x00, 0x01, 0x00, 0x02, 0x03, 0xac, 0x02, 0x09,
        0x01, 0xc8, 0x01, 0x00, 0x11, 0x5b, 0x7b, 0x22, 0x74, 0x65, 0x78, 0x74, 0x22, 0x3a, 0x22, 0x68, 0x61,
        0x69, 0x22, 0x7d, 0x5d, 0x00,
    };
    struct arena *arena = *state;
    struct session session, again;
    session_init(&session, arena);
    fill(&session);
    session.plans[session.plan_count++] = (struct session_plan){.dialogue = "field",
                                                                .text = "2. Dua",
                                                                .at_ms = 4,
                                                                .follow_up = "tanya dua senior",
                                                                .follow_ms = 1764986400000};
    session_speak(&session, "greet", 300);
    session_speak(&session, "thanks", 1);
    assert_int_equal(session_decode(stored, sizeof stored, arena, &again, NULL), 0);
    for (size_t i = 0; i < again.spoken.count; i++) { /* their places are others, their order is not */
        assert_int_equal(again.spoken.replies[again.spoken.order[i]],
                         session.spoken.replies[session.spoken.order[i]]);
    }
    assert_int_equal(session_spoken(&again, "thanks"), 1);
    assert_int_equal(session_spoken(&again, "welcome"), 2);
    assert_int_equal(session_spoken(&again, "greet"), SESSION_VARIANT_UNKNOWN);
    assert_string_equal(session_print(&session, arena), session_print(&again, arena));
    for (size_t cut = 1; cut < sizeof stored; cut++) {
        assert_int_equal(session_decode(stored, cut, arena, &again, NULL), ERR_CORRUPT);
    }
}

/* The order in which replies were said is a list of places, each once. */
static void refuses_a_wrong_order(void **state) {
    struct arena *arena = *state;
    struct session session, again;
    const char *bytes = NULL;
    size_t length = 0;
    session_init(&session, arena);
    session_speak(&session, "greet", 1);
    session_speak(&session, "thanks", 1);
    assert_int_equal(session_encode(&session, arena, &bytes, &length, NULL), 0);
    assert_int_equal(session_decode(bytes, length, arena, &again, NULL), 0);
    for (unsigned char wrong = 0; wrong <= 2; wrong += 2) {
        session.spoken.order[0] = wrong;
        assert_int_equal(session_encode(&session, arena, &bytes, &length, NULL), 0);
        assert_int_equal(session_decode(bytes, length, arena, &again, NULL), ERR_CORRUPT);
    }
}

/* A row of version 1, as it was stored, is read; what is written is the present version and prints the same.
 */
static void reads_version_1(void **state) {
    static const char stored[] =
        "{\"version\":1,\"language\":1,\"fixed\":1,\"created\":10,\"last\":1763776800000,\"turns\":12,"
        "\"prompt\":9,\"asking\":9,\"misses\":1,\"missed\":\"apa itu\",\"reply\":\"did_you_mean\","
        "\"messages\":\"[{\\\"text\\\":\\\"hai\\\"}]\",\"confirming\":\"delete_data\","
        "\"offers\":[{\"i\":\"internship\"},{\"i\":\"\"}],"
        "\"slots\":[{\"n\":\"job\",\"v\":\"kasir\",\"t\":5},{\"n\":\"age\",\"v\":\"25\",\"t\":6,\"a\":1}],"
        "\"stack\":[{\"d\":\"fit\",\"v\":3,\"state\":1,\"s\":\"goal\",\"h\":-81985529216486896,\"r\":1,"
        "\"p\":7,\"t0\":1000,\"t\":2000,\"result\":\"strong\",\"a\":[{\"s\":\"pay\",\"k\":2,\"n\":0.1,"
        "\"w\":\"0,1\",\"f\":1},{\"s\":\"age\",\"k\":5,\"n\":0.0,\"h\":6,\"t\":1600}]}],"
        "\"plans\":[{\"d\":\"plan\",\"x\":\"1. Satu\",\"t\":3}],\"spoken\":[{\"r\":\"welcome\",\"v\":2}]}";
    struct arena *arena = *state;
    struct session session, again;
    assert_int_equal(session_decode(stored, sizeof stored - 1, arena, &session, NULL), 0);
    assert_int_equal(session.stack[0].step_hash, 0xfedcba9876543210u);
    assert_string_equal(session_slot(&session, "job"), "kasir");
    assert_int_equal(session_spoken(&session, "welcome"), 2);
    char shown[sizeof stored + 16];
    const char *spoken = strstr(stored, "\"r\":\"welcome\"");
    assert_true(snprintf(shown, sizeof shown, "%.*s\"h\":%u,\"v\":2}]}", (int)(spoken - stored), stored,
                         session.spoken.replies[0]) > 0);
    assert_string_equal(session_print(&session, arena), shown);
    const char *bytes = NULL;
    size_t length = 0;
    assert_int_equal(session_encode(&session, arena, &bytes, &length, NULL), 0);
    assert_true(bytes[0] != '{' && length < sizeof stored);
    assert_int_equal(session_decode(bytes, length, arena, &again, NULL), 0);
    assert_string_equal(session_print(&again, arena), shown);
}

static void new_is_empty(void **state) {
    struct arena *arena = *state;
    struct session session, again;
    assert_int_equal(session_decode(NULL, 0, arena, &session, NULL), 0);
    assert_int_equal(session.language, -1);
    const char *bytes = NULL;
    size_t length = 0;
    assert_int_equal(session_encode(&session, arena, &bytes, &length, NULL), 0);
    assert_true(length < 32);
    assert_int_equal(session_decode(bytes, length, arena, &again, NULL), 0);
    assert_string_equal(session_print(&again, arena), "{\"version\":1}");
}

/* Damaged in one byte, or cut: never taken beyond its end, never a text without an end; what is accepted can
   be written again. */
static void survives_damage(void **state) {
    struct arena *arena = *state;
    struct session session, again;
    session_init(&session, arena);
    fill(&session);
    const char *bytes = NULL;
    size_t length = 0;
    assert_int_equal(session_encode(&session, arena, &bytes, &length, NULL), 0);
    for (size_t cut = 1; cut < length; cut++) {
        char *part = test_malloc(cut); /* of this very size, for the sanitizer */
        memcpy(part, bytes, cut);
        assert_int_equal(session_decode(part, cut, arena, &again, NULL), ERR_CORRUPT);
        assert_int_equal(again.slot_count, 0);
        test_free(part);
    }
    char *changed = test_malloc(length + 1);
    memcpy(changed, bytes, length);
    changed[length] = '\0';
    assert_int_equal(session_decode(changed, length + 1, arena, &again, NULL), ERR_CORRUPT);
    size_t refused = 0;
    struct arena *scratch = arena_new(0);
    assert_non_null(scratch);
    for (size_t i = 0; i < length * 255; i++) {
        size_t at = i / 255;
        changed[at] = (char)(bytes[at] ^ (char)(i % 255 + 1));
        const char *written = NULL;
        size_t size = 0;
        if (session_decode(changed, length, scratch, &again, NULL) != 0) {
            refused++;
        } else {
            assert_int_equal(session_encode(&again, scratch, &written, &size, NULL), 0);
        }
        changed[at] = bytes[at];
        if (i % 255 == 0) {
            arena_reset(scratch);
        }
    }
    assert_true(refused > length * 255 / 4);
    arena_free(scratch);
    test_free(changed);
}

static void refuses_what_cannot_be_read(void **state) {
    struct arena *arena = *state;
    struct session session;
    const char *bytes = NULL;
    size_t length = 0;
    session_init(&session, arena);
    session.last_reply = "\xC3(";
    assert_int_equal(session_encode(&session, arena, &bytes, &length, NULL), ERR_INVALID);
    session_init(&session, arena);
    fill(&session);
    double zero = 0;
    memcpy(&zero, &(uint64_t){0x7FF8000000000000u}, sizeof zero); /* not a number */
    session.stack[0].answers[0].number = zero;
    assert_int_equal(session_encode(&session, arena, &bytes, &length, NULL), ERR_INVALID);
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
    refuses(arena, "\xB5", ERR_CORRUPT);
    refuses(arena, "\xB5\x01", ERR_CORRUPT);
    refuses(arena, "\xB5\x02", ERR_CORRUPT);
    refuses(arena, "\xB5\x03", ERR_CORRUPT);
    refuses(arena, "\xB5\x04", ERR_CORRUPT);
    refuses(arena, "\xB5\x05 whatever", ERR_VERSION);
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
        memset(frame, 0, sizeof *frame);
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
        cmocka_unit_test_setup_teardown(extremes_survive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(follow_ups_survive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(messages_may_stay_elsewhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_stays_comes_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(own_bytes_are_read_in_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unread_parts_are_written_as_they_were, set_up, tear_down),
        cmocka_unit_test_setup_teardown(known_parts_are_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_version_2, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_version_3, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_a_wrong_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_version_1, set_up, tear_down),
        cmocka_unit_test_setup_teardown(survives_damage, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_what_cannot_be_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(new_is_empty, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_junk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(oldest_fact_gives_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(always_fits, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
