/* Bytes -> session (session_bytes.c has the form). Never repairs: the first wrong member makes the whole
   corrupt, bytes that are no session give ERR_CORRUPT, those of a newer program ERR_VERSION. Texts point into
   the bytes. Called by: app (around every turn), store (exports), tests. */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "domain/session/session_form.h"
#include "domain/session/session_json.h"

#include "banned.h"

enum { SESSION_VERSION_OLDEST = 2 /* before it was JSON */, SESSION_VERSION_IDS = 3 };

struct reader {
    const unsigned char *at, *end, *begin;
    int64_t base_ms; /* what times are distances to */
    unsigned version;
    int is_old;     /* version 2: times are distances back to the last turn, plans have no follow-ups */
    int is_checked; /* texts are known to end and to be UTF-8 */
    int is_stored;  /* and session_encode would write the same bytes: where they stand is noted */
    int corrupt;
};

static inline unsigned get_byte(struct reader *reader, unsigned most) {
    unsigned byte = reader->at < reader->end ? *reader->at++ : most + 1;
    if (byte > most) {
        reader->corrupt = 1;
        return 0;
    }
    return byte;
}

static inline uint32_t read_word(const unsigned char *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* The groups of seven bits of eight bytes, without the bits between them. */
static inline uint64_t join_groups(uint64_t word) {
    word = (word & 0x007F007F007F007Fu) | (word & 0x7F007F007F007F00u) >> 1;
    word = (word & 0x00003FFF00003FFFu) | (word & 0x3FFF00003FFF0000u) >> 2;
    return (word & 0x000000000FFFFFFFu) | (word & 0x0FFFFFFF00000000u) >> 4;
}

/* A number of any length, its bytes one after the other. */
static uint64_t get_longest(struct reader *reader) {
    const unsigned char *at = reader->at, *end = reader->end;
    uint64_t number = 0;
    unsigned byte = 0x80;
    for (unsigned shift = 0; (byte & 0x80) != 0; shift += 7) {
        if (at == end || (shift == 63 && *at > 1)) {
            reader->corrupt = 1;
            return 0;
        }
        byte = *at++;
        number |= (uint64_t)(byte & 0x7F) << shift;
    }
    reader->at = at;
    return number;
}

/* Its bytes at once if there are no more than eight of them. */
static inline uint64_t get_large(struct reader *reader) {
    const unsigned char *at = reader->at;
    if (reader->end - at < 8) {
        return get_longest(reader);
    }
    uint64_t word = read_word(at) | (uint64_t)read_word(at + 4) << 32;
    uint64_t ends = ~word & 0x8080808080808080u; /* bytes that no other follows */
    if (ends == 0) {
        return get_longest(reader);
    }
    reader->at = at + (unsigned)__builtin_ctzll(ends) / 8 + 1;
    return join_groups(word & (ends ^ (ends - 1)));
}

static inline uint64_t get_any(struct reader *reader) {
    return reader->at < reader->end && *reader->at < 0x80 ? *reader->at++ : get_large(reader);
}

static inline uint64_t get_count(struct reader *reader, uint64_t most) {
    uint64_t number = get_any(reader);
    if (number > most) {
        reader->corrupt = 1;
        return 0;
    }
    return number;
}

static inline int64_t get_int(struct reader *reader) {
    uint64_t number = get_large(reader);
    return (int64_t)(number >> 1 ^ (number & 1 ? UINT64_MAX : 0));
}

static inline int64_t get_time(struct reader *reader) {
    uint64_t distance = (uint64_t)get_int(reader), base = (uint64_t)reader->base_ms;
    return (int64_t)(reader->is_old ? base - distance : base + distance);
}

static inline uint64_t get_hash(struct reader *reader) {
    if (reader->end - reader->at < 8) {
        reader->corrupt = 1;
        return 0;
    }
    uint64_t hash = read_word(reader->at) | (uint64_t)read_word(reader->at + 4) << 32;
    reader->at += 8;
    return hash;
}

static int is_text(const char *text, size_t length) {
    return memchr(text, '\0', length) == NULL && u8_valid(text, length);
}

static inline const char *get_text(struct reader *reader) {
    size_t size = (size_t)get_count(reader, SESSION_BYTES_MAX);
    const char *text = (const char *)reader->at;
    if (size == 0 || reader->corrupt) {
        return NULL;
    }
    if ((size_t)(reader->end - reader->at) < size || text[size - 1] != '\0' ||
        (!reader->is_checked && !is_text(text, size - 1))) {
        reader->corrupt = 1;
        return NULL;
    }
    reader->at += size;
    return text;
}

static inline const char *need_text(struct reader *reader) {
    const char *text = get_text(reader);
    reader->corrupt |= text == NULL;
    return text != NULL ? text : "";
}

static inline double get_number(struct reader *reader) {
    if (get_byte(reader, 1) == 1) {
        return (double)get_int(reader);
    }
    uint64_t bits = get_hash(reader);
    double number;
    memcpy(&number, &bits, sizeof number);
    reader->corrupt |= !(number - number == 0); /* infinite, or no number */
    return number;
}

/* How many bytes the record has that began there, if its first text has but one byte in front of it. */
static inline unsigned stored_since(const struct reader *reader, const unsigned char *first) {
    return reader->is_stored && *first < 0x80 ? (unsigned)(reader->at - first) : 0;
}

static void get_answer(struct reader *reader, struct session_answer *answer) {
    const unsigned char *first = reader->at;
    answer->step = need_text(reader);
    answer->kind = (enum answer_kind)get_byte(reader, ANSWER_SKIPPED);
    answer->choice = get_text(reader);
    answer->number = get_number(reader);
    answer->said = get_text(reader);
    answer->step_hash = get_hash(reader);
    answer->at_ms = get_time(reader);
    answer->from_fact = (int)get_byte(reader, 1);
    answer->stored = stored_since(reader, first);
    reader->corrupt |= answer->kind == ANSWER_CHOICE && answer->choice == NULL;
    reader->corrupt |= answer->kind != ANSWER_SKIPPED && answer->said == NULL;
}

/* Whether a list goes on; its end is a 0 where the next name would be. */
static inline int goes_on(struct reader *reader, size_t count, size_t most) {
    if (reader->corrupt || reader->at == reader->end) {
        reader->corrupt = 1;
        return 0;
    }
    if (*reader->at == 0) {
        reader->at++;
        return 0;
    }
    reader->corrupt |= count == most;
    return count < most;
}

static void get_slot(struct reader *reader, struct session_slot *slot) {
    const unsigned char *first = reader->at;
    slot->name = need_text(reader);
    slot->value = need_text(reader);
    slot->at_ms = get_time(reader);
    slot->is_answer = (int)get_byte(reader, 1);
    slot->stored = stored_since(reader, first);
}

static void get_plan(struct reader *reader, struct session_plan *plan) {
    const unsigned char *first = reader->at;
    plan->dialogue = need_text(reader);
    plan->text = need_text(reader);
    plan->at_ms = get_time(reader);
    plan->follow_up = reader->is_old ? NULL : get_text(reader);
    plan->follow_ms = reader->is_old ? 0 : get_int(reader);
    plan->stored = stored_since(reader, first);
}

static void get_offers(struct reader *reader, struct session *session) {
    session->offer_count = (size_t)get_count(reader, SESSION_OFFERS_MAX);
    for (size_t i = 0; i < session->offer_count && !reader->corrupt; i++) {
        session->offers[i].intent = need_text(reader);
    }
}

/* ---- this version, and version 3, which kept the ids of replies ---- */

/* What has its length in front: kept unread, or 1 and *end where it ends. */
static int get_kept(struct reader *reader, struct session_kept *kept, const unsigned char **end) {
    size_t length = (size_t)get_count(reader, SESSION_BYTES_MAX);
    *kept = (struct session_kept){NULL, 0};
    if (reader->corrupt || (size_t)(reader->end - reader->at) < length) {
        reader->corrupt = 1;
        return 0;
    }
    *end = reader->at + length;
    if (reader->is_checked) {
        *kept = (struct session_kept){(const char *)reader->at, length};
        reader->at = *end;
    }
    return !reader->is_checked;
}

static void get_answers(struct reader *reader, const unsigned char *end, struct session_frame *frame) {
    for (frame->answer_count = 0; reader->at < end && !reader->corrupt; frame->answer_count++) {
        if (frame->answer_count == SESSION_ANSWERS_MAX) {
            reader->corrupt = 1;
            return;
        }
        get_answer(reader, &frame->answers[frame->answer_count]);
    }
    reader->corrupt |= reader->at != end;
}

static void get_plans(struct reader *reader, const unsigned char *end, struct session *session) {
    for (session->plan_count = 0; reader->at < end && !reader->corrupt; session->plan_count++) {
        if (session->plan_count == SESSION_PLANS_MAX) {
            reader->corrupt = 1;
            return;
        }
        get_plan(reader, &session->plans[session->plan_count]);
    }
    reader->corrupt |= reader->at != end;
}

/* What it is like now, so that session_encode sees whether it still is. */
static void note_frame(const struct reader *reader, const unsigned char *first, struct session_frame *frame) {
    frame->stored = (struct session_stored){
        .whole = {(const char *)first, (size_t)(reader->at - first)},
        .dialogue = frame->dialogue,
        .step = frame->step,
        .result = frame->result,
        .version = frame->version,
        .retries = frame->retries,
        .state = frame->state,
        .step_hash = frame->step_hash,
        .prompt = frame->prompt,
        .started_ms = frame->started_ms,
        .touched_ms = frame->touched_ms,
    };
}

static void get_frame(struct reader *reader, struct session_frame *frame, int is_newest) {
    const unsigned char *end = NULL, *first = reader->at;
    frame->stored.whole = (struct session_kept){NULL, 0};
    frame->dialogue = need_text(reader);
    frame->version = (int)get_count(reader, INT32_MAX);
    frame->started_ms = get_time(reader);
    frame->kept = (struct session_kept){NULL, 0};
    frame->answer_count = 0;
    if (is_newest || reader->version == SESSION_VERSION_IDS) {
        for (; goes_on(reader, frame->answer_count, SESSION_ANSWERS_MAX); frame->answer_count++) {
            get_answer(reader, &frame->answers[frame->answer_count]);
        }
    } else if (get_kept(reader, &frame->kept, &end)) {
        get_answers(reader, end, frame);
    }
    frame->state = (enum frame_state)get_byte(reader, FRAME_DONE);
    frame->step = get_text(reader);
    frame->step_hash = get_hash(reader);
    frame->retries = (int)get_count(reader, INT32_MAX);
    frame->prompt = get_count(reader, UINT64_MAX);
    frame->touched_ms = get_time(reader);
    frame->result = get_text(reader);
    if (reader->is_stored && !is_newest) {
        note_frame(reader, first, frame);
    }
}

static void get_replies(struct reader *reader, struct session_spoken *spoken) {
    spoken->count = (size_t)get_count(reader, SESSION_SPOKEN_MAX);
    if ((size_t)(reader->end - reader->at) < 4 * spoken->count) {
        reader->corrupt = 1;
        spoken->count = 0;
    }
    for (size_t i = 0; i < spoken->count; i++) { /* so few that a copy would take longer to begin */
        spoken->replies[i] = read_word(reader->at + 4 * i);
    }
    reader->at += 4 * spoken->count;
}

static void get_ids(struct reader *reader, struct session_spoken *spoken) {
    for (; goes_on(reader, spoken->count, SESSION_SPOKEN_MAX); spoken->count++) {
        spoken->replies[spoken->count] = session_reply_bits(need_text(reader));
    }
}

static inline size_t place_of(const struct reader *reader) {
    return (size_t)(reader->at - reader->begin);
}

static void get_lists(struct reader *reader, struct session *session) {
    const unsigned char *end = NULL;
    if (reader->version == SESSION_VERSION_IDS) {
        for (; goes_on(reader, session->plan_count, SESSION_PLANS_MAX); session->plan_count++) {
            get_plan(reader, &session->plans[session->plan_count]);
        }
    } else if (get_kept(reader, &session->kept_plans, &end)) {
        get_plans(reader, end, session);
    }
    for (; goes_on(reader, session->slot_count, SESSION_SLOTS_MAX); session->slot_count++) {
        get_slot(reader, &session->slots[session->slot_count]);
    }
    if (reader->version == SESSION_VERSION_IDS) {
        get_ids(reader, &session->spoken);
    } else {
        get_replies(reader, &session->spoken);
        session->places.reply_count = session->spoken.count;
        session->places.replies = place_of(reader) - 4 * session->spoken.count;
    }
    session->stack_count = (size_t)get_count(reader, SESSION_STACK_MAX);
    for (size_t i = session->stack_count; i > 0 && !reader->corrupt; i--) {
        get_frame(reader, &session->stack[i - 1], i == 1);
    }
}

/* Each place once. */
static int is_order(const unsigned char *order, size_t count) {
    uint64_t seen = 0;
    for (size_t i = 0; i < count; i++) {
        if (order[i] >= count || (seen >> order[i] & 1) != 0) {
            return 0;
        }
        seen |= (uint64_t)1 << order[i];
    }
    return 1;
}

static void get_spoken(struct reader *reader, struct session_spoken *spoken) {
    size_t count = spoken->count;
    if ((size_t)(reader->end - reader->at) < 2 * count ||
        (!reader->is_checked && !is_order(reader->at + count, count))) {
        reader->corrupt = 1;
        return;
    }
    memcpy(spoken->variants, reader->at, count);
    memcpy(spoken->order, reader->at + count, count);
    reader->at += 2 * count;
}

static unsigned char get_variant(struct reader *reader) {
    uint64_t variant = get_count(reader, INT32_MAX);
    return (unsigned char)(variant < SESSION_VARIANT_UNKNOWN ? variant : SESSION_VARIANT_UNKNOWN);
}

/* Version 3: one after the other, the order as numbers. */
static void get_spoken_numbers(struct reader *reader, struct session_spoken *spoken) {
    uint64_t said[SESSION_SPOKEN_MAX] = {0};
    for (size_t i = 0; i < spoken->count && !reader->corrupt; i++) {
        spoken->variants[i] = get_variant(reader);
        said[i] = get_count(reader, INT64_MAX);
    }
    session_spoken_sort(spoken, said);
}

static void get_language(struct reader *reader, struct session *session) {
    session->language = (int)get_byte(reader, 8) - 1;
    session->language_fixed = (int)get_byte(reader, 1);
}

/* How far the conversation is: what all versions hold in this order. */
static void get_course(struct reader *reader, struct session *session) {
    session->turn_count = get_any(reader);
    session->prompt = get_any(reader);
    session->asking = get_any(reader);
    session->misses = (int)get_count(reader, INT32_MAX);
    session->places.missed_text = place_of(reader);
    session->missed_text = get_text(reader);
    session->places.last_reply = place_of(reader);
    session->last_reply = get_text(reader);
}

/* After the mark and the version. */
static void get_session(struct reader *reader, struct session *session) {
    session->created_ms = session->places.created_ms = reader->base_ms = get_int(reader);
    get_lists(reader, session);
    session->places.counts = place_of(reader);
    get_language(reader, session);
    session->last_ms = get_time(reader);
    get_course(reader, session);
    session->places.confirming = place_of(reader);
    session->confirming = get_text(reader);
    get_offers(reader, session);
    session->places.spoken = place_of(reader);
    if (reader->version == SESSION_VERSION_IDS) {
        get_spoken_numbers(reader, &session->spoken);
    } else {
        get_spoken(reader, &session->spoken);
    }
    session->messages_length = (size_t)get_count(reader, SESSION_BYTES_MAX);
    if (session->messages_length == 0) {
        session->last_messages = get_text(reader);
    }
    reader->corrupt |= reader->at != reader->end;
}

/* ---- version 2: lists with their counts, times as distances to the last turn ---- */

static void get_old_frame(struct reader *reader, struct session_frame *frame) {
    frame->kept = frame->stored.whole = (struct session_kept){NULL, 0};
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

static void get_old_lists(struct reader *reader, struct session *session) {
    get_offers(reader, session);
    session->slot_count = (size_t)get_count(reader, SESSION_SLOTS_MAX);
    for (size_t i = 0; i < session->slot_count && !reader->corrupt; i++) {
        get_slot(reader, &session->slots[i]);
    }
    session->stack_count = (size_t)get_count(reader, SESSION_STACK_MAX);
    for (size_t i = 0; i < session->stack_count && !reader->corrupt; i++) {
        get_old_frame(reader, &session->stack[i]);
    }
    session->plan_count = (size_t)get_count(reader, SESSION_PLANS_MAX);
    for (size_t i = 0; i < session->plan_count && !reader->corrupt; i++) {
        get_plan(reader, &session->plans[i]);
    }
    struct session_spoken *spoken = &session->spoken;
    uint64_t said[SESSION_SPOKEN_MAX] = {0};
    spoken->count = (size_t)get_count(reader, SESSION_SPOKEN_MAX);
    for (size_t i = 0; i < spoken->count && !reader->corrupt; i++) {
        spoken->replies[i] = session_reply_bits(need_text(reader));
        spoken->variants[i] = get_variant(reader);
        said[i] = i; /* the one said last came last */
    }
    session_spoken_sort(spoken, said);
}

static void get_old_session(struct reader *reader, struct session *session) {
    get_language(reader, session);
    session->last_ms = reader->base_ms = get_int(reader);
    session->created_ms = get_time(reader);
    get_course(reader, session);
    session->last_messages = get_text(reader);
    session->confirming = get_text(reader);
    get_old_lists(reader, session);
    reader->corrupt |= reader->at != reader->end;
}

/* ---- all versions ---- */

static int read_bytes(const unsigned char *bytes, size_t length, int is_checked, struct session *out,
                      struct err *err) {
    unsigned version = length >= 2 ? bytes[1] : 0;
    if (bytes[0] != SESSION_MARK || version < SESSION_VERSION_OLDEST) {
        return err_set(err, ERR_CORRUPT, "the stored bytes are no session");
    }
    if (version > SESSION_VERSION) {
        return err_set(err, ERR_VERSION,
                       "the session was stored by a newer program (version %u); upgrade Pandu", version);
    }
    struct reader reader = {.at = bytes + 2,
                            .end = bytes + length,
                            .begin = bytes,
                            .version = version,
                            .is_old = version == SESSION_VERSION_OLDEST,
                            .is_checked = is_checked,
                            .is_stored = is_checked && version == SESSION_VERSION};
    if (reader.is_old) {
        get_old_session(&reader, out);
    } else {
        get_session(&reader, out);
    }
    if (!reader.is_stored) {
        out->places = (struct session_places){0};
    }
    out->checked = (const char *)bytes;
    out->checked_length = length;
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
    int rc = *first == SESSION_MARK
                 ? read_bytes((unsigned char *)arena_copy(arena, bytes, length), length, 0, out, err)
                 : session_read_json(bytes, length, arena, out, err);
    if (rc != 0) {
        session_init(out, arena);
    }
    return rc;
}

int session_decode_own(const char *bytes, size_t length, struct arena *arena, struct session *out,
                       struct err *err) {
    if (length == 0 || (unsigned char)bytes[0] != SESSION_MARK) {
        return session_decode(bytes, length, arena, out, err);
    }
    session_init(out, arena);
    int rc = read_bytes((const unsigned char *)bytes, length, 1, out, err);
    if (rc != 0) {
        session_init(out, arena);
    }
    return rc;
}

/* ---- what was left unread ---- */

static struct reader reader_of(const struct session *session, const struct session_kept *kept) {
    const unsigned char *bytes = (const unsigned char *)kept->bytes;
    return (struct reader){.at = bytes,
                           .end = bytes + kept->length,
                           .base_ms = session->created_ms,
                           .version = SESSION_VERSION,
                           .is_checked = 1,
                           .is_stored = 1};
}

void session_read_plans(struct session *session) {
    if (session->kept_plans.bytes != NULL) {
        struct reader reader = reader_of(session, &session->kept_plans);
        get_plans(&reader, reader.end, session);
        session->kept_plans = (struct session_kept){NULL, 0};
    }
}

void session_read_frame(const struct session *session, struct session_frame *frame) {
    if (frame->kept.bytes != NULL) {
        struct reader reader = reader_of(session, &frame->kept);
        get_answers(&reader, reader.end, frame);
        frame->kept = (struct session_kept){NULL, 0};
    }
}
