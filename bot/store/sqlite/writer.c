/* The writer. Never hands a result back before COMMIT returned SQLITE_OK: what a turn learns from rows of its
   own batch (a duplicate, a conflict) waits as well. Called by sqlite.c. */
#include "store/sqlite/writer.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/err.h"

#include "banned.h"

enum {
    WRITER_QUEUE_MAX = 8192,
    WRITER_QUEUE_BYTES = 64 * 1024 * 1024,
    WRITER_BATCH_MAX = 256,
    WRITER_BATCH_BYTES = 4 * 1024 * 1024,
    WRITER_ERASE_MS = 400,  /* an erasure waits that long for the log to be written over */
    WRITER_LOOK_MS = 2,     /* between two looks whether it is */
    WRITER_IDLE_LOOKS = 10, /* so many without a turn: nobody talks */
    WRITER_RETRY_MS =
        1000 /* between tries to clear the log while somebody reads, or to write while the disk refuses */
};

/* ---- results of a whole batch ---- */

static void fail_all(struct job *batch, enum store_status status, const char *text) {
    for (struct job *job = batch; job != NULL; job = job->next) {
        job_fail(job, status, text);
    }
}

/* Nothing of the batch is stored, or (failing in COMMIT itself) nobody can tell. */
static void fail_batch(struct writer *writer, struct job *batch, int code, int was_committing) {
    char text[DATABASE_TEXT_MAX];
    sqlite3 *db = writer->turns.connection.db;
    enum store_status status =
        database_status(code, was_committing, db != NULL ? sqlite3_errmsg(db) : sqlite3_errstr(code), text);
    fail_all(batch, status, text);
}

/* ---- the connection ---- */

static int note_log(void *argument, sqlite3 *db, const char *name, int pages) {
    struct writer *writer = argument;
    (void)db;
    (void)name;
    if (pages < writer->log_pages && writer->clearing == CLEARING_FROM) {
        writer->clearing = CLEARING_UP_TO; /* it started over */
    }
    writer->log_pages = pages;
    writer->log_high = pages > writer->log_high ? pages : writer->log_high;
    return SQLITE_OK;
}

static int connect(struct writer *writer) {
    int code = connection_open(&writer->turns.connection, writer->path, CONNECTION_WRITER);
    if (code == SQLITE_OK) {
        (void)sqlite3_wal_hook(writer->turns.connection.db, note_log,
                               writer); /* returns the former hook's argument */
        code = turns_start(&writer->turns);
    }
    if (code != SQLITE_OK) {
        connection_close(&writer->turns.connection);
    }
    return code;
}

/* After an I/O error nobody knows what the kernel still holds: every connection is closed, the file looked
   through, and opened anew. */
static void disconnect(struct writer *writer) {
    reader_disconnect(writer->reader);
    checkpointer_disconnect(writer->checkpointer);
    turns_rolled_back(&writer->turns);
    connection_close(&writer->turns.connection);
}

/* 0, or the batch was failed. */
static int reconnect(struct writer *writer, struct job *batch) {
    struct err err;
    err_clear(&err);
    atomic_store(&writer->is_healthy, 0);
    if (database_inspect(writer->path, NULL, &err) != 0) {
        fail_all(batch, STORE_FATAL, err.text);
        return -1;
    }
    int code = connect(writer);
    if (code != SQLITE_OK) {
        fail_batch(writer, batch, code, 0);
        return -1;
    }
    return 0;
}

/* ---- a batch ---- */

static void roll_back(struct writer *writer, int code) {
    struct connection *connection = &writer->turns.connection;
    if (!sqlite3_get_autocommit(connection->db)) {
        (void)query_simple(connection, QUERY_ROLLBACK); /* the first error is the one to report */
    }
    turns_rolled_back(&writer->turns);
    int kind =
        code & 0xFF; /* a file that could only be opened for reading stays so until it is opened again */
    if (kind == SQLITE_READONLY || kind == SQLITE_IOERR || kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB ||
        kind == SQLITE_CANTOPEN) {
        disconnect(writer);
    }
}

#ifdef PANDU_ACK_BEFORE_COMMIT
/* Only for the control of the crash test (tests/crash): answers at once, as a program would that lies. */
static void acknowledge_early(struct writer *writer, struct job *job) {
    struct job *early = job_new(NULL, job->kind, &job->turn, job->done, job->context);
    if (early != NULL) {
        early->result = job->result;
        early->result.text = NULL;
        early->result_bytes = job->result_bytes;
        job->result_bytes = NULL;
        completions_put(writer->completions, early);
    }
}

/* A disk as slow as they come, so that the lie shows within seconds. */
static void wait_for_disk(void) {
    const struct timespec pause = {.tv_nsec = 3 * 1000 * 1000};
    (void)nanosleep(&pause, NULL);
}
#endif

/* The whole batch, or with its first error nothing of it. */
static int apply_all(struct writer *writer, struct job *batch) {
    int code = turns_file(&writer->turns, 0);
    code = code == SQLITE_OK ? turns_erase_on(&writer->turns) : code;
    turns_expect(&writer->turns, batch);
    for (struct job *job = batch; code == SQLITE_OK && job != NULL; job = job->next) {
        writer->batch_erases |= job->kind == JOB_ERASE || job->turn.erase;
        code = turns_apply(&writer->turns, job);
#ifdef PANDU_ACK_BEFORE_COMMIT
        acknowledge_early(writer, job);
#endif
    }
#ifdef PANDU_ACK_BEFORE_COMMIT
    wait_for_disk();
#endif
    return code;
}

/* One transaction for all; without jobs it goes on with what is to be filed and erased. SQLITE_OK, or the
   error after the batch was failed and rolled back. */
static int commit_batch(struct writer *writer, struct job *batch) {
    struct connection *connection = &writer->turns.connection;
    int was_committing = 0;
    int code = query_simple(connection, QUERY_BEGIN_WRITE);
    code = code == SQLITE_OK ? apply_all(writer, batch) : code;
    if (code == SQLITE_OK) {
        was_committing = 1;
        code = query_simple(connection, QUERY_COMMIT);
    }
    atomic_store(&writer->is_healthy, code == SQLITE_OK);
    if (code != SQLITE_OK) {
        fail_batch(writer, batch, code, was_committing);
        roll_back(writer, code);
    }
    return code;
}

/* Whether the turn is to blame, not the medium: then the others of its batch can be stored without it. */
static int is_fault_of_one(int code) {
    int kind = code & 0xFF;
    return kind == SQLITE_CONSTRAINT || kind == SQLITE_TOOBIG || kind == SQLITE_MISMATCH ||
           kind == SQLITE_ERROR || kind == SQLITE_RANGE;
}

/* A savepoint around each turn would find the bad one at once, but copies every page a turn touches; a
   bad turn is so rare that doing its batch again, one by one, costs nothing. */
static void commit_all(struct writer *writer, struct job *batch) {
    int code = commit_batch(writer, batch);
    if (!is_fault_of_one(code) || batch == NULL || batch->next == NULL) {
        return;
    }
    for (struct job *job = batch, *next; job != NULL; job = next) {
        next = job->next;
        job->next = NULL;
        if (writer->turns.connection.db != NULL || reconnect(writer, job) == 0) {
            (void)commit_batch(writer, job); /* the job has the outcome */
        }
        job->next = next;
    }
}

static void complete(struct writer *writer, struct job *batch) {
#ifdef PANDU_ACK_BEFORE_COMMIT
    (void)writer;
    while (batch != NULL) {
        struct job *next = batch->next;
        job_free(NULL, batch);
        batch = next;
    }
#else
    completions_put(writer->completions, batch);
#endif
}

static void answer_cleared(struct writer *writer) {
    complete(writer, writer->clearing_for);
    writer->clearing_for = NULL;
    writer->clearing = CLEARING_NOTHING;
    writer->wait_until_ms = 0;
}

/* All whose rows are deleted; of the others the log will have to be cleared once more. */
static void answer_erased(struct writer *writer) {
    answer_cleared(writer);
    complete(writer, writer->erased);
    writer->erased = NULL;
    writer->erased_last = &writer->erased;
}

/* Pages in memory may hold, where they keep nothing, what was erased (gather.c), and would take it to the log
   again. */
static void forget_pages(struct writer *writer) {
    if (writer->turns.connection.db != NULL) {
        (void)sqlite3_db_release_memory(writer->turns.connection.db); /* always works */
    }
}

/* Our own reads are short and waited for; while another program reads, it is tried again later. */
static void truncate_log(struct writer *writer) {
    (void)pthread_mutex_lock(&writer->reader->using_connection);
    (void)pthread_mutex_lock(&writer->checkpointer->using_connection);
    int code = database_truncate_log(&writer->turns.connection);
    (void)pthread_mutex_unlock(&writer->checkpointer->using_connection);
    (void)pthread_mutex_unlock(&writer->reader->using_connection);
    writer->retry_ms = code != SQLITE_OK ? clock_steady_ms() + WRITER_RETRY_MS : 0;
    if (code == SQLITE_OK) {
        writer->log_pages = writer->log_high = 0;
        forget_pages(writer);
        answer_cleared(writer);
    } else { /* told now, and done as soon as it can be */
        answer_cleared(writer);
        writer->clearing = CLEARING_FROM;
    }
}

/* Takes the erasures out of a batch that was stored, for later: "erased" is then true of the log as well.
 */
static struct job *hold_erased(struct writer *writer, struct job *batch) {
    if (!writer->batch_erases) {
        return batch; /* nearly always */
    }
    for (struct job **link = &batch, *job; (job = *link) != NULL;) {
        if ((job->kind == JOB_ERASE || job->turn.erase) && job->result.status == STORE_OK) {
            *link = job->next;
            job->next = NULL;
            *writer->erased_last = job;
            writer->erased_last = &job->next;
        } else {
            link = &job->next;
        }
    }
    return batch;
}

/* Nothing that was erased is in the log once it was written over. */
static void begin_clearing(struct writer *writer, int64_t now_ms) {
    int is_pending = erasures_pending(&writer->turns.erasures);
    writer->has_erased |= is_pending;
    if (writer->clearing == CLEARING_NOTHING && !is_pending &&
        (writer->erased != NULL || writer->has_erased)) {
        writer->has_erased = 0;
        writer->clearing = CLEARING_FROM;
        writer->clearing_for = writer->erased;
        writer->erased = NULL;
        writer->erased_last = &writer->erased;
        writer->wait_until_ms = now_ms + WRITER_ERASE_MS;
    }
}

/* Starting the log over moves what is left of it first, and every turn waits meanwhile: so the other thread
   moves most of it before. Cutting it off takes longer than writing over it, so it is done when nobody talks,
   or after a while. */
static void tidy(struct writer *writer, int is_idle) {
    int64_t now_ms = clock_steady_ms();
    if (writer->turns.connection.db == NULL) {
        answer_erased(writer); /* nobody knows when the disk is well again; it is made up for then */
        writer->clearing = CLEARING_FROM;
        return;
    }
    begin_clearing(writer, now_ms);
    if (writer->clearing == CLEARING_UP_TO && writer->log_pages >= writer->log_high) {
        answer_cleared(writer);
    }
    int is_clearing = writer->clearing != CLEARING_NOTHING && now_ms >= writer->retry_ms;
    int is_long =
        writer->log_pages >= CHECKPOINT_PAGES_HIGH || (writer->clearing == CLEARING_FROM && is_clearing);
    if (!is_clearing && !is_long) {
        return;
    }
    int is_near = checkpointer_hurry(writer->checkpointer) <= CHECKPOINT_PAGES_NEAR;
    int is_over = now_ms >= writer->wait_until_ms;
    if (is_clearing && (is_over || (is_near && is_idle))) {
        truncate_log(writer);
    } else if (is_long && (is_near || writer->log_pages >= CHECKPOINT_PAGES_MOST)) {
        checkpointer_catch_up(writer->checkpointer, &writer->turns.connection);
        if (writer->clearing == CLEARING_FROM) {
            forget_pages(writer);
        }
    }
}

static void serve(struct writer *writer, struct job *batch) {
    writer->batch_erases = 0;
    if (writer->turns.connection.db != NULL || reconnect(writer, batch) == 0) {
        commit_all(writer, batch);
    }
    if (batch != NULL) {
        complete(writer, hold_erased(writer, batch));
    }
    checkpointer_note(writer->checkpointer, writer->log_pages);
}

/* Who is told that the server is sick sends nobody there, so it must find out by itself that it is well
   again: writes what is there already. */
static void probe(struct writer *writer) {
    struct connection *connection = &writer->turns.connection;
    int64_t version = 0;
    char same[64];
    if (connection->db == NULL && reconnect(writer, NULL) != 0) {
        return;
    }
    int code = query_simple(connection, QUERY_BEGIN_WRITE);
    code = code == SQLITE_OK ? connection_number(connection, "PRAGMA user_version", &version) : code;
    (void)snprintf(same, sizeof same, "PRAGMA user_version = %d", (int)version);
    code = code == SQLITE_OK ? connection_run(connection, same) : code;
    code = code == SQLITE_OK ? query_simple(connection, QUERY_COMMIT) : code;
    if (code != SQLITE_OK) {
        roll_back(writer, code);
    }
    atomic_store(&writer->is_healthy, code == SQLITE_OK);
}

/* ---- the thread ---- */

/* So that the next start has nothing to file or erase; if it fails, it has. */
static void finish_all(struct writer *writer) {
    struct connection *connection = &writer->turns.connection;
    while (connection->db != NULL && erasures_pending(&writer->turns.erasures) &&
           commit_batch(writer, NULL) == SQLITE_OK) {
    }
    int code = connection->db != NULL ? query_simple(connection, QUERY_BEGIN_WRITE) : SQLITE_CANTOPEN;
    code = code == SQLITE_OK ? turns_file(&writer->turns, 1) : code;
    code = code == SQLITE_OK ? query_simple(connection, QUERY_COMMIT) : code;
    if (code != SQLITE_OK && connection->db != NULL) {
        roll_back(writer, code);
    }
    if (connection->db != NULL && (writer->erased != NULL || writer->clearing != CLEARING_NOTHING)) {
        truncate_log(writer);
    }
    answer_erased(writer);
}

/* How long to wait for turns; -1: for ever. */
static int patience(const struct writer *writer, int is_sick) {
    if (is_sick || writer->turns.connection.db == NULL) {
        return WRITER_RETRY_MS;
    }
    if (erasures_pending(&writer->turns.erasures)) {
        return 0;
    }
    if (writer->clearing != CLEARING_NOTHING || writer->erased != NULL) { /* came while it was cleared */
        int64_t rest_ms = writer->retry_ms - clock_steady_ms();
        return rest_ms > WRITER_LOOK_MS ? (int)rest_ms : WRITER_LOOK_MS;
    }
    return -1;
}

static void *run(void *argument) {
    struct writer *writer = argument;
    int closed = 0;
    unsigned idle_looks = 0;
    if (writer->turns.connection.db != NULL) {
        truncate_log(writer);
    }
    while (!closed) {
        int is_sick = !atomic_load(&writer->is_healthy);
        struct job *batch = job_queue_take(&writer->queue, WRITER_BATCH_MAX, WRITER_BATCH_BYTES,
                                           patience(writer, is_sick), &closed);
        if (batch != NULL || (!closed && !is_sick && erasures_pending(&writer->turns.erasures))) {
            serve(writer, batch);
        } else if (!closed && is_sick) {
            probe(writer);
        }
        idle_looks = batch == NULL ? idle_looks + 1 : 0;
        tidy(writer, idle_looks >= WRITER_IDLE_LOOKS);
    }
    finish_all(writer);
    return NULL;
}

int writer_start(struct writer *writer, const char *path, struct completions *completions,
                 struct reader *reader, struct checkpointer *checkpointer) {
    memset(writer, 0, sizeof *writer);
    writer->path = path;
    writer->completions = completions;
    writer->reader = reader;
    writer->checkpointer = checkpointer;
    writer->erased_last = &writer->erased;
    writer->clearing = CLEARING_FROM; /* the opening may have been kept from it */
    atomic_init(&writer->is_healthy, 1);
    int rc = turns_init(&writer->turns);
    if (rc != 0) {
        return rc;
    }
    if (connect(writer) != SQLITE_OK) {
        atomic_store(&writer->is_healthy, 0); /* each batch tries again, and says why it fails */
    }
    rc = job_queue_init(&writer->queue, WRITER_QUEUE_MAX, WRITER_QUEUE_BYTES);
    return rc == 0 ? pthread_create(&writer->thread, NULL, run, writer) : rc;
}

void writer_stop(struct writer *writer) {
    job_queue_finish(&writer->queue);
    (void)pthread_join(writer->thread, NULL);
}

void writer_disconnect(struct writer *writer) {
    turns_close(&writer->turns);
}
