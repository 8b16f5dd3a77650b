/* Opening a net: options checked and copied, descriptors, the listening socket, the library's context. Called
   once by whoever serves. */
#include "net/net_parts.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"

#include "banned.h"

enum { PING_MS = 30000, TIMEOUT_MS = 75000, BACKLOG = 4096, DESCRIPTORS_MOST = 1 << 20 };

static int copy_options(struct net *net, const struct net_options *options, struct err *err) {
    net->protocol = strdup(options->protocol);
    net->path = strdup(options->path);
    net->certificate = options->certificate != NULL ? strdup(options->certificate) : NULL;
    net->key = options->key != NULL ? strdup(options->key) : NULL;
    net->ping_ms = options->ping_ms > 0 ? options->ping_ms : PING_MS;
    net->timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : TIMEOUT_MS;
    net->per_address = options->connections_per_address_max;
    if (net->protocol == NULL || net->path == NULL ||
        (options->certificate != NULL && net->certificate == NULL) ||
        (options->key != NULL && net->key == NULL)) {
        return err_set(err, ERR_MEMORY, "No memory for the network.");
    }
    if ((net->certificate == NULL) != (net->key == NULL)) {
        return err_set(err, ERR_SYNTAX, "TLS needs both a certificate and a key.");
    }
    if (net->timeout_ms <= net->ping_ms) {
        return err_set(err, ERR_SYNTAX,
                       "The timeout (%d ms) has to be longer than the time to a ping (%d ms).",
                       net->timeout_ms, net->ping_ms);
    }
    return net->certificate != NULL ? tls_check(net, err) : 0;
}

static int copy_lists(struct net *net, const struct net_options *options, struct err *err) {
    int wrong = origins_set(&net->origins, options->origins, options->origin_count);
    if (wrong > 0) {
        return err_set(err, ERR_SYNTAX,
                       "'%s' is no origin: write it like https://example.org, without a path.",
                       options->origins[wrong - 1]);
    }
    net->trusted = calloc(options->proxy_count + 1, sizeof *net->trusted);
    if (wrong != 0 || net->trusted == NULL) {
        return err_set(err, ERR_MEMORY, "No memory for the network.");
    }
    for (size_t i = 0; i < options->proxy_count; i++) {
        if (network_parse(options->trusted_proxies[i], &net->trusted[i]) != 0) {
            return err_set(err, ERR_SYNTAX, "'%s' is no address and no network like 10.0.0.0/8.",
                           options->trusted_proxies[i]);
        }
        net->trusted_count++;
    }
    return 0;
}

int net_set_origins(struct net *net, const char *const *origins, size_t count) {
    return origins_set(&net->origins, origins, count) == 0 ? 0 : -1;
}

/* Room for wanted connections and for what else is open (database, logs, the loop): the soft limit is raised
   as far as the hard one lets us, and the connections are cut to what then fits. The library sizes its tables
   by the soft limit, so a limit of millions is lowered. */
static size_t reserve_descriptors(size_t wanted) {
    struct rlimit limit;
    size_t reserve = 256;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return wanted < 512 ? wanted : 512;
    }
    rlim_t needed = wanted + reserve;
    if (limit.rlim_cur < needed || limit.rlim_cur > DESCRIPTORS_MOST) {
        limit.rlim_cur = needed < limit.rlim_max ? needed : limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
        (void)getrlimit(RLIMIT_NOFILE, &limit);
    }
    size_t have = (size_t)limit.rlim_cur;
    size_t fits = have >= 2 * reserve ? have - reserve : have / 2;
    return wanted < fits ? wanted : fits;
}

static int make_slots(struct net *net, size_t wanted, struct err *err) {
    size_t most = ((size_t)1 << SLOT_BITS) - 1;
    size_t count = reserve_descriptors(wanted == 0 ? NET_CONNECTIONS_DEFAULT : wanted < most ? wanted : most);
    net->slots = calloc(count, sizeof(struct connection *));
    net->free_slots = calloc(count, sizeof *net->free_slots);
    if (net->slots == NULL || net->free_slots == NULL) {
        return err_set(err, ERR_MEMORY, "No memory for %zu connections.", count);
    }
    net->slot_count = net->free_count = count;
    for (size_t i = 0; i < count; i++) {
        net->free_slots[i] = (uint32_t)(count - 1 - i);
    }
    return 0;
}

union socket_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static socklen_t fill_address(const struct address *address, uint16_t port, union socket_address *out) {
    memset(out, 0, sizeof *out);
    if (address_is_v4(address)) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons(port);
        memcpy(&out->v4.sin_addr, address->bytes + 12, 4);
        return sizeof out->v4;
    }
    out->v6.sin6_family = AF_INET6;
    out->v6.sin6_port = htons(port);
    memcpy(&out->v6.sin6_addr, address->bytes, 16);
    return sizeof out->v6;
}

static int explain_bind(const char *listen, int error, struct err *err) {
    if (error == EADDRINUSE) {
        return err_set(err, ERR_IO,
                       "%s is in use: another program (or another pandu) listens there. Stop it or listen on "
                       "another port.",
                       listen);
    }
    if (error == EACCES) {
        return err_set(err, ERR_IO,
                       "%s may not be bound by this user: take a port above 1023, or put a proxy in front.",
                       listen);
    }
    if (error == EADDRNOTAVAIL) {
        return err_set(err, ERR_IO, "%s is no address of this machine: 127.0.0.1 and 0.0.0.0 always are.",
                       listen);
    }
    return err_set(err, ERR_IO, "Cannot listen on %s: %s.", listen, strerror(error));
}

static int read_port(struct net *net) {
    union socket_address bound;
    socklen_t size = sizeof bound;
    if (getsockname(net->listener, &bound.any, &size) != 0) {
        return -1;
    }
    net->port = ntohs(bound.any.sa_family == AF_INET ? bound.v4.sin_port : bound.v6.sin6_port);
    return 0;
}

static int open_listener(struct net *net, const char *text, struct err *err) {
    struct address address;
    union socket_address bound;
    uint16_t port;
    int on = 1;
    if (address_listen(text, &address, &port) != 0) {
        return err_set(err, ERR_SYNTAX,
                       "'%s' is no address to listen on: write 127.0.0.1:8080 or [::1]:8080.", text);
    }
    socklen_t size = fill_address(&address, port, &bound);
    net->listener = socket(bound.any.sa_family, SOCK_STREAM, 0);
    if (net->listener < 0) {
        return explain_bind(text, errno, err);
    }
    (void)setsockopt(net->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(net->listener, &bound.any, size) != 0 || listen(net->listener, BACKLOG) != 0 ||
        server_prepare_descriptor(net->listener) != 0 || read_port(net) != 0) {
        return explain_bind(text, errno, err);
    }
    return 0;
}

static int open_library(struct net *net, struct err *err) {
    struct lws_context_creation_info info;
    memset(&info, 0, sizeof info);
    lws_set_log_level(0, NULL); /* what we need to know it also tells by its return values */
    net->loop = ev_loop_new(EVFLAG_AUTO);
    net->loops[0] = net->loop;
    net->protocols[0].name = net->protocol;
    net->protocols[0].callback = connection_callback;
    net->protocols[0].tx_packet_size = WRITE_MAX;
    info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
    info.protocols = net->protocols;
    info.foreign_loops = net->loops;
    info.options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
    info.pt_serv_buf_size = READ_MAX;
    info.uid = -1;
    info.gid = -1;
    if (net->certificate != NULL) {
        tls_options(net, &info);
    }
    net->context = net->loop != NULL ? lws_create_context(&info) : NULL;
    if (net->context == NULL) {
        return err_set(err, ERR_IO,
                       "The network library could not be started (is libwebsockets-evlib-ev there?).");
    }
    net->vhost = lws_create_vhost(net->context, &info);
    if (net->vhost == NULL) {
        return net->certificate != NULL
                   ? err_set(err, ERR_SYNTAX,
                             "The certificate '%s' and the key '%s' are no pair of PEM files.",
                             net->certificate, net->key)
                   : err_set(err, ERR_IO, "The network library could not be started.");
    }
    return 0;
}

struct net *net_open(const struct net_options *options, const struct net_handlers *handlers,
                     const struct log *log, struct err *err) {
    struct net *net = calloc(1, sizeof *net);
    if (net == NULL) {
        err_set(err, ERR_MEMORY, "No memory for the network.");
        return NULL;
    }
    net->handlers = *handlers;
    net->log = log;
    net->listener = -1;
    net->now_ms = clock_steady_ms();
    net->wheel_at = (uint64_t)(net->now_ms / WHEEL_STEP_MS);
    if (copy_options(net, options, err) != 0 || copy_lists(net, options, err) != 0 ||
        make_slots(net, options->connections_max, err) != 0 ||
        open_listener(net, options->listen, err) != 0 || open_library(net, err) != 0) {
        net_free(net);
        return NULL;
    }
    server_start(net);
    return net;
}

void net_free(struct net *net) {
    if (net == NULL) {
        return;
    }
    server_end(net);
    if (net->context != NULL) {
        lws_context_destroy(net->context);
    }
    if (net->loop != NULL) {
        ev_loop_destroy(net->loop);
    }
    if (net->listener >= 0) {
        (void)close(net->listener);
    }
    for (size_t i = 0; i < net->set_count; i++) {
        static_release(net->sets[i]);
    }
    origins_close(&net->origins);
    free(net->nodes); /* every connection has left its address: only the table is there */
    free(net->sets);
    free(net->trusted);
    free(net->slots);
    free(net->free_slots);
    free(net->protocol);
    free(net->path);
    free(net->certificate);
    free(net->key);
    queue_free_spares(net);
    free(net);
}
