/* The inside of the server, shared by the server*.c files. */
#ifndef PANDU_APP_SERVER_PARTS_H
#define PANDU_APP_SERVER_PARTS_H

#include <stdatomic.h>

#include "app/app.h"
#include "app/limits.h"
#include "app/server.h"
#include "base/arena.h"
#include "base/buf.h"
#include "channel/websocket/websocket.h"
#include "net/net.h"
#include "store/store.h"

enum {
    SERVER_HELLO_MS = 10 * 1000,        /* a connection that has not said hello by then is closed */
    SERVER_UNANSWERED_MAX = 8,          /* messages of a connection under way; then it is not read any more */
    SERVER_UNANSWERED_LOW = 4,          /* from here on it is read again */
    SERVER_BUFFERED_MAX = 32,           /* messages that were read before that took effect */
    SERVER_PAUSE_MS = 30 * 60 * 1000,   /* who comes back after that is welcomed back */
    SERVER_PAGE_ROWS = 32,              /* turns read at a time for a replay */
    SERVER_PAGE_BYTES = 128 * 1024,     /* sent of them before the connection must have drained */
    SERVER_NAME_TEXT = 48,              /* "w-" or "i-" and a hash */
    SERVER_LEFT_MAX = 1024,             /* conversations that were left before a word, still known */
    SERVER_BUCKETS = 8192,              /* of the tables of connections and visitors */
    SERVER_CONVERSATION_LIMITS = 16384, /* conversations and addresses whose rate is remembered */
    SERVER_ADDRESS_LIMITS = 4096,
    SERVER_DUE_BATCH = 128,     /* due events under way at a time */
    SERVER_DUE_WAIT_MS = 30000, /* after a failure */
    SERVER_STOP_MS = 1000, /* turns under way may take that long when it stops, and writing as long again */
    SERVER_RETRY_MS = 1000,
    SERVER_COMPLAIN_MS = 60 * 1000, /* between lines about a store that fails */
    SERVER_SPARES = 256,            /* records of messages under way that are kept for the next ones */
    SERVER_LATENCY_BUCKETS = 10
};

/* One open WebSocket. Many may be open at once: keep it small. */
enum connection_state {
    CONNECTION_NEW,       /* no hello yet */
    CONNECTION_ASKING,    /* the store was asked about its conversation */
    CONNECTION_REPLAYING, /* events it has not seen are read and sent page by page */
    CONNECTION_LIVE,      /* has all events, gets new ones as they are committed */
    CONNECTION_CLOSING
};
struct connection {
    net_id id;
    uint64_t address_key;
    int64_t opened_ms; /* steady */
    struct connection *next_in_bucket;
    struct connection *earlier, *later; /* among those that have not said hello */
    struct visitor *visitor;            /* from the welcome on */
    struct connection *next_tab;        /* of the same visitor */
    uint64_t sent_seq;                  /* every event up to here was sent, or seen before */
    uint16_t unanswered;
    uint8_t state; /* enum connection_state */
    uint8_t is_paused, is_waiting;
    uint8_t is_reading, has_failed; /* a page of the replay */
    uint8_t is_looking_back;        /* a page of history */
};

/* A conversation with connections open or turns under way. */
struct visitor {
    struct visitor *next_in_bucket;
    struct connection *tabs;
    char name[SERVER_NAME_TEXT]; /* in the store */
    uint64_t key;                /* a secret hash of it */
    uint64_t issued;             /* highest sequence number known */
    int language;                /* of the page, or -1 */
    unsigned pending;            /* requests to the app that will answer with this visitor */
    unsigned asked;              /* hellos about it that the store has not answered */
    uint8_t is_fresh;            /* nothing of it is stored */
    uint8_t is_opened;           /* the greeting is stored, or on its way */
};

struct server_counts {
    uint64_t turns[APP_STORAGE + 1]; /* by enum app_status */
    uint64_t naks[WEBSOCKET_UNSUPPORTED + 1];
    uint64_t hellos_fresh, hellos_resumed, replayed_events, dropped_replies;
    uint64_t idle, erased, exports, due_failures, reloads;
    uint64_t ratings[2]; /* not helped, helped */
    uint64_t latency[SERVER_LATENCY_BUCKETS + 1], latency_sum_ms;
    size_t visitors, connections;
};

struct server {
    struct server_options options; /* as they are now; texts in options_arena */
    struct arena *options_arena;
    struct arena *first_arena; /* of the options it was opened with: the network keeps some of them */
    struct limits_rate turn_rate, conversation_rate, request_rate;
    struct app *app;
    struct store *store;
    struct content *content; /* NULL in tests with an engine of their own */
    struct net *net;
    struct arena *arena; /* of the message or request at hand */
    struct arena *page;  /* of the rows at hand */
    struct buf out;
    struct limits *conversations, *addresses, *requests;
    uint64_t seed;
    uint64_t turn_seed; /* of the last turn: picks among ways to say a thing, so it need not be secret */
    struct connection *connections[SERVER_BUCKETS];
    struct visitor *visitors[SERVER_BUCKETS];
    uint64_t left[SERVER_LEFT_MAX]; /* keys of conversations given out, left before a word; a ring */
    size_t left_count;
    struct connection *first_waiting, *last_waiting; /* for their hello, in order of arrival */
    size_t replaying;
    size_t reads; /* verbs of the store under way */
    size_t due_running;
    int is_listing_due;
    int64_t due_after_ms; /* steady */
    int64_t steady_ms;    /* of the last tick */
    int64_t received_ms;  /* when the message at hand came, steady */
    int64_t polled_ms;    /* when the app was last asked for what is done, steady */
    struct pending *spares;
    size_t spare_count;
    int64_t stop_by_ms; /* steady; 0: not stopping */
    int was_healthy;
    int64_t complained_ms; /* when a failing store was last written to the log, steady */
    struct server_counts counts;
    atomic_int is_stopping, is_reload_asked;
    _Atomic(struct content *) next_content;
};

/* ---- server.c ---- */
/* What server_open does after making the app, which is taken even on failure. content may be NULL. */
struct server *server_open_take(const struct server_options *options, struct content *content,
                                struct app *app, struct store *store, struct err *err);
int64_t server_now_ms(const struct server *server);
/* Lets a store without a descriptor complete what was asked. */
void server_pump(struct server *server);

/* ---- server_options.c ---- */
/* Copies and checks; the texts in arena. 0, or ERR_INVALID. */
int server_options_copy(const struct server_options *options, struct arena *arena, struct server_options *out,
                        struct err *err);
/* Origins that may open chats, with the own ones; in arena. */
const char *const *server_options_origins(const struct server_options *options, int port, struct arena *arena,
                                          size_t *count);

/* ---- server_visitors.c ---- */
void server_opened(void *context, net_id id, const struct net_peer *peer);
void server_closed(void *context, net_id id);
struct connection *server_connection(struct server *server, net_id id);       /* NULL: gone */
struct visitor *server_visitor(struct server *server, const char *name);      /* NULL: none in memory */
struct visitor *server_visitor_make(struct server *server, const char *name); /* NULL: no memory */
/* Whether somebody is in it, or it is among the last that were given out and left before a word. */
int server_is_given_out(struct server *server, const char *name);
void server_attach(struct server *server, struct connection *connection, struct visitor *visitor);
/* One request to the app less; frees a visitor nobody needs. */
void server_release(struct server *server, struct visitor *visitor);
/* The same for a hello about it that the store has answered. */
void server_release_asked(struct server *server, struct visitor *visitor);
/* Sends what is in server->out and empties it. */
void server_send(struct server *server, struct connection *connection);
void server_nak(struct server *server, struct connection *connection, const char *id,
                enum websocket_code code, const char *why, int64_t retry_ms);
void server_close(struct server *server, struct connection *connection, int code, const char *why);
void server_close_silent(struct server *server); /* those that never said hello */
/* Other content came, with so many languages. */
void server_forget_languages(struct server *server, size_t count);
void server_visitors_free(struct server *server);

/* ---- server_hello.c ---- */
void server_hello(struct server *server, struct connection *connection, const struct websocket_in *in);
/* Name in the store of who shows a conversation token or a signed identity. 0, or -1 with *why. */
int server_name_of_token(const char *token, char out[SERVER_NAME_TEXT]);
int server_name_of_identity(const struct server *server, const char *identity, char out[SERVER_NAME_TEXT],
                            const char **why);

/* ---- server_replay.c ---- */
/* Sends a page of events and goes on until the connection has all there are. */
void server_replay_page(struct server *server, struct connection *connection,
                        const struct store_result *result);
/* A connection that was live misses events: it gets them with the next tick. */
void server_replay_behind(struct server *server, struct connection *connection);
/* The events of the turn that begins with first_seq once more, as far as they were sent before. */
void server_replay_again(struct server *server, struct connection *connection, uint64_t first_seq);
/* Sends one page of the events after that number, as far as they were sent before, and how far it reaches. */
void server_history(struct server *server, struct connection *connection, uint64_t after);
void server_drained(void *context, net_id id);
void server_replay_tick(struct server *server);

/* ---- server_turn.c ---- */
void server_message(struct server *server, struct connection *connection, const struct websocket_in *in);
/* Whether the chat helped: stored, acknowledged and told to every window like a message. */
void server_rating(struct server *server, struct connection *connection, const struct websocket_in *in);
/* Somebody came back: a recap after a pause. */
void server_return(struct server *server, struct visitor *visitor);
/* Sends a system event to every open connection of the conversation. */
void server_notify(struct server *server, const char *name, uint64_t seq, const char *what);
void server_spares_free(struct server *server);

/* ---- server_due.c ---- */
void server_due_tick(struct server *server);

/* ---- server_http.c ---- */
void server_request(void *context, net_id exchange, const struct net_request *request);

/* ---- server_metrics.c ---- */
void server_count_turn(struct server *server, enum app_status status, int64_t latency_ms);
/* Appends the Prometheus text form. */
void server_metrics_print(const struct server *server, struct buf *out);

#endif
