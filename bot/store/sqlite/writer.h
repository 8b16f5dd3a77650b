/* The one thread that writes: many turns in one transaction, each answered after COMMIT. */
#ifndef PANDU_STORE_SQLITE_WRITER_H
#define PANDU_STORE_SQLITE_WRITER_H

#include <pthread.h>
#include <stdatomic.h>

#include "store/sqlite/checkpointer.h"
#include "store/sqlite/job.h"
#include "store/sqlite/reader.h"
#include "store/sqlite/turns.h"

struct writer {
    pthread_t thread;
    struct job_queue queue;
    struct completions *completions;   /* borrowed, and so are the next three */
    struct reader *reader;             /* told to let go of the file after an I/O error */
    struct checkpointer *checkpointer; /* likewise, and told how long the log is */
    const char *path;
    struct turns turns;
    int log_pages; /* after the last commit */
    int log_high;  /* pages the log's file may have */
    /* What is erased is in the log until that has started over and come as far again, or is cut. */
    enum writer_clearing {
        CLEARING_NOTHING,
        CLEARING_FROM,  /* the log has to start over */
        CLEARING_UP_TO, /* it has, and has to come to log_high */
    } clearing;
    struct job *erased, **erased_last; /* answered when the log is cleared, or could not be */
    int batch_erases;                  /* a job of the batch at hand erases, or would */
    int has_erased;                    /* since clearing began */
    struct job *clearing_for;          /* those of them whose rows were all deleted before it began */
    int64_t retry_ms;                  /* not to be tried before, on the steady clock */
    int64_t wait_until_ms; /* likewise, but if little of the log is left to move; 0: nobody waits */
    atomic_int is_healthy; /* the last batch was stored; read from any thread */
};

int writer_start(struct writer *writer, const char *path, struct completions *completions,
                 struct reader *reader, struct checkpointer *checkpointer); /* 0 or an errno */
/* Completes what is queued, then ends. The queue stays, closed, until job_queue_destroy: last callbacks may
 * still submit. */
void writer_stop(struct writer *writer);
/* After writer_stop. */
void writer_disconnect(struct writer *writer);

#endif
