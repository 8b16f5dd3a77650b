/* The routes beside the chat: health, figures, and a visitor's own data. Never tells whether a token it does
   not know was nearly right. Called by the network. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app/server_parts.h"
#include "base/clock.h"

#include "banned.h"

/* A request the store or the app was asked for. */
struct exchange {
    struct server *server;
    net_id id;
    int erases;
    char name[SERVER_NAME_TEXT];
    char origin[256]; /* to be allowed in the answer; "" none */
};

enum { HEADERS_MAX = 8 };

/* ---- answers ---- */

static void put_header(struct net_response *response, struct net_header headers[HEADERS_MAX],
                       const char *name, const char *value) {
    headers[response->header_count++] = (struct net_header){name, value};
    response->headers = headers;
}

static void put_cors(struct net_response *response, struct net_header headers[HEADERS_MAX],
                     const char *origin) {
    put_header(response, headers, "Vary", "Origin");
    if (origin[0] != '\0') {
        put_header(response, headers, "Access-Control-Allow-Origin", origin);
    }
}

static void respond(struct server *server, net_id id, int status, const char *type, const char *body,
                    const char *origin) {
    struct net_header headers[HEADERS_MAX];
    struct net_response response = {
        .status = status, .type = type, .body = body, .length = body != NULL ? strlen(body) : 0};
    if (origin != NULL) {
        put_cors(&response, headers, origin);
    }
    if (status == 401) {
        put_header(&response, headers, "WWW-Authenticate", "Bearer");
    }
    if (status == 429 || status == 503) {
        put_header(&response, headers, "Retry-After", status == 429 ? "60" : "1");
    }
    (void)net_respond(server->net, id, &response);
}

static void respond_json(struct server *server, net_id id, int status, const char *body, const char *origin) {
    respond(server, id, status, "application/json", body, origin);
}

static void respond_method(struct server *server, net_id id, const char *allowed) {
    struct net_header headers[HEADERS_MAX];
    static const char body[] = "{\"error\":\"method not allowed\"}";
    struct net_response response = {
        .status = 405, .type = "application/json", .body = body, .length = sizeof body - 1};
    put_header(&response, headers, "Allow", allowed);
    (void)net_respond(server->net, id, &response);
}

/* ---- health and figures ---- */

static int is_method(const struct net_request *request, const char *one, const char *other) {
    return strcmp(request->method, one) == 0 || strcmp(request->method, other) == 0;
}

static void health(struct server *server, net_id id, const struct net_request *request) {
    if (!is_method(request, "GET", "HEAD")) {
        respond_method(server, id, "GET, HEAD");
    } else if (atomic_load(&server->is_stopping)) {
        respond_json(server, id, 503, "{\"status\":\"stopping\"}", NULL);
    } else if (!server->store->ops->is_healthy(server->store)) {
        respond_json(server, id, 503, "{\"status\":\"the store refuses\"}", NULL);
    } else {
        respond_json(server, id, 200, "{\"status\":\"ok\"}", NULL);
    }
}

static int is_loopback(const char *address) {
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0 ||
           strncmp(address, "::ffff:127.", 11) == 0;
}

static void figures(struct server *server, net_id id, const struct net_request *request) {
    enum server_metrics who = server->options.metrics;
    if (who == SERVER_METRICS_OFF ||
        (who == SERVER_METRICS_LOOPBACK && !is_loopback(request->peer->address))) {
        respond_json(server, id, 404, "{\"error\":\"not found\"}", NULL);
        return;
    }
    if (!is_method(request, "GET", "HEAD")) {
        respond_method(server, id, "GET, HEAD");
        return;
    }
    struct buf out;
    buf_init(&out, 0);
    server_metrics_print(server, &out);
    respond(server, id, out.failed ? 503 : 200, "text/plain; version=0.0.4", buf_text(&out), NULL);
    buf_close(&out);
}

/* ---- a visitor's own data ---- */

/* The origin of the page that asks, if it may; "" otherwise. */
static void allow_origin(const struct server *server, const struct net_request *request, char out[256]) {
    const char *origin = request->peer->origin;
    size_t count = 0;
    out[0] = '\0';
    if (origin == NULL || strlen(origin) >= 256) {
        return;
    }
    const char *const *allowed =
        server_options_origins(&server->options, net_port(server->net), server->arena, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(allowed[i], origin) == 0 || strcmp(allowed[i], "*") == 0) {
            memcpy(out, origin, strlen(origin) + 1);
            return;
        }
    }
}

static void export_done(void *context, const struct app_export *exported) {
    struct exchange *exchange = context;
    struct server *server = exchange->server;
    struct net_header headers[HEADERS_MAX];
    if (exported->status != APP_OK) {
        respond_json(server, exchange->id, 503, "{\"error\":\"the store refuses\"}", exchange->origin);
    } else {
        struct net_response response = {
            .status = 200, .type = "application/json", .body = exported->json, .length = exported->length};
        put_header(&response, headers, "Content-Disposition", "attachment; filename=\"pandu.json\"");
        put_cors(&response, headers, exchange->origin);
        server->counts.exports++;
        (void)net_respond(server->net, exchange->id, &response);
    }
    free(exchange);
}

static void erase_done(void *context, const struct app_reply *reply) {
    struct exchange *exchange = context;
    struct server *server = exchange->server;
    if (reply->status != APP_OK) {
        respond_json(server, exchange->id, 503, "{\"error\":\"nothing was erased\"}", exchange->origin);
    } else {
        server->counts.erased++;
        if (reply->note != NULL) {
            server_notify(server, exchange->name, reply->last_seq, reply->note);
        }
        respond(server, exchange->id, 204, NULL, NULL, exchange->origin);
    }
    free(exchange);
}

/* The store says whether there is such a conversation at all. */
static void found(void *context, const struct store_result *result) {
    struct exchange *exchange = context;
    struct server *server = exchange->server;
    server->reads--;
    if (result->status != STORE_OK || result->version == 0) {
        int is_unknown = result->status == STORE_OK;
        respond_json(server, exchange->id, is_unknown ? 404 : 503,
                     is_unknown ? "{\"error\":\"no such conversation\"}"
                                : "{\"error\":\"the store refuses\"}",
                     exchange->origin);
        free(exchange);
    } else if (exchange->erases) {
        app_event(server->app, exchange->name, APP_EVENT_ERASE, NULL, server_now_ms(server), erase_done,
                  exchange);
    } else {
        app_export_fetch(server->app, exchange->name, export_done, exchange);
    }
}

/* "Bearer" and a conversation token or a signed identity. 0, or -1. */
static int name_of_bearer(const struct server *server, const struct net_request *request,
                          char out[SERVER_NAME_TEXT]) {
    const char *why, *given = request->header(request, "authorization");
    if (given == NULL || strncasecmp(given, "Bearer ", 7) != 0) {
        return -1;
    }
    const char *token = given + 7 + strspn(given + 7, " ");
    return strchr(token, '.') != NULL ? server_name_of_identity(server, token, out, &why)
                                      : server_name_of_token(token, out);
}

static void own_data(struct server *server, net_id id, const struct net_request *request, int erases) {
    struct exchange *exchange = calloc(1, sizeof *exchange);
    uint64_t key = limits_address_key(server->seed, request->peer->address);
    if (exchange == NULL) {
        respond_json(server, id, 503, "{\"error\":\"out of memory\"}", NULL);
        return;
    }
    *exchange = (struct exchange){.server = server, .id = id, .erases = erases};
    allow_origin(server, request, exchange->origin);
    if (limits_take(server->requests, key, &server->request_rate, clock_steady_ms()) != 0) {
        respond_json(server, id, 429, "{\"error\":\"too many requests\"}", exchange->origin);
    } else if (name_of_bearer(server, request, exchange->name) != 0) {
        respond_json(server, id, 401, "{\"error\":\"send the conversation's token\"}", exchange->origin);
    } else {
        server->reads++;
        server->store->ops->read_since(server->store, exchange->name, INT64_MAX, 1, found, exchange);
        return;
    }
    free(exchange);
}

/* A page of another origin asks first whether it may. */
static void preflight(struct server *server, net_id id, const struct net_request *request,
                      const char *methods) {
    char origin[256];
    struct net_header headers[HEADERS_MAX];
    struct net_response response = {.status = 204};
    allow_origin(server, request, origin);
    put_cors(&response, headers, origin);
    if (origin[0] != '\0') {
        put_header(&response, headers, "Access-Control-Allow-Methods", methods);
        put_header(&response, headers, "Access-Control-Allow-Headers", "authorization");
        put_header(&response, headers, "Access-Control-Max-Age", "600");
    }
    (void)net_respond(server->net, id, &response);
}

static void own_route(struct server *server, net_id id, const struct net_request *request, const char *method,
                      const char *methods) {
    if (strcmp(request->method, "OPTIONS") == 0) {
        preflight(server, id, request, methods);
    } else if (strcmp(request->method, method) == 0) {
        own_data(server, id, request, strcmp(method, "DELETE") == 0);
    } else {
        respond_method(server, id, methods);
    }
}

void server_request(void *context, net_id id, const struct net_request *request) {
    struct server *server = context;
    arena_reset(server->arena);
    if (strcmp(request->path, "/healthz") == 0) {
        health(server, id, request);
    } else if (strcmp(request->path, "/metrics") == 0) {
        figures(server, id, request);
    } else if (strcmp(request->path, "/export") == 0) {
        own_route(server, id, request, "GET", "GET, OPTIONS");
    } else if (strcmp(request->path, "/conversation") == 0) {
        own_route(server, id, request, "DELETE", "DELETE, OPTIONS");
    } else {
        respond_json(server, id, 404, "{\"error\":\"not found\"}", NULL);
    }
    server_pump(server);
}
