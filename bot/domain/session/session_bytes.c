/* Session -> bytes, the form that is stored at every turn. First SESSION_MARK and the version; then the
   members one after the other, those that change most rarely first: a turn's bytes begin like those of the
   turns before, and a store keeps what is new (store.h). Numbers in groups of seven bits, least first (the
   top bit says that more follow; signed ones zigzag, so that small negatives are short too); a text as its
   length + 1, its bytes and a NUL byte, or 0 for NULL; hashes as eight bytes; lists of what has a name end
   with a 0 in its place. Times are kept as distances to the creation, which never changes. Never repairs.
   Called by: app (after every turn), tests. */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "domain/session/session_form.h"

#include "banned.h"

enum { FIRST_CAPACITY = 4 * 1024 /* bytes of most sessions */, NUMBER_MAX = 10 /* bytes */ };

struct writer {
    struct arena *arena;
    unsigned char *bytes, *at, *end;
    int64_t created_ms; /* what times are distances to */
    uintptr_t checked;  /* texts in here are known to be UTF-8 */
    uintptr_t checked_size;
    int is_invalid; /* a text that is not UTF-8, a number that is none */
};

static void make_room(struct writer *writer, size_t more) {
    size_t used = (size_t)(writer->at - writer->bytes);
    size_t capacity = 2 * (size_t)(writer->end - writer->bytes) + more;
    unsigned char *larger = arena_alloc(writer->arena, capacity);
    memcpy(larger, writer->bytes, used);
    writer->bytes = larger;
    writer->at = larger + used;
    writer->end = larger + capacity;
}

static inline void need(struct writer *writer, size_t more) {
    if ((size_t)(writer->end - writer->at) < more) {
        make_room(writer, more);
    }
}

static inline void put_byte(struct writer *writer, unsigned char byte) {
    need(writer, 1);
    *writer->at++ = byte;
}

static inline void put_count(struct writer *writer, uint64_t number) {
    need(writer, NUMBER_MAX);
    for (; number >= 0x80; number >>= 7) {
        *writer->at++ = (unsigned char)(0x80 | (number & 0x7F));
    }
    *writer->at++ = (unsigned char)number;
}

static void put_int(struct writer *writer, int64_t number) {
    put_count(writer, (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0));
}

/* Wraps around like the reader's sum: any two times come out as they went in. */
static void put_time(struct writer *writer, int64_t at_ms) {
    put_int(writer, (int64_t)((uint64_t)at_ms - (uint64_t)writer->created_ms));
}

static void put_hash(struct writer *writer, uint64_t hash) {
    need(writer, 8);
    for (size_t i = 0; i < 8; i++) {
        *writer->at++ = (unsigned char)(hash >> 8 * i);
    }
}

/* Most texts were decoded before the turn and stand where they stood. */
static int is_known(const struct writer *writer, const char *text) {
    return (uintptr_t)text - writer->checked < writer->checked_size;
}

static void put_text(struct writer *writer, const char *text) {
    if (text == NULL) {
        put_byte(writer, 0);
        return;
    }
    size_t length = strlen(text);
    writer->is_invalid |= !is_known(writer, text) && !u8_valid(text, length);
    need(writer, NUMBER_MAX + length + 1);
    put_count(writer, length + 1);
    memcpy(writer->at, text, length + 1);
    writer->at += length + 1;
}

/* A text that must be there: in a list, none would end it. */
static void put_name(struct writer *writer, const char *text) {
    put_text(writer, text != NULL ? text : "");
}

/* 1 and a whole number, as nearly all are; or 0 and the eight bytes. */
static void put_number(struct writer *writer, double number) {
    const double exact = 4503599627370496.0; /* 2^52: whole numbers below are exact */
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    int is_whole = number > -exact && number < exact && number == (double)(int64_t)number &&
                   bits != (uint64_t)1 << 63; /* -0 */
    put_byte(writer, (unsigned char)is_whole);
    if (is_whole) {
        put_int(writer, (int64_t)number);
    } else {
        writer->is_invalid |= !(number - number == 0); /* neither infinite nor no number */
        put_hash(writer, bits);
    }
}

static void put_answer(struct writer *writer, const struct session_answer *answer) {
    put_name(writer, answer->step);
    put_byte(writer, (unsigned char)answer->kind);
    put_text(writer, answer->choice);
    put_number(writer, answer->number);
    put_text(writer, answer->said);
    put_hash(writer, answer->step_hash);
    put_time(writer, answer->at_ms);
    put_byte(writer, answer->from_fact != 0);
}

static void put_frame(struct writer *writer, const struct session_frame *frame) {
    put_name(writer, frame->dialogue);
    put_count(writer, (uint64_t)frame->version);
    put_time(writer, frame->started_ms);
    for (size_t i = 0; i < frame->answer_count; i++) {
        put_answer(writer, &frame->answers[i]);
    }
    put_byte(writer, 0);
    put_byte(writer, (unsigned char)frame->state);
    put_text(writer, frame->step);
    put_hash(writer, frame->step_hash);
    put_count(writer, (uint64_t)frame->retries);
    put_count(writer, frame->prompt);
    put_time(writer, frame->touched_ms);
    put_text(writer, frame->result);
}

/* Plans are made when a dialogue ends, facts are told now and then, what is said was mostly said before, and
 * of the dialogues only the newest moves on: it comes last. */
static void put_lists(struct writer *writer, const struct session *session) {
    for (size_t i = 0; i < session->plan_count; i++) {
        put_name(writer, session->plans[i].dialogue);
        put_name(writer, session->plans[i].text);
        put_time(writer, session->plans[i].at_ms);
        put_text(writer, session->plans[i].follow_up);
        put_int(writer, session->plans[i].follow_ms);
    }
    put_byte(writer, 0);
    for (size_t i = 0; i < session->slot_count; i++) {
        put_name(writer, session->slots[i].name);
        put_name(writer, session->slots[i].value);
        put_time(writer, session->slots[i].at_ms);
        put_byte(writer, session->slots[i].is_answer != 0);
    }
    put_byte(writer, 0);
    for (size_t i = 0; i < session->spoken_count; i++) {
        put_name(writer, session->spoken[i].reply);
    }
    put_byte(writer, 0);
    put_count(writer, session->stack_count);
    for (size_t i = session->stack_count; i > 0; i--) {
        put_frame(writer, &session->stack[i - 1]);
    }
}

/* As many as there are names. */
static void put_spoken(struct writer *writer, const struct session *session) {
    for (size_t i = 0; i < session->spoken_count; i++) {
        put_count(writer, session->spoken[i].variant);
        put_count(writer, session->spoken[i].order);
    }
}

static void put_messages(struct writer *writer, const struct session *session) {
    put_count(writer, session->messages_length);
    if (session->messages_length == 0) {
        put_text(writer, session->last_messages);
    }
}

static void put_session(struct writer *writer, const struct session *session) {
    put_byte(writer, SESSION_MARK);
    put_byte(writer, SESSION_VERSION);
    put_int(writer, session->created_ms);
    put_lists(writer, session);
    put_byte(writer, (unsigned char)(session->language + 1));
    put_byte(writer, session->language_fixed != 0);
    put_time(writer, session->last_ms);
    put_count(writer, session->turn_count);
    put_count(writer, session->prompt);
    put_count(writer, session->asking);
    put_count(writer, (uint64_t)session->misses);
    put_text(writer, session->missed_text);
    put_text(writer, session->last_reply);
    put_text(writer, session->confirming);
    put_count(writer, session->offer_count);
    for (size_t i = 0; i < session->offer_count; i++) {
        put_name(writer, session->offers[i].intent);
    }
    put_spoken(writer, session);
    put_messages(writer, session);
}

int session_encode(const struct session *session, struct arena *arena, const char **bytes, size_t *length,
                   struct err *err) {
    struct writer writer = {.arena = arena,
                            .bytes = arena_alloc(arena, FIRST_CAPACITY),
                            .created_ms = session->created_ms,
                            .checked = (uintptr_t)session->checked,
                            .checked_size = session->checked_length};
    writer.at = writer.bytes;
    writer.end = writer.bytes + FIRST_CAPACITY;
    put_session(&writer, session);
    *length = (size_t)(writer.at - writer.bytes);
    need(&writer, 1);
    *writer.at = '\0';
    if (writer.is_invalid) {
        return err_set(err, ERR_INVALID, "a session text is not valid UTF-8, or a number is none");
    }
    if (*length > SESSION_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "a session of %zu bytes is above the limit of %d", *length,
                       SESSION_BYTES_MAX);
    }
    *bytes = (const char *)writer.bytes;
    return 0;
}
