/* The network: HTTP and WebSocket on one loop. The only door to libwebsockets and libev. It knows frames,
   requests, addresses and queues; what is said in them is the business of whoever gives it handlers. One
   thread owns a net; every function but net_wake and net_stop is called on it. Why frames and requests are
   read here and not by the library: docs/rfc6455.md. What is sent in one round of the loop to one connection
   leaves in one system call when all handlers of the round have returned, so a handler never sees a
   connection vanish. */
#ifndef PANDU_NET_NET_H
#define PANDU_NET_NET_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct log;

/* A WebSocket connection or one HTTP exchange: slot and generation, never given out twice while the program
   runs. 0 is none. Naming one that is gone does nothing. */
typedef uint64_t net_id;

enum {
    NET_MESSAGE_MAX = 16 * 1024, /* bytes of one WebSocket message; longer ones close with 1009 */
    NET_QUEUE_MAX = 256 * 1024,  /* bytes waiting for one connection; more closes with 1013 */
    NET_BODY_MAX = 64 * 1024,    /* bytes of a request's body; more is 413 */
    NET_ADDRESS_MAX = 64,        /* an address as text */
    NET_CONNECTIONS_DEFAULT = 15000
};

struct net_options {
    const char *listen;   /* "127.0.0.1:8080", "[::1]:8080", "0.0.0.0:0"; port 0: any free one (net_port) */
    const char *protocol; /* WebSocket subprotocol, offered at path: "pandu.v1" and "/ws" */
    const char *path;
    const char *const *origins; /* who may open a WebSocket: "https://example.org"; the own public_url is the
                                   caller's to add. "*" allows every origin, "self" pages of this server at an
                                   address, a name without a dot or one in ".local". A request without Origin
                                   (no browser) is allowed; several, or "null", never are. */
    size_t origin_count;
    const char *const *trusted_proxies; /* addresses or CIDR whose X-Forwarded-For and -Proto are believed */
    size_t proxy_count;
    const char *certificate, *key;      /* PEM files: TLS. Both or neither */
    size_t connections_max;             /* 0: the default; kept well below the descriptor limit in any case */
    size_t connections_per_address_max; /* 0: no limit; sockets of one address (/64 for IPv6) */
    int ping_ms,
        timeout_ms; /* silence before a ping, and before the connection is given up; 0: 30 and 75 s */
};

/* Who is at the other end. Borrowed. */
struct net_peer {
    const char *address; /* the visitor's, as a trusted proxy tells it; IPv6 without zone */
    const char *origin;  /* NULL: none was sent */
    int is_secure;       /* TLS here or at the trusted proxy */
};

struct net_request {
    const char *method; /* "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS" */
    const char *path;   /* decoded once, begins with "/", no "..", no NUL */
    const char *query;  /* without "?", not decoded; "" when there is none */
    const char *body;   /* NUL-terminated for convenience */
    size_t body_length;
    const struct net_peer *peer;
    /* The value of a header, or NULL; names in lower case. Known: authorization, content-type, if-none-match,
       accept-language, user-agent. Valid until the handler returns. */
    const char *(*header)(const struct net_request *request, const char *name);
};

struct net_header {
    const char *name, *value;
};
struct net_response { /* copied by net_respond */
    int status;
    const char *type; /* content type; NULL: none */
    const char *body;
    size_t length;
    const struct net_header *headers; /* beside the strict ones every answer gets */
    size_t header_count;
};

/* Context is the caller's. All run on the loop; those that are NULL are not called. */
struct net_handlers {
    void *context;
    /* Before a WebSocket is accepted: 0 lets it in, else an HTTP status (403, 429, 503). */
    int (*admit)(void *context,
                 const struct net_peer *peer); /* after path, Origin and headers were found good */
    void (*opened)(void *context, net_id connection, const struct net_peer *peer);
    /* One whole text message: valid UTF-8, at most NET_MESSAGE_MAX bytes, NUL-terminated behind length. */
    void (*received)(void *context, net_id connection, const char *text, size_t length);
    /* Also after net_close, and when a queue was full: then later, never inside another function of this
       header. */
    void (*closed)(void *context, net_id connection);
    /* All that net_send queued for an open WebSocket was written: the place to send the next page. */
    void (*drained)(void *context, net_id connection);
    /* Every request that is no WebSocket and no static file. Answer now or later with net_respond; an
       exchange unanswered after 30 s gets 504. */
    void (*request)(void *context, net_id exchange, const struct net_request *request);
    void (*readable)(void *context);                /* the descriptor of net_watch */
    void (*rest)(void *context);                    /* before the loop waits: its round is over */
    void (*woken)(void *context);                   /* after net_wake, on the loop */
    void (*tick)(void *context, int64_t steady_ms); /* every second, for timers */
};

struct net;

/* Opens the port. log is borrowed (base/log.h). NULL with *err: ERR_IO (address in use, not ours to bind:
   says which and what to do), ERR_SYNTAX (an option), ERR_NOT_FOUND (certificate). */
struct net *net_open(const struct net_options *options, const struct net_handlers *handlers,
                     const struct log *log, struct err *err);
int net_port(const struct net *net);            /* the one in use */
int net_watch(struct net *net, int descriptor); /* one descriptor; 0, or -1 */

/* Serves files below folder at prefix ("/", "/widget/"), or one file at its path ("/widget.js"). They are
   read once, now: later changes need another call, which replaces the prefix's files at once or not at all.
   ETag of the content, 304, strict headers; other origins may embed them (cross_origin: CORS and CORP
   headers). index.html stands for the folder. At most 256 files of 4 MB. 0, or *err. */
int net_static(struct net *net, const char *prefix, const char *folder, int cross_origin, struct err *err);

/* Runs until net_stop; then no new connection is taken, queues are written out for at most grace_ms and every
   connection is closed with 1012. 0, or -1 when the loop failed. */
int net_run(struct net *net, int grace_ms);

void net_stop(struct net *net); /* from any thread or a signal handler */
void net_wake(struct net *net); /* from any thread or a signal handler: calls woken */

/* Queues one text message. 0; -1 when the connection is gone or was closed for a full queue. */
int net_send(struct net *net, net_id connection, const char *text, size_t length);
/* Stops or goes on reading from a connection: back-pressure while turns are pending. */
void net_pause(struct net *net, net_id connection, int paused);
/* Closes after what is queued is written. reason at most 123 bytes. */
void net_close(struct net *net, net_id connection, int code, const char *reason);
int net_respond(struct net *net, net_id exchange, const struct net_response *response);

/* Reads the certificate and key of the options anew; connections stay. 0, or ERR_NOT_FOUND, ERR_SYNTAX (then
   the old ones stay). */
int net_reload_certificate(struct net *net, struct err *err);
int net_set_origins(struct net *net, const char *const *origins, size_t count); /* 0, or -1 without memory */

/* accepted: sockets taken; refused: sockets and upgrades turned away; closed_slow: for a full queue;
   closed_silent: for silence or a message never finished; open: sockets, HTTP included. Bytes as on the wire,
   without TLS. */
struct net_counts {
    uint64_t accepted, refused, messages_in, messages_out, bytes_in, bytes_out, closed_slow, closed_silent,
        requests;
    size_t open, queued_bytes;
};
void net_count(const struct net *net, struct net_counts *out);

void net_free(struct net *net); /* after net_run returned; NULL is fine */

#endif
