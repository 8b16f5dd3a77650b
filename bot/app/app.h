/* One turn from end to end: duplicate check, state from the cache or the store, engine_step, one commit, and
   only then the replies. One thread (the loop) owns an app. */
#ifndef PANDU_APP_APP_H
#define PANDU_APP_APP_H

#include <stddef.h>
#include <stdint.h>

#include "domain/engine/engine.h"

struct arena;
struct content;
struct err;
struct store;

struct app;

/* Borrows store (which must outlive the app), takes one reference of content. data_folder: where exports are
   written (mode 0600); NULL: exports are returned inline while they are short, else the reply says that they
   are not (see app_set_export_address). NULL when there is no memory. */
struct app *app_new(struct content *content, struct store *store, const char *data_folder);
void app_free(struct app *app); /* answers what is pending first */

/* Swaps in another bundle for turns that start from now on. 0, or -1 without memory: then the old one stays.
 */
int app_set_content(struct app *app, struct content *content);

enum app_status {
    APP_OK,        /* committed */
    APP_DUPLICATE, /* this id was committed before with the same words: the stored reply again */
    APP_CONFLICT,  /* this id was committed before with other words: nothing changed */
    APP_STORAGE    /* nothing stored: send again with the same id */
};

struct app_reply {
    enum app_status status;
    /* NULL for APP_CONFLICT and APP_STORAGE; for a duplicate rebuilt from the store. Events are told of by
       app_turn_wait only; else of messages that all have their json nothing but that, and the outcome. */
    const struct actions *actions;
    const char
        *json; /* the same as stored:
                  {"replies":[...],"intent":...,"dialogue":...,"step":...,"state":...,"language":...} */
    uint64_t first_seq, last_seq;
    const char *text; /* why, for APP_STORAGE */
    const char
        *inbound; /* what the visitor did, as stored; NULL for a duplicate and where nobody said anything */
    const char *note; /* the word that was stored as the last event: "idle", "erased", "helped",
                         "not_helped"; or NULL */
};
/* Called from app_poll (or from app_turn when nothing had to wait). Borrowed until it returns. */
typedef void app_done(void *context, const struct app_reply *reply);

/* Takes one turn of a conversation; turns of one conversation run one at a time in the order submitted.
   Everything in *turn is copied. */
void app_turn(struct app *app, const char *conversation, const struct turn *turn, app_done *done,
              void *context);

/* The same for "the visitor opened the chat" (engine_open); nothing is stored when nothing changed. */
void app_open(struct app *app, const char *conversation, int64_t now_ms, int language_hint, app_done *done,
              void *context);

/* The same for a visitor who comes back: says and stores something only when pause_ms passed since the last
   turn, else the reply holds no messages. pause_ms > 0. */
void app_return(struct app *app, const char *conversation, int64_t now_ms, int language_hint,
                int64_t pause_ms, app_done *done, void *context);

/* What engine_open would say to somebody unknown. Nothing is stored; everything lives in arena. */
void app_preview(struct app *app, int64_t now_ms, int language_hint, struct arena *arena,
                 struct actions *out);

/* Silence after which a conversation is idle, and after which it is erased; 0: never. Conversations get due
   events (store.h) of the kinds "idle" and "retention" with their first turn, and again after each such
   silence; never with every turn. */
void app_set_timers(struct app *app, int64_t idle_after_ms, int64_t retention_ms);

enum app_event {
    APP_EVENT_IDLE,      /* due: stores the note "idle" if it was silent as long as that, else is due again */
    APP_EVENT_RETENTION, /* due: erases in the same way, with the note "erased" */
    APP_EVENT_ERASE,     /* erases at once, with the note "erased"; nothing for an unknown conversation */
    APP_EVENT_HELPED,    /* the visitor said at the end that it helped, or that it did not: stored as the */
    APP_EVENT_NOT_HELPED, /* note "helped" or "not_helped"; nothing where nothing was ever said */
    APP_EVENT_LATER       /* puts off by a day what this program does not know */
};
/* Something that happens to a conversation without the visitor; waits its turn behind what they said. kind:
   the due event's, for LATER. An erasure also removes exports and what the cache holds. */
void app_event(struct app *app, const char *conversation, enum app_event event, const char *kind,
               int64_t now_ms, app_done *done, void *context);

/* The same for what a visitor said of the whole conversation (HELPED, NOT_HELPED), once for each id. */
void app_rate(struct app *app, const char *conversation, const char *id, int has_helped, int64_t now_ms,
              app_done *done, void *context);

/* Runs what is due; waits up to timeout_ms. Returns the number of replies handed out. */
size_t app_poll(struct app *app, int timeout_ms);
size_t app_pending(const struct app *app); /* turns not yet answered */

/* A test's or terminal's way in: takes the turn and waits for its reply, which stays valid until the next
 * call. */
const struct app_reply *app_turn_wait(struct app *app, const char *conversation, const struct turn *turn);
const struct app_reply *app_open_wait(struct app *app, const char *conversation, int64_t now_ms,
                                      int language_hint);

/* Where the channel hands exports out (with app_export_fetch), as a reply names it: then "give me my data"
   writes no file. Copied; NULL: no such place, as at the start. 0, or -1 without memory: then nothing
   changed. */
int app_set_export_address(struct app *app, const char *address);

struct app_export {
    enum app_status status; /* APP_OK or APP_STORAGE */
    const char
        *json; /* {"conversation","version","state","turns":[...],"unmatched":[...],"escalations":[...]};
                  version 0: nothing was ever stored of it */
    size_t length;
    const char *text; /* why, for APP_STORAGE */
};
/* Called from app_poll, or at once when nothing can be read. Borrowed until it returns. */
typedef void app_export_done(void *context, const struct app_export *exported);

/* Everything stored of a conversation. Counts as pending until it was handed out. */
void app_export_fetch(struct app *app, const char *conversation, app_export_done *done, void *context);

/* Answers and slots of a conversation as JSON (for `pandu test` and --json):
   {"answers":{dialogue:{step:...}},"slots":{...}}. An answer is its choice id, number, date (UTC
   milliseconds) or text, null when it was skipped; of two runs of a dialogue the newer one is shown. Caller
   frees; NULL when unknown or no memory. */
char *app_inspect(struct app *app, const char *conversation);

#endif
