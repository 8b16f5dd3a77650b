/* Connections: slots and ids, what the library tells about a socket, limits for each address. Frees a
   connection only through work.c. Called by server.c, work.c and the library. */
#include "net/net_parts.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/map.h"

#include "banned.h"

enum { NODE_BUCKETS = 4096, INPUT_MAX = 128 * 1024 };

struct connection *connection_find(const struct net *net, net_id id) {
    size_t slot = (size_t)(id & ((1u << SLOT_BITS) - 1));
    if (id == 0 || slot >= net->slot_count || net->slots[slot] == NULL) {
        return NULL;
    }
    struct connection *connection = net->slots[slot];
    return connection->id == id && connection->wsi != NULL && !connection->is_dropped ? connection : NULL;
}

net_id connection_rename(struct connection *connection) {
    connection->id = ++connection->net->serial << SLOT_BITS | connection->slot;
    return connection->id;
}

static struct address_node **find_node(struct net *net, const struct address *group) {
    uint64_t hash = hash_bytes((uint64_t)(uintptr_t)net, group->bytes, sizeof group->bytes);
    struct address_node **at = &net->nodes[hash % NODE_BUCKETS];
    while (*at != NULL && memcmp(&(*at)->group, group, sizeof *group) != 0) {
        at = &(*at)->next;
    }
    return at;
}

int address_enter(struct connection *connection, const struct address *peer) {
    struct net *net = connection->net;
    if (net->per_address == 0) {
        return 0;
    }
    if (net->nodes == NULL && (net->nodes = calloc(NODE_BUCKETS, sizeof(struct address_node *))) == NULL) {
        return -1;
    }
    struct address group = address_group(peer);
    struct address_node **at = find_node(net, &group);
    if (*at == NULL && (*at = calloc(1, sizeof **at)) == NULL) {
        return -1;
    }
    (*at)->group = group;
    if ((*at)->count >= net->per_address) {
        return -1;
    }
    (*at)->count++;
    connection->counted = *at;
    return 0;
}

void address_leave(struct connection *connection) {
    struct address_node *node = connection->counted;
    connection->counted = NULL;
    if (node != NULL && --node->count == 0) {
        *find_node(connection->net, &node->group) = node->next;
        free(node);
    }
}

/* A socket that is not taken gets a word on its way, if that costs no waiting. */
static void turn_away(struct net *net, int descriptor, const char *status) {
    struct buf text;
    buf_init(&text, 512);
    buf_add_format(&text, "HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\nRetry-After: 10\r\n\r\n",
                   status);
    if (net->certificate == NULL && !text.failed) {
        (void)!send(descriptor, text.data, text.length, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    buf_close(&text);
    close(descriptor);
    net->counts.refused++;
}

static struct connection *connection_new(struct net *net, const struct address *peer) {
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) {
        return NULL;
    }
    connection->net = net;
    connection->peer = *peer;
    connection->seen_ms = net->now_ms;
    buf_init(&connection->input, INPUT_MAX);
    buf_init(&connection->message, NET_MESSAGE_MAX);
    connection->slot = net->free_slots[--net->free_count];
    net->slots[connection->slot] = connection;
    net->counts.open++;
    return connection;
}

void connection_release(struct connection *connection) {
    struct net *net = connection->net;
    net_id id = connection->id;
    connection->id = 0;
    if (connection->was_opened && net->handlers.closed != NULL) {
        net->handlers.closed(net->handlers.context, id);
    }
    wheel_remove(connection);
    address_leave(connection);
    queue_close(connection);
    buf_close(&connection->input);
    buf_close(&connection->message);
    net->slots[connection->slot] = NULL;
    net->free_slots[net->free_count++] = connection->slot;
    net->counts.open--;
    free(connection);
    server_stop_when_empty(net);
}

static void adopt(struct connection *connection, int descriptor) {
    struct net *net = connection->net;
    lws_sock_file_fd_type socket = {.sockfd = descriptor};
    int on = 1;
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    connection->wsi = lws_adopt_descriptor_vhost(net->vhost, LWS_ADOPT_SOCKET | LWS_ADOPT_ALLOW_SSL, socket,
                                                 net->protocols[0].name, NULL);
    if (connection->wsi == NULL) {
        net->counts.refused++;
        connection_release(connection);
        return;
    }
    lws_set_opaque_user_data(connection->wsi, connection);
    net->counts.accepted++;
    wheel_set(connection, net->now_ms + HEAD_MS);
}

void connection_accept(struct net *net, int descriptor, const struct address *peer) {
    if (net->free_count == 0 || net->is_stopping) {
        server_warn(net, "all places are taken");
        turn_away(net, descriptor, "503 Service Unavailable");
        return;
    }
    struct connection *connection = connection_new(net, peer);
    if (connection == NULL) {
        turn_away(net, descriptor, "503 Service Unavailable");
        return;
    }
    /* A proxy's address stands for many visitors: they are counted when they open a WebSocket. */
    if (!network_holds(net->trusted, net->trusted_count, peer) && address_enter(connection, peer) != 0) {
        connection_release(connection);
        turn_away(net, descriptor, "429 Too Many Requests");
        return;
    }
    adopt(connection, descriptor);
}

void connection_shut(const struct connection *connection) {
    if (connection->net->certificate == NULL) {
        (void)shutdown(lws_get_socket_fd(connection->wsi), SHUT_WR);
    }
}

/* Nothing more may be handled now: the handlers asked for a pause, or an answer is still owed. */
static int is_stalled(const struct connection *connection) {
    return connection->paused || connection->is_dropped || connection->must_close ||
           connection->state == STATE_EXCHANGE || connection->state == STATE_ANSWER;
}

/* Handles as much as can be; returns how much that was. */
static size_t handle(struct connection *connection, const char *bytes, size_t length) {
    size_t used = 0, step;
    while (used < length && !is_stalled(connection)) {
        if (connection->state == STATE_LINGER) {
            return length;
        }
        step = connection->state >= STATE_OPEN
                   ? websocket_input(connection, (const uint8_t *)bytes + used, length - used)
                   : http_input(connection, bytes + used, length - used);
        if (step == 0) {
            break;
        }
        used += step;
    }
    return used;
}

void connection_input(struct connection *connection) {
    struct buf *input = &connection->input;
    if (input->length == 0 || is_stalled(connection)) {
        return;
    }
    size_t used = handle(connection, input->data, input->length);
    if (used == input->length) {
        buf_close(input); /* an idle connection holds no buffer */
    } else if (used > 0) {
        memmove(input->data, input->data + used, input->length - used);
        input->length -= used;
        input->data[input->length] = '\0';
    }
}

/* Once more came than may be handled now, the kernel's buffers fill and the peer has to wait. */
void connection_listen(struct connection *connection) {
    int is_deaf = connection->input.length > 0 && is_stalled(connection);
    if (is_deaf != connection->is_deaf) {
        connection->is_deaf = is_deaf != 0;
        lws_rx_flow_control(connection->wsi, !is_deaf);
    }
}

static void receive(struct connection *connection, const char *bytes, size_t length) {
    struct net *net = connection->net;
    net->now_ms = clock_steady_ms();
    net->counts.bytes_in += length;
    connection->seen_ms = net->now_ms;
    connection->is_pinged = 0;
    if (connection->state == STATE_LINGER) {
        connection->discarded += (uint32_t)length; /* at most READ_MAX, so it cannot wrap */
        if (connection->discarded > LINGER_BYTES) {
            work_drop(connection);
        }
        return;
    }
    if (connection->is_dropped) {
        return;
    }
    int is_held = connection->input.length > 0;
    size_t used = is_held ? 0 : handle(connection, bytes, length);
    if (used < length && buf_add(&connection->input, bytes + used, length - used) != 0) {
        work_drop(connection);
        return;
    }
    if (is_held) {
        connection_input(connection);
    }
    work_add(connection);
}

/* Behind a TLS handshake the library leaves a timer of 5 s for an HTTP request, which it looks at whenever
   the connection is heard of again: nobody could be silent for longer. Ours is the wheel. */
static void calm(struct connection *connection) {
    if (connection->net->certificate != NULL && !connection->is_calm) {
        connection->is_calm = 1;
        lws_set_timeout(connection->wsi, NO_PENDING_TIMEOUT, 0);
    }
}

int connection_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                        size_t length) {
    struct connection *connection = lws_get_opaque_user_data(wsi);
    (void)user;
    if (connection == NULL) {
        return 0;
    }
    if (reason == LWS_CALLBACK_RAW_RX) {
        calm(connection);
        receive(connection, in, length);
    } else if (reason == LWS_CALLBACK_RAW_WRITEABLE) {
        work_add(connection);
    } else if (reason == LWS_CALLBACK_RAW_CLOSE) {
        connection->wsi = NULL;
        work_add(connection);
    }
    return 0;
}
