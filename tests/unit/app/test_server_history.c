/* What a visitor does at the end of a chat and long after: rating it, scrolling back, erasing it. */
#include "unit/app/serving.h"

/* Everything the client was sent is forgotten. */
static void forget(struct serving *serving, net_id client) {
    fake_at(serving->net, client)->read_count = fake_at(serving->net, client)->sent_count;
}

static void a_rating_is_stored_once(void **state) {
    struct serving *serving = *state;
    char token[23];
    net_id client = arrive(serving, token);
    say_msg(serving, client, "c-1", "satu");
    net_id other = come_back(serving, token, 3);
    forget(serving, client);
    forget(serving, other);
    say(serving, client, "{\"type\":\"rating\",\"id\":\"c-2\",\"helped\":true}");
    expect(serving, client, "ack", "seq", "4");
    expect_event(serving, client, 4, "system", "helped");
    expect_event(serving, other, 4, "system", "helped");
    say(serving, client, "{\"type\":\"rating\",\"id\":\"c-2\",\"helped\":true}"); /* the ack was lost */
    expect(serving, client, "ack", "dup", "true");
    expect_nothing(serving, client);
    say(serving, client, "{\"type\":\"rating\",\"id\":\"c-2\",\"helped\":false}");
    expect(serving, client, "nak", "code", "conflict");
    assert_int_equal(serving->server->counts.ratings[1], 1);
    assert_int_equal(serving->server->counts.ratings[0], 0);
    say_msg(serving, client, "c-3", "dua");
    expect(serving, client, "ack", "seq", "5");
    expect_event(serving, client, 6, "bot", "2: dua"); /* the rating was no turn of the conversation */
    serving_restart(serving);
    client = come_back(serving, token, 3);
    expect(serving, client, "welcome", "next", "7");
    expect_event(serving, client, 4, "system", "helped");
}

static void ignore(void *context, const struct app_reply *reply) {
    (void)context;
    (void)reply;
}

static void nothing_can_be_rated_before_or_after(void **state) {
    struct serving *serving = *state;
    char token[23], name[SERVER_NAME_TEXT];
    net_id client = arrive(serving, token);
    say(serving, client, "{\"type\":\"rating\",\"id\":\"c-1\",\"helped\":false}");
    expect(serving, client, "nak", "code", "gone");
    say_msg(serving, client, "c-2", "satu");
    forget(serving, client);
    assert_int_equal(server_name_of_token(token, name), 0);
    app_event(serving->server->app, name, APP_EVENT_ERASE, NULL, serving_now(), ignore, NULL);
    (void)app_poll(serving->server->app, 0);
    say(serving, client, "{\"type\":\"rating\",\"id\":\"c-3\",\"helped\":false}");
    expect(serving, client, "nak", "code", "gone");
    assert_int_equal(serving->server->counts.ratings[0] + serving->server->counts.ratings[1], 0);
}

static void who_scrolls_back_gets_a_page(void **state) {
    struct serving *serving = *state;
    char token[23], id[16];
    net_id client = arrive(serving, token);
    serving->server->turn_rate = (struct limits_rate){1000, 1000};
    for (int i = 1; i <= 50; i++) {
        (void)snprintf(id, sizeof id, "c-%d", i);
        say_msg(serving, client, id, "halo");
        forget(serving, client);
    }
    say(serving, client, "{\"type\":\"history\",\"after\":10}");
    for (uint64_t seq = 11; seq <= 73; seq++) { /* 1 is the greeting */
        (void)snprintf(id, sizeof id, "%d: halo", (int)seq / 2);
        expect_event(serving, client, seq, seq % 2 == 0 ? "visitor" : "bot", seq % 2 == 0 ? "halo" : id);
    }
    expect(serving, client, "history", "upto", "73"); /* 32 turns */
    say(serving, client, "{\"type\":\"history\",\"after\":99}");
    expect_event(serving, client, 100, "visitor", "halo");
    expect_event(serving, client, 101, "bot", "50: halo");
    expect(serving, client, "history", "upto", "101");
    say(serving, client, "{\"type\":\"history\",\"after\":101}");
    expect(serving, client, "history", "upto", "101");
    say(serving, client, "{\"type\":\"history\",\"after\":5000}");
    expect(serving, client, "history", "upto", "5000");
    say_msg(serving, client, "c-51", "lagi"); /* what is new keeps its order */
    expect(serving, client, "ack", "seq", "102");
    expect_event(serving, client, 103, "bot", "51: lagi");
    expect_nothing(serving, client);
}

static void history_is_for_who_said_hello_one_page_at_a_time(void **state) {
    struct serving *serving = *state;
    net_id client = fake_connect(serving->net);
    say(serving, client, "{\"type\":\"history\",\"after\":0}");
    expect(serving, client, "nak", "code", "busy");
    client = arrive(serving, NULL);
    say_msg(serving, client, "c-1", "satu");
    forget(serving, client);
    serving->store.fails_reads = 1;
    say(serving, client, "{\"type\":\"history\",\"after\":0}");
    expect(serving, client, "nak", "code", "storage");
    serving->store.fails_reads = 0;
    server_connection(serving->server, client)->is_looking_back = 1;
    say(serving, client, "{\"type\":\"history\",\"after\":0}");
    expect(serving, client, "nak", "code", "busy");
    server_connection(serving->server, client)->is_looking_back = 0;
    say(serving, client, "{\"type\":\"history\",\"after\":2}");
    expect_event(serving, client, 3, "bot", "1: satu");
    expect(serving, client, "history", "upto", "3");
}

static void erasing_by_words_tells_every_window(void **state) {
    struct serving *serving = *state;
    char token[23];
    net_id client = arrive(serving, token);
    say_msg(serving, client, "c-1", "ceritaku");
    net_id other = come_back(serving, token, 3);
    forget(serving, client);
    forget(serving, other);
    say_msg(serving, client, "c-2", "delete");
    expect(serving, client, "ack", "seq", "4");
    expect_event(serving, client, 5, "bot", "2: delete");
    expect_event(serving, client, 6, "system", "erased");
    expect_event(serving, other, 4, "visitor", "delete");
    expect_event(serving, other, 5, "bot", "2: delete");
    expect_event(serving, other, 6, "system", "erased");
    say_msg(serving, client, "c-2", "delete"); /* again: the same events, the last one too */
    expect(serving, client, "ack", "dup", "true");
    expect_event(serving, client, 5, "bot", "2: delete");
    expect_event(serving, client, 6, "system", "erased");
    serving_restart(serving);
    client = come_back(serving, token, 3);
    expect(serving, client, "welcome", "next", "7");
    expect_event(serving, client, 4, "visitor", "delete");
    expect_event(serving, client, 5, "bot", "2: delete");
    expect_event(serving, client, 6, "system", "erased");
    expect_nothing(serving, client);
}

/* As after a backup was put back: the store erased it again, and no event tells. */
static void what_is_gone_without_a_trace_begins_anew(void **state) {
    struct serving *serving = *state;
    char token[23], name[SERVER_NAME_TEXT];
    net_id client = arrive(serving, token);
    say_msg(serving, client, "c-1", "ceritaku");
    fake_hang_up(serving->net, client);
    assert_int_equal(server_name_of_token(token, name), 0);
    struct store *store = serving->store.inner;
    store->ops->erase(store, name, serving_now(), serving_ignore, NULL);
    (void)store->ops->poll(store, 0);
    serving_restart(serving);
    client = come_back(serving, token, 2);
    struct value *welcome = next_value(serving, client, "welcome");
    assert_int_equal(value_bool(value_get(welcome, "resume"), 1), 0);
    assert_int_equal(value_int(value_get(welcome, "next"), 0), 1);
    assert_string_not_equal(value_get_text(welcome, "conv"), token);
    assert_int_equal(value_count(value_get(welcome, "greeting")), 1);
    value_free(welcome);
    say_msg(serving, client, "c-2", "halo lagi");
    expect_event(serving, client, 1, "bot", "halo");
    expect(serving, client, "ack", "seq", "2");
}

#define SERVED(test) cmocka_unit_test_setup_teardown(test, serving_start, serving_end)

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVED(a_rating_is_stored_once),
        SERVED(nothing_can_be_rated_before_or_after),
        SERVED(who_scrolls_back_gets_a_page),
        SERVED(history_is_for_who_said_hello_one_page_at_a_time),
        SERVED(erasing_by_words_tells_every_window),
        SERVED(what_is_gone_without_a_trace_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
