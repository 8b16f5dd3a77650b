/* Files of cases: parsed, checked against bot/schema/case.json, cut into conversations. Never plays them.
   Called by test.c. */
#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "base/arena.h"
#include "base/err.h"
#include "cli/test.h"
#include "domain/content/schema.h"
#include "json/value.h"

#include "banned.h"

int test_file_line(const struct test_file *file, const char *path) {
    int line = 0, column = 0;
    return value_locate(file->bytes, file->length, path, &line, &column) == 0 ? line : 0;
}

/* ---- mistakes ---- */

struct check {
    const struct test_file *file;
    struct buf *mistakes;
    size_t count;
};

static void mistake(struct check *check, const char *path, const char *what, const char *detail) {
    check->count++;
    buf_add_format(check->mistakes, "%s:%d: %s: %s%s\n", check->file->path, test_file_line(check->file, path),
                   path, what, detail);
}

static void on_mistake(void *context, enum schema_mistake kind, const char *path, const char *detail) {
    static const char *const words[] = {
        [SCHEMA_TYPE] = "must be of type ",        [SCHEMA_REQUIRED] = "lacks ",
        [SCHEMA_UNKNOWN] = "has the unknown key ", [SCHEMA_ENUM] = "must be one of ",
        [SCHEMA_EMPTY] = "needs at least ",        [SCHEMA_RANGE] = "must be within ",
    };
    mistake(context, path, words[kind], detail);
}

static int check_schema(struct check *check, struct arena *arena) {
    const struct schema_file *file = schema_find("case.json");
    struct value *schema = file != NULL ? value_parse(file->bytes, file->length, NULL) : NULL;
    if (schema == NULL) {
        mistake(check, "$", "the schema of cases is missing from this program", "");
        return -1;
    }
    schema_check(schema, check->file->root, arena, on_mistake, check);
    value_free(schema);
    return check->count == 0 ? 0 : -1;
}

/* A turn does exactly one thing, and only what says something can be expected to bring something. */
static void check_turn(struct check *check, const struct value *turn, const char *path) {
    static const char *const actions[] = {"user", "press", "again",   "resend",
                                          "open", "wait",  "restart", "upgrade"};
    enum { SILENT = 5 };
    size_t count = 0, silent = 0, others = 0;
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        size_t is_there = value_get(turn, actions[i]) != NULL;
        count += is_there;
        silent += i >= SILENT && is_there;
    }
    others = value_count(turn) - count - (value_get(turn, "note") != NULL);
    if (count != 1) {
        mistake(check, path, "must do one thing: user, press, again, resend, open, wait, restart or upgrade",
                "");
    } else if (silent > 0 && others > 0) {
        mistake(check, path, "nothing is said then, so nothing can be expected", "");
    }
}

static void check_turns(struct check *check, const struct value *turns, const char *path,
                        struct arena *arena) {
    for (size_t i = 0; i < value_count(turns); i++) {
        check_turn(check, value_at(turns, i), arena_format(arena, "%s.turns[%zu]", path, i));
    }
}

static int check_shape(struct check *check, struct arena *arena) {
    const struct value *root = check->file->root, *tests = value_get(root, "tests");
    if ((tests != NULL) == (value_get(root, "turns") != NULL)) {
        mistake(check, "$", "needs either tests (a list) or test and turns", "");
    } else if (tests == NULL && value_get(root, "test") == NULL) {
        mistake(check, "$", "needs a name: test", "");
    } else if (tests != NULL && (value_get(root, "test") != NULL || value_get(root, "end") != NULL)) {
        mistake(check, "$", "has tests: test and end belong into them", "");
    }
    check_turns(check, value_get(root, "turns"), "$", arena);
    for (size_t i = 0; i < value_count(tests); i++) {
        check_turns(check, value_get(value_at(tests, i), "turns"), arena_format(arena, "$.tests[%zu]", i),
                    arena);
    }
    return check->count == 0 ? 0 : -1;
}

/* ---- opening ---- */

int test_file_open(struct test_file *file, const char *path, struct buf *mistakes) {
    struct err err = {0};
    *file = (struct test_file){.path = path};
    file->bytes = app_read_file(path, VALUE_FILE_MAX, &file->length, &err);
    file->root = file->bytes != NULL ? value_parse(file->bytes, file->length, &err) : NULL;
    if (file->root == NULL) {
        buf_add_format(mistakes, "%s:%d: %s\n", path, err.line, err.text);
        return -1;
    }
    struct arena *arena = arena_new(0);
    struct check check = {file, mistakes, 0};
    int rc = arena == NULL ? -1 : check_schema(&check, arena);
    rc = rc == 0 ? check_shape(&check, arena) : rc;
    arena_free(arena);
    return rc;
}

void test_file_close(struct test_file *file) {
    value_free(file->root);
    free(file->bytes);
    *file = (struct test_file){0};
}

/* ---- conversations ---- */

size_t test_case_count(const struct test_file *file) {
    const struct value *tests = value_get(file->root, "tests");
    return tests != NULL ? value_count(tests) : 1;
}

void test_case_at(const struct test_file *file, size_t index, struct arena *arena, struct test_case *out) {
    const struct value *tests = value_get(file->root, "tests");
    *out = (struct test_case){.file = file, .path = "$", .object = file->root};
    if (tests != NULL) {
        out->path = arena_format(arena, "$.tests[%zu]", index);
        out->object = value_at(tests, index);
        out->shared = value_get(file->root, "given");
    }
    out->given = value_get(out->object, "given");
    out->name = value_get_text(out->object, "test");
}

const struct value *test_given(const struct test_case *test, const char *key) {
    const struct value *own = value_get(test->given, key);
    return own != NULL ? own : value_get(test->shared, key);
}
