/* Session <-> one JSON object: how sessions were stored up to version 1, and how an export shows them. What
   has its default value is left out; keys are short; the names in session.h say what they are. Never repairs:
   an object that is no session gives ERR_CORRUPT. Called by: session_bytes.c (old rows), store (exports),
   tests. */
#include "domain/session/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "domain/session/session_form.h"
#include "domain/session/session_json.h"
#include "json/value.h"

#include "banned.h"

/* ---- encoding: one flag collects every failure, looked at once ---- */

struct writer {
    struct value *object;
    int failed;
};

static struct writer writer_new(void) {
    struct writer writer = {.object = value_new_object()};
    writer.failed = writer.object == NULL;
    return writer;
}

static void put_value(struct writer *writer, const char *key, struct value *member) {
    if (writer->failed || member == NULL) {
        value_free(member);
        writer->failed = 1;
    } else if (value_set_take(writer->object, key, member) != 0) {
        writer->failed = 1;
    }
}

static void put_text(struct writer *writer, const char *key, const char *text) {
    if (text) {
        put_value(writer, key, value_new_text(text));
    }
}

static void put_int(struct writer *writer, const char *key, int64_t number, int64_t otherwise) {
    if (number != otherwise) {
        put_value(writer, key, value_new_int(number));
    }
}

/* Hands the finished object over as a member of an array. */
static void put_item(struct writer *owner, struct value *array, struct writer *item) {
    if (item->failed || array == NULL) {
        value_free(item->object);
        owner->failed = 1;
    } else if (value_add_take(array, item->object) != 0) {
        owner->failed = 1;
    }
}

static void put_array(struct writer *writer, const char *key, size_t count, struct value *array) {
    if (count > 0) {
        put_value(writer, key, array);
    } else {
        value_free(array);
    }
}

static struct writer encode_answer(const struct session_answer *answer) {
    struct writer writer = writer_new();
    put_text(&writer, "s", answer->step);
    put_int(&writer, "k", answer->kind, ANSWER_NONE);
    put_text(&writer, "c", answer->choice);
    put_value(&writer, "n", value_new_real(answer->number));
    put_text(&writer, "w", answer->said);
    put_int(&writer, "h", (int64_t)answer->step_hash, 0);
    put_int(&writer, "t", answer->at_ms, 0);
    put_int(&writer, "f", answer->from_fact, 0);
    return writer;
}

static struct writer encode_frame(const struct session_frame *frame) {
    struct writer writer = writer_new();
    put_text(&writer, "d", frame->dialogue);
    put_int(&writer, "v", frame->version, 0);
    put_int(&writer, "state", frame->state, FRAME_RUNNING);
    put_text(&writer, "s", frame->step);
    put_int(&writer, "h", (int64_t)frame->step_hash, 0);
    put_int(&writer, "r", frame->retries, 0);
    put_int(&writer, "p", (int64_t)frame->prompt, 0);
    put_int(&writer, "t0", frame->started_ms, 0);
    put_int(&writer, "t", frame->touched_ms, 0);
    put_text(&writer, "result", frame->result);
    struct value *answers = value_new_array();
    for (size_t i = 0; i < frame->answer_count; i++) {
        struct writer answer = encode_answer(&frame->answers[i]);
        put_item(&writer, answers, &answer);
    }
    put_array(&writer, "a", frame->answer_count, answers);
    return writer;
}

static void encode_stack(struct writer *writer, const struct session *session) {
    struct value *stack = value_new_array();
    for (size_t i = 0; i < session->stack_count; i++) {
        struct session_frame read = session->stack[i];
        session_read_frame(session, &read);
        struct writer frame = encode_frame(&read);
        put_item(writer, stack, &frame);
    }
    put_array(writer, "stack", session->stack_count, stack);
}

static void encode_slots(struct writer *writer, const struct session *session) {
    struct value *slots = value_new_array();
    for (size_t i = 0; i < session->slot_count; i++) {
        struct writer slot = writer_new();
        put_text(&slot, "n", session->slots[i].name);
        put_text(&slot, "v", session->slots[i].value);
        put_int(&slot, "t", session->slots[i].at_ms, 0);
        put_int(&slot, "a", session->slots[i].is_answer, 0);
        put_item(writer, slots, &slot);
    }
    put_array(writer, "slots", session->slot_count, slots);
}

static void encode_plans(struct writer *writer, const struct session *kept) {
    struct value *plans = value_new_array();
    struct session read = *kept;
    const struct session *session = &read;
    session_read_plans(&read);
    for (size_t i = 0; i < session->plan_count; i++) {
        struct writer plan = writer_new();
        put_text(&plan, "d", session->plans[i].dialogue);
        put_text(&plan, "x", session->plans[i].text);
        put_int(&plan, "t", session->plans[i].at_ms, 0);
        put_text(&plan, "f", session->plans[i].follow_up);
        put_int(&plan, "u", session->plans[i].follow_ms, 0);
        put_item(writer, plans, &plan);
    }
    put_array(writer, "plans", session->plan_count, plans);
}

static void encode_spoken(struct writer *writer, const struct session *session) {
    struct value *spoken = value_new_array();
    for (size_t i = 0; i < session->spoken.count; i++) { /* the one said last comes last */
        size_t at = session->spoken.order[session->spoken.count - 1 - i];
        struct writer entry = writer_new();
        put_int(&entry, "h", session->spoken.replies[at], 0);
        put_int(&entry, "v", session->spoken.variants[at], 0);
        put_item(writer, spoken, &entry);
    }
    put_array(writer, "spoken", session->spoken.count, spoken);
}

static void encode_offers(struct writer *writer, const struct session *session) {
    struct value *offers = value_new_array();
    for (size_t i = 0; i < session->offer_count; i++) {
        struct writer offer = writer_new();
        put_text(&offer, "i", session->offers[i].intent);
        put_item(writer, offers, &offer);
    }
    put_array(writer, "offers", session->offer_count, offers);
}

static struct writer encode_session(const struct session *session) {
    struct writer writer = writer_new();
    put_value(&writer, "version", value_new_int(SESSION_JSON_VERSION));
    put_int(&writer, "language", session->language, -1);
    put_int(&writer, "fixed", session->language_fixed, 0);
    put_int(&writer, "created", session->created_ms, 0);
    put_int(&writer, "last", session->last_ms, 0);
    put_int(&writer, "turns", (int64_t)session->turn_count, 0);
    put_int(&writer, "prompt", (int64_t)session->prompt, 0);
    put_int(&writer, "asking", (int64_t)session->asking, 0);
    put_int(&writer, "misses", session->misses, 0);
    put_text(&writer, "missed", session->missed_text);
    put_text(&writer, "reply", session->last_reply);
    put_text(&writer, "messages", session->last_messages);
    put_text(&writer, "confirming", session->confirming);
    encode_offers(&writer, session);
    encode_slots(&writer, session);
    encode_stack(&writer, session);
    encode_plans(&writer, session);
    encode_spoken(&writer, session);
    return writer;
}

const char *session_print(const struct session *session, struct arena *arena) {
    struct writer writer = encode_session(session);
    char *printed = writer.failed ? NULL : value_print(writer.object, 0);
    value_free(writer.object);
    const char *text = arena_text(arena, printed);
    free(printed);
    return text;
}

/* ---- decoding: the first wrong member makes the whole corrupt ---- */

struct reader {
    const struct value *object;
    struct arena *arena;
    int corrupt;
};

static const char *get_text(struct reader *reader, const char *key) {
    const struct value *member = value_get(reader->object, key);
    if (value_type(member) == VALUE_NONE) {
        return NULL;
    }
    if (value_type(member) != VALUE_TEXT) {
        reader->corrupt = 1;
        return NULL;
    }
    return arena_text(reader->arena, value_text(member));
}

static const char *need_text(struct reader *reader, const char *key) {
    const char *text = get_text(reader, key);
    if (!text) {
        reader->corrupt = 1;
        return "";
    }
    return text;
}

static int64_t get_int(struct reader *reader, const char *key, int64_t otherwise) {
    const struct value *member = value_get(reader->object, key);
    if (value_type(member) == VALUE_NONE) {
        return otherwise;
    }
    if (value_type(member) != VALUE_INT) {
        reader->corrupt = 1;
    }
    return value_int(member, otherwise);
}

static int get_range(struct reader *reader, const char *key, int otherwise, int least, int most) {
    int64_t number = get_int(reader, key, otherwise);
    if (number < least || number > most) {
        reader->corrupt = 1;
        return otherwise;
    }
    return (int)number;
}

/* The members of an array of objects, at most limit; 0 when absent. */
static size_t get_count(struct reader *reader, const char *key, const struct value **array, size_t limit) {
    *array = value_get(reader->object, key);
    if (value_type(*array) == VALUE_NONE) {
        return 0;
    }
    size_t count = value_count(*array);
    if (value_type(*array) != VALUE_ARRAY || count > limit) {
        reader->corrupt = 1;
        return 0;
    }
    return count;
}

static struct reader item_reader(struct reader *reader, const struct value *array, size_t index) {
    struct reader item = {.object = value_at(array, index), .arena = reader->arena};
    item.corrupt = value_type(item.object) != VALUE_OBJECT;
    return item;
}

static void decode_answer(struct reader *reader, struct session_answer *answer) {
    answer->step = need_text(reader, "s");
    answer->kind = (enum answer_kind)get_range(reader, "k", ANSWER_NONE, ANSWER_NONE, ANSWER_SKIPPED);
    answer->choice = get_text(reader, "c");
    answer->number = value_real(value_get(reader->object, "n"), 0);
    answer->said = get_text(reader, "w");
    answer->step_hash = (uint64_t)get_int(reader, "h", 0);
    answer->at_ms = get_int(reader, "t", 0);
    answer->from_fact = get_range(reader, "f", 0, 0, 1);
    answer->stored = 0;
    reader->corrupt |= answer->kind == ANSWER_CHOICE && !answer->choice;
    reader->corrupt |= answer->kind != ANSWER_SKIPPED && !answer->said;
}

static void decode_frame(struct reader *reader, struct session_frame *frame) {
    frame->kept = frame->stored.whole = (struct session_kept){NULL, 0};
    frame->dialogue = need_text(reader, "d");
    frame->version = get_range(reader, "v", 0, 0, INT32_MAX);
    frame->state = (enum frame_state)get_range(reader, "state", FRAME_RUNNING, FRAME_RUNNING, FRAME_DONE);
    frame->step = get_text(reader, "s");
    frame->step_hash = (uint64_t)get_int(reader, "h", 0);
    frame->retries = get_range(reader, "r", 0, 0, INT32_MAX);
    frame->prompt = (uint64_t)get_int(reader, "p", 0);
    frame->started_ms = get_int(reader, "t0", 0);
    frame->touched_ms = get_int(reader, "t", 0);
    frame->result = get_text(reader, "result");
    const struct value *answers = NULL;
    frame->answer_count = get_count(reader, "a", &answers, SESSION_ANSWERS_MAX);
    for (size_t i = 0; i < frame->answer_count && !reader->corrupt; i++) {
        struct reader item = item_reader(reader, answers, i);
        decode_answer(&item, &frame->answers[i]);
        reader->corrupt |= item.corrupt;
    }
}

static void decode_stack(struct reader *reader, struct session *session) {
    const struct value *array = NULL;
    session->stack_count = get_count(reader, "stack", &array, SESSION_STACK_MAX);
    for (size_t i = 0; i < session->stack_count && !reader->corrupt; i++) {
        struct reader item = item_reader(reader, array, i);
        decode_frame(&item, &session->stack[i]);
        reader->corrupt |= item.corrupt;
    }
}

static void decode_slots(struct reader *reader, struct session *session) {
    const struct value *array = NULL;
    session->slot_count = get_count(reader, "slots", &array, SESSION_SLOTS_MAX);
    for (size_t i = 0; i < session->slot_count && !reader->corrupt; i++) {
        struct reader item = item_reader(reader, array, i);
        session->slots[i].name = need_text(&item, "n");
        session->slots[i].value = need_text(&item, "v");
        session->slots[i].at_ms = get_int(&item, "t", 0);
        session->slots[i].is_answer = get_range(&item, "a", 0, 0, 1);
        session->slots[i].stored = 0;
        reader->corrupt |= item.corrupt;
    }
}

static void decode_plans(struct reader *reader, struct session *session) {
    const struct value *array = NULL;
    session->plan_count = get_count(reader, "plans", &array, SESSION_PLANS_MAX);
    for (size_t i = 0; i < session->plan_count && !reader->corrupt; i++) {
        struct reader item = item_reader(reader, array, i);
        session->plans[i].dialogue = need_text(&item, "d");
        session->plans[i].text = need_text(&item, "x");
        session->plans[i].at_ms = get_int(&item, "t", 0);
        session->plans[i].follow_up = NULL;
        session->plans[i].follow_ms = 0;
        session->plans[i].stored = 0;
        reader->corrupt |= item.corrupt;
    }
}

static void decode_spoken(struct reader *reader, struct session *session) {
    const struct value *array = NULL;
    struct session_spoken *spoken = &session->spoken;
    uint64_t said[SESSION_SPOKEN_MAX] = {0};
    spoken->count = get_count(reader, "spoken", &array, SESSION_SPOKEN_MAX);
    for (size_t i = 0; i < spoken->count && !reader->corrupt; i++) {
        struct reader item = item_reader(reader, array, i);
        int variant = get_range(&item, "v", 0, 0, INT32_MAX);
        spoken->replies[i] = session_reply_bits(need_text(&item, "r"));
        spoken->variants[i] =
            (unsigned char)(variant < SESSION_VARIANT_UNKNOWN ? variant : SESSION_VARIANT_UNKNOWN);
        said[i] = i; /* the one said last comes last */
        reader->corrupt |= item.corrupt;
    }
    session_spoken_sort(spoken, said);
}

static void decode_offers(struct reader *reader, struct session *session) {
    const struct value *array = NULL;
    session->offer_count = get_count(reader, "offers", &array, SESSION_OFFERS_MAX);
    for (size_t i = 0; i < session->offer_count && !reader->corrupt; i++) {
        struct reader item = item_reader(reader, array, i);
        session->offers[i].intent = need_text(&item, "i");
        reader->corrupt |= item.corrupt;
    }
}

static void decode_session(struct reader *reader, struct session *session) {
    session->language = get_range(reader, "language", -1, -1, 7);
    session->language_fixed = get_range(reader, "fixed", 0, 0, 1);
    session->created_ms = get_int(reader, "created", 0);
    session->last_ms = get_int(reader, "last", 0);
    session->turn_count = (uint64_t)get_int(reader, "turns", 0);
    session->prompt = (uint64_t)get_int(reader, "prompt", 0);
    session->asking = (uint64_t)get_int(reader, "asking", 0);
    session->misses = get_range(reader, "misses", 0, 0, INT32_MAX);
    session->missed_text = get_text(reader, "missed");
    session->last_reply = get_text(reader, "reply");
    session->last_messages = get_text(reader, "messages");
    session->confirming = get_text(reader, "confirming");
    decode_offers(reader, session);
    decode_slots(reader, session);
    decode_stack(reader, session);
    decode_plans(reader, session);
    decode_spoken(reader, session);
}

int session_read_json(const void *bytes, size_t length, struct arena *arena, struct session *out,
                      struct err *err) {
    struct value *value = value_parse(bytes, length, NULL);
    if (value_type(value) != VALUE_OBJECT) {
        value_free(value);
        return err_set(err, ERR_CORRUPT, "the stored session is no JSON object");
    }
    struct reader reader = {.object = value, .arena = arena};
    int64_t version = get_int(&reader, "version", 0);
    if (version <= SESSION_JSON_VERSION) {
        reader.corrupt |= version < 1;
        decode_session(&reader, out);
    }
    value_free(value);
    if (version > SESSION_JSON_VERSION) {
        return err_set(err, ERR_VERSION,
                       "the session was stored by a newer program (version %lld); upgrade Pandu",
                       (long long)version);
    }
    return reader.corrupt
               ? err_set(err, ERR_CORRUPT, "the stored session has a member of a wrong type or size")
               : 0;
}
