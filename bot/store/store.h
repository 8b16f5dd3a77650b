/* The store of conversations, behind one table of verbs. Every verb is submitted and completes later, on the
   thread that calls poll, with a status; so a network database can stand behind it. One conformance
   suite serves every store (tests/unit/store). What a verb is given is copied before it returns; what it
   completes with is borrowed until its callback returned. Times (at_ms, now_ms) are UTC, milliseconds since
   1970. Durability: a turn is OK only after COMMIT returned with
   synchronous=FULL. */
#ifndef PANDU_STORE_STORE_H
#define PANDU_STORE_STORE_H

#include <stddef.h>
#include <stdint.h>

struct err;

enum { STORE_CONVERSATION_MAX = 128, STORE_TURN_ID_MAX = 128, STORE_KIND_MAX = 32 };

enum store_status {
    STORE_OK,
    STORE_DUP, /* this turn id is committed already with the same text: the stored outcome is handed back */
    STORE_CONFLICT, /* the expected version is not the stored one, or the id is known with another text */
    STORE_FENCED,   /* somebody else owns the conversation (several machines) */
    STORE_BUSY,     /* queue full or a passing fault: try again */
    STORE_UNKNOWN,  /* no telling whether it was committed: ask again with the same id */
    STORE_FATAL     /* the store refuses: disk full, read-only, corrupt; text in the result */
};

/* Bytes borrowed: those given to a verb until it returns (it copies them), those of a result until the
   callback returned. */
struct store_bytes {
    const void *data;
    size_t length;
};

/* One inbound event and all it caused: one transaction. */
struct store_turn {
    const char *conversation;
    const char *turn_id;       /* unique within the conversation */
    uint64_t text_hash;        /* of the inbound text: same id with another hash is a conflict */
    uint64_t expected_version; /* version the state was loaded at; 0: new conversation */
    uint64_t first_seq;        /* filled by the store: sequence numbers of inbound and outbound events */
    int64_t at_ms;
    struct store_bytes inbound; /* JSON of the inbound event */
    struct store_bytes outcome; /* JSON of the replies: handed back for a duplicate */
    size_t outbound_count;      /* events in outcome, for the sequence */
    struct store_bytes state;   /* encoded session, whole or as a patch */
    int is_patch; /* of the state at expected_version (patch.h); a CONFLICT if it is none of that, and not in
                     a turn that erases. Who loads reads all patches since the last whole state */
    const struct store_unmatched { const char *text, *candidates; } * unmatched; /* for authors */
    size_t unmatched_count;
    const struct store_escalation { const char *intent, *quote; } * escalations;
    size_t escalation_count;
    int erase; /* 1: with this commit nobody finds what was stored of the conversation before this turn; it is
                  deleted, also after a kill, and gone from all files when the turn is answered (or, while
                  another program reads the file, soon after) */
    const struct store_due { /* an event to come: at most one of a kind and conversation, the newest counts */
        const char *kind;    /* "idle", "retention", ... at most STORE_KIND_MAX bytes */
        int64_t at_ms;       /* 0: no longer due */
    } * due;
    size_t due_count;
};

/* A committed turn, or an event that is due. */
struct store_row {
    const char *conversation; /* due: whose */
    const char *turn_id;      /* due: the kind */
    int64_t at_ms;
    uint64_t first_seq, last_seq;
    struct store_bytes inbound, outcome;
};

struct store_result {
    enum store_status status;
    uint64_t version; /* after the verb */
    uint64_t first_seq, last_seq;
    struct store_bytes state;     /* load: encoded session, whole; empty for a new conversation */
    struct store_bytes outcome;   /* load: the replies of its newest turn; duplicate: the stored replies;
                                     export: JSON of everything stored of the conversation */
    const struct store_row *rows; /* read_since, list_due */
    size_t row_count;
    const char *text; /* why, for BUSY, UNKNOWN and FATAL */
};
typedef void store_done(void *context, const struct store_result *result);

struct store; /* opened by store/sqlite or store/memory */
struct store_ops {
    void (*load)(struct store *store, const char *conversation, store_done *done, void *context);
    void (*commit)(struct store *store, const struct store_turn *turn, store_done *done, void *context);
    /* everything stored of a conversation as one JSON document, read-only */
    void (*export_all)(struct store *store, const char *conversation, store_done *done, void *context);
    /* erase without a turn (operator, retention); the id is kept in the list of erased ids */
    void (*erase)(struct store *store, const char *conversation, int64_t at_ms, store_done *done,
                  void *context);
    /* unmatched texts, newest first, as a JSON array */
    void (*list_unmatched)(struct store *store, size_t limit, store_done *done, void *context);
    /* Turns with an event later than seq, oldest first: at most limit of them and about 256 KB; ask again
       from the last one's last_seq. version, last_seq: where the conversation stands. */
    void (*read_since)(struct store *store, const char *conversation, uint64_t seq, size_t limit,
                       store_done *done, void *context);
    /* Events due at now_ms or before, earliest first. They stay until a commit changes or removes them. */
    void (*list_due)(struct store *store, int64_t now_ms, size_t limit, store_done *done, void *context);
    /* 1 while the last write succeeded (for /healthz). */
    int (*is_healthy)(struct store *store);
    /* runs completions on the calling thread; waits up to timeout_ms for one. Returns how many ran. */
    size_t (*poll)(struct store *store, int timeout_ms);
    /* a descriptor that becomes readable when poll has something to do; -1 when there is none */
    int (*descriptor)(struct store *store);
    /* completes what was submitted, then frees. The last completions run inside. */
    void (*close)(struct store *store);
};
struct store {
    const struct store_ops *ops;
    /* Set by the caller of commit, or NULL: that a callback with this context of a commit comes soon. Only to
       fetch from memory what it will look at; a store need not call it. */
    void (*expect)(void *context);
};

/* store/memory/memory.h */
struct store *store_memory_open(void);

/* store/sqlite/sqlite.h: opens or creates the file (mode 0600) and brings it to this program's schema by
   numbered migrations. NULL with *err: ERR_IO (cannot be opened or written; says what to do), ERR_VERSION
   (made by a newer program), ERR_CORRUPT (nothing is overwritten), ERR_BUSY (another pandu runs on it). */
struct store *store_sqlite_open(const char *path, struct err *err);

#endif
