/* Session <-> bytes, the form that is stored at every turn. First SESSION_MARK and the version; then the
   members one after the other: numbers in groups of seven bits, least first (the top bit says that more
   follow; signed ones zigzag, so that small negatives are short too); a text as its length + 1, its bytes and
   a NUL byte, or 0 for NULL; hashes as eight bytes. Times are kept as distances to the last turn, which are
   short. Never repairs: bytes that are not a session give ERR_CORRUPT, those of a newer program ERR_VERSION.
   Called by: app (around every turn), tests. */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "domain/session/session_json.h"

#include "banned.h"

enum {
    SESSION_MARK = 0xB5,  /* begins no JSON and no UTF-8 text */
    VERSION_FIRST = 2,    /* of this form */
    VERSION_FOLLOW_UP = 3 /* plans may have a follow-up */
};

static int is_finite(double number) {
    return number - number == 0;
}

/* ---- encoding: what does not fit any more is only measured ---- */

enum { FIRST_CAPACITY = 4 * 1024 /* bytes of most sessions */ };

struct writer {
    unsigned char *at;
    size_t length, capacity;
    int64_t last_ms; /* what times are distances to */
    int is_invalid;  /* a text that is not UTF-8, a number that is none */
};

static void put_byte(struct writer *writer, unsigned char byte) {
    if (writer->length < writer->capacity) {
        writer->at[writer->length] = byte;
    }
    writer->length++;
}

static void put_bytes(struct writer *writer, const void *bytes, size_t length) {
    if (writer->length + length <= writer->capacity) {
        memcpy(writer->at + writer->length, bytes, length);
    }
    writer->length += length;
}

static void put_count(struct writer *writer, uint64_t number) {
    for (; number >= 0x80; number >>= 7) {
        put_byte(writer, (unsigned char)(0x80 | (number & 0x7F)));
    }
    put_byte(writer, (unsigned char)number);
}

static void put_int(struct writer *writer, int64_t number) {
    put_count(writer, (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0));
}

/* Wraps around like the reader's sum: any two times come out as they went in. */
static void put_time(struct writer *writer, int64_t at_ms) {
    put_int(writer, (int64_t)((uint64_t)writer->last_ms - (uint64_t)at_ms));
}

static void put_hash(struct writer *writer, uint64_t hash) {
    unsigned char bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(hash >> 8 * i);
    }
    put_bytes(writer, bytes, sizeof bytes);
}

static void put_text(struct writer *writer, const char *text) {
    size_t length = text != NULL ? strlen(text) : 0;
    if (text == NULL) {
        put_byte(writer, 0);
        return;
    }
    writer->is_invalid |= !u8_valid(text, length);
    put_count(writer, length + 1);
    put_bytes(writer, text, length + 1);
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
        writer->is_invalid |= !is_finite(number);
        put_hash(writer, bits);
    }
}

static void put_answer(struct writer *writer, const struct session_answer *answer) {
    put_text(writer, answer->step);
    put_byte(writer, (unsigned char)answer->kind);
    put_text(writer, answer->choice);
    put_number(writer, answer->number);
    put_text(writer, answer->said);
    put_hash(writer, answer->step_hash);
    put_time(writer, answer->at_ms);
    put_byte(writer, answer->from_fact != 0);
}

static void put_frame(struct writer *writer, const struct session_frame *frame) {
    put_text(writer, frame->dialogue);
    put_count(writer, (uint64_t)frame->version);
    put_byte(writer, (unsigned char)frame->state);
    put_text(writer, frame->step);
    put_hash(writer, frame->step_hash);
    put_count(writer, (uint64_t)frame->retries);
    put_count(writer, frame->prompt);
    put_time(writer, frame->started_ms);
    put_time(writer, frame->touched_ms);
    put_text(writer, frame->result);
    put_count(writer, frame->answer_count);
    for (size_t i = 0; i < frame->answer_count; i++) {
        put_answer(writer, &frame->answers[i]);
    }
}

static void put_lists(struct writer *writer, const struct session *session) {
    put_count(writer, session->offer_count);
    for (size_t i = 0; i < session->offer_count; i++) {
        put_text(writer, session->offers[i].intent);
    }
    put_count(writer, session->slot_count);
    for (size_t i = 0; i < session->slot_count; i++) {
        put_text(writer, session->slots[i].name);
        put_text(writer, session->slots[i].value);
        put_time(writer, session->slots[i].at_ms);
        put_byte(writer, session->slots[i].is_answer != 0);
    }
    put_count(writer, session->stack_count);
    for (size_t i = 0; i < session->stack_count; i++) {
        put_frame(writer, &session->stack[i]);
    }
    put_count(writer, session->plan_count);
    for (size_t i = 0; i < session->plan_count; i++) {
        put_text(writer, session->plans[i].dialogue);
        put_text(writer, session->plans[i].text);
        put_time(writer, session->plans[i].at_ms);
        put_text(writer, session->plans[i].follow_up);
        put_int(writer, session->plans[i].follow_ms);
    }
    put_count(writer, session->spoken_count);
    for (size_t i = 0; i < session->spoken_count; i++) {
        put_text(writer, session->spoken[i].reply);
        put_count(writer, session->spoken[i].variant);
    }
}

static void put_session(struct writer *writer, const struct session *session) {
    writer->last_ms = session->last_ms;
    put_byte(writer, SESSION_MARK);
    put_byte(writer, SESSION_VERSION);
    put_byte(writer, (unsigned char)(session->language + 1));
    put_byte(writer, session->language_fixed != 0);
    put_int(writer, session->last_ms);
    put_time(writer, session->created_ms);
    put_count(writer, session->turn_count);
    put_count(writer, session->prompt);
    put_count(writer, session->asking);
    put_count(writer, (uint64_t)session->misses);
    put_text(writer, session->missed_text);
    put_text(writer, session->last_reply);
    put_text(writer, session->last_messages);
    put_text(writer, session->confirming);
    put_lists(writer, session);
}

int session_encode(const struct session *session, struct arena *arena, const char **bytes, size_t *length,
                   struct err *err) {
    struct writer writer = {.at = arena_alloc(arena, FIRST_CAPACITY), .capacity = FIRST_CAPACITY - 1};
    put_session(&writer, session);
    *length = writer.length;
    if (writer.is_invalid) {
        return err_set(err, ERR_INVALID, "a session text is not valid UTF-8, or a number is none");
    }
    if (*length > SESSION_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "a session of %zu bytes is above the limit of %d", *length,
                       SESSION_BYTES_MAX);
    }
    if (*length > writer.capacity) {
        writer = (struct writer){.at = arena_alloc(arena, *length + 1), .capacity = *length};
        put_session(&writer, session);
    }
    *bytes = (const char *)writer.at;
    return 0;
}

/* ---- decoding: the first wrong member makes the whole corrupt; texts point into a copy in the arena ---- */

struct reader {
    const unsigned char *at, *end;
    int64_t last_ms;
    unsigned version;
    int corrupt;
};

static unsigned get_byte(struct reader *reader, unsigned most) {
    unsigned byte = reader->at < reader->end ? *reader->at++ : most + 1;
    if (byte > most) {
        reader->corrupt = 1;
        return 0;
    }
    return byte;
}

static uint64_t get_count(struct reader *reader, uint64_t most) {
    uint64_t number = 0;
    unsigned byte = 0x80;
    for (unsigned shift = 0; (byte & 0x80) != 0; shift += 7) {
        byte = get_byte(reader, 0xFF);
        if (reader->corrupt || shift > 63 || (shift == 63 && byte > 1)) {
            reader->corrupt = 1;
            return 0;
        }
        number |= (uint64_t)(byte & 0x7F) << shift;
    }
    if (number > most) {
        reader->corrupt = 1;
        return 0;
    }
    return number;
}

static int64_t get_int(struct reader *reader) {
    uint64_t number = get_count(reader, UINT64_MAX);
    return (int64_t)(number >> 1 ^ (number & 1 ? UINT64_MAX : 0));
}

static int64_t get_time(struct reader *reader) {
    return (int64_t)((uint64_t)reader->last_ms - (uint64_t)get_int(reader));
}

static uint64_t get_hash(struct reader *reader) {
    uint64_t hash = 0;
    if (reader->end - reader->at < 8) {
        reader->corrupt = 1;
        return 0;
    }
    for (unsigned i = 0; i < 8; i++) {
        hash |= (uint64_t)reader->at[i] << 8 * i;
    }
    reader->at += 8;
    return hash;
}

static const char *get_text(struct reader *reader) {
    size_t size = (size_t)get_count(reader, SESSION_BYTES_MAX);
    const char *text = (const char *)reader->at;
    if (size == 0 || reader->corrupt) {
        return NULL;
    }
    if ((size_t)(reader->end - reader->at) < size || memchr(text, '\0', size) != text + size - 1 ||
        !u8_valid(text, size - 1)) {
        reader->corrupt = 1;
        return NULL;
    }
    reader->at += size;
    return text;
}

static const char *need_text(struct reader *reader) {
    const char *text = get_text(reader);
    reader->corrupt |= text == NULL;
    return text != NULL ? text : "";
}

static double get_number(struct reader *reader) {
    if (get_byte(reader, 1) == 1) {
        return (double)get_int(reader);
    }
    uint64_t bits = get_hash(reader);
    double number;
    memcpy(&number, &bits, sizeof number);
    reader->corrupt |= !is_finite(number);
    return number;
}

static void get_answer(struct reader *reader, struct session_answer *answer) {
    answer->step = need_text(reader);
    answer->kind = (enum answer_kind)get_byte(reader, ANSWER_SKIPPED);
    answer->choice = get_text(reader);
    answer->number = get_number(reader);
    answer->said = get_text(reader);
    answer->step_hash = get_hash(reader);
    answer->at_ms = get_time(reader);
    answer->from_fact = (int)get_byte(reader, 1);
    reader->corrupt |= answer->kind == ANSWER_CHOICE && answer->choice == NULL;
    reader->corrupt |= answer->kind != ANSWER_SKIPPED && answer->said == NULL;
}

static void get_frame(struct reader *reader, struct session_frame *frame) {
    frame->dialogue = need_text(reader);
    frame->version = (int)get_count(reader, INT32_MAX);
    frame->state = (enum frame_state)get_byte(reader, FRAME_DONE);
    frame->step = get_text(reader);
    frame->step_hash = get_hash(reader);
    frame->retries = (int)get_count(reader, INT32_MAX);
    frame->prompt = get_count(reader, UINT64_MAX);
    frame->started_ms = get_time(reader);
    frame->touched_ms = get_time(reader);
    frame->result = get_text(reader);
    frame->answer_count = (size_t)get_count(reader, SESSION_ANSWERS_MAX);
    for (size_t i = 0; i < frame->answer_count && !reader->corrupt; i++) {
        get_answer(reader, &frame->answers[i]);
    }
}

static void get_offers_and_slots(struct reader *reader, struct session *session) {
    session->offer_count = (size_t)get_count(reader, SESSION_OFFERS_MAX);
    for (size_t i = 0; i < session->offer_count && !reader->corrupt; i++) {
        session->offers[i].intent = need_text(reader);
    }
    session->slot_count = (size_t)get_count(reader, SESSION_SLOTS_MAX);
    for (size_t i = 0; i < session->slot_count && !reader->corrupt; i++) {
        session->slots[i].name = need_text(reader);
        session->slots[i].value = need_text(reader);
        session->slots[i].at_ms = get_time(reader);
        session->slots[i].is_answer = (int)get_byte(reader, 1);
    }
}

static void get_plans(struct reader *reader, struct session *session) {
    session->plan_count = (size_t)get_count(reader, SESSION_PLANS_MAX);
    for (size_t i = 0; i < session->plan_count && !reader->corrupt; i++) {
        session->plans[i].dialogue = need_text(reader);
        session->plans[i].text = need_text(reader);
        session->plans[i].at_ms = get_time(reader);
        if (reader->version >= VERSION_FOLLOW_UP) {
            session->plans[i].follow_up = get_text(reader);
            session->plans[i].follow_ms = get_int(reader);
        }
    }
}

static void get_lists(struct reader *reader, struct session *session) {
    get_offers_and_slots(reader, session);
    session->stack_count = (size_t)get_count(reader, SESSION_STACK_MAX);
    for (size_t i = 0; i < session->stack_count && !reader->corrupt; i++) {
        get_frame(reader, &session->stack[i]);
    }
    get_plans(reader, session);
    session->spoken_count = (size_t)get_count(reader, SESSION_SPOKEN_MAX);
    for (size_t i = 0; i < session->spoken_count && !reader->corrupt; i++) {
        session->spoken[i].reply = need_text(reader);
        session->spoken[i].variant = (unsigned)get_count(reader, INT32_MAX);
    }
}

/* After the mark and the version. */
static void get_session(struct reader *reader, struct session *session) {
    session->language = (int)get_byte(reader, 8) - 1;
    session->language_fixed = (int)get_byte(reader, 1);
    session->last_ms = reader->last_ms = get_int(reader);
    session->created_ms = get_time(reader);
    session->turn_count = get_count(reader, UINT64_MAX);
    session->prompt = get_count(reader, UINT64_MAX);
    session->asking = get_count(reader, UINT64_MAX);
    session->misses = (int)get_count(reader, INT32_MAX);
    session->missed_text = get_text(reader);
    session->last_reply = get_text(reader);
    session->last_messages = get_text(reader);
    session->confirming = get_text(reader);
    get_lists(reader, session);
    reader->corrupt |= reader->at != reader->end;
}

static int read_bytes(const unsigned char *bytes, size_t length, struct arena *arena, struct session *out,
                      struct err *err) {
    unsigned version = length >= 2 ? bytes[1] : 0;
    if (bytes[0] != SESSION_MARK || version < VERSION_FIRST) {
        return err_set(err, ERR_CORRUPT, "the stored bytes are no session");
    }
    if (version > SESSION_VERSION) {
        return err_set(err, ERR_VERSION,
                       "the session was stored by a newer program (version %u); upgrade Pandu", version);
    }
    const unsigned char *copy = (const unsigned char *)arena_copy(arena, bytes, length);
    struct reader reader = {.at = copy + 2, .end = copy + length, .version = version};
    get_session(&reader, out);
    return reader.corrupt
               ? err_set(err, ERR_CORRUPT, "the stored session has a member of a wrong type or size")
               : 0;
}

int session_decode(const void *bytes, size_t length, struct arena *arena, struct session *out,
                   struct err *err) {
    session_init(out, arena);
    if (length == 0) {
        return 0;
    }
    const unsigned char *first = bytes;
    int rc = *first == SESSION_MARK ? read_bytes(first, length, arena, out, err)
                                    : session_read_json(bytes, length, arena, out, err);
    if (rc != 0) {
        session_init(out, arena);
    }
    return rc;
}
