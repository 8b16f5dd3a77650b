/* Verbs on their way to a thread and back: a bounded queue in, completions out. */
#ifndef PANDU_STORE_SQLITE_JOB_H
#define PANDU_STORE_SQLITE_JOB_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "store/sqlite/database.h"
#include "store/store.h"

enum job_kind { JOB_LOAD, JOB_COMMIT, JOB_EXPORT, JOB_ERASE, JOB_UNMATCHED, JOB_READ_SINCE, JOB_DUE };

/* One submitted verb; owns copies of everything in turn. */
struct job {
    struct job *next;
    enum job_kind kind;
    struct store_turn turn; /* JOB_COMMIT: all of it; others: conversation and at_ms */
    size_t limit;           /* JOB_UNMATCHED, JOB_READ_SINCE, JOB_DUE */
    uint64_t seq;           /* JOB_READ_SINCE */
    uint64_t name_hash;     /* the writer's, of turn.conversation and turn.turn_id (turns_expect) */
    int64_t id_hash;
    size_t bytes; /* of the copies: counts against the queue's cap */
    int is_usual; /* its block is one for spares */
    store_done *done;
    void *context;
    struct store_result result;
    void *result_bytes;           /* owned: what result.state, result.outcome or result.rows points into */
    char text[DATABASE_TEXT_MAX]; /* what result.text points into */
    char copies[];
};

/* Another thread wrote it: what is asked of it next comes while the one before is worked on. */
static inline void job_expect(const struct job *job) {
    enum { LINE = 64 };
    for (size_t at = 0; job != NULL && at < offsetof(struct job, text); at += LINE) {
        __builtin_prefetch((const char *)job + at);
    }
}

/* Blocks of jobs that are over, for the next ones; of one thread. All zero at first. */
struct job_spares {
    struct job *first;
    size_t count;
};
void job_spares_free(struct job_spares *spares);

/* NULL: no memory. turn may lack everything but its conversation (which may be NULL too). spares may be NULL.
 */
struct job *job_new(struct job_spares *spares, enum job_kind kind, const struct store_turn *turn,
                    store_done *done, void *context);
void job_free(struct job_spares *spares, struct job *job); /* spares may be NULL */
/* Sets status and text. */
void job_fail(struct job *job, enum store_status status, const char *text);
/* Keeps a copy of bytes for the result; returns it, or NULL after failing the job for want of memory. */
const void *job_keep(struct job *job, struct store_bytes bytes);

/* Jobs waiting for one thread. */
struct job_queue {
    pthread_mutex_t mutex;
    pthread_cond_t filled;
    struct job *first, **last;
    size_t count, bytes;
    size_t count_max, bytes_max;
    int closing;
};
int job_queue_init(struct job_queue *queue, size_t count_max, size_t bytes_max); /* 0 or an errno */
void job_queue_destroy(struct job_queue *queue);
/* Takes a list over, in order. Returns those there was no room for, as a list: still the caller's. */
struct job *job_queue_put(struct job_queue *queue, struct job *list);
/* Up to count jobs or bytes, at least one, as a list in order. Waits for the first one for wait_ms (-1: for
   ever). NULL after the wait, or, with *closed set, when the queue was closed and is empty. */
struct job *job_queue_take(struct job_queue *queue, size_t count, size_t bytes, int wait_ms, int *closed);
void job_queue_finish(struct job_queue *queue); /* no more puts; takers drain it */

/* Jobs on their way back, and a pipe that is readable while there are any. */
struct completions {
    pthread_mutex_t mutex;
    struct job *first, **last;
    int pipe_out, pipe_in; /* read end, write end */
};
int completions_init(struct completions *completions); /* 0 or an errno */
void completions_destroy(struct completions *completions);
/* Hands a list of jobs back, in order. */
void completions_put(struct completions *completions, struct job *list);
/* Waits up to timeout_ms for something, runs the callbacks on this thread and gives the jobs to spares.
   expect: of the store, may be NULL. Returns how many. */
size_t completions_run(struct completions *completions, struct job_spares *spares,
                       void (*expect)(void *context), int timeout_ms);

#endif
