/* The state of a turn, put together from its row and those it is based on. */
#ifndef PANDU_STORE_SQLITE_CHAIN_H
#define PANDU_STORE_SQLITE_CHAIN_H

#include "store/sqlite/query.h"

/* Turns read for one state. Who stores brings a whole one after 64 at the latest (app_state.c); where there
   are more than so many patches, the file is not what was written. */
enum { CHAIN_MAX = 1024 };

struct chain_state {
    char *bytes; /* NULL: it cannot be told */
    size_t length;
};

/* In the connection's transaction. Returns an SQLite code; free bytes in any case. */
int chain_read(struct connection *connection, int64_t number, struct chain_state *state);

#endif
