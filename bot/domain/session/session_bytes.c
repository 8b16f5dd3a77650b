/* Session -> bytes, the form that is stored at every turn. First SESSION_MARK and the version; then the
   members one after the other, those that change most rarely first: a turn's bytes begin like those of the
   turns before, and a store keeps what is new (store.h). Numbers in groups of seven bits, least first (the
   top bit says that more follow; signed ones zigzag, so that small negatives are short too); a text as its
   length + 1, its bytes and a NUL byte, or 0 for NULL; plans and the answers of all dialogues but the newest
   with their length in front; hashes as eight bytes, replies said as four; lists of what has a name end with
   a 0 in its place. Times are kept as distances to the creation, which never changes. Never repairs. Called
   by: app (after every turn), tests. */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "domain/session/session_form.h"

#include "banned.h"

enum {
    SPARE_CAPACITY = 2 * 1024 /* bytes that a turn adds at most, nearly always */,
    NUMBER_MAX = 10 /* bytes */
};

struct writer {
    unsigned char *at, *end, *bytes;
    struct arena *arena;
    int64_t created_ms; /* what times are distances to */
    uintptr_t checked;  /* texts in here are known to be UTF-8 */
    uintptr_t checked_size;
    int is_invalid; /* a text that is not UTF-8, a number that is none */
};

static void make_room(struct writer *writer, size_t more) {
    size_t used = (size_t)(writer->at - writer->bytes);
    size_t capacity = 2 * (size_t)(writer->end - writer->bytes) + more;
    unsigned char *larger = arena_room(writer->arena, capacity);
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

static void put_large(struct writer *writer, uint64_t number) {
    need(writer, NUMBER_MAX);
    for (; number >= 0x80; number >>= 7) {
        *writer->at++ = (unsigned char)(0x80 | (number & 0x7F));
    }
    *writer->at++ = (unsigned char)number;
}

static inline void put_count(struct writer *writer, uint64_t number) {
    if (number < 0x80) {
        put_byte(writer, (unsigned char)number); /* nearly always */
    } else {
        put_large(writer, number);
    }
}

static inline void put_int(struct writer *writer, int64_t number) {
    put_count(writer, (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0));
}

/* Wraps around like the reader's sum: any two times come out as they went in. */
static inline void put_time(struct writer *writer, int64_t at_ms) {
    put_int(writer, (int64_t)((uint64_t)at_ms - (uint64_t)writer->created_ms));
}

/* Four bytes, least first. */
static inline void write_word(unsigned char *at, uint32_t word) {
    at[0] = (unsigned char)word;
    at[1] = (unsigned char)(word >> 8);
    at[2] = (unsigned char)(word >> 16);
    at[3] = (unsigned char)(word >> 24);
}

static inline void put_hash(struct writer *writer, uint64_t hash) {
    need(writer, 8);
    write_word(writer->at, (uint32_t)hash);
    write_word(writer->at + 4, (uint32_t)(hash >> 32));
    writer->at += 8;
}

/* Most texts were decoded before the turn and stand where they stood. */
static inline int is_known(const struct writer *writer, const char *text) {
    return (uintptr_t)text - writer->checked < writer->checked_size;
}

static inline void put_text(struct writer *writer, const char *text) {
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
static inline void put_name(struct writer *writer, const char *text) {
    put_text(writer, text != NULL ? text : "");
}

/* 1 and a whole number, as nearly all are; or 0 and the eight bytes. */
static inline void put_number(struct writer *writer, double number) {
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

static inline void put_bytes(struct writer *writer, const void *bytes, size_t length) {
    need(writer, length);
    memcpy(writer->at, bytes, length);
    writer->at += length;
}

/* Puts the length of what was written since then in front of it. */
static void put_length(struct writer *writer, size_t since) {
    unsigned char digits[NUMBER_MAX];
    size_t length = (size_t)(writer->at - writer->bytes) - since;
    put_count(writer, length);
    size_t size = (size_t)(writer->at - writer->bytes) - since - length;
    memcpy(digits, writer->at - size, size);
    memmove(writer->bytes + since + size, writer->bytes + since, length);
    memcpy(writer->bytes + since, digits, size);
}

static void put_kept(struct writer *writer, const struct session_kept *kept) {
    put_count(writer, kept->length);
    put_bytes(writer, kept->bytes, kept->length);
}

static void put_answers(struct writer *writer, const struct session_frame *frame) {
    for (size_t i = 0; i < frame->answer_count; i++) {
        put_answer(writer, &frame->answers[i]);
    }
}

/* Answers of the newest end with a 0: their length in front would change with every one. */
static void put_frame(struct writer *writer, const struct session_frame *frame, int is_newest) {
    put_name(writer, frame->dialogue);
    put_count(writer, (uint64_t)frame->version);
    put_time(writer, frame->started_ms);
    size_t since = (size_t)(writer->at - writer->bytes);
    if (is_newest) {
        put_bytes(writer, frame->kept.bytes != NULL ? frame->kept.bytes : "", frame->kept.length);
        put_answers(writer, frame);
        put_byte(writer, 0);
    } else if (frame->kept.bytes != NULL) {
        put_kept(writer, &frame->kept);
    } else {
        put_answers(writer, frame);
        put_length(writer, since);
    }
    put_byte(writer, (unsigned char)frame->state);
    put_text(writer, frame->step);
    put_hash(writer, frame->step_hash);
    put_count(writer, (uint64_t)frame->retries);
    put_count(writer, frame->prompt);
    put_time(writer, frame->touched_ms);
    put_text(writer, frame->result);
}

static void put_plans(struct writer *writer, const struct session *session) {
    size_t since = (size_t)(writer->at - writer->bytes);
    if (session->kept_plans.bytes != NULL) {
        put_kept(writer, &session->kept_plans);
        return;
    }
    for (size_t i = 0; i < session->plan_count; i++) {
        put_name(writer, session->plans[i].dialogue);
        put_name(writer, session->plans[i].text);
        put_time(writer, session->plans[i].at_ms);
        put_text(writer, session->plans[i].follow_up);
        put_int(writer, session->plans[i].follow_ms);
    }
    put_length(writer, since);
}

/* Plans are made when a dialogue ends, facts are told now and then, what is said was mostly said before, and
 * of the dialogues only the newest moves on: it comes last. */
static void put_lists(struct writer *writer, const struct session *session) {
    put_plans(writer, session);
    for (size_t i = 0; i < session->slot_count; i++) {
        put_name(writer, session->slots[i].name);
        put_name(writer, session->slots[i].value);
        put_time(writer, session->slots[i].at_ms);
        put_byte(writer, session->slots[i].is_answer != 0);
    }
    put_byte(writer, 0);
    put_count(writer, session->spoken.count);
    need(writer, 4 * sizeof session->spoken.replies);
    for (size_t i = 0; i < session->spoken.count; i++, writer->at += 4) {
        write_word(writer->at, session->spoken.replies[i]);
    }
    put_count(writer, session->stack_count);
    for (size_t i = session->stack_count; i > 0; i--) {
        put_frame(writer, &session->stack[i - 1], i == 1);
    }
}

/* As many as there are replies. */
static void put_spoken(struct writer *writer, const struct session_spoken *spoken) {
    put_bytes(writer, spoken->variants, spoken->count);
    put_bytes(writer, spoken->order, spoken->count);
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
    put_spoken(writer, &session->spoken);
    put_messages(writer, session);
}

int session_encode(const struct session *session, struct arena *arena, const char **bytes, size_t *length,
                   struct err *err) {
    const size_t capacity = session->checked_length + SPARE_CAPACITY;
    struct writer writer = {.arena = arena,
                            .bytes = arena_room(arena, capacity),
                            .created_ms = session->created_ms,
                            .checked = (uintptr_t)session->checked,
                            .checked_size = session->checked_length};
    writer.at = writer.bytes;
    writer.end = writer.bytes + capacity;
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
