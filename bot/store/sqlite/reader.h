/* A thread that reads: sessions, exports, lists. It sees only what is committed. */
#ifndef PANDU_STORE_SQLITE_READER_H
#define PANDU_STORE_SQLITE_READER_H

#include <pthread.h>

#include "store/sqlite/job.h"
#include "store/sqlite/places.h"
#include "store/sqlite/query.h"

enum { READER_MOST_MS = 1000 }; /* no read stays open longer: it would keep the log from starting over */

struct reader {
    pthread_t thread;
    struct job_queue queue;
    struct completions *completions;  /* borrowed */
    pthread_mutex_t using_connection; /* held while connection is in use */
    struct connection connection;     /* opened on first use */
    const char *path;                 /* borrowed */
    struct places *places;            /* the writer's; borrowed */
    int64_t deadline_ms;              /* of the read under way, on the steady clock */
};

int reader_start(struct reader *reader, const char *path, struct places *places,
                 struct completions *completions); /* 0 or an errno */
/* Completes what is queued, then ends. The queue stays, closed, until job_queue_destroy: last callbacks may
 * still submit. */
void reader_stop(struct reader *reader);
/* Closes its connection; it opens a new one for the next read. From any thread. */
void reader_disconnect(struct reader *reader);

#endif
