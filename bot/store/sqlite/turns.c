/* Rows of turns. Never commits and never answers: the writer does, after COMMIT. Called by writer.c;
   turns_find_head by reader.c too. */
#include "store/sqlite/turns.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "store/sqlite/job.h"

#include "banned.h"

/* ---- where a conversation stands ---- */

static int read_number(struct connection *connection, enum query_id id, const char *text, int64_t *number) {
    struct query query = query_start(connection, id);
    if (text != NULL) {
        query_text(&query, text);
    }
    if (query_row(&query)) {
        *number = query_column_int(&query, 0); /* max() of nothing is null, read as 0 */
    }
    return query_end(&query);
}

/* The state of the turn at hand, whole, and its replies, kept for the job in one block. */
static void keep_newest(struct job *job, struct store_bytes begin, const struct query *newest) {
    struct store_bytes rest = query_column_bytes(newest, 5), outcome = query_column_bytes(newest, 6);
    size_t length = begin.length + rest.length;
    char *bytes = malloc(length + outcome.length + 1);
    if (bytes == NULL) {
        job_fail(job, STORE_BUSY, "out of memory");
        return;
    }
    const struct store_bytes parts[] = {begin, rest, outcome};
    size_t used = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].length != 0) {
            memcpy(bytes + used, parts[i].data, parts[i].length);
        }
        used += parts[i].length;
    }
    bytes[used] = '\0';
    free(job->result_bytes);
    job->result_bytes = bytes;
    job->result.state = (struct store_bytes){bytes, length};
    job->result.outcome = (struct store_bytes){bytes + length, outcome.length};
}

/* The newest turn says where the conversation stands; its state may begin in an older one. */
static int read_newest(struct connection *connection, const struct query *newest, struct turns_head *head,
                       struct job *job) {
    struct query base = {.code = SQLITE_OK};
    struct store_bytes begin = {NULL, 0};
    int is_whole = query_column_is_null(newest, 3);
    head->at.version = (uint64_t)query_column_int(newest, 1);
    head->at.last_seq = (uint64_t)query_column_int(newest, 2);
    head->is_damaged = query_column_is_null(newest, 5);
    head->whole = query_column_int(newest, is_whole ? 0 : 3);
    head->whole_version = head->at.version;
    head->whole_length = query_column_bytes(newest, 5).length;
    if (!is_whole) {
        base = query_start(connection, QUERY_READ_BASE);
        query_int(&base, head->whole);
        int64_t shared = query_column_int(newest, 4);
        int found = query_row(&base);
        begin = found ? query_column_bytes(&base, 0) : begin;
        head->whole_version = found ? (uint64_t)query_column_int(&base, 1) : 0;
        head->whole_length = begin.length;
        head->is_damaged |= !found || shared < 0 || (uint64_t)shared > begin.length;
        begin.length = head->is_damaged ? 0 : (size_t)shared;
    }
    if (job != NULL && !head->is_damaged) {
        keep_newest(job, begin, newest);
    }
    return is_whole ? SQLITE_OK : query_end(&base);
}

static int find_newest(struct connection *connection, struct turns_head *head, struct job *job) {
    int64_t number = 0;
    int code = numbers_newest(connection, head->conversation, &number);
    if (code != SQLITE_OK) {
        return code;
    }
    struct query query = query_start(connection, QUERY_READ_NEWEST);
    query_int(&query, number);
    if (query_row(&query)) {
        code = read_newest(connection, &query, head, job);
    } else {
        head->is_damaged = 1; /* a conversation and its first turn are made in one transaction */
    }
    int ended = query_end(&query);
    return code != SQLITE_OK ? code : ended;
}

static int find_erased(struct connection *connection, const char *name, struct turns_head *head) {
    struct query query = query_start(connection, QUERY_FIND_ERASED);
    query_text(&query, name);
    if (query_row(&query)) {
        head->at.version = (uint64_t)query_column_int(&query, 0);
        head->at.last_seq = (uint64_t)query_column_int(&query, 1);
    }
    return query_end(&query);
}

int turns_find_head(struct connection *connection, const char *name, struct turns_head *head,
                    struct job *job) {
    memset(head, 0, sizeof *head);
    memcpy(head->name, name, strnlen(name, STORE_CONVERSATION_MAX));
    int code = read_number(connection, QUERY_FIND_CONVERSATION, name, &head->conversation);
    if (code != SQLITE_OK) {
        return code;
    }
    return head->conversation != 0 ? find_newest(connection, head, job) : find_erased(connection, name, head);
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
    return turns_find_head(&turns->connection, name, head, NULL);
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

/* *known is set when the turn has the job's id; then the job has its result. */
static int compare_id(struct turns *turns, const struct turns_head *head, int64_t number, struct job *job,
                      int *known) {
    struct query query = query_start(&turns->connection, QUERY_FIND_TURN);
    query_int(&query, number);
    if (query_row(&query) && strcmp(query_column_text(&query, 0), job->turn.turn_id) == 0) {
        *known = 1;
        repeat(job, &query);
        job->result.version = head->at.version;
    }
    return query_end(&query);
}

static int find_known(struct turns *turns, const struct turns_head *head, struct job *job, int *known) {
    struct numbers numbers;
    int code = numbers_of_id(&turns->connection, head->conversation, id_hash(job->turn.turn_id), &numbers);
    *known = 0;
    for (size_t i = 0; code == SQLITE_OK && !*known && i < numbers.count; i++) {
        code = compare_id(turns, head, numbers.list[i], job, known);
    }
    numbers_free(&numbers);
    return code;
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
    query_int(&query, turns->next_number);
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
    query_bytes(&query, turn->state);
    if (turn->base_version != 0) {
        query_int(&query, head->whole);
        query_int(&query, (int64_t)turn->shared);
    } else {
        query_null(&query);
        query_null(&query);
    }
    return query_run(&query);
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

static int erase_turns(struct turns *turns, const struct numbers *numbers) {
    int code = SQLITE_OK;
    for (size_t i = 0; code == SQLITE_OK && i < numbers->count; i++) {
        struct query query = query_start(&turns->connection, QUERY_ERASE_TURN);
        query_int(&query, numbers->list[i]);
        code = query_run(&query);
    }
    return code;
}

/* Everything with the person's words; the id goes to the list of erased ones. */
static int erase_rows(struct turns *turns, const struct turns_head *head, int64_t at_ms) {
    static const enum query_id steps[] = {QUERY_ERASE_UNMATCHED, QUERY_ERASE_ESCALATIONS, QUERY_ERASE_DUE,
                                          QUERY_ERASE_PLACES};
    struct numbers numbers;
    int code = numbers_of(&turns->connection, head->conversation, &numbers);
    for (size_t i = 0; code == SQLITE_OK && i < sizeof steps / sizeof steps[0]; i++) {
        struct query query = query_start(&turns->connection, steps[i]);
        query_int(&query, head->conversation);
        code = query_run(&query);
    }
    code = code == SQLITE_OK ? erase_turns(turns, &numbers) : code;
    numbers_free(&numbers);
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
    }
    head->at = rules_advance(head->at, turn, &first_seq);
    code = code == SQLITE_OK ? add_turn(turns, head, turn, first_seq) : code;
    code = code == SQLITE_OK ? add_notes(turns, head->conversation, turn) : code;
    if (code == SQLITE_OK) {
        places_add(&turns->places, head->conversation, id_hash(turn->turn_id), turns->next_number);
    }
    if (turn->base_version == 0) {
        head->whole = turns->next_number;
        head->whole_version = head->at.version;
        head->whole_length = turn->state.length;
    }
    turns->next_number++;
    job->result = (struct store_result){.status = STORE_OK,
                                        .version = head->at.version,
                                        .first_seq = first_seq,
                                        .last_seq = head->at.last_seq};
    return code;
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
    return code;
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
    if (job->kind == JOB_COMMIT && head.is_damaged) {
        job_fail(job, STORE_FATAL, TURNS_DAMAGED);
        return SQLITE_OK;
    }
    if (job->kind == JOB_COMMIT && (job->turn.expected_version != head.at.version ||
                                    !rules_fits_base(&job->turn, head.whole_version, head.whole_length))) {
        job_fail(job, STORE_CONFLICT, "the conversation moved on");
        job->result.version = head.at.version;
        return SQLITE_OK;
    }
    code = job->kind == JOB_ERASE ? erase_conversation(turns, &head, job) : write_turn(turns, &head, job);
    if (code == SQLITE_OK) {
        *place_of(turns, head.name) = head;
    }
    return code;
}

/* ---- filing ---- */

int turns_file(struct turns *turns, int all) {
    struct connection *connection = &turns->connection;
    int code = turns->filed < 0 ? read_number(connection, QUERY_FILED, NULL, &turns->filed) : SQLITE_OK;
    int64_t last = turns->next_number - 1;
    if (code != SQLITE_OK || last - turns->filed < (all ? 1 : PLACES_FILE_AT)) {
        return code;
    }
    struct query file = query_start(connection, QUERY_FILE_TURNS), set;
    query_int(&file, turns->filed);
    query_int(&file, last);
    code = query_run(&file);
    set = query_start(connection, QUERY_SET_FILED);
    query_int(&set, last);
    int told = query_run(&set);
    code = code == SQLITE_OK ? told : code;
    turns->filed = code == SQLITE_OK ? last : -1;
    return code;
}

/* ---- beginning and ending ---- */

int turns_init(struct turns *turns) {
    return places_init(&turns->places);
}

void turns_close(struct turns *turns) {
    connection_close(&turns->connection);
    places_destroy(&turns->places);
}

void turns_rolled_back(struct turns *turns) {
    memset(turns->heads, 0, sizeof turns->heads);
    turns->filed = -1;
}

/* What a program that was killed left to be filed. */
static int file_rest(struct turns *turns) {
    int64_t filed = -1;
    int code = read_number(&turns->connection, QUERY_FILED, NULL, &filed);
    if (code != SQLITE_OK || filed >= turns->next_number - 1) {
        turns->filed = filed;
        return code;
    }
    turns->filed = -1;
    code = query_simple(&turns->connection, QUERY_BEGIN_WRITE);
    code = code == SQLITE_OK ? turns_file(turns, 1) : code;
    return code == SQLITE_OK ? query_simple(&turns->connection, QUERY_COMMIT) : code;
}

int turns_start(struct turns *turns) {
    int64_t last = 0;
    turns->connection.places = &turns->places;
    int code = read_number(&turns->connection, QUERY_LAST_TURN, NULL, &last);
    memset(turns->heads, 0, sizeof turns->heads);
    if (last >= turns->next_number) {
        turns->next_number = last + 1;
    }
    return code == SQLITE_OK ? file_rest(turns) : code;
}
