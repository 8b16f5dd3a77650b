/* The server: visitors over WebSocket, a few HTTP routes, and what is due, on one loop (net/net.h). Whatever
   is acknowledged was committed before. One thread owns a server; only what says so may be called from
   elsewhere. Needs no other header of the project. */
#ifndef PANDU_APP_SERVER_H
#define PANDU_APP_SERVER_H

#include <stddef.h>
#include <stdint.h>

struct content;
struct err;
struct log;
struct store;

enum server_metrics { SERVER_METRICS_LOOPBACK, SERVER_METRICS_OFF, SERVER_METRICS_ALL };

struct server_options {
    const char *listen;         /* "127.0.0.1:8080"; port 0: any free one (server_port) */
    const char *public_url;     /* how visitors reach it, or NULL; its origin may open chats */
    const char *const *origins; /* whose pages may open chats; "*": all. With neither these nor public_url:
                                   the own pages at localhost */
    size_t origin_count;
    const char *const *trusted_proxies;
    size_t proxy_count;
    const char *certificate, *key;                        /* PEM files; both or neither */
    size_t connections_max, connections_per_address_max;  /* 0: the network's default; no limit */
    int64_t turn_burst, turns_per_minute;                 /* of one conversation; 0: 20 and 120 */
    int64_t conversation_burst, conversations_per_minute; /* begun from one address; 0: 400 and 60 */
    int64_t idle_after_ms, retention_ms;                  /* silence until then; 0: never */
    const char *identity_secret; /* at least 32 bytes: signed identities are believed; NULL: refused */
    enum server_metrics metrics; /* LOOPBACK is for visitors' addresses: behind a proxy that is not trusted
                                    all look local */
    const char *web_folder;      /* its widget.js and widget/ are served to pages of any origin; or NULL */
    int has_demo;                /* its demo/ is served at / */
    const char *data_folder;     /* where exports asked for in the chat are written, or NULL */
    const struct log *log;       /* borrowed; NULL: silent */
    /* Called on the loop after server_ask_reload. May start a thread that ends in server_reload_take. */
    void (*reload)(void *context);
    void *reload_context;
    int64_t (*now_ms)(void); /* UTC; NULL: clock_now_ms. For tests */
};

struct server;

/* Opens the port. Options are copied; content: one reference is taken; store is borrowed and must outlive the
   server. NULL with *err: ERR_IO (port), ERR_SYNTAX or ERR_INVALID (an option), ERR_NOT_FOUND (a file),
   ERR_MEMORY. */
struct server *server_open(const struct server_options *options, struct content *content, struct store *store,
                           struct err *err);
int server_port(const struct server *server); /* the real one where options said 0 */

/* Runs until server_stop, then lets what was said be answered for at most 2 s. 0, or -1: the loop failed. */
int server_run(struct server *server);
void server_stop(struct server *server);       /* from any thread or a signal handler */
void server_ask_reload(struct server *server); /* from any thread or a signal handler: calls options.reload */

/* Hands over another bundle with its reference: turns that start from now on use it. From any thread; the
   caller must not touch it any more. A bundle not yet taken over is replaced. */
void server_reload_take(struct server *server, struct content *content);

/* Takes over what can change while it runs: origins, public_url, rates, times, identity_secret, metrics, and
   the certificate's files (read anew). Only on the loop (from options.reload) or before server_run. 0; or
   *err and the certificate or origins are as before. */
int server_apply(struct server *server, const struct server_options *options, struct err *err);

void server_free(struct server *server); /* after server_run returned; NULL is fine */

#endif
