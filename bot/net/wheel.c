/* One timer for all connections: a wheel of steps of a quarter second. The library's own timers are a sorted
   list, which costs more the more there are. A connection sits in the slot of its next look; looking later
   than before needs no move. Called by the loop. */
#include "net/net_parts.h"

#include <string.h>

#include "base/clock.h"

#include "banned.h"

void wheel_remove(struct connection *connection) {
    struct net *net = connection->net;
    if (!connection->in_wheel) {
        return;
    }
    if (connection->wheel_previous != NULL) {
        connection->wheel_previous->wheel_next = connection->wheel_next;
    } else {
        net->wheel[connection->wheel_slot] = connection->wheel_next;
    }
    if (connection->wheel_next != NULL) {
        connection->wheel_next->wheel_previous = connection->wheel_previous;
    }
    connection->in_wheel = 0;
}

static void insert(struct connection *connection, uint64_t step) {
    struct net *net = connection->net;
    connection->wheel_slot = (uint16_t)(step % WHEEL_SLOTS);
    connection->wheel_previous = NULL;
    connection->wheel_next = net->wheel[connection->wheel_slot];
    if (connection->wheel_next != NULL) {
        connection->wheel_next->wheel_previous = connection;
    }
    net->wheel[connection->wheel_slot] = connection;
    connection->in_wheel = 1;
    connection->wheel_step = step;
}

/* The step at which due_ms is past, at most one turn of the wheel ahead. */
static uint64_t step_of(const struct net *net, int64_t due_ms) {
    uint64_t step = (uint64_t)(due_ms / WHEEL_STEP_MS) + 1;
    if (step <= net->wheel_at) {
        return net->wheel_at + 1;
    }
    return step - net->wheel_at < WHEEL_SLOTS ? step : net->wheel_at + WHEEL_SLOTS - 1;
}

void wheel_set(struct connection *connection, int64_t due_ms) {
    uint64_t step = step_of(connection->net, due_ms);
    connection->due_ms = due_ms;
    if (connection->in_wheel && connection->wheel_step <= step) {
        return; /* moved when its old step comes */
    }
    wheel_remove(connection);
    insert(connection, step);
}

static void run_step(struct net *net) {
    struct connection *connection = net->wheel[net->wheel_at % WHEEL_SLOTS];
    while (connection != NULL) {
        struct connection *next = connection->wheel_next;
        if (connection->wheel_step <= net->wheel_at) {
            wheel_remove(connection);
            if (connection->due_ms > net->now_ms) {
                wheel_set(connection, connection->due_ms);
            } else if (connection->wsi != NULL && !connection->is_dropped) {
                wheel_expired(connection);
            }
        }
        connection = next;
    }
}

void wheel_expired(struct connection *connection) {
    if (connection->state == STATE_LINGER || connection->state == STATE_CLOSING) {
        work_drop(connection);
    } else if (connection->state == STATE_OPEN) {
        websocket_expired(connection);
    } else {
        http_expired(connection);
    }
}

void wheel_step(struct ev_loop *loop, ev_timer *timer, int events) {
    struct net *net = timer->data;
    (void)loop;
    (void)events;
    net->now_ms = clock_steady_ms();
    uint64_t until = (uint64_t)(net->now_ms / WHEEL_STEP_MS);
    if (until > net->wheel_at + WHEEL_SLOTS) {
        net->wheel_at = until - WHEEL_SLOTS; /* the machine slept: every slot is run once */
    }
    while (net->wheel_at < until) {
        net->wheel_at++;
        run_step(net);
    }
    server_each_step(net);
}
