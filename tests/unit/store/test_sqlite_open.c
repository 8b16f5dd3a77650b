/* Opening a database: what is refused and in which words, that nothing refused is touched, and what a kill
 * may leave. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <sys/wait.h>

#include "base/err.h"
#include "base/map.h"
#include "store/sqlite/database.h"
#include "store/sqlite/migrations.h"
#include "unit/store/folder.h"
#include "unit/store/patching.h"
#include "unit/store/raw.h"
#include "unit/store/waiting.h"

struct fixture {
    struct folder folder;
    char path[512];
};

static int make_fixture(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    *state = fixture;
    if (folder_make(&fixture->folder) != 0) {
        return -1;
    }
    (void)folder_file(&fixture->folder, "pandu.db", fixture->path);
    return 0;
}
static int remove_fixture(void **state) {
    struct fixture *fixture = *state;
    folder_remove(&fixture->folder);
    free(fixture);
    return 0;
}

/* Opens, stores one turn, closes. */
static void make_database(const char *path) {
    struct err err;
    err_clear(&err);
    struct store *store = store_sqlite_open(path, &err);
    if (store == NULL) {
        fail_msg("%s", err.text);
    }
    struct store_turn turn = simple_turn("a", "t1", 0, "[\"one\"]", "s1");
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
    store->ops->close(store);
}

static void check_database(const char *path) {
    struct store *store = store_sqlite_open(path, NULL);
    assert_non_null(store);
    struct waiting loaded = wait_load(store, "a");
    assert_int_equal(loaded.version, 1);
    assert_string_equal(loaded.state, "s1");
    waiting_free(&loaded);
    store->ops->close(store);
}

static void refused(const char *path, int code, const char *words) {
    struct err err;
    err_clear(&err);
    assert_null(store_sqlite_open(path, &err));
    if (strstr(err.text, words) == NULL || err.code != code) {
        fail_msg("code %d: %s", err.code, err.text);
    }
}

/* Refused, and not a byte of the file changed. */
static void refused_untouched(const char *path, int code, const char *words) {
    size_t before_length, after_length;
    char *before = folder_read(path, &before_length);
    refused(path, code, words);
    char *after = folder_read(path, &after_length);
    assert_int_equal(before_length, after_length);
    assert_memory_equal(before, after, before_length);
    free(before);
    free(after);
}

static void write_at(const char *path, long offset, const char *bytes, size_t length) {
    FILE *file = fopen(path, "r+b");
    if (file == NULL) {
        file = fopen(path, "w+b");
    }
    assert_non_null(file);
    assert_int_equal(fseek(file, offset, SEEK_SET), 0);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* ---- what is made ---- */

static void makes_a_private_file(void **state) {
    struct fixture *fixture = *state;
    mode_t old = umask(0);
    make_database(fixture->path);
    (void)umask(old);
    struct stat found;
    assert_int_equal(stat(fixture->path, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
    char name[600];
    (void)snprintf(name, sizeof name, "%s-wal", fixture->path);
    assert_int_equal(stat(name, &found), -1); /* one file is left to back up */
    assert_int_equal(raw_number(fixture->path, "PRAGMA user_version"), migrations_count);
    assert_int_equal(raw_number(fixture->path, "PRAGMA application_id"), DATABASE_APPLICATION);
    check_database(fixture->path);
}

static void makes_an_open_file_private(void **state) {
    struct fixture *fixture = *state;
    make_database(fixture->path);
    assert_int_equal(chmod(fixture->path, 0644), 0);
    check_database(fixture->path);
    struct stat found;
    assert_int_equal(stat(fixture->path, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
}

static void an_empty_file_becomes_a_database(void **state) {
    struct fixture *fixture = *state;
    write_at(fixture->path, 0, "", 0);
    make_database(fixture->path);
    check_database(fixture->path);
}

/* ---- what is refused ---- */

static void refuses_places_it_cannot_write(void **state) {
    struct fixture *fixture = *state;
    refused(fixture->folder.path, ERR_IO, "is not a file");
    char below[600];
    write_at(fixture->path, 0, "x", 1);
    (void)snprintf(below, sizeof below, "%s/below", fixture->path);
    refused(below, ERR_IO, "cannot create");
    refused("/nonexistent-folder/pandu.db", ERR_IO, "No such file or directory");
    refused("/proc/pandu.db", ERR_IO, "must be able to write the file and its folder");
}

/* In a child that is not root: root may write everywhere. */
static int try_as_ordinary_user(const char *folder, const char *path, const char *words) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct err err;
        err_clear(&err);
        if (geteuid() == 0 && (chown(folder, 65534, 65534) != 0 || setuid(65534) != 0)) {
            _exit(3);
        }
        int is_refused =
            store_sqlite_open(path, &err) == NULL && err.code == ERR_IO && strstr(err.text, words) != NULL;
        if (!is_refused) {
            (void)fprintf(stderr, "code %d: %s\n", err.code, err.text);
        }
        _exit(is_refused ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void refuses_a_read_only_folder(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(chmod(fixture->folder.path, 0555), 0);
    assert_int_equal(try_as_ordinary_user(fixture->folder.path, fixture->path, "Permission denied"), 0);
    assert_int_equal(chmod(fixture->folder.path, 0755), 0);
    make_database(fixture->path);
    if (geteuid() == 0) { /* a file of somebody else, in a folder of one's own */
        assert_int_equal(try_as_ordinary_user(fixture->folder.path, fixture->path, "Permission denied"), 0);
    }
    assert_int_equal(chmod(fixture->path, 0400), 0);
}

static void refuses_a_newer_version(void **state) {
    struct fixture *fixture = *state;
    make_database(fixture->path);
    assert_int_equal(raw_run(fixture->path, "PRAGMA user_version = 99"), SQLITE_OK);
    refused_untouched(fixture->path, ERR_VERSION, "written by a newer Pandu (schema 99");
}

static void refuses_what_is_no_database(void **state) {
    struct fixture *fixture = *state;
    const char text[] = "Catatan rapat hari ini: jangan dihapus ya. ";
    for (long i = 0; i < 50; i++) {
        write_at(fixture->path, i * (long)(sizeof text - 1), text, sizeof text - 1);
    }
    refused_untouched(fixture->path, ERR_CORRUPT, "damaged or no database");
    refused_untouched(fixture->path, ERR_CORRUPT, "Nothing was overwritten");
}

static void refuses_a_database_of_another_program(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(raw_run(fixture->path, "CREATE TABLE photo (id INTEGER)"), SQLITE_OK);
    refused_untouched(fixture->path, ERR_CORRUPT, "database of another program");
    assert_int_equal(raw_run(fixture->path, "PRAGMA application_id = 77; PRAGMA user_version = 2"),
                     SQLITE_OK);
    refused_untouched(fixture->path, ERR_CORRUPT, "database of another program");
}

static void refuses_a_corrupt_header(void **state) {
    struct fixture *fixture = *state;
    make_database(fixture->path);
    write_at(fixture->path, 0, "XXXXXXXX", 8);
    refused_untouched(fixture->path, ERR_CORRUPT, "damaged or no database");
}

static void refuses_corrupt_pages(void **state) {
    struct fixture *fixture = *state;
    make_database(fixture->path);
    long pages = (long)raw_number(fixture->path, "PRAGMA page_count");
    long size = (long)raw_number(fixture->path, "PRAGMA page_size");
    assert_true(pages > 3);
    char garbage[64];
    memset(garbage, 0x5A, sizeof garbage);
    long unused = (long)raw_number(fixture->path, "PRAGMA freelist_count"), unnoticed = 0;
    for (long page = 1; page < pages; page++) { /* the one with the schema is that of the header */
        size_t length;
        char *good = folder_read(fixture->path, &length);
        write_at(fixture->path, page * size, garbage, sizeof garbage);
        if (unnoticed < unused && database_inspect(fixture->path, NULL, NULL) == 0) {
            unnoticed++; /* nobody reads what is in a page that is not used */
        } else {
            refused_untouched(fixture->path, ERR_CORRUPT, "damaged");
        }
        write_at(fixture->path, 0, good, length);
        free(good);
    }
    check_database(fixture->path);
    assert_int_equal(truncate(fixture->path, 2 * 4096 + 100), 0);
    refused_untouched(fixture->path, ERR_CORRUPT, "damaged");
}

/* Damage with a log that was not yet moved over: looking must not move it. */
static void refuses_corrupt_pages_beside_a_log(void **state) {
    struct fixture *fixture = *state;
    char log[600];
    (void)snprintf(log, sizeof log, "%s-wal", fixture->path);
    make_database(fixture->path);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) { /* ends without closing */
        struct store *store = store_sqlite_open(fixture->path, NULL);
        struct store_turn turn = simple_turn("b", "t1", 0, "[]", "s");
        _exit(store != NULL && wait_commit(store, &turn).status == STORE_OK ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    size_t before_length, after_length;
    char *before = folder_read(log, &before_length);
    assert_true(before_length > 0);
    write_at(fixture->path, 100, "XXXXXXXXXXXX", 12);
    (void)truncate(fixture->path, 4096 * 3);
    char garbage[64];
    memset(garbage, 0x5A, sizeof garbage);
    write_at(fixture->path, 4096, garbage, sizeof garbage);
    refused_untouched(fixture->path, ERR_CORRUPT, "damaged");
    char *after = folder_read(log, &after_length);
    assert_int_equal(before_length, after_length);
    assert_memory_equal(before, after, before_length);
    free(before);
    free(after);
}

/* ---- another one runs ---- */

static void refuses_a_database_in_use(void **state) {
    struct fixture *fixture = *state;
    int ready[2], finish[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(finish), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(finish[1]);
        struct store *store = store_sqlite_open(fixture->path, NULL);
        if (store == NULL || write(ready[1], "r", 1) != 1) {
            _exit(1);
        }
        _exit(read(finish[0], &byte, 1) == 0 ? 0 : 1); /* ends without closing, as a killed one would */
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    char words[64];
    (void)snprintf(words, sizeof words, "another pandu (process %ld) runs on", (long)child);
    refused(fixture->path, ERR_BUSY, words);
    char other_name[600]; /* nor by another way to the same file */
    (void)folder_file(&fixture->folder, "link.db", other_name);
    assert_int_equal(symlink(fixture->path, other_name), 0);
    refused(other_name, ERR_BUSY, words);
    assert_int_equal(close(finish[1]), 0);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    make_database(fixture->path); /* its death let go of the lock */
    for (int i = 0; i < 2; i++) {
        (void)close(ready[i]);
    }
    (void)close(finish[0]);
}

/* ---- migrations ---- */

/* Runs the first count migrations on a new file, each as the program would. */
static void make_schema(const char *path, int count) {
    char sql[4096];
    for (int i = 0; i < count; i++) {
        (void)snprintf(sql, sizeof sql,
                       "BEGIN; %s; PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
                       migrations_sql[i], DATABASE_APPLICATION, i + 1);
        assert_int_equal(raw_run(path, sql), SQLITE_OK);
    }
}

static void continues_after_every_migration(void **state) {
    struct fixture *fixture = *state;
    char fresh[512], sql[4096];
    make_database(folder_file(&fixture->folder, "fresh.db", fresh));
    for (int done = 0; done < migrations_count; done++) {
        char path[512], name[32];
        (void)snprintf(name, sizeof name, "after-%d.db", done);
        (void)folder_file(&fixture->folder, name, path);
        make_schema(path, done);
        assert_int_equal(raw_run(path, "PRAGMA journal_mode = WAL"),
                         SQLITE_OK); /* as far as a kill may have come */
        make_database(path);
        check_database(path);
        (void)snprintf(
            sql, sizeof sql,
            "ATTACH '%s' AS other; CREATE TEMP TABLE difference AS SELECT sql FROM main.sqlite_schema EXCEPT"
            " SELECT sql FROM other.sqlite_schema; CREATE TEMP TABLE same (n CHECK (n = 0));"
            " INSERT INTO same SELECT count(*) FROM difference",
            fresh);
        assert_int_equal(raw_run(path, sql), SQLITE_OK);
    }
}

/* Hashes as the store computes them: a turn stored long ago is still known. */
static long long hash_text(const char *text) {
    return (long long)hash_bytes(0, text, strlen(text));
}

/* A database of schema 3, with what it may hold: superseded states that were cleared, some that were not, a
   conversation begun anew after an erasure, one that was erased altogether, one whose state was lost. */
static void takes_over_states_of_schema_3(void **state) {
    struct fixture *fixture = *state;
    char sql[4096];
    make_schema(fixture->path, 3);
    (void)snprintf(
        sql, sizeof sql,
        "INSERT INTO conversation VALUES (1, 'a'), (2, 'b'), (3, 'c');"
        "INSERT INTO turn VALUES (1, 1, %lld, 't1', 1, 1, 1, 3, 0, x'7B7D', x'5B226F6E65225D'),"
        " (2, 2, 5, 't1', 1, 6, 11, 13, 0, x'7B7D', x'5B5D'), (3, 1, 5, 't2', 2, 2, 4, 6, 0, x'7B7D', "
        "x'5B5D'),"
        " (4, 1, 6, 't3', 3, 3, 7, 9, 0, x'7B7D', x'5B5D'), (5, 3, 5, 't1', 1, 1, 1, 3, 0, x'7B7D', x'5B5D');"
        "INSERT INTO state VALUES (2, x'6232'), (3, x'6132'), (4, x'6133');"
        "INSERT INTO erased VALUES ('b', 0, 5, 10), ('d', 0, 7, 20)",
        hash_text("t1"));
    assert_int_equal(raw_run(fixture->path, sql), SQLITE_OK);
    struct store *store = store_sqlite_open(fixture->path, NULL);
    assert_non_null(store);
    static const struct {
        const char *name, *state;
        uint64_t version;
    } expected[] = {{"a", "a3", 3}, {"b", "b2", 6}, {"d", "", 7}, {"e", "", 0}};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        struct waiting loaded = wait_load(store, expected[i].name);
        assert_int_equal(loaded.status, STORE_OK);
        assert_int_equal(loaded.version, expected[i].version);
        assert_string_equal(loaded.state, expected[i].state);
        waiting_free(&loaded);
        struct store_turn turn = simple_turn(expected[i].name, "new", expected[i].version, "[]", "next");
        struct waiting stored = wait_commit(store, &turn);
        assert_int_equal(stored.status, STORE_OK);
        assert_int_equal(stored.version, expected[i].version + 1);
        waiting_free(&stored);
    }
    struct store_turn again = simple_turn("a", "t1", 3, "[]", "x");
    again.text_hash = 1;
    struct waiting known = wait_commit_full(store, &again);
    assert_int_equal(known.status, STORE_DUP);
    assert_string_equal(known.outcome, "[\"one\"]");
    waiting_free(&known);
    struct waiting lost = wait_load(store, "c"); /* no state: said, never begun anew over the old turns */
    assert_int_equal(lost.status, STORE_FATAL);
    waiting_free(&lost);
    struct store_turn blind = simple_turn("c", "t9", 0, "[]", "x");
    assert_int_equal(wait_commit(store, &blind).status, STORE_FATAL);
    store->ops->close(store);
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM sqlite_schema WHERE name = 'state'"), 0);
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM turn WHERE conversation = 1"), 4);
}

/* A database of schema 5, with its states in a table of their own. */
static void takes_over_states_of_schema_5(void **state) {
    struct fixture *fixture = *state;
    make_schema(fixture->path, 5);
    assert_int_equal(raw_run(fixture->path,
                             "INSERT INTO conversation VALUES (1, 'a'), (2, 'b');"
                             "INSERT INTO turn VALUES (1, 1, 5, 't1', 1, 1, 1, 3, 0, x'7B7D', x'5B5D'),"
                             " (2, 2, 5, 't1', 1, 6, 11, 13, 0, x'7B7D', x'5B315D'),"
                             " (3, 1, 6, 't2', 2, 2, 4, 6, 0, x'7B7D', x'5B325D');"
                             "INSERT INTO newest VALUES (1, 2, 6, x'6132'), (2, 6, 13, x'6232')"),
                     SQLITE_OK);
    for (uint64_t i = 0; i < 3; i++) { /* then again, and once more after a restart */
        struct store *store = store_sqlite_open(fixture->path, NULL);
        assert_non_null(store);
        struct waiting loaded = wait_load(store, "a");
        assert_int_equal(loaded.version, 2 + i);
        assert_int_equal(loaded.last_seq, 6 + 3 * i);
        assert_string_equal(loaded.state, i == 0 ? "a2" : i == 1 ? "a2 and more" : "a2 and less");
        assert_string_equal(loaded.outcome, i == 0 ? "[2]" : "[]");
        waiting_free(&loaded);
        char id[8];
        (void)snprintf(id, sizeof id, "new%d", (int)i);
        struct store_turn turn = simple_turn("a", id, 2 + i, "[]", i == 0 ? "a2 and more" : "a2 and less");
        char room[256], before[64];
        (void)snprintf(before, sizeof before, "%s", i == 0 ? "a2" : i == 1 ? "a2 and more" : "a2 and less");
        patch_turn(&turn, before, room, sizeof room); /* the old state is a whole one like any other */
        assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
        loaded = wait_load(store, "b");
        assert_int_equal(loaded.version, 6);
        assert_string_equal(loaded.state, "b2");
        waiting_free(&loaded);
        store->ops->close(store);
    }
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM sqlite_schema WHERE name = 'newest'"),
                     0);
}

/* A database of schema 8: states that begin with bytes of a whole one, some of which cannot. */
static void takes_over_states_of_schema_8(void **state) {
    struct fixture *fixture = *state;
    make_schema(fixture->path, 8);
    assert_int_equal(
        raw_run(
            fixture->path,
            "INSERT INTO conversation VALUES (1, 'a'), (2, 'b'), (3, 'c');"
            "INSERT INTO turn (number, conversation, id_hash, id, text_hash, version, first_seq, last_seq,"
            " at_ms, inbound, outcome, state, base, shared) VALUES"
            " (1, 1, 5, 't1', 1, 1, 1, 3, 0, x'7B7D', x'5B5D', x'6F6E652077686F6C65207374617465', NULL, "
            "NULL),"
            " (2, 2, 5, 't1', 1, 1, 1, 3, 0, x'7B7D', x'5B5D', x'73686F7274', NULL, NULL),"
            " (3, 1, 6, 't2', 2, 2, 4, 6, 0, x'7B7D', x'5B315D', x'686F757365', 1, 4),"
            " (4, 1, 7, 't3', 3, 3, 7, 9, 0, x'7B7D', x'5B325D', x'686F6C65', 1, 5),"
            " (5, 2, 6, 't2', 2, 2, 4, 6, 0, x'7B7D', x'5B315D', x'6572', 2, 6),"
            " (6, 3, 6, 't1', 2, 1, 4, 6, 0, x'7B7D', x'5B315D', x'6572', 6, 1)"),
        SQLITE_OK);
    struct store *store = store_sqlite_open(fixture->path, NULL);
    assert_non_null(store);
    struct waiting loaded = wait_load(store, "a");
    assert_int_equal(loaded.version, 3);
    assert_string_equal(loaded.state, "one whole");
    assert_string_equal(loaded.outcome, "[2]");
    waiting_free(&loaded);
    struct store_turn turn = simple_turn("a", "new", 3, "[]", "one whole and new");
    char room[256];
    patch_turn(&turn, "one whole", room, sizeof room);
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
    loaded = wait_load(store, "a");
    assert_string_equal(loaded.state, "one whole and new");
    waiting_free(&loaded);
    loaded = wait_load(store, "b"); /* more than the whole one has */
    assert_int_equal(loaded.status, STORE_FATAL);
    waiting_free(&loaded);
    loaded = wait_load(store, "c"); /* of itself */
    assert_int_equal(loaded.status, STORE_FATAL);
    waiting_free(&loaded);
    store->ops->close(store);
}

/* A damaged or foreign file may chain any number of turns: a reader gives up, and nobody waits for it. */
static void gives_up_on_endless_patches(void **state) {
    struct fixture *fixture = *state;
    make_schema(fixture->path, 8);
    assert_int_equal(
        raw_run(
            fixture->path,
            "INSERT INTO conversation VALUES (1, 'a'), (2, 'b');"
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
            " INSERT INTO turn (number, conversation, id_hash, id, text_hash, version, first_seq, last_seq,"
            " at_ms, inbound, outcome, state, base, shared)"
            " SELECT i, iif(i <= 1000, 1, 2), i, 't' || i, 1, i, 3 * i, 3 * i + 2, 0, x'7B7D', x'5B5D',"
            " CAST('a' || i AS BLOB), iif(i IN (1, 1001), NULL, i - 1), iif(i IN (1, 1001), NULL, 0) FROM n"),
        SQLITE_OK);
    struct store *store = store_sqlite_open(fixture->path, NULL);
    assert_non_null(store);
    struct waiting loaded = wait_load(store, "a"); /* far more than anybody writes, but bearable */
    assert_int_equal(loaded.version, 1000);
    assert_string_equal(loaded.state, "a1000");
    waiting_free(&loaded);
    loaded = wait_load(store, "b");
    assert_int_equal(loaded.status, STORE_FATAL);
    waiting_free(&loaded);
    store->ops->close(store);
}

int main(void) {
#define CASE(test) cmocka_unit_test_setup_teardown(test, make_fixture, remove_fixture)
    const struct CMUnitTest tests[] = {
        CASE(makes_a_private_file),
        CASE(makes_an_open_file_private),
        CASE(an_empty_file_becomes_a_database),
        CASE(refuses_places_it_cannot_write),
        CASE(refuses_a_read_only_folder),
        CASE(refuses_a_newer_version),
        CASE(refuses_what_is_no_database),
        CASE(refuses_a_database_of_another_program),
        CASE(refuses_a_corrupt_header),
        CASE(refuses_corrupt_pages),
        CASE(refuses_corrupt_pages_beside_a_log),
        CASE(refuses_a_database_in_use),
        CASE(continues_after_every_migration),
        CASE(takes_over_states_of_schema_3),
        CASE(takes_over_states_of_schema_5),
        CASE(takes_over_states_of_schema_8),
        CASE(gives_up_on_endless_patches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
