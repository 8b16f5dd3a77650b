/* Erasing piece by piece. Never commits. Called by turns.c. */
#include "store/sqlite/erasures.h"

#include "banned.h"

enum { STAGE_UNMATCHED, STAGE_ESCALATIONS, STAGE_TURNS, STAGE_REST };

static int run_for(struct connection *connection, enum query_id id, int64_t conversation) {
    struct query query = query_start(connection, id);
    query_int(&query, conversation);
    return query_run(&query);
}

int erasures_begin(struct erasures *erasures, struct connection *connection, int64_t conversation) {
    int code = run_for(connection, QUERY_HIDE_CONVERSATION, conversation);
    erasures->may_have_more = 1;
    return code == SQLITE_OK ? run_for(connection, QUERY_ERASE_DUE, conversation) : code;
}

static int find_next(struct erasures *erasures, struct connection *connection) {
    struct query query = query_start(connection, QUERY_NEXT_HIDDEN);
    erasures->conversation = query_row(&query) ? query_column_int(&query, 0) : 0;
    erasures->stage = STAGE_UNMATCHED;
    erasures->deleted = 0;
    erasures->may_have_more = erasures->conversation != 0;
    return query_end(&query);
}

/* Notes beside the turns. *left: rows that may still be deleted in this piece. */
static int delete_notes(struct erasures *erasures, struct connection *connection, enum query_id id,
                        size_t *left) {
    struct query query = query_start(connection, id);
    query_int(&query, erasures->conversation);
    query_int(&query, (int64_t)*left);
    int code = query_run(&query);
    size_t deleted = (size_t)sqlite3_changes(connection->db);
    if (code == SQLITE_OK && deleted < *left) {
        erasures->stage++;
    }
    *left -= deleted < *left ? deleted : *left;
    return code;
}

static int delete_turns(struct erasures *erasures, struct connection *connection, size_t *left) {
    int code = SQLITE_OK;
    for (; code == SQLITE_OK && *left > 0 && erasures->deleted < erasures->numbers.count; --*left) {
        code = run_for(connection, QUERY_ERASE_TURN, erasures->numbers.list[erasures->deleted++]);
    }
    erasures->stage += code == SQLITE_OK && erasures->deleted == erasures->numbers.count;
    return code;
}

static int finish(struct erasures *erasures, struct connection *connection) {
    int code = run_for(connection, QUERY_ERASE_PLACES, erasures->conversation);
    code = code == SQLITE_OK ? run_for(connection, QUERY_ERASE_PLACE_LISTS, erasures->conversation) : code;
    code = code == SQLITE_OK ? run_for(connection, QUERY_ERASE_CONVERSATION, erasures->conversation) : code;
    numbers_free(&erasures->numbers);
    return code == SQLITE_OK ? find_next(erasures, connection) : code;
}

int erasures_step(struct erasures *erasures, struct connection *connection,
                  void (*gone)(void *context, int64_t conversation), void *context) {
    size_t left = ERASURES_PIECE;
    int code = SQLITE_OK;
    if (erasures->conversation == 0 && erasures->may_have_more) {
        code = find_next(erasures, connection);
    }
    while (code == SQLITE_OK && left > 0 && erasures->conversation != 0) {
        switch (erasures->stage) {
        case STAGE_UNMATCHED: code = delete_notes(erasures, connection, QUERY_ERASE_UNMATCHED, &left); break;
        case STAGE_ESCALATIONS:
            code = delete_notes(erasures, connection, QUERY_ERASE_ESCALATIONS, &left);
            if (code == SQLITE_OK && erasures->stage == STAGE_TURNS) {
                code = numbers_of(connection, erasures->conversation, &erasures->numbers);
            }
            if (code == SQLITE_OK && erasures->stage == STAGE_TURNS) {
                gone(context, erasures->conversation);
            }
            break;
        case STAGE_TURNS: code = delete_turns(erasures, connection, &left); break;
        default:
            code = finish(erasures, connection);
            left--;
            break;
        }
    }
    return code;
}

int erasures_pending(const struct erasures *erasures) {
    return erasures->conversation != 0 || erasures->may_have_more;
}

void erasures_reset(struct erasures *erasures) {
    numbers_free(&erasures->numbers);
    *erasures = (struct erasures){.may_have_more = 1};
}
