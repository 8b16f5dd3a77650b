/* The SQLite store: hands verbs to its threads and their results back. Never blocks the caller on the disk,
   except while opening and closing. Opened by cli and tests. */
#include "store/store.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "store/rules.h"
#include "store/sqlite/checkpointer.h"
#include "store/sqlite/database.h"
#include "store/sqlite/gather.h"
#include "store/sqlite/inspector.h"
#include "store/sqlite/job.h"
#include "store/sqlite/reader.h"
#include "store/sqlite/writer.h"

#include "banned.h"

struct sqlite_store {
    struct store store;
    struct database database;
    struct completions completions;
    struct checkpointer checkpointer;
    struct reader reader;
    struct writer writer;
    struct inspector inspector;
    struct job *turns, **last_turn; /* for the writer, not handed over yet */
    struct job_spares spares;       /* of the thread that calls the store */
    size_t turn_count;
};

enum { HANDOVER_MAX = 32 /* turns kept for one handover */ };

static struct sqlite_store *self(struct store *store) {
    return (struct sqlite_store *)store; /* store is its first member */
}

/* ---- verbs ---- */

static void refuse(struct sqlite_store *store, struct job *list) {
    for (struct job *job = list; job != NULL; job = job->next) {
        job_fail(job, STORE_BUSY, "too many turns are waiting for the disk");
    }
    completions_put(&store->completions, list);
}

/* Turns that come together are stored together: one wake-up, and one commit where the writer, left to itself,
   would make some small ones. */
static void hand_over(struct sqlite_store *store) {
    struct job *list = store->turns;
    store->turns = NULL;
    store->last_turn = &store->turns;
    store->turn_count = 0;
    if (list != NULL) {
        refuse(store, job_queue_put(&store->writer.queue, list));
    }
}

/* Queues a job, or completes it with the reason why not. Without memory even for that, the callback runs at
 * once. */
static void submit(struct sqlite_store *store, struct job_queue *queue, struct job *job, const char *problem,
                   store_done *done, void *context) {
    if (job == NULL) {
        struct store_result result = {.status = STORE_BUSY, .text = "out of memory"};
        done(context, &result);
    } else if (problem != NULL) {
        job_fail(job, STORE_FATAL, problem);
        completions_put(&store->completions, job);
    } else if (queue == &store->reader.queue) {
        refuse(store, job_queue_put(queue, job));
    } else {
        *store->last_turn = job;
        store->last_turn = &job->next;
        if (++store->turn_count >= HANDOVER_MAX) {
            hand_over(store);
        }
    }
}

static void submit_named(struct store *store, enum job_kind kind, const char *conversation, int64_t at_ms,
                         store_done *done, void *context) {
    struct sqlite_store *sqlite = self(store);
    const char *problem = rules_name_problem(conversation);
    struct store_turn turn = {.conversation = problem == NULL ? conversation : NULL, .at_ms = at_ms};
    submit(sqlite, kind == JOB_ERASE ? &sqlite->writer.queue : &sqlite->reader.queue,
           job_new(&sqlite->spares, kind, &turn, done, context), problem, done, context);
}

static void sqlite_load(struct store *store, const char *conversation, store_done *done, void *context) {
    submit_named(store, JOB_LOAD, conversation, 0, done, context);
}

static void sqlite_export_all(struct store *store, const char *conversation, store_done *done,
                              void *context) {
    submit_named(store, JOB_EXPORT, conversation, 0, done, context);
}

static void sqlite_erase(struct store *store, const char *conversation, int64_t at_ms, store_done *done,
                         void *context) {
    submit_named(store, JOB_ERASE, conversation, at_ms, done, context);
}

static void sqlite_commit(struct store *store, const struct store_turn *turn, store_done *done,
                          void *context) {
    struct sqlite_store *sqlite = self(store);
    const struct store_turn nothing = {.conversation = NULL};
    const char *problem = rules_turn_problem(turn);
    problem = problem == NULL ? inspector_problem(&sqlite->inspector) : problem;
    submit(sqlite, &sqlite->writer.queue,
           job_new(&sqlite->spares, JOB_COMMIT, problem == NULL ? turn : &nothing, done, context), problem,
           done, context);
}

static void sqlite_list_unmatched(struct store *store, size_t limit, store_done *done, void *context) {
    struct sqlite_store *sqlite = self(store);
    struct store_turn turn = {.conversation = NULL};
    struct job *job = job_new(&sqlite->spares, JOB_UNMATCHED, &turn, done, context);
    if (job != NULL) {
        job->limit = limit;
    }
    submit(sqlite, &sqlite->reader.queue, job, NULL, done, context);
}

static void sqlite_read_since(struct store *store, const char *conversation, uint64_t seq, size_t limit,
                              store_done *done, void *context) {
    struct sqlite_store *sqlite = self(store);
    const char *problem = rules_name_problem(conversation);
    struct store_turn turn = {.conversation = problem == NULL ? conversation : NULL};
    struct job *job = job_new(&sqlite->spares, JOB_READ_SINCE, &turn, done, context);
    if (job != NULL) {
        job->limit = limit;
        job->seq = seq;
    }
    submit(sqlite, &sqlite->reader.queue, job, problem, done, context);
}

static void sqlite_list_due(struct store *store, int64_t now_ms, size_t limit, store_done *done,
                            void *context) {
    struct sqlite_store *sqlite = self(store);
    struct store_turn turn = {.at_ms = now_ms};
    struct job *job = job_new(&sqlite->spares, JOB_DUE, &turn, done, context);
    if (job != NULL) {
        job->limit = limit;
    }
    submit(sqlite, &sqlite->reader.queue, job, NULL, done, context);
}

static int sqlite_is_healthy(struct store *store) {
    const struct sqlite_store *sqlite = self(store);
    return atomic_load(&sqlite->writer.is_healthy) && inspector_problem(&sqlite->inspector) == NULL;
}

static size_t sqlite_poll(struct store *store, int timeout_ms) {
    hand_over(self(store));
    size_t ran = completions_run(&self(store)->completions, &self(store)->spares, store->expect, timeout_ms);
    hand_over(self(store)); /* of the callbacks */
    return ran;
}

static int sqlite_descriptor(struct store *store) {
    return self(store)->completions.pipe_out;
}

/* ---- opening and closing ---- */

static void sqlite_close(struct store *store) {
    struct sqlite_store *sqlite = self(store);
    hand_over(sqlite);
    inspector_stop(&sqlite->inspector);
    writer_stop(&sqlite->writer);
    checkpointer_stop(&sqlite->checkpointer);
    reader_stop(&sqlite->reader);
    writer_disconnect(
        &sqlite->writer); /* the last connection, which may write: it moves the log into the database */
    while (sqlite_poll(store, 0) != 0) { /* whose callbacks may submit more, to be refused */
    }
    job_queue_destroy(&sqlite->writer.queue);
    job_queue_destroy(&sqlite->reader.queue);
    completions_destroy(&sqlite->completions);
    job_spares_free(&sqlite->spares);
    database_close(&sqlite->database);
    free(sqlite);
}

/* Each starts only if those before did; a failure here is the end of memory or threads, and of the program.
 */
static int start_threads(struct sqlite_store *sqlite) {
    const char *path = sqlite->database.path;
    int rc = completions_init(&sqlite->completions);
    rc = rc == 0 ? checkpointer_start(&sqlite->checkpointer, path) : rc;
    rc = rc == 0 ? reader_start(&sqlite->reader, path, &sqlite->writer.turns.places, &sqlite->completions)
                 : rc;
    rc = rc == 0 ? writer_start(&sqlite->writer, path, &sqlite->completions, &sqlite->reader,
                                &sqlite->checkpointer)
                 : rc;
    return rc == 0 ? inspector_start(&sqlite->inspector, path) : rc;
}

struct store *store_sqlite_open(const char *path, struct err *err) {
    static const struct store_ops ops = {.load = sqlite_load,
                                         .commit = sqlite_commit,
                                         .export_all = sqlite_export_all,
                                         .erase = sqlite_erase,
                                         .list_unmatched = sqlite_list_unmatched,
                                         .read_since = sqlite_read_since,
                                         .list_due = sqlite_list_due,
                                         .is_healthy = sqlite_is_healthy,
                                         .poll = sqlite_poll,
                                         .descriptor = sqlite_descriptor,
                                         .close = sqlite_close};
    struct sqlite_store *sqlite = calloc(1, sizeof *sqlite);
    if (sqlite == NULL) {
        (void)err_set(err, ERR_MEMORY, "no memory to open %s", path);
        return NULL;
    }
    sqlite->store.ops = &ops;
    sqlite->last_turn = &sqlite->turns;
    database_begin();
    (void)gather_register(); /* only for speed */
    if (database_open(&sqlite->database, path, err) != 0) {
        free(sqlite);
        return NULL;
    }
    int rc = start_threads(sqlite);
    if (rc != 0) {
        /* threads that did start hold sqlite: it is not freed, the caller ends */
        (void)err_set(err, ERR_IO, "cannot start the threads of the store: %s", strerror(rc));
        return NULL;
    }
    return &sqlite->store;
}
