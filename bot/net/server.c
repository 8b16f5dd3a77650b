/* The loop: accepting, waking, ticking, stopping. Reads and writes nothing itself. Called by open.c, the loop
   and whoever serves. */
#include "net/net_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

#include "banned.h"

enum { ACCEPTS_MAX = 64, ACCEPT_PAUSE_MS = 500, TICK_MS = 1000, WARN_MS = 10000 };

int server_prepare_descriptor(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    return flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) != 0 ||
                   fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0
               ? -1
               : 0;
}

static struct address peer_of(const struct sockaddr_storage *from) {
    struct address peer = {{0}};
    if (from->ss_family == AF_INET) {
        peer.bytes[10] = peer.bytes[11] = 0xff;
        memcpy(peer.bytes + 12, &((const struct sockaddr_in *)from)->sin_addr, 4);
    } else if (from->ss_family == AF_INET6) {
        memcpy(peer.bytes, &((const struct sockaddr_in6 *)from)->sin6_addr, 16);
    }
    return peer;
}

void server_warn(struct net *net, const char *why) {
    if (net->log == NULL || (net->warned_ms != 0 && net->now_ms - net->warned_ms < WARN_MS)) {
        return;
    }
    net->warned_ms = net->now_ms;
    log_write(net->log, LOG_WARNING, "accept", "new connections are turned away or wait: %s", why);
}

/* No descriptor or memory is left: trying again at once would only burn time, the queue of the kernel waits.
 */
static void pause_accepting(struct net *net, int error) {
    server_warn(net, strerror(error));
    ev_io_stop(net->loop, &net->accept_watcher);
    net->resume_accept_ms = net->now_ms + ACCEPT_PAUSE_MS;
}

static void on_accept(struct ev_loop *loop, ev_io *watcher, int events) {
    struct net *net = watcher->data;
    (void)loop;
    (void)events;
    net->now_ms = clock_steady_ms();
    for (int i = 0; i < ACCEPTS_MAX; i++) {
        struct sockaddr_storage from;
        socklen_t size = sizeof from;
        int descriptor = accept(net->listener, (struct sockaddr *)&from, &size);
        if (descriptor >= 0) {
            struct address peer = peer_of(&from);
            connection_accept(net, descriptor, &peer);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            pause_accepting(net, errno);
            return;
        } else if (errno == EAGAIN) {
            return;
        }
    }
}

void server_each_step(struct net *net) {
    if (net->resume_accept_ms != 0 && net->now_ms >= net->resume_accept_ms && !net->is_stopping) {
        net->resume_accept_ms = 0;
        ev_io_start(net->loop, &net->accept_watcher);
    }
    if (net->now_ms - net->tick_ms >= TICK_MS) {
        net->tick_ms = net->now_ms;
        if (net->handlers.tick != NULL) {
            net->handlers.tick(net->handlers.context, net->now_ms);
        }
    }
}

static void on_wake(struct ev_loop *loop, ev_async *watcher, int events) {
    struct net *net = watcher->data;
    (void)loop;
    (void)events;
    net->now_ms = clock_steady_ms();
    if (net->handlers.woken != NULL) {
        net->handlers.woken(net->handlers.context);
    }
}

static void on_readable(struct ev_loop *loop, ev_io *watcher, int events) {
    struct net *net = watcher->data;
    (void)loop;
    (void)events;
    net->now_ms = clock_steady_ms();
    if (net->handlers.readable != NULL) {
        net->handlers.readable(net->handlers.context);
    }
}

/* What each connection gets when the server stops: a close frame, its answer, or nothing. */
static void say_goodbye(struct connection *connection) {
    if (connection->state == STATE_OPEN) {
        connection->paused = 0;
        websocket_close(connection, 1012, "restarting");
    } else if (connection->state == STATE_HEAD && !connection->is_started) {
        work_drop(connection);
    }
}

static void on_stop(struct ev_loop *loop, ev_async *watcher, int events) {
    struct net *net = watcher->data;
    (void)loop;
    (void)events;
    if (net->is_stopping) {
        return;
    }
    net->is_stopping = 1;
    net->now_ms = clock_steady_ms();
    ev_io_stop(net->loop, &net->accept_watcher);
    (void)close(net->listener);
    net->listener = -1;
    for (size_t i = 0; i < net->slot_count; i++) {
        if (net->slots[i] != NULL) {
            say_goodbye(net->slots[i]);
        }
    }
    ev_timer_start(net->loop, &net->grace_timer);
    server_stop_when_empty(net);
}

static void on_grace(struct ev_loop *loop, ev_timer *timer, int events) {
    struct net *net = timer->data;
    (void)events;
    net->is_over = 1;
    ev_break(loop, EVBREAK_ALL);
}

void server_stop_when_empty(struct net *net) {
    if (net->is_stopping && net->counts.open == 0) {
        net->is_over = 1;
        ev_break(net->loop, EVBREAK_ALL);
    }
}

void server_start(struct net *net) {
    ev_io_init(&net->accept_watcher, on_accept, net->listener, EV_READ);
    ev_prepare_init(&net->work_watcher, work_watch);
    ev_timer_init(&net->step_timer, wheel_step, WHEEL_STEP_MS / 1000.0, WHEEL_STEP_MS / 1000.0);
    ev_timer_init(&net->grace_timer, on_grace, 1.0, 0.0);
    ev_async_init(&net->wake_async, on_wake);
    ev_async_init(&net->stop_async, on_stop);
    net->accept_watcher.data = net->work_watcher.data = net->step_timer.data = net;
    net->grace_timer.data = net->wake_async.data = net->stop_async.data = net;
    net->tick_ms = net->now_ms;
    ev_io_start(net->loop, &net->accept_watcher);
    ev_prepare_start(net->loop, &net->work_watcher);
    ev_timer_start(net->loop, &net->step_timer);
    ev_async_start(net->loop, &net->wake_async);
    ev_async_start(net->loop, &net->stop_async);
    net->is_started = 1;
}

/* Drops whoever is left, so that every handler hears of it. */
static void drop_all(struct net *net) {
    for (size_t i = 0; i < net->slot_count; i++) {
        if (net->slots[i] != NULL) {
            work_drop(net->slots[i]);
        }
    }
    work_all(net);
}

void server_end(struct net *net) {
    if (!net->is_started) {
        return;
    }
    drop_all(net);
    ev_io_stop(net->loop, &net->accept_watcher);
    ev_io_stop(net->loop, &net->watch_watcher);
    ev_prepare_stop(net->loop, &net->work_watcher);
    ev_timer_stop(net->loop, &net->step_timer);
    ev_timer_stop(net->loop, &net->grace_timer);
    ev_async_stop(net->loop, &net->wake_async);
    ev_async_stop(net->loop, &net->stop_async);
}

int net_port(const struct net *net) {
    return net->port;
}

int net_watch(struct net *net, int descriptor) {
    if (net->is_watching || server_prepare_descriptor(descriptor) != 0) {
        return -1;
    }
    ev_io_init(&net->watch_watcher, on_readable, descriptor, EV_READ);
    net->watch_watcher.data = net;
    ev_io_start(net->loop, &net->watch_watcher);
    net->is_watching = 1;
    return 0;
}

int net_run(struct net *net, int grace_ms) {
    ev_timer_set(&net->grace_timer, grace_ms > 0 ? grace_ms / 1000.0 : 0.001, 0.0);
    while (!net->is_over) {
        if (!ev_run(net->loop, 0)) {
            break; /* nothing is watched any more: the loop itself is broken */
        }
    }
    drop_all(net);
    return net->is_over ? 0 : -1;
}

void net_stop(struct net *net) {
    ev_async_send(net->loop, &net->stop_async);
}

void net_wake(struct net *net) {
    ev_async_send(net->loop, &net->wake_async);
}

void net_count(const struct net *net, struct net_counts *out) {
    *out = net->counts;
}
