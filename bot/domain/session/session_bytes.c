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
    SAME_LEAST = 16, /* bytes worth to be known */
    NUMBERS_MAX = 96 /* of all numbers of a record, and of what stands around its texts */
};

struct writer {
    unsigned char *at, *end, *bytes;
    struct arena *arena;
    int64_t created_ms; /* what times are distances to */
    uintptr_t checked;  /* texts in here are known to be UTF-8 */
    uintptr_t checked_size;
    int is_invalid;                      /* a text that is not UTF-8, a number that is none */
    const struct session_places *places; /* in the older bytes; NULL: they are of no use */
    struct same *same;                   /* what is known; NULL: nobody wants to know */
    int is_moving;                       /* what is written now will move: all of it is needed */
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

/* From here on to put_length all is written. Returns how many parts are known: none of them goes on, as
   something is always written in front of what has a length. */
static size_t begin_moving(struct writer *writer) {
    writer->is_moving = 1;
    return writer->same != NULL ? writer->same->count : 0;
}

/* Puts the length of what was written since then in front of it. first: how many parts were known then. */
static void put_length(struct writer *writer, size_t since, size_t first) {
    unsigned char digits[NUMBER_MAX];
    size_t length = (size_t)(writer->at - writer->bytes) - since;
    put_count(writer, length);
    size_t size = (size_t)(writer->at - writer->bytes) - since - length;
    memcpy(digits, writer->at - size, size);
    memmove(writer->bytes + since + size, writer->bytes + since, length);
    memcpy(writer->bytes + since, digits, size);
    for (size_t i = first; writer->same != NULL && i < writer->same->count; i++) {
        writer->same->parts[i].at += size;
    }
    writer->is_moving = 0;
}

/* What stands at from in the older bytes stands at `at` now. Nobody writes what did not move. Returns whether
   that is known from now on. */
static inline int note(struct writer *writer, size_t from, size_t at, size_t length) {
    struct same *same = writer->same;
    if (same == NULL) {
        return 0;
    }
    struct same_part *last = &same->parts[same->count > 0 ? same->count - 1 : 0];
    if (same->count > 0 && last->from + last->length == from && last->at + last->length == at) {
        last->length += length;
        return 1;
    }
    if (same->count < SAME_MAX) {
        same->parts[same->count++] = (struct same_part){from, at, length};
        return 1;
    }
    return 0;
}

/* A place that is worth comparing, whatever stands there. */
static inline void note_place(struct writer *writer, size_t from) {
    (void)note(writer, from, (size_t)(writer->at - writer->bytes), 0);
}

/* Bytes of the older ones. */
static void put_old(struct writer *writer, const char *bytes, size_t length) {
    size_t at = (size_t)(writer->at - writer->bytes);
    size_t from = (uintptr_t)bytes - writer->checked;
    if (length >= SAME_LEAST && note(writer, from, at, length) && from == at && !writer->is_moving) {
        need(writer, length);
        writer->at += length;
        return;
    }
    put_bytes(writer, bytes, length);
}

static void put_kept(struct writer *writer, const struct session_kept *kept) {
    put_count(writer, kept->length);
    put_old(writer, kept->bytes, kept->length);
}

/* Where the record stands, of which this is the first text, if nobody changed it since; else NULL. */
static inline const char *record_of(const struct writer *writer, const char *first, unsigned stored) {
    return stored != 0 && writer->places != NULL && is_known(writer, first) ? first - 1 : NULL;
}

/* Mostly some that were there before, one behind the other, and perhaps a new one. */
static void put_answers(struct writer *writer, const struct session_frame *frame) {
    const struct session_answer *answer = frame->answers, *end = answer + frame->answer_count;
    while (answer < end) {
        const char *first = record_of(writer, answer->step, answer->stored), *at = first;
        if (first == NULL) {
            put_answer(writer, answer++);
            continue;
        }
        do {
            at += answer++->stored;
        } while (answer < end && record_of(writer, answer->step, answer->stored) == at);
        put_old(writer, first, (size_t)(at - first));
    }
}

static void put_slots(struct writer *writer, const struct session *session) {
    const struct session_slot *slot = session->slots, *end = slot + session->slot_count;
    while (slot < end) {
        const char *first = record_of(writer, slot->name, slot->stored), *at = first;
        if (first == NULL) {
            put_slot(writer, slot++);
            continue;
        }
        do {
            at += slot++->stored;
        } while (slot < end && record_of(writer, slot->name, slot->stored) == at);
        put_old(writer, first, (size_t)(at - first));
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

/* Whether it is what it was when it was decoded as an older one. */
static int is_stored(const struct session_frame *frame) {
    const struct session_stored *was = &frame->stored;
    return was->whole.bytes != NULL && frame->kept.bytes != NULL && was->dialogue == frame->dialogue &&
           was->step == frame->step && was->result == frame->result && was->version == frame->version &&
           was->retries == frame->retries && was->state == frame->state &&
           was->step_hash == frame->step_hash && was->prompt == frame->prompt &&
           was->started_ms == frame->started_ms && was->touched_ms == frame->touched_ms;
}

/* Answers of the newest end with a 0: their length in front would change with every one. */
static void put_frame(struct writer *writer, const struct session_frame *frame, int is_newest) {
    put_frame_name(writer, frame);
    size_t since = (size_t)(writer->at - writer->bytes);
    if (is_newest) {
        put_old(writer, frame->kept.bytes != NULL ? frame->kept.bytes : "", frame->kept.length);
        put_answers(writer, frame);
        put_byte(writer, 0);
    } else if (frame->kept.bytes != NULL) {
        put_kept(writer, &frame->kept);
    } else {
        size_t known = begin_moving(writer);
        put_answers(writer, frame);
        put_length(writer, since, known);
    }
    put_frame_place(writer, frame);
}

/* Mostly all of them as they were, one behind the other. */
static void put_older(struct writer *writer, const struct session *session) {
    const char *first = NULL, *end = NULL;
    for (size_t i = session->stack_count; i > 1; i--) {
        const struct session_frame *frame = &session->stack[i - 1];
        int is_old = writer->places != NULL && is_stored(frame);
        if (first != NULL && !(is_old && frame->stored.whole.bytes == end)) {
            put_old(writer, first, (size_t)(end - first));
            first = NULL;
        }
        if (!is_old) {
            put_frame(writer, frame, 0);
            continue;
        }
        first = first != NULL ? first : frame->stored.whole.bytes;
        end = frame->stored.whole.bytes + frame->stored.whole.length;
    }
    if (first != NULL) {
        put_old(writer, first, (size_t)(end - first));
    }
}

static void put_plans(struct writer *writer, const struct session *session) {
    size_t since = (size_t)(writer->at - writer->bytes);
    if (session->kept_plans.bytes != NULL) {
        put_kept(writer, &session->kept_plans);
        return;
    }
    size_t known = begin_moving(writer);
    for (size_t i = 0; i < session->plan_count; i++) {
        const struct session_plan *plan = &session->plans[i];
        const char *first = record_of(writer, plan->dialogue, plan->stored);
        if (first != NULL) {
            put_old(writer, first, plan->stored);
        } else {
            put_plan(writer, plan);
        }
    }
    put_length(writer, since, known);
}

/* Each as four bytes, least first. */
static void put_replies(struct writer *writer, const struct session_spoken *spoken) {
    const struct session_places *places = writer->places;
    uint32_t replies[SESSION_SPOKEN_MAX];
    memcpy(replies, spoken->replies, 4 * spoken->count);
    session_order_bytes(replies, spoken->count);
    put_count(writer, spoken->count);
    if (places != NULL) {
        const size_t known = 4 * places->reply_count;
        int are_old = places->reply_count <= spoken->count &&
                      memcmp(replies, (const char *)writer->checked + places->replies, known) == 0;
        (void)note(writer, places->replies, (size_t)(writer->at - writer->bytes), are_old ? known : 0);
    }
    put_bytes(writer, replies, 4 * spoken->count);
}

/* Plans are made when a dialogue ends, facts are told now and then, what is said was mostly said before, and
 * of the dialogues only the newest moves on: it comes last. */
static void put_lists(struct writer *writer, const struct session *session) {
    put_plans(writer, session);
    put_slots(writer, session);
    put_byte(writer, 0);
    put_replies(writer, &session->spoken);
    put_count(writer, session->stack_count);
    put_older(writer, session);
    if (session->stack_count > 0) {
        put_frame(writer, &session->stack[0], 1);
    }
}

/* As many as there are replies. Of their order the end stays what it was. */
static void put_spoken(struct writer *writer, const struct session_spoken *spoken) {
    const struct session_places *places = writer->places;
    const size_t count = spoken->count;
    if (places != NULL) {
        note_place(writer, places->spoken);
    }
    put_bytes(writer, spoken->variants, count);
    if (places != NULL) {
        note_place(writer, places->spoken + places->reply_count);
    }
    put_bytes(writer, spoken->order, count);
    if (places != NULL && places->reply_count == count) {
        const unsigned char *old = (const unsigned char *)writer->checked + places->spoken + count;
        size_t at = count;
        while (at >= 8 && memcmp(spoken->order + at - 8, old + at - 8, 8) == 0) {
            at -= 8;
        }
        (void)note(writer, places->spoken + count + at, (size_t)(writer->at - writer->bytes) - (count - at),
                   count - at);
    }
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
    const struct session_places nowhere = {0}, *places = writer->places != NULL ? writer->places : &nowhere;
    put_lists(writer, session);
    note_place(writer, places->counts);
    put_counts(writer, session);
    note_place(writer, places->missed_text);
    put_text(writer, session->missed_text);
    note_place(writer, places->last_reply);
    put_text(writer, session->last_reply);
    note_place(writer, places->confirming);
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
    int is_stored = session->places.counts != 0 && session->places.created_ms == session->created_ms;
    struct writer writer = {.arena = arena,
                            .bytes = arena_room(arena, capacity),
                            .created_ms = session->created_ms,
                            .places = is_stored ? &session->places : NULL,
                            .same = is_stored ? same : NULL,
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
