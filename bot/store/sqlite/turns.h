/* What the writer does inside one transaction: turns stored, conversations erased. */
#ifndef PANDU_STORE_SQLITE_TURNS_H
#define PANDU_STORE_SQLITE_TURNS_H

#include "store/rules.h"
#include "store/sqlite/erasures.h"
#include "store/sqlite/known.h"
#include "store/sqlite/places.h"
#include "store/sqlite/query.h"

struct job;

enum { TURNS_HEADS = 8192 /* 1 MB, touched as it fills */, TURNS_WAYS = 8 };

#define TURNS_DAMAGED "the conversation has no state: the database is damaged"

/* Where a conversation stands, remembered so that a turn need not look it up: its name picks some places, of
   which the one used longest ago gives way. */
struct turns_head {
    char *name;           /* owned; NULL: nobody's */
    uint64_t used;        /* the higher the later */
    int64_t conversation; /* row; 0: none yet */
    struct rules_head at;
    int64_t newest;      /* number of the last turn */
    size_t state_length; /* after it */
    struct known known;  /* the ids of its turns; not filled for readers */
    int is_damaged;      /* its state cannot be found: only erasing it is possible */
};

struct turns {
    struct connection connection;
    struct turns_head heads[TURNS_HEADS];
    uint64_t name_hashes[TURNS_HEADS]; /* of the heads: those of all places of a name in one look */
    int64_t next_number;               /* of turns; never goes back, so a number names one turn only */
    uint64_t used;                     /* of the head used last */
    size_t known_bytes;                /* of all heads */
    struct places places;
    struct erasures erasures;
    /* Places that are being filed, a piece in each transaction. */
    struct filing {
        int is_unknown; /* nobody knows what is filed: it is looked up */
        uint64_t next;  /* so many were added before those that still wait */
        struct place list[PLACES_RUN_MAX], spare[PLACES_RUN_MAX];
        size_t count, done;
    } filing;
};

int turns_init(struct turns *turns); /* all zero before; 0 or an errno */
void turns_close(struct turns *turns);
/* After connection was opened. Returns an SQLite code. */
int turns_start(struct turns *turns);

/* Inside a write transaction, before its jobs: files places if many wait, or any at all, and goes on with
   what is being erased. Returns an SQLite code, after an error of which the transaction must be rolled back.
 */
int turns_file(struct turns *turns, int all);
int turns_erase_on(struct turns *turns);

/* Before the jobs of a batch, which may be NULL, are applied. */
void turns_expect(struct turns *turns, struct job *batch);
/* Inside a write transaction: applies an expected JOB_COMMIT or JOB_ERASE and leaves the outcome in the job.
   Returns SQLITE_OK, or an error after which the whole transaction must be rolled back. */
int turns_apply(struct turns *turns, struct job *job);

/* Nothing of the transaction happened: forgets what was learned in it. */
void turns_rolled_back(struct turns *turns);

/* Fills head for a conversation, but for its name and ids, from committed or own rows; also the reader's way,
   which wants the newest turn, too: state (whole) and outcome are copied into the job's result. job may be
   NULL. Returns an SQLite code. */
int turns_find_head(struct connection *connection, const char *name, struct turns_head *head,
                    struct job *job);

#endif
