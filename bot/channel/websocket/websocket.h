/* The protocol pandu.v1: one JSON object a WebSocket text message, in both directions (docs/protocol.yaml).
   Pure: bytes to structs and back. "type" says which one it is; types and fields it does not know are
   ignored, null stands for an absent member. */
#ifndef PANDU_CHANNEL_WEBSOCKET_WEBSOCKET_H
#define PANDU_CHANNEL_WEBSOCKET_WEBSOCKET_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;
struct message;

enum {
    WEBSOCKET_VERSION = 1,
    WEBSOCKET_TOKEN_MAX = 64,    /* bytes of hello.conv */
    WEBSOCKET_CLIENT_MAX = 64,   /* bytes of hello.client */
    WEBSOCKET_LANGUAGE_MAX = 35, /* bytes of hello.language: RFC 5646 section 4.4.1 */
    WEBSOCKET_ID_MAX = 96,       /* bytes of msg.id */
    WEBSOCKET_TEXT_MAX = 4096,   /* bytes of msg.text: longer is nak too_big */
    WEBSOCKET_CHOICE_MAX = 128,
    WEBSOCKET_IDENTITY_MAX = 4096
};

/* The largest sequence number a JavaScript client can hold exactly. */
#define WEBSOCKET_SEQ_MAX (((int64_t)1 << 53) - 1)

/* Why something was refused; the wire's words are the lower-case ends of the names. */
enum websocket_code {
    WEBSOCKET_RATE,
    WEBSOCKET_BUSY,
    WEBSOCKET_STORAGE,
    WEBSOCKET_TOO_BIG,
    WEBSOCKET_CONFLICT,
    WEBSOCKET_BAD,
    WEBSOCKET_DENIED,
    WEBSOCKET_GONE,
    WEBSOCKET_VERSION_UNKNOWN, /* "version" */
    WEBSOCKET_UNSUPPORTED
};
const char *websocket_code_name(enum websocket_code code); /* the wire's word: "too_big", "version" */

enum websocket_kind {
    WEBSOCKET_HELLO,
    WEBSOCKET_MSG,
    WEBSOCKET_SEEN,
    WEBSOCKET_RATING,  /* whether the chat helped: asked for when it ends */
    WEBSOCKET_HISTORY, /* a page of old events, for who scrolls back */
    WEBSOCKET_PING,   /* {"type":"ping"}: the client's own heartbeat (a browser cannot see pings); answered by
                         pong */
    WEBSOCKET_IGNORED /* a kind of a later version */
};

/* One message of a client; strings live in the arena. All but text and choice are visible ASCII without
   blanks, so that they may stand in logs. */
struct websocket_in {
    enum websocket_kind kind;
    /* hello */
    int version;
    const char *conversation; /* token, or NULL */
    const char *client;       /* never NULL in a hello */
    uint64_t last;            /* highest sequence number shown; 0 none */
    const char *language;     /* of the page ("id", "en"), or NULL */
    const char *identity;     /* signed by the host page (JWT), or NULL */
    /* msg, rating */
    const char *id;
    const char *text; /* exactly one of text and choice */
    size_t text_length;
    const char *choice;
    int has_helped; /* rating */
    /* seen */
    uint64_t seen;
    uint64_t after; /* history: events with higher numbers */
};

/* Reads one message. 0; or -1 with *code (BAD, TOO_BIG, VERSION_UNKNOWN) and *why, a fixed English sentence
   for developers; then in->id is the id to answer, if one could be read, else NULL. */
int websocket_read(const char *text, size_t length, struct arena *arena, struct websocket_in *in,
                   enum websocket_code *code, const char **why);

/* All below append one JSON object to out (base/buf.h; at its start, emptied by the caller). Whatever the
   texts, it is valid JSON: control characters, U+2028 and U+2029 are escaped, bytes that are no UTF-8 become
   U+FFFD. 0, or -1 without memory. */
struct websocket_welcome {
    const char *conversation; /* token to keep, or NULL when it is the one that was sent */
    int resume;               /* 1: known conversation, events after hello.last follow */
    uint64_t next;            /* sequence number of the next event to come */
    const char *language;
    const struct message *greeting; /* shown until the first event comes; not stored */
    size_t greeting_count;
    int turns;      /* messages a client may have under way at once; 0: not said */
    int per_minute; /* messages a minute before nak rate; 0: not said */
};
int websocket_welcome(struct buf *out, const struct websocket_welcome *welcome);
int websocket_ack(struct buf *out, const char *id, uint64_t seq, int is_duplicate);
int websocket_nak(struct buf *out, const char *id, enum websocket_code code, const char *why,
                  int64_t retry_ms);
int websocket_pong(struct buf *out);
/* The end of a page of history: all there is after `after`, up to `upto`, was told. */
int websocket_history(struct buf *out, uint64_t after, uint64_t upto);

/* What the bot said:
   {"type":"event","seq":…,"at":…,"kind":"bot","re":"…","reply":…,"text":…,"choices":[{"payload","id",
   "label"}],"links":[{"label","url"}],"bars":[{"label","percent"}],"progress":{"at","of"}}; links, bars and
   progress only where there are any. re: id of the message it answers, or NULL: left out. at_ms: UTC. */
int websocket_event(struct buf *out, uint64_t seq, int64_t at_ms, const char *re,
                    const struct message *message);
/* What the visitor said (replay, other tabs): "kind":"visitor", "id", "text" or "choice". inbound: the JSON
   stored for the turn. 1: it holds neither text nor choice (nobody said anything), and nothing was
   written. */
int websocket_event_visitor(struct buf *out, uint64_t seq, int64_t at_ms, const char *id, const char *inbound,
                            size_t inbound_length);
/* A fact about the conversation: "kind":"system", what: "erased", "idle", "helped", "not_helped". */
int websocket_event_system(struct buf *out, uint64_t seq, int64_t at_ms, const char *what);

#endif
