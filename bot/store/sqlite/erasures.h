/* Conversations that are being erased: first, in the commit that erases, a conversation loses its name, so
   that nobody finds it any more; then its rows are deleted, some in each transaction, so that nobody waits
   for a thousand of them. What a kill left is found by its want of a name. */
#ifndef PANDU_STORE_SQLITE_ERASURES_H
#define PANDU_STORE_SQLITE_ERASURES_H

#include "store/sqlite/places.h"
#include "store/sqlite/query.h"

enum { ERASURES_PIECE = 48 /* rows deleted in one transaction, about */ };

struct erasures {
    int64_t conversation;   /* the one under way; 0: none */
    struct numbers numbers; /* of its turns, once they are looked up */
    size_t deleted;         /* of them */
    int stage;
    int may_have_more; /* others may be waiting */
};

/* Inside a write transaction, like the next: takes the name of a conversation away, and what is due for it.
   Both return an SQLite code. */
int erasures_begin(struct erasures *erasures, struct connection *connection, int64_t conversation);
/* Deletes a piece, if there is something to be erased. gone is called when the turns of a conversation were
   looked up to be deleted: nobody needs to know any more where they are. */
int erasures_step(struct erasures *erasures, struct connection *connection,
                  void (*gone)(void *context, int64_t conversation), void *context);
int erasures_pending(const struct erasures *erasures);
/* The transaction was rolled back, or another program's work is taken up: what is to be done is read from the
   database. */
void erasures_reset(struct erasures *erasures);

#endif
