/* What a test says to a server and expects of it (served.h). */
#ifndef TESTS_UNIT_APP_SERVING_H
#define TESTS_UNIT_APP_SERVING_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "unit/app/served.h"

/* A new process on the same database. */
static inline void serving_restart(struct serving *serving) {
    const struct server_options options = serving_options();
    server_free(serving->server);
    assert_non_null(serving_open(serving, &options));
}

/* ---- clients ---- */

static inline void say(struct serving *serving, net_id id, const char *text) {
    serving->net->handlers.received(serving->server, id, text, strlen(text));
}
static inline void say_msg(struct serving *serving, net_id client, const char *id, const char *text) {
    char line[8192];
    (void)snprintf(line, sizeof line, "{\"type\":\"msg\",\"id\":\"%s\",\"text\":\"%s\"}", id, text);
    say(serving, client, line);
}

/* The next line to the client has this type, and if key is given, this value there ("7" for numbers too). */
static inline struct value *next_value(struct serving *serving, net_id client, const char *type) {
    const char *line = fake_read(serving->net, client);
    struct value *value = value_parse(line, strlen(line), NULL);
    const char *found = value_get_text(value, "type");
    if (found == NULL || strcmp(found, type) != 0) {
        fail_msg("expected %s, got: %s", type, line);
    }
    return value;
}
static inline void expect(struct serving *serving, net_id client, const char *type, const char *key,
                          const char *wanted) {
    struct value *value = next_value(serving, client, type);
    const struct value *member = value_get(value, key);
    char number[32];
    (void)snprintf(number, sizeof number, "%lld", (long long)value_int(member, -1));
    const char *found = value_type(member) == VALUE_TEXT   ? value_text(member)
                        : value_type(member) == VALUE_BOOL ? (value_bool(member, 0) ? "true" : "false")
                                                           : number;
    if (strcmp(found, wanted) != 0) {
        fail_msg("%s of %s: expected %s, got %s", key, type, wanted, found);
    }
    value_free(value);
}
static inline void expect_event(struct serving *serving, net_id client, uint64_t seq, const char *kind,
                                const char *text) {
    struct value *value = next_value(serving, client, "event");
    const char *said = value_get_text(value, strcmp(kind, "system") == 0 ? "what" : "text");
    assert_string_equal(value_get_text(value, "kind"), kind);
    assert_int_equal(value_int(value_get(value, "seq"), -1), seq);
    assert_string_equal(said != NULL ? said : "", text);
    value_free(value);
}
static inline void expect_nothing(struct serving *serving, net_id client) {
    assert_string_equal(fake_read(serving->net, client), "");
}

/* Connects and says hello; the token (22 characters) is copied to out unless NULL. */
static inline net_id arrive(struct serving *serving, char *token) {
    net_id client = fake_connect(serving->net);
    say(serving, client, "{\"type\":\"hello\",\"v\":1,\"client\":\"c\"}");
    struct value *welcome = next_value(serving, client, "welcome");
    if (token != NULL) {
        (void)snprintf(token, 23, "%s", value_get_text(welcome, "conv"));
    }
    value_free(welcome);
    return client;
}
static inline net_id come_back(struct serving *serving, const char *token, unsigned long long last) {
    char line[256];
    net_id client = fake_connect(serving->net);
    (void)snprintf(line, sizeof line,
                   "{\"type\":\"hello\",\"v\":1,\"conv\":\"%s\",\"client\":\"c\",\"last\":%llu}", token,
                   last);
    say(serving, client, line);
    return client;
}
static inline int close_code(struct serving *serving, net_id client) {
    return fake_at(serving->net, client)->close_code;
}

#endif
