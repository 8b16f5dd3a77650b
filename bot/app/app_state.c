/* The session of a conversation between its struct and what the store keeps of it: of most turns only what is
   new behind the beginning of the last whole state, and without the last messages, which stand in the turn's
   row already. Never decides anything. Called by app_turn.c and app_event.c. */
#include <string.h>

#include "app/app_json.h"
#include "app/app_parts.h"
#include "base/err.h"

#include "banned.h"

enum { REPLIES_AT = sizeof APP_JSON_REPLIES - 1 /* where the messages begin in an outcome */ };

int app_state_read(struct request *request, struct session *session, struct err *err) {
    const struct conversation *conversation = request->conversation;
    char *state = NULL;
    size_t length = app_cache_state(conversation, request->arena, &state);
    /* what the store gave back is checked; what this process encoded was */
    int rc = conversation->whole_version != 0
                 ? session_decode_own(state, length, request->arena, session, err)
                 : session_decode(state, length, request->arena, session, err);
    request->had_messages_length = session->messages_length;
    if (session->messages_length != 0) {
        session->last_messages = app_cache_messages(conversation, session->messages_length, request->arena);
        session->messages_length = 0;
    }
    request->had_messages = session->last_messages;
    return rc;
}

/* Bytes that two states begin with in common. */
static size_t common(const char *one, size_t length, const char *other, size_t other_length) {
    const size_t block = 256;
    size_t most = length < other_length ? length : other_length, at = 0;
    while (most - at >= block && memcmp(one + at, other + at, block) == 0) {
        at += block;
    }
    for (uint64_t a, b; most - at >= sizeof a; at += sizeof a) {
        memcpy(&a, one + at, sizeof a);
        memcpy(&b, other + at, sizeof b);
        if (a != b) {
            break;
        }
    }
    while (at < most && one[at] == other[at]) {
        at++;
    }
    return at;
}

/* Whether the messages are those of this turn, as its row will have them. */
static int are_in_row(const struct request *request, const struct session *session) {
    const struct actions *actions = request->actions;
    return request->note == NULL && actions->messages_json != NULL &&
           session->last_messages == actions->messages_json;
}

static int is_same(const struct request *request) {
    const struct conversation *conversation = request->conversation;
    const char *state = request->state;
    size_t shared = conversation->shared, rest = conversation->rest_length;
    return request->state_length == shared + rest &&
           (shared == 0 || memcmp(state, conversation->whole, shared) == 0) &&
           (rest == 0 || memcmp(state + shared, conversation->rest, rest) == 0);
}

int app_state_compare(struct request *request, struct session *session, struct err *err) {
    const char *had = request->had_messages, *has = session->last_messages;
    int are_same = has == had || (has != NULL && had != NULL && strcmp(has, had) == 0);
    session->messages_length = are_same ? request->had_messages_length : 0;
    int rc = session_encode(session, request->arena, &request->state, &request->state_length, err);
    request->is_unchanged = rc == 0 && is_same(request);
    return rc;
}

void app_state_keep(struct request *request) {
    char *state = NULL;
    request->state_length = app_cache_state(request->conversation, request->arena, &state);
    request->state = state;
    request->shared = request->messages_length = 0;
}

int app_state_write(struct request *request, struct session *session, struct err *err) {
    const struct conversation *conversation = request->conversation;
    session->messages_length =
        are_in_row(request, session) ? strnlen(session->last_messages, SESSION_BYTES_MAX) : 0;
    int rc = session_encode(session, request->arena, &request->state, &request->state_length, err);
    if (rc != 0) {
        return rc;
    }
    request->messages_length = session->messages_length;
    request->shared = 0;
    if (conversation->whole_version != 0 && !request->erases) {
        size_t shared =
            common(request->state, request->state_length, conversation->whole, conversation->whole_length);
        request->shared = 2 * shared >= request->state_length ? shared : 0;
    }
    return 0;
}

void app_state_fill(const struct request *request, struct store_turn *turn) {
    turn->state =
        (struct store_bytes){request->state + request->shared, request->state_length - request->shared};
    turn->shared = request->shared;
    turn->base_version = request->shared != 0 ? request->conversation->whole_version : 0;
}

void app_state_committed(struct request *request, uint64_t version) {
    const struct app_state state = {.version = version,
                                    .bytes = request->state,
                                    .length = request->state_length,
                                    .shared = request->shared,
                                    .is_stored_whole = request->shared == 0,
                                    .messages = request->json + REPLIES_AT,
                                    .messages_length = request->messages_length};
    app_cache_learn(&request->app->cache, request->conversation, &state);
}

void app_state_loaded(struct request *request, const struct store_result *result) {
    struct app_state state = {
        .version = result->version, .bytes = result->state.data, .length = result->state.length};
    if (result->outcome.length > REPLIES_AT &&
        memcmp(result->outcome.data, APP_JSON_REPLIES, REPLIES_AT) == 0) {
        state.messages = (const char *)result->outcome.data + REPLIES_AT;
        state.messages_length = result->outcome.length - REPLIES_AT;
    }
    app_cache_learn(&request->app->cache, request->conversation, &state);
}
