/* The conversation's value: beginning, looking up, remembering facts, staying below the size limit.
   Never reads a clock or bytes (session_bytes.c does). Called by: dialogue, engine, reply, app. */
#include "domain/session/session.h"

#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "domain/session/session_form.h"

#include "banned.h"

/* Bytes of JSON around one answer or one frame, measured with the longest names and numbers. */
enum {
    ANSWER_OVERHEAD = 160,
    FRAME_OVERHEAD = 320,
    SPOKEN_OVERHEAD = 6,
    FIT_MARGIN = 4096,
    ANSWER_BYTES_LEAST = 17 /* encoded */
};

/* The lists are nearly all of it, and only their beginnings are ever read. */
void session_init(struct session *session, struct arena *arena) {
    const size_t offers = offsetof(struct session, offer_count), slots = offsetof(struct session, slot_count),
                 stack = offsetof(struct session, stack_count), plans = offsetof(struct session, plan_count),
                 rest = offsetof(struct session, checked);
    memset(session, 0, offsetof(struct session, offers));
    memset((char *)session + offers, 0, offsetof(struct session, slots) - offers);
    memset((char *)session + slots, 0, offsetof(struct session, stack) - slots);
    memset((char *)session + stack, 0, offsetof(struct session, plans) - stack);
    memset((char *)session + plans, 0, offsetof(struct session, spoken) - plans);
    memset((char *)session + rest, 0, sizeof *session - rest);
    session->spoken.count = 0;
    session->arena = arena;
    session->language = -1;
}

/* ---- what was said ---- */

/* Its place among the replies; their count: it was not said. */
static size_t spoken_at(const struct session_spoken *spoken, uint32_t reply) {
    size_t i = 0;
    while (i < spoken->count && spoken->replies[i] != reply) {
        i++;
    }
    return i;
}

size_t session_spoken_place(const struct session *session, uint64_t hash) {
    return spoken_at(&session->spoken, session_hash_bits(hash));
}

unsigned session_spoken_at(const struct session *session, size_t place) {
    return place < session->spoken.count ? session->spoken.variants[place] : SESSION_VARIANT_UNKNOWN;
}

unsigned session_spoken_hash(const struct session *session, uint64_t hash) {
    return session_spoken_at(session, session_spoken_place(session, hash));
}

unsigned session_spoken(const struct session *session, const char *reply) {
    return session_spoken_hash(session, hash_bytes(0, reply, strlen(reply)));
}

void session_speak(struct session *session, const char *reply, size_t variant) {
    session_speak_hash(session, hash_bytes(0, reply, strlen(reply)), variant);
}

void session_speak_hash(struct session *session, uint64_t hash, size_t variant) {
    session_speak_at(session, session_spoken_place(session, hash), hash, variant);
}

void session_speak_at(struct session *session, size_t place, uint64_t hash, size_t variant) {
    struct session_spoken *spoken = &session->spoken;
    uint32_t bits = session_hash_bits(hash);
    size_t at = place, rank = spoken->count;
    if (at < spoken->count) {
        rank = (size_t)((const unsigned char *)memchr(spoken->order, (int)at, spoken->count) - spoken->order);
    } else if (at < SESSION_SPOKEN_MAX) {
        spoken->count++;
    } else {
        rank = SESSION_SPOKEN_MAX - 1;
        at = spoken->order[rank];
    }
    memmove(spoken->order + 1, spoken->order, rank);
    spoken->order[0] = (unsigned char)at;
    spoken->replies[at] = bits;
    spoken->variants[at] =
        (unsigned char)(variant < SESSION_VARIANT_UNKNOWN ? variant : SESSION_VARIANT_UNKNOWN);
}

/* ---- facts ---- */

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
        if (session->slots[i].name[0] == name[0] && strcmp(session->slots[i].name, name) == 0) {
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
    slot->stored = 0;
}

void session_answer_slot(struct session *session, const char *name, const char *value, int64_t now_ms) {
    session_set_slot(session, name, value, now_ms);
    find_slot(session, name)->is_answer = 1; /* it is not stored any more */
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
        if (frame->answers[i].step[0] == step[0] && strcmp(frame->answers[i].step, step) == 0) {
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

static size_t frame_size(const struct session_frame *frame) {
    size_t size = FRAME_OVERHEAD;
    for (size_t i = 0; i < frame->answer_count; i++) {
        const struct session_answer *answer = &frame->answers[i];
        size +=
            ANSWER_OVERHEAD + json_size(answer->said) + json_size(answer->choice) + json_size(answer->step);
    }
    return size;
}

static size_t session_size(const struct session *session) {
    size_t size = FIT_MARGIN + json_size(session->missed_text) + json_size(session->last_messages);
    for (size_t i = 0; i < session->stack_count; i++) {
        size += frame_size(&session->stack[i]);
    }
    for (size_t i = 0; i < session->plan_count; i++) {
        size += json_size(session->plans[i].text) + json_size(session->plans[i].follow_up) + ANSWER_OVERHEAD;
    }
    for (size_t i = 0; i < session->slot_count; i++) {
        size += json_size(session->slots[i].value) + ANSWER_OVERHEAD;
    }
    return size + session->spoken.count * SPOKEN_OVERHEAD;
}

/* Bytes of a text that was not there before the turn, twice: in JSON it is no longer. */
static size_t new_size(const struct session *session, const char *text) {
    int is_old = (uintptr_t)text - (uintptr_t)session->checked < session->checked_length;
    return text == NULL || is_old ? 0 : 2 * strlen(text);
}

/* The texts of an answer are as old as its step's name, or older. */
static size_t answer_size(const struct session *session, const struct session_answer *answer) {
    int is_old = (uintptr_t)answer->step - (uintptr_t)session->checked < session->checked_length;
    return is_old ? 0
                  : new_size(session, answer->step) + new_size(session, answer->said) +
                        new_size(session, answer->choice);
}

/* Never less than session_size, and cheaper to tell: what was there before is within the bytes it came from.
 */
static size_t most_size(const struct session *session) {
    size_t answers = session->kept_plans.bytes != NULL ? SESSION_PLANS_MAX : session->plan_count;
    size_t size = 2 * session->checked_length;
    size += FIT_MARGIN + new_size(session, session->missed_text) + new_size(session, session->last_messages);
    for (size_t i = 0; i < session->stack_count; i++) {
        const struct session_frame *frame = &session->stack[i];
        answers += frame->answer_count + frame->kept.length / ANSWER_BYTES_LEAST;
        for (size_t j = 0; j < frame->answer_count; j++) {
            size += answer_size(session, &frame->answers[j]);
        }
    }
    for (size_t i = 0; i < session->plan_count; i++) {
        size += new_size(session, session->plans[i].text) + new_size(session, session->plans[i].follow_up);
    }
    for (size_t i = 0; i < session->slot_count; i++) {
        size += new_size(session, session->slots[i].value);
    }
    return size + (answers + session->slot_count) * ANSWER_OVERHEAD + session->stack_count * FRAME_OVERHEAD +
           session->spoken.count * SPOKEN_OVERHEAD;
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
    if (most_size(session) <= SESSION_BYTES_MAX) {
        return; /* nearly always */
    }
    session_read_plans(session);
    for (size_t i = 0; i < session->stack_count; i++) {
        session_read_frame(session, &session->stack[i]);
    }
    while (session_size(session) > SESSION_BYTES_MAX && (drop_frame(session) || drop_plan(session))) {
    }
    if (session_size(session) > SESSION_BYTES_MAX) {
        session->last_messages = NULL;
        session->missed_text = NULL;
    }
}
