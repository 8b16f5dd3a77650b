/* app: order, duplicates, conflicts, failing stores, exports, erasure; over the memory store and an engine of
 * its own. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/stat.h>

#include "app/app_parts.h"
#include "json/value.h"
#include "unit/app/fake_engine.h"
#include "unit/app/faulty_store.h"
#include "unit/store/folder.h"
#include "unit/store/waiting.h"

struct fixture {
    struct faulty_store store;
    struct app *app;
    struct folder folder;
    char data[512];
};

static int open_app(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    *state = fixture;
    faulty_init(&fixture->store, store_memory_open());
    if (folder_make(&fixture->folder) != 0) {
        return -1;
    }
    (void)snprintf(fixture->data, sizeof fixture->data, "%s/data", fixture->folder.path);
    fixture->app = app_new_take(fake_engine_new(), &fixture->store.store, fixture->data);
    return fixture->app != NULL ? 0 : -1;
}

static int close_app(void **state) {
    struct fixture *fixture = *state;
    app_free(fixture->app);
    fixture->store.inner->ops->close(fixture->store.inner);
    char exports[600];
    (void)snprintf(exports, sizeof exports, "%s/exports", fixture->data);
    folder_empty(exports);
    folder_remove(&fixture->folder);
    free(fixture);
    return 0;
}

static struct turn turn_of(const char *id, const char *text) {
    return (struct turn){
        .id = id, .text = text, .text_length = strlen(text), .now_ms = 1000, .language_hint = -1};
}

static const struct app_reply *say(struct fixture *fixture, const char *conversation, const char *id,
                                   const char *text) {
    struct turn turn = turn_of(id, text);
    return app_turn_wait(fixture->app, conversation, &turn);
}

static void answers_and_remembers(void **state) {
    struct fixture *fixture = *state;
    const struct app_reply *reply = say(fixture, "a", "1", "halo");
    assert_int_equal(reply->status, APP_OK);
    assert_string_equal(reply->actions->messages[0].text, "1: halo");
    assert_int_equal(reply->first_seq, 1);
    assert_int_equal(reply->last_seq, 2);
    reply = say(fixture, "a", "2", "lagi");
    assert_string_equal(reply->actions->messages[0].text, "2: lagi");
    reply = say(fixture, "b", "1", "orang lain");
    assert_string_equal(reply->actions->messages[0].text, "1: orang lain");
    assert_int_equal(fixture->store.loads, 2); /* the second turn of a found its state in the cache */
}

static void repeats_the_stored_answer(void **state) {
    struct fixture *fixture = *state;
    char *first = strdup(say(fixture, "a", "1", "halo")->json);
    (void)say(fixture, "a", "2", "lagi");
    const struct app_reply *reply = say(fixture, "a", "1", "halo");
    assert_int_equal(reply->status, APP_DUPLICATE);
    assert_string_equal(reply->json, first);
    assert_int_equal(reply->first_seq, 1);
    const struct message *message = &reply->actions->messages[0];
    assert_string_equal(message->text, "1: halo");
    assert_string_equal(message->choices[0].payload, "7:yes");
    assert_string_equal(message->choices[0].label, "Ya");
    assert_string_equal(message->links[0].url, "https://example.org");
    assert_true(message->bars[0].percent > 62.4 && message->bars[0].percent < 62.6);
    assert_int_equal(message->progress_at, 2);
    assert_int_equal(message->progress_of, 6);
    assert_int_equal(reply->actions->outcome, TURN_DIALOGUE);
    assert_string_equal(reply->actions->language, "id");
    assert_null(reply->actions->intent);
    assert_string_equal(say(fixture, "a", "3", "x")->actions->messages[0].text, "3: x"); /* it counted once */
    free(first);
}

static void the_same_id_with_other_words_is_a_conflict(void **state) {
    struct fixture *fixture = *state;
    (void)say(fixture, "a", "1", "halo");
    assert_int_equal(say(fixture, "a", "1", "lain")->status, APP_CONFLICT);
    struct turn pressed = {.id = "1", .choice = "halo", .now_ms = 1};
    assert_int_equal(app_turn_wait(fixture->app, "a", &pressed)->status,
                     APP_CONFLICT); /* a button is other words too */
    assert_string_equal(say(fixture, "a", "2", "x")->actions->messages[0].text, "2: x");
}

/* Somebody else moved the conversation on behind the cache. */
static void a_newer_version_is_stepped_again(void **state) {
    struct fixture *fixture = *state;
    (void)say(fixture, "a", "1", "halo");
    struct app *other = app_new_take(fake_engine_new(), &fixture->store.store, NULL);
    struct turn turn = turn_of("2", "dari lain");
    assert_int_equal(app_turn_wait(other, "a", &turn)->status, APP_OK);
    app_free(other);
    assert_null(fixture->store.store.expect); /* it may be asked no longer */
    int commits = fixture->store.commits;
    const struct app_reply *reply = say(fixture, "a", "3", "aku");
    assert_int_equal(reply->status, APP_OK);
    assert_string_equal(reply->actions->messages[0].text, "3: aku");
    assert_int_equal(fixture->store.commits - commits, 2);
}

static void a_failing_store_stores_nothing(void **state) {
    struct fixture *fixture = *state;
    static const enum store_status failures[] = {STORE_FATAL, STORE_BUSY, STORE_FENCED, STORE_UNKNOWN};
    (void)say(fixture, "a", "1", "halo");
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        fixture->store.next_commit = failures[i];
        const struct app_reply *reply = say(fixture, "a", "2", "lagi");
        assert_int_equal(reply->status, APP_STORAGE);
        assert_string_equal(reply->text, "told to fail");
        assert_null(reply->actions);
    }
    fixture->store.next_load = STORE_FATAL; /* the cache was dropped: the state is asked for again */
    assert_int_equal(say(fixture, "a", "2", "lagi")->status, APP_STORAGE);
    assert_string_equal(say(fixture, "a", "2", "lagi")->actions->messages[0].text, "2: lagi");
}

static void an_unknown_commit_is_found_by_its_id(void **state) {
    struct fixture *fixture = *state;
    fixture->store.next_commit = STORE_UNKNOWN;
    fixture->store.commit_lost = 1;
    assert_int_equal(say(fixture, "a", "1", "halo")->status, APP_STORAGE);
    const struct app_reply *reply = say(fixture, "a", "1", "halo");
    assert_int_equal(reply->status, APP_DUPLICATE);
    assert_string_equal(reply->actions->messages[0].text, "1: halo");
    assert_string_equal(say(fixture, "a", "2", "x")->actions->messages[0].text, "2: x");
}

/* ---- order ---- */

struct heard {
    int count;
    char texts[8][64];
};
static void hear(void *context, const struct app_reply *reply) {
    struct heard *heard = context;
    if (heard->count < 8) {
        (void)snprintf(heard->texts[heard->count], 64, "%s",
                       reply->actions != NULL ? reply->actions->messages[0].text : reply->text);
    }
    heard->count++;
}

static void turns_of_a_conversation_run_in_order(void **state) {
    struct fixture *fixture = *state;
    struct heard heard = {0};
    char words[8] = "satu";
    struct turn turn = turn_of("1", words);
    app_turn(fixture->app, "a", &turn, hear, &heard);
    words[0] = 'X'; /* everything was copied */
    turn = turn_of("2", "dua");
    app_turn(fixture->app, "a", &turn, hear, &heard);
    turn = turn_of("3", "tiga");
    app_turn(fixture->app, "a", &turn, hear, &heard);
    assert_int_equal(app_pending(fixture->app), 3);
    size_t handed_out = 0;
    while (app_pending(fixture->app) > 0) {
        handed_out += app_poll(fixture->app, 100);
    }
    assert_int_equal(handed_out, 3);
    assert_int_equal(heard.count, 3);
    assert_string_equal(heard.texts[0], "1: satu");
    assert_string_equal(heard.texts[1], "2: dua");
    assert_string_equal(heard.texts[2], "3: tiga");
}

/* Of what nobody waits for only the JSON outlives the step; what is not all JSON is kept whole. */
static void see(void *context, const struct app_reply *reply) {
    struct heard *heard = context;
    assert_int_equal(reply->status, APP_OK);
    assert_int_equal(reply->actions->message_count, 1);
    assert_int_equal(reply->actions->outcome, TURN_DIALOGUE);
    const struct message *message = &reply->actions->messages[0];
    if (message->json != NULL) {
        assert_ptr_equal(message->json, strstr(reply->json, "\"reply\":"));
        assert_int_equal(strncmp(message->json + message->json_length, "}],\"outcome\"", 12), 0);
        (void)snprintf(heard->texts[heard->count++], 64, "%s", strstr(message->json, "\"text\":"));
    } else {
        (void)snprintf(heard->texts[heard->count++], 64, "%s", message->text);
    }
}

static void replies_outlive_the_steps_of_others(void **state) {
    struct fixture *fixture = *state;
    static const char *const words[] = {"plainly a", "b", "plainly c", "d"};
    struct heard heard = {0};
    for (size_t i = 0; i < 4; i++) {
        struct turn turn = turn_of("1", words[i]);
        app_turn(fixture->app, (const char *[]){"a", "b", "c", "d"}[i], &turn, see, &heard);
    }
    while (app_pending(fixture->app) > 0) {
        (void)app_poll(fixture->app, 100);
    }
    assert_int_equal(heard.count, 4);
    assert_int_equal(strncmp(heard.texts[0], "\"text\":\"1: plainly a\",\"choices\":[{", 34), 0);
    assert_string_equal(heard.texts[1], "1: b");
    assert_int_equal(strncmp(heard.texts[2], "\"text\":\"1: plainly c\",\"choices\":[{", 34), 0);
    assert_string_equal(heard.texts[3], "1: d");
    assert_string_equal(say(fixture, "a", "2", "plainly")->actions->messages[0].text, "2: plainly");
}

static void compare_state(void *context, const struct store_result *result) {
    const struct conversation *conversation = context;
    assert_int_equal(result->status, STORE_OK);
    assert_int_equal(result->version, conversation->version);
    assert_int_equal(result->state.length, conversation->state_length);
    assert_memory_equal(result->state.data, conversation->state, conversation->state_length);
    struct arena *arena = arena_new(0);
    struct session session;
    assert_int_equal(session_decode(result->state.data, result->state.length, arena, &session, NULL), 0);
    for (size_t i = 0; i < session.plan_count; i++) {
        assert_memory_equal(session.plans[i].text, "plan ", 5);
        assert_true(i == 0 || strspn(session.plans[i].text + 5, "x") > 900);
    }
    arena_free(arena);
}

/* The store puts its states together from patches, the app changes the one it has. */
static void the_cache_has_what_the_store_has(void **state) {
    static const char words[] =
        "sebuah kalimat panjang yang tidak selalu sampai selesai, dan yang itu-itu juga";
    struct fixture *fixture = *state;
    struct store *store = fixture->store.inner;
    unsigned most = 0;
    for (size_t i = 0; i < 100; i++) {
        char id[16], text[1024];
        (void)snprintf(id, sizeof id, "t%d", (int)i);
        (void)snprintf(text, sizeof text, "%s%.*s %d", i == 7 || i == 41 ? "plan " : "",
                       (int)(i % 8 == 7 ? i : sizeof words), words, (int)i);
        if (i == 41 || i == 61) { /* much to keep, and what needs another block then */
            memset(text + 5, 'x', sizeof text - 6);
            text[i == 41 ? sizeof text - 1 : 300] = '\0';
        }
        assert_int_equal(say(fixture, i % 2 == 0 ? "b" : "a", id, text)->status, APP_OK);
        struct conversation *conversation = app_cache_get(&fixture->app->cache, "a");
        most = conversation->patches > most ? conversation->patches : most;
        store->ops->load(store, "a", compare_state, conversation);
        while (store->ops->poll(store, 0) == 0) {
        }
    }
    assert_true(most >= 4); /* not one whole state after the other */
}

static void a_flood_is_refused(void **state) {
    struct fixture *fixture = *state;
    struct heard heard = {0};
    for (int i = 0; i < 200; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "%d", i);
        struct turn turn = turn_of(id, "x");
        app_turn(fixture->app, "a", &turn, hear, &heard);
    }
    assert_true(heard.count > 100 && heard.count < 200);
    assert_string_equal(heard.texts[0], "too many messages are waiting");
    while (app_pending(fixture->app) > 0) {
        (void)app_poll(fixture->app, 100);
    }
    assert_int_equal(heard.count, 200);
    assert_int_equal(say(fixture, "", "1", "x")->status, APP_STORAGE);
    assert_int_equal(say(fixture, "b", "1", "x")->status, APP_OK);
}

static void more_conversations_than_the_cache_holds(void **state) {
    struct fixture *fixture = *state;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 4200; i++) {
            char name[16], id[16], expected[16];
            (void)snprintf(name, sizeof name, "c%d", i);
            (void)snprintf(id, sizeof id, "%d", round);
            (void)snprintf(expected, sizeof expected, "%d: x", round + 1);
            assert_string_equal(say(fixture, name, id, "x")->actions->messages[0].text, expected);
        }
    }
    assert_true(fixture->store.loads > 4200);
}

/* ---- opening ---- */

static void opening_stores_only_what_is_new(void **state) {
    struct fixture *fixture = *state;
    const struct app_reply *reply = app_open_wait(fixture->app, "a", 5, -1);
    assert_int_equal(reply->status, APP_OK);
    assert_string_equal(reply->actions->messages[0].text, "halo");
    assert_int_equal(reply->last_seq, 1);
    assert_int_equal(fixture->store.commits, 1);
    reply = app_open_wait(fixture->app, "a", 6, -1);
    assert_string_equal(reply->actions->messages[0].text, "halo");
    assert_non_null(strstr(reply->json, "\"halo\""));
    assert_int_equal(fixture->store.commits, 1);
}

static void ignore(void *context, const struct app_reply *reply) {
    assert_int_equal(reply->status, APP_OK);
    ++*(int *)context;
}

static void wait_event(struct fixture *fixture, enum app_event event, int64_t now_ms) {
    int called = 0;
    app_event(fixture->app, "a", event, "idle", now_ms, ignore, &called);
    while (called == 0) {
        (void)app_poll(fixture->app, 100);
    }
}

static void restart(struct fixture *fixture) {
    app_free(fixture->app);
    fixture->app = app_new_take(fake_engine_new(), &fixture->store.store, fixture->data);
    app_set_timers(fixture->app, 100, 0);
}

/* The last messages stand in the row of their turn and nowhere else; turns without any, and a cache that
   knows nothing, lose none. */
static void the_last_messages_are_found_again(void **state) {
    struct fixture *fixture = *state;
    restart(fixture);
    (void)say(fixture, "a", "1", "halo");
    struct waiting loaded = wait_load(fixture->store.inner, "a");
    assert_null(strstr(loaded.state, "1: halo"));
    waiting_free(&loaded);
    for (int i = 0; i < 6; i++) {
        char id[8];
        (void)snprintf(id, sizeof id, "again%d", i);
        const struct app_reply *reply = say(fixture, "a", id, "again");
        assert_non_null(strstr(reply->actions->messages[0].text, "\"text\":\"1: halo\""));
        if (i == 2) {
            wait_event(fixture, APP_EVENT_LATER, 1000);
        } else if (i == 3) {
            wait_event(fixture, APP_EVENT_IDLE, 5000);
        }
        if (i % 2 == 1) {
            restart(fixture);
        }
    }
    const struct app_reply *reply = say(fixture, "a", "2", "lagi");
    assert_string_equal(reply->actions->messages[0].text, "8: lagi");
    restart(fixture);
    reply = say(fixture, "a", "3", "again");
    assert_non_null(strstr(reply->actions->messages[0].text, "\"text\":\"8: lagi\""));
}

static void a_turn_without_an_id_is_stored_once_each(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(say(fixture, "a", NULL, "halo")->status, APP_OK);
    assert_string_equal(say(fixture, "a", NULL, "halo")->actions->messages[0].text, "2: halo");
}

/* ---- data ---- */

static void exports_to_a_private_file(void **state) {
    struct fixture *fixture = *state;
    (void)say(fixture, "a", "1", "kata rahasia");
    const struct app_reply *reply = say(fixture, "a", "2", "export");
    assert_int_equal(reply->status, APP_OK);
    const char *path = reply->actions->messages[0].text + strlen("file: ");
    assert_memory_equal(path, fixture->data, strlen(fixture->data));
    assert_non_null(strstr(reply->json, path));
    struct stat found;
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
    size_t length;
    char *bytes = folder_read(path, &length);
    struct value *document = value_parse(bytes, length, NULL);
    assert_string_equal(
        value_get_text(value_get(value_at(value_get(document, "turns"), 0), "inbound"), "text"),
        "kata rahasia");
    value_free(document);
    free(bytes);
    char *kept = strdup(path);
    assert_int_equal(say(fixture, "a", "3", "delete")->status, APP_OK);
    assert_int_equal(stat(kept, &found), -1); /* deleting takes the exports along */
    free(kept);
}

static void exports_inline_without_a_folder(void **state) {
    struct fixture *fixture = *state;
    struct app *app = app_new_take(fake_engine_new(), &fixture->store.store, NULL);
    struct turn turn = turn_of("1", "export");
    const struct app_reply *reply = app_turn_wait(app, "a", &turn);
    assert_non_null(strstr(reply->actions->messages[0].text, "{\"conversation\":\"a\""));
    app_free(app);
}

/* Asked for again and again: never larger than a row may be, never a turn that fails. */
static void an_inline_export_is_bounded(void **state) {
    struct fixture *fixture = *state;
    struct app *app = app_new_take(fake_engine_new(), &fixture->store.store, NULL);
    size_t shown = 0, refused = 0;
    for (int i = 0; i < 200; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "%d", i);
        struct turn turn = turn_of(id, i % 2 ? "export" : "sepatah kata");
        const struct app_reply *reply = app_turn_wait(app, "a", &turn);
        assert_int_equal(reply->status, APP_OK);
        assert_true(strlen(reply->json) < 2 * APP_EXPORT_INLINE_MAX + 1024);
        shown += strstr(reply->actions->messages[0].text, "{\"conversation\":") != NULL;
        refused += strcmp(reply->actions->messages[0].text, "[export_too_long:id]") == 0;
    }
    assert_true(shown > 0 && shown + refused == 100 && refused > 90);
    app_free(app);
}

static void names_the_place_of_exports(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(app_set_export_address(fixture->app, "https://example.org/export"), 0);
    const struct app_reply *reply = say(fixture, "a", "1", "export");
    assert_string_equal(reply->actions->messages[0].text, "file: https://example.org/export");
    struct stat found;
    assert_int_equal(stat(fixture->data, &found), -1); /* no file is written */
    assert_int_equal(app_set_export_address(fixture->app, NULL), 0);
    reply = say(fixture, "a", "2", "export");
    assert_non_null(strstr(reply->actions->messages[0].text, fixture->data));
}

struct fetched {
    int called;
    enum app_status status;
    char *json, *text;
};

static void keep_fetched(void *context, const struct app_export *exported) {
    struct fetched *fetched = context;
    fetched->called++;
    fetched->status = exported->status;
    fetched->json = exported->json != NULL ? strndup(exported->json, exported->length) : NULL;
    fetched->text = exported->text != NULL ? strdup(exported->text) : NULL;
}

static struct fetched fetch(struct fixture *fixture, const char *conversation) {
    struct fetched fetched = {0};
    app_export_fetch(fixture->app, conversation, keep_fetched, &fetched);
    while (!fetched.called) {
        assert_int_equal(app_pending(fixture->app), 1);
        (void)app_poll(fixture->app, 1000);
    }
    assert_int_equal(fetched.called, 1);
    assert_int_equal(app_pending(fixture->app), 0);
    return fetched;
}

static void free_fetched(struct fetched *fetched) {
    free(fetched->json);
    free(fetched->text);
}

static void fetches_an_export(void **state) {
    struct fixture *fixture = *state;
    for (int i = 0; i < 50; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "%d", i);
        assert_int_equal(say(fixture, "a", id, "kata rahasia")->status, APP_OK);
    }
    struct fetched fetched = fetch(fixture, "a");
    assert_int_equal(fetched.status, APP_OK);
    struct value *document = value_parse(fetched.json, strlen(fetched.json), NULL);
    assert_int_equal(value_count(value_get(document, "turns")), 50);
    const struct value *kept = value_get(document, "state"); /* readable, whatever the bytes are */
    assert_int_equal(value_int(value_get(kept, "turns"), 0), 50);
    assert_string_equal(value_get_text(value_at(value_get(kept, "slots"), 0), "v"), "kata rahasia");
    value_free(document);
    free_fetched(&fetched);
    fetched = fetch(fixture, "nobody");
    assert_int_equal(fetched.status, APP_OK);
    assert_non_null(strstr(fetched.json, "\"version\":0"));
    free_fetched(&fetched);
    fixture->store.next_export = STORE_BUSY;
    fetched = fetch(fixture, "a");
    assert_int_equal(fetched.status, APP_STORAGE);
    assert_null(fetched.json);
    free_fetched(&fetched);
}

static void an_export_that_fails_says_so(void **state) {
    struct fixture *fixture = *state;
    fixture->store.next_export = STORE_BUSY;
    assert_int_equal(say(fixture, "a", "1", "export")->status, APP_STORAGE);
    FILE *in_the_way = fopen(fixture->data, "w");
    assert_non_null(in_the_way);
    assert_int_equal(fclose(in_the_way), 0);
    const struct app_reply *reply = say(fixture, "a", "1", "export");
    assert_int_equal(reply->status, APP_STORAGE);
    assert_non_null(strstr(reply->text, "cannot create"));
    assert_int_equal(unlink(fixture->data), 0);
    assert_int_equal(say(fixture, "a", "1", "export")->status, APP_OK);
}

static void deletes_everything_before(void **state) {
    struct fixture *fixture = *state;
    (void)say(fixture, "a", "1", "asdf rahasia");
    (void)say(fixture, "a", "2", "danger rahasia");
    struct store *store = fixture->store.inner;
    struct waiting document = wait_export(store, "a");
    assert_non_null(strstr(document.outcome, "\"candidates\":\"greet|bye\""));
    assert_non_null(strstr(document.outcome, "\"quote\":\"danger rahasia\""));
    waiting_free(&document);
    assert_int_equal(say(fixture, "a", "3", "delete")->status, APP_OK);
    document = wait_export(store, "a");
    assert_null(strstr(document.outcome, "rahasia"));
    assert_null(strstr(document.outcome, "said")); /* nor the slot the engine left in the session */
    waiting_free(&document);
    struct waiting list = wait_unmatched(store, 10);
    assert_string_equal(list.outcome, "[]");
    waiting_free(&list);
    const struct app_reply *reply = say(fixture, "a", "4", "halo");
    assert_string_equal(reply->actions->messages[0].text, "1: halo"); /* a new beginning */
    assert_true(reply->first_seq > 4);                                /* with numbers that went on */
}

static void inspects(void **state) {
    struct fixture *fixture = *state;
    assert_null(app_inspect(fixture->app, "nobody"));
    (void)say(fixture, "a", "1", "halo");
    char *json = app_inspect(fixture->app, "a");
    assert_string_equal(json, "{\"answers\":{},\"slots\":{\"said\":\"halo\"}}");
    free(json);
}

static void strange_bytes_are_stored(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(say(fixture, "a", "1", "\xff\xfe <script>%s%n'; --")->status, APP_OK);
    struct waiting document = wait_export(fixture->store.inner, "a");
    assert_non_null(strstr(document.outcome, "\xef\xbf\xbd\xef\xbf\xbd <script>%s%n'; --"));
    waiting_free(&document);
    char *large = calloc(1, 100001);
    memset(large, 'x', 100000);
    const struct app_reply *reply = say(fixture, "a", "2", large);
    assert_int_equal(reply->status, APP_OK);
    assert_true(strlen(reply->actions->messages[0].text) < 20000);
    free(large);
}

int main(void) {
#define CASE(test) cmocka_unit_test_setup_teardown(test, open_app, close_app)
    const struct CMUnitTest tests[] = {
        CASE(answers_and_remembers),
        CASE(repeats_the_stored_answer),
        CASE(the_same_id_with_other_words_is_a_conflict),
        CASE(a_newer_version_is_stepped_again),
        CASE(a_failing_store_stores_nothing),
        CASE(an_unknown_commit_is_found_by_its_id),
        CASE(turns_of_a_conversation_run_in_order),
        CASE(replies_outlive_the_steps_of_others),
        CASE(the_cache_has_what_the_store_has),
        CASE(a_flood_is_refused),
        CASE(more_conversations_than_the_cache_holds),
        CASE(opening_stores_only_what_is_new),
        CASE(the_last_messages_are_found_again),
        CASE(a_turn_without_an_id_is_stored_once_each),
        CASE(exports_to_a_private_file),
        CASE(exports_inline_without_a_folder),
        CASE(an_inline_export_is_bounded),
        CASE(names_the_place_of_exports),
        CASE(fetches_an_export),
        CASE(an_export_that_fails_says_so),
        CASE(deletes_everything_before),
        CASE(inspects),
        CASE(strange_bytes_are_stored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
