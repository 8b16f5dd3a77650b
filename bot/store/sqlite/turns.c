/* Rows of turns. Never commits and never answers: the writer does, after COMMIT. Called by writer.c;
   turns_find_head by reader.c too. */
#include "store/sqlite/turns.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "store/sqlite/chain.h"
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

/* The state after the turn at hand and its replies, kept for the job in one block. Returns an SQLite code. */
static int keep_newest(struct connection *connection, const struct query *newest, struct turns_head *head,
                       struct job *job) {
    struct chain_state state;
    struct store_bytes outcome = query_column_bytes(newest, 3);
    int code = chain_read(connection, head->newest, &state);
    head->is_damaged = state.bytes == NULL;
    char *bytes = state.bytes != NULL ? realloc(state.bytes, state.length + outcome.length + 1) : NULL;
    if (bytes == NULL) {
        free(state.bytes);
        return code == SQLITE_OK && !head->is_damaged ? SQLITE_NOMEM : code;
    }
    if (outcome.length != 0) {
        memcpy(bytes + state.length, outcome.data, outcome.length);
    }
    bytes[state.length + outcome.length] = '\0';
    free(job->result_bytes);
    job->result_bytes = bytes;
    job->result.state = (struct store_bytes){bytes, state.length};
    job->result.outcome = (struct store_bytes){bytes + state.length, outcome.length};
    return code;
}

/* The newest turn says where the conversation stands. */
static int read_newest(struct connection *connection, const struct query *newest, struct turns_head *head,
                       struct job *job) {
    head->at.version = (uint64_t)query_column_int(newest, 0);
    head->at.last_seq = (uint64_t)query_column_int(newest, 1);
    head->is_damaged = query_column_is_null(newest, 2);
    head->state_length = (size_t)query_column_int(newest, 2);
    return job != NULL && !head->is_damaged ? keep_newest(connection, newest, head, job) : SQLITE_OK;
}

static int find_newest(struct connection *connection, struct turns_head *head, struct job *job) {
    int64_t number = 0;
    int code = numbers_newest(connection, head->conversation, &number);
    if (code != SQLITE_OK) {
        return code;
    }
    struct query query = query_start(connection, QUERY_READ_NEWEST);
    query_int(&query, number);
    head->newest = number;
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
    int code = read_number(connection, QUERY_FIND_CONVERSATION, name, &head->conversation);
    if (code != SQLITE_OK) {
        return code;
    }
    return head->conversation != 0 ? find_newest(connection, head, job) : find_erased(connection, name, head);
}

/* ---- heads ---- */

static void forget_head(struct turns *turns, struct turns_head *head) {
    known_clear(&head->known, &turns->known_bytes);
    free(head->name);
    memset(head, 0, sizeof *head);
}

static void forget_heads(struct turns *turns) {
    for (size_t i = 0; i < TURNS_HEADS; i++) {
        if (turns->heads[i].name != NULL) {
            forget_head(turns, &turns->heads[i]);
        }
    }
}

struct filling {
    struct turns *turns;
    struct known *known;
};

static void fill_known(void *context, int64_t id_hash) {
    struct filling *filling = context;
    known_add(filling->known, id_hash, &filling->turns->known_bytes);
}

static size_t first_place(uint64_t hash) {
    return (size_t)(hash % (TURNS_HEADS / TURNS_WAYS)) * TURNS_WAYS;
}

/* Where the head is, or may be: one that is free, or was used longest ago. */
static size_t place_of(const struct turns *turns, const char *name, uint64_t hash) {
    size_t first = first_place(hash), oldest = first;
    for (size_t i = first; i < first + TURNS_WAYS; i++) {
        const struct turns_head *head = &turns->heads[i];
        if (turns->name_hashes[i] == hash && head->name != NULL && strcmp(head->name, name) == 0) {
            return i;
        }
    }
    for (size_t i = first; i < first + TURNS_WAYS; i++) {
        oldest = turns->heads[i].used < turns->heads[oldest].used ? i : oldest;
    }
    return oldest;
}

/* The remembered head, looked up if it is not there. */
static int head_of(struct turns *turns, const char *name, uint64_t hash, struct turns_head **out) {
    size_t place = place_of(turns, name, hash);
    struct turns_head *head = *out = &turns->heads[place];
    if (turns->name_hashes[place] == hash && head->name != NULL && strcmp(head->name, name) == 0) {
        head->used = ++turns->used;
        return SQLITE_OK;
    }
    forget_head(turns, head);
    int code = turns_find_head(&turns->connection, name, head, NULL);
    struct filling filling = {turns, &head->known};
    if (code == SQLITE_OK && head->conversation != 0) {
        code = numbers_hashes(&turns->connection, head->conversation, KNOWN_MAX + 1, fill_known, &filling);
    }
    head->name = code == SQLITE_OK ? strdup(name) : NULL;
    turns->name_hashes[place] = hash;
    head->used = head->name != NULL ? ++turns->used : 0;
    return code == SQLITE_OK && head->name == NULL ? SQLITE_NOMEM : code;
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

static int find_known(struct turns *turns, const struct turns_head *head, int64_t id, struct job *job,
                      int *known) {
    struct numbers numbers;
    *known = 0;
    if (!known_may_have(&head->known, id)) {
        return SQLITE_OK;
    }
    int code = numbers_of_id(&turns->connection, head->conversation, id, &numbers);
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
                    int64_t id, uint64_t first_seq) {
    struct query query = query_start(&turns->connection, QUERY_ADD_TURN);
    query_int(&query, turns->next_number);
    query_int(&query, head->conversation);
    query_int(&query, id);
    query_text(&query, turn->turn_id);
    query_int(&query, (int64_t)turn->text_hash);
    query_int(&query, (int64_t)head->at.version);
    query_int(&query, (int64_t)first_seq);
    query_int(&query, (int64_t)head->at.last_seq);
    query_int(&query, turn->at_ms);
    query_bytes(&query, turn->inbound);
    query_bytes(&query, turn->outcome);
    query_bytes(&query, turn->state);
    if (turn->is_patch) {
        query_int(&query, head->newest);
        query_int(&query, (int64_t)head->state_length);
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

/* From now on nobody finds what the person said, and it is deleted bit by bit; the id goes to the list of
   erased ones. */
static int erase(struct turns *turns, struct turns_head *head, int64_t at_ms) {
    int code = head->conversation != 0
                   ? erasures_begin(&turns->erasures, &turns->connection, head->conversation)
                   : SQLITE_OK;
    if (code != SQLITE_OK) {
        return code;
    }
    struct query query = query_start(&turns->connection, QUERY_ADD_ERASED);
    query_text(&query, head->name);
    query_int(&query, at_ms);
    query_int(&query, (int64_t)head->at.version);
    query_int(&query, (int64_t)head->at.last_seq);
    head->conversation = 0;
    known_clear(&head->known, &turns->known_bytes);
    return query_run(&query);
}

/* ---- verbs ---- */

static int write_turn(struct turns *turns, struct turns_head *head, size_t state_length, int64_t id,
                      struct job *job) {
    const struct store_turn *turn = &job->turn;
    uint64_t first_seq = 0;
    int code = turn->erase ? erase(turns, head, turn->at_ms) : SQLITE_OK;
    if (code == SQLITE_OK && head->conversation == 0) {
        code = add_conversation(turns, head);
    }
    head->at = rules_advance(head->at, turn, &first_seq);
    head->state_length = state_length;
    code = code == SQLITE_OK ? add_turn(turns, head, turn, id, first_seq) : code;
    code = code == SQLITE_OK ? add_notes(turns, head->conversation, turn) : code;
    if (code == SQLITE_OK) {
        places_add(&turns->places, head->conversation, id, turns->next_number);
        known_add(&head->known, id, &turns->known_bytes);
    }
    head->newest = turns->next_number++;
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
    return erase(turns, head, job->turn.at_ms);
}

/* The first place with the name's hash; its head is mostly that of the name. */
static struct turns_head *likely_head(struct turns *turns, uint64_t hash) {
    size_t first = first_place(hash), at = first;
    while (at + 1 < first + TURNS_WAYS && turns->name_hashes[at] != hash) {
        at++;
    }
    return &turns->heads[at];
}

/* Each look is at memory that nobody looked at since the conversation's turn before: all of a batch are begun
   before the first is waited for. */
void turns_expect(struct turns *turns, struct job *batch) {
    for (struct job *job = batch; job != NULL; job = job->next) {
        job_expect(job->next);
        job->name_hash = hash_fast(job->turn.conversation, strlen(job->turn.conversation));
        job->id_hash = job->kind == JOB_COMMIT ? id_hash(job->turn.turn_id) : 0;
        __builtin_prefetch(&turns->name_hashes[first_place(job->name_hash)]);
    }
    for (struct job *job = batch; job != NULL; job = job->next) {
        const char *head = (const char *)likely_head(turns, job->name_hash);
        __builtin_prefetch(head);
        __builtin_prefetch(head + sizeof(struct turns_head) - 1);
    }
    for (struct job *job = batch; job != NULL; job = job->next) {
        const struct turns_head *head = likely_head(turns, job->name_hash);
        known_expect(&head->known, job->id_hash);
        places_expect(&turns->places, head->conversation, job->id_hash);
        __builtin_prefetch(head->name);
    }
}

int turns_apply(struct turns *turns, struct job *job) {
    struct turns_head *head;
    int known = 0;
    size_t length = 0;
    const int64_t id = job->id_hash;
    int code = head_of(turns, job->turn.conversation, job->name_hash, &head);
    if (code == SQLITE_OK && job->kind == JOB_COMMIT && head->conversation != 0) {
        code = find_known(turns, head, id, job, &known);
    }
    if (code != SQLITE_OK || known) {
        return code;
    }
    if (job->kind == JOB_COMMIT && head->is_damaged) {
        job_fail(job, STORE_FATAL, TURNS_DAMAGED);
        return SQLITE_OK;
    }
    if (job->kind == JOB_COMMIT &&
        (job->turn.expected_version != head->at.version ||
         !rules_fits_state(&job->turn, head->conversation != 0 ? head->state_length : 0, &length))) {
        job_fail(job, STORE_CONFLICT, "the conversation moved on");
        job->result.version = head->at.version;
        return SQLITE_OK;
    }
    return job->kind == JOB_ERASE ? erase_conversation(turns, head, job)
                                  : write_turn(turns, head, length, id, job);
}

/* ---- filing ---- */

/* What is remembered is not asked: nobody knows what of it was stored. */
static int file_table(struct turns *turns) {
    struct connection *connection = &turns->connection;
    int64_t filed = -1, last = turns->next_number - 1;
    int code = read_number(connection, QUERY_FILED, NULL, &filed);
    code = code == SQLITE_OK && filed < last ? places_file(connection, filed, last) : code;
    struct filing *filing = &turns->filing;
    filing->count = filing->done = 0;
    filing->next = places_added(&turns->places);
    filing->is_unknown = code != SQLITE_OK;
    return code;
}

/* The next run begins when enough wait. */
static void begin_run(struct turns *turns, int all) {
    struct filing *filing = &turns->filing;
    uint64_t waiting = places_added(&turns->places) - filing->next;
    if (filing->done == filing->count && waiting >= (all ? 1 : PLACES_FILE_AT)) {
        filing->count = places_list(&turns->places, filing->next, filing->list, filing->spare);
        filing->done = 0;
        filing->next += waiting < PLACES_RUN_MAX ? waiting : PLACES_RUN_MAX;
    }
}

/* Ends where a list does. */
static int file_piece(struct turns *turns) {
    struct filing *filing = &turns->filing;
    struct place_list list = {.count = 0};
    int code = SQLITE_OK;
    int64_t last = 0;
    for (size_t i = 0; code == SQLITE_OK && filing->done < filing->count; i++) {
        const struct place *place = &filing->list[filing->done];
        if (i >= PLACES_PIECE && !place_list_takes(&list, place)) {
            break;
        }
        filing->done++;
        if (place->conversation != 0) { /* else it is no more */
            code = place_list_add(&turns->connection, &list, place);
        }
    }
    code = code == SQLITE_OK ? place_list_store(&turns->connection, &list) : code;
    if (code != SQLITE_OK || filing->done < filing->count) {
        return code;
    }
    for (size_t i = 0; i < filing->count; i++) {
        last = filing->list[i].number > last ? filing->list[i].number : last;
    }
    struct query set = query_start(&turns->connection, QUERY_SET_FILED);
    query_int(&set, last);
    return query_run(&set);
}

int turns_file(struct turns *turns, int all) {
    struct filing *filing = &turns->filing;
    int code = filing->is_unknown ? file_table(turns) : SQLITE_OK;
    do {
        begin_run(turns, all);
        if (code == SQLITE_OK && filing->done < filing->count) {
            code = file_piece(turns);
        }
    } while (code == SQLITE_OK && all &&
             (filing->done < filing->count || filing->next < places_added(&turns->places)));
    return code;
}

static void forget_places(void *context, int64_t conversation) {
    struct turns *turns = context;
    places_forget(&turns->places, conversation);
    for (size_t i = turns->filing.done; i < turns->filing.count; i++) {
        struct place *place = &turns->filing.list[i];
        place->conversation = place->conversation == conversation ? 0 : place->conversation;
    }
}

int turns_erase_on(struct turns *turns) {
    return erasures_pending(&turns->erasures)
               ? erasures_step(&turns->erasures, &turns->connection, forget_places, turns)
               : SQLITE_OK;
}

/* ---- beginning and ending ---- */

int turns_init(struct turns *turns) {
    return places_init(&turns->places);
}

void turns_close(struct turns *turns) {
    connection_close(&turns->connection);
    forget_heads(turns);
    erasures_reset(&turns->erasures);
    places_destroy(&turns->places);
}

void turns_rolled_back(struct turns *turns) {
    forget_heads(turns);
    erasures_reset(&turns->erasures);
    turns->filing.is_unknown = 1;
}

/* What a program that was killed left to be filed. */
static int file_rest(struct turns *turns) {
    int64_t filed = -1;
    int code = read_number(&turns->connection, QUERY_FILED, NULL, &filed);
    turns->filing.is_unknown = 1;
    if (code != SQLITE_OK || filed >= turns->next_number - 1) {
        return code == SQLITE_OK ? file_table(turns) : code;
    }
    code = query_simple(&turns->connection, QUERY_BEGIN_WRITE);
    code = code == SQLITE_OK ? turns_file(turns, 1) : code;
    return code == SQLITE_OK ? query_simple(&turns->connection, QUERY_COMMIT) : code;
}

int turns_start(struct turns *turns) {
    int64_t last = 0;
    turns->connection.places = &turns->places;
    int code = read_number(&turns->connection, QUERY_LAST_TURN, NULL, &last);
    forget_heads(turns);
    erasures_reset(&turns->erasures);
    if (last >= turns->next_number) {
        turns->next_number = last + 1;
    }
    return code == SQLITE_OK ? file_rest(turns) : code;
}
