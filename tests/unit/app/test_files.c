/* Content from disk: which files are read, in which order, and what is said when a folder cannot be read. */
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

#include "app/files.h"
#include "base/arena.h"
#include "base/err.h"
#include "domain/content/content.h"

#include "banned.h"

#define BASE PANDU_SOURCE "/tests/bad/base"

struct folder {
    char root[128];
    char problems[4096];
};

static int setup(void **state) {
    struct folder *folder = calloc(1, sizeof *folder);
    (void)snprintf(folder->root, sizeof folder->root, "%s/test_files_XXXXXX", PANDU_BUILD);
    assert_non_null(mkdtemp(folder->root));
    *state = folder;
    return 0;
}

static void put(const struct folder *folder, const char *name, const char *text) {
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder->root, name);
    for (char *slash = strchr(path + strlen(folder->root) + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, 0700);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* Removes what put made; the deepest first. */
static int teardown(void **state) {
    static const char *const names[] = {"site.json",         "intents/b.json",
                                        "intents/a.json",    "intents/.hidden.json",
                                        "intents/notes.txt", "responses/dialogues/d.json",
                                        "intents",           "responses/dialogues",
                                        "responses",         ""};
    struct folder *folder = *state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[512];
        (void)snprintf(path, sizeof path, "%s/%s", folder->root, names[i]);
        (void)remove(path);
    }
    free(folder);
    return 0;
}

static void on_problem(void *context, const struct content_problem *problem) {
    struct folder *folder = context;
    size_t used = strlen(folder->problems);
    const char *name = strstr(problem->file, folder->root) == problem->file
                           ? problem->file + strlen(folder->root)
                           : problem->file;
    (void)snprintf(folder->problems + used, sizeof folder->problems - used, "%s %s;", problem->code, name);
}

static struct content *load(struct folder *folder, const char *root, const char *site, struct err *err) {
    struct content_load_options options = {"en", 0, on_problem, folder};
    folder->problems[0] = '\0';
    return app_content_load(root, site, &options, err);
}

static void test_base(void **state) {
    struct err err = {0};
    struct content *content = load(*state, BASE, NULL, &err);
    assert_non_null(content);
    assert_int_equal(err.code, 0);
    assert_int_equal(content->intent_count, 3);
    assert_int_equal(content->dialogue_count, 1);
    content_free(content);
}

/* The site's folder needs none of the usual folders; its site.json may stand at the top. */
static void test_site(void **state) {
    struct folder *folder = *state;
    struct err err = {0};
    put(folder, "site.json", "{\"bot_name\": \"Bina\"}");
    struct content *content = load(folder, BASE, folder->root, &err);
    assert_non_null(content);
    assert_string_equal(content->site.bot_name, "Bina");
    content_free(content);
}

/* Only *.json, not hidden, by name; folders in a fixed order. */
static void test_order(void **state) {
    struct folder *folder = *state;
    struct err err = {0};
    put(folder, "responses/dialogues/d.json", "{");
    put(folder, "intents/b.json", "{");
    put(folder, "intents/a.json", "{");
    put(folder, "intents/.hidden.json", "{");
    put(folder, "intents/notes.txt", "{");
    assert_null(load(folder, folder->root, NULL, &err));
    assert_int_equal(err.code, 0); /* the folder could be read: what is wrong was reported */
    assert_string_equal(folder->problems,
                        "file_missing intents/normalise.json;json_syntax /intents/a.json;"
                        "json_syntax /intents/b.json;json_syntax /responses/dialogues/d.json;");
}

static void test_unreadable(void **state) {
    struct folder *folder = *state;
    struct err err = {0};
    assert_null(load(folder, "/nowhere/at/all", NULL, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_non_null(strstr(err.text, "/nowhere/at/all"));
    err_clear(&err);
    assert_null(load(folder, folder->root, NULL, &err)); /* an empty folder */
    assert_int_equal(err.code, ERR_NOT_FOUND);
    err_clear(&err);
    assert_null(load(folder, BASE, "/nowhere/site", &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_string_equal(folder->problems, "");
}

static void test_read_file(void **state) {
    struct folder *folder = *state;
    struct err err = {0};
    size_t length;
    char path[512];
    put(folder, "site.json", "hello");
    (void)snprintf(path, sizeof path, "%s/site.json", folder->root);
    char *bytes = app_read_file(path, 5, &length, &err);
    assert_non_null(bytes);
    assert_int_equal(length, 5);
    assert_string_equal(bytes, "hello");
    free(bytes);
    assert_null(app_read_file(path, 4, &length, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    err_clear(&err);
    assert_null(app_read_file(folder->root, 100, &length, &err));
    assert_int_equal(err.code, ERR_IO);
    err_clear(&err);
    assert_null(app_read_file("/nowhere/at/all", 100, &length, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void test_root(void **state) {
    (void)state;
    assert_int_equal(setenv("PANDU_CONTENT", "/somewhere", 1), 0);
    assert_string_equal(app_content_root(), "/somewhere");
    assert_int_equal(unsetenv("PANDU_CONTENT"), 0);
    const char *root = app_content_root(); /* tests run in the source tree, the last resort */
    char probe[600];
    (void)snprintf(probe, sizeof probe, "%s/intents", root);
    assert_int_equal(access(probe, F_OK), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(test_base),       CASE(test_site),      CASE(test_order),
        CASE(test_unreadable), CASE(test_read_file), cmocka_unit_test(test_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
