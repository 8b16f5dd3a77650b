/* One HTTP response: status line, the strict headers every answer gets, body. Called by http.c, upgrade.c and
   static.c. */
#include "net/net_parts.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

#include "banned.h"

static const char *reason_of(int status) {
    static const struct {
        int status;
        const char *reason;
    } REASONS[] = {{200, "OK"},
                   {201, "Created"},
                   {202, "Accepted"},
                   {204, "No Content"},
                   {301, "Moved Permanently"},
                   {302, "Found"},
                   {303, "See Other"},
                   {304, "Not Modified"},
                   {307, "Temporary Redirect"},
                   {308, "Permanent Redirect"},
                   {400, "Bad Request"},
                   {401, "Unauthorized"},
                   {403, "Forbidden"},
                   {404, "Not Found"},
                   {405, "Method Not Allowed"},
                   {408, "Request Timeout"},
                   {409, "Conflict"},
                   {413, "Content Too Large"},
                   {414, "URI Too Long"},
                   {415, "Unsupported Media Type"},
                   {426, "Upgrade Required"},
                   {429, "Too Many Requests"},
                   {431, "Request Header Fields Too Large"},
                   {500, "Internal Server Error"},
                   {501, "Not Supported"},
                   {503, "Service Unavailable"},
                   {504, "Gateway Timeout"},
                   {505, "HTTP Version Not Supported"}};
    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++) {
        if (REASONS[i].status == status) {
            return REASONS[i].reason;
        }
    }
    return "Answer";
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7), whatever the locale says. */
static void add_date(struct buf *out) {
    static const char DAYS[] = "SunMonTueWedThuFriSat", MONTHS[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t now = (time_t)(clock_now_ms() / 1000);
    struct tm parts;
    if (gmtime_r(&now, &parts) != NULL) {
        buf_add_format(out, "Date: %.3s, %02d %.3s %d %02d:%02d:%02d GMT\r\n",
                       DAYS + 3 * (size_t)parts.tm_wday, parts.tm_mday, MONTHS + 3 * (size_t)parts.tm_mon,
                       parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
    }
}

static void add_ancestors(struct buf *out, const struct origin_list *origins) {
    buf_add_text(out, "; frame-ancestors 'self'");
    if (origins->is_open) {
        buf_add_text(out, " *");
    }
    for (size_t i = 0; i < origins->count; i++) {
        buf_add_format(out, " %s", origins->origins[i]);
    }
}

/* A Host that can stand in a policy: a name or an address with a port, nothing that means more there. */
static int is_plain_host(const char *host) {
    return host != NULL &&
           strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") ==
               strlen(host);
}

/* Pages may load what stands beside them and talk to this server, also by WebSocket: not every browser takes
   'self' for ws: (WebKit before 15.4). */
static void add_page_policy(struct buf *out, const struct connection *connection,
                            const struct answer *answer) {
    buf_add_text(out, "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
                      "img-src 'self' data:; font-src 'self'; manifest-src 'self'; media-src 'self'; "
                      "worker-src 'self'; frame-src 'self'; connect-src 'self'");
    if (is_plain_host(answer->host)) {
        buf_add_format(out, " ws://%s wss://%s", answer->host, answer->host);
    }
    buf_add_text(out, "; base-uri 'none'; form-action 'none'");
    if (answer->set->cross_origin) {
        add_ancestors(out, &connection->net->origins);
        buf_add_text(out,
                     "\r\nAccess-Control-Allow-Origin: *\r\nCross-Origin-Resource-Policy: cross-origin\r\n");
    } else {
        buf_add_text(out, "; frame-ancestors 'self'\r\nCross-Origin-Resource-Policy: same-origin\r\n"
                          "Cross-Origin-Opener-Policy: same-origin\r\n");
    }
    buf_add_text(out, "Cache-Control: no-cache\r\n");
}

static void add_strict(struct buf *out, const struct connection *connection, const struct answer *answer) {
    buf_add_text(out, "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n");
    if (answer->set != NULL) {
        add_page_policy(out, connection, answer);
    } else {
        buf_add_text(out,
                     "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
                     "form-action 'none'\r\nCross-Origin-Resource-Policy: same-origin\r\n"
                     "Cache-Control: no-store\r\n");
    }
    if (answer->etag != NULL) {
        buf_add_format(out, "ETag: %s\r\n", answer->etag);
    }
}

/* A value with a line break would be another header. */
static int is_plain(const char *text) {
    return strpbrk(text, "\r\n") == NULL;
}

static void add_given(struct buf *out, const struct answer *answer) {
    for (size_t i = 0; i < answer->header_count; i++) {
        if (is_plain(answer->headers[i].name) && is_plain(answer->headers[i].value)) {
            buf_add_format(out, "%s: %s\r\n", answer->headers[i].name, answer->headers[i].value);
        }
    }
}

static int has_no_body(int status) {
    return status == 204 || status == 304;
}

void answer_send(struct connection *connection, const struct answer *answer) {
    struct buf out;
    buf_init(&out, 0);
    buf_add_format(&out, "HTTP/1.1 %d %s\r\n", answer->status, reason_of(answer->status));
    add_date(&out);
    add_strict(&out, connection, answer);
    if (answer->type != NULL && is_plain(answer->type)) {
        buf_add_format(&out, "Content-Type: %s\r\n", answer->type);
    }
    add_given(&out, answer);
    if (!has_no_body(answer->status)) {
        buf_add_format(&out, "Content-Length: %zu\r\n", answer->length);
    }
    buf_add_text(&out,
                 connection->is_last || connection->net->is_stopping ? "Connection: close\r\n\r\n" : "\r\n");
    connection->state = STATE_ANSWER;
    connection->id = 0;
    connection->started_ms = connection->net->now_ms;
    wheel_set(connection, connection->net->now_ms + WRITE_MS);
    if (out.failed || queue_add(connection, out.data, out.length) != 0) {
        work_drop(connection);
    } else if (!connection->is_head && !has_no_body(answer->status) && answer->length > 0) {
        if (answer->set == NULL) {
            queue_add(connection, answer->body, answer->length);
        } else {
            connection->rest = answer->body;
            connection->rest_length = answer->length;
        }
    }
    buf_close(&out);
}

void answer_status(struct connection *connection, int status) {
    char body[128];
    int length = snprintf(body, sizeof body, "{\"status\":%d,\"error\":\"%s\"}\n", status, reason_of(status));
    static const struct net_header METHODS[] = {{"Allow", "GET, HEAD"}}, LATER[] = {{"Retry-After", "10"}};
    struct answer answer = {
        .status = status, .type = "application/json", .body = body, .length = (size_t)length};
    if (status == 405) {
        answer.headers = METHODS;
        answer.header_count = 1;
    } else if (status == 429 || status == 503) {
        answer.headers = LATER;
        answer.header_count = 1;
    }
    answer_send(connection, &answer);
}
