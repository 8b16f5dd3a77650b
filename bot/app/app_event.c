/* What happens to a conversation without its visitor: silence, retention, erasure, and when those are due.
   Never asks the clock and never says anything. Called by app_turn.c. */
#include "app/app_parts.h"
#include "base/err.h"

#include "banned.h"

enum { DAY_MS = 24 * 60 * 60 * 1000 };

static void put_due(struct request *request, const char *kind, int64_t at_ms) {
    request->due[request->due_count++] = (struct store_due){kind, at_ms};
}

/* ---- when ---- */

/* One event of a kind is under way for every conversation, so a turn needs to make one only when there cannot
   be one: at the start, after a silence so long that it came, and when the clock was set back (it would come
   too late then). */
void app_event_schedule(struct request *request, int64_t last_ms) {
    const struct app *app = request->app;
    int64_t now_ms = request->turn.now_ms, silent_ms = now_ms - last_ms;
    int is_new = last_ms == 0 || silent_ms < 0 || request->erases;
    request->due_count = 0; /* a turn may be stepped twice */
    if (app->idle_after_ms > 0 && (is_new || silent_ms >= app->idle_after_ms)) {
        put_due(request, "idle", now_ms + app->idle_after_ms);
    }
    if (app->retention_ms > 0 && (is_new || silent_ms >= app->retention_ms)) {
        put_due(request, "retention", now_ms + app->retention_ms);
    }
}

int app_event_is_soon(const struct request *request, const struct session *session) {
    return request->kind == REQUEST_OPEN && request->pause_ms > 0 &&
           (session->last_ms == 0 || request->turn.now_ms - session->last_ms < request->pause_ms);
}

/* ---- what ---- */

/* 1 if the silence is as long as that; else the event comes again when it could be, or never if nothing was
   ever said or nobody wants it any more. */
static int is_time(struct request *request, const struct session *session, int64_t after_ms) {
    if (after_ms <= 0 || session->last_ms == 0) {
        put_due(request, request->event_kind, 0);
        return 0;
    }
    if (request->turn.now_ms - session->last_ms < after_ms) {
        put_due(request, request->event_kind, session->last_ms + after_ms);
        return 0;
    }
    return 1;
}

/* Nothing is due any more for what is left: it holds no words of anybody. */
static int erase(struct request *request, const struct session *session, struct err *err) {
    request->note = "erased";
    request->erases = 1;
    put_due(request, "idle", 0);
    put_due(request, "retention", 0);
    struct session *fresh = app_turn_forget(session, request, 0);
    int rc = app_turn_remove_exports(request, err);
    return rc == 0 ? app_state_write(request, fresh, err) : rc;
}

static void run_idle(struct request *request, const struct session *session) {
    if (is_time(request, session, request->app->idle_after_ms)) {
        request->note = "idle";
        put_due(request, request->event_kind, 0);
    }
}

/* Of what was erased, or was never said, nothing is to be known. */
static void rate(struct request *request, const struct session *session) {
    if (session->last_ms != 0) {
        request->note = request->event == APP_EVENT_HELPED ? "helped" : "not_helped";
    }
}

int app_event_run(struct request *request, struct err *err) {
    struct conversation *conversation = request->conversation;
    struct session *session = &request->app->session;
    request->actions = arena_alloc(request->arena, sizeof *request->actions);
    request->note = NULL;
    request->erases = 0;
    request->due_count = 0;
    int rc = app_state_read(request, session, err);
    if (rc != 0 && request->event == APP_EVENT_IDLE) {
        return rc;
    }
    int is_readable = rc == 0;
    if (rc != 0) { /* what cannot be read any more must still be erasable */
        err_clear(err);
        session_init(session, request->scratch);
        session->last_ms = 1;
    }
    switch (request->event) {
    case APP_EVENT_LATER: put_due(request, request->event_kind, request->turn.now_ms + DAY_MS); break;
    case APP_EVENT_IDLE: run_idle(request, session); break;
    case APP_EVENT_HELPED:
    case APP_EVENT_NOT_HELPED: rate(request, session); break;
    case APP_EVENT_RETENTION: request->erases = is_time(request, session, request->app->retention_ms); break;
    default: request->erases = conversation->version != 0; break;
    }
    if (request->erases) {
        return erase(request, session, err);
    }
    if (!is_readable) {
        app_state_keep(request);
        return 0;
    }
    return app_state_write(request, session, err); /* the messages of an earlier turn go with it */
}
