/* Broken content: every folder beside this file is a copy of base/ with something laid over it, and
   expected.json says exactly which mistakes that has. Together they show every mistake that `pandu check`
   knows. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "app/files.h"
#include "base/arena.h"
#include "base/err.h"
#include "domain/content/content.h"
#include "domain/content/load.h"
#include "domain/content/problem.h"
#include "json/value.h"

#include "banned.h"

enum { FILES_MAX = 100, PROBLEMS_MAX = 100 };

struct files {
    struct arena *arena;
    struct content_file list[FILES_MAX];
    size_t count;
};

/* One mistake as it was reported or is expected. */
struct seen {
    const char *code, *severity, *file, *path, *text, *remedy;
    int line;
};
struct report {
    struct arena *arena;
    struct seen list[PROBLEMS_MAX];
    size_t count;
};

static const char *root(struct arena *arena, const char *name) {
    return arena_format(arena, "%s/tests/bad/%s", PANDU_SOURCE, name);
}

/* Adds a file, or puts it in the place of one of the same name and layer. */
static void put(struct files *files, const char *folder, const char *name, int layer) {
    size_t length;
    struct err err = {0};
    char *bytes =
        app_read_file(arena_format(files->arena, "%s/%s", folder, name), VALUE_FILE_MAX, &length, &err);
    assert_non_null(bytes);
    size_t at = 0;
    while (at < files->count && (files->list[at].layer != layer || strcmp(files->list[at].name, name) != 0)) {
        at++;
    }
    assert_true(at < FILES_MAX);
    const char *shown =
        layer > 0 ? arena_format(files->arena, "site/%s", name) : arena_text(files->arena, name);
    files->list[at] = (struct content_file){arena_text(files->arena, name), shown,
                                            arena_copy(files->arena, bytes, length), length, layer};
    files->count += at == files->count;
    free(bytes);
}

static int is_file(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

/* All files below folder/below, in order; expected.json and the overlay stay out. */
static void put_all(struct files *files, const char *folder, const char *below, int layer) {
    struct dirent **entries;
    int count = scandir(arena_format(files->arena, "%s/%s", folder, below), &entries, is_file, alphasort);
    for (int i = 0; i < count; i++) {
        const char *name = *below != '\0' ? arena_format(files->arena, "%s/%s", below, entries[i]->d_name)
                                          : arena_text(files->arena, entries[i]->d_name);
        struct stat about;
        assert_int_equal(stat(arena_format(files->arena, "%s/%s", folder, name), &about), 0);
        if (S_ISDIR(about.st_mode) && strcmp(name, "site") != 0) {
            put_all(files, folder, name, layer);
        } else if (S_ISREG(about.st_mode) && strcmp(name, "expected.json") != 0) {
            put(files, folder, name, layer);
        }
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
}

static void take_out(struct files *files, const char *name) {
    for (size_t i = 0; i < files->count; i++) {
        if (strcmp(files->list[i].name, name) == 0) {
            memmove(&files->list[i], &files->list[i + 1], (files->count - i - 1) * sizeof *files->list);
            files->count--;
            return;
        }
    }
    fail_msg("%s is not in base", name);
}

/* The order in which folders are read: intents, responses, dialogues; the overlay's site.json before its
 * folders. */
static int folder_rank(const char *name) {
    static const char *const folders[] = {"intents/", "responses/dialogues/", "responses/"};
    static const int ranks[] = {1, 3, 2};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        if (strncmp(name, folders[i], strlen(folders[i])) == 0) {
            return ranks[i];
        }
    }
    return 0;
}

static int by_name(const void *left, const void *right) {
    const struct content_file *a = left, *b = right;
    if (a->layer != b->layer) {
        return a->layer - b->layer;
    }
    int rank = folder_rank(a->name) - folder_rank(b->name);
    return rank != 0 ? rank : strcmp(a->name, b->name);
}

static void on_problem(void *context, const struct content_problem *problem) {
    struct report *report = context;
    assert_true(report->count < PROBLEMS_MAX);
    report->list[report->count++] = (struct seen){
        .code = arena_text(report->arena, problem->code),
        .severity = problem->severity == PROBLEM_ERROR ? "error" : "warning",
        .file = arena_text(report->arena, problem->file),
        .path = arena_text(report->arena, problem->path),
        .text = arena_text(report->arena, problem->text),
        .remedy = arena_text(report->arena, problem->remedy),
        .line = problem->line,
    };
}

static void load(const struct files *files, const char *language, struct report *report) {
    struct content_load_options options = {language, 1, on_problem, report};
    struct content *content = content_load(files->list, files->count, &options);
    size_t errors = 0;
    for (size_t i = 0; i < report->count; i++) {
        errors += strcmp(report->list[i].severity, "error") == 0;
    }
    assert_int_equal(content == NULL, errors > 0); /* all or nothing */
    content_free(content);
}

static int is_expected(const struct seen *seen, const struct value *expected) {
    const char *code = value_get_text(expected, "code"), *severity = value_get_text(expected, "severity");
    const char *file = value_get_text(expected, "file"), *path = value_get_text(expected, "path");
    return code != NULL && severity != NULL && file != NULL && path != NULL &&
           strcmp(seen->code, code) == 0 && strcmp(seen->severity, severity) == 0 &&
           strcmp(seen->file, file) == 0 && strcmp(seen->path, path) == 0 &&
           seen->line == (int)value_int(value_get(expected, "line"), -1);
}

/* Exactly the expected mistakes, in their order. Returns the number of differences and prints them. */
static int compare(const char *name, const struct report *report, const struct value *expected) {
    int differences = report->count != value_count(expected);
    for (size_t i = 0; i < report->count; i++) {
        const struct seen *seen = &report->list[i];
        if (!is_expected(seen, value_at(expected, i))) {
            differences++;
            print_error("%s: not expected in place %zu: %s[%s] %s:%d %s: %s\n", name, i, seen->severity,
                        seen->code, seen->file, seen->line, seen->path, seen->text);
        }
    }
    if (report->count < value_count(expected)) {
        print_error("%s: only %zu of %zu mistakes were found\n", name, report->count, value_count(expected));
    }
    return differences;
}

/* Both languages find the same and say it in words of their own, with every blank filled in. */
static int compare_languages(const char *name, const struct report *english,
                             const struct report *indonesian) {
    int differences = english->count != indonesian->count;
    for (size_t i = 0; differences == 0 && i < english->count; i++) {
        const struct seen *a = &english->list[i], *b = &indonesian->list[i];
        int is_bad = strcmp(a->code, b->code) != 0 || *a->text == '\0' || *b->text == '\0' ||
                     *a->remedy == '\0' || *b->remedy == '\0' || strcmp(a->text, b->text) == 0 ||
                     strcmp(a->remedy, b->remedy) == 0 || strstr(a->text, "{1}") != NULL ||
                     strstr(b->text, "{1}") != NULL;
        if (is_bad) {
            differences++;
            print_error("%s: %s\n  en: %s (%s)\n  id: %s (%s)\n", name, a->code, a->text, a->remedy, b->text,
                        b->remedy);
        }
    }
    return differences;
}

static void read_case(struct files *files, const char *name, struct value **expected) {
    struct arena *arena = files->arena;
    struct err err = {0};
    size_t length;
    char *bytes = app_read_file(arena_format(arena, "%s/expected.json", root(arena, name)), VALUE_FILE_MAX,
                                &length, &err);
    assert_non_null(bytes);
    *expected = value_parse(bytes, length, &err);
    assert_non_null(*expected);
    free(bytes);
    put_all(files, root(arena, "base"), "", 0);
    put_all(files, root(arena, name), "", 0);
    const char *site = arena_format(arena, "%s/site", root(arena, name));
    put_all(files, site, "", 1);
    const struct value *removed = value_get(*expected, "remove");
    for (size_t i = 0; i < value_count(removed); i++) {
        take_out(files, value_text(value_at(removed, i)));
    }
    qsort(files->list, files->count, sizeof *files->list, by_name);
}

static void count_codes(const struct report *report, int shown[PROBLEM_COUNT]) {
    for (size_t i = 0; i < report->count; i++) {
        for (int code = 0; code < PROBLEM_COUNT; code++) {
            shown[code] += strcmp(problem_kind((enum problem_code)code)->code, report->list[i].code) == 0;
        }
    }
}

static int run_case(const char *name, int shown[PROBLEM_COUNT]) {
    struct arena *arena = arena_new(0);
    struct files *files = arena_alloc(arena, sizeof *files);
    struct report *english = arena_alloc(arena, sizeof *english),
                  *indonesian = arena_alloc(arena, sizeof *indonesian);
    struct value *expected;
    files->arena = english->arena = indonesian->arena = arena;
    read_case(files, name, &expected);
    load(files, "en", english);
    load(files, "id", indonesian);
    int differences = compare(name, english, value_get(expected, "problems"));
    differences += compare_languages(name, english, indonesian);
    count_codes(english, shown);
    value_free(expected);
    arena_free(arena);
    return differences;
}

static int is_case(const struct dirent *entry) {
    struct arena *arena = arena_new(0);
    struct stat about;
    int is_folder = stat(root(arena, entry->d_name), &about) == 0 && S_ISDIR(about.st_mode);
    arena_free(arena);
    return entry->d_name[0] != '.' && strcmp(entry->d_name, "base") != 0 && is_folder;
}

static void test_every_case(void **state) {
    (void)state;
    struct dirent **entries;
    int shown[PROBLEM_COUNT] = {0}, differences = 0;
    int count = scandir(PANDU_SOURCE "/tests/bad", &entries, is_case, alphasort);
    assert_true(count > 80);
    for (int i = 0; i < count; i++) {
        differences += run_case(entries[i]->d_name, shown);
        free(entries[i]);
    }
    free(entries);
    for (int code = 0; code < PROBLEM_COUNT; code++) {
        if (shown[code] == 0 && code != PROBLEM_out_of_memory) { /* which no file can cause */
            print_error("no case shows %s\n", problem_kind((enum problem_code)code)->code);
            differences++;
        }
    }
    assert_int_equal(differences, 0);
}

/* Authors look a code up: the list in the documents is complete. */
static void test_documented(void **state) {
    (void)state;
    struct err err = {0};
    size_t length;
    char *text = app_read_file(PANDU_SOURCE "/docs/content.md", VALUE_FILE_MAX, &length, &err);
    assert_non_null(text);
    for (int code = 0; code < PROBLEM_COUNT; code++) {
        char wanted[80];
        (void)snprintf(wanted, sizeof wanted, "`%s`", problem_kind((enum problem_code)code)->code);
        if (strstr(text, wanted) == NULL) {
            print_error("docs/content.md does not list %s\n", wanted);
            free(text);
            fail();
        }
    }
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_case), cmocka_unit_test(test_documented)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
