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
#include "base/same.h"
#include "base/utf8.h"
#include "domain/session/session_form.h"

#include "banned.h"

enum {
    SPARE_CAPACITY = 2 * 1024 /* bytes that a turn adds at most, nearly always */,
    NUMBER_MAX = 10, /* bytes */
    SAME_LEAST = 64, /* bytes worth not to be copied */
    NUMBERS_MAX = 96 /* of all numbers of a record, and of what stands around its texts */
};

struct writer {
    unsigned char *at, *end, *bytes;
    struct arena *arena;
    int64_t created_ms; /* what times are distances to */
    uintptr_t checked;  /* texts in here are known to be UTF-8 */
    uintptr_t checked_size;
    int is_invalid;    /* a text that is not UTF-8, a number that is none */
    struct same *same; /* what is not written; NULL: all is */
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

/* ---- members: written at a place that has room for them, and the place behind is returned; a writer's own
   would be read and written again for each byte, as the bytes could be its members ---- */

static inline unsigned char *set_count(unsigned char *at, uint64_t number) {
    for (; number >= 0x80; number >>= 7) {
        *at++ = (unsigned char)(0x80 | (number & 0x7F));
    }
    *at++ = (unsigned char)number;
    return at;
}

static inline unsigned char *set_int(unsigned char *at, int64_t number) {
    return set_count(at, (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0));
}

/* Wraps around like the reader's sum: any two times come out as they went in. */
static inline unsigned char *set_time(const struct writer *writer, unsigned char *at, int64_t at_ms) {
    return set_int(at, (int64_t)((uint64_t)at_ms - (uint64_t)writer->created_ms));
}

/* Eight bytes, least first. */
static inline unsigned char *set_hash(unsigned char *at, uint64_t hash) {
    for (unsigned i = 0; i < 8; i++) {
        at[i] = (unsigned char)(hash >> 8 * i);
    }
    return at + 8;
}

static inline size_t length_of(const char *text) {
    return text != NULL ? strlen(text) : 0;
}

/* Most texts were decoded before the turn and stand where they stood. */
static inline int is_known(const struct writer *writer, const char *text) {
    return (uintptr_t)text - writer->checked < writer->checked_size;
}

static inline unsigned char *set_text(struct writer *writer, unsigned char *at, const char *text,
                                      size_t length) {
    if (text == NULL) {
        *at = 0;
        return at + 1;
    }
    writer->is_invalid |= !is_known(writer, text) && !u8_valid(text, length);
    at = set_count(at, length + 1);
    memcpy(at, text, length + 1);
    return at + length + 1;
}

/* 1 and a whole number, as nearly all are; or 0 and the eight bytes. */
static inline unsigned char *set_number(struct writer *writer, unsigned char *at, double number) {
    const double exact = 4503599627370496.0; /* 2^52: whole numbers below are exact */
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    int is_whole = number > -exact && number < exact && number == (double)(int64_t)number &&
                   bits != (uint64_t)1 << 63; /* -0 */
    *at++ = (unsigned char)is_whole;
    if (is_whole) {
        return set_int(at, (int64_t)number);
    }
    writer->is_invalid |= !(number - number == 0); /* neither infinite nor no number */
    return set_hash(at, bits);
}

/* ---- whole records ---- */

static inline void put_byte(struct writer *writer, unsigned char byte) {
    need(writer, 1);
    *writer->at++ = byte;
}

static inline void put_count(struct writer *writer, uint64_t number) {
    need(writer, NUMBER_MAX);
    writer->at = set_count(writer->at, number);
}

static inline void put_text(struct writer *writer, const char *text) {
    size_t length = length_of(text);
    need(writer, NUMBER_MAX + length + 1);
    writer->at = set_text(writer, writer->at, text, length);
}

/* A text that must be there: in a list, none would end it. */
static inline const char *name_of(const char *text) {
    return text != NULL ? text : "";
}

static void put_answer(struct writer *writer, const struct session_answer *answer) {
    const char *step = name_of(answer->step);
    size_t name = strlen(step), choice = length_of(answer->choice), said = length_of(answer->said);
    need(writer, name + choice + said + NUMBERS_MAX);
    unsigned char *at = set_text(writer, writer->at, step, name);
    *at++ = (unsigned char)answer->kind;
    at = set_text(writer, at, answer->choice, choice);
    at = set_number(writer, at, answer->number);
    at = set_text(writer, at, answer->said, said);
    at = set_hash(at, answer->step_hash);
    at = set_time(writer, at, answer->at_ms);
    *at++ = answer->from_fact != 0;
    writer->at = at;
}

static void put_slot(struct writer *writer, const struct session_slot *slot) {
    const char *name = name_of(slot->name), *value = name_of(slot->value);
    size_t name_length = strlen(name), value_length = strlen(value);
    need(writer, name_length + value_length + NUMBERS_MAX);
    unsigned char *at = set_text(writer, writer->at, name, name_length);
    at = set_text(writer, at, value, value_length);
    at = set_time(writer, at, slot->at_ms);
    *at++ = slot->is_answer != 0;
    writer->at = at;
}

static void put_plan(struct writer *writer, const struct session_plan *plan) {
    const char *dialogue = name_of(plan->dialogue), *text = name_of(plan->text);
    size_t name = strlen(dialogue), length = strlen(text), later = length_of(plan->follow_up);
    need(writer, name + length + later + NUMBERS_MAX);
    unsigned char *at = set_text(writer, writer->at, dialogue, name);
    at = set_text(writer, at, text, length);
    at = set_time(writer, at, plan->at_ms);
    at = set_text(writer, at, plan->follow_up, later);
    writer->at = set_int(at, plan->follow_ms);
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
    size_t at = (size_t)(writer->at - writer->bytes);
    struct same *same = writer->same;
    if (same != NULL && same->count < SAME_MAX && kept->length >= SAME_LEAST &&
        (uintptr_t)kept->bytes - writer->checked == at) {
        same->parts[same->count++] = (struct same_part){at, kept->length};
        need(writer, kept->length);
        writer->at += kept->length;
        return;
    }
    put_bytes(writer, kept->bytes, kept->length);
}

static void put_answers(struct writer *writer, const struct session_frame *frame) {
    for (size_t i = 0; i < frame->answer_count; i++) {
        put_answer(writer, &frame->answers[i]);
    }
}

static void put_frame_name(struct writer *writer, const struct session_frame *frame) {
    const char *dialogue = name_of(frame->dialogue);
    size_t name = strlen(dialogue);
    need(writer, name + NUMBERS_MAX);
    unsigned char *at = set_text(writer, writer->at, dialogue, name);
    at = set_count(at, (uint64_t)frame->version);
    writer->at = set_time(writer, at, frame->started_ms);
}

static void put_frame_place(struct writer *writer, const struct session_frame *frame) {
    size_t step = length_of(frame->step), result = length_of(frame->result);
    need(writer, step + result + NUMBERS_MAX);
    unsigned char *at = writer->at;
    *at++ = (unsigned char)frame->state;
    at = set_text(writer, at, frame->step, step);
    at = set_hash(at, frame->step_hash);
    at = set_count(at, (uint64_t)frame->retries);
    at = set_count(at, frame->prompt);
    at = set_time(writer, at, frame->touched_ms);
    writer->at = set_text(writer, at, frame->result, result);
}

/* Answers of the newest end with a 0: their length in front would change with every one. */
static void put_frame(struct writer *writer, const struct session_frame *frame, int is_newest) {
    put_frame_name(writer, frame);
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
    put_frame_place(writer, frame);
}

static void put_plans(struct writer *writer, const struct session *session) {
    size_t since = (size_t)(writer->at - writer->bytes);
    if (session->kept_plans.bytes != NULL) {
        put_kept(writer, &session->kept_plans);
        return;
    }
    for (size_t i = 0; i < session->plan_count; i++) {
        put_plan(writer, &session->plans[i]);
    }
    put_length(writer, since);
}

/* Each as four bytes, least first. */
static void put_replies(struct writer *writer, const struct session_spoken *spoken) {
    need(writer, NUMBER_MAX + sizeof spoken->replies);
    unsigned char *at = set_count(writer->at, spoken->count);
    for (size_t i = 0; i < spoken->count; i++, at += 4) {
        const uint32_t reply = spoken->replies[i];
        at[0] = (unsigned char)reply;
        at[1] = (unsigned char)(reply >> 8);
        at[2] = (unsigned char)(reply >> 16);
        at[3] = (unsigned char)(reply >> 24);
    }
    writer->at = at;
}

/* Plans are made when a dialogue ends, facts are told now and then, what is said was mostly said before, and
 * of the dialogues only the newest moves on: it comes last. */
static void put_lists(struct writer *writer, const struct session *session) {
    put_plans(writer, session);
    for (size_t i = 0; i < session->slot_count; i++) {
        put_slot(writer, &session->slots[i]);
    }
    put_byte(writer, 0);
    put_replies(writer, &session->spoken);
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

static void put_counts(struct writer *writer, const struct session *session) {
    need(writer, NUMBERS_MAX);
    unsigned char *at = writer->at;
    *at++ = (unsigned char)(session->language + 1);
    *at++ = session->language_fixed != 0;
    at = set_time(writer, at, session->last_ms);
    at = set_count(at, session->turn_count);
    at = set_count(at, session->prompt);
    at = set_count(at, session->asking);
    writer->at = set_count(at, (uint64_t)session->misses);
}

static void put_session(struct writer *writer, const struct session *session) {
    put_byte(writer, SESSION_MARK);
    put_byte(writer, SESSION_VERSION);
    need(writer, NUMBER_MAX);
    writer->at = set_int(writer->at, session->created_ms);
    put_lists(writer, session);
    put_counts(writer, session);
    put_text(writer, session->missed_text);
    put_text(writer, session->last_reply);
    put_text(writer, session->confirming);
    put_count(writer, session->offer_count);
    for (size_t i = 0; i < session->offer_count; i++) {
        put_text(writer, name_of(session->offers[i].intent));
    }
    put_spoken(writer, &session->spoken);
    put_messages(writer, session);
}

static int encode(const struct session *session, struct arena *arena, struct same *same, char **bytes,
                  size_t *length, struct err *err) {
    const size_t capacity = session->checked_length + SPARE_CAPACITY;
    struct writer writer = {.arena = arena,
                            .bytes = arena_room(arena, capacity),
                            .created_ms = session->created_ms,
                            .same = same,
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
    *bytes = (char *)writer.bytes;
    return 0;
}

int session_encode(const struct session *session, struct arena *arena, const char **bytes, size_t *length,
                   struct err *err) {
    char *written = NULL;
    int rc = encode(session, arena, NULL, &written, length, err);
    if (rc == 0) {
        *bytes = written;
    }
    return rc;
}

int session_encode_new(const struct session *session, struct arena *arena, struct same *same, char **bytes,
                       size_t *length, struct err *err) {
    same->count = 0;
    return encode(session, arena, same, bytes, length, err);
}
