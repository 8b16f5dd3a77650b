/* The app: turns queued per conversation, started one at a time, their replies handed out. Never touches a
   file or the network itself. Owned by one thread; called by cli. */
#include "app/app.h"

#include <stdlib.h>
#include <string.h>

#include "app/app_parts.h"
#include "base/utf8.h"

#include "banned.h"

enum {
    APP_ARENA_MAX = 128 * 1024 * 1024 /* an export is up to 64 MiB, once as JSON and once in the reply */
};

/* ---- making and freeing ---- */

struct app *app_new_take(struct app_engine *engine, struct store *store, const char *data_folder) {
    if (engine == NULL) {
        return NULL;
    }
    struct app *app = calloc(1, sizeof *app);
    char *folder = data_folder != NULL ? strdup(data_folder) : NULL;
    struct arena *scratch = arena_new(APP_ARENA_MAX);
    if (app == NULL || scratch == NULL || (data_folder != NULL && folder == NULL)) {
        engine->free(engine);
        arena_free(scratch);
        free(folder);
        free(app);
        return NULL;
    }
    app->engine = engine;
    app->store = store;
    if (store != NULL) {
        store->expect = app_turn_expect;
    }
    app->data_folder = folder;
    app->scratch = scratch;
    app->ready_last = &app->ready;
    return app;
}

void app_set_engine_take(struct app *app, struct app_engine *engine) {
    app->engine->free(app->engine);
    app->engine = engine;
}

void app_free(struct app *app) {
    if (app == NULL) {
        return;
    }
    while (app->pending > 0) {
        (void)app_poll(app, 1000);
    }
    if (app->store != NULL) {
        app->store->expect = NULL; /* it may live longer */
    }
    app_cache_close(&app->cache);
    while (app->spare_count > 0) {
        arena_free(app->spare[--app->spare_count]);
    }
    arena_free(app->waited);
    arena_free(app->scratch);
    app->engine->free(app->engine);
    free(app->data_folder);
    free(app->export_address);
    free(app);
}

int app_set_export_address(struct app *app, const char *address) {
    char *copy = address != NULL ? strdup(address) : NULL;
    if (address != NULL && copy == NULL) {
        return -1;
    }
    free(app->export_address);
    app->export_address = copy;
    return 0;
}

/* ---- requests ---- */

/* Many turns came since the next ones were used. */
static struct arena *take_arena(struct app *app) {
    if (app->spare_count == 0) {
        return arena_new(APP_ARENA_MAX);
    }
    struct arena *arena = app->spare[--app->spare_count];
    if (app->spare_count >= 2) {
        arena_expect(app->spare[app->spare_count - 1], app->spare[app->spare_count - 2]);
    }
    return arena;
}

static void give_arena(struct app *app, struct arena *arena) {
    if (arena != NULL && app->spare_count < APP_SPARE_ARENAS) {
        arena_reset(arena);
        app->spare[app->spare_count++] = arena;
    } else {
        arena_free(arena);
    }
}

static struct turn copy_turn(const struct turn *turn, struct arena *arena) {
    struct turn copy = *turn;
    copy.id = turn->id != NULL ? arena_text(arena, turn->id) : NULL;
    copy.choice = turn->choice != NULL ? arena_text(arena, turn->choice) : NULL;
    copy.text_length = turn->text != NULL ? u8_cut(turn->text, turn->text_length, APP_TEXT_MAX) : 0;
    copy.text = turn->text != NULL ? arena_copy(arena, turn->text, copy.text_length) : NULL;
    return copy;
}

static void refuse(struct app *app, const char *why, app_done *done, void *context) {
    struct app_reply reply = {.status = APP_STORAGE, .text = why};
    app->answered++;
    done(context, &reply);
}

static void make_ready(struct app *app, struct conversation *conversation) {
    if (!conversation->is_ready && !conversation->is_busy && conversation->first != NULL) {
        conversation->is_ready = 1;
        conversation->next_ready = NULL;
        *app->ready_last = conversation;
        app->ready_last = &conversation->next_ready;
    }
}

static void start_next(struct conversation *conversation) {
    struct request *request = conversation->first;
    conversation->first = request->next;
    if (conversation->first == NULL) {
        conversation->last = &conversation->first;
    }
    conversation->waiting--;
    conversation->is_busy = 1;
    app_turn_start(request);
}

/* Starts what can start. A turn may end inside app_turn_start and let the next one start: hence a loop, not
 * recursion. */
static void pump(struct app *app) {
    if (app->is_pumping) {
        return;
    }
    app->is_pumping = 1;
    while (app->ready != NULL) {
        struct conversation *conversation = app->ready;
        app->ready = conversation->next_ready;
        if (app->ready == NULL) {
            app->ready_last = &app->ready;
        }
        conversation->is_ready = 0;
        start_next(conversation);
    }
    app->is_pumping = 0;
}

struct waiting {
    struct app *app;
    int is_done;
};

static void keep_reply(void *context, const struct app_reply *reply) {
    struct waiting *waiting = context;
    waiting->app->waited_reply = *reply;
    waiting->is_done = 1;
}

int app_take_scratch(struct request *request) {
    struct app *app = request->app;
    if (request->scratch != app->scratch) {
        return 0;
    }
    struct arena *next = take_arena(app);
    if (next == NULL) {
        return -1;
    }
    app->scratch = next;
    request->owns_scratch = 1;
    return 0;
}

void app_finish(struct request *request, const struct app_reply *reply) {
    struct app *app = request->app;
    struct conversation *conversation = request->conversation;
    struct arena *arena = request->arena, *own = request->owns_scratch ? request->scratch : NULL;
    app_done *done = request->done;
    void *context = request->context;
    conversation->is_busy = 0;
    app->pending--;
    app->answered++;
    if (conversation->first != NULL) {
        make_ready(app, conversation);
    } else {
        app_cache_rest(&app->cache, conversation);
    }
    if (done == keep_reply) { /* the reply, text too, stays valid until the next app_turn_wait */
        struct app_reply kept = *reply;
        kept.text = arena_text(arena, reply->text);
        app->waited = arena;
        done(context, &kept);
    } else {
        done(context, reply);
        give_arena(app, arena);
    }
    give_arena(app, own);
}

/* form: what kind of request it is, with the members of its kind. */
static void submit(struct app *app, const struct request *form, const char *name, const struct turn *turn,
                   app_done *done, void *context) {
    size_t length = name != NULL ? strnlen(name, STORE_CONVERSATION_MAX + 1) : 0;
    if (length == 0 || length > STORE_CONVERSATION_MAX) {
        refuse(app, "a conversation is named by 1 to 128 bytes", done, context);
        return;
    }
    struct conversation *conversation = app_cache_get(&app->cache, name);
    struct arena *arena = conversation != NULL ? take_arena(app) : NULL;
    if (arena == NULL) {
        refuse(app, "out of memory", done, context);
        return;
    }
    app_cache_expect(conversation);
    app_cache_use(&app->cache, conversation);
    if (conversation->waiting >= APP_WAITING_MAX || app->pending >= APP_PENDING_MAX) {
        give_arena(app, arena);
        if (conversation->first == NULL && !conversation->is_busy) {
            app_cache_rest(&app->cache, conversation);
        }
        refuse(app, "too many messages are waiting", done, context);
        return;
    }
    struct request *request = arena_alloc(arena, sizeof *request);
    *request = (struct request){.app = app,
                                .conversation = conversation,
                                .arena = arena,
                                .scratch = done == keep_reply ? arena : app->scratch,
                                .kind = form->kind,
                                .event = form->event,
                                .event_kind = arena_text(arena, form->event_kind),
                                .pause_ms = form->pause_ms,
                                .turn = copy_turn(turn, arena),
                                .done = done,
                                .context = context};
    *conversation->last = request;
    conversation->last = &request->next;
    conversation->waiting++;
    app->pending++;
    make_ready(app, conversation);
    pump(app);
}

void app_turn(struct app *app, const char *conversation, const struct turn *turn, app_done *done,
              void *context) {
    const struct request form = {.kind = REQUEST_TURN};
    submit(app, &form, conversation, turn, done, context);
}

void app_open(struct app *app, const char *conversation, int64_t now_ms, int language_hint, app_done *done,
              void *context) {
    app_return(app, conversation, now_ms, language_hint, 0, done, context);
}

void app_return(struct app *app, const char *conversation, int64_t now_ms, int language_hint,
                int64_t pause_ms, app_done *done, void *context) {
    const struct request form = {.kind = REQUEST_OPEN, .pause_ms = pause_ms};
    struct turn turn = {.now_ms = now_ms, .language_hint = language_hint};
    submit(app, &form, conversation, &turn, done, context);
}

void app_event(struct app *app, const char *conversation, enum app_event event, const char *kind,
               int64_t now_ms, app_done *done, void *context) {
    const struct request form = {.kind = REQUEST_EVENT, .event = event, .event_kind = kind};
    struct turn turn = {.now_ms = now_ms, .language_hint = -1};
    submit(app, &form, conversation, &turn, done, context);
}

void app_rate(struct app *app, const char *conversation, const char *id, int has_helped, int64_t now_ms,
              app_done *done, void *context) {
    const struct request form = {.kind = REQUEST_EVENT,
                                 .event = has_helped ? APP_EVENT_HELPED : APP_EVENT_NOT_HELPED};
    struct turn turn = {
        .id = id, .choice = has_helped ? "helped" : "not_helped", .now_ms = now_ms, .language_hint = -1};
    submit(app, &form, conversation, &turn, done, context);
}

void app_preview(struct app *app, int64_t now_ms, int language_hint, struct arena *arena,
                 struct actions *out) {
    session_init(&app->session, arena);
    app->engine->open(app->engine, &app->session, now_ms, language_hint, arena, out);
}

void app_set_timers(struct app *app, int64_t idle_after_ms, int64_t retention_ms) {
    app->idle_after_ms = idle_after_ms;
    app->retention_ms = retention_ms;
}

size_t app_poll(struct app *app, int timeout_ms) {
    size_t before = app->answered;
    pump(app);
    (void)app->store->ops->poll(app->store, timeout_ms);
    pump(app);
    return app->answered - before;
}

size_t app_pending(const struct app *app) {
    return app->pending;
}

/* ---- waiting ---- */

static const struct app_reply *wait_for(struct app *app, enum request_kind kind, const char *conversation,
                                        const struct turn *turn) {
    struct waiting waiting = {app, 0};
    give_arena(app, app->waited);
    app->waited = NULL;
    const struct request form = {.kind = kind};
    submit(app, &form, conversation, turn, keep_reply, &waiting);
    while (!waiting.is_done) {
        (void)app_poll(app, 1000);
    }
    return &app->waited_reply;
}

const struct app_reply *app_turn_wait(struct app *app, const char *conversation, const struct turn *turn) {
    return wait_for(app, REQUEST_TURN, conversation, turn);
}

const struct app_reply *app_open_wait(struct app *app, const char *conversation, int64_t now_ms,
                                      int language_hint) {
    struct turn turn = {.now_ms = now_ms, .language_hint = language_hint};
    return wait_for(app, REQUEST_OPEN, conversation, &turn);
}
