/* Which turns a conversation has, while their places are remembered, filed, or left to be filed by a program
   that was killed: nothing of it may be seen through the store. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/err.h"
#include "store/sqlite/places.h"
#include "unit/store/opened.h"
#include "unit/store/raw.h"
#include "unit/store/waiting.h"

enum { PEOPLE = 3, TURNS = PLACES_FILE_AT / PEOPLE * 2 + 100 };

static const char *name_of(int person) {
    static const char *const names[PEOPLE] = {"a", "b", "c"};
    return names[person];
}

static struct store_turn turn_of(int person, int number, char id[16]) {
    (void)snprintf(id, 16, "t%d", number);
    return simple_turn(name_of(person), id, (uint64_t)number - 1, id, "state");
}

/* Everybody's turns up to this one, many under way at a time. */
static void talk(struct store *store, int from, int to) {
    struct waiting waiting[PEOPLE];
    for (int number = from; number <= to; number++) {
        memset(waiting, 0, sizeof waiting);
        for (int person = 0; person < PEOPLE; person++) {
            char id[16];
            struct store_turn turn = turn_of(person, number, id);
            store->ops->commit(store, &turn, waiting_done, &waiting[person]);
        }
        for (int person = 0; person < PEOPLE; person++) {
            waiting_poll(store, &waiting[person]);
            assert_int_equal(waiting[person].status, STORE_OK);
            assert_int_equal(waiting[person].version, number);
            waiting_free(&waiting[person]);
        }
    }
}

struct read {
    int called, next;
    uint64_t last_seq;
};

static void read_rows(void *context, const struct store_result *result) {
    struct read *read = context;
    read->called = 1;
    assert_int_equal(result->status, STORE_OK);
    for (size_t i = 0; i < result->row_count; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "t%d", read->next++);
        assert_string_equal(result->rows[i].turn_id, id);
        assert_int_equal(result->rows[i].first_seq, read->last_seq + 1);
        read->last_seq = result->rows[i].last_seq;
    }
    read->called += result->row_count == 0;
}

/* All turns after the first `after`, in order, each once. Returns the number behind the last. */
static int read_all(struct store *store, int person, int after) {
    struct read read = {.next = after + 1, .last_seq = (uint64_t)after * 3};
    while (read.called < 2) {
        read.called = 0;
        store->ops->read_since(store, name_of(person), read.last_seq, 100, read_rows, &read);
        while (read.called == 0) {
            (void)store->ops->poll(store, 1000);
        }
    }
    return read.next;
}

static void is_known(struct store *store, int person, int number) {
    char id[16];
    struct store_turn turn = turn_of(person, number, id);
    struct waiting again = wait_commit_full(store, &turn);
    assert_int_equal(again.status, STORE_DUP);
    assert_string_equal(again.outcome, id);
    assert_int_equal(again.last_seq, number * 3);
    waiting_free(&again);
}

static void check(struct store *store, int turns) {
    for (int person = 0; person < PEOPLE; person++) {
        struct waiting loaded = wait_load(store, name_of(person));
        assert_int_equal(loaded.version, turns);
        assert_int_equal(loaded.last_seq, turns * 3);
        waiting_free(&loaded);
        is_known(store, person, 1);
        is_known(store, person, turns / 2);
        is_known(store, person, turns);
        assert_int_equal(read_all(store, person, 0), turns + 1);
        assert_int_equal(read_all(store, person, turns - 1), turns + 1);
        struct waiting exported = wait_export(store, name_of(person));
        size_t ids = 0;
        for (const char *at = exported.outcome; (at = strstr(at, "\"id\":\"t")) != NULL; at++) {
            ids++;
        }
        assert_int_equal(ids, turns);
        waiting_free(&exported);
    }
}

static void turns_are_found_before_and_after_filing(void **state) {
    struct fixture *fixture = *state;
    const int stops[] = {5, PLACES_FILE_AT / PEOPLE - 5, PLACES_FILE_AT / PEOPLE + 5, TURNS};
    int done = 0;
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        talk(fixture->store, done + 1, stops[i]);
        done = stops[i];
        check(fixture->store, done);
    }
    assert_true(raw_number(fixture->path, "SELECT up_to FROM filed") > PLACES_FILE_AT);
    assert_true(raw_number(fixture->path, RAW_PLACES) < TURNS * PEOPLE);
    fixture->store->ops->close(fixture->store);
    assert_int_equal(raw_number(fixture->path, RAW_PLACES), TURNS * PEOPLE);
    fixture->store = store_sqlite_open(fixture->path, NULL);
    check(fixture->store, TURNS);
}

static void copy_file(const char *from, const char *to) {
    size_t length;
    char *bytes = folder_read(from, &length);
    FILE *file = fopen(to, "wb");
    assert_true(bytes != NULL && file != NULL);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    free(bytes);
}

/* What a killed program leaves: the file and its log as they are while it runs. */
static void copy_running(struct fixture *fixture, const char *name, char copy[512]) {
    char log[600], copied_log[600];
    (void)folder_file(&fixture->folder, name, copy);
    (void)snprintf(log, sizeof log, "%s-wal", fixture->path);
    (void)snprintf(copied_log, sizeof copied_log, "%s-wal", copy);
    copy_file(fixture->path, copy);
    copy_file(log, copied_log);
}

/* Whether there are as many places as turns, each once, when it was opened and closed. */
static void check_copy(const char *copy, int turns) {
    struct store *store = store_sqlite_open(copy, NULL);
    assert_non_null(store);
    check(store, turns);
    store->ops->close(store);
    assert_int_equal(raw_number(copy, RAW_PLACES), turns * PEOPLE);
}

static void a_killed_program_leaves_nothing_unfound(void **state) {
    struct fixture *fixture = *state;
    char copy[512];
    talk(fixture->store, 1, TURNS);
    assert_true(raw_number(fixture->path, RAW_PLACES) < TURNS * PEOPLE);
    copy_running(fixture, "copy.db", copy);
    check_copy(copy, TURNS);
}

/* Places are filed in pieces, one a commit: a kill between two leaves places filed that are filed again. */
static void a_kill_amid_filing_files_nothing_twice(void **state) {
    struct fixture *fixture = *state;
    int amid = 0, done = PLACES_FILE_AT / PEOPLE - 3;
    char copy[512], name[16];
    talk(fixture->store, 1, done);
    for (int i = 0; i < 12; i++, done++) {
        talk(fixture->store, done + 1, done + 1);
        (void)snprintf(name, sizeof name, "copy%d.db", i);
        copy_running(fixture, name, copy);
        amid += raw_number(copy, "SELECT count(*) FROM place_list") > 0 &&
                raw_number(copy, "SELECT up_to FROM filed") == 0;
        check_copy(copy, done + 1);
    }
    assert_true(amid > 0);
}

/* Before migration 10 each place had a row. Those stay, and new ones are filed in lists. */
static void places_of_schema_9_are_read(void **state) {
    struct fixture *fixture = *state;
    enum { OLD = 70 };
    talk(fixture->store, 1, OLD);
    fixture->store->ops->close(fixture->store);
    assert_int_equal(raw_run(fixture->path,
                             "INSERT INTO place SELECT conversation, number, id_hash FROM turn;"
                             "DROP TABLE place_list; PRAGMA user_version = 9"),
                     SQLITE_OK);
    for (int turns = OLD; turns <= 3 * OLD; turns += OLD) {
        fixture->store = store_sqlite_open(fixture->path, NULL);
        assert_non_null(fixture->store);
        check(fixture->store, turns);
        talk(fixture->store, turns + 1, turns + OLD);
        check(fixture->store, turns + OLD);
        fixture->store->ops->close(fixture->store);
        assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM place"), OLD * PEOPLE);
        assert_int_equal(raw_number(fixture->path, RAW_PLACES), (turns + OLD) * PEOPLE);
    }
    fixture->store = store_sqlite_open(fixture->path, NULL);
    assert_int_equal(wait_erase(fixture->store, "b", 1).status, STORE_OK);
    assert_int_equal(read_all(fixture->store, 1, 0), 1);
    assert_int_equal(read_all(fixture->store, 2, 0), 4 * OLD + 1);
    fixture->store->ops->close(fixture->store);
    assert_int_equal(raw_number(fixture->path, RAW_PLACES), 4 * OLD * (PEOPLE - 1));
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM place"), OLD * (PEOPLE - 1));
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM turn"), 4 * OLD * (PEOPLE - 1));
    fixture->store = NULL;
}

static void erased_turns_are_gone_filed_or_not(void **state) {
    struct fixture *fixture = *state;
    talk(fixture->store, 1, TURNS);
    assert_int_equal(wait_erase(fixture->store, "b", 1).status, STORE_OK);
    assert_int_equal(read_all(fixture->store, 0, 0), TURNS + 1);
    assert_int_equal(read_all(fixture->store, 1, 0), 1);
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM turn"), TURNS * 2);
    char id[16];
    struct store_turn turn = turn_of(1, 1, id); /* the same id is a new turn now */
    turn.expected_version = TURNS;
    assert_int_equal(wait_commit(fixture->store, &turn).status, STORE_OK);
    turn = turn_of(0, TURNS + 1, id);
    turn.erase = 1;
    assert_int_equal(wait_commit(fixture->store, &turn).status, STORE_OK);
    struct waiting exported = wait_export(fixture->store, "a");
    assert_null(strstr(exported.outcome, "\"t1\""));
    assert_non_null(strstr(exported.outcome, id));
    waiting_free(&exported);
    fixture->store->ops->close(fixture->store);
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM turn"), TURNS + 2);
    assert_int_equal(raw_number(fixture->path, RAW_PLACES), TURNS + 2);
    fixture->store = store_sqlite_open(fixture->path, NULL);
}

/* A batch that was rolled back leaves places of no turn in memory. */
static void places_of_no_turn_are_passed_over(void **state) {
    struct fixture *fixture = *state;
    struct store_unmatched unmatched = {"sama", ""};
    assert_int_equal(raw_run(fixture->path, "CREATE UNIQUE INDEX no_text_twice ON unmatched (text)"),
                     SQLITE_OK);
    for (int number = 1; number <= 3; number++) {
        char id[16];
        struct store_turn turn = turn_of(0, number, id);
        turn.unmatched = &unmatched;
        turn.unmatched_count = number != 3;
        turn.expected_version = number == 3 ? 1 : (uint64_t)number - 1;
        assert_int_equal(wait_commit(fixture->store, &turn).status, number == 2 ? STORE_FATAL : STORE_OK);
    }
    struct waiting loaded = wait_load(fixture->store, "a");
    assert_int_equal(loaded.version, 2);
    assert_string_equal(loaded.outcome, "t3");
    waiting_free(&loaded);
    struct waiting exported = wait_export(fixture->store, "a");
    assert_null(strstr(exported.outcome, "\"t2\""));
    waiting_free(&exported);
}

/* By conversation, however many there are, and by number in each. */
static void a_run_is_sorted(void **state) {
    struct places *places = calloc(1, sizeof *places);
    struct place *list = calloc(2 * PLACES_RUN_MAX, sizeof *list);
    (void)state;
    assert_true(places != NULL && list != NULL);
    assert_int_equal(places_init(places), 0);
    for (int64_t number = 1; number <= PLACES_FILE_AT; number++) {
        places_add(places, number * 7919 % 70001 + 1, -number, number);
    }
    places_forget(places, 2 * 7919 % 70001 + 1);
    size_t count = places_list(places, 0, list, list + PLACES_RUN_MAX);
    assert_int_equal(count, PLACES_FILE_AT - 1);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(list[i].conversation, list[i].number * 7919 % 70001 + 1);
        assert_int_equal(list[i].id_hash, -list[i].number);
        assert_true(i == 0 || list[i].conversation > list[i - 1].conversation);
    }
    for (int64_t number = 1; number <= 100; number++) {
        places_add(places, number % 3 + 300, number, PLACES_FILE_AT + number);
    }
    assert_int_equal(places_list(places, PLACES_FILE_AT, list, list + PLACES_RUN_MAX), 100);
    for (size_t i = 1; i < 100; i++) {
        assert_true(
            list[i].conversation > list[i - 1].conversation ||
            (list[i].conversation == list[i - 1].conversation && list[i].number > list[i - 1].number));
    }
    places_destroy(places);
    free(places);
    free(list);
}

int main(void) {
#define CASE(test) cmocka_unit_test_setup_teardown(test, open_sqlite, close_fixture)
    const struct CMUnitTest tests[] = {
        CASE(turns_are_found_before_and_after_filing),
        CASE(a_killed_program_leaves_nothing_unfound),
        CASE(a_kill_amid_filing_files_nothing_twice),
        CASE(places_of_schema_9_are_read),
        CASE(erased_turns_are_gone_filed_or_not),
        CASE(places_of_no_turn_are_passed_over),
        cmocka_unit_test(a_run_is_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
