/* store/sqlite/study: every row once, page by page, while the store is open and written to; nothing is
 * changed. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store/sqlite/study.h"
#include "unit/store/opened.h"
#include "unit/store/patching.h"
#include "unit/store/raw.h"
#include "unit/store/waiting.h"

#include "banned.h"

enum { TURNS = 2345 /* more than two pages */ };

static void commit(struct store *store, const char *conversation, int number, uint64_t version) {
    char id[32], text[32];
    snprintf(id, sizeof id, "t%d", number);
    snprintf(text, sizeof text, "text %d", number);
    struct store_unmatched unmatched = {text, "help"};
    struct store_turn turn = simple_turn(conversation, id, version, "[]", "state");
    turn.at_ms = 1000 + number;
    turn.unmatched = &unmatched;
    turn.unmatched_count = number % 2 == 0;
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
}

/* Turns of the table written at once: 2,345 commits would take long. */
static void fill(struct fixture *fixture) {
    char sql[1024];
    commit(fixture->store, "a", 0, 0);
    fixture->store->ops->close(fixture->store);
    snprintf(
        sql, sizeof sql,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
        " INSERT INTO turn (number, conversation, id_hash, id, text_hash, version, first_seq, last_seq, "
        "at_ms, inbound, outcome, state) SELECT 100 + i, 1, i, 't' || i, i, i + 1, i, i, 1000 + i, x'7b7d', "
        "x'5b5d', x'73' FROM n;"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
        " INSERT INTO unmatched SELECT 100 + i, 1, 1000 + i, 'text ' || i, 'help' FROM n WHERE i %% 2 = 0",
        TURNS - 1, TURNS - 1);
    assert_int_equal(raw_run(fixture->path, sql), SQLITE_OK);
    fixture->store = store_sqlite_open(fixture->path, NULL);
    assert_non_null(fixture->store);
}

struct seen {
    struct fixture *fixture;
    size_t count, stop_at;
    int64_t last;
    int is_newest_first, writes;
    int64_t shown_done, shown_total;
};

static int see(void *context, const struct study_row *row) {
    struct seen *seen = context;
    assert_true(seen->count == 0 ||
                (seen->is_newest_first ? row->number < seen->last : row->number > seen->last));
    seen->last = row->number;
    seen->count++;
    if (seen->writes && seen->count == 10) { /* no read of ours may hold up the writer */
        commit(seen->fixture->store, "b", 0, 0);
    }
    return seen->stop_at != 0 && seen->count == seen->stop_at;
}

static void show(void *context, int64_t done, int64_t total) {
    struct seen *seen = context;
    seen->shown_done = done;
    seen->shown_total = total;
}

static void every_row_once(void **state) {
    struct fixture *fixture = *state;
    struct err err = {0};
    fill(fixture);
    struct study *study = study_open(fixture->path, &err);
    assert_non_null(study);
    struct seen turns = {.fixture = fixture, .writes = 1};
    study_set_progress(study, show, &turns);
    assert_int_equal(study_turns(study, see, &turns, &err), 0);
    assert_int_equal(turns.count, TURNS + 1); /* what was written meanwhile too */
    assert_int_equal(turns.shown_done, TURNS + 1);
    study_set_progress(study, NULL, NULL);
    struct seen unmatched = {.is_newest_first = 1};
    assert_int_equal(study_unmatched(study, see, &unmatched, &err), 0);
    assert_int_equal(unmatched.count, (TURNS + 1) / 2 + 1);
    struct seen some = {.stop_at = 1500};
    assert_int_equal(study_turns(study, see, &some, &err), 0);
    assert_int_equal(some.count, 1500);
    struct seen states = {.count = 0};
    assert_int_equal(study_states(study, see, &states, &err), 0);
    assert_int_equal(states.count, 2);
    study_close(study);
    assert_int_equal(err.code, 0);
}

static int look_inside(void *context, const struct study_row *row) {
    *(int *)context += 1;
    assert_int_equal(row->at_ms, 1000);
    if (row->text != NULL) {
        assert_string_equal(row->text, "text 0");
        assert_string_equal(row->candidates, "help");
    } else if (row->state.length > 0) {
        assert_memory_equal(row->state.data, "state", 5);
    } else {
        assert_memory_equal(row->outcome.data, "[]", 2);
    }
    return 0;
}

static void a_row_is_what_was_stored(void **state) {
    struct fixture *fixture = *state;
    struct err err = {0};
    int rows = 0;
    commit(fixture->store, "a", 0, 0);
    struct study *study = study_open(fixture->path, &err);
    assert_int_equal(study_turns(study, look_inside, &rows, &err), 0);
    assert_int_equal(study_unmatched(study, look_inside, &rows, &err), 0);
    assert_int_equal(rows, 2);
    study_close(study);
}

static int keep_state(void *context, const struct study_row *row) {
    char *kept = context;
    memcpy(kept, row->state.data, row->state.length);
    kept[row->state.length] = '\0';
    return 0;
}

/* The newest state of a conversation, though it is a patch of that of an older turn. */
static void a_state_in_two_pieces_is_whole(void **state) {
    struct fixture *fixture = *state;
    struct err err = {0};
    char kept[64] = "";
    commit(fixture->store, "a", 0, 0);
    struct store_turn turn = simple_turn("a", "t9", 1, "[]", "state of now, which is longer");
    struct waiting loaded = wait_load(fixture->store, "a");
    char room[256];
    patch_turn(&turn, loaded.state, room, sizeof room);
    waiting_free(&loaded);
    assert_int_equal(wait_commit(fixture->store, &turn).status, STORE_OK);
    struct study *study = study_open(fixture->path, &err);
    assert_int_equal(study_states(study, keep_state, kept, &err), 0);
    assert_string_equal(kept, "state of now, which is longer");
    study_close(study);
}

static void strange_files_are_refused(void **state) {
    struct fixture *fixture = *state;
    struct err err = {0};
    char path[600];
    snprintf(path, sizeof path, "%s.none", fixture->path);
    assert_null(study_open(path, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    fixture->store->ops->close(fixture->store);
    fixture->store = NULL;
    assert_int_equal(raw_run(fixture->path, "PRAGMA user_version = 1"), SQLITE_OK);
    err_clear(&err);
    assert_null(study_open(fixture->path, &err));
    assert_int_equal(err.code, ERR_VERSION);
    assert_non_null(strstr(err.text, "older schema"));
    assert_int_equal(raw_run(fixture->path, "PRAGMA user_version = 999"), SQLITE_OK);
    err_clear(&err);
    assert_null(study_open(fixture->path, &err));
    assert_non_null(strstr(err.text, "newer Pandu"));
    assert_int_equal(raw_run(fixture->path, "PRAGMA application_id = 5"), SQLITE_OK);
    err_clear(&err);
    assert_null(study_open(fixture->path, &err));
    assert_int_equal(err.code, ERR_CORRUPT);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_sqlite, close_fixture)
int main(void) {
    const struct CMUnitTest tests[] = {CASE(every_row_once), CASE(a_row_is_what_was_stored),
                                       CASE(a_state_in_two_pieces_is_whole), CASE(strange_files_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
