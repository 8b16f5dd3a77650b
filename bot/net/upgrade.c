/* From a request to a WebSocket: who asks, whether it may, and the answer 101. Called by http.c. */
#include "net/net_parts.h"

#include <string.h>

#include "net/request.h"

#include "banned.h"

/* All values of a header as one comma list, in out. */
static void join(const struct request_head *head, const char *name, char *out, size_t size) {
    size_t used = 0;
    for (size_t i = 0; i < head->count; i++) {
        size_t length = strlen(head->headers[i].value);
        if (strcmp(head->headers[i].name, name) == 0 && used + length + 2 < size) {
            if (used > 0) {
                out[used++] = ',';
            }
            memcpy(out + used, head->headers[i].value, length);
            used += length;
        }
    }
    out[used] = '\0';
}

static int ends_with_https(const char *list) {
    const char *comma = strrchr(list, ',');
    const char *last = comma != NULL ? comma + 1 : list;
    return request_equal(last + strspn(last, " \t"), "https");
}

void upgrade_peer(const struct connection *connection, const struct request_head *head,
                  struct peer_text *out) {
    const struct net *net = connection->net;
    char list[REQUEST_HEAD_MAX];
    out->from = connection->peer;
    out->peer.is_secure = net->certificate != NULL;
    if (network_holds(net->trusted, net->trusted_count, &connection->peer)) {
        join(head, "x-forwarded-for", list, sizeof list);
        address_forwarded(list, net->trusted, net->trusted_count, &out->from);
        join(head, "x-forwarded-proto", list, sizeof list);
        out->peer.is_secure |= ends_with_https(list);
    }
    address_text(&out->from, out->address);
    out->peer.address = out->address;
    out->peer.origin = request_header(head, "origin");
}

/* Whether this visitor may. 101, or an HTTP status. */
static int admit(struct connection *connection, const struct request_head *head, const char *path,
                 const struct peer_text *peer) {
    struct net *net = connection->net;
    const char *protocol = request_header(head, "upgrade");
    if (request_count(head, "upgrade") == 0) {
        return 426; /* a browser opened the address of the WebSocket */
    }
    if (protocol == NULL || !request_equal(protocol, "websocket") || connection->body_length > 0) {
        return 400;
    }
    if (strcmp(path, net->path) != 0) {
        return 404;
    }
    int status = handshake_check(head, net->protocol, &net->origins);
    if (status == 101 && net->is_stopping) {
        status = 503;
    }
    if (status == 101 && connection->counted == NULL && address_enter(connection, &peer->from) != 0) {
        status = 429;
    }
    if (status == 101 && net->handlers.admit != NULL) {
        int refused = net->handlers.admit(net->handlers.context, &peer->peer);
        status = refused != 0 ? refused : 101;
    }
    return status;
}

static void turn_down(struct connection *connection, int status) {
    static const struct net_header WANTED[] = {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}};
    struct answer answer = {.status = status, .type = NULL, .body = ""};
    connection->net->counts.refused++;
    connection->is_last = 1;
    if (status == 426) {
        answer.headers = WANTED;
        answer.header_count = 2;
        answer_send(connection, &answer);
    } else {
        answer_status(connection, status);
    }
}

void upgrade_request(struct connection *connection, const struct request_head *head, const char *path) {
    struct net *net = connection->net;
    struct peer_text peer;
    char accept[HANDSHAKE_ACCEPT_MAX];
    struct buf text;
    upgrade_peer(connection, head, &peer);
    int status = admit(connection, head, path, &peer);
    if (status != 101) {
        turn_down(connection, status);
        return;
    }
    if (handshake_accept(request_header(head, "sec-websocket-key"), accept) != 0) {
        work_drop(connection);
        return;
    }
    buf_init(&text, 1024);
    buf_add_format(&text,
                   "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                   "Sec-WebSocket-Accept: %s\r\nSec-WebSocket-Protocol: %s\r\n\r\n",
                   accept, net->protocol);
    if (text.failed || queue_add(connection, text.data, text.length) != 0) {
        work_drop(connection);
    } else {
        connection->was_opened = 1;
        websocket_start(connection);
        net_id id = connection_rename(connection);
        if (net->handlers.opened != NULL) {
            net->handlers.opened(net->handlers.context, id, &peer.peer);
        }
    }
    buf_close(&text);
}
