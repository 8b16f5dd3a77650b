/* Resume and due events over both stores; copies of the database and putting one back. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <sys/stat.h>

#include "store/rows.h"
#include "store/sqlite/backup.h"
#include "unit/store/opened.h"
#include "unit/store/waiting.h"

/* A result's rows as "id first-last inbound outcome;". */
struct listed {
    int called;
    enum store_status status;
    unsigned long long last_seq;
    size_t count;
    char text[4096];
};

static void list_rows(void *context, const struct store_result *result) {
    struct listed *listed = context;
    listed->called = 1;
    listed->status = result->status;
    listed->last_seq = result->last_seq;
    listed->count = result->row_count;
    size_t used = 0;
    for (size_t i = 0; i < result->row_count && used < sizeof listed->text - 300; i++) {
        const struct store_row *row = &result->rows[i];
        used +=
            (size_t)snprintf(listed->text + used, sizeof listed->text - used, "%s%s%s %llu-%llu %.20s %.20s;",
                             row->conversation, row->conversation[0] != '\0' ? "/" : "", row->turn_id,
                             (unsigned long long)row->first_seq, (unsigned long long)row->last_seq,
                             (const char *)row->inbound.data, (const char *)row->outcome.data);
    }
}

static struct listed read_since(struct store *store, const char *conversation, uint64_t seq, size_t limit) {
    struct listed listed = {0};
    store->ops->read_since(store, conversation, seq, limit, list_rows, &listed);
    while (!listed.called) {
        (void)store->ops->poll(store, 1000);
    }
    return listed;
}

static struct listed list_due(struct store *store, int64_t now_ms, size_t limit) {
    struct listed listed = {0};
    store->ops->list_due(store, now_ms, limit, list_rows, &listed);
    while (!listed.called) {
        (void)store->ops->poll(store, 1000);
    }
    return listed;
}

static void add(struct store *store, const char *conversation, int number) {
    char id[16], outcome[32];
    (void)snprintf(id, sizeof id, "t%d", number);
    (void)snprintf(outcome, sizeof outcome, "[\"%d\"]", number);
    struct store_turn turn = simple_turn(conversation, id, (uint64_t)number - 1, outcome, "s");
    turn.inbound = bytes_of("{}");
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
}

static void what_came_after_a_number_is_read_in_order(void **state) {
    struct store *store = ((struct fixture *)*state)->store;
    for (int i = 1; i <= 4; i++) {
        add(store, "a", i);
    }
    add(store, "b", 1);
    struct listed all = read_since(store, "a", 0, 100);
    assert_int_equal(all.status, STORE_OK);
    assert_int_equal(all.last_seq, 12);
    assert_string_equal(all.text,
                        "t1 1-3 {} [\"1\"];t2 4-6 {} [\"2\"];t3 7-9 {} [\"3\"];t4 10-12 {} [\"4\"];");
    assert_string_equal(
        read_since(store, "a", 5, 100).text,
        "t2 4-6 {} [\"2\"];t3 7-9 {} [\"3\"];t4 10-12 {} [\"4\"];"); /* in the middle of a turn */
    assert_string_equal(read_since(store, "a", 6, 1).text, "t3 7-9 {} [\"3\"];");
    assert_int_equal(read_since(store, "a", 12, 100).count, 0);
    assert_int_equal(read_since(store, "a", UINT64_MAX, 100).count, 0);
    assert_int_equal(read_since(store, "nobody", 0, 100).count, 0);
    assert_int_equal(read_since(store, "", 0, 100).status, STORE_FATAL);
}

static void a_page_is_bounded(void **state) {
    struct store *store = ((struct fixture *)*state)->store;
    char *long_text = malloc(100 * 1024);
    memset(long_text, 'x', 100 * 1024 - 1);
    long_text[100 * 1024 - 1] = '\0';
    for (int i = 1; i <= 5; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "t%d", i);
        struct store_turn turn = simple_turn("a", id, (uint64_t)i - 1, long_text, "s");
        assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
    }
    free(long_text);
    struct listed page = read_since(store, "a", 0, 100);
    assert_in_range(page.count, 1, 3);
    assert_int_equal(page.last_seq, 15);
}

static void erased_turns_are_not_read(void **state) {
    struct store *store = ((struct fixture *)*state)->store;
    add(store, "a", 1);
    assert_int_equal(wait_erase(store, "a", 1).status, STORE_OK);
    struct listed page = read_since(store, "a", 0, 100);
    assert_int_equal(page.count, 0);
    assert_int_equal(page.last_seq, 3); /* the numbers never go back */
}

static void set_due(struct store *store, const char *conversation, uint64_t version, const char *kind,
                    int64_t at_ms) {
    char id[32];
    (void)snprintf(id, sizeof id, "d%llu", (unsigned long long)version);
    struct store_due due = {kind, at_ms};
    struct store_turn turn = simple_turn(conversation, id, version, "[]", "s");
    turn.due = &due;
    turn.due_count = 1;
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
}

static void due_events_come_by_time_and_stay_until_changed(void **state) {
    struct store *store = ((struct fixture *)*state)->store;
    set_due(store, "a", 0, "idle", 2000);
    set_due(store, "b", 0, "idle", 1000);
    set_due(store, "a", 1, "retention", 9000);
    assert_int_equal(list_due(store, 999, 10).count, 0);
    assert_string_equal(list_due(store, 2000, 10).text, "b/idle 0-0  ;a/idle 0-0  ;");
    assert_string_equal(list_due(store, 2000, 1).text, "b/idle 0-0  ;");
    assert_string_equal(list_due(store, 2000, 10).text, "b/idle 0-0  ;a/idle 0-0  ;");
    set_due(store, "b", 1, "idle", 5000); /* later */
    set_due(store, "a", 2, "idle", 0);    /* no longer */
    assert_string_equal(list_due(store, 9000, 10).text, "b/idle 0-0  ;a/retention 0-0  ;");
    assert_int_equal(wait_erase(store, "a", 1).status, STORE_OK);
    assert_string_equal(list_due(store, 9000, 10).text, "b/idle 0-0  ;");
    struct store_due due = {"a kind with a name that is too long for it", 1};
    struct store_turn turn = simple_turn("c", "t", 0, "[]", "s");
    turn.due = &due;
    turn.due_count = 1;
    assert_int_equal(wait_commit(store, &turn).status, STORE_FATAL);
}

static void due_events_outlive_a_restart(void **state) {
    struct fixture *fixture = *state;
    struct err err = {0};
    set_due(fixture->store, "a", 0, "idle", 2000);
    fixture->store->ops->close(fixture->store);
    fixture->store = store_sqlite_open(fixture->path, &err);
    assert_non_null(fixture->store);
    assert_string_equal(list_due(fixture->store, 2000, 10).text, "a/idle 0-0  ;");
    assert_int_equal(fixture->store->ops->is_healthy(fixture->store), 1);
}

/* ---- backup and restore ---- */

static void a_copy_of_a_running_database_is_whole(void **state) {
    struct fixture *fixture = *state;
    struct backup_report report;
    struct err err = {0};
    char copy[512];
    struct stat found;
    for (int i = 1; i <= 50; i++) {
        add(fixture->store, "a", i);
    }
    (void)folder_file(&fixture->folder, "copy", copy);
    assert_int_equal(backup_write(fixture->path, copy, NULL, NULL, &report, &err), 0);
    assert_int_equal(report.turns, 50);
    assert_int_equal(report.conversations, 1);
    assert_int_equal(stat(copy, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
    add(fixture->store, "a", 51); /* the server goes on */
    assert_int_equal(backup_write(fixture->path, copy, NULL, NULL, &report, &err), ERR_IO);
    assert_non_null(strstr(err.text, "exists already"));
    struct store *opened = store_sqlite_open(copy, &err);
    assert_non_null(opened);
    assert_int_equal(read_since(opened, "a", 0, 100).last_seq, 150);
    opened->ops->close(opened);
}

static void restore_waits_for_nobody(void **state) {
    struct fixture *fixture = *state;
    struct backup_report report;
    struct err err = {0};
    char copy[512];
    add(fixture->store, "a", 1);
    (void)folder_file(&fixture->folder, "copy", copy);
    assert_int_equal(backup_write(fixture->path, copy, NULL, NULL, &report, &err), 0);
    assert_int_equal(backup_restore(copy, fixture->path, 5000, NULL, NULL, &report, &err), ERR_BUSY);
    add(fixture->store, "a", 2);
    assert_int_equal(read_since(fixture->store, "a", 0, 100).last_seq, 6);
}

static void restore_erases_again(void **state) {
    struct fixture *fixture = *state;
    struct backup_report report;
    struct err err = {0};
    char copy[512];
    add(fixture->store, "keeps", 1);
    add(fixture->store, "leaves", 1);
    add(fixture->store, "clock", 1);
    (void)folder_file(&fixture->folder, "copy", copy);
    assert_int_equal(backup_write(fixture->path, copy, NULL, NULL, &report, &err), 0);
    add(fixture->store, "keeps", 2);
    assert_int_equal(wait_erase(fixture->store, "leaves", 1795312800001).status, STORE_OK);
    assert_int_equal(wait_erase(fixture->store, "clock", 1000).status, STORE_OK); /* it was set back */
    fixture->store->ops->close(fixture->store);
    fixture->store = NULL;
    assert_int_equal(backup_restore(copy, fixture->path, 5000, NULL, NULL, &report, &err), 0);
    assert_int_equal(report.erased_again, 2);
    assert_int_equal(report.lost_erased, 0);
    assert_int_equal(access(report.aside, R_OK), 0);
    fixture->store = store_sqlite_open(fixture->path, &err);
    assert_non_null(fixture->store);
    assert_int_equal(read_since(fixture->store, "keeps", 0, 100).last_seq, 3);
    struct listed erased = read_since(fixture->store, "leaves", 0, 100);
    assert_int_equal(erased.count, 0);
    assert_int_equal(erased.last_seq, 3);
    assert_int_equal(read_since(fixture->store, "clock", 0, 100).count, 0);
}

static void a_damaged_copy_changes_nothing(void **state) {
    struct fixture *fixture = *state;
    struct backup_report report;
    struct err err = {0};
    char copy[512];
    add(fixture->store, "a", 1);
    fixture->store->ops->close(fixture->store);
    (void)folder_file(&fixture->folder, "copy", copy);
    FILE *out = fopen(copy, "w");
    assert_non_null(out);
    assert_true(fputs("this is no database, and longer than a header of sixteen bytes", out) >= 0);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(backup_restore(copy, fixture->path, 5000, NULL, NULL, &report, &err), ERR_CORRUPT);
    err_clear(&err);
    fixture->store = store_sqlite_open(fixture->path, &err);
    assert_non_null(fixture->store);
    assert_int_equal(read_since(fixture->store, "a", 0, 100).last_seq, 3);
}

#define OVER_BOTH(test) \
    {"memory: " #test, test, open_memory, close_fixture, NULL}, { \
        "sqlite: " #test, test, open_sqlite, close_fixture, NULL \
    }
#define OVER_SQLITE(test) \
    { "sqlite: " #test, test, open_sqlite, close_fixture, NULL }

int main(void) {
    const struct CMUnitTest tests[] = {
        OVER_BOTH(what_came_after_a_number_is_read_in_order),
        OVER_BOTH(a_page_is_bounded),
        OVER_BOTH(erased_turns_are_not_read),
        OVER_BOTH(due_events_come_by_time_and_stay_until_changed),
        OVER_SQLITE(due_events_outlive_a_restart),
        OVER_SQLITE(a_copy_of_a_running_database_is_whole),
        OVER_SQLITE(restore_waits_for_nobody),
        OVER_SQLITE(restore_erases_again),
        OVER_SQLITE(a_damaged_copy_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
