/* The echo server of the network tests: says back what it hears, and does on command what a test needs. It
   never outlives its parent by more than --seconds. Called by tests/net/ *.py. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "net/net.h"

#include "banned.h"

enum { LATER_MAX = 64, LIST_MAX = 16 };

struct echo {
    struct net *net;
    net_id later[LATER_MAX]; /* exchanges answered at the next tick */
    size_t later_count;
    net_id paused;
    const char *folder;
    int opened, closed, seconds;
};

static struct net *volatile running; /* for the signal handler only */

static void on_signal(int number) {
    (void)number;
    if (running != NULL) {
        net_stop(running);
    }
}

static void say(struct echo *echo, net_id connection, const char *what, long a, long b) {
    char text[128];
    int length = snprintf(text, sizeof text, "%s %ld %ld", what, a, b);
    net_send(echo->net, connection, text, (size_t)length);
}

/* "!close 4000 words", "!flood 100", "!pause", "!stop", "!count": what a test wants done. */
static void command(struct echo *echo, net_id connection, const char *text) {
    static const char FILL[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    char *end;
    if (strncmp(text, "!close ", 7) == 0) {
        long code = strtol(text + 7, &end, 10);
        net_close(echo->net, connection, (int)code, *end == ' ' ? end + 1 : NULL);
    } else if (strncmp(text, "!flood ", 7) == 0) {
        for (long left = strtol(text + 7, NULL, 10); left > 0; left--) {
            net_send(echo->net, connection, FILL, sizeof FILL - 1);
        }
    } else if (strcmp(text, "!pause") == 0) {
        echo->paused = connection;
        net_pause(echo->net, connection, 1);
    } else if (strcmp(text, "!stop") == 0) {
        net_stop(echo->net);
    } else if (strcmp(text, "!reload") == 0) {
        struct err err = {0};
        say(echo, connection, "reload", net_reload_certificate(echo->net, &err), 0);
    } else if (strcmp(text, "!files") == 0) {
        struct err err = {0};
        say(echo, connection, "files", net_static(echo->net, "/", echo->folder, 0, &err), 0);
    } else if (strncmp(text, "!origin ", 8) == 0) {
        const char *const origins[] = {text + 8};
        say(echo, connection, "origins", net_set_origins(echo->net, origins, 1), 0);
    } else if (strcmp(text, "!wake") == 0) {
        echo->paused = connection;
        net_wake(echo->net);
    } else {
        struct net_counts counts;
        net_count(echo->net, &counts);
        say(echo, connection, "open", (long)counts.open, (long)counts.closed_slow);
        say(echo, connection, "queued", (long)counts.queued_bytes, (long)counts.messages_out);
    }
}

static int admit(void *context, const struct net_peer *peer) {
    (void)context;
    return peer->origin != NULL && strcmp(peer->origin, "https://busy.example") == 0 ? 429 : 0;
}

static void opened(void *context, net_id connection, const struct net_peer *peer) {
    struct echo *echo = context;
    (void)connection;
    (void)peer;
    echo->opened++;
}

static void closed(void *context, net_id connection) {
    struct echo *echo = context;
    (void)connection;
    echo->closed++;
}

static void received(void *context, net_id connection, const char *text, size_t length) {
    struct echo *echo = context;
    if (text[0] == '!') {
        command(echo, connection, text);
    } else {
        net_send(echo->net, connection, text, length);
    }
}

static void respond_text(struct echo *echo, net_id exchange, int status, const char *text, size_t length) {
    const struct net_header headers[] = {{"X-Test", "yes"}, {"X-Split", "a\r\nX-Bad: b"}};
    struct net_response response = {status, "text/plain", text, length, headers, 2};
    net_respond(echo->net, exchange, &response);
}

static void request(void *context, net_id exchange, const struct net_request *request) {
    struct echo *echo = context;
    if (strcmp(request->path, "/later") == 0 && echo->later_count < LATER_MAX) {
        echo->later[echo->later_count++] = exchange;
        return;
    }
    if (strcmp(request->path, "/never") == 0) {
        return;
    }
    const char *agent = request->header(request, "user-agent");
    struct buf text;
    buf_init(&text, 0);
    buf_add_format(&text, "%s %s ?%s [%s] %zu agent=%s from=%s secure=%d", request->method, request->path,
                   request->query, request->body, request->body_length, agent != NULL ? agent : "-",
                   request->peer->address, request->peer->is_secure);
    if (strcmp(request->path, "/large") == 0) {
        while (text.length < 300000) {
            buf_add_text(&text, " large");
        }
    }
    respond_text(echo, exchange, 200, text.data, text.length);
    buf_close(&text);
}

static void woken(void *context) {
    struct echo *echo = context;
    net_send(echo->net, echo->paused, "woken", 5);
}

static void tick(void *context, int64_t steady_ms) {
    struct echo *echo = context;
    (void)steady_ms;
    for (size_t i = 0; i < echo->later_count; i++) {
        respond_text(echo, echo->later[i], 200, "later", 5);
    }
    echo->later_count = 0;
    net_pause(echo->net, echo->paused, 0);
    if (--echo->seconds <= 0) {
        net_stop(echo->net);
    }
}

struct setup {
    struct net_options options;
    const char *origins[LIST_MAX], *proxies[LIST_MAX];
    const char *folder, *shared;
    int grace_ms, seconds;
};

/* --name value pairs; a wrong one is the test's mistake. */
static int read_options(struct setup *setup, int count, char **words) {
    for (int i = 1; i + 1 < count; i += 2) {
        const char *name = words[i], *value = words[i + 1];
        int number = (int)strtol(value, NULL, 10);
        if (strcmp(name, "--listen") == 0) {
            setup->options.listen = value;
        } else if (strcmp(name, "--origin") == 0) {
            setup->origins[setup->options.origin_count++] = value;
        } else if (strcmp(name, "--proxy") == 0) {
            setup->proxies[setup->options.proxy_count++] = value;
        } else if (strcmp(name, "--certificate") == 0) {
            setup->options.certificate = value;
        } else if (strcmp(name, "--key") == 0) {
            setup->options.key = value;
        } else if (strcmp(name, "--most") == 0) {
            setup->options.connections_max = (size_t)number;
        } else if (strcmp(name, "--per-address") == 0) {
            setup->options.connections_per_address_max = (size_t)number;
        } else if (strcmp(name, "--ping") == 0) {
            setup->options.ping_ms = number;
        } else if (strcmp(name, "--timeout") == 0) {
            setup->options.timeout_ms = number;
        } else if (strcmp(name, "--folder") == 0) {
            setup->folder = value;
        } else if (strcmp(name, "--shared") == 0) {
            setup->shared = value;
        } else if (strcmp(name, "--grace") == 0) {
            setup->grace_ms = number;
        } else if (strcmp(name, "--seconds") == 0) {
            setup->seconds = number;
        } else {
            return -1;
        }
    }
    return 0;
}

static int run(struct echo *echo, const struct setup *setup) {
    struct err err = {0};
    struct log log = {.out = stderr, .lowest = LOG_WARNING};
    struct net_handlers handlers = {.context = echo,
                                    .admit = admit,
                                    .opened = opened,
                                    .received = received,
                                    .closed = closed,
                                    .request = request,
                                    .woken = woken,
                                    .tick = tick};
    echo->net = net_open(&setup->options, &handlers, &log, &err);
    if (echo->net == NULL ||
        (setup->folder != NULL && net_static(echo->net, "/", setup->folder, 0, &err) != 0) ||
        (setup->shared != NULL && net_static(echo->net, "/widget/", setup->shared, 1, &err) != 0)) {
        (void)fprintf(stderr, "%s\n", err.text);
        net_free(echo->net);
        return 1;
    }
    running = echo->net;
    printf("%d\n", net_port(echo->net));
    (void)fflush(stdout);
    int rc = net_run(echo->net, setup->grace_ms);
    printf("opened %d closed %d rc %d\n", echo->opened, echo->closed, rc);
    running = NULL;
    net_free(echo->net);
    return rc != 0 || echo->opened != echo->closed;
}

int main(int count, char **words) {
    struct setup setup = {.options = {.listen = "127.0.0.1:0", .protocol = "pandu.v1", .path = "/ws"},
                          .grace_ms = 1000,
                          .seconds = 120};
    setup.options.origins = setup.origins;
    setup.options.trusted_proxies = setup.proxies;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    if (read_options(&setup, count, words) != 0 || sigaction(SIGTERM, &action, NULL) != 0) {
        return 2;
    }
    struct echo echo = {.seconds = setup.seconds, .folder = setup.folder};
    return run(&echo, &setup);
}
