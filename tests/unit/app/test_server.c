/* The server without sockets: hello, turns, several tabs, replays, limits, what a failing store does. */
#include "unit/app/serving.h"

#include "app/secret/secret.h"

static void first_message_of_a_new_visitor(void **state) {
    struct serving *serving = *state;
    net_id client = fake_connect(serving->net);
    say(serving, client, "{\"type\":\"hello\",\"v\":1,\"client\":\"c\"}");
    struct value *welcome = next_value(serving, client, "welcome");
    assert_true(secret_is_token(value_get_text(welcome, "conv")));
    assert_int_equal(value_bool(value_get(welcome, "resume"), 1), 0);
    assert_int_equal(value_int(value_get(welcome, "next"), 0), 1);
    assert_string_equal(value_get_text(value_at(value_get(welcome, "greeting"), 0), "text"), "halo");
    value_free(welcome);
    expect_nothing(serving, client);
    say_msg(serving, client, "c-1", "aku bingung");
    expect_event(serving, client, 1, "bot", "halo"); /* the greeting, stored now */
    expect(serving, client, "ack", "seq", "2");
    struct value *event = next_value(serving, client, "event");
    assert_string_equal(value_get_text(event, "text"), "1: aku bingung");
    assert_string_equal(value_get_text(event, "re"), "c-1");
    assert_int_equal(value_int(value_get(event, "seq"), 0), 3);
    assert_int_equal(value_int(value_get(event, "at"), 0), SERVING_START);
    value_free(event);
    say_msg(serving, client, "c-2", "lagi");
    expect(serving, client, "ack", "seq", "4");
    expect_event(serving, client, 5, "bot", "2: lagi");
    expect_nothing(serving, client);
}

static void nothing_is_stored_of_who_only_looks(void **state) {
    struct serving *serving = *state;
    char token[23], again[23];
    net_id client = arrive(serving, token);
    fake_hang_up(serving->net, client);
    assert_int_equal(serving->server->counts.visitors, 0);
    client = come_back(serving, token, 0); /* its line broke: the server remembers whom it gave out */
    expect(serving, client, "welcome", "resume", "true");
    serving_restart(serving);
    client = come_back(serving, token, 0);
    struct value *welcome = next_value(serving, client, "welcome");
    (void)snprintf(again, sizeof again, "%s", value_get_text(welcome, "conv"));
    value_free(welcome);
    assert_string_not_equal(again, token); /* a name only the client knows is never used */
    assert_true(secret_is_token(again));
}

static void comes_back_after_a_restart(void **state) {
    struct serving *serving = *state;
    char token[23];
    net_id client = arrive(serving, token);
    say_msg(serving, client, "c-1", "satu");
    say_msg(serving, client, "c-2", "dua");
    serving_restart(serving);
    client = come_back(serving, token, 3);
    struct value *welcome = next_value(serving, client, "welcome");
    assert_null(value_get(welcome, "conv"));
    assert_int_equal(value_bool(value_get(welcome, "resume"), 0), 1);
    assert_int_equal(value_int(value_get(welcome, "next"), 0), 6);
    value_free(welcome);
    expect_event(serving, client, 4, "visitor", "dua");
    expect_event(serving, client, 5, "bot", "2: dua");
    expect_nothing(serving, client);
    say_msg(serving, client, "c-3", "tiga");
    expect(serving, client, "ack", "seq", "6");
    expect_event(serving, client, 7, "bot", "3: tiga");
}

static void resumes_in_the_middle_of_a_turn(void **state) {
    struct serving *serving = *state;
    char token[23];
    net_id client = arrive(serving, token);
    say_msg(serving, client, "c-1", "satu");
    client = come_back(serving, token, 2);
    expect(serving, client, "welcome", "next", "4");
    expect_event(serving, client, 3, "bot", "1: satu");
    expect_nothing(serving, client);
}

static void a_client_ahead_of_the_store_is_told(void **state) {
    struct serving *serving = *state;
    char token[23];
    net_id client = arrive(serving, token);
    say_msg(serving, client, "c-1", "satu");
    client = come_back(serving, token, 900);
    expect(serving, client, "welcome", "next", "4");
    expect_nothing(serving, client);
    say_msg(serving, client, "c-2", "dua");
    expect(serving, client, "ack", "seq", "4");
    expect_event(serving, client, 5, "bot", "2: dua");
}

static void welcomes_back_after_a_pause_once(void **state) {
    struct serving *serving = *state;
    char token[23];
    net_id client = arrive(serving, token);
    say_msg(serving, client, "c-1", "satu");
    fake_hang_up(serving->net, client);
    serving_clock += 29 * 60 * 1000;
    client = come_back(serving, token, 3);
    expect(serving, client, "welcome", "next", "4");
    expect_nothing(serving, client);
    fake_hang_up(serving->net, client);
    serving_clock += 60 * 1000;
    size_t pending = app_pending(serving->server->app);
    client = come_back(serving, token, 3);
    expect(serving, client, "welcome", "next", "4");
    assert_int_equal(app_pending(serving->server->app), pending); /* the recap was asked for and answered */
}

/* ---- the same message again, other messages ---- */

static void the_same_message_again(void **state) {
    struct serving *serving = *state;
    char token[23];
    net_id client = arrive(serving, token), other = come_back(serving, token, 0);
    say_msg(serving, client, "c-1", "satu");
    serving_clock += 5000;
    for (int i = 0; i < 3; i++) {
        (void)fake_read(serving->net, client);
    }
    fake_at(serving->net, other)->read_count = fake_at(serving->net, other)->sent_count;
    say_msg(serving, client, "c-1", "satu");
    expect(serving, client, "ack", "dup", "true");
    struct value *event = next_value(serving, client, "event");
    assert_int_equal(value_int(value_get(event, "seq"), 0), 3);
    assert_int_equal(value_int(value_get(event, "at"), 0), SERVING_START); /* when it was said */
    value_free(event);
    expect_nothing(serving, client);
    expect_nothing(serving, other); /* only who asked is told again */
    say_msg(serving, client, "c-1", "lain");
    expect(serving, client, "nak", "code", "conflict");
    expect_nothing(serving, client);
    serving_restart(serving);
    client = come_back(serving, token, 3);
    expect(serving, client, "welcome", "next", "4");
    say_msg(serving, client, "c-1", "satu");
    expect(serving, client, "ack", "dup", "true");
    expect_event(serving, client, 3, "bot", "1: satu");
    expect_nothing(serving, client);
}

static void names_of_our_own_turns_cannot_be_taken(void **state) {
    struct serving *serving = *state;
    net_id client = arrive(serving, NULL);
    say_msg(serving, client, "open 0", "satu");
    expect(serving, client, "nak", "code", "bad");
    say_msg(serving, client, "open-0", "satu");
    expect_event(serving, client, 1, "bot", "halo");
    expect(serving, client, "ack", "dup", "false");
}

static void somebody_elses_token(void **state) {
    struct serving *serving = *state;
    char token[23];
    net_id client = arrive(serving, token);
    say_msg(serving, client, "c-1", "rahasia");
    token[0] = token[0] == 'A' ? 'B' : 'A';
    net_id stranger = come_back(serving, token, 0);
    struct value *welcome = next_value(serving, stranger, "welcome");
    assert_int_equal(value_bool(value_get(welcome, "resume"), 1), 0);
    assert_string_not_equal(value_get_text(welcome, "conv"), token);
    value_free(welcome);
    expect_nothing(serving, stranger);
    stranger = come_back(serving, "no-token", 0);
    expect(serving, stranger, "nak", "code", "bad");
    say(serving, stranger, "{\"type\":\"hello\",\"v\":1,\"client\":\"c\"}"); /* may try again without */
    expect(serving, stranger, "welcome", "resume", "false");
}

/* ---- before and instead of hello ---- */

static void hello_comes_first(void **state) {
    struct serving *serving = *state;
    net_id client = fake_connect(serving->net);
    say_msg(serving, client, "c-1", "halo");
    expect(serving, client, "nak", "id", "c-1");
    assert_int_equal(close_code(serving, client), 1008);
    say_msg(serving, client, "c-2", "halo"); /* closed: nobody listens */
    expect_nothing(serving, client);
    client = fake_connect(serving->net);
    say(serving, client, "{\"type\":\"hello\",\"v\":2,\"client\":\"c\"}");
    expect(serving, client, "nak", "code", "version");
    assert_int_equal(close_code(serving, client), 1008);
    client = arrive(serving, NULL);
    say(serving, client, "{\"type\":\"hello\",\"v\":1,\"client\":\"c\"}");
    expect(serving, client, "nak", "code", "bad");
    say(serving, client, "{\"type\":\"ping\"}");
    expect(serving, client, "pong", "id", "-1");
    say(serving, client, "{\"type\":\"later\"}");
    expect_nothing(serving, client);
    say(serving, client, "[1]");
    expect(serving, client, "nak", "code", "bad");
    assert_int_equal(close_code(serving, client), 0);
}

static void the_silent_are_closed(void **state) {
    struct serving *serving = *state;
    net_id silent = fake_connect(serving->net), gone = fake_connect(serving->net),
           friendly = arrive(serving, NULL);
    fake_hang_up(serving->net, gone);
    serving->net->handlers.tick(serving->server, clock_steady_ms() + 9000);
    assert_int_equal(close_code(serving, silent), 0);
    serving->net->handlers.tick(serving->server, clock_steady_ms() + 10001);
    assert_int_equal(close_code(serving, silent), 1008);
    assert_int_equal(close_code(serving, friendly), 0);
    fake_hang_up(serving->net, silent);
    assert_int_equal(serving->server->counts.connections, 1);
}

static void seen_is_checked(void **state) {
    struct serving *serving = *state;
    net_id client = arrive(serving, NULL);
    say_msg(serving, client, "c-1", "satu");
    say(serving, client, "{\"type\":\"seen\",\"seq\":3}");
    assert_int_equal(close_code(serving, client), 0);
    say(serving, client, "{\"type\":\"seen\",\"seq\":4}");
    assert_int_equal(close_code(serving, client), 1008);
}

/* ---- several tabs ---- */

static void all_tabs_see_everything(void **state) {
    struct serving *serving = *state;
    char token[23];
    net_id one = arrive(serving, token);
    net_id two = come_back(serving, token, 0); /* before anything was said */
    struct value *welcome = next_value(serving, two, "welcome");
    assert_int_equal(value_bool(value_get(welcome, "resume"), 0), 1);
    assert_int_equal(value_count(value_get(welcome, "greeting")), 1);
    value_free(welcome);
    say_msg(serving, one, "a-1", "satu");
    expect_event(serving, one, 1, "bot", "halo");
    expect(serving, one, "ack", "seq", "2");
    expect_event(serving, one, 3, "bot", "1: satu");
    expect_nothing(serving, one);
    expect_event(serving, two, 1, "bot", "halo");
    expect_event(serving, two, 2, "visitor", "satu");
    expect_event(serving, two, 3, "bot", "1: satu");
    say_msg(serving, two, "b-1", "dua");
    expect(serving, two, "ack", "seq", "4");
    expect_event(serving, two, 5, "bot", "2: dua");
    expect_event(serving, one, 4, "visitor", "dua");
    expect_event(serving, one, 5, "bot", "2: dua");
    fake_hang_up(serving->net, one);
    say_msg(serving, two, "b-2", "tiga");
    expect(serving, two, "ack", "seq", "6");
    assert_int_equal(serving->server->counts.visitors, 1);
    fake_hang_up(serving->net, two);
    assert_int_equal(serving->server->counts.visitors, 0);
    assert_int_equal(serving->server->counts.connections, 0);
}

static void an_answer_for_who_is_gone_is_kept(void **state) {
    struct serving *serving = *state;
    char token[23];
    net_id client = arrive(serving, token);
    serving->store.has_descriptor = 1; /* from here on nothing completes by itself */
    say_msg(serving, client, "c-1", "satu");
    expect_nothing(serving, client); /* not committed: not a byte */
    fake_hang_up(serving->net, client);
    assert_int_equal(serving->server->counts.visitors, 1); /* the turn still needs it */
    net_id back = come_back(serving, token, 0);
    serving_settle(serving);
    expect(serving, back, "welcome", "resume", "true");
    expect_event(serving, back, 1, "bot", "halo");
    expect_event(serving, back, 2, "visitor", "satu");
    expect_event(serving, back, 3, "bot", "1: satu");
    expect_nothing(serving, back);
    assert_int_equal(serving->server->counts.dropped_replies, 1);
}

/* The store looked before the first word was there, and the answer comes after who wrote it has left. */
static void a_late_look_does_not_miss_the_first_word(void **state) {
    struct serving *serving = *state;
    const struct store_result nothing = {.status = STORE_OK};
    char token[23];
    net_id client = arrive(serving, token);
    serving->store.has_descriptor = serving->store.is_reading_late = 1;
    net_id other = come_back(serving, token, 0);
    say_msg(serving, client, "c-1", "satu");
    serving_settle(serving);
    fake_hang_up(serving->net, client);
    serving->store.has_descriptor = serving->store.is_reading_late = 0;
    serving->store.late(serving->store.late_context, &nothing);
    expect(serving, other, "welcome", "resume", "true");
    serving_settle(serving);
    expect_event(serving, other, 1, "bot", "halo");
    expect_event(serving, other, 2, "visitor", "satu");
    expect_event(serving, other, 3, "bot", "1: satu");
    say_msg(serving, other, "c-2", "dua");
    expect(serving, other, "ack", "seq", "4");
    fake_hang_up(serving->net, other);
    assert_int_equal(serving->server->counts.visitors, 0);
}

/* ---- replays ---- */

/* Pages come as the client takes them, while another tab goes on talking: every number once, in order. */
static void pages_and_live_events_keep_their_order(void **state) {
    struct serving *serving = *state;
    char token[23], text[4001], id[16];
    net_id talker = arrive(serving, token);
    memset(text, 'a', 4000);
    text[4000] = '\0';
    serving->server->turn_rate = (struct limits_rate){1000, 1000};
    for (int i = 0; i < 100; i++) { /* 1 + 200 events of about 4 KB: several times the send queue */
        (void)snprintf(id, sizeof id, "t-%d", i);
        say_msg(serving, talker, id, text);
        fake_drain(serving->net, talker);
    }
    net_id reader = come_back(serving, token, 0);
    expect(serving, reader, "welcome", "next", "202");
    uint64_t next = 1;
    for (int round = 0; next < 222; round++) {
        assert_true(round < 1000);
        if (round < 10) {
            (void)snprintf(id, sizeof id, "l-%d", round);
            say_msg(serving, talker, id, "hidup");
            fake_drain(serving->net, talker);
        }
        assert_true(fake_at(serving->net, reader)->queued < NET_QUEUE_MAX);
        fake_drain(serving->net, reader);
        const char *line;
        while ((line = fake_read(serving->net, reader))[0] != '\0') {
            struct value *event = value_parse(line, strlen(line), NULL);
            assert_int_equal(value_int(value_get(event, "seq"), 0), next);
            next++;
            value_free(event);
        }
    }
    assert_int_equal(close_code(serving, reader), 0);
    assert_int_equal(serving->server->replaying, 0);
    say_msg(serving, talker, "end", "selesai");
    expect_event(serving, reader, 222, "visitor", "selesai");
    expect_event(serving, reader, 223, "bot", "111: selesai");
}

static void a_client_that_never_reads_costs_a_bounded_queue(void **state) {
    struct serving *serving = *state;
    char token[23], text[4001], id[16];
    net_id talker = arrive(serving, token);
    memset(text, 'a', 4000);
    text[4000] = '\0';
    serving->server->turn_rate = (struct limits_rate){1000, 1000};
    net_id deaf = come_back(serving, token, 0);
    for (int i = 0; i < 100; i++) {
        (void)snprintf(id, sizeof id, "t-%d", i);
        say_msg(serving, talker, id, text);
        fake_drain(serving->net, talker);
    }
    assert_int_equal(close_code(serving, deaf), 1013);
    assert_int_equal(close_code(serving, talker), 0);
    fake_hang_up(serving->net, deaf);
    net_id replayed = come_back(serving, token, 0); /* one page waits and no more is read */
    int reads = serving->store.reads;
    for (int i = 0; i < 5; i++) {
        serving_tick(serving);
    }
    assert_int_equal(serving->store.reads, reads);
    assert_int_equal(close_code(serving, replayed), 0);
}

static void a_failed_page_is_tried_again(void **state) {
    struct serving *serving = *state;
    char token[23], id[16];
    net_id talker = arrive(serving, token);
    serving->server->turn_rate = (struct limits_rate){1000, 1000};
    for (int i = 0; i < 40; i++) {
        (void)snprintf(id, sizeof id, "t-%d", i);
        say_msg(serving, talker, id, "halo");
    }
    serving->store.fails_reads = 1;
    net_id reader = come_back(serving, token, 0);
    expect(serving, reader, "nak", "code", "storage"); /* hello itself: the client says it again */
    serving->store.fails_reads = 0;
    char line[128];
    (void)snprintf(line, sizeof line, "{\"type\":\"hello\",\"v\":1,\"conv\":\"%s\",\"client\":\"c\"}", token);
    say(serving, reader, line);
    serving->store.fails_reads = 1;
    fake_drain(serving->net, reader);
    size_t before = fake_at(serving->net, reader)->sent_count;
    serving->store.fails_reads = 0;
    serving_tick(serving);
    assert_true(fake_at(serving->net, reader)->sent_count > before);
    fake_drain(serving->net, reader);
    assert_int_equal(fake_at(serving->net, reader)->sent_count, 1 + 1 + 81); /* nak, welcome, events */
}

/* ---- limits ---- */

static void one_conversation_may_not_flood(void **state) {
    struct serving *serving = *state;
    char id[16];
    net_id client = arrive(serving, NULL), other = arrive(serving, NULL);
    for (int i = 0; i < 20; i++) {
        (void)snprintf(id, sizeof id, "c-%d", i);
        say_msg(serving, client, id, "halo");
    }
    fake_at(serving->net, client)->read_count = fake_at(serving->net, client)->sent_count;
    say_msg(serving, client, "c-20", "halo");
    struct value *nak = next_value(serving, client, "nak");
    assert_string_equal(value_get_text(nak, "code"), "rate");
    assert_string_equal(value_get_text(nak, "id"), "c-20");
    assert_in_range(value_int(value_get(nak, "retry_ms"), 0), 1, 500);
    value_free(nak);
    say_msg(serving, other, "o-1", "halo");
    expect_event(serving, other, 1, "bot", "halo");
}

/* 200 visitors behind one address talk at once; only beginning without end is held up. */
static void a_school_behind_one_address(void **state) {
    struct serving *serving = *state;
    serving->server->conversation_rate = (struct limits_rate){10, 1};
    for (int i = 0; i < 10; i++) {
        net_id client = arrive(serving, NULL);
        say_msg(serving, client, "c-1", "halo");
        expect_event(serving, client, 1, "bot", "halo");
        say_msg(serving, client, "c-2", "halo");
    }
    net_id late = arrive(serving, NULL);
    say_msg(serving, late, "c-1", "halo");
    expect(serving, late, "nak", "code", "rate");
    net_id elsewhere = fake_connect_from(serving->net, "192.0.2.77");
    say(serving, elsewhere, "{\"type\":\"hello\",\"v\":1,\"client\":\"c\"}");
    expect(serving, elsewhere, "welcome", "resume", "false");
    say_msg(serving, elsewhere, "c-1", "halo");
    expect_event(serving, elsewhere, 1, "bot", "halo");
    say_msg(serving, 1, "c-3", "halo"); /* who has begun talks on */
    assert_int_equal(serving->server->counts.naks[WEBSOCKET_RATE], 1);
}

static void too_many_unanswered_are_not_read(void **state) {
    struct serving *serving = *state;
    char id[16];
    net_id client = arrive(serving, NULL);
    serving->server->turn_rate = (struct limits_rate){1000, 1000};
    serving->store.has_descriptor = 1;
    for (int i = 0; i < 8; i++) {
        assert_int_equal(fake_at(serving->net, client)->is_paused, 0);
        (void)snprintf(id, sizeof id, "c-%d", i);
        say_msg(serving, client, id, "halo");
    }
    assert_int_equal(fake_at(serving->net, client)->is_paused, 1);
    for (int i = 8; i < 33; i++) { /* what the network had read already */
        (void)snprintf(id, sizeof id, "c-%d", i);
        say_msg(serving, client, id, "halo");
    }
    expect(serving, client, "nak", "code", "busy");
    serving_settle(serving);
    serving_settle(serving);
    assert_int_equal(fake_at(serving->net, client)->is_paused, 0);
    size_t acks = 0;
    const char *line;
    while ((line = fake_read(serving->net, client))[0] != '\0') {
        acks += strstr(line, "\"type\":\"ack\"") != NULL;
    }
    assert_int_equal(acks, 32);
}

/* ---- a store that fails ---- */

static void every_message_is_answered_while_the_disk_is_full(void **state) {
    struct serving *serving = *state;
    net_id client = arrive(serving, NULL);
    serving->store.is_sick = 1;
    for (int i = 0; i < 3; i++) {
        say_msg(serving, client, "c-1", "satu");
        expect(serving, client, "nak", "code", "storage");
        expect_nothing(serving, client);
    }
    serving->store.is_sick = 0;
    say_msg(serving, client, "c-1", "satu");
    expect_event(serving, client, 1, "bot", "halo");
    expect(serving, client, "ack", "seq", "2");
    expect_event(serving, client, 3, "bot", "1: satu");
}

/* Stored, but nobody could tell: sent again it is a duplicate, and its events come for the first time. */
static void an_unknown_outcome_is_settled_by_asking_again(void **state) {
    struct serving *serving = *state;
    char token[23];
    net_id client = arrive(serving, token), other = come_back(serving, token, 0);
    say_msg(serving, client, "c-1", "satu");
    serving->store.loses_answers = 1;
    say_msg(serving, client, "c-2", "dua");
    serving->store.loses_answers = 0;
    fake_at(serving->net, client)->read_count = 4; /* welcome, greeting, ack, answer */
    fake_at(serving->net, other)->read_count = fake_at(serving->net, other)->sent_count;
    expect(serving, client, "nak", "code", "storage");
    say_msg(serving, client, "c-2", "dua");
    expect(serving, client, "ack", "dup", "true");
    expect_event(serving, client, 4, "visitor", "dua");
    expect_event(serving, client, 5, "bot", "2: dua");
    expect_nothing(serving, client);
    say_msg(serving, client, "c-3", "tiga");
    serving_tick(serving); /* the other tab fell behind and catches up */
    expect_event(serving, other, 4, "visitor", "dua");
    expect_event(serving, other, 5, "bot", "2: dua");
    expect_event(serving, other, 6, "visitor", "tiga");
    expect_event(serving, other, 7, "bot", "3: tiga");
    expect_nothing(serving, other);
}

/* ---- stopping ---- */

static void what_was_taken_is_answered_before_the_end(void **state) {
    struct serving *serving = *state;
    net_id client = arrive(serving, NULL);
    serving->store.has_descriptor = 1;
    say_msg(serving, client, "c-1", "satu");
    server_stop(serving->server);
    assert_int_equal(serving->net->is_woken, 1);
    serving->net->handlers.woken(serving->server);
    assert_int_equal(serving->net->is_stopped, 0); /* a turn is under way */
    say_msg(serving, client, "c-2", "dua");
    expect(serving, client, "nak", "code", "busy");
    assert_int_equal(fake_connect(serving->net), 0);
    serving_settle(serving);
    assert_int_equal(serving->net->is_stopped, 1);
    expect_event(serving, client, 1, "bot", "halo");
    expect(serving, client, "ack", "seq", "2");
}

static void a_stuck_store_does_not_hold_the_end_up(void **state) {
    struct serving *serving = *state;
    net_id client = arrive(serving, NULL);
    serving->store.has_descriptor = 1;
    say_msg(serving, client, "c-1", "satu");
    server_stop(serving->server);
    serving->net->handlers.woken(serving->server);
    serving->server->stop_by_ms = 1; /* long ago */
    serving->net->handlers.woken(serving->server);
    assert_int_equal(serving->net->is_stopped, 1);
}

/* ---- identity ---- */

/* Made by identity_vectors.py for the clock of these tests. */
#include "unit/app/identity_vectors.h"

static net_id identify(struct serving *serving, const char *token) {
    char line[8192];
    net_id client = fake_connect(serving->net);
    (void)snprintf(line, sizeof line, "{\"type\":\"hello\",\"v\":1,\"client\":\"c\",\"identity\":\"%s\"}",
                   token);
    say(serving, client, line);
    return client;
}

static void a_signed_visitor_is_the_same_everywhere(void **state) {
    struct serving *serving = *state;
    net_id phone = identify(serving, vectors[0].token);
    struct value *welcome = next_value(serving, phone, "welcome");
    assert_null(value_get(welcome, "conv"));
    assert_int_equal(value_bool(value_get(welcome, "resume"), 1), 0);
    value_free(welcome);
    say_msg(serving, phone, "p-1", "satu");
    net_id laptop = identify(serving, vectors[1].token); /* signed anew, the same person */
    expect(serving, laptop, "welcome", "resume", "true");
    expect_event(serving, laptop, 1, "bot", "halo");
    expect_event(serving, laptop, 2, "visitor", "satu");
    expect_event(serving, laptop, 3, "bot", "1: satu");
    net_id stranger = identify(serving, "a.b.c");
    expect(serving, stranger, "nak", "code", "denied");
    assert_int_equal(close_code(serving, stranger), 1008);
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        if (!vectors[i].is_right && vectors[i].token[0] != '\0' && strlen(vectors[i].token) < 4000) {
            stranger = identify(serving, vectors[i].token);
            expect(serving, stranger, "nak", "id", "-1");
        }
    }
}

static void without_a_secret_nobody_is_believed(void **state) {
    struct serving *serving = *state;
    serving->server->options.identity_secret = NULL;
    net_id client = identify(serving, vectors[0].token);
    expect(serving, client, "nak", "code", "denied");
}

#define SERVED(test) cmocka_unit_test_setup_teardown(test, serving_start, serving_end)

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVED(first_message_of_a_new_visitor),
        SERVED(nothing_is_stored_of_who_only_looks),
        SERVED(comes_back_after_a_restart),
        SERVED(resumes_in_the_middle_of_a_turn),
        SERVED(a_client_ahead_of_the_store_is_told),
        SERVED(welcomes_back_after_a_pause_once),
        SERVED(the_same_message_again),
        SERVED(names_of_our_own_turns_cannot_be_taken),
        SERVED(somebody_elses_token),
        SERVED(hello_comes_first),
        SERVED(the_silent_are_closed),
        SERVED(seen_is_checked),
        SERVED(all_tabs_see_everything),
        SERVED(an_answer_for_who_is_gone_is_kept),
        SERVED(a_late_look_does_not_miss_the_first_word),
        SERVED(pages_and_live_events_keep_their_order),
        SERVED(a_client_that_never_reads_costs_a_bounded_queue),
        SERVED(a_failed_page_is_tried_again),
        SERVED(one_conversation_may_not_flood),
        SERVED(a_school_behind_one_address),
        SERVED(too_many_unanswered_are_not_read),
        SERVED(every_message_is_answered_while_the_disk_is_full),
        SERVED(an_unknown_outcome_is_settled_by_asking_again),
        SERVED(what_was_taken_is_answered_before_the_end),
        SERVED(a_stuck_store_does_not_hold_the_end_up),
        SERVED(a_signed_visitor_is_the_same_everywhere),
        SERVED(without_a_secret_nobody_is_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
