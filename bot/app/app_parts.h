/* The inside of an app, shared by the app_*.c files. */
#ifndef PANDU_APP_APP_PARTS_H
#define PANDU_APP_APP_PARTS_H

#include "app/app_engine.h"
#include "base/arena.h"
#include "base/same.h"
#include "store/store.h"

enum {
    APP_TEXT_MAX =
        16 * 1024, /* bytes of a visitor's text that are looked at; the engine says "too long" from 4 KB on */
    APP_PENDING_MAX = 10000, /* turns not yet answered, in all */
    APP_WAITING_MAX = 64,    /* the same of one conversation */
    APP_CACHE_MAX = 4096,    /* conversations whose state is kept in memory */
    APP_CACHE_BYTES = 32 * 1024 * 1024,
    APP_CACHE_BUCKETS = 4096,
    APP_SPARE_ARENAS = 128,
    APP_EXPORT_INLINE_MAX =
        4096 /* bytes; each copy shown is stored with the reply, and is in the next copy */
};

enum request_kind { REQUEST_TURN, REQUEST_OPEN, REQUEST_EVENT };

enum { REQUEST_DUE_MAX = 2 };

/* One turn under way. What is needed until it is committed lives in its arena; what only its step needs, the
   session and nearly all the engine makes, in the scratch: one for all turns, so that it stays in the
   processor's cache. */
struct request {
    struct request *next;
    struct app *app;
    struct conversation *conversation;
    struct arena *arena;
    struct arena *scratch; /* the app's; or the arena, of which app_turn_wait hands all out; or its own */
    int owns_scratch;
    enum request_kind kind;
    enum app_event event;   /* of a REQUEST_EVENT */
    const char *event_kind; /* the due event's name */
    int64_t pause_ms;       /* a REQUEST_OPEN says nothing before that; 0: always */
    struct turn turn;       /* a copy; for an opening only now_ms and language_hint count */
    int tries;              /* how often it was stepped */
    struct actions *actions;
    const char *json;    /* the actions as stored */
    const char *inbound; /* what the visitor did, as stored */
    const char *note;    /* stored as the last event: "idle", "erased", "helped", "not_helped"; or NULL */
    struct store_due due[REQUEST_DUE_MAX];
    size_t due_count;
    const char *state; /* the session after it, encoded, but for what is known */
    size_t state_length;
    const char *patch;         /* what the store is given instead, if patch_length is not 0 */
    size_t patch_length, same; /* same: bytes the state begins with as the one before did */
    struct same known;         /* what stands in the state before at the same place */
    int is_kept;               /* the state is what it was, byte for byte: nobody could read it */
    size_t messages_length;    /* of the last messages, if it leaves them to the turn's row */
    const char *had_messages;  /* the last messages before it, and the same of them */
    size_t had_messages_length;
    int is_unchanged; /* the session is what it was */
    int erases;       /* the person asked for everything to be deleted */
    app_done *done;
    void *context;
};

/* What the app knows of one conversation; in the cache while idle. */
struct conversation {
    char name[STORE_CONVERSATION_MAX + 1];
    struct conversation *next_in_bucket;
    struct conversation *older, *newer; /* among the idle ones */
    struct conversation *next_ready;
    int is_ready, is_busy, is_idle;
    int is_known; /* version and state are what the store holds */
    uint64_t version;
    /* The state, and behind it the last messages, which it leaves to the turn's row, and a NUL byte; owned,
       one block. A turn under way reads them in it. */
    char *state;
    size_t state_length, messages_length, capacity;
    int is_own;                    /* this process encoded it */
    unsigned patches;              /* that the store was given since the last whole state */
    struct request *first, **last; /* waiting */
    size_t waiting;
};

struct app_cache {
    struct conversation *buckets[APP_CACHE_BUCKETS];
    struct conversation *oldest, *newest; /* idle ones */
    size_t count, bytes;
};

struct app {
    struct app_engine *engine;
    struct store *store;
    int64_t idle_after_ms, retention_ms; /* 0: never */
    char *data_folder;                   /* NULL: exports are returned inline */
    char *export_address;                /* what is said instead, or NULL */
    struct app_cache cache;
    struct conversation *ready, **ready_last; /* with a turn that can start */
    int is_pumping;
    size_t pending;
    size_t answered; /* ever */
    struct session
        session; /* of the turn that is being stepped: decoded for each, it is too large for every request */
    struct arena *scratch; /* of the turn that is being stepped */
    struct arena *spare[APP_SPARE_ARENAS];
    size_t spare_count;
    struct arena *waited; /* of the reply app_turn_wait handed out */
    struct app_reply waited_reply;
};

/* ---- app_cache.c ---- */
/* Finds or makes a conversation. NULL: no memory. */
struct conversation *app_cache_get(struct app_cache *cache, const char *name);
/* Its state will be read soon. */
void app_cache_expect(const struct conversation *conversation);
/* Marks one as in use, or as idle: then it may be dropped at once or later. */
void app_cache_use(struct app_cache *cache, struct conversation *conversation);
void app_cache_rest(struct app_cache *cache, struct conversation *conversation);
/* A state, and the messages it leaves to its turn's row. */
struct app_state {
    uint64_t version;
    const char *bytes;
    size_t length;
    int is_own;               /* this process encoded it */
    int is_patch;             /* the store was given a patch of the state before */
    size_t same;              /* bytes it begins with as the state before did */
    const struct same *known; /* what it has at the same place as that one, and bytes has not; or NULL */
    const char *messages;     /* NULL with length 0 */
    size_t messages_length;
};
/* Remembers what the store holds; forgets it when there is no memory. */
void app_cache_learn(struct app_cache *cache, struct conversation *conversation,
                     const struct app_state *state);
/* The state in one piece, in arena, with a NUL byte; "" for none. Returns its length. */
size_t app_cache_state(const struct conversation *conversation, struct arena *arena, char **state);
/* The first length bytes of the messages and a NUL byte: where they lie, or in arena. NULL: there are not so
   many. */
const char *app_cache_messages(const struct conversation *conversation, size_t length, struct arena *arena);
void app_cache_forget(struct app_cache *cache, struct conversation *conversation);
void app_cache_close(struct app_cache *cache); /* all must be idle */

/* ---- app_event.c ---- */
/* Runs a REQUEST_EVENT up to its state, note and due events. 0, or an error. */
int app_event_run(struct request *request, struct err *err);
/* Makes the conversation's timers due if it has none any more; last_ms: its last turn before this one. */
void app_event_schedule(struct request *request, int64_t last_ms);
/* 1 if somebody came back so soon that there is nothing to say. */
int app_event_is_soon(const struct request *request, const struct session *session);

/* ---- app_state.c ---- */
/* The session as the store holds it. 0, or an error. */
int app_state_read(struct request *request, struct session *session, struct err *err);
/* Whether it is what it was: sets is_unchanged. 0, or an error. */
int app_state_compare(struct request *request, struct session *session, struct err *err);
/* The state as it is, for a session that cannot be read. */
void app_state_keep(struct request *request);
/* Encodes it into the request. 0, or an error. */
int app_state_write(struct request *request, struct session *session, struct err *err);
/* What the store is to be given of it. */
void app_state_fill(const struct request *request, struct store_turn *turn);
/* It was committed; or read. */
void app_state_committed(struct request *request, uint64_t version);
void app_state_loaded(struct request *request, const struct store_result *result);

/* ---- app_turn.c ---- */
/* What is left of a session after an erasure, as if its last turn was at last_ms. In the request's arena. */
struct session *app_turn_forget(const struct session *session, struct request *request, int64_t last_ms);
/* Removes the files people asked for. 0, or an error. */
int app_turn_remove_exports(struct request *request, struct err *err);
/* Starts a request whose turn it is; it ends in app_finish, now or later. */
void app_turn_start(struct request *request);
/* The request's commit will be answered soon: what is looked at then is fetched. */
void app_turn_expect(void *request);

/* ---- app.c ---- */
/* The request keeps the scratch it was stepped with, and the app has another. 0, or -1 without memory. */
int app_take_scratch(struct request *request);
/* Hands the reply out, frees the request and lets the conversation's next one start. */
void app_finish(struct request *request, const struct app_reply *reply);

#endif
