/* What the writer does inside one transaction: turns stored, conversations erased. */
#ifndef PANDU_STORE_SQLITE_TURNS_H
#define PANDU_STORE_SQLITE_TURNS_H

#include "store/rules.h"
#include "store/sqlite/places.h"
#include "store/sqlite/query.h"

struct job;

enum { TURNS_HEADS = 8192 /* 1.4 MB, touched as it fills */ };

#define TURNS_DAMAGED "the conversation has no state: the database is damaged"

/* Where a conversation stands, remembered so that a turn need not look it up: its name picks the place, the
   last one wins. */
struct turns_head {
    char name[STORE_CONVERSATION_MAX + 1];
    int64_t conversation; /* row; 0: none yet */
    struct rules_head at;
    int64_t whole; /* number of the last turn with a whole state, and its version and length */
    uint64_t whole_version;
    size_t whole_length;
    int is_damaged; /* its state cannot be found: only erasing it is possible */
};

struct turns {
    struct connection connection;
    struct turns_head heads[TURNS_HEADS];
    int64_t next_number; /* of turns; never goes back, so a number names one turn only */
    int64_t filed;       /* turns up to here have their place on record; -1: to be looked up */
    struct places places;
};

int turns_init(struct turns *turns); /* all zero before; 0 or an errno */
void turns_close(struct turns *turns);
/* After connection was opened. Returns an SQLite code. */
int turns_start(struct turns *turns);

/* Inside a write transaction: files places if many wait, or any at all. Returns an SQLite code, after an
   error of which the transaction must be rolled back. */
int turns_file(struct turns *turns, int all);

/* Inside a write transaction: applies a JOB_COMMIT or JOB_ERASE and leaves the outcome in the job. Returns
   SQLITE_OK, or an error after which the whole transaction must be rolled back. */
int turns_apply(struct turns *turns, struct job *job);

/* Nothing of the transaction happened: forgets what was learned in it. */
void turns_rolled_back(struct turns *turns);

/* Fills head for a conversation from committed or own rows; also the reader's way, which wants the newest
   turn, too: state (whole) and outcome are copied into the job's result. job may be NULL. Returns an SQLite
   code. */
int turns_find_head(struct connection *connection, const char *name, struct turns_head *head,
                    struct job *job);

#endif
