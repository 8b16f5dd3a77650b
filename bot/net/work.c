/* The work list: what is done to connections after all callbacks of a round have run and before the loop
   waits. Writing, going on with held input, closing and freeing happen only here, so no handler and no
   library callback ever sees a connection vanish under it. Called by the loop. */
#include "net/net_parts.h"

#include "banned.h"

void work_add(struct connection *connection) {
    struct net *net = connection->net;
    if (connection->in_work) {
        return;
    }
    connection->in_work = 1;
    connection->work_next = NULL;
    if (net->work_last != NULL) {
        net->work_last->work_next = connection;
    } else {
        net->work_first = connection;
    }
    net->work_last = connection;
}

void work_drop(struct connection *connection) {
    connection->is_dropped = 1;
    work_add(connection);
}

static int is_written(const struct connection *connection) {
    return queue_length(connection) == 0 && !lws_partial_buffered(connection->wsi);
}

/* Our side is shut, so that the peer sees the end, and we read on for a while: closing over unread input
   would throw away what was just written. TLS cannot be shut on one side only. */
static void linger(struct connection *connection) {
    connection->must_close = 0;
    buf_close(&connection->input);
    if (connection->net->certificate != NULL && !connection->is_cut) {
        connection->is_dropped = 1;
        return;
    }
    connection->state = STATE_LINGER;
    connection_shut(connection);
    wheel_set(connection, connection->net->now_ms + LINGER_MS);
}

static void settle(struct connection *connection) {
    if (connection->wsi != NULL && !connection->is_dropped) {
        connection_input(connection);
    }
    if (connection->wsi != NULL && !connection->is_dropped && queue_flush(connection) != 0) {
        connection->is_dropped = 1;
    }
    if (connection->wsi != NULL && !connection->is_dropped && is_written(connection)) {
        if (connection->state == STATE_ANSWER) {
            http_answered(connection);
        }
        websocket_written(connection);
        if (connection->must_close) {
            linger(connection);
        }
    }
    if (connection->wsi != NULL && !connection->is_dropped) {
        connection_listen(connection);
    } else if (connection->wsi != NULL) {
        /* Runs the library's close callback, which clears wsi. */
        lws_set_timeout(connection->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
    }
}

void work_all(struct net *net) {
    struct connection *connection;
    while ((connection = net->work_first) != NULL) {
        net->work_first = connection->work_next;
        if (net->work_first == NULL) {
            net->work_last = NULL;
        }
        connection->in_work = 0;
        settle(connection);
        if (connection->wsi == NULL && !connection->in_work) {
            connection_release(connection);
        }
    }
}

void work_watch(struct ev_loop *loop, ev_prepare *watcher, int events) {
    struct net *net = watcher->data;
    (void)loop;
    (void)events;
    work_all(net);
    if (net->handlers.rest != NULL) {
        net->handlers.rest(net->handlers.context);
        work_all(net); /* what it sent leaves now */
    }
}
