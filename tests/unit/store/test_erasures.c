/* Erasing a long conversation: in pieces nobody sees, finished after a kill, and gone from every file when it
   is answered, also while others talk without a pause. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <time.h>

#include "base/err.h"
#include "store/sqlite/erasures.h"
#include "store/sqlite/known.h"
#include "store/sqlite/study.h"
#include "unit/store/opened.h"
#include "unit/store/raw.h"
#include "unit/store/waiting.h"

enum { TURNS = 6 * ERASURES_PIECE + 7, OTHERS = 32 };

/* Turns that hold a word, with notes that do. */
static void tell(struct store *store, const char *conversation, const char *word, int turns) {
    char json[128];
    (void)snprintf(json, sizeof json, "{\"text\":\"%s\"}", word);
    for (int i = 0; i < turns; i++) {
        char id[16];
        struct store_unmatched unmatched = {word, word};
        struct store_escalation escalation = {"crisis", word};
        struct store_due due = {"idle", 1795312800000 + i};
        (void)snprintf(id, sizeof id, "t%d", i);
        struct store_turn turn = simple_turn(conversation, id, (uint64_t)i, json, json);
        turn.inbound = turn.outcome;
        turn.unmatched = &unmatched;
        turn.escalations = &escalation;
        turn.due = &due;
        turn.unmatched_count = turn.escalation_count = turn.due_count = 1;
        assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
    }
}

/* ---- others ---- */

struct other {
    struct store *store;
    char name[16];
    uint64_t turns;
    int *is_over, is_talking;
};

static void talk(struct other *other);

static void talked(void *context, const struct store_result *result) {
    struct other *other = context;
    assert_int_equal(result->status, STORE_OK);
    assert_int_equal(result->version, other->turns);
    other->is_talking = 0;
    if (!*other->is_over) {
        talk(other);
    }
}

static void talk(struct other *other) {
    char long_text[3000];
    memset(long_text, 0x78, sizeof long_text);
    char id[32];
    (void)snprintf(id, sizeof id, "t%d", (int)other->turns);
    struct store_turn turn = simple_turn(other->name, id, other->turns++, "[]", "state");
    turn.outcome = (struct store_bytes){long_text, sizeof long_text};
    other->is_talking = 1;
    other->store->ops->commit(other->store, &turn, talked, other);
}

static int are_talking(const struct other *others) {
    int sum = 0;
    for (int i = 0; i < OTHERS; i++) {
        sum += others[i].is_talking;
    }
    return sum;
}

static void words_are_gone_while_others_talk(void **state) {
    struct fixture *fixture = *state;
    struct other others[OTHERS];
    int is_over = 0;
    tell(fixture->store, "gone", "kenari", TURNS);
    tell(fixture->store, "also", "kenari", ERASURES_PIECE / 2);
    for (int i = 0; i < OTHERS; i++) {
        others[i] = (struct other){.store = fixture->store, .is_over = &is_over};
        (void)snprintf(others[i].name, sizeof others[i].name, "other%d", i);
        talk(&others[i]);
    }
    for (int i = 0; i < 200; i++) { /* the log is long, and the words are deep in it */
        (void)fixture->store->ops->poll(fixture->store, 1000);
    }
    assert_true(folder_holds(&fixture->folder, "kenari"));
    struct waiting erased[2] = {{0}};
    struct store_turn bye = simple_turn("gone", "bye", TURNS, "[]", "fresh");
    bye.erase = 1;
    fixture->store->ops->commit(fixture->store, &bye, waiting_done, &erased[0]);
    fixture->store->ops->erase(fixture->store, "also", 1, waiting_done, &erased[1]);
    while (!erased[0].called || !erased[1].called) {
        (void)fixture->store->ops->poll(fixture->store, 1000);
    }
    assert_false(folder_holds(&fixture->folder, "kenari"));
    is_over = 1;
    while (are_talking(others)) {
        (void)fixture->store->ops->poll(fixture->store, 1000);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(erased[i].status, STORE_OK);
        waiting_free(&erased[i]);
    }
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM unmatched"), 0);
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM conversation"), OTHERS + 1);
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM turn WHERE id = 'bye'"), 1);
}

/* Who asked goes on talking before all is deleted. */
static void a_conversation_begins_anew_at_once(void **state) {
    struct fixture *fixture = *state;
    struct waiting done[4] = {{0}};
    tell(fixture->store, "a", "kenari", TURNS);
    for (int i = 0; i < 4; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "%s%d", i == 0 ? "bye" : "t",
                       i); /* ids of erased turns are free again */
        struct store_turn turn = simple_turn("a", id, (uint64_t)(TURNS + i), "[]", "fresh");
        turn.erase = i == 0;
        fixture->store->ops->commit(fixture->store, &turn, waiting_done, &done[i]);
    }
    for (int i = 3; i >= 0; i--) {
        waiting_poll(fixture->store, &done[i]);
        assert_int_equal(done[i].status, STORE_OK);
        assert_int_equal(done[i].version, TURNS + i + 1);
        if (i > 0) {
            assert_int_equal(done[i].first_seq, done[0].called ? done[0].last_seq + 1 : done[i].first_seq);
        }
        waiting_free(&done[i]);
    }
    struct waiting exported = wait_export(fixture->store, "a");
    assert_null(strstr(exported.outcome, "kenari"));
    assert_non_null(strstr(exported.outcome, "\"t3\""));
    waiting_free(&exported);
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM turn"), 4);
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM due"), 0);
}

static int count_row(void *context, const struct study_row *row) {
    (void)row;
    ++*(int *)context;
    return 0;
}

static int studied(const char *path, int (*read)(struct study *, study_each *, void *, struct err *)) {
    int count = 0;
    struct study *study = study_open(path, NULL);
    assert_non_null(study);
    assert_int_equal(read(study, count_row, &count, NULL), 0);
    study_close(study);
    return count;
}

/* What is left when the program dies between the erasure's commit and its last piece. */
static void a_killed_programs_erasure_is_finished(void **state) {
    struct fixture *fixture = *state;
    tell(fixture->store, "gone", "kenari", TURNS);
    tell(fixture->store, "stays", "gereja", 3);
    fixture->store->ops->close(fixture->store);
    assert_int_equal(
        raw_run(fixture->path, "UPDATE conversation SET id = char(0) || number WHERE id = 'gone'"),
        SQLITE_OK);
    assert_int_equal(studied(fixture->path, study_turns), 3);
    assert_int_equal(studied(fixture->path, study_states), 1);
    assert_int_equal(studied(fixture->path, study_unmatched), 3);
    fixture->store = store_sqlite_open(fixture->path, NULL);
    struct waiting again = wait_load(fixture->store, "gone");
    assert_int_equal(again.version, 0);
    waiting_free(&again);
    for (int i = 0; i < 1000 && folder_holds(&fixture->folder, "kenari"); i++) {
        const struct timespec moment = {0, 10 * 1000 * 1000};
        (void)nanosleep(&moment, NULL);
    }
    assert_false(folder_holds(&fixture->folder, "kenari"));
    assert_true(folder_holds(&fixture->folder, "gereja"));
    fixture->store->ops->close(fixture->store);
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM turn"), 3);
    assert_int_equal(raw_number(fixture->path, RAW_PLACES), 3);
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM conversation"), 1);
    assert_int_equal(raw_number(fixture->path, "SELECT count(*) FROM unmatched"), 3);
    fixture->store = store_sqlite_open(fixture->path, NULL);
}

/* ---- known ids ---- */

static void ids_are_known_or_may_be(void **state) {
    (void)state;
    struct known known = {.slots = NULL};
    size_t bytes = 0, wrong = 0;
    uint64_t hash = 88172645463325252u; /* G. Marsaglia, xorshift */
    for (int i = 0; i < KNOWN_MAX - 20; i++) {
        hash ^= hash << 13, hash ^= hash >> 7, hash ^= hash << 17;
        wrong += known_may_have(&known, (int64_t)hash) != 0;
        known_add(&known, (int64_t)hash, &bytes);
        assert_true(known_may_have(&known, (int64_t)hash));
    }
    assert_true(wrong <= 20); /* 2 or 3 of 2^17 would be by chance: n^2 / 2^33 */
    assert_false(known.is_partial);
    assert_int_equal(bytes, known.capacity * sizeof *known.slots);
    hash = 88172645463325252u;
    for (int i = 0; i < KNOWN_MAX - 20; i++) {
        hash ^= hash << 13, hash ^= hash >> 7, hash ^= hash << 17;
        assert_true(known_may_have(&known, (int64_t)hash));
    }
    for (int64_t i = 1; i < 100; i++) { /* too many: from now on all may be known */
        known_add(&known, i << 32, &bytes);
    }
    assert_int_equal(bytes, 0);
    assert_true(known_may_have(&known, 77));
    known_clear(&known, &bytes);
    assert_false(known_may_have(&known, 77));
    bytes = KNOWN_BYTES_MAX;
    known_add(&known, 1, &bytes);
    assert_true(known_may_have(&known, 77));
    known_clear(&known, &bytes);
    assert_int_equal(bytes, KNOWN_BYTES_MAX);
}

enum { ONE_BY_ONE = 12 };

/* Each comes while the log is cleared for the one before, and nobody says anything afterwards. */
static void the_last_of_several_is_answered_too(void **state) {
    struct fixture *fixture = *state;
    struct waiting erased[ONE_BY_ONE] = {{0}};
    int answered = 0;
    for (int i = 0; i < ONE_BY_ONE; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "gone%d", i);
        tell(fixture->store, name, "kenari", 2);
    }
    for (int i = 0; i < ONE_BY_ONE; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "gone%d", i);
        fixture->store->ops->erase(fixture->store, name, 1, waiting_done, &erased[i]);
        (void)fixture->store->ops->poll(fixture->store, 5);
    }
    for (int looks = 0; looks < 600 && answered < ONE_BY_ONE; looks++) { /* a minute, if need be */
        (void)fixture->store->ops->poll(fixture->store, 100);
        answered = 0;
        for (int i = 0; i < ONE_BY_ONE; i++) {
            answered += erased[i].called;
        }
    }
    assert_int_equal(answered, ONE_BY_ONE);
    for (int i = 0; i < ONE_BY_ONE; i++) {
        assert_int_equal(erased[i].status, STORE_OK);
        waiting_free(&erased[i]);
    }
    assert_false(folder_holds(&fixture->folder, "kenari"));
}

int main(void) {
#define CASE(test) cmocka_unit_test_setup_teardown(test, open_sqlite, close_fixture)
    const struct CMUnitTest tests[] = {
        CASE(words_are_gone_while_others_talk),      CASE(a_conversation_begins_anew_at_once),
        CASE(a_killed_programs_erasure_is_finished), cmocka_unit_test(ids_are_known_or_may_be),
        CASE(the_last_of_several_is_answered_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
