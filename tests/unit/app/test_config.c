/* The configuration: which source wins, every mistake reported at once with its place, secrets never shown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/config.h"
#include "base/arena.h"

#include "banned.h"

struct fixture {
    struct arena *arena;
    struct config config;
    enum config_source sources[CONFIG_ROWS_MAX];
    const char *flags[CONFIG_ROWS_MAX];
    char file[256];
    char problems[8192];
};

static int setup(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture->arena = arena_new(0);
    (void)snprintf(fixture->file, sizeof fixture->file, "%s/test_config_XXXXXX", PANDU_BUILD);
    int descriptor = mkstemp(fixture->file);
    assert_true(descriptor >= 0);
    (void)close(descriptor);
    *state = fixture;
    return 0;
}

static int teardown(void **state) {
    struct fixture *fixture = *state;
    (void)unlink(fixture->file);
    arena_free(fixture->arena);
    free(fixture);
    return 0;
}

static void write_file(struct fixture *fixture, const char *text) {
    FILE *out = fopen(fixture->file, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static void collect(void *context, const char *problem) {
    struct fixture *fixture = context;
    size_t used = strlen(fixture->problems);
    (void)snprintf(fixture->problems + used, sizeof fixture->problems - used, "%s\n", problem);
}

static const char *environment(const char *name) {
    return strcmp(name, "PANDU_TURN_BURST") == 0 ? "31" : strcmp(name, "PANDU_DB") == 0 ? "/e/x.db" : NULL;
}
static const char *bad_environment(const char *name) {
    return strcmp(name, "PANDU_RETENTION") == 0 ? "soon" : NULL;
}

static size_t row_named(const char *name) {
    for (size_t i = 0; i < config_row_count(); i++) {
        if (strcmp(config_row_at(i)->name, name) == 0) {
            return i;
        }
    }
    fail_msg("no setting %s", name);
    return 0;
}

static size_t read_all(struct fixture *fixture, int has_file, const char *(*variables)(const char *)) {
    struct config_input input = {
        .file = has_file ? fixture->file : NULL, .flags = fixture->flags, .environment = variables};
    fixture->problems[0] = '\0';
    return config_read(&fixture->config, fixture->sources, &input, fixture->arena, collect, fixture);
}

static void defaults_are_valid(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(read_all(fixture, 0, NULL), 0);
    assert_string_equal(fixture->config.listen, "127.0.0.1:8080");
    assert_string_equal(fixture->config.data, "data");
    assert_int_equal(fixture->config.retention_ms, (int64_t)26 * 7 * 86400 * 1000);
    assert_null(fixture->config.identity_secret);
    assert_int_equal(fixture->config.origins.count, 0);
}

static void stronger_sources_win(void **state) {
    struct fixture *fixture = *state;
    write_file(fixture, "{\"turn_burst\": 7, \"db\": \"f.db\", \"retention\": \"7d\",\n"
                        " \"origins\": [\"https://a.example\", \"https://b.example:8443\"]}");
    fixture->flags[row_named("db")] = "/f/y.db";
    assert_int_equal(read_all(fixture, 1, environment), 0);
    assert_int_equal(fixture->config.turn_burst, 31);
    assert_string_equal(fixture->config.database, "/f/y.db");
    assert_string_equal(fixture->config.data, "/f");
    assert_int_equal(fixture->config.retention_ms, (int64_t)7 * 86400 * 1000);
    assert_int_equal(fixture->config.origins.count, 2);
    assert_string_equal(fixture->config.origins.items[1], "https://b.example:8443");
    assert_int_equal(fixture->sources[row_named("turn_burst")], CONFIG_FROM_ENVIRONMENT);
    assert_int_equal(fixture->sources[row_named("retention")], CONFIG_FROM_FILE);
    assert_int_equal(fixture->sources[row_named("listen")], CONFIG_STANDARD);
    fixture->flags[row_named("origins")] = "https://c.example, *";
    assert_int_equal(read_all(fixture, 1, environment), 0);
    assert_int_equal(fixture->config.origins.count, 2);
    assert_string_equal(fixture->config.origins.items[0], "https://c.example");
}

static void every_mistake_is_reported_with_its_place(void **state) {
    struct fixture *fixture = *state;
    write_file(fixture, "{\n \"turn_bursts\": 7,\n \"turn_burst\": \"many\",\n \"origins\": \"x\",\n"
                        " \"metrics\": \"everybody\",\n \"listen\": 3,\n \"tls_key\": \"k.pem\"\n}");
    fixture->flags[row_named("connections_max")] = "0";
    fixture->flags[row_named("public_url")] = "chat.example.org";
    assert_int_equal(read_all(fixture, 1, bad_environment), 9);
    static const char *const expected[] = {":2: turn_bursts: there is no such setting",
                                           ":3: turn_burst: has to be a whole number",
                                           ":4: origins: has to be an array",
                                           ":5: metrics: \"everybody\" is none of loopback|all|off",
                                           ":6: listen: has to be a text",
                                           "PANDU_RETENTION: \"soon\" is no duration",
                                           "--connections-max: \"0\" is no number",
                                           "tls_certificate and tls_key belong together",
                                           "public_url: \"chat.example.org\" does not"};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        if (strstr(fixture->problems, expected[i]) == NULL) {
            fail_msg("\"%s\" is not among:\n%s", expected[i], fixture->problems);
        }
    }
}

static void broken_files_are_refused(void **state) {
    struct fixture *fixture = *state;
    static const char *const broken[] = {"", "[]", "{\"turn_burst\": 1, \"turn_burst\": 2}", "{\"a\"",
                                         "\xff"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        write_file(fixture, broken[i]);
        assert_int_equal(read_all(fixture, 1, NULL), 1);
        assert_non_null(strstr(fixture->problems, fixture->file));
    }
    (void)unlink(fixture->file);
    assert_int_equal(read_all(fixture, 1, NULL), 1);
}

static void origins_are_origins(void **state) {
    struct fixture *fixture = *state;
    static const char *const wrong[] = {
        "example.org", "https://example.org/", "https://a@example.org", "ftp://example.org", "https://",
        "null"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        fixture->flags[row_named("origins")] = wrong[i];
        assert_int_equal(read_all(fixture, 0, NULL), 1);
    }
}

static void secrets_stay_secret(void **state) {
    struct fixture *fixture = *state;
    write_file(fixture, "{\"identity_secret\": \"0123456789abcdef0123456789abcdef\"}");
    assert_int_equal(chmod(fixture->file, 0644), 0);
    assert_int_equal(read_all(fixture, 1, NULL), 1);
    assert_non_null(strstr(fixture->problems, "chmod 600"));
    assert_int_equal(chmod(fixture->file, 0600), 0);
    assert_int_equal(read_all(fixture, 1, NULL), 0);
    char *printed = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&printed, &length);
    assert_non_null(out);
    assert_int_equal(config_print(&fixture->config, fixture->sources, out), 0);
    assert_int_equal(fclose(out), 0);
    assert_null(strstr(printed, "0123456789"));
    assert_non_null(strstr(printed, "(set)   (file)"));
    free(printed);
    write_file(fixture, "{\"identity_secret\": \"short\"}");
    assert_int_equal(read_all(fixture, 1, NULL), 1);
}

static void everything_is_explained(void **state) {
    (void)state;
    char *printed = NULL, variable[64];
    size_t length = 0;
    FILE *out = open_memstream(&printed, &length);
    assert_non_null(out);
    assert_int_equal(config_print_help(out), 0);
    assert_int_equal(fclose(out), 0);
    for (size_t i = 0; i < config_row_count(); i++) {
        assert_non_null(strstr(printed, config_variable_name(config_row_at(i), variable)));
        assert_non_null(strstr(printed, config_row_at(i)->help));
    }
    assert_null(strstr(printed, "--identity-secret"));
    free(printed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(defaults_are_valid, setup, teardown),
        cmocka_unit_test_setup_teardown(stronger_sources_win, setup, teardown),
        cmocka_unit_test_setup_teardown(every_mistake_is_reported_with_its_place, setup, teardown),
        cmocka_unit_test_setup_teardown(broken_files_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(origins_are_origins, setup, teardown),
        cmocka_unit_test_setup_teardown(secrets_stay_secret, setup, teardown),
        cmocka_unit_test(everything_is_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
