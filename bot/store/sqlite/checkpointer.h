/* A thread that moves the write-ahead log into the database, so that no turn waits for it. */
#ifndef PANDU_STORE_SQLITE_CHECKPOINTER_H
#define PANDU_STORE_SQLITE_CHECKPOINTER_H

#include <pthread.h>

#include "store/sqlite/query.h"

enum {
    CHECKPOINT_PAGES = 500,       /* log length that wakes it: 4 MB */
    CHECKPOINT_PAGES_NEAR = 128,  /* so few are moved by the writer itself when it wants none left */
    CHECKPOINT_PAGES_HIGH = 2000, /* from here on it wants that: 16 MB */
    CHECKPOINT_PAGES_MOST = 8000  /* and from here on it does not wait for them to be few */
};

struct checkpointer {
    pthread_t thread;
    pthread_mutex_t mutex; /* over all below */
    pthread_cond_t wanted;
    pthread_mutex_t using_connection; /* held while connection is in use */
    struct connection connection;     /* opened on first use */
    const char *path;                 /* borrowed */
    int pages;                        /* in the log, as the writer last saw it */
    int done_pages;                   /* in the log when it last began to run */
    int moved_pages;                  /* of those in the log */
    int is_hurried;                   /* runs again and again until few are left */
    int closing;
};

int checkpointer_start(struct checkpointer *checkpointer, const char *path); /* 0 or an errno */
void checkpointer_stop(struct checkpointer *checkpointer);
/* The writer's word after a commit. */
void checkpointer_note(struct checkpointer *checkpointer, int pages);
/* Wants few pages left soon. Returns how many are. */
int checkpointer_hurry(struct checkpointer *checkpointer);
/* Moves the rest on the writer's own connection, after the run under way: with nothing left to move, the next
   transaction starts the log over. A log that is written all the time would otherwise never shrink. */
void checkpointer_catch_up(struct checkpointer *checkpointer, struct connection *writer);
/* Closes its connection; it opens a new one when it runs next. From any thread. */
void checkpointer_disconnect(struct checkpointer *checkpointer);

#endif
