/* What the files of net share. Nobody outside includes it.

   One connection is one socket. It begins as HTTP and may turn into a WebSocket; its id changes with every
   exchange and with the upgrade, so that a late answer never reaches the wrong one. All that happens to a
   connection outside its own library callback is put on the work list and done before the loop waits again
   (work.c): there frames queued in one round leave in one write, and closing is safe. */
#ifndef PANDU_NET_NET_PARTS_H
#define PANDU_NET_NET_PARTS_H

#include <ev.h>
#include <libwebsockets.h>

#include "base/buf.h"
#include "net/address.h"
#include "net/handshake.h"
#include "net/net.h"

struct request_head;

enum {
    WRITE_MAX = 16 * 1024, /* bytes given to the library at once */
    READ_MAX = 16 * 1024,  /* bytes it hands us at once */
    OUT_FIRST = 4096,      /* bytes of a queue's first buffer: nearly all answers fit */
    OUT_SPARES = 64,       /* such buffers kept for the next answers */
    SLOT_BITS = 20,
    WHEEL_SLOTS = 512,
    WHEEL_STEP_MS = 250,
    HEAD_MS = 10000,      /* for a request's head, from its first byte or the connect */
    BODY_MS = 20000,      /* for its body */
    KEEP_MS = 15000,      /* between two requests */
    EXCHANGE_MS = 30000,  /* for the handler's answer */
    WRITE_MS = 30000,     /* without the peer taking a byte of an answer */
    MESSAGE_MS = 30000,   /* for one message from its first byte */
    CLOSING_MS = 5000,    /* for the peer's close frame */
    LINGER_MS = 2000,     /* reading on after an answer that cuts a request short, so that it arrives */
    LINGER_BYTES = 262144 /* and no more than this */
};

enum state {
    STATE_HEAD,     /* waiting for, or inside, a request's head */
    STATE_BODY,     /* inside its body */
    STATE_EXCHANGE, /* the handler owes an answer */
    STATE_ANSWER,   /* the answer is being written */
    STATE_OPEN,     /* WebSocket */
    STATE_CLOSING,  /* WebSocket, our close frame is queued or sent */
    STATE_LINGER    /* nothing more to say; what comes is thrown away */
};

struct address_node {
    struct address_node *next;
    struct address group;
    size_t count;
};

/* The files of one prefix, shared with the answers being written from them. */
struct static_file {
    char *path; /* "/widget/chat.js" */
    const char *type;
    char *body;
    size_t length;
    char etag[24];
};
struct static_set {
    char *prefix;
    int cross_origin;
    size_t users;
    size_t count;
    struct static_file *files; /* sorted by path */
};

struct connection {
    struct net *net;
    struct lws *wsi; /* NULL: the socket is gone, work.c frees the rest */
    struct connection *work_next;
    struct connection *wheel_previous, *wheel_next;
    struct address_node *counted;
    struct address peer;
    net_id id;                       /* 0 while nobody may name it */
    int64_t due_ms;                  /* when the wheel looks at it */
    int64_t seen_ms;                 /* the last byte from it */
    int64_t started_ms;              /* of the message or write being waited for; 0: none */
    struct buf input;                /* what could not be handled yet */
    struct buf message;              /* fragments so far */
    size_t head_length, body_length; /* of the request being read */
    unsigned char *out;              /* LWS_PRE bytes, then what is queued */
    size_t out_start, out_length, out_capacity;
    struct static_set *set; /* the rest of the answer: a file's bytes */
    const char *rest;
    size_t rest_length;
    uint32_t slot;
    uint32_t discarded; /* bytes, while lingering */
    uint16_t wheel_slot;
    uint64_t wheel_step;
    uint8_t state;
    unsigned in_work : 1, in_wheel : 1, paused : 1, in_message : 1, must_close : 1, is_dropped : 1,
        is_last : 1, is_cut : 1, is_head : 1, was_opened : 1, is_pinged : 1, is_started : 1, is_deaf : 1,
        has_sent : 1, is_calm : 1; /* no timer of the library runs on it */
};

struct net {
    struct net_handlers handlers;
    const struct log *log;
    struct ev_loop *loop;
    struct lws_context *context;
    struct lws_vhost *vhost;
    struct lws_protocols protocols[2];
    void *loops[1];
    int listener, port;
    ev_io accept_watcher, watch_watcher;
    ev_prepare work_watcher;
    ev_timer step_timer, grace_timer;
    ev_async wake_async, stop_async;
    struct connection **slots;
    uint32_t *free_slots;
    size_t slot_count, free_count;
    uint64_t serial;
    struct connection *work_first, *work_last;
    struct connection *wheel[WHEEL_SLOTS];
    uint64_t wheel_at; /* steps done */
    int64_t now_ms;    /* steady; set when the loop wakes */
    int64_t tick_ms, resume_accept_ms, warned_ms;
    struct address_node **nodes;
    struct origin_list origins;
    struct network *trusted;
    size_t trusted_count;
    size_t per_address;
    char *protocol, *path, *certificate, *key;
    int ping_ms, timeout_ms;
    struct static_set **sets;
    size_t set_count;
    int is_started, is_watching, is_stopping, is_over;
    struct net_counts counts;
    char head[NET_MESSAGE_MAX + 1]; /* the request being handled, cut into strings */
    char body[NET_BODY_MAX + 1];
    char scratch[NET_MESSAGE_MAX + 1]; /* the message being handed over */
    unsigned char chunk[LWS_PRE + WRITE_MAX];
    unsigned char *spares[OUT_SPARES];
    size_t spare_count;
};

/* connection.c */
struct connection *connection_find(const struct net *net, net_id id);
void connection_accept(struct net *net, int descriptor, const struct address *peer); /* owns descriptor */
void connection_input(struct connection *connection);  /* goes on with what is held */
void connection_listen(struct connection *connection); /* reads on, or lets the peer wait */
void connection_shut(const struct connection *connection);
net_id connection_rename(struct connection *connection); /* a new id */
void connection_release(struct connection *connection);  /* after its socket is gone */
int connection_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                        size_t length);
int address_enter(struct connection *connection, const struct address *peer); /* 0, or -1: too many */
void address_leave(struct connection *connection);

/* work.c */
void work_add(struct connection *connection);
void work_drop(struct connection *connection); /* closes the socket without another byte */
void work_watch(struct ev_loop *loop, ev_prepare *watcher, int events);
void work_all(struct net *net);

/* queue.c */
int queue_add(struct connection *connection, const void *bytes, size_t length); /* 0, or -1: no memory */
int queue_frame(struct connection *connection, int opcode, const void *payload, size_t length);
size_t queue_length(const struct connection *connection);
int queue_flush(struct connection *connection); /* -1: the socket is broken */
void queue_close(struct connection *connection);
void queue_free_spares(struct net *net);

/* wheel.c */
void wheel_set(struct connection *connection, int64_t due_ms);
void wheel_remove(struct connection *connection);
void wheel_step(struct ev_loop *loop, ev_timer *timer, int events);
void wheel_expired(struct connection *connection);

/* websocket.c */
size_t websocket_input(struct connection *connection, const uint8_t *bytes, size_t length);
void websocket_start(struct connection *connection);
void websocket_close(struct connection *connection, int code, const char *reason);
/* Everything queued was written. */
void websocket_written(struct connection *connection);
void websocket_expired(struct connection *connection);

/* http.c */
size_t http_input(struct connection *connection, const char *bytes, size_t length);
void http_expired(struct connection *connection);
void http_answered(struct connection *connection); /* the answer is written */
void http_wait(struct connection *connection);     /* for the next request */

/* upgrade.c */
struct peer_text { /* who is at the other end of one request */
    struct net_peer peer;
    struct address from;
    char address[NET_ADDRESS_MAX];
};
void upgrade_peer(const struct connection *connection, const struct request_head *head,
                  struct peer_text *out);
void upgrade_request(struct connection *connection, const struct request_head *head, const char *path);

/* answer.c */
struct answer {
    int status;
    const char *type, *body;
    size_t length;
    const struct net_header *headers;
    size_t header_count;
    const struct static_set *set; /* a file's answer: its policy */
    const char *host;             /* for its policy; NULL: unknown */
    const char *etag;
};
void answer_send(struct connection *connection, const struct answer *answer);
void answer_status(struct connection *connection, int status);

/* static.c */
int static_answer(struct connection *connection, const struct request_head *head, const char *path);
void static_release(struct static_set *set);

/* tls.c */
int tls_check(const struct net *net, struct err *err);
void tls_options(const struct net *net, struct lws_context_creation_info *info);

/* server.c */
void server_stop_when_empty(struct net *net);
void server_each_step(struct net *net);
int server_prepare_descriptor(int descriptor);      /* does not block, is not inherited; 0, or -1 */
void server_warn(struct net *net, const char *why); /* logs at most once in ten seconds */
void server_start(struct net *net);
void server_end(struct net *net);

#endif
