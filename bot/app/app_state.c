/* The session of a conversation between its struct and what the store keeps of it: of most turns only
   what is new since the turn before (store/patch.h), and without the last messages, which stand in the turn's
   row already. Never decides anything. Called by app_turn.c and app_event.c. */
#include <string.h>

#include "app/app_json.h"
#include "app/app_parts.h"
#include "base/err.h"
#include "store/patch.h"

#include "banned.h"

enum {
    REPLIES_AT = sizeof APP_JSON_REPLIES - 1, /* where the messages begin in an outcome */
    /* Patches between two whole states: whoever loads reads them all. So many, and one for so many bytes of a
       state, as the longer it is the less its patches are. */
    PATCHES_MIN = 8,
    PATCHES_BYTES = 128,
    PATCHES_MAX = 64
};

int app_state_read(struct request *request, struct session *session, struct err *err) {
    const struct conversation *conversation = request->conversation;
    const char *state = conversation->state;
    size_t length = conversation->state_length;
    /* What the store gave back is checked; what this process encoded was, and is read where it lies: it stays
       there until the turn is committed. */
    int rc = conversation->is_own ? session_decode_own(state, length, request->scratch, session, err)
                                  : session_decode(state, length, request->scratch, session, err);
    request->had_messages_length = session->messages_length;
    if (session->messages_length != 0) {
        session->last_messages = app_cache_messages(conversation, session->messages_length, request->scratch);
        session->messages_length = 0;
    }
    request->had_messages = session->last_messages;
    return rc;
}

/* Whether the messages are those of this turn, as its row will have them. */
static int are_in_row(const struct request *request, const struct session *session) {
    const struct actions *actions = request->actions;
    return request->note == NULL && actions->messages_json != NULL &&
           session->last_messages == actions->messages_json;
}

static int is_same(const struct request *request) {
    const struct conversation *conversation = request->conversation;
    size_t length = conversation->state_length;
    return request->state_length == length &&
           (length == 0 || memcmp(request->state, conversation->state, length) == 0);
}

int app_state_compare(struct request *request, struct session *session, struct err *err) {
    const char *had = request->had_messages, *has = session->last_messages;
    int are_same = has == had || (has != NULL && had != NULL && strcmp(has, had) == 0);
    session->messages_length = are_same ? request->had_messages_length : 0;
    request->known.count = 0;
    int rc = session_encode(session, request->arena, &request->state, &request->state_length, err);
    request->is_unchanged = rc == 0 && is_same(request);
    return rc;
}

void app_state_keep(struct request *request) {
    char *state = NULL;
    request->state_length = app_cache_state(request->conversation, request->arena, &state);
    request->state = state;
    request->patch_length = request->messages_length = request->same = request->known.count = 0;
    request->is_kept = 1;
}

/* For the store, of a state it was given by this process. A loaded one is followed by a whole one, so that
   nobody need ask how many patches there are. */
static void make_patch(struct request *request) {
    const struct conversation *conversation = request->conversation;
    const struct store_bytes before = {conversation->state, conversation->state_length},
                             after = {request->state, request->state_length};
    size_t most = PATCHES_MIN + before.length / PATCHES_BYTES;
    request->patch_length = request->same = 0;
    if (conversation->is_own && !request->erases &&
        conversation->patches < (most < PATCHES_MAX ? most : PATCHES_MAX)) {
        char *patch = arena_raw(request->scratch, after.length / 2);
        request->patch_length = patch_make(before, after, &request->known, patch, after.length / 2);
        request->patch = patch;
        request->same = patch_begin((struct store_bytes){patch, request->patch_length});
    }
}

/* The store is given all of it. */
static void write_known(struct request *request, char *state) {
    for (size_t i = 0; i < request->known.count; i++) {
        const struct same_part *part = &request->known.parts[i];
        if (part->from == part->at) {
            memcpy(state + part->at, request->conversation->state + part->at, part->length);
        }
    }
    request->known.count = 0;
}

int app_state_write(struct request *request, struct session *session, struct err *err) {
    size_t printed = request->actions->messages_json_length;
    session->messages_length = !are_in_row(request, session) ? 0
                               : printed < SESSION_BYTES_MAX ? printed
                                                             : SESSION_BYTES_MAX;
    char *state = NULL;
    int rc =
        session_encode_new(session, request->arena, &request->known, &state, &request->state_length, err);
    if (rc != 0) {
        return rc;
    }
    request->state = state;
    request->messages_length = session->messages_length;
    make_patch(request);
    if (request->patch_length == 0) {
        write_known(request, state);
    }
    return 0;
}

void app_state_fill(const struct request *request, struct store_turn *turn) {
    turn->is_patch = request->patch_length != 0;
    turn->state = turn->is_patch ? (struct store_bytes){request->patch, request->patch_length}
                                 : (struct store_bytes){request->state, request->state_length};
}

void app_state_committed(struct request *request, uint64_t version) {
    const struct app_state state = {.version = version,
                                    .bytes = request->state,
                                    .length = request->state_length,
                                    .is_own = !request->is_kept,
                                    .is_patch = request->patch_length != 0,
                                    .same = request->same,
                                    .known = &request->known,
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
