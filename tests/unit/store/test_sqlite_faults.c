/* A running database: full disk, failing disk, somebody else's lock, floods; that what was erased is gone,
   and that states are found again. */
#define _DEFAULT_SOURCE /* mount */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <time.h>

#include "unit/store/failing_vfs.h"
#include "unit/store/opened.h"
#include "unit/store/patching.h"
#include "unit/store/raw.h"
#include "unit/store/waiting.h"

/* What a test that failed half-way leaves is taken away first. */
static int close_all(void **state) {
    struct fixture *fixture = *state;
    struct rlimit limit;
    char disk[512];
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_FSIZE, &limit);
    }
    (void)umount2(folder_file(&fixture->folder, "disk", disk), MNT_DETACH); /* the store may be on it */
    return close_fixture(state);
}
static void close_store(struct fixture *fixture) {
    fixture->store->ops->close(fixture->store);
    fixture->store = NULL;
}
static void reopen(struct fixture *fixture) {
    close_store(fixture);
    fixture->store = open_store(1, fixture->path);
    assert_non_null(fixture->store);
}

static enum store_status commit_simple(struct store *store, const char *id, uint64_t expected) {
    struct store_turn turn = simple_turn("a", id, expected, "[\"reply\"]", "state");
    return wait_commit(store, &turn).status;
}

/* ---- full disk ---- */

/* Turns of 100 KB until the store refuses; returns how many were stored. what: words of the refusal. */
static uint64_t fill_up(struct store *store, uint64_t version, const char *what) {
    char *large = malloc(100 * 1024);
    memset(large, 'x', 100 * 1024);
    struct waiting done = {.status = STORE_OK};
    uint64_t stored = 0;
    while (done.status == STORE_OK && stored < 100) {
        char id[16];
        (void)snprintf(id, sizeof id, "big-%d", (int)(version + stored));
        struct store_turn turn = simple_turn("a", id, version + stored, "[]", "");
        turn.outcome = (struct store_bytes){large, 100 * 1024};
        done = wait_commit(store, &turn);
        stored += done.status == STORE_OK;
    }
    free(large);
    if ((done.status != STORE_FATAL && done.status != STORE_UNKNOWN) || strstr(done.text, what) == NULL) {
        fail_msg("status %d after %d turns: %s", done.status, (int)stored, done.text);
    }
    return stored;
}

static void check_after(struct store *store, uint64_t stored) {
    struct waiting loaded = wait_load(store, "a");
    assert_int_equal(loaded.status, STORE_OK);
    assert_int_equal(loaded.version, stored);
    waiting_free(&loaded);
}

/* A limit of the file size stands in for the disk where one may not mount. */
static void goes_on_after_a_size_limit(void **state) {
    struct fixture *fixture = *state;
    struct rlimit old, low = {1024 * 1024, RLIM_INFINITY};
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    low.rlim_max = old.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
    uint64_t stored = fill_up(fixture->store, 0, "reading or writing the database failed");
    /* opening anew moved the log into the database, which made a little room: it fills that too, refuses
     * again, lives */
    stored += fill_up(fixture->store, stored, "");
    stored += fill_up(fixture->store, stored, "");
    check_after(fixture->store, stored); /* reading goes on */
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(commit_simple(fixture->store, "small", stored), STORE_OK); /* without a restart */
    reopen(fixture);
    check_after(fixture->store, stored + 1);
}

static void goes_on_after_a_full_disk(void **state) {
    struct fixture *fixture = *state;
    char disk[512], path[600], ballast[600];
    (void)folder_file(&fixture->folder, "disk", disk);
    assert_int_equal(mkdir(disk, 0700), 0);
    if (geteuid() != 0 || mount("none", disk, "tmpfs", 0, "size=1536k") != 0) {
        print_message("not allowed to mount a small disk: only the size limit was tried\n");
        return;
    }
    (void)snprintf(path, sizeof path, "%s/pandu.db", disk);
    (void)snprintf(ballast, sizeof ballast, "%s/ballast", disk);
    FILE *file = fopen(ballast, "w");
    for (int i = 0; i < 500 * 1024; i++) {
        assert_int_equal(fputc('x', file), 'x');
    }
    assert_int_equal(fclose(file), 0);
    struct store *store = open_store(1, path);
    assert_non_null(store);
    uint64_t stored = fill_up(store, 0, "the disk is full: free some space; nothing was stored");
    assert_true(stored > 0);
    check_after(store, stored);
    assert_int_equal(unlink(ballast), 0);
    assert_int_equal(commit_simple(store, "small", stored), STORE_OK);
    check_after(store, stored + 1);
    store->ops->close(store);
    assert_int_equal(raw_number(path, "SELECT count(*) FROM turn"), stored + 1);
    assert_int_equal(umount(disk), 0);
}

/* ---- failing disk ---- */

static void goes_on_after_a_failed_sync(void **state) {
    struct fixture *fixture = *state;
    close_store(fixture);
    assert_int_equal(failing_vfs_register(), SQLITE_OK);
    fixture->store = open_store(1, fixture->path);
    assert_non_null(fixture->store);
    assert_int_equal(commit_simple(fixture->store, "t1", 0), STORE_OK);
    int opened = atomic_load(&failing_opens);
    atomic_store(&failing_sync, SQLITE_IOERR_FSYNC);
    struct store_turn turn = simple_turn("a", "t2", 1, "[\"two\"]", "state");
    struct waiting done = wait_commit(fixture->store, &turn);
    assert_int_equal(done.status, STORE_UNKNOWN); /* it may have reached the disk or not */
    assert_non_null(strstr(done.text, "reading or writing the database failed"));
    assert_true(wait_commit(fixture->store, &turn).status != STORE_OK);
    atomic_store(&failing_sync, 0);
    done = wait_commit(fixture->store, &turn); /* the same id decides */
    assert_true(done.status == STORE_OK || done.status == STORE_DUP);
    assert_int_equal(done.version, 2);
    assert_true(atomic_load(&failing_opens) > opened); /* what the kernel still holds is not trusted */
    reopen(fixture);
    check_after(fixture->store, 2);
    close_store(fixture);
    failing_vfs_unregister();
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM turn"), 2);
}

static void goes_on_after_a_failed_write(void **state) {
    struct fixture *fixture = *state;
    close_store(fixture);
    assert_int_equal(failing_vfs_register(), SQLITE_OK);
    fixture->store = open_store(1, fixture->path);
    static const int codes[] = {SQLITE_IOERR_WRITE, SQLITE_FULL};
    for (uint64_t i = 0; i < 2; i++) {
        char id[8];
        (void)snprintf(id, sizeof id, "t%d", (int)i);
        atomic_store(&failing_write, codes[i]);
        enum store_status status = commit_simple(fixture->store, id, i);
        assert_true(status == STORE_FATAL || status == STORE_UNKNOWN);
        atomic_store(&failing_write, 0);
        assert_int_equal(commit_simple(fixture->store, id, i), STORE_OK);
    }
    check_after(fixture->store, 2);
    close_store(fixture);
    failing_vfs_unregister();
}

/* ---- too much at once, while another program holds the database ---- */

struct tally {
    int called, ok, busy_queue, busy_lock, other;
};
static void count_result(void *context, const struct store_result *result) {
    struct tally *tally = context;
    tally->called++;
    if (result->status == STORE_OK) {
        tally->ok++;
    } else if (result->status == STORE_BUSY && strstr(result->text, "too many turns are waiting") != NULL) {
        tally->busy_queue++;
    } else if (result->status == STORE_BUSY && strstr(result->text, "the database is busy") != NULL) {
        tally->busy_lock++;
    } else {
        tally->other++;
    }
}

static void a_full_queue_is_busy(void **state) {
    enum { COUNT = 9000 };
    struct fixture *fixture = *state;
    sqlite3 *intruder = NULL;
    assert_int_equal(sqlite3_open(fixture->path, &intruder), SQLITE_OK);
    assert_int_equal(sqlite3_busy_timeout(intruder, 10000), SQLITE_OK); /* the store may be tidying */
    assert_int_equal(sqlite3_exec(intruder, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    struct tally tally = {0};
    for (int i = 0; i < COUNT; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "c%d", i);
        struct store_turn turn = simple_turn(name, "t", 0, "[]", "s");
        fixture->store->ops->commit(fixture->store, &turn, count_result, &tally);
    }
    while (tally.called < 300) { /* refused at once; everybody else waits */
        (void)fixture->store->ops->poll(fixture->store, 1000);
    }
    assert_true(tally.busy_queue >= 300);
    assert_int_equal(tally.ok, 0);
    while (tally.busy_lock == 0) { /* the first batch gives up waiting for the intruder */
        (void)fixture->store->ops->poll(fixture->store, 1000);
    }
    assert_int_equal(sqlite3_exec(intruder, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(intruder), SQLITE_OK);
    while (tally.called < COUNT) {
        (void)fixture->store->ops->poll(fixture->store, 1000);
    }
    assert_int_equal(tally.other, 0);
    assert_true(tally.ok > 1000);
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM turn"), tally.ok);
}

/* A turn that SQLite refuses in the middle of its rows is undone alone. */
static void one_failing_turn_does_not_fail_its_batch(void **state) {
    enum { COUNT = 20, BAD = 7 };
    struct fixture *fixture = *state;
    struct waiting waiting[COUNT] = {0};
    struct store_unmatched unmatched = {"sama", ""};
    assert_int_equal(raw_run(fixture->path, "CREATE UNIQUE INDEX no_text_twice ON unmatched (text)"),
                     SQLITE_OK);
    sqlite3 *intruder = NULL; /* so that all get into one batch */
    assert_int_equal(sqlite3_open(fixture->path, &intruder), SQLITE_OK);
    assert_int_equal(sqlite3_busy_timeout(intruder, 10000), SQLITE_OK);
    assert_int_equal(sqlite3_exec(intruder, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    for (int i = 0; i < COUNT; i++) {
        char name[8];
        (void)snprintf(name, sizeof name, "c%d", i);
        struct store_turn turn = simple_turn(name, "t", 0, "[]", "s");
        turn.unmatched = &unmatched;
        turn.unmatched_count = i == 0 || i == BAD;
        fixture->store->ops->commit(fixture->store, &turn, waiting_done, &waiting[i]);
    }
    assert_int_equal(sqlite3_exec(intruder, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(intruder), SQLITE_OK);
    for (int i = 0; i < COUNT; i++) {
        waiting_poll(fixture->store, &waiting[i]);
        assert_int_equal(waiting[i].status, i == BAD ? STORE_FATAL : STORE_OK);
        waiting_free(&waiting[i]);
    }
    assert_non_null(strstr(waiting[BAD].text, "the database refuses"));
    struct store_turn turn = simple_turn("c7", "t", 0, "[]", "s");
    assert_int_equal(wait_commit(fixture->store, &turn).status,
                     STORE_OK); /* nothing of the first try was left */
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM turn"), COUNT);
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM conversation"), COUNT);
}

/* ---- erased means gone ---- */

static void store_canary(struct store *store, const char *conversation, const char *canary) {
    char json[128];
    (void)snprintf(json, sizeof json, "{\"text\":\"%s\"}", canary);
    for (uint64_t i = 0; i < 20; i++) {
        char id[16];
        struct store_unmatched unmatched = {canary, canary};
        struct store_escalation escalation = {"crisis", canary};
        (void)snprintf(id, sizeof id, "t%d", (int)i);
        struct store_turn turn = simple_turn(conversation, id, i, json, json);
        turn.inbound = turn.outcome;
        turn.unmatched = &unmatched;
        turn.unmatched_count = 1;
        turn.escalations = &escalation;
        turn.escalation_count = 1;
        assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
    }
}

static void erased_words_are_in_no_file(void **state) {
    struct fixture *fixture = *state;
    store_canary(fixture->store, "operator", "kenari-kuning");
    store_canary(fixture->store, "person", "kenari-hijau");
    store_canary(fixture->store, "stays", "burung-gereja");
    assert_true(folder_holds(&fixture->folder, "kenari-kuning")); /* else this proves nothing */
    reopen(fixture);                                              /* from the log into the database */
    assert_true(folder_holds(&fixture->folder, "kenari-hijau"));
    store_canary(fixture->store, "person2", "kenari-biru");
    assert_int_equal(wait_erase(fixture->store, "operator", 1795312800000).status, STORE_OK);
    struct store_turn turn = simple_turn("person", "bye", 20, "[]", "fresh");
    turn.erase = 1;
    assert_int_equal(wait_commit(fixture->store, &turn).status, STORE_OK);
    turn.conversation = "person2";
    assert_int_equal(wait_commit(fixture->store, &turn).status, STORE_OK);
    for (int i = 0; i < 2; i++) {
        assert_false(folder_holds(&fixture->folder, "kenari"));
        assert_true(folder_holds(&fixture->folder, "burung-gereja"));
        reopen(fixture);
    }
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM erased"), 3);
    assert_int_equal(raw_number(fixture->path, "SELECT at_ms FROM erased WHERE conversation = 'operator'"),
                     1795312800000);
}

/* Another program that reads holds up the clearing of the log: neither opening nor turns wait for it, and it
 * is made up for. */
static void a_foreign_reader_only_delays_the_clearing(void **state) {
    struct fixture *fixture = *state;
    store_canary(fixture->store, "person", "kenari");
    sqlite3 *reader = NULL;
    assert_int_equal(sqlite3_open(fixture->path, &reader), SQLITE_OK);
    assert_int_equal(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM turn", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(wait_erase(fixture->store, "person", 1).status, STORE_OK);
    assert_int_equal(commit_simple(fixture->store, "t1", 0), STORE_OK);
    reopen(fixture);
    assert_int_equal(commit_simple(fixture->store, "t2", 1), STORE_OK);
    assert_true(folder_holds(&fixture->folder, "kenari"));
    assert_int_equal(sqlite3_exec(reader, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(reader), SQLITE_OK);
    for (int i = 0; i < 1000 && folder_holds(&fixture->folder, "kenari"); i++) {
        struct timespec moment = {0, 10 * 1000 * 1000};
        (void)nanosleep(&moment, NULL);
    }
    assert_false(folder_holds(&fixture->folder, "kenari"));
}

/* ---- states ---- */

/* A store that was opened anew takes patches of what it stored before. */
static void patches_go_on_after_opening(void **state) {
    struct fixture *fixture = *state;
    char before[32] = "";
    for (uint64_t i = 0; i < 40; i++) {
        char id[16], now[32], room[256];
        (void)snprintf(id, sizeof id, "t%d", (int)i);
        (void)snprintf(now, sizeof now, "a state for number %d", (int)i);
        struct store_turn turn = simple_turn("a", id, i, "[]", now);
        if (i != 0) {
            patch_turn(&turn, before, room, sizeof room);
        }
        memcpy(before, now, sizeof before);
        assert_int_equal(wait_commit(fixture->store, &turn).status, STORE_OK);
        if (i % 10 == 9) {
            reopen(fixture);
        }
    }
    struct waiting loaded = wait_load(fixture->store, "a");
    assert_string_equal(loaded.state, "a state for number 39");
    waiting_free(&loaded);
    assert_int_equal(raw_run(fixture->path, "UPDATE turn SET state = x'00' WHERE version = 1"), SQLITE_OK);
    reopen(fixture);
    loaded = wait_load(fixture->store, "a"); /* never a state made of what is not there */
    assert_int_equal(loaded.status, STORE_FATAL);
    waiting_free(&loaded);
}

/* ---- the log ---- */

static void the_log_does_not_grow_for_ever(void **state) {
    struct fixture *fixture = *state;
    char *large = malloc(200 * 1024);
    memset(large, 'x', 200 * 1024);
    char log[600];
    (void)snprintf(log, sizeof log, "%s-wal", fixture->path);
    off_t longest = 0;
    for (uint64_t i = 0; i < 500; i++) { /* 100 MB in all */
        char id[16];
        (void)snprintf(id, sizeof id, "t%d", (int)i);
        struct store_turn turn = simple_turn("a", id, i, "[]", "s");
        turn.outcome = (struct store_bytes){large, 200 * 1024};
        struct waiting done = wait_commit(fixture->store, &turn);
        if (done.status != STORE_OK) {
            fail_msg("status %d: %s", done.status, done.text);
        }
        struct stat found;
        assert_int_equal(stat(log, &found), 0);
        longest = found.st_size > longest ? found.st_size : longest;
    }
    free(large);
    assert_true(longest < 40 * 1024 * 1024);
}

int main(void) {
#define CASE(test) cmocka_unit_test_setup_teardown(test, open_sqlite, close_all)
    const struct CMUnitTest tests[] = {
        CASE(goes_on_after_a_size_limit),  CASE(goes_on_after_a_full_disk),
        CASE(goes_on_after_a_failed_sync), CASE(goes_on_after_a_failed_write),
        CASE(a_full_queue_is_busy),        CASE(one_failing_turn_does_not_fail_its_batch),
        CASE(erased_words_are_in_no_file), CASE(a_foreign_reader_only_delays_the_clearing),
        CASE(patches_go_on_after_opening), CASE(the_log_does_not_grow_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
