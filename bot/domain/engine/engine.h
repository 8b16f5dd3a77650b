/* One turn: engine_step(content, session, turn) -> messages and events. Pure: no I/O, clock or randomness;
   the time and the seed come inside the turn, so the same input always gives the same output. */
#ifndef PANDU_DOMAIN_ENGINE_ENGINE_H
#define PANDU_DOMAIN_ENGINE_ENGINE_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct content;
struct pattern_scratch;
struct session;

/* An inbound event. Exactly one of text and choice is set, or neither for a timer. */
struct turn {
    const char *id;   /* of the client; duplicates are found by the store */
    const char *text; /* any bytes */
    size_t text_length;
    const char *choice; /* payload of a pressed button: "PROMPT:ID" as sent in message.choices */
    int64_t now_ms;     /* UTC */
    uint64_t seed;
    int language_hint; /* --lang or the page's language for a new conversation; -1 none */
};

struct message_choice {
    const char *payload; /* "PROMPT:ID": what turn.choice must hold when it is pressed */
    const char *id;      /* stable: choice id, intent id, or "none" */
    const char *label;
};
struct message_link {
    const char *label, *url;
};
struct message_bar { /* a result to draw; the text says the same in words */
    const char *label;
    double percent;
};
enum { MESSAGE_KEEP_MAX = 16 };
/* One bubble. */
struct message {
    const char *reply; /* id of the reply or "DIALOGUE.STEP" for a question: what tests assert */
    const char *text;  /* <= 600 characters, all placeholders filled but {export} */
    struct message_choice *choices;
    size_t choice_count;
    const struct message_link *links;
    size_t link_count;
    struct message_bar *bars;
    size_t bar_count;
    int progress_at, progress_of; /* "2 dari 6"; 0 when not in a dialogue */
    int keep; /* how many messages up to this one are a result worth keeping: 1..MESSAGE_KEEP_MAX; 0: it ends
                 none */
    /* Its members inside actions.messages_json, without braces: what is sent to a client as it is. NULL: not
       printed, changed since, or a client is to see them in another spelling. */
    const char *json;
    size_t json_length;
};

enum event_kind {
    EVENT_UNMATCHED,  /* text + candidate intent ids: for authors */
    EVENT_ESCALATION, /* crisis and other safety intents: data is the intent id, quote the masked raw words */
    EVENT_EXPORT,     /* the caller writes the export and fills {export} */
    EVENT_DELETE,     /* the caller erases the conversation in the same commit; the session starts anew */
    EVENT_DIALOGUE    /* started, answered, skipped, finished, cancelled: data "DIALOGUE.STEP", detail what
                         happened */
};
struct event {
    enum event_kind kind;
    const char *data, *detail;
};

enum turn_outcome {
    TURN_ANSWERED,
    TURN_SUGGESTED,
    TURN_NOT_UNDERSTOOD,
    TURN_DIALOGUE,
    TURN_CONTROL,
    TURN_ESCALATED,
    TURN_STALE_BUTTON,
    TURN_EMPTY
};

/* What a turn caused; lives in the arena given to engine_step, its texts also in the content and in what the
   session was read from. */
struct actions {
    enum turn_outcome outcome;
    const char *intent;       /* id of the (first) intent that decided, or NULL */
    struct message *messages; /* what the bot says, in order */
    size_t message_count;
    const char
        *messages_json; /* the same as message_json_print has them; NULL: not printed, or changed since */
    size_t messages_json_length;
    struct event *events;
    size_t event_count;
    const char *language;        /* code the replies are in */
    const char *inbound_text;    /* the visitor's words as they may be stored (identity numbers masked) */
    const char *dialogue, *step; /* running dialogue and open step after the turn, or NULL */
    const char *state;           /* "idle" or "dialogue" or "confirm" or "offer" */
};

/* Takes one turn. session is changed in place (its arena must outlive it).
   Never fails: what goes wrong inside becomes a reply. */
void engine_step(const struct content *content, struct pattern_scratch *scratch, struct session *session,
                 const struct turn *turn, struct arena *arena, struct actions *out);

/* What the bot says first, before anybody wrote: a greeting, or after a pause a recap of the open dialogue.
   May be called whenever a visitor opens the chat; changes the session only as engine_step would. */
void engine_open(const struct content *content, struct session *session, int64_t now_ms, int language_hint,
                 struct arena *arena, struct actions *out);

/* From then on everything in *out lives in arena: for who reads it when the content may have been swapped or
   the session is gone. */
void engine_own(struct actions *out, struct arena *arena);

#endif
