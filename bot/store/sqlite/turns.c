/* Rows of turns. Never commits and never answers: the writer does, after COMMIT. Called by writer.c;
   turns_find_head by reader.c too. */
#include "store/sqlite/turns.h"

#include <string.h>

#include "base/map.h"
#include "store/sqlite/job.h"

#include "banned.h"

enum { TURNS_SWEEP_STEP = 256 };

/* ---- where a conversation stands ---- */

static int read_number(struct connection *connection, enum query_id id, const char *text, int64_t argument,
                       int64_t *number) {
    struct query query = query_start(connection, id);
    if (text != NULL) {
        query_text(&query, text);
    } else {
        query_int(&query, argument);
    }
    if (query_row(&query)) {
        *number = query_column_int(&query, 0); /* max() of nothing is null, read as 0 */
    }
    return query_end(&query);
}

static int read_head(struct query *query, struct rules_head *at) {
    if (query_row(query)) {
        at->version = (uint64_t)query_column_int(query, 0);
        at->last_seq = (uint64_t)query_column_int(query, 1);
    }
    return query_end(query);
}

int turns_find_head(struct connection *connection, const char *name, struct turns_head *head) {
    memset(head, 0, sizeof *head);
    memcpy(head->name, name, strnlen(name, STORE_CONVERSATION_MAX));
    int code = read_number(connection, QUERY_FIND_CONVERSATION, name, 0, &head->conversation);
    if (code == SQLITE_OK && head->conversation != 0) {
        code = read_number(connection, QUERY_FIND_NEWEST, NULL, head->conversation, &head->newest);
    }
    if (code != SQLITE_OK) {
        return code;
    }
    struct query query = query_start(connection, head->newest != 0 ? QUERY_READ_HEAD : QUERY_FIND_ERASED);
    if (head->newest != 0) {
        query_int(&query, head->newest);
    } else {
        query_text(&query, name);
    }
    return read_head(&query, &head->at);
}

static struct turns_head *place_of(struct turns *turns, const char *name) {
    return &turns->heads[hash_bytes(0, name, strlen(name)) % TURNS_HEADS];
}

static int head_of(struct turns *turns, const char *name, struct turns_head *head) {
    const struct turns_head *known = place_of(turns, name);
    if (strcmp(known->name, name) == 0) {
        *head = *known;
        return SQLITE_OK;
    }
    return turns_find_head(&turns->connection, name, head);
}

/* ---- a turn whose id is known ---- */

static void repeat(struct job *job, const struct query *row) {
    if ((uint64_t)query_column_int(row, 1) != job->turn.text_hash) {
        job_fail(job, STORE_CONFLICT, "this turn id is known with another text");
        return;
    }
    struct store_bytes outcome = query_column_bytes(row, 4);
    outcome.data = job_keep(job, outcome);
    if (outcome.data != NULL) {
        job->result = (struct store_result){.status = STORE_DUP,
                                            .first_seq = (uint64_t)query_column_int(row, 2),
                                            .last_seq = (uint64_t)query_column_int(row, 3),
                                            .outcome = outcome};
    }
}

static int64_t id_hash(const char *id) {
    return (int64_t)hash_bytes(0, id, strlen(id));
}

/* *known is set when the id was found; then the job has its result. */
static int find_known(struct turns *turns, const struct turns_head *head, struct job *job, int *known) {
    struct query query = query_start(&turns->connection, QUERY_FIND_TURN);
    query_int(&query, head->conversation);
    query_int(&query, id_hash(job->turn.turn_id));
    *known = 0;
    while (!*known && query_row(&query)) {
        if (strcmp(query_column_text(&query, 0), job->turn.turn_id) == 0) {
            *known = 1;
            repeat(job, &query);
            job->result.version = head->at.version;
        }
    }
    return query_end(&query);
}

/* ---- rows ---- */

static int add_conversation(struct turns *turns, struct turns_head *head) {
    struct query query = query_start(&turns->connection, QUERY_ADD_CONVERSATION);
    query_text(&query, head->name);
    int code = query_run(&query);
    if (code == SQLITE_OK) {
        head->conversation = sqlite3_last_insert_rowid(turns->connection.db);
    }
    return code;
}

static int add_turn(struct turns *turns, const struct turns_head *head, const struct store_turn *turn,
                    uint64_t first_seq) {
    struct query query = query_start(&turns->connection, QUERY_ADD_TURN);
    query_int(&query, head->newest);
    query_int(&query, head->conversation);
    query_int(&query, id_hash(turn->turn_id));
    query_text(&query, turn->turn_id);
    query_int(&query, (int64_t)turn->text_hash);
    query_int(&query, (int64_t)head->at.version);
    query_int(&query, (int64_t)first_seq);
    query_int(&query, (int64_t)head->at.last_seq);
    query_int(&query, turn->at_ms);
    query_bytes(&query, turn->inbound);
    query_bytes(&query, turn->outcome);
    int code = query_run(&query);
    if (code == SQLITE_OK) {
        query = query_start(&turns->connection, QUERY_ADD_STATE);
        query_int(&query, head->newest);
        query_bytes(&query, turn->state);
        code = query_run(&query);
    }
    return code;
}

static int add_note(struct turns *turns, enum query_id id, int64_t conversation, int64_t at_ms,
                    const char *first, const char *second) {
    struct query query = query_start(&turns->connection, id);
    query_int(&query, conversation);
    query_int(&query, at_ms);
    query_text(&query, first);
    query_text(&query, second);
    return query_run(&query);
}

static int set_due(struct turns *turns, int64_t conversation, const struct store_due *due) {
    struct query query = query_start(&turns->connection, due->at_ms != 0 ? QUERY_SET_DUE : QUERY_DROP_DUE);
    query_int(&query, conversation);
    query_text(&query, due->kind);
    if (due->at_ms != 0) {
        query_int(&query, due->at_ms);
    }
    return query_run(&query);
}

static int add_notes(struct turns *turns, int64_t conversation, const struct store_turn *turn) {
    int code = SQLITE_OK;
    for (size_t i = 0; code == SQLITE_OK && i < turn->unmatched_count; i++) {
        code = add_note(turns, QUERY_ADD_UNMATCHED, conversation, turn->at_ms, turn->unmatched[i].text,
                        turn->unmatched[i].candidates);
    }
    for (size_t i = 0; code == SQLITE_OK && i < turn->escalation_count; i++) {
        code = add_note(turns, QUERY_ADD_ESCALATION, conversation, turn->at_ms, turn->escalations[i].intent,
                        turn->escalations[i].quote);
    }
    for (size_t i = 0; code == SQLITE_OK && i < turn->due_count; i++) {
        code = set_due(turns, conversation, &turn->due[i]);
    }
    return code;
}

/* Everything with the person's words; the id goes to the list of erased ones. */
static int erase_rows(struct turns *turns, const struct turns_head *head, int64_t at_ms) {
    static const enum query_id steps[] = {QUERY_ERASE_STATES, QUERY_ERASE_UNMATCHED, QUERY_ERASE_ESCALATIONS,
                                          QUERY_ERASE_DUE, QUERY_ERASE_TURNS};
    int code = SQLITE_OK;
    for (size_t i = 0; code == SQLITE_OK && i < sizeof steps / sizeof steps[0]; i++) {
        struct query query = query_start(&turns->connection, steps[i]);
        query_int(&query, head->conversation);
        code = query_run(&query);
    }
    if (code == SQLITE_OK) {
        struct query query = query_start(&turns->connection, QUERY_ADD_ERASED);
        query_text(&query, head->name);
        query_int(&query, at_ms);
        query_int(&query, (int64_t)head->at.version);
        query_int(&query, (int64_t)head->at.last_seq);
        code = query_run(&query);
    }
    return code;
}

/* ---- verbs ---- */

static int write_turn(struct turns *turns, struct turns_head *head, struct job *job) {
    const struct store_turn *turn = &job->turn;
    uint64_t first_seq = 0;
    int code = head->conversation == 0 ? add_conversation(turns, head) : SQLITE_OK;
    if (code == SQLITE_OK && turn->erase) {
        code = erase_rows(turns, head, turn->at_ms);
        head->newest = 0;
    }
    head->at = rules_advance(head->at, turn, &first_seq);
    int64_t before = head->newest;
    head->newest = turns->next_number;
    code = code == SQLITE_OK ? add_turn(turns, head, turn, first_seq) : code;
    code = code == SQLITE_OK ? add_notes(turns, head->conversation, turn) : code;
    if (code != SQLITE_OK) {
        return code;
    }
    turns->next_number++;
    if (before != 0 && turns->superseded_count < TURNS_SUPERSEDED_MAX) {
        turns->superseded[turns->superseded_count++] = before; /* no room: the next start's sweep finds it */
    }
    job->result = (struct store_result){.status = STORE_OK,
                                        .version = head->at.version,
                                        .first_seq = first_seq,
                                        .last_seq = head->at.last_seq};
    return SQLITE_OK;
}

static int erase_conversation(struct turns *turns, struct turns_head *head, struct job *job) {
    job->result =
        (struct store_result){.status = STORE_OK, .version = head->at.version, .last_seq = head->at.last_seq};
    if (head->conversation == 0) {
        return SQLITE_OK; /* never heard of, or erased before */
    }
    int code = erase_rows(turns, head, job->turn.at_ms);
    if (code == SQLITE_OK) {
        struct query query = query_start(&turns->connection, QUERY_ERASE_CONVERSATION);
        query_int(&query, head->conversation);
        code = query_run(&query);
    }
    head->conversation = 0;
    head->newest = 0;
    return code;
}

/* The part that writes, undone alone when it fails, so that one bad turn does not fail its batch. */
static int write_guarded(struct turns *turns, struct turns_head *head, struct job *job) {
    struct connection *connection = &turns->connection;
    char message[DATABASE_TEXT_MAX];
    int code = query_simple(connection, QUERY_SAVEPOINT);
    if (code != SQLITE_OK) {
        return code;
    }
    code = job->kind == JOB_ERASE ? erase_conversation(turns, head, job) : write_turn(turns, head, job);
    if (code == SQLITE_OK) {
        code = query_simple(connection, QUERY_RELEASE);
        *place_of(turns, head->name) = *head;
        return code;
    }
    enum store_status status = database_status(code, 0, sqlite3_errmsg(connection->db), message);
    job_fail(job, status, message);
    int kind = code & 0xFF;
    if (kind == SQLITE_IOERR || kind == SQLITE_FULL || kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB) {
        return code; /* the medium failed, not this turn */
    }
    code = query_simple(connection, QUERY_ROLLBACK_TO);
    return code == SQLITE_OK ? query_simple(connection, QUERY_RELEASE) : code;
}

int turns_apply(struct turns *turns, struct job *job) {
    struct turns_head head;
    int known = 0;
    int code = head_of(turns, job->turn.conversation, &head);
    if (code == SQLITE_OK && job->kind == JOB_COMMIT && head.conversation != 0) {
        code = find_known(turns, &head, job, &known);
    }
    if (code != SQLITE_OK || known) {
        return code;
    }
    if (job->kind == JOB_COMMIT && job->turn.expected_version != head.at.version) {
        job_fail(job, STORE_CONFLICT, "the conversation moved on");
        job->result.version = head.at.version;
        return SQLITE_OK;
    }
    return write_guarded(turns, &head, job);
}

/* ---- old states ---- */

static int drop_state(struct turns *turns, int64_t number) {
    struct query query = query_start(&turns->connection, QUERY_DROP_STATE);
    query_int(&query, number);
    return query_run(&query);
}

int turns_prune(struct turns *turns) {
    int code = SQLITE_OK;
    for (size_t i = 0; code == SQLITE_OK && i < turns->superseded_sure; i++) {
        code = drop_state(turns, turns->superseded[i]);
    }
    turns->pruned = turns->superseded_sure;
    return code;
}

void turns_committed(struct turns *turns) {
    turns->superseded_count -= turns->pruned;
    memmove(turns->superseded, turns->superseded + turns->pruned,
            turns->superseded_count * sizeof turns->superseded[0]);
    turns->pruned = 0;
    turns->superseded_sure = turns->superseded_count;
}

void turns_rolled_back(struct turns *turns) {
    turns->superseded_count = turns->superseded_sure;
    turns->pruned = 0;
    memset(turns->heads, 0, sizeof turns->heads);
}

static int drop_if_superseded(struct turns *turns, int64_t number) {
    struct query query = query_start(&turns->connection, QUERY_IS_SUPERSEDED);
    query_int(&query, number);
    int is_superseded = query_row(&query);
    int code = query_end(&query);
    return code == SQLITE_OK && is_superseded ? drop_state(turns, number) : code;
}

static int sweep_step(struct turns *turns, int *finished) {
    int64_t numbers[TURNS_SWEEP_STEP];
    int count = 0;
    struct query query = query_start(&turns->connection, QUERY_NEXT_STATES);
    query_int(&query, turns->swept);
    query_int(&query, turns->sweep_end);
    query_int(&query, TURNS_SWEEP_STEP);
    while (count < TURNS_SWEEP_STEP && query_row(&query)) {
        numbers[count++] = query_column_int(&query, 0);
    }
    int code = query_end(&query);
    for (int i = 0; code == SQLITE_OK && i < count; i++) {
        code = drop_if_superseded(turns, numbers[i]);
    }
    *finished = count < TURNS_SWEEP_STEP;
    if (code == SQLITE_OK && count > 0) {
        turns->swept = numbers[count - 1];
    }
    return code;
}

int turns_sweep(struct turns *turns, int *finished) {
    struct connection *connection = &turns->connection;
    *finished = 1;
    int code = query_simple(connection, QUERY_BEGIN_WRITE);
    if (code != SQLITE_OK) {
        return code;
    }
    code = sweep_step(turns, finished);
    code = code == SQLITE_OK ? query_simple(connection, QUERY_COMMIT) : code;
    if (code != SQLITE_OK && !sqlite3_get_autocommit(connection->db)) {
        (void)query_simple(connection, QUERY_ROLLBACK); /* the first error is the one to report */
    }
    return code;
}

int turns_start(struct turns *turns) {
    int64_t last = 0;
    struct query query = query_start(&turns->connection, QUERY_LAST_TURN);
    if (query_row(&query)) {
        last = query_column_int(&query, 0);
    }
    int code = query_end(&query);
    memset(turns->heads, 0, sizeof turns->heads);
    turns->superseded_count = turns->superseded_sure = turns->pruned = 0;
    turns->swept = 0;
    turns->sweep_end = last;
    if (last >= turns->next_number) {
        turns->next_number = last + 1;
    }
    return code;
}
