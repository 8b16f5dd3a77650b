/* Timers: silence and retention as stored events, over restarts, clocks set back and failing stores. */
#include "unit/app/serving.h"

static const int64_t minute = 60 * 1000, day = (int64_t)24 * 60 * 60 * 1000;

/* What is due at a time: "idle retention ", in order. */
static char due_text[256];
static void list(void *context, const struct store_result *result) {
    (void)context;
    due_text[0] = '\0';
    for (size_t i = 0; i < result->row_count; i++) {
        size_t used = strlen(due_text);
        (void)snprintf(due_text + used, sizeof due_text - used, "%s %lld;", result->rows[i].turn_id,
                       (long long)((result->rows[i].at_ms - SERVING_START) / minute));
    }
}
static const char *all_due(struct serving *serving) {
    struct store *store = serving->store.inner;
    store->ops->list_due(store, INT64_MAX, 100, list, NULL);
    while (store->ops->poll(store, 0) > 0) {
    }
    return due_text;
}

static void silence_is_noted_once(void **state) {
    struct serving *serving = *state;
    char token[23];
    net_id client = arrive(serving, token);
    say_msg(serving, client, "c-1", "satu");
    assert_string_equal(all_due(serving), "idle 30;retention 10080;");
    net_id reader = come_back(serving, token, 3);
    (void)fake_read(serving->net, reader);
    serving_clock += 30 * minute - 1;
    serving_tick(serving);
    expect_nothing(serving, reader);
    serving_clock += 1;
    serving_tick(serving);
    expect_event(serving, reader, 4, "system", "idle");
    serving_clock += 3 * 60 * minute;
    serving_tick(serving);
    expect_nothing(serving, reader);
    assert_string_equal(all_due(serving), "retention 10080;");
    say_msg(serving, client, "c-2", "dua"); /* from now on it may fall silent again */
    assert_string_equal(all_due(serving), "idle 240;retention 10080;");
    serving_clock += 30 * minute;
    serving_tick(serving);
    assert_int_equal(serving->server->counts.idle, 2);
}

/* One row for each silence, not one for each turn: who talks on only moves it when it fires. */
static void who_talks_is_not_silent(void **state) {
    struct serving *serving = *state;
    char id[16];
    net_id client = arrive(serving, NULL);
    serving->server->turn_rate = (struct limits_rate){1000, 1000};
    for (int i = 0; i < 50; i++) {
        (void)snprintf(id, sizeof id, "c-%d", i);
        say_msg(serving, client, id, "halo");
        if (i == 28) {
            assert_string_equal(all_due(serving), "idle 30;retention 10080;");
        }
        serving_clock += minute;
        serving_tick(serving);
    }
    assert_int_equal(serving->server->counts.idle, 0);
    assert_string_equal(all_due(serving), "idle 59;retention 10080;"); /* last said at 29 when it fired */
    serving_clock += 28 * minute;
    serving_tick(serving);
    assert_int_equal(serving->server->counts.idle, 0);
    serving_clock += minute;
    serving_tick(serving);
    assert_int_equal(serving->server->counts.idle, 1);
}

static void after_the_retention_everything_is_gone(void **state) {
    struct serving *serving = *state;
    char token[23];
    net_id client = arrive(serving, token);
    say_msg(serving, client, "c-1", "rahasia");
    serving_clock += 5 * day;
    say_msg(serving, client, "c-2", "masih di sini");
    serving_restart(serving);
    serving_clock += 3 * day; /* eight days after the first word, three after the last */
    serving_tick(serving);
    serving_tick(serving);
    assert_int_equal(serving->server->counts.erased, 0);
    client = come_back(serving, token, 0);
    expect(serving, client, "welcome", "resume", "true");
    expect_event(serving, client, 1, "bot", "halo");
    expect_event(serving, client, 2, "visitor", "rahasia");
    serving_clock += 4 * day;
    serving_tick(serving);
    assert_int_equal(serving->server->counts.erased, 1);
    assert_string_equal(all_due(serving), "");
    client = come_back(serving, token, 0);
    expect(serving, client, "welcome", "resume", "true");
    struct value *event = next_value(serving, client, "event");
    assert_string_equal(value_get_text(event, "what"), "erased");
    value_free(event);
    expect_nothing(serving, client);
    say_msg(serving, client, "c-3", "lagi");
    const char *line;
    int greeted = 0;
    while ((line = fake_read(serving->net, client))[0] != '\0') {
        greeted |= strstr(line, "halo") != NULL;
        assert_null(strstr(line, "rahasia"));
        assert_true(strstr(line, "\"bot\"") == NULL || strstr(line, "halo") != NULL ||
                    strstr(line, "1: lagi") != NULL);
    }
    assert_true(greeted || serving->server->counts.turns[APP_OK] == 1);
}

static void what_was_due_while_it_was_down_still_happens(void **state) {
    struct serving *serving = *state;
    net_id client = arrive(serving, NULL);
    say_msg(serving, client, "c-1", "satu");
    serving_clock += 45 * minute;
    serving_restart(serving);
    serving_tick(serving);
    assert_int_equal(serving->server->counts.idle, 1);
}

static void a_clock_set_back_fires_nothing_early(void **state) {
    struct serving *serving = *state;
    net_id client = arrive(serving, NULL);
    say_msg(serving, client, "c-1", "satu");
    serving_clock -= 10 * day;
    for (int i = 0; i < 5; i++) {
        serving_clock += minute;
        serving_tick(serving);
    }
    assert_int_equal(serving->server->counts.idle + serving->server->counts.erased, 0);
    say_msg(serving, client, "c-2", "dua"); /* counted from here, not from the day that has not come */
    serving_clock += 29 * minute;
    serving_tick(serving);
    assert_int_equal(serving->server->counts.idle, 0);
    serving_clock += minute;
    serving_tick(serving);
    assert_int_equal(serving->server->counts.idle, 1);
    serving_clock += 7 * day;
    serving_tick(serving);
    assert_int_equal(serving->server->counts.erased, 1);
}

static void what_fails_stays_due(void **state) {
    struct serving *serving = *state;
    net_id client = arrive(serving, NULL);
    say_msg(serving, client, "c-1", "satu");
    serving_clock += 8 * day;
    serving->store.is_sick = 1;
    serving_tick(serving);
    assert_int_equal(serving->server->counts.erased, 0);
    assert_true(serving->server->counts.due_failures > 0);
    uint64_t failures = serving->server->counts.due_failures;
    serving_tick(serving); /* not every second while the disk is full */
    assert_int_equal(serving->server->counts.due_failures, failures);
    serving->store.is_sick = 0;
    serving->net->handlers.tick(serving->server, clock_steady_ms() + 31000);
    assert_int_equal(serving->server->counts.erased, 1);
}

static void ignore(void *context, const struct store_result *result) {
    *(int *)context = result->status == STORE_OK;
}

/* Of a later version: neither run nor lost, and out of the way of the others. */
static void unknown_kinds_are_put_off(void **state) {
    struct serving *serving = *state;
    struct store *store = serving->store.inner;
    struct store_due due = {"birthday", SERVING_START};
    int is_stored = 0;
    struct store_turn turn = {.conversation = "w-old",
                              .turn_id = "x",
                              .at_ms = SERVING_START,
                              .outcome = {"{\"replies\":[]}", 14},
                              .due = &due,
                              .due_count = 1};
    store->ops->commit(store, &turn, ignore, &is_stored);
    while (store->ops->poll(store, 0) > 0) {
    }
    assert_true(is_stored);
    serving_tick(serving);
    assert_string_equal(all_due(serving), "birthday 1440;");
    assert_int_equal(serving->server->counts.idle + serving->server->counts.erased, 0);
}

static void turned_off_nothing_is_due(void **state) {
    struct serving *serving = *state;
    net_id client = arrive(serving, NULL);
    say_msg(serving, client, "c-1", "satu");
    struct server_options options = serving_options();
    options.idle_after_ms = options.retention_ms = 0;
    assert_int_equal(server_apply(serving->server, &options, NULL), 0);
    serving_clock += 365 * day;
    serving_tick(serving);
    assert_string_equal(all_due(serving), "");
    assert_int_equal(serving->server->counts.idle + serving->server->counts.erased, 0);
    say_msg(serving, client, "c-2", "dua");
    assert_string_equal(all_due(serving), "");
}

static void many_are_done_a_few_at_a_time(void **state) {
    struct serving *serving = *state;
    for (int i = 0; i < 100; i++) {
        net_id client = arrive(serving, NULL);
        say_msg(serving, client, "c-1", "satu");
    }
    serving_clock += 8 * day; /* 200 events */
    serving->store.has_descriptor = 1;
    serving_tick(serving);
    serving_settle(serving);
    assert_int_equal(serving->server->counts.idle, SERVER_DUE_BATCH - 28);
    assert_int_equal(serving->server->counts.erased, 28);
    serving_tick(serving);
    serving_settle(serving);
    assert_int_equal(serving->server->counts.erased, 100);
    assert_int_equal(serving->server->due_running, 0);
}

#define SERVED(test) cmocka_unit_test_setup_teardown(test, serving_start, serving_end)

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVED(silence_is_noted_once),
        SERVED(who_talks_is_not_silent),
        SERVED(after_the_retention_everything_is_gone),
        SERVED(what_was_due_while_it_was_down_still_happens),
        SERVED(a_clock_set_back_fires_nothing_early),
        SERVED(what_fails_stays_due),
        SERVED(unknown_kinds_are_put_off),
        SERVED(turned_off_nothing_is_due),
        SERVED(many_are_done_a_few_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
