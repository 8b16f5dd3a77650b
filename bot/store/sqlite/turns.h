/* What the writer does inside one transaction: turns stored, conversations erased, old states cleared. */
#ifndef PANDU_STORE_SQLITE_TURNS_H
#define PANDU_STORE_SQLITE_TURNS_H

#include "store/rules.h"
#include "store/sqlite/query.h"

struct job;

enum { TURNS_HEADS = 1024, TURNS_SUPERSEDED_MAX = 4096, TURNS_PRUNE_AT = 512 };

/* Where a conversation stands, remembered so that a turn need not look it up: its name picks the place, the
   last one wins. */
struct turns_head {
    char name[STORE_CONVERSATION_MAX + 1];
    int64_t conversation; /* row; 0: none yet */
    int64_t newest;       /* its newest turn; 0: none */
    struct rules_head at;
};

struct turns {
    struct connection connection;
    struct turns_head heads[TURNS_HEADS];
    int64_t next_number; /* of turns; never goes back, so a remembered number is never another turn */
    int64_t superseded[TURNS_SUPERSEDED_MAX]; /* turns whose state no longer counts */
    size_t superseded_count;
    size_t superseded_sure; /* of these, known to be committed */
    size_t pruned;          /* of these, cleared in the transaction under way */
    int64_t swept, sweep_end;
};

/* After connection was opened. Returns an SQLite code. */
int turns_start(struct turns *turns);

/* Inside a write transaction: applies a JOB_COMMIT or JOB_ERASE and leaves the outcome in the job. Returns
   SQLITE_OK unless the whole transaction is lost. */
int turns_apply(struct turns *turns, struct job *job);

/* Inside a write transaction: clears states of turns known to be superseded. Returns an SQLite code. */
int turns_prune(struct turns *turns);

/* A transaction of its own that looks for states a killed run left behind. Returns an SQLite code; *finished
   says whether anything is left to look at. */
int turns_sweep(struct turns *turns, int *finished);

void turns_committed(struct turns *turns);
/* Nothing of the transaction happened: forgets what was learned in it. */
void turns_rolled_back(struct turns *turns);

/* Fills head for a conversation from committed or own rows; also the reader's way. Returns an SQLite code. */
int turns_find_head(struct connection *connection, const char *name, struct turns_head *head);

#endif
