/* What one conversation remembers between turns: a value, encoded to bytes with a version. */
#ifndef PANDU_DOMAIN_SESSION_SESSION_H
#define PANDU_DOMAIN_SESSION_SESSION_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct arena;
struct same;

enum {
    /* 1 was JSON, 2 had another order and no follow-ups, 3 kept the ids of what was said; all are still read
     */
    SESSION_VERSION = 4,
    SESSION_STACK_MAX = 4,    /* running and paused dialogues */
    SESSION_ANSWERS_MAX = 48, /* answers of one dialogue */
    SESSION_SLOTS_MAX = 24,
    SESSION_PLANS_MAX = 8, /* oldest dropped */
    SESSION_OFFERS_MAX = 4,
    SESSION_SPOKEN_MAX = 64, /* replies whose last variant is remembered */
    SESSION_SAID_MAX = 320,  /* bytes kept of one answer's or fact's own words; the turn row has them whole */
    SESSION_BYTES_MAX = 64 * 1024
};

/* Strings are owned by the session's arena. */
struct session_slot {
    const char *name, *value;
    int64_t at_ms;
    int is_answer;   /* answered to a question about it: not overwritten by what a sentence seems to say */
    unsigned stored; /* bytes it has where it was decoded from, while it is what it was there; 0: nowhere */
};
enum answer_kind { ANSWER_NONE, ANSWER_CHOICE, ANSWER_NUMBER, ANSWER_TEXT, ANSWER_DATE, ANSWER_SKIPPED };
struct session_answer {
    const char *step;
    enum answer_kind kind;
    const char *choice; /* choice id */
    double number;      /* choice value, number, or date as UTC ms */
    const char *said;   /* the person's own words, raw; the label for a button */
    uint64_t step_hash; /* of the step when it was answered */
    int64_t at_ms;
    int from_fact;   /* taken from a fact said before: never asked, not counted in the progress */
    unsigned stored; /* as of a slot; whoever changes a member sets it to 0, or step to another text */
};
/* What a turn mostly leaves alone is not read by session_decode_own, and written as it was. */
struct session_kept {
    const char *bytes; /* of the encoded session; NULL: it was read */
    size_t length;
};
enum frame_state { FRAME_RUNNING, FRAME_PAUSED, FRAME_CANCELLED, FRAME_DONE };
/* A dialogue as it was decoded: one that is the same still need not be encoded. */
struct session_stored {
    struct session_kept whole; /* all its bytes; NULL: it is to be encoded */
    const char *dialogue, *step, *result;
    int version, retries;
    enum frame_state state;
    uint64_t step_hash, prompt;
    int64_t started_ms, touched_ms;
};
struct session_frame { /* one dialogue under way */
    const char *dialogue;
    int version;
    enum frame_state state;
    const char *step; /* open step, NULL when done */
    uint64_t step_hash;
    int retries;     /* bad answers to the open step */
    uint64_t prompt; /* number under which the open step was asked: what its buttons name */
    int64_t started_ms, touched_ms;
    struct session_kept kept; /* its answers, until session_read_frame */
    struct session_answer answers[SESSION_ANSWERS_MAX];
    size_t answer_count;
    const char *result; /* id once done */
    struct session_stored stored;
};
struct session_plan {
    const char *dialogue, *text;
    int64_t at_ms;
    const char
        *follow_up;    /* what is asked about at the first visit from follow_ms on; NULL: nothing any more */
    int64_t follow_ms; /* 0 without a follow-up */
    unsigned stored;   /* as of an answer, but whoever changes a member sets it to 0 */
};
struct session_offer {  /* a numbered choice on the table outside a dialogue (did-you-mean, confirmation) */
    const char *intent; /* id, or "" for "none of these" */
};

/* Which variant of a reply was said last. Ids as 32 bits: two that look alike would only share a variant.
   Each stays in its place, so that few bytes change from turn to turn. */
struct session_spoken {
    size_t count;
    uint32_t replies[SESSION_SPOKEN_MAX];
    unsigned char variants[SESSION_SPOKEN_MAX];
    unsigned char order[SESSION_SPOKEN_MAX]; /* places, the one said last first; the last one gives way */
};

/* Where members stand in bytes; 0: nowhere. */
struct session_places {
    size_t replies, reply_count, counts, missed_text, last_reply, confirming, spoken;
    int64_t created_ms; /* what the times there are distances to */
};

struct session {
    struct arena *arena;
    int language;       /* index, -1 unknown; follows each message, see language_fixed */
    int language_fixed; /* 1 after "pakai bahasa Inggris": only another such request changes it */
    int64_t created_ms, last_ms;
    uint64_t turn_count;
    uint64_t prompt;           /* number of the last question with buttons: stale buttons name an older one */
    int misses;                /* messages in a row that were not understood */
    const char *missed_text;   /* the last of them, for questions typed in pieces */
    const char *last_reply;    /* id, for `after` and repeat */
    const char *last_messages; /* JSON array (message_json.h) of the last bot messages, for repeat */
    size_t messages_length; /* not 0: they are kept elsewhere and only their length is encoded. Who decodes it
                               then sets last_messages, who encodes it says so */
    const char *confirming; /* action waiting for yes or no: "delete_data", "restart" ...; NULL */
    struct session_offer offers[SESSION_OFFERS_MAX];
    size_t offer_count;
    uint64_t asking; /* prompt number of the offers or the confirmation; 0: none is open */
    struct session_slot slots[SESSION_SLOTS_MAX];
    size_t slot_count;
    struct session_frame stack[SESSION_STACK_MAX]; /* [0] is the newest */
    size_t stack_count;
    struct session_kept kept_plans; /* until session_read_plans */
    struct session_plan plans[SESSION_PLANS_MAX];
    size_t plan_count;
    struct session_spoken spoken;
    const char *checked; /* bytes it was decoded from: texts in them are known to be UTF-8 */
    size_t checked_length;
    struct session_places places; /* in those bytes */
};

/* Caller's storage; everything it holds is made in arena. What lies beyond the count of a list is of any
   content: who adds to it sets all members. */
void session_init(struct session *session, struct arena *arena);

/* Bytes -> session, of this version or an older one. length 0 is a new conversation. Nothing points into
   bytes afterwards. 0; ERR_VERSION for a newer program's; ERR_CORRUPT. */
int session_decode(const void *bytes, size_t length, struct arena *arena, struct session *out,
                   struct err *err);

/* The same for bytes that session_encode made in this process and that outlive the session: they are not
   copied, and what it checked is not checked again. Plans, and the answers of all dialogues but the newest,
   are not read yet. */
int session_decode_own(const char *bytes, size_t length, struct arena *arena, struct session *out,
                       struct err *err);

/* Before somebody looks at plans, or at answers of a dialogue that may be an older one. Nothing when they are
   read already. */
void session_read_plans(struct session *session);
void session_read_frame(const struct session *session, struct session_frame *frame);

/* Session -> bytes in arena, and a NUL byte after them; deterministic (equal sessions give equal bytes). 0;
   ERR_INVALID for a text that is not UTF-8 or a number that is none; ERR_LIMIT above SESSION_BYTES_MAX. */
int session_encode(const struct session *session, struct arena *arena, const char **bytes, size_t *length,
                   struct err *err);

/* The same; *same says what of it stands in the bytes that session_decode_own read, and what stands there at
   the same place is not written. */
int session_encode_new(const struct session *session, struct arena *arena, struct same *same, char **bytes,
                       size_t *length, struct err *err);

/* The session as one JSON object that a person can read: for exports. In arena; NULL: a text is not UTF-8, or
 * no memory. */
const char *session_print(const struct session *session, struct arena *arena);

enum { SESSION_VARIANT_UNKNOWN = 255 };
/* The variant of the reply said last; SESSION_VARIANT_UNKNOWN: none, or one that does not fit a byte. */
unsigned session_spoken(const struct session *session, const char *reply);
void session_speak(struct session *session, const char *reply, size_t variant);
/* The same for who knows the hash of the reply's id: hash_bytes(0, id, its length). */
unsigned session_spoken_hash(const struct session *session, uint64_t hash);
/* The same in two steps: where it is kept, which is looked for once, and what is kept there. */
size_t session_spoken_place(const struct session *session, uint64_t hash);
unsigned session_spoken_at(const struct session *session, size_t place);
void session_speak_at(struct session *session, size_t place, uint64_t hash, size_t variant);
void session_speak_hash(struct session *session, uint64_t hash, size_t variant);

const char *session_slot(const struct session *session, const char *name); /* NULL when unknown */
void session_answer_slot(struct session *session, const char *name, const char *value,
                         int64_t now_ms); /* the same, marked is_answer */
void session_drop_slot(struct session *session, const char *name);
void session_set_slot(struct session *session, const char *name, const char *value, int64_t now_ms);
const struct session_answer *session_answer(const struct session_frame *frame, const char *step);

/* Keeps session_encode below its limit whatever was said: drops, while too much is kept, the oldest dialogue
   that does not run, then the oldest plan. Called once at the end of a turn. */
void session_fit(struct session *session);

#endif
