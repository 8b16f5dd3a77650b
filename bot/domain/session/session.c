/* The conversation's value: beginning, looking up, remembering facts, staying below the size limit.
   Never reads a clock or bytes (session_bytes.c does). Called by: dialogue, engine, reply, app. */
#include "domain/session/session.h"

#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"

#include "banned.h"

/* Bytes of JSON around one answer or one frame, measured with the longest names and numbers. */
enum { ANSWER_OVERHEAD = 160, FRAME_OVERHEAD = 320, FIT_MARGIN = 4096 };

void session_init(struct session *session, struct arena *arena) {
    /* the dialogues, six sevenths of it, are set as a whole when one is begun or decoded */
    const size_t after = offsetof(struct session, stack_count);
    memset(session, 0, offsetof(struct session, stack));
    memset((char *)session + after, 0, sizeof *session - after);
    session->arena = arena;
    session->language = -1;
}

static struct session_slot *find_slot(struct session *session, const char *name) {
    for (size_t i = 0; i < session->slot_count; i++) {
        if (strcmp(session->slots[i].name, name) == 0) {
            return &session->slots[i];
        }
    }
    return NULL;
}

const char *session_slot(const struct session *session, const char *name) {
    for (size_t i = 0; i < session->slot_count; i++) {
        if (strcmp(session->slots[i].name, name) == 0) {
            return session->slots[i].value;
        }
    }
    return NULL;
}

static struct session_slot *oldest_slot(struct session *session) {
    struct session_slot *oldest = &session->slots[0];
    for (size_t i = 1; i < session->slot_count; i++) {
        if (session->slots[i].at_ms < oldest->at_ms) {
            oldest = &session->slots[i];
        }
    }
    return oldest;
}

void session_set_slot(struct session *session, const char *name, const char *value, int64_t now_ms) {
    struct session_slot *slot = find_slot(session, name);
    if (!slot) {
        int full = session->slot_count == SESSION_SLOTS_MAX;
        slot = full ? oldest_slot(session) : &session->slots[session->slot_count++];
        slot->name = arena_text(session->arena, name);
    }
    size_t length = u8_cut(value, strlen(value), SESSION_SAID_MAX);
    slot->value = arena_copy(session->arena, value, length);
    slot->at_ms = now_ms;
    slot->is_answer = 0;
}

void session_answer_slot(struct session *session, const char *name, const char *value, int64_t now_ms) {
    session_set_slot(session, name, value, now_ms);
    find_slot(session, name)->is_answer = 1;
}

void session_drop_slot(struct session *session, const char *name) {
    struct session_slot *slot = find_slot(session, name);
    if (slot) {
        size_t index = (size_t)(slot - session->slots);
        session->slot_count--;
        memmove(slot, slot + 1, (session->slot_count - index) * sizeof *slot);
    }
}

const struct session_answer *session_answer(const struct session_frame *frame, const char *step) {
    for (size_t i = 0; i < frame->answer_count; i++) {
        if (strcmp(frame->answers[i].step, step) == 0) {
            return &frame->answers[i];
        }
    }
    return NULL;
}

/* ---- staying below SESSION_BYTES_MAX ---- */

/* Bytes of text inside a JSON string: quotes and backslashes take two. */
static size_t json_size(const char *text) {
    size_t size = 0;
    for (; text && *text; text++) {
        size += *text == '"' || *text == '\\' ? 2 : 1;
    }
    return size;
}

/* Never less than json_size. */
static size_t most_json_size(const char *text) {
    return text != NULL ? 2 * strlen(text) : 0;
}

static size_t frame_size(const struct session_frame *frame, size_t (*size_of)(const char *text)) {
    size_t size = FRAME_OVERHEAD;
    for (size_t i = 0; i < frame->answer_count; i++) {
        const struct session_answer *answer = &frame->answers[i];
        size += ANSWER_OVERHEAD + size_of(answer->said) + size_of(answer->choice) + size_of(answer->step);
    }
    return size;
}

static size_t session_size(const struct session *session, size_t (*size_of)(const char *text)) {
    size_t size = FIT_MARGIN + size_of(session->missed_text) + size_of(session->last_messages);
    for (size_t i = 0; i < session->stack_count; i++) {
        size += frame_size(&session->stack[i], size_of);
    }
    for (size_t i = 0; i < session->plan_count; i++) {
        size += size_of(session->plans[i].text) + size_of(session->plans[i].follow_up) + ANSWER_OVERHEAD;
    }
    for (size_t i = 0; i < session->slot_count; i++) {
        size += size_of(session->slots[i].value) + ANSWER_OVERHEAD;
    }
    return size + session->spoken_count * ANSWER_OVERHEAD;
}

/* The last of the stack is the oldest; [0] is kept while it runs. 1 if one was dropped. */
static int drop_frame(struct session *session) {
    size_t last = session->stack_count;
    if (last == 0 || (last == 1 && session->stack[0].state == FRAME_RUNNING)) {
        return 0;
    }
    session->stack_count--;
    return 1;
}

static int drop_plan(struct session *session) {
    if (session->plan_count == 0) {
        return 0;
    }
    session->plan_count--;
    memmove(&session->plans[0], &session->plans[1], session->plan_count * sizeof session->plans[0]);
    return 1;
}

void session_fit(struct session *session) {
    if (session_size(session, most_json_size) <= SESSION_BYTES_MAX) {
        return; /* nearly always, and cheaper to tell */
    }
    while (session_size(session, json_size) > SESSION_BYTES_MAX &&
           (drop_frame(session) || drop_plan(session))) {
    }
    if (session_size(session, json_size) > SESSION_BYTES_MAX) {
        session->last_messages = NULL;
        session->missed_text = NULL;
    }
}
