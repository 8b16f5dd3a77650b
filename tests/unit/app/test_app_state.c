/* A conversation's state from turn to turn, whatever happens in it: what is left unread, unwritten or
   uncompared because it stands in the state before is what it would be if all was read and written anew. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app_parts.h"
#include "domain/session/session.h"
#include "store/patch.h"

enum { CONVERSATIONS = 60, TURNS = 120, PATCH_MAX = 2 * SESSION_BYTES_MAX };

struct play {
    struct app_cache cache;
    struct conversation *conversation;
    struct arena *arena;
    struct session session, plain;
    unsigned seed;
    int64_t now_ms;
    size_t same, moved;      /* parts that were known, in place and elsewhere */
    size_t patched, written; /* bytes */
};

static unsigned draw(struct play *play, unsigned below) {
    play->seed = play->seed * 1103515245u + 12345u;
    return (play->seed >> 8) % below;
}

static const char *text_of(struct play *play, const char *name, unsigned most) {
    char text[400];
    size_t length = (size_t)snprintf(text, sizeof text, "%s %u ", name, draw(play, 5));
    size_t end = length + draw(play, most);
    memset(text + length, 'a' + (int)draw(play, 3), sizeof text - length);
    text[end] = '\0';
    return arena_text(play->arena, text);
}

/* ---- what can happen to a session ---- */

static void change_facts(struct play *play) {
    struct session *session = &play->session;
    const char *name = text_of(play, "fact", 1);
    switch (draw(play, 3)) {
    case 0: session_drop_slot(session, name); break;
    case 1: session_answer_slot(session, name, text_of(play, "value", 60), play->now_ms); break;
    default: session_set_slot(session, name, text_of(play, "value", 60), play->now_ms);
    }
}

static void answer(struct play *play, struct session_frame *frame) {
    size_t at = draw(play, (unsigned)frame->answer_count + 1);
    if (at == frame->answer_count && at == SESSION_ANSWERS_MAX) {
        return;
    }
    frame->answers[at] = (struct session_answer){.step = text_of(play, "step", draw(play, 20) == 0 ? 200 : 9),
                                                 .kind = ANSWER_TEXT,
                                                 .choice = draw(play, 2) ? "choice" : NULL,
                                                 .number = draw(play, 2) ? 0.5 : 3,
                                                 .said = text_of(play, "said", 90),
                                                 .step_hash = draw(play, 9),
                                                 .at_ms = play->now_ms};
    frame->answer_count += at == frame->answer_count;
}

static void change_answers(struct play *play, struct session_frame *frame) {
    session_read_frame(&play->session, frame);
    if (frame->answer_count > 0 && draw(play, 5) == 0) {
        size_t at = draw(play, (unsigned)frame->answer_count);
        frame->answer_count--;
        memmove(&frame->answers[at], &frame->answers[at + 1],
                (frame->answer_count - at) * sizeof frame->answers[0]);
    } else if (frame->answer_count > 0 && draw(play, 9) == 0) { /* as a renamed step is */
        frame->answers[draw(play, (unsigned)frame->answer_count)].step = text_of(play, "renamed", 9);
    } else {
        answer(play, frame);
    }
}

static void change_frame(struct play *play) {
    struct session *session = &play->session;
    if (session->stack_count == 0) {
        return;
    }
    struct session_frame *frame =
        &session->stack[draw(play, 3) == 0 ? draw(play, (unsigned)session->stack_count) : 0];
    switch (draw(play, 8)) {
    case 0: frame->state = (enum frame_state)draw(play, 4); break;
    case 1: frame->retries++; break;
    case 2: frame->result = text_of(play, "result", 3); break;
    case 3: frame->version++; break;
    case 4: frame->started_ms = play->now_ms; break;
    default:
        change_answers(play, frame);
        frame->step = text_of(play, "step", 9);
        frame->step_hash = draw(play, 9);
        frame->prompt = session->prompt;
    }
    frame->touched_ms = play->now_ms;
}

static void push_frame(struct play *play) {
    struct session *session = &play->session;
    session->stack_count -= session->stack_count == SESSION_STACK_MAX;
    memmove(&session->stack[1], &session->stack[0], session->stack_count * sizeof session->stack[0]);
    memset(&session->stack[0], 0, sizeof session->stack[0]);
    session->stack[0].dialogue = text_of(play, "dialogue", 9);
    session->stack[0].started_ms = play->now_ms;
    session->stack_count++;
}

static void raise_frame(struct play *play) {
    struct session *session = &play->session;
    if (session->stack_count > 1) {
        size_t at = draw(play, (unsigned)session->stack_count);
        struct session_frame raised = session->stack[at];
        memmove(&session->stack[1], &session->stack[0], at * sizeof session->stack[0]);
        session->stack[0] = raised;
        session_read_frame(session, &session->stack[0]);
    }
}

static void change_plans(struct play *play) {
    struct session *session = &play->session;
    session_read_plans(session);
    size_t at = session->plan_count;
    if (at > 0 && draw(play, 3) == 0) { /* asked about */
        struct session_plan *plan = &session->plans[draw(play, (unsigned)at)];
        plan->follow_up = NULL;
        plan->follow_ms = 0;
        plan->stored = 0;
        return;
    }
    if (at == SESSION_PLANS_MAX || (at > 0 && draw(play, 4) == 0)) {
        at--;
        memmove(&session->plans[0], &session->plans[1], at * sizeof session->plans[0]);
    }
    session->plans[at] = (struct session_plan){.dialogue = text_of(play, "dialogue", 9),
                                               .text = text_of(play, "plan", 300),
                                               .at_ms = play->now_ms,
                                               .follow_up = draw(play, 2) ? "how is it?" : NULL,
                                               .follow_ms = play->now_ms};
    session->plan_count = at + 1;
}

static void change_talk(struct play *play) {
    struct session *session = &play->session;
    session->misses = (int)draw(play, 3);
    session->missed_text = draw(play, 4) == 0 ? text_of(play, "pardon", 80) : NULL;
    session->confirming = draw(play, 9) == 0 ? "restart" : NULL;
    session->offer_count = draw(play, 5) == 0 ? 2 : 0;
    session->offers[0].intent = text_of(play, "intent", 9);
    session->offers[1].intent = "";
    session->last_messages = draw(play, 9) == 0 ? text_of(play, "[]", 90) : NULL;
    session->messages_length = session->last_messages == NULL ? draw(play, 300) : 0;
}

/* A turn: something is always said, and perhaps more happens. */
static void take_turn(struct play *play) {
    struct session *session = &play->session;
    session->turn_count++;
    session->prompt += draw(play, 3);
    session->last_ms = play->now_ms;
    for (unsigned i = draw(play, 3); i > 0; i--) {
        char name[16];
        (void)snprintf(name, sizeof name, "reply%u", draw(play, draw(play, 3) == 0 ? 200 : 40));
        session_speak(session, name, draw(play, 4));
        session->last_reply = arena_text(play->arena, name);
    }
    for (unsigned i = draw(play, 3); i > 0; i--) {
        switch (draw(play, 9)) {
        case 0: push_frame(play); break;
        case 1: raise_frame(play); break;
        case 2: change_plans(play); break;
        case 3:
        case 4: change_facts(play); break;
        case 5: change_talk(play); break;
        default: change_frame(play);
        }
    }
}

/* ---- what must come of it ---- */

/* As if nobody knew where anything stands. */
static void encode_plain(struct play *play, const char **bytes, size_t *length) {
    struct session *plain = &play->plain;
    *plain = play->session;
    session_read_plans(plain);
    for (size_t i = 0; i < plain->plan_count; i++) {
        plain->plans[i].stored = 0;
    }
    for (size_t i = 0; i < plain->stack_count; i++) {
        struct session_frame *frame = &plain->stack[i];
        session_read_frame(plain, frame);
        frame->stored.whole.bytes = NULL;
        for (size_t j = 0; j < frame->answer_count; j++) {
            frame->answers[j].stored = 0;
        }
    }
    for (size_t i = 0; i < plain->slot_count; i++) {
        plain->slots[i].stored = 0;
    }
    plain->places = (struct session_places){0};
    assert_int_equal(session_encode(plain, play->arena, bytes, length, NULL), 0);
}

static void check_known(struct play *play, const struct same *same, char *bytes, const char *whole) {
    for (size_t i = 0; i < same->count; i++) {
        const struct same_part *part = &same->parts[i];
        assert_true(part->from + part->length <= play->conversation->state_length);
        assert_memory_equal(play->conversation->state + part->from, whole + part->at, part->length);
        if (part->from == part->at) {
            memset(bytes + part->at, 'x', part->length); /* nobody may need it */
            play->same += part->length != 0;
        } else {
            play->moved += part->length != 0;
        }
    }
}

static size_t check_patch(struct play *play, const struct same *same, struct store_bytes to,
                          const char *whole) {
    static char patch[PATCH_MAX], made[PATCH_MAX];
    const struct store_bytes from = {play->conversation->state, play->conversation->state_length};
    size_t length = 0, size = patch_make(from, to, same, patch, sizeof patch);
    if (from.length == 0) {
        assert_int_equal(size, 0);
        return 0;
    }
    assert_true(size > 0);
    const struct store_bytes bytes = {patch, size};
    assert_int_equal(patch_check(bytes, from.length, &length), 0);
    assert_int_equal(length, to.length);
    patch_apply(bytes, from.data, made);
    assert_memory_equal(made, whole, length);
    play->patched += size;
    play->written += length;
    return patch_begin(bytes);
}

static void check_turn(struct play *play) {
    struct conversation *conversation = play->conversation;
    const char *whole = NULL, *messages = text_of(play, "messages", 300);
    char *bytes = NULL;
    size_t whole_length = 0, length = 0, messages_length = draw(play, (unsigned)strlen(messages));
    struct same same;
    encode_plain(play, &whole, &whole_length);
    assert_int_equal(session_encode_new(&play->session, play->arena, &same, &bytes, &length, NULL), 0);
    assert_int_equal(length, whole_length);
    check_known(play, &same, bytes, whole);
    size_t begin = check_patch(play, &same, (struct store_bytes){bytes, length}, whole);
    const struct app_state state = {.bytes = bytes,
                                    .length = length,
                                    .is_own = 1,
                                    .same = begin,
                                    .known = &same,
                                    .messages = messages,
                                    .messages_length = messages_length};
    app_cache_learn(&play->cache, conversation, &state);
    assert_int_equal(conversation->state_length, length);
    assert_memory_equal(conversation->state, whole, length);
    assert_memory_equal(conversation->state + length, messages, messages_length);
    assert_int_equal(conversation->state[length + messages_length], 0);
}

static void what_is_known_is_what_it_would_be(void **state) {
    static struct play play;
    (void)state;
    play = (struct play){.arena = arena_new(0), .seed = 17, .now_ms = 1763776800000};
    for (int i = 0; i < CONVERSATIONS; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "c%d", i);
        play.conversation = app_cache_get(&play.cache, name);
        for (int turn = 0; turn < TURNS; turn++) {
            arena_reset(play.arena);
            play.now_ms += draw(&play, 100000);
            assert_int_equal(session_decode_own(play.conversation->state, play.conversation->state_length,
                                                play.arena, &play.session, NULL),
                             0);
            play.session.created_ms = turn == 0 ? play.now_ms : play.session.created_ms;
            take_turn(&play);
            check_turn(&play);
        }
        app_cache_rest(&play.cache, play.conversation);
    }
    assert_true(play.same > CONVERSATIONS * TURNS && play.moved > CONVERSATIONS * TURNS / 2);
    assert_true(play.patched * 8 < play.written);
    app_cache_close(&play.cache);
    arena_free(play.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_known_is_what_it_would_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
