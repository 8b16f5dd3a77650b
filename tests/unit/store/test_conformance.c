/* What every store promises, run over each of them. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "json/value.h"
#include "unit/store/opened.h"
#include "unit/store/patching.h"
#include "unit/store/waiting.h"

static struct store *store_of(void **state) {
    return ((struct fixture *)*state)->store;
}

static void new_conversation_is_empty(void **state) {
    struct waiting loaded = wait_load(store_of(state), "a");
    assert_int_equal(loaded.status, STORE_OK);
    assert_int_equal(loaded.version, 0);
    assert_string_equal(loaded.state, "");
    waiting_free(&loaded);
}

static void stores_and_loads(void **state) {
    struct store *store = store_of(state);
    struct store_turn turn = simple_turn("a", "t1", 0, "[\"one\"]", "{\"s\":1}");
    struct waiting done = wait_commit(store, &turn);
    assert_int_equal(done.status, STORE_OK);
    assert_int_equal(done.version, 1);
    assert_int_equal(done.first_seq, 1);
    assert_int_equal(done.last_seq, 3);
    turn = simple_turn("a", "t2", 1, "[\"two\"]", "{\"s\":2}");
    done = wait_commit(store, &turn);
    assert_int_equal(done.version, 2);
    assert_int_equal(done.first_seq, 4);
    assert_int_equal(done.last_seq, 6);
    struct waiting loaded = wait_load(store, "a");
    assert_int_equal(loaded.version, 2);
    assert_int_equal(loaded.last_seq, 6);
    assert_string_equal(loaded.state, "{\"s\":2}");
    waiting_free(&loaded);
    loaded = wait_load(store, "b");
    assert_int_equal(loaded.version, 0);
    waiting_free(&loaded);
}

static void an_event_without_words_takes_no_number(void **state) {
    struct store_turn turn = simple_turn("a", "open", 0, "[]", "s");
    turn.inbound.length = 0;
    turn.outbound_count = 1;
    struct waiting done = wait_commit(store_of(state), &turn);
    assert_int_equal(done.first_seq, 1);
    assert_int_equal(done.last_seq, 1);
}

static void a_duplicate_gets_the_stored_outcome(void **state) {
    struct store *store = store_of(state);
    struct store_turn turn = simple_turn("a", "t1", 0, "[\"one\"]", "s1");
    (void)wait_commit(store, &turn);
    turn = simple_turn("a", "t2", 1, "[\"two\"]", "s2");
    (void)wait_commit(store, &turn);
    turn = simple_turn("a", "t1", 2, "[\"another\"]", "wrong");
    struct waiting again = wait_commit_full(store, &turn);
    assert_int_equal(again.status, STORE_DUP);
    assert_string_equal(again.outcome, "[\"one\"]");
    assert_int_equal(again.first_seq, 1);
    assert_int_equal(again.last_seq, 3);
    assert_int_equal(again.version, 2);
    waiting_free(&again);
    struct waiting loaded = wait_load(store, "a");
    assert_string_equal(loaded.state, "s2");
    assert_int_equal(loaded.version, 2);
    waiting_free(&loaded);
}

static void the_same_id_elsewhere_is_another_turn(void **state) {
    struct store *store = store_of(state);
    struct store_turn turn = simple_turn("a", "t1", 0, "[]", "s");
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
    turn.conversation = "b";
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
}

static void the_same_id_with_another_text_is_a_conflict(void **state) {
    struct store *store = store_of(state);
    struct store_turn turn = simple_turn("a", "t1", 0, "[]", "s");
    (void)wait_commit(store, &turn);
    turn.text_hash++;
    turn.expected_version = 1;
    struct waiting done = wait_commit(store, &turn);
    assert_int_equal(done.status, STORE_CONFLICT);
    assert_int_equal(done.version, 1);
    assert_non_null(strstr(done.text, "another text"));
}

static void an_old_version_is_a_conflict(void **state) {
    struct store *store = store_of(state);
    struct store_turn turn = simple_turn("a", "t1", 0, "[]", "s1");
    (void)wait_commit(store, &turn);
    turn = simple_turn("a", "t2", 0, "[]", "s2");
    struct waiting done = wait_commit(store, &turn);
    assert_int_equal(done.status, STORE_CONFLICT);
    assert_int_equal(done.version, 1);
    turn.expected_version = 7;
    assert_int_equal(wait_commit(store, &turn).status, STORE_CONFLICT);
    turn.expected_version = 1;
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
}

/* Submitted at once, so that they share a batch where there are batches: one bad turn must not fail the
 * others. */
static void one_conflict_does_not_fail_its_batch(void **state) {
    enum { COUNT = 60 };
    struct store *store = store_of(state);
    struct waiting waiting[COUNT] = {0};
    char names[COUNT][8];
    for (int i = 0; i < COUNT; i++) {
        (void)snprintf(names[i], sizeof names[i], "c%d", i);
        struct store_turn turn = simple_turn(names[i], "t", i % 3 == 1 ? 5 : 0, "[]", names[i]);
        if (i % 3 == 2) {
            turn.conversation = names[i - 2]; /* a duplicate of a turn that is perhaps not committed yet */
        }
        store->ops->commit(store, &turn, waiting_done, &waiting[i]);
    }
    for (int i = 0; i < COUNT; i++) {
        static const enum store_status expected[] = {STORE_OK, STORE_CONFLICT, STORE_DUP};
        waiting_poll(store, &waiting[i]);
        assert_int_equal(waiting[i].called, 1);
        assert_int_equal(waiting[i].status, expected[i % 3]);
        waiting_free(&waiting[i]);
    }
}

static void done_without_context(void *context, const struct store_result *result) {
    assert_null(context);
    assert_int_equal(result->status, STORE_OK);
}

/* Nobody need be told who asked: what is fetched ahead of its turn then stands nowhere (sanitizers of clang
   tell of it). */
static void a_context_may_be_none(void **state) {
    struct store *store = store_of(state);
    char names[8][8];
    for (int i = 0; i < 8; i++) {
        (void)snprintf(names[i], sizeof names[i], "n%d", i);
        struct store_turn turn = simple_turn(names[i], "t", 0, "[]", names[i]);
        store->ops->commit(store, &turn, done_without_context, NULL);
    }
    struct store_turn last = simple_turn("last", "t", 0, "[]", "last");
    assert_int_equal(wait_commit(store, &last).status, STORE_OK);
}

/* A whole one, then what is new since each time, then another whole one. */
static void a_state_may_be_what_is_new(void **state) {
    static const struct {
        const char *state;
        int is_patch;
    } steps[] = {{"one whole state of more than some bytes", 0},
                 {"one whole state of so many more than some bytes", 1},
                 {"one state of so many more than some bytes", 1},
                 {"?", 1},
                 {"one state again, of so many", 0},
                 {"another state again, of so many", 1}};
    struct fixture *fixture = *state;
    struct store *store = fixture->store;
    for (uint64_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        char id[8], room[256];
        (void)snprintf(id, sizeof id, "t%d", (int)i);
        struct store_turn turn = simple_turn("a", id, i, id, steps[i].state);
        if (steps[i].is_patch) {
            patch_turn(&turn, steps[i - 1].state, room, sizeof room);
        }
        assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
        struct waiting loaded = wait_load(store, "a");
        assert_int_equal(loaded.status, STORE_OK);
        assert_string_equal(loaded.state, steps[i].state);
        assert_string_equal(loaded.outcome, id); /* the newest turn's replies come with it */
        waiting_free(&loaded);
    }
    struct waiting exported = wait_export(store, "a");
    assert_non_null(strstr(exported.outcome, "\"state\":\"another state again, of so many\""));
    waiting_free(&exported);
}

/* Nothing is made of a state that is not the one before. */
static void a_wrong_patch_is_a_conflict(void **state) {
    struct store *store = store_of(state);
    char room[256];
    struct store_turn turn = simple_turn("a", "t1", 0, "[]", "five");
    turn.is_patch = 1;
    turn.state = (struct store_bytes){"\x00\x00\x04"
                                      "five",
                                      7}; /* of nothing */
    assert_int_equal(wait_commit(store, &turn).status, STORE_CONFLICT);
    turn = simple_turn("a", "t1", 0, "[]", "whole");
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
    turn = simple_turn("a", "t2", 1, "[]", "");
    turn.is_patch = 1;
    turn.state = (struct store_bytes){"\x06\x00\x01!", 4}; /* it has five bytes */
    assert_int_equal(wait_commit(store, &turn).status, STORE_CONFLICT);
    turn.state = (struct store_bytes){"\x05\x00\x01!", 4};
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
    turn = simple_turn("a", "t3", 1, "[]", "whole?");
    patch_turn(&turn, "whole", room, sizeof room); /* of the one before the last */
    assert_int_equal(wait_commit(store, &turn).status, STORE_CONFLICT);
    turn.expected_version = 2;
    turn.erase = 1; /* would erase what it is made of */
    assert_int_equal(wait_commit(store, &turn).status, STORE_FATAL);
    turn.erase = 0;
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
    turn = simple_turn("a", "t4", 3, "[]", "fresh");
    turn.erase = 1;
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
    turn = simple_turn("a", "t5", 4, "[]", "freshly");
    patch_turn(&turn, "fresh", room, sizeof room);
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
    struct waiting loaded = wait_load(store, "a");
    assert_string_equal(loaded.state, "freshly");
    waiting_free(&loaded);
    assert_int_equal(wait_erase(store, "a", 1).status, STORE_OK);
    turn = simple_turn("a", "t6", 5, "[]", "freshly made");
    patch_turn(&turn, "freshly", room, sizeof room); /* of what is erased */
    assert_int_equal(wait_commit(store, &turn).status, STORE_CONFLICT);
}

static void turns_of_one_conversation_keep_their_order(void **state) {
    enum { COUNT = 300 };
    struct store *store = store_of(state);
    struct waiting waiting[COUNT] = {0};
    for (int i = 0; i < COUNT; i++) {
        char id[16], bytes[16];
        (void)snprintf(id, sizeof id, "t%d", i);
        (void)snprintf(bytes, sizeof bytes, "s%d", i);
        struct store_turn turn = simple_turn("a", id, (uint64_t)i, "[]", bytes);
        store->ops->commit(store, &turn, waiting_done, &waiting[i]);
    }
    for (int i = 0; i < COUNT; i++) {
        waiting_poll(store, &waiting[i]);
        assert_int_equal(waiting[i].status, STORE_OK);
        assert_int_equal(waiting[i].version, i + 1);
        assert_int_equal(waiting[i].first_seq, i * 3 + 1);
        assert_int_equal(waiting[i].last_seq, i * 3 + 3);
        waiting_free(&waiting[i]);
    }
    struct waiting loaded = wait_load(store, "a");
    assert_string_equal(loaded.state, "s299");
    waiting_free(&loaded);
}

static void bytes_come_back_as_they_were(void **state) {
    static const char raw[] = "{\"x\":\"\xf0\x9f\x99\x82\"}\0\xff end";
    struct store *store = store_of(state);
    struct store_turn turn = simple_turn("o'; DROP TABLE turn;--", "%s%n'\"", 0, "[]", "");
    turn.state = (struct store_bytes){raw, sizeof raw - 1};
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
    struct waiting loaded = wait_load(store, turn.conversation);
    assert_int_equal(loaded.status, STORE_OK);
    assert_memory_equal(loaded.state, raw, sizeof raw - 1);
    waiting_free(&loaded);
    turn = simple_turn("empty", "t", 0, "", "");
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
    loaded = wait_load(store, "empty");
    assert_int_equal(loaded.version, 1);
    assert_string_equal(loaded.state, "");
    waiting_free(&loaded);
}

static void refuses_what_is_too_large(void **state) {
    struct store *store = store_of(state);
    char name[STORE_CONVERSATION_MAX + 2];
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    struct store_turn turn = simple_turn(name, "t", 0, "[]", "s");
    assert_int_equal(wait_commit(store, &turn).status, STORE_FATAL);
    turn.conversation = "";
    assert_int_equal(wait_commit(store, &turn).status, STORE_FATAL);
    turn.conversation = "a";
    turn.turn_id = name;
    assert_int_equal(wait_commit(store, &turn).status, STORE_FATAL);
    turn.turn_id = NULL;
    assert_int_equal(wait_commit(store, &turn).status, STORE_FATAL);
    char *large = calloc(1, 300 * 1024);
    turn = simple_turn("a", "t", 0, "[]", "s");
    turn.state = (struct store_bytes){large, 300 * 1024};
    struct waiting done = wait_commit(store, &turn);
    assert_int_equal(done.status, STORE_FATAL);
    assert_non_null(strstr(done.text, "larger"));
    free(large);
    struct waiting loaded = wait_load(store, name);
    assert_int_equal(loaded.status, STORE_FATAL);
    waiting_free(&loaded);
    loaded = wait_export(store, "");
    assert_int_equal(loaded.status, STORE_FATAL);
    waiting_free(&loaded);
    assert_int_equal(wait_erase(store, name, 0).status, STORE_FATAL);
    name[STORE_CONVERSATION_MAX] = '\0';
    turn = simple_turn(name, name, 0, "[]", "s");
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
}

/* Two turns with every kind of note. */
static void fill(struct store *store, const char *conversation, const char *words) {
    char inbound[128];
    (void)snprintf(inbound, sizeof inbound, "{\"text\":\"%s inbound\"}", words);
    struct store_unmatched unmatched[] = {{words, "a|b"}, {"asdf", ""}};
    struct store_escalation escalation = {"crisis", words};
    struct store_turn turn = simple_turn(conversation, "t1", 0, "{\"replies\":[]}", "{\"answers\":{}}");
    turn.inbound = bytes_of(inbound);
    turn.unmatched = unmatched;
    turn.unmatched_count = 2;
    turn.escalations = &escalation;
    turn.escalation_count = 1;
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
    turn.turn_id = "t2";
    turn.expected_version = 1;
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
}

static struct value *export_of(struct store *store, const char *conversation) {
    struct waiting done = wait_export(store, conversation);
    assert_int_equal(done.status, STORE_OK);
    struct value *document = value_parse(done.outcome, strlen(done.outcome), NULL);
    assert_non_null(document);
    waiting_free(&done);
    return document;
}

static void exports_everything(void **state) {
    struct store *store = store_of(state);
    fill(store, "a", "kata rahasia");
    fill(store, "b", "orang lain");
    struct value *document = export_of(store, "a");
    assert_string_equal(value_get_text(document, "conversation"), "a");
    assert_int_equal(value_int(value_get(document, "version"), 0), 2);
    assert_int_equal(value_type(value_get(value_get(document, "state"), "answers")), VALUE_OBJECT);
    const struct value *turns = value_get(document, "turns");
    assert_int_equal(value_count(turns), 2);
    const struct value *turn = value_at(turns, 1);
    assert_string_equal(value_get_text(turn, "id"), "t2");
    assert_string_equal(value_get_text(turn, "at"), "2026-11-22T02:00:00+00:00");
    assert_int_equal(value_int(value_get(turn, "first_seq"), 0), 4);
    assert_string_equal(value_get_text(value_get(turn, "inbound"), "text"), "kata rahasia inbound");
    assert_int_equal(value_type(value_get(value_get(turn, "outcome"), "replies")), VALUE_ARRAY);
    assert_int_equal(value_count(value_get(document, "unmatched")), 4);
    assert_string_equal(value_get_text(value_at(value_get(document, "unmatched"), 0), "candidates"), "a|b");
    assert_int_equal(value_count(value_get(document, "escalations")), 2);
    assert_string_equal(value_get_text(value_at(value_get(document, "escalations"), 0), "quote"),
                        "kata rahasia");
    char *printed = value_print(document, 0);
    assert_null(strstr(printed, "orang lain"));
    free(printed);
    value_free(document);
}

static void exports_an_unknown_conversation_as_empty(void **state) {
    struct value *document = export_of(store_of(state), "nobody");
    assert_int_equal(value_count(value_get(document, "turns")), 0);
    assert_int_equal(value_type(value_get(document, "state")), VALUE_NULL);
    value_free(document);
}

static void exports_bytes_that_are_no_json(void **state) {
    struct store *store = store_of(state);
    struct store_turn turn = simple_turn("a\xff", "t", 0, "no json \xff", "{");
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
    struct value *document = export_of(store, "a\xff");
    assert_string_equal(value_get_text(document, "conversation"), "a\xef\xbf\xbd");
    assert_string_equal(value_get_text(document, "state"), "{");
    assert_string_equal(value_get_text(value_at(value_get(document, "turns"), 0), "outcome"),
                        "no json \xef\xbf\xbd");
    value_free(document);
}

static void check_nothing_left(struct store *store, const char *conversation, const char *words) {
    struct waiting done = wait_export(store, conversation);
    assert_null(strstr(done.outcome, words));
    waiting_free(&done);
    done = wait_unmatched(store, 100);
    assert_null(strstr(done.outcome, words));
    waiting_free(&done);
}

static void erases_without_a_turn(void **state) {
    struct store *store = store_of(state);
    fill(store, "a", "kata rahasia");
    fill(store, "b", "orang lain");
    struct waiting done = wait_erase(store, "a", 1795312800000);
    assert_int_equal(done.status, STORE_OK);
    check_nothing_left(store, "a", "rahasia");
    struct waiting loaded = wait_load(store, "a");
    assert_string_equal(loaded.state, "");
    assert_int_equal(loaded.version, 2); /* neither version nor sequence ever goes back */
    waiting_free(&loaded);
    struct store_turn turn = simple_turn("a", "t1", 0, "[\"new\"]", "s");
    assert_int_equal(wait_commit(store, &turn).status, STORE_CONFLICT);
    turn.expected_version = 2;
    done = wait_commit(store, &turn);
    assert_int_equal(done.status, STORE_OK); /* the id is forgotten too */
    assert_int_equal(done.version, 3);
    assert_int_equal(done.first_seq, 7);
    loaded = wait_load(store, "b");
    assert_string_equal(loaded.state, "{\"answers\":{}}");
    waiting_free(&loaded);
    assert_int_equal(wait_erase(store, "nobody", 0).status, STORE_OK);
}

static void erases_in_the_commit_of_a_turn(void **state) {
    struct store *store = store_of(state);
    fill(store, "a", "kata rahasia");
    struct store_turn turn = simple_turn("a", "t3", 2, "[\"bye\"]", "fresh");
    turn.erase = 1;
    struct waiting done = wait_commit(store, &turn);
    assert_int_equal(done.status, STORE_OK);
    assert_int_equal(done.version, 3);
    assert_int_equal(done.first_seq, 7);
    check_nothing_left(store, "a", "rahasia");
    struct value *document = export_of(store, "a");
    assert_int_equal(value_count(value_get(document, "turns")), 1);
    value_free(document);
    struct waiting loaded = wait_load(store, "a");
    assert_string_equal(loaded.state, "fresh");
    waiting_free(&loaded);
    turn.expected_version = 99; /* sent again: still the same turn */
    struct waiting again = wait_commit_full(store, &turn);
    assert_int_equal(again.status, STORE_DUP);
    assert_string_equal(again.outcome, "[\"bye\"]");
    waiting_free(&again);
}

static void lists_unmatched_newest_first(void **state) {
    struct store *store = store_of(state);
    static const char *const texts[] = {"satu", "dua", "tiga"};
    for (uint64_t i = 0; i < 3; i++) {
        struct store_unmatched unmatched = {texts[i], "x"};
        struct store_turn turn = simple_turn(i == 1 ? "b" : "a", texts[i], i == 2, "[]", "s");
        turn.unmatched = &unmatched;
        turn.unmatched_count = 1;
        assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
    }
    struct waiting done = wait_unmatched(store, 2);
    struct value *list = value_parse(done.outcome, strlen(done.outcome), NULL);
    assert_int_equal(value_count(list), 2);
    assert_string_equal(value_get_text(value_at(list, 0), "text"), "tiga");
    assert_string_equal(value_get_text(value_at(list, 1), "text"), "dua");
    value_free(list);
    waiting_free(&done);
}

/* A callback may submit; close completes everything that was submitted. */
struct chain {
    struct store *store;
    int left, ran, refused;
};
static void chain_next(void *context, const struct store_result *result) {
    struct chain *chain = context;
    chain->ran++;
    chain->refused += result->status != STORE_OK;
    if (chain->left-- > 0) {
        chain->store->ops->load(chain->store, "a", chain_next, chain);
    }
}
static void close_completes_what_was_submitted(void **state) {
    struct fixture *fixture = *state;
    struct chain chain = {fixture->store, 3, 0, 0};
    fixture->store->ops->load(fixture->store, "a", chain_next, &chain);
    struct waiting waiting[20] = {0};
    for (int i = 0; i < 20; i++) {
        char id[8];
        (void)snprintf(id, sizeof id, "t%d", i);
        struct store_turn turn = simple_turn(id, "t", 0, "[]", "s");
        fixture->store->ops->commit(fixture->store, &turn, waiting_done, &waiting[i]);
    }
    fixture->store->ops->close(fixture->store);
    assert_int_equal(chain.ran, 4);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(waiting[i].called, 1);
        assert_int_equal(waiting[i].status, STORE_OK);
        waiting_free(&waiting[i]);
    }
    fixture->store = open_store(fixture->is_sqlite, fixture->path);
    assert_non_null(fixture->store);
}

#define OVER_BOTH(test) \
    {"memory: " #test, test, open_memory, close_fixture, NULL}, { \
        "sqlite: " #test, test, open_sqlite, close_fixture, NULL \
    }

int main(void) {
    const struct CMUnitTest tests[] = {
        OVER_BOTH(new_conversation_is_empty),
        OVER_BOTH(stores_and_loads),
        OVER_BOTH(an_event_without_words_takes_no_number),
        OVER_BOTH(a_duplicate_gets_the_stored_outcome),
        OVER_BOTH(the_same_id_elsewhere_is_another_turn),
        OVER_BOTH(the_same_id_with_another_text_is_a_conflict),
        OVER_BOTH(an_old_version_is_a_conflict),
        OVER_BOTH(one_conflict_does_not_fail_its_batch),
        OVER_BOTH(a_context_may_be_none),
        OVER_BOTH(a_state_may_be_what_is_new),
        OVER_BOTH(a_wrong_patch_is_a_conflict),
        OVER_BOTH(turns_of_one_conversation_keep_their_order),
        OVER_BOTH(bytes_come_back_as_they_were),
        OVER_BOTH(refuses_what_is_too_large),
        OVER_BOTH(exports_everything),
        OVER_BOTH(exports_an_unknown_conversation_as_empty),
        OVER_BOTH(exports_bytes_that_are_no_json),
        OVER_BOTH(erases_without_a_turn),
        OVER_BOTH(erases_in_the_commit_of_a_turn),
        OVER_BOTH(lists_unmatched_newest_first),
        OVER_BOTH(close_completes_what_was_submitted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
