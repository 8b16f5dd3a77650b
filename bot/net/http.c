/* HTTP exchanges: one request at a time on a connection, answered by a file, the upgrade or the handler, at
   once or later. What follows a request waits until it is answered. Called by connection.c, work.c and
   wheel.c. */
#include "net/net_parts.h"

#include <string.h>

#include "net/request.h"

#include "banned.h"

/* What the handler gets; header() finds the rest behind it. */
struct shown_request {
    struct net_request request;
    const struct request_head *head;
};

static const char *shown_header(const struct net_request *request, const char *name) {
    return request_header(((const struct shown_request *)request)->head, name);
}

/* Answers with an error and gives up on what else comes. */
static void refuse(struct connection *connection, int status) {
    connection->is_last = 1;
    connection->is_cut = 1;
    answer_status(connection, status);
}

/* Parses a copy: the bytes are read again when the body is here. 0, or an HTTP status. */
static int read_head(struct connection *connection, const char *bytes, size_t length,
                     struct request_head *head) {
    struct net *net = connection->net;
    memcpy(net->head, bytes, length);
    net->head[length] = '\0';
    return request_parse(net->head, length, head);
}

static void ask_handler(struct connection *connection, const struct request_head *head, const char *path,
                        const char *query) {
    struct net *net = connection->net;
    struct peer_text peer;
    upgrade_peer(connection, head, &peer);
    struct shown_request shown = {{.method = head->method,
                                   .path = path,
                                   .query = query,
                                   .body = net->body,
                                   .body_length = connection->body_length,
                                   .peer = &peer.peer,
                                   .header = shown_header},
                                  head};
    if (net->handlers.request == NULL) {
        answer_status(connection, 404);
        return;
    }
    connection->state = STATE_EXCHANGE;
    wheel_set(connection, net->now_ms + EXCHANGE_MS);
    net->handlers.request(net->handlers.context, connection_rename(connection), &shown.request);
}

static void dispatch(struct connection *connection, const struct request_head *head, const char *body) {
    struct net *net = connection->net;
    char path[REQUEST_TARGET_MAX + 1];
    const char *query;
    net->counts.requests++;
    connection->is_head = strcmp(head->method, "HEAD") == 0;
    connection->is_last = head->minor == 0 || request_lists(head, "connection", "close") || net->is_stopping;
    if (request_path(head->target, path, &query) != 0) {
        refuse(connection, 400);
        return;
    }
    if (request_count(head, "upgrade") > 0 || strcmp(path, net->path) == 0) {
        upgrade_request(connection, head, path);
        return;
    }
    if (static_answer(connection, head, path)) {
        return;
    }
    memcpy(net->body, body, connection->body_length);
    net->body[connection->body_length] = '\0';
    ask_handler(connection, head, path, query);
}

/* A head is complete: is it one, and how long is its body? 0, or an HTTP status. */
static int begin(struct connection *connection, const char *bytes, size_t length, struct request_head *head) {
    int status = read_head(connection, bytes, length, head);
    if (status == 0) {
        status = request_framing(head, NET_BODY_MAX, &connection->body_length);
    }
    if (status != 0) {
        connection->is_head = 0;
        return status;
    }
    connection->head_length = length;
    connection->state = STATE_BODY;
    return 0;
}

/* The body is still to come. */
static void await_body(struct connection *connection, const struct request_head *head) {
    static const char GO_ON[] = "HTTP/1.1 100 Continue\r\n\r\n";
    const char *expect = request_header(head, "expect");
    wheel_set(connection, connection->net->now_ms + BODY_MS);
    if (expect != NULL && request_equal(expect, "100-continue") && head->minor == 1) {
        queue_add(connection, GO_ON, sizeof GO_ON - 1);
    }
}

size_t http_input(struct connection *connection, const char *bytes, size_t length) {
    struct request_head head;
    int is_parsed = 0;
    if (connection->state == STATE_HEAD) {
        if (!connection->is_started) {
            connection->is_started = 1;
            wheel_set(connection, connection->net->now_ms + HEAD_MS);
        }
        long found = request_find(bytes, length);
        int status = found > 0 ? begin(connection, bytes, (size_t)found, &head) : (int)-found;
        if (status != 0) {
            refuse(connection, status);
            return length;
        }
        if (found == 0) {
            return 0;
        }
        is_parsed = 1;
    }
    size_t whole = connection->head_length + connection->body_length;
    if (length < whole) {
        if (is_parsed) {
            await_body(connection, &head);
        }
        return 0;
    }
    if (!is_parsed && read_head(connection, bytes, connection->head_length, &head) != 0) {
        refuse(connection, 400);
        return length;
    }
    dispatch(connection, &head, bytes + connection->head_length);
    return whole;
}

void http_wait(struct connection *connection) {
    connection->state = STATE_HEAD;
    connection->id = 0;
    connection->is_started = 0;
    connection->started_ms = 0;
    wheel_set(connection, connection->net->now_ms + KEEP_MS);
}

void http_answered(struct connection *connection) {
    queue_close(connection);
    if (connection->is_last || connection->net->is_stopping) {
        connection->id = 0;
        connection->must_close = 1;
        return;
    }
    http_wait(connection);
    work_add(connection); /* the next request may be here already */
}

void http_expired(struct connection *connection) {
    const struct net *net = connection->net;
    if (connection->state == STATE_EXCHANGE) {
        connection->is_last = 1;
        answer_status(connection, 504);
    } else if (connection->state == STATE_ANSWER) {
        if (net->now_ms - connection->started_ms >= WRITE_MS) {
            work_drop(connection);
        } else {
            wheel_set(connection, connection->started_ms + WRITE_MS);
        }
    } else if (connection->is_started) {
        refuse(connection, 408);
    } else {
        work_drop(connection);
    }
}

int net_respond(struct net *net, net_id id, const struct net_response *response) {
    struct connection *connection = connection_find(net, id);
    if (connection == NULL || connection->state != STATE_EXCHANGE) {
        return -1;
    }
    struct answer answer = {.status = response->status,
                            .type = response->type,
                            .body = response->body != NULL ? response->body : "",
                            .length = response->body != NULL ? response->length : 0,
                            .headers = response->headers,
                            .header_count = response->header_count};
    answer_send(connection, &answer);
    return connection->is_dropped ? -1 : 0;
}
