/* The routes of the server: health, figures, export, erasure, who may ask; reload and changed options. */
#include "unit/app/serving.h"
#include "unit/app/identity_vectors.h"

struct asked {
    const char *authorization, *origin, *address;
};

static const struct asked *asked_now;

static const char *header(const struct net_request *request, const char *name) {
    (void)request;
    return strcmp(name, "authorization") == 0 ? asked_now->authorization : NULL;
}

/* Sends a request and returns the status. */
static int ask(struct serving *serving, const char *method, const char *path, struct asked asked) {
    struct net_peer peer = {.address = asked.address != NULL ? asked.address : "192.0.2.1",
                            .origin = asked.origin};
    struct net_request request = {
        .method = method, .path = path, .query = "", .body = "", .peer = &peer, .header = header};
    asked_now = &asked;
    serving->net->status = 0;
    serving->net->handlers.request(serving->server, 7, &request);
    return serving->net->status;
}

static const char *bearer(struct serving *serving, const char *token) {
    (void)snprintf(serving->line, sizeof serving->line, "Bearer %s", token);
    return serving->line;
}

static void health_follows_the_store(void **state) {
    struct serving *serving = *state;
    assert_int_equal(ask(serving, "GET", "/healthz", (struct asked){0}), 200);
    assert_string_equal(serving->net->body, "{\"status\":\"ok\"}");
    assert_int_equal(ask(serving, "HEAD", "/healthz", (struct asked){0}), 200);
    assert_int_equal(ask(serving, "POST", "/healthz", (struct asked){0}), 405);
    serving->store.is_sick = 1;
    assert_int_equal(ask(serving, "GET", "/healthz", (struct asked){0}), 503);
    serving->store.is_sick = 0;
    assert_int_equal(ask(serving, "GET", "/healthz", (struct asked){0}), 200);
    server_stop(serving->server);
    assert_int_equal(ask(serving, "GET", "/healthz", (struct asked){0}), 503);
}

static void nothing_else_is_there(void **state) {
    struct serving *serving = *state;
    assert_int_equal(ask(serving, "GET", "/", (struct asked){0}), 404);
    assert_int_equal(ask(serving, "GET", "/export/", (struct asked){0}), 404);
    assert_int_equal(ask(serving, "POST", "/export", (struct asked){0}), 405);
    assert_int_equal(ask(serving, "GET", "/conversation", (struct asked){0}), 405);
    assert_non_null(strstr(serving->net->headers, "Allow: DELETE, OPTIONS"));
}

static void figures_count_and_name_nobody(void **state) {
    struct serving *serving = *state;
    char token[23];
    net_id client = arrive(serving, token);
    say_msg(serving, client, "c-1", "kata rahasia");
    say_msg(serving, client, "c-1", "lain");
    say(serving, client, "{\"type\":");
    assert_int_equal(ask(serving, "GET", "/metrics", (struct asked){0}), 404); /* not from here */
    assert_int_equal(ask(serving, "GET", "/metrics", (struct asked){.address = "127.0.0.1"}), 200);
    const char *body = serving->net->body;
    assert_non_null(strstr(body, "\npandu_turns_total{result=\"ok\"} 1\n"));
    assert_non_null(strstr(body, "\npandu_turns_total{result=\"conflict\"} 1\n"));
    assert_non_null(strstr(body, "\npandu_naks_total{code=\"conflict\"} 1\n"));
    assert_non_null(strstr(body, "\npandu_naks_total{code=\"bad\"} 1\n"));
    assert_non_null(strstr(body, "\npandu_turn_seconds_bucket{le=\"+Inf\"} 2\n"));
    assert_non_null(strstr(body, "\npandu_turn_seconds_bucket{le=\"0.001\"} "));
    assert_non_null(strstr(body, "\npandu_turn_seconds_count 2\n"));
    assert_non_null(strstr(body, "\npandu_conversations_open 1\n"));
    assert_non_null(strstr(body, "\npandu_ratings_total{answer=\"helped\"} 0\n"));
    assert_non_null(strstr(body, "\npandu_store_healthy 1\n"));
    assert_null(strstr(body, "rahasia"));
    assert_null(strstr(body, token));
    assert_null(strstr(body, "192.0.2"));
    struct server_options options = serving_options();
    options.metrics = SERVER_METRICS_ALL;
    assert_int_equal(server_apply(serving->server, &options, NULL), 0);
    assert_int_equal(ask(serving, "GET", "/metrics", (struct asked){0}), 200);
    options.metrics = SERVER_METRICS_OFF;
    assert_int_equal(server_apply(serving->server, &options, NULL), 0);
    assert_int_equal(ask(serving, "GET", "/metrics", (struct asked){.address = "127.0.0.1"}), 404);
}

static void an_export_is_for_the_owner(void **state) {
    struct serving *serving = *state;
    char token[23];
    net_id client = arrive(serving, token);
    assert_int_equal(ask(serving, "GET", "/export", (struct asked){.authorization = bearer(serving, token)}),
                     404); /* nothing is stored yet */
    say_msg(serving, client, "c-1", "ceritaku");
    assert_int_equal(ask(serving, "GET", "/export", (struct asked){.authorization = bearer(serving, token)}),
                     200);
    assert_non_null(strstr(serving->net->body, "ceritaku"));
    assert_non_null(strstr(serving->net->headers, "Content-Disposition: attachment"));
    assert_null(strstr(serving->net->headers, "Access-Control"));
    assert_int_equal(ask(serving, "GET", "/export", (struct asked){0}), 401);
    assert_non_null(strstr(serving->net->headers, "WWW-Authenticate: Bearer"));
    assert_int_equal(ask(serving, "GET", "/export", (struct asked){.authorization = "Bearer x"}), 401);
    assert_int_equal(ask(serving, "GET", "/export", (struct asked){.authorization = token}), 401);
    assert_int_equal(
        ask(serving, "GET", "/export", (struct asked){.authorization = "Bearer AAAAAAAAAAAAAAAAAAAAAA"}),
        404);
    assert_string_equal(serving->net->body, "{\"error\":\"no such conversation\"}");
    serving->store.fails_reads = 1;
    assert_int_equal(ask(serving, "GET", "/export", (struct asked){.authorization = bearer(serving, token)}),
                     503);
}

static void an_identity_opens_its_own_data(void **state) {
    struct serving *serving = *state;
    char line[4096];
    net_id client = fake_connect(serving->net);
    (void)snprintf(line, sizeof line, "{\"type\":\"hello\",\"v\":1,\"client\":\"c\",\"identity\":\"%s\"}",
                   vectors[0].token);
    say(serving, client, line);
    say_msg(serving, client, "c-1", "ceritaku");
    assert_int_equal(
        ask(serving, "GET", "/export", (struct asked){.authorization = bearer(serving, vectors[1].token)}),
        200);
    assert_non_null(strstr(serving->net->body, "ceritaku"));
    serving_clock += 3600 * 1000;
    assert_int_equal(
        ask(serving, "GET", "/export", (struct asked){.authorization = bearer(serving, vectors[1].token)}),
        401);
}

static void guessing_is_slowed_down(void **state) {
    struct serving *serving = *state;
    int status = 0;
    for (int i = 0; i < 70 && status != 429; i++) {
        status =
            ask(serving, "GET", "/export", (struct asked){.authorization = "Bearer AAAAAAAAAAAAAAAAAAAAAA"});
    }
    assert_int_equal(status, 429);
    assert_int_equal(ask(serving, "GET", "/export",
                         (struct asked){.authorization = "Bearer AAAAAAAAAAAAAAAAAAAAAA", .address = "::1"}),
                     404);
}

static void erasing_tells_every_tab(void **state) {
    struct serving *serving = *state;
    char token[23];
    net_id client = arrive(serving, token);
    say_msg(serving, client, "c-1", "ceritaku");
    net_id other = come_back(serving, token, 3);
    fake_at(serving->net, client)->read_count = fake_at(serving->net, client)->sent_count;
    (void)fake_read(serving->net, other);
    serving->store.is_sick = 1;
    struct asked asked = {.authorization = bearer(serving, token)};
    assert_int_equal(ask(serving, "DELETE", "/conversation", asked), 503);
    expect_nothing(serving, client);
    serving->store.is_sick = 0;
    assert_int_equal(ask(serving, "DELETE", "/conversation", asked), 204);
    expect_event(serving, client, 4, "system", "erased");
    expect_event(serving, other, 4, "system", "erased");
    say_msg(serving, client, "c-2",
            "lagi"); /* a new beginning: not a word of before, not even in the cache */
    expect_event(serving, client, 5, "bot", "halo");
    expect(serving, client, "ack", "seq", "6");
    expect_event(serving, client, 7, "bot", "1: lagi");
    assert_int_equal(ask(serving, "GET", "/export", asked), 200);
    assert_null(strstr(serving->net->body, "ceritaku"));
    serving_restart(serving);
    client = come_back(serving, token, 3);
    expect(serving, client, "welcome", "next", "8");
    expect_event(serving, client, 4, "system", "erased"); /* who was away learns of it */
    expect_event(serving, client, 5, "bot", "halo");
}

static void pages_of_allowed_origins_may_ask(void **state) {
    struct serving *serving = *state;
    char token[23];
    net_id client = arrive(serving, token);
    say_msg(serving, client, "c-1", "halo");
    struct asked asked = {.authorization = bearer(serving, token), .origin = "https://www.example.org"};
    assert_int_equal(ask(serving, "OPTIONS", "/export", asked), 204);
    assert_non_null(strstr(serving->net->headers, "Access-Control-Allow-Origin: https://www.example.org\n"));
    assert_non_null(strstr(serving->net->headers, "Access-Control-Allow-Headers: authorization"));
    assert_int_equal(ask(serving, "GET", "/export", asked), 200);
    assert_non_null(strstr(serving->net->headers, "Access-Control-Allow-Origin: https://www.example.org\n"));
    assert_non_null(strstr(serving->net->headers, "Vary: Origin"));
    asked.origin = "https://chat.example.org"; /* public_url's */
    assert_int_equal(ask(serving, "OPTIONS", "/conversation", asked), 204);
    assert_non_null(strstr(serving->net->headers, "Access-Control-Allow-Methods: DELETE, OPTIONS"));
    static const char *const foreign[] = {"https://www.example.org.evil.test", "http://www.example.org",
                                          "null", "https://www.example.or", ""};
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        asked.origin = foreign[i];
        assert_int_equal(ask(serving, "OPTIONS", "/export", asked), 204);
        assert_null(strstr(serving->net->headers, "Access-Control-Allow"));
    }
}

/* ---- options ---- */

static void the_own_origins_follow_from_the_options(void **state) {
    struct serving *serving = *state;
    assert_string_equal(serving->net->origins, "https://www.example.org https://chat.example.org ");
    struct server_options options = {.listen = "127.0.0.1:0", .now_ms = serving_now};
    assert_int_equal(server_apply(serving->server, &options, NULL), 0);
    assert_non_null(strstr(serving->net->origins, "http://127.0.0.1:4711 "));
    assert_non_null(strstr(serving->net->origins, "http://localhost:4711 "));
    assert_non_null(strstr(serving->net->origins, " self "));
    options.public_url = "HTTPS://Chat.Example.ORG:443/sekolah?x";
    struct err err = {0};
    assert_int_equal(server_apply(serving->server, &options, &err), ERR_INVALID); /* a scheme in capitals */
    options.public_url = "https://Chat.Example.ORG:443/sekolah?x";
    assert_int_equal(server_apply(serving->server, &options, NULL), 0);
    assert_string_equal(serving->net->origins, "https://chat.example.org ");
    options.public_url = "http://chat.example.org:8080";
    assert_int_equal(server_apply(serving->server, &options, NULL), 0);
    assert_string_equal(serving->net->origins, "http://chat.example.org:8080 ");
}

static void wrong_options_change_nothing(void **state) {
    struct serving *serving = *state;
    const struct server_options right = serving_options();
    for (int i = 0; i < 6; i++) {
        struct server_options options = right;
        struct err err = {0};
        options.public_url = i == 0   ? "chat.example.org"
                             : i == 1 ? "https://"
                             : i == 2 ? "https://a@b"
                                      : NULL;
        options.identity_secret = i == 3 ? "too short" : NULL;
        options.certificate = i == 4 ? "cert.pem" : NULL;
        options.turns_per_minute = i == 5 ? -1 : 0;
        assert_int_equal(server_apply(serving->server, &options, &err), ERR_INVALID);
        assert_true(err.text[0] != '\0');
    }
    assert_string_equal(serving->server->options.public_url, right.public_url);
    assert_string_equal(serving->net->origins, "https://www.example.org https://chat.example.org ");
    assert_int_equal(serving->server->turn_rate.burst, 20);
}

static int reloads;
static void count_reload(void *context) {
    assert_non_null(context);
    reloads++;
}

static void a_reload_is_asked_for_on_the_loop(void **state) {
    struct serving *serving = *state;
    reloads = 0;
    serving->server->options.reload = count_reload;
    serving->server->options.reload_context = serving;
    server_ask_reload(serving->server);
    server_ask_reload(serving->server);
    assert_int_equal(reloads, 0); /* it may be a signal handler that asked */
    serving->net->handlers.woken(serving->server);
    serving->net->handlers.woken(serving->server);
    assert_int_equal(reloads, 1);
}

#define SERVED(test) cmocka_unit_test_setup_teardown(test, serving_start, serving_end)

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVED(health_follows_the_store),
        SERVED(nothing_else_is_there),
        SERVED(figures_count_and_name_nobody),
        SERVED(an_export_is_for_the_owner),
        SERVED(an_identity_opens_its_own_data),
        SERVED(guessing_is_slowed_down),
        SERVED(erasing_tells_every_tab),
        SERVED(pages_of_allowed_origins_may_ask),
        SERVED(the_own_origins_follow_from_the_options),
        SERVED(wrong_options_change_nothing),
        SERVED(a_reload_is_asked_for_on_the_loop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
