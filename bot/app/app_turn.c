/* One turn: the state, the engine, the export if one was asked for, one commit, and only then the reply.
   Never answers before the store said OK. Called by app.c. */
#include <stdlib.h>
#include <string.h>

#include "app/app_export.h"
#include "app/app_json.h"
#include "app/app_parts.h"
#include "base/err.h"
#include "base/map.h"
#include "store/rules.h"

#include "banned.h"

enum { TRIES_MAX = 2 /* a conflict is tried once more on the newer state */ };

static void load(struct request *request);

/* ---- ends ---- */

static void finish_storage(struct request *request, const char *why) {
    app_cache_forget(&request->app->cache,
                     request->conversation); /* the next turn asks the store where it stands */
    struct app_reply reply = {.status = APP_STORAGE, .text = why != NULL ? why : "the store failed"};
    app_finish(request, &reply);
}

static void finish_ok(struct request *request, uint64_t first_seq, uint64_t last_seq) {
    struct app_reply reply = {.status = APP_OK,
                              .actions = request->actions,
                              .json = request->json,
                              .first_seq = first_seq,
                              .last_seq = last_seq,
                              .inbound = request->inbound,
                              .note = request->note};
    app_finish(request, &reply);
}

static void finish_duplicate(struct request *request, const struct store_result *result) {
    struct actions *actions = arena_alloc(request->arena, sizeof *actions);
    const char *json = arena_copy(request->arena, result->outcome.data, result->outcome.length);
    if (app_json_read(json, result->outcome.length, request->arena, actions) != 0) {
        finish_storage(request, "the stored reply cannot be read: the database is damaged");
        return;
    }
    if (request->conversation->version != result->version) {
        app_cache_forget(&request->app->cache, request->conversation);
    }
    struct app_reply reply = {.status = APP_DUPLICATE,
                              .actions = actions,
                              .json = json,
                              .first_seq = result->first_seq,
                              .last_seq = result->last_seq};
    app_finish(request, &reply);
}

/* ---- commit ---- */

void app_turn_expect(void *context) {
    enum { LINE = 64, LEAST = 4 };
    const struct request *request = context;
    const char *name = request->conversation->name, *caller = request->context, *json = request->json;
    for (size_t i = 0; i < LEAST; i++)
        __builtin_prefetch(name + i * LINE, 1);
    for (size_t i = 0; caller != NULL && i < LEAST; i++)
        __builtin_prefetch(caller + i * LINE);
    for (size_t i = 0; json != NULL && i < LEAST; i++)
        __builtin_prefetch(json + i * LINE);
}

static void committed(void *context, const struct store_result *result) {
    struct request *request = context;
    struct app_cache *cache = &request->app->cache;
    switch (result->status) {
    case STORE_OK:
        app_state_committed(request, result->version);
        finish_ok(request, result->first_seq, result->last_seq);
        break;
    case STORE_DUP: finish_duplicate(request, result); break;
    case STORE_CONFLICT:
        app_cache_forget(cache, request->conversation);
        if (request->tries < TRIES_MAX) {
            load(request);
        } else {
            struct app_reply reply = {.status = APP_CONFLICT, .text = result->text};
            app_finish(request, &reply);
        }
        break;
    default: finish_storage(request, result->text); break;
    }
}

/* What was said, so that the same id with other words is noticed. */
static uint64_t hash_of(const struct request *request) {
    const struct turn *turn = &request->turn;
    const char *kind = request->kind == REQUEST_OPEN    ? "open"
                       : request->kind == REQUEST_EVENT ? "event"
                       : turn->choice != NULL           ? "choice"
                                                        : "text";
    uint64_t hash = hash_bytes(0, kind, strlen(kind));
    if (turn->choice != NULL) {
        return hash_bytes(hash, turn->choice, strlen(turn->choice));
    }
    return hash_bytes(hash, turn->text, turn->text_length);
}

static void add_events(struct request *request, struct store_turn *turn) {
    const struct actions *actions = request->actions;
    struct store_unmatched *unmatched =
        arena_array(request->scratch, actions->event_count, sizeof *unmatched);
    struct store_escalation *escalations =
        arena_array(request->scratch, actions->event_count, sizeof *escalations);
    for (size_t i = 0; i < actions->event_count; i++) {
        const struct event *event = &actions->events[i];
        if (event->kind == EVENT_UNMATCHED && turn->unmatched_count < RULES_NOTES_MAX) {
            unmatched[turn->unmatched_count++] = (struct store_unmatched){event->data, event->detail};
        } else if (event->kind == EVENT_ESCALATION && turn->escalation_count < RULES_NOTES_MAX) {
            escalations[turn->escalation_count++] = (struct store_escalation){event->data, event->detail};
        }
    }
    turn->unmatched = unmatched;
    turn->escalations = escalations;
}

static struct store_bytes bytes_of(const char *text) {
    return (struct store_bytes){text, text != NULL ? strlen(text) : 0};
}

/* A turn without an id of its own is named by the version it starts from: unique, and the same when tried
   again. The blank keeps it apart from what clients may choose. */
static const char *id_of(const struct request *request) {
    const char *id = request->turn.id;
    if (id != NULL && id[0] != '\0') {
        return id;
    }
    static const char *const names[] = {
        [REQUEST_TURN] = "turn", [REQUEST_OPEN] = "open", [REQUEST_EVENT] = "event"};
    return arena_format(request->arena, "%s %llu", names[request->kind],
                        (unsigned long long)request->conversation->version);
}

static int is_all_json(const struct actions *actions) {
    for (size_t i = 0; i < actions->message_count; i++) {
        if (actions->messages[i].json == NULL) {
            return 0;
        }
    }
    return 1;
}

/* Whether more of the actions is read than what was printed when the state and perhaps the content are
 * others.
 */
static int are_kept(const struct request *request) {
    return request->scratch == request->arena || request->owns_scratch || !is_all_json(request->actions);
}

/* What the reply needs of the actions when the next turn is stepped: of most turns only where their messages
   stand in its JSON. 0, or -1 without memory. */
static int keep_actions(struct request *request) {
    const struct actions *made = request->actions;
    if (request->scratch == request->arena || request->owns_scratch) {
        return 0;
    }
    if (!is_all_json(made)) {
        return app_take_scratch(request);
    }
    struct actions *kept = arena_alloc(request->arena, sizeof *kept);
    kept->outcome = made->outcome;
    kept->message_count = made->message_count;
    kept->messages = arena_array(request->arena, made->message_count, sizeof *kept->messages);
    for (size_t i = 0; i < made->message_count; i++) {
        kept->messages[i].json = made->messages[i].json;
        kept->messages[i].json_length = made->messages[i].json_length;
    }
    request->actions = kept;
    return 0;
}

static void commit(struct request *request) {
    const struct actions *actions = request->actions;
    if (request->kind == REQUEST_TURN) {
        request->inbound = app_json_inbound(actions->inbound_text, request->turn.choice, request->arena);
    }
    size_t printed = 0;
    request->json = app_json_outcome(actions, request->arena, &printed);
    if (request->note != NULL) {
        request->json = actions->message_count > 0
                            ? app_json_add_note(request->json, request->note, request->arena)
                            : app_json_note(request->note, request->arena);
        printed = bytes_of(request->json).length;
    }
    if (request->json == NULL || (request->kind == REQUEST_TURN && request->inbound == NULL)) {
        finish_storage(request, "out of memory");
        return;
    }
    struct store_turn turn = {.conversation = request->conversation->name,
                              .turn_id = id_of(request),
                              .text_hash = hash_of(request),
                              .expected_version = request->conversation->version,
                              .at_ms = request->turn.now_ms,
                              .inbound = bytes_of(request->inbound),
                              .outcome = {request->json, printed},
                              .outbound_count = actions->message_count + (request->note != NULL),
                              .erase = request->erases,
                              .due = request->due,
                              .due_count = request->due_count};
    app_state_fill(request, &turn);
    add_events(request, &turn);
    if (keep_actions(request) != 0) {
        finish_storage(request, "out of memory");
        return;
    }
    struct store *store = request->app->store;
    store->ops->commit(store, &turn, committed, request);
}

/* ---- export ---- */

static void fill_export(struct request *request, const char *value) {
    for (size_t i = 0; i < request->actions->message_count; i++) {
        struct message *message = &request->actions->messages[i];
        message->text = app_json_fill(message->text, "{export}", value, request->arena);
    }
    commit(request);
}

/* Instead of a copy of any length, which no reply and no row holds. */
static void say_too_long(struct request *request) {
    struct app_engine *engine = request->app->engine;
    const char *words = engine->words != NULL ? engine->words(engine, request->actions->language,
                                                              "export_too_long", request->arena)
                                              : NULL;
    for (size_t i = 0; words != NULL && i < request->actions->message_count; i++) {
        struct message *message = &request->actions->messages[i];
        if (message->text != NULL && strstr(message->text, "{export}") != NULL) {
            message->text = words;
        }
    }
    fill_export(request, "-");
}

static void exported(void *context, const struct store_result *result) {
    struct request *request = context;
    const char *folder = request->app->data_folder;
    struct err err;
    err_clear(&err);
    if (result->status != STORE_OK) {
        finish_storage(request, result->text);
        return;
    }
    if (folder == NULL && result->outcome.length > APP_EXPORT_INLINE_MAX) {
        say_too_long(request);
        return;
    }
    const char *value = arena_copy(request->arena, result->outcome.data, result->outcome.length);
    if (folder != NULL) {
        value = app_export_write(folder, request->conversation->name, id_of(request), value, request->arena,
                                 &err);
    }
    if (value == NULL) {
        finish_storage(request, arena_text(request->arena, err.text));
        return;
    }
    fill_export(request, value);
}

static void start_export(struct request *request) {
    struct store *store = request->app->store;
    if (request->app->export_address != NULL) {
        fill_export(request, request->app->export_address);
    } else if (request->scratch != request->arena && app_take_scratch(request) != 0) {
        finish_storage(request, "out of memory");
    } else {
        store->ops->export_all(store, request->conversation->name, exported, request);
    }
}

static int has_event(const struct actions *actions, enum event_kind kind) {
    for (size_t i = 0; i < actions->event_count; i++) {
        if (actions->events[i].kind == kind) {
            return 1;
        }
    }
    return 0;
}

/* ---- the step ---- */

/* After "delete my data" nothing of the person may live on in the state, whatever the engine left there.
   Language and prompt number are no words of theirs; the number keeps old buttons old. */
struct session *app_turn_forget(const struct session *session, struct request *request, int64_t last_ms) {
    struct session *fresh = arena_alloc(request->scratch, sizeof *fresh);
    session_init(fresh, request->scratch);
    fresh->language = session->language;
    fresh->language_fixed = session->language_fixed;
    fresh->prompt = session->prompt;
    fresh->created_ms = fresh->last_ms = last_ms;
    return fresh;
}

/* Files go before the commit: an export lost for nothing can be asked for again, one that stays cannot be
 * excused. */
int app_turn_remove_exports(struct request *request, struct err *err) {
    const char *folder = request->app->data_folder;
    return folder != NULL ? app_export_remove(folder, request->conversation->name, err) : 0;
}

static void forget_json(struct actions *actions) {
    actions->messages_json = NULL;
    for (size_t i = 0; i < actions->message_count; i++) {
        actions->messages[i].json = NULL;
    }
}

/* Runs the engine; leaves actions and the encoded state in the request. 0, or an error. */
static int run_engine(struct request *request, struct err *err) {
    struct app_engine *engine = request->app->engine;
    struct session *session = &request->app->session;
    int rc = app_state_read(request, session, err);
    if (rc != 0) {
        return rc;
    }
    int64_t last_ms = session->last_ms;
    request->actions = arena_alloc(request->scratch, sizeof *request->actions);
    if (app_event_is_soon(request, session)) {
        request->is_unchanged = 1;
        return 0;
    }
    if (request->kind == REQUEST_OPEN) {
        engine->open(engine, session, request->turn.now_ms, request->turn.language_hint, request->scratch,
                     request->actions);
        rc = app_state_compare(request, session, err);
    } else {
        engine->step(engine, session, &request->turn, request->scratch, request->actions);
    }
    if (has_event(request->actions, EVENT_EXPORT)) {
        forget_json(request->actions); /* their texts will change */
    }
    if (are_kept(request)) {
        engine_own(request->actions, request->scratch);
    }
    request->erases = has_event(request->actions, EVENT_DELETE);
    if (rc != 0 || request->is_unchanged) {
        return rc;
    }
    request->note = request->erases ? "erased" : NULL; /* told to every window: it shows what is gone */
    if (request->erases) {
        session = app_turn_forget(session, request, request->turn.now_ms);
        rc = app_turn_remove_exports(request, err);
    }
    app_event_schedule(request, last_ms);
    return rc == 0 ? app_state_write(request, session, err) : rc;
}

/* Looking in without anything to remember is not worth a row, nor is an event that finds nothing to do. */
static int changes_nothing(const struct request *request) {
    return request->kind == REQUEST_EVENT ? request->note == NULL && request->due_count == 0
                                          : request->is_unchanged;
}

static void step(struct request *request) {
    struct err err;
    err_clear(&err);
    request->tries++;
    if (request->scratch != request->arena) {
        request->scratch = request->owns_scratch ? request->scratch : request->app->scratch;
        arena_reset(request->scratch);
    }
    int rc = request->kind == REQUEST_EVENT ? app_event_run(request, &err) : run_engine(request, &err);
    if (rc != 0) {
        finish_storage(request, arena_text(request->arena, err.text));
    } else if (changes_nothing(request)) {
        request->json = app_json_outcome(request->actions, request->arena, NULL);
        if (keep_actions(request) == 0) {
            finish_ok(request, 0, 0);
        } else {
            finish_storage(request, "out of memory");
        }
    } else if (has_event(request->actions, EVENT_EXPORT)) {
        start_export(request);
    } else {
        commit(request);
    }
}

static void loaded(void *context, const struct store_result *result) {
    struct request *request = context;
    if (result->status != STORE_OK) {
        finish_storage(request, result->text);
        return;
    }
    app_state_loaded(request, result);
    if (!request->conversation->is_known) {
        finish_storage(request, "out of memory");
        return;
    }
    step(request);
}

static void load(struct request *request) {
    struct store *store = request->app->store;
    store->ops->load(store, request->conversation->name, loaded, request);
}

void app_turn_start(struct request *request) {
    if (request->conversation->is_known) {
        step(request);
    } else {
        load(request);
    }
}
