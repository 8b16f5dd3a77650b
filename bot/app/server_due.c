/* What is due: asks the store every second and lets the app do it, a few at a time so that nobody waits. What
   fails stays due. Called by server.c. */
#include <stdlib.h>
#include <string.h>

#include "app/server_parts.h"
#include "base/clock.h"

#include "banned.h"

/* One event under way. */
struct due {
    struct server *server;
    char name[];
};

static void back_off(struct server *server) {
    server->counts.due_failures++;
    server->due_after_ms = clock_steady_ms() + SERVER_DUE_WAIT_MS;
}

static void happened(void *context, const struct app_reply *reply) {
    struct due *due = context;
    struct server *server = due->server;
    server->due_running--;
    if (reply->status != APP_OK) {
        back_off(server);
    } else if (reply->note != NULL) {
        int is_erased = strcmp(reply->note, "erased") == 0;
        server->counts.idle += !is_erased;
        server->counts.erased += (uint64_t)is_erased;
        server_notify(server, due->name, reply->last_seq, reply->note);
    }
    free(due);
}

static enum app_event event_of(const char *kind) {
    return strcmp(kind, "idle") == 0        ? APP_EVENT_IDLE
           : strcmp(kind, "retention") == 0 ? APP_EVENT_RETENTION
                                            : APP_EVENT_LATER;
}

static void run(struct server *server, const struct store_row *row) {
    size_t length = strlen(row->conversation);
    struct due *due = malloc(sizeof *due + length + 1);
    if (due == NULL) {
        back_off(server);
        return;
    }
    due->server = server;
    memcpy(due->name, row->conversation, length + 1);
    server->due_running++;
    app_event(server->app, due->name, event_of(row->turn_id), row->turn_id, server_now_ms(server), happened,
              due);
}

static void listed(void *context, const struct store_result *result) {
    struct server *server = context;
    server->reads--;
    server->is_listing_due = 0;
    if (result->status != STORE_OK) {
        back_off(server);
        return;
    }
    for (size_t i = 0; i < result->row_count; i++) {
        run(server, &result->rows[i]);
    }
}

void server_due_tick(struct server *server) {
    if (server->is_listing_due || server->due_running > 0 || server->steady_ms < server->due_after_ms ||
        atomic_load(&server->is_stopping)) {
        return;
    }
    server->is_listing_due = 1;
    server->reads++;
    server->store->ops->list_due(server->store, server_now_ms(server), SERVER_DUE_BATCH, listed, server);
}
