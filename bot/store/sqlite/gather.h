/* The writer's way to its log: SQLite writes two pieces a page, here they leave as one when it syncs. */
#ifndef PANDU_STORE_SQLITE_GATHER_H
#define PANDU_STORE_SQLITE_GATHER_H

#define GATHER_VFS "pandu-gather"

/* Makes the layer known to SQLite, over the default one of the moment of each opening; once a process is
   enough, before threads that open. For connections with synchronous = FULL alone: what is not synced is seen
   by nobody else. Returns an SQLite code. */
int gather_register(void);

#endif
