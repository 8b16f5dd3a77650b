/* The reader. Never writes: its connection is read-only. Called by sqlite.c and, after I/O errors, by
 * writer.c. */
#include "store/sqlite/reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/document.h"
#include "store/rows.h"
#include "store/sqlite/turns.h"

#include "banned.h"

enum {
    READER_QUEUE_MAX = 8192,
    READER_QUEUE_BYTES = 16 * 1024 * 1024,
    READER_TRIES = 20,
    READER_STEPS = 10000 /* virtual-machine steps between two looks at the clock */
};

/* ---- verbs ---- */

static int load(struct connection *connection, struct job *job) {
    struct turns_head head;
    int code = turns_find_head(connection, job->turn.conversation, &head, job);
    if (code == SQLITE_OK && head.is_damaged) {
        job_fail(job, STORE_FATAL, TURNS_DAMAGED);
    } else if (code == SQLITE_OK && job->result.status == STORE_OK) {
        job->result.version = head.at.version;
        job->result.last_seq = head.at.last_seq;
    }
    return code;
}

static int add_turn(struct connection *connection, int64_t number, struct document *document) {
    struct query query = query_start(connection, QUERY_READ_TURN);
    query_int(&query, number);
    if (query_row(&query)) {
        struct document_turn turn = {.id = query_column_text(&query, 0),
                                     .at_ms = query_column_int(&query, 1),
                                     .version = (uint64_t)query_column_int(&query, 2),
                                     .first_seq = (uint64_t)query_column_int(&query, 3),
                                     .last_seq = (uint64_t)query_column_int(&query, 4),
                                     .inbound = query_column_bytes(&query, 5),
                                     .outcome = query_column_bytes(&query, 6)};
        document_add_turn(document, &turn);
    }
    return query_end(&query);
}

static int add_turns(struct connection *connection, int64_t conversation, struct document *document) {
    struct numbers numbers;
    int code = numbers_of(connection, conversation, &numbers);
    for (size_t i = 0; code == SQLITE_OK && i < numbers.count; i++) {
        code = add_turn(connection, numbers.list[i], document);
    }
    numbers_free(&numbers);
    return code;
}

/* Rows (at, first, second), each handed to add. */
static int add_notes(struct connection *connection, enum query_id id, int64_t argument,
                     struct document *document,
                     void (*add)(struct document *, int64_t, const char *, const char *)) {
    struct query query = query_start(connection, id);
    query_int(&query, argument);
    while (query_row(&query)) {
        add(document, query_column_int(&query, 0), query_column_text(&query, 1),
            query_column_text(&query, 2));
    }
    return query_end(&query);
}

/* Takes the document. */
static void keep_document(struct job *job, struct document *document) {
    char *text = document != NULL ? document_print(document) : NULL;
    document_free(document);
    if (text == NULL) {
        job_fail(job, STORE_BUSY, "no memory for the document");
        return;
    }
    job->result_bytes = text;
    job->result = (struct store_result){.status = STORE_OK, .outcome = {text, strlen(text)}};
}

static int export_all(struct connection *connection, struct job *job) {
    struct turns_head head;
    struct store_bytes state = {NULL, 0};
    int code = load(connection, job); /* its state is copied: it outlives the query */
    if (code == SQLITE_OK && job->result.status == STORE_OK) {
        state = job->result.state;
        code = turns_find_head(connection, job->turn.conversation, &head, NULL);
    }
    if (code != SQLITE_OK || job->result.status != STORE_OK) {
        return code;
    }
    struct document *document = document_new(job->turn.conversation, head.at, state);
    free(job->result_bytes);
    job->result_bytes = NULL;
    if (document != NULL && head.conversation != 0) {
        code = add_turns(connection, head.conversation, document);
        code = code == SQLITE_OK ? add_notes(connection, QUERY_ALL_UNMATCHED, head.conversation, document,
                                             document_add_unmatched)
                                 : code;
        code = code == SQLITE_OK ? add_notes(connection, QUERY_ALL_ESCALATIONS, head.conversation, document,
                                             document_add_escalation)
                                 : code;
    }
    keep_document(job, document);
    return code;
}

static int list_unmatched(struct connection *connection, struct job *job) {
    struct document *document = document_new_list();
    size_t limit = job->limit < RULES_LIST_MAX ? job->limit : RULES_LIST_MAX;
    int code = document != NULL ? add_notes(connection, QUERY_NEWEST_UNMATCHED, (int64_t)limit, document,
                                            document_add_unmatched)
                                : SQLITE_OK;
    keep_document(job, document);
    return code;
}

static void take_rows(struct job *job, struct rows *rows) {
    job->result.status = STORE_OK;
    job->result_bytes = rows_take(rows, &job->result);
    if (job->result_bytes == NULL) {
        job_fail(job, STORE_BUSY, "out of memory");
    }
}

/* 1 if the turn may be followed by more: it was added to the page, or has no event. */
static int read_turn(const struct query *query, struct rows *rows, size_t *count) {
    struct store_row row = {.turn_id = query_column_text(query, 0),
                            .at_ms = query_column_int(query, 1),
                            .first_seq = (uint64_t)query_column_int(query, 3),
                            .last_seq = (uint64_t)query_column_int(query, 4),
                            .inbound = query_column_bytes(query, 5),
                            .outcome = query_column_bytes(query, 6)};
    if (row.last_seq < row.first_seq) {
        return 1;
    }
    ++*count;
    return rows_add(rows, &row);
}

static int last_seq_of(struct connection *connection, int64_t number, uint64_t *last_seq) {
    struct query query = query_start(connection, QUERY_READ_TURN);
    query_int(&query, number);
    if (query_row(&query)) {
        *last_seq = (uint64_t)query_column_int(&query, 4);
    }
    return query_end(&query);
}

/* Index of the first turn with an event later than seq: later turns have later events. */
static int find_later(struct connection *connection, const struct numbers *numbers, uint64_t seq,
                      size_t *at) {
    size_t low = 0, high = numbers->count;
    int code = SQLITE_OK;
    while (code == SQLITE_OK && low < high) {
        size_t middle = low + (high - low) / 2;
        uint64_t last_seq = 0;
        code = last_seq_of(connection, numbers->list[middle], &last_seq);
        low = last_seq > seq ? low : middle + 1;
        high = last_seq > seq ? middle : high;
    }
    *at = low;
    return code;
}

static int add_later(struct connection *connection, const struct numbers *numbers, const struct job *job,
                     struct rows *rows) {
    size_t at = 0, count = 0, limit = job->limit < ROWS_MAX ? job->limit : ROWS_MAX;
    int goes_on = 1;
    int code = find_later(connection, numbers, job->seq, &at);
    for (; code == SQLITE_OK && goes_on && at < numbers->count && count < limit; at++) {
        struct query query = query_start(connection, QUERY_READ_TURN);
        query_int(&query, numbers->list[at]);
        goes_on = !query_row(&query) || read_turn(&query, rows, &count);
        code = query_end(&query);
    }
    return code;
}

static int read_since(struct connection *connection, struct job *job) {
    struct turns_head head;
    struct numbers numbers = {.list = NULL};
    struct rows *rows = rows_new();
    if (rows == NULL) {
        job_fail(job, STORE_BUSY, "out of memory");
        return SQLITE_OK;
    }
    int code = turns_find_head(connection, job->turn.conversation, &head, NULL);
    job->result = (struct store_result){.version = head.at.version, .last_seq = head.at.last_seq};
    if (code == SQLITE_OK && job->seq < head.at.last_seq && head.conversation != 0) {
        code = numbers_of(connection, head.conversation, &numbers);
    }
    code = code == SQLITE_OK ? add_later(connection, &numbers, job, rows) : code;
    numbers_free(&numbers);
    take_rows(job, rows);
    return code;
}

static int read_due(const struct query *query, struct rows *rows) {
    struct store_row row = {.conversation = query_column_text(query, 0),
                            .turn_id = query_column_text(query, 1),
                            .at_ms = query_column_int(query, 2)};
    return rows_add(rows, &row);
}

static int list_due(struct connection *connection, struct job *job) {
    struct rows *rows = rows_new();
    if (rows == NULL) {
        job_fail(job, STORE_BUSY, "out of memory");
        return SQLITE_OK;
    }
    struct query query = query_start(connection, QUERY_LIST_DUE);
    query_int(&query, job->turn.at_ms);
    query_int(&query, job->limit < ROWS_MAX ? (int64_t)job->limit : ROWS_MAX);
    while (query_row(&query) && read_due(&query, rows)) {
    }
    int code = query_end(&query);
    take_rows(job, rows);
    return code;
}

/* ---- the thread ---- */

static int is_over(void *argument) {
    const struct reader *reader = argument;
    return clock_steady_ms() > reader->deadline_ms;
}

static int connect(struct reader *reader) {
    if (reader->connection.db != NULL) {
        return SQLITE_OK;
    }
    int code = connection_open(&reader->connection, reader->path, CONNECTION_READER);
    reader->connection.places = reader->places;
    if (code == SQLITE_OK) {
        sqlite3_progress_handler(reader->connection.db, READER_STEPS, is_over, reader);
    }
    return code;
}

static int perform_once(struct connection *connection, struct job *job) {
    int code = query_simple(connection, QUERY_BEGIN); /* one snapshot for all its queries */
    if (code != SQLITE_OK) {
        return code;
    }
    switch (job->kind) {
    case JOB_LOAD: code = load(connection, job); break;
    case JOB_EXPORT: code = export_all(connection, job); break;
    case JOB_READ_SINCE: code = read_since(connection, job); break;
    case JOB_DUE: code = list_due(connection, job); break;
    default: code = list_unmatched(connection, job); break;
    }
    int ended = query_simple(connection, code == SQLITE_OK ? QUERY_COMMIT : QUERY_ROLLBACK);
    return code == SQLITE_OK ? ended : code;
}

/* Read again if so many turns came meanwhile that the writer may have forgotten one which was not filed when
   the snapshot was taken. */
static int perform(struct connection *connection, struct job *job) {
    for (int tries = 0; tries < READER_TRIES; tries++) {
        uint64_t before = places_added(connection->places);
        int code = perform_once(connection, job);
        if (code != SQLITE_OK || places_added(connection->places) - before < PLACES_SLACK) {
            return code;
        }
        free(job->result_bytes);
        job->result_bytes = NULL;
        job->result = (struct store_result){.status = STORE_OK};
    }
    job_fail(job, STORE_BUSY, "too much is written to read this");
    return SQLITE_OK;
}

static void serve(struct reader *reader, struct job *job) {
    (void)pthread_mutex_lock(&reader->using_connection);
    reader->deadline_ms = clock_steady_ms() + READER_MOST_MS;
    int code = connect(reader);
    code = code == SQLITE_OK ? perform(&reader->connection, job) : code;
    if (code != SQLITE_OK) {
        const char *message =
            reader->connection.db != NULL ? sqlite3_errmsg(reader->connection.db) : sqlite3_errstr(code);
        enum store_status status = database_status(code, 0, message, job->text);
        job_fail(job, status, job->text);
        connection_close(&reader->connection);
    }
    (void)pthread_mutex_unlock(&reader->using_connection);
}

static void *run(void *argument) {
    struct reader *reader = argument;
    int closed = 0;
    while (!closed) {
        struct job *job = job_queue_take(&reader->queue, 1, 1, -1, &closed);
        if (job != NULL) {
            serve(reader, job);
            completions_put(reader->completions, job);
        }
    }
    return NULL;
}

void reader_disconnect(struct reader *reader) {
    (void)pthread_mutex_lock(&reader->using_connection);
    connection_close(&reader->connection);
    (void)pthread_mutex_unlock(&reader->using_connection);
}

int reader_start(struct reader *reader, const char *path, struct places *places,
                 struct completions *completions) {
    memset(reader, 0, sizeof *reader);
    reader->places = places;
    reader->path = path;
    reader->completions = completions;
    int rc = job_queue_init(&reader->queue, READER_QUEUE_MAX, READER_QUEUE_BYTES);
    if (rc != 0) {
        return rc;
    }
    rc = pthread_mutex_init(&reader->using_connection, NULL);
    return rc == 0 ? pthread_create(&reader->thread, NULL, run, reader) : rc;
}

void reader_stop(struct reader *reader) {
    job_queue_finish(&reader->queue);
    (void)pthread_join(reader->thread, NULL);
    reader_disconnect(reader);
    (void)pthread_mutex_destroy(&reader->using_connection);
}
