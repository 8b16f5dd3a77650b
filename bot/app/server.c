/* The server: its parts opened and wired, messages passed to who takes them, reload and stop. Never talks to
   a socket or a file itself. Called by cli. */
#include "app/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app_engine.h"
#include "app/secret/secret.h"
#include "app/server_parts.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "domain/content/content.h"

#include "banned.h"

enum { SERVER_ARENA_MAX = 64 * 1024 * 1024, SERVER_OUT_MAX = 1024 * 1024, SERVER_URL_MAX = 1024 };

int64_t server_now_ms(const struct server *server) {
    return server->options.now_ms != NULL ? server->options.now_ms() : clock_now_ms();
}

/* Hands out what is done and hands over what was asked. */
static void poll_app(struct server *server) {
    server->polled_ms = clock_steady_ms();
    (void)app_poll(server->app, 0);
}

/* A store without a descriptor has nobody who would call us later. */
void server_pump(struct server *server) {
    if (server->store->ops->descriptor(server->store) >= 0) {
        return;
    }
    while (app_pending(server->app) > 0 || server->reads > 0) {
        poll_app(server);
    }
}

/* ---- messages ---- */

static void dispatch(struct server *server, struct connection *connection, const struct websocket_in *in) {
    switch (in->kind) {
    case WEBSOCKET_HELLO: server_hello(server, connection, in); break;
    case WEBSOCKET_MSG: server_message(server, connection, in); break;
    case WEBSOCKET_SEEN:
        if (connection->visitor != NULL && in->seen > connection->visitor->issued) {
            server_close(server, connection, 1008, "seen is higher than any number given out");
        }
        break;
    case WEBSOCKET_RATING: server_rating(server, connection, in); break;
    case WEBSOCKET_HISTORY: server_history(server, connection, in->after); break;
    case WEBSOCKET_PING:
        (void)websocket_pong(&server->out);
        server_send(server, connection);
        break;
    case WEBSOCKET_IGNORED: break;
    }
}

static void received(void *context, net_id id, const char *text, size_t length) {
    struct server *server = context;
    struct connection *connection = server_connection(server, id);
    struct websocket_in in;
    enum websocket_code code;
    const char *why;
    if (connection == NULL) {
        return;
    }
    arena_reset(server->arena);
    if (websocket_read(text, length, server->arena, &in, &code, &why) == 0) {
        dispatch(server, connection, &in);
    } else {
        server_nak(server, connection, in.id, code, why, 0);
        if (code == WEBSOCKET_VERSION_UNKNOWN) {
            server_close(server, connection, 1008, "unknown version");
        }
    }
    server_pump(server);
}

/* ---- stop and reload ---- */

/* What was taken is answered before the network stops. */
static void stop_if_done(struct server *server) {
    if (server->stop_by_ms != 0 &&
        (app_pending(server->app) == 0 || clock_steady_ms() >= server->stop_by_ms)) {
        net_stop(server->net);
    }
}

static void begin_stop(struct server *server) {
    if (server->stop_by_ms == 0) {
        server->stop_by_ms = clock_steady_ms() + SERVER_STOP_MS;
        log_write(server->options.log, LOG_INFO, "stop", "%zu turns under way", app_pending(server->app));
    }
    stop_if_done(server);
}

static void take_content(struct server *server) {
    struct content *next = atomic_exchange(&server->next_content, NULL);
    if (next == NULL) {
        return;
    }
    if (app_set_content(server->app, next) != 0) {
        log_write(server->options.log, LOG_ERROR, "reload", "out of memory: the content stays as it is");
        content_free(next);
        return;
    }
    content_free(server->content);
    server->content = next;
    server_forget_languages(server, lexicon_language_count(next->lexicon));
    server->counts.reloads++;
    log_write(server->options.log, LOG_INFO, "reload", "content %016llx", (unsigned long long)next->hash);
}

static void woken(void *context) {
    struct server *server = context;
    take_content(server);
    if (atomic_exchange(&server->is_reload_asked, 0) && server->options.reload != NULL) {
        server->options.reload(server->options.reload_context);
    }
    if (atomic_load(&server->is_stopping)) {
        begin_stop(server);
    }
}

/* ---- the loop ---- */

static void readable(void *context) {
    struct server *server = context;
    poll_app(server);
    stop_if_done(server);
}

/* The turns of a round go to the disk together, and what was stored meanwhile is answered without waiting for
   the descriptor's turn. */
static void rest(void *context) {
    struct server *server = context;
    poll_app(server);
}

static void look_after_store(struct server *server) {
    int is_healthy = server->store->ops->is_healthy(server->store) != 0;
    if (is_healthy != server->was_healthy) {
        server->was_healthy = is_healthy;
        server->complained_ms = 0;
        log_write(server->options.log, is_healthy ? LOG_INFO : LOG_ERROR, "store",
                  is_healthy ? "accepts again" : "refuses: nothing is acknowledged until it accepts again");
    }
}

static void tick(void *context, int64_t steady_ms) {
    struct server *server = context;
    server->steady_ms = steady_ms;
    poll_app(server);
    server_close_silent(server);
    server_replay_tick(server);
    server_due_tick(server);
    look_after_store(server);
    stop_if_done(server);
    server_pump(server);
}

static int admit(void *context, const struct net_peer *peer) {
    struct server *server = context;
    (void)peer;
    return atomic_load(&server->is_stopping) ? 503 : 0;
}

/* ---- opening ---- */

static void apply_rates(struct server *server) {
    const struct server_options *options = &server->options;
    server->turn_rate = (struct limits_rate){options->turn_burst, options->turns_per_minute};
    server->conversation_rate =
        (struct limits_rate){options->conversation_burst, options->conversations_per_minute};
    server->request_rate = (struct limits_rate){60, 60};
    app_set_timers(server->app, options->idle_after_ms, options->retention_ms);
}

/* The widget, for pages of any origin, and the pages that show it. */
static int open_pages(struct server *server, struct err *err) {
    static const struct {
        const char *path, *below;
        int is_widget;
    } pages[] = {{"/widget.js", "widget.js", 1}, {"/widget/", "widget", 1}, {"/", "demo", 0}};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        const char *folder =
            arena_format(server->options_arena, "%s/%s", server->options.web_folder, pages[i].below);
        if ((pages[i].is_widget || server->options.has_demo) &&
            net_static(server->net, pages[i].path, folder, pages[i].is_widget, err) != 0) {
            return -1;
        }
    }
    return 0;
}

static int open_network(struct server *server, struct err *err) {
    const struct server_options *options = &server->options;
    const struct net_options net = {.listen = options->listen,
                                    .protocol = "pandu.v1",
                                    .path = "/ws",
                                    .trusted_proxies = options->trusted_proxies,
                                    .proxy_count = options->proxy_count,
                                    .certificate = options->certificate,
                                    .key = options->key,
                                    .connections_max = options->connections_max,
                                    .connections_per_address_max = options->connections_per_address_max};
    const struct net_handlers handlers = {.context = server,
                                          .admit = admit,
                                          .opened = server_opened,
                                          .received = received,
                                          .closed = server_closed,
                                          .drained = server_drained,
                                          .request = server_request,
                                          .readable = readable,
                                          .rest = rest,
                                          .woken = woken,
                                          .tick = tick};
    server->net = net_open(&net, &handlers, options->log, err);
    if (server->net == NULL) {
        return -1;
    }
    if (options->web_folder != NULL && open_pages(server, err) != 0) {
        return -1;
    }
    int descriptor = server->store->ops->descriptor(server->store);
    return descriptor >= 0 && net_watch(server->net, descriptor) != 0
               ? err_set(err, ERR_MEMORY, "the database cannot be watched")
               : 0;
}

/* The own pages' origin is known when the port is. */
static int set_origins(struct server *server) {
    size_t count = 0;
    arena_reset(server->page);
    const char *const *origins =
        server_options_origins(&server->options, net_port(server->net), server->page, &count);
    return net_set_origins(server->net, origins, count);
}

/* "Give me my data" in the chat names the route that hands it out to who shows the conversation's token. */
static int set_export_address(struct server *server) {
    const char *url = server->options.public_url;
    char address[SERVER_URL_MAX];
    size_t length = url != NULL ? strcspn(url, "?#") : 0;
    while (length > 0 && url[length - 1] == '/') {
        length--;
    }
    int written = snprintf(address, sizeof address, "%.*s/export", (int)length, url != NULL ? url : "");
    return written > 0 && (size_t)written < sizeof address ? app_set_export_address(server->app, address) : 0;
}

static int make_parts(struct server *server, struct err *err) {
    server->arena = arena_new(SERVER_ARENA_MAX);
    server->page = arena_new(SERVER_ARENA_MAX);
    server->options_arena = server->first_arena = arena_new(0);
    server->conversations = limits_new(SERVER_CONVERSATION_LIMITS);
    server->addresses = limits_new(SERVER_ADDRESS_LIMITS);
    server->requests = limits_new(SERVER_ADDRESS_LIMITS);
    buf_init(&server->out, SERVER_OUT_MAX);
    if (server->arena == NULL || server->page == NULL || server->first_arena == NULL ||
        server->conversations == NULL || server->addresses == NULL || server->requests == NULL ||
        secret_init() != 0) {
        return err_set(err, ERR_MEMORY, "the server finds no memory or no random numbers");
    }
    server->seed = secret_seed();
    server->turn_seed = secret_seed();
    return 0;
}

struct server *server_open_take(const struct server_options *options, struct content *content,
                                struct app *app, struct store *store, struct err *err) {
    struct server *server = app != NULL ? calloc(1, sizeof *server) : NULL;
    if (server == NULL) {
        app_free(app);
        (void)err_set(err, ERR_MEMORY, "out of memory");
        return NULL;
    }
    server->app = app;
    server->store = store;
    server->content = content != NULL ? content_hold(content) : NULL;
    server->was_healthy = 1;
    if (make_parts(server, err) != 0 ||
        server_options_copy(options, server->options_arena, &server->options, err) != 0) {
        server_free(server);
        return NULL;
    }
    apply_rates(server);
    if (open_network(server, err) != 0 || set_origins(server) != 0 || set_export_address(server) != 0) {
        (void)err_set(err, ERR_MEMORY, "out of memory"); /* unless there is another reason already */
        server_free(server);
        return NULL;
    }
    log_write(server->options.log, LOG_INFO, "listen", "%s, port %d", server->options.listen,
              net_port(server->net));
    return server;
}

struct server *server_open(const struct server_options *options, struct content *content, struct store *store,
                           struct err *err) {
    return server_open_take(options, content, app_new(content, store, options->data_folder), store, err);
}

int server_port(const struct server *server) {
    return net_port(server->net);
}

/* ---- running ---- */

int server_run(struct server *server) {
    int rc = net_run(server->net, SERVER_STOP_MS);
    log_write(server->options.log, rc == 0 ? LOG_INFO : LOG_ERROR, "stop", "%s",
              rc == 0 ? "done" : "the loop failed");
    return rc;
}

void server_stop(struct server *server) {
    atomic_store(&server->is_stopping, 1);
    net_wake(server->net);
}

void server_ask_reload(struct server *server) {
    atomic_store(&server->is_reload_asked, 1);
    net_wake(server->net);
}

void server_reload_take(struct server *server, struct content *content) {
    content_free(atomic_exchange(&server->next_content, content));
    net_wake(server->net);
}

int server_apply(struct server *server, const struct server_options *options, struct err *err) {
    struct arena *arena = arena_new(0);
    struct server_options before = server->options, next;
    if (arena == NULL) {
        return err_set(err, ERR_MEMORY, "out of memory");
    }
    int rc = server_options_copy(options, arena, &next, err);
    if (rc == 0 && before.certificate != NULL) {
        rc = net_reload_certificate(server->net, err);
    }
    server->options = rc == 0 ? next : before;
    if (rc == 0 && (set_origins(server) != 0 || set_export_address(server) != 0)) {
        server->options = before;
        rc = err_set(err, ERR_MEMORY, "out of memory");
    }
    if (rc != 0) {
        arena_free(arena);
        return rc;
    }
    if (server->options_arena != server->first_arena) {
        arena_free(server->options_arena);
    }
    server->options_arena = arena;
    apply_rates(server);
    log_write(server->options.log, LOG_INFO, "reload", "configuration taken over");
    return 0;
}

void server_free(struct server *server) {
    if (server == NULL) {
        return;
    }
    while (server->reads > 0) { /* what was asked comes back to us */
        (void)server->store->ops->poll(server->store, 1000);
    }
    app_free(server->app);
    net_free(server->net);
    server_visitors_free(server);
    server_spares_free(server);
    content_free(server->content);
    content_free(atomic_exchange(&server->next_content, NULL));
    limits_free(server->conversations);
    limits_free(server->addresses);
    limits_free(server->requests);
    arena_free(server->arena);
    arena_free(server->page);
    if (server->options_arena != server->first_arena) {
        arena_free(server->options_arena);
    }
    arena_free(server->first_arena);
    buf_close(&server->out);
    free(server);
}
