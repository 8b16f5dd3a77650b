/* pandu check: every mistake of a content folder, with its file, line and remedy. Changes nothing. Called by
   main through cli.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "base/err.h"
#include "cli/cli.h"
#include "domain/content/content.h"
#include "json/value.h"

#include "banned.h"

enum { CHECK_CLEAN = 0, CHECK_ERRORS = 1, CHECK_USAGE = 2 };

struct check {
    const char *root, *site, *language;
    int is_json, only_errors;
    size_t errors, warnings;
    struct value *problems; /* for --json */
    int failed;             /* a problem could not be kept or printed */
};

static int is_indonesian(const struct check *check) {
    return strcmp(check->language, "id") == 0;
}

static void print_problem(struct check *check, const struct content_problem *problem) {
    static const char *const words[2][2] = {{"error", "warning"}, {"salah", "peringatan"}};
    const char *word = words[is_indonesian(check)][problem->severity == PROBLEM_WARNING];
    check->failed |= printf("%s:%d:%d: %s[%s] %s: %s. %s: %s\n", problem->file, problem->line,
                            problem->column, word, problem->code, problem->path, problem->text,
                            is_indonesian(check) ? "Perbaikan" : "Remedy", problem->remedy) < 0;
}

static void keep_problem(struct check *check, const struct content_problem *problem) {
    struct value *entry = value_new_object();
    int rc = entry == NULL;
    rc |= value_set_text(entry, "severity", problem->severity == PROBLEM_ERROR ? "error" : "warning");
    rc |= value_set_text(entry, "code", problem->code);
    rc |= value_set_text(entry, "file", problem->file);
    rc |= value_set_int(entry, "line", problem->line);
    rc |= value_set_int(entry, "column", problem->column);
    rc |= value_set_text(entry, "path", problem->path);
    rc |= value_set_text(entry, "text", problem->text);
    rc |= value_set_text(entry, "remedy", problem->remedy);
    rc |= value_add_take(check->problems, entry);
    check->failed |= rc != 0;
}

static void on_problem(void *context, const struct content_problem *problem) {
    struct check *check = context;
    check->errors += problem->severity == PROBLEM_ERROR;
    check->warnings += problem->severity == PROBLEM_WARNING;
    if (check->only_errors && problem->severity == PROBLEM_WARNING) {
        return;
    }
    if (check->is_json) {
        keep_problem(check, problem);
    } else {
        print_problem(check, problem);
    }
}

static void print_json(struct check *check) {
    struct value *out = value_new_object();
    int rc = out == NULL;
    rc |= value_set_take(out, "problems", value_hold(check->problems));
    rc |= value_set_int(out, "errors", (int64_t)check->errors);
    rc |= value_set_int(out, "warnings", (int64_t)check->warnings);
    char *text = rc == 0 ? value_print(out, 0) : NULL;
    check->failed |= text == NULL || puts(text) == EOF;
    free(text);
    value_free(out);
}

static void print_summary(struct check *check) {
    if (check->is_json) {
        print_json(check);
    } else if (is_indonesian(check)) {
        check->failed |= printf("%zu kesalahan, %zu peringatan.\n", check->errors, check->warnings) < 0;
    } else {
        check->failed |= printf("%zu error%s, %zu warning%s.\n", check->errors, check->errors == 1 ? "" : "s",
                                check->warnings, check->warnings == 1 ? "" : "s") < 0;
    }
}

/* Arguments into check; 0, or -1 after saying what is wrong. */
static int read_arguments(struct check *check, int count, char **arguments) {
    for (int i = 1; i < count; i++) {
        const char *argument = arguments[i];
        int has_value = i + 1 < count;
        if (strcmp(argument, "--json") == 0) {
            check->is_json = 1;
        } else if (strcmp(argument, "--errors") == 0) {
            check->only_errors = 1;
        } else if (strcmp(argument, "--site") == 0 && has_value) {
            check->site = arguments[++i];
        } else if (strcmp(argument, "--lang") == 0 && has_value) {
            check->language = arguments[++i];
        } else if (argument[0] != '-' && check->root == NULL) {
            check->root = argument;
        } else {
            (void)fprintf(stderr,
                          "pandu check: %s is no option, or lacks its value (see: pandu help check)\n",
                          argument);
            return -1;
        }
    }
    if (strcmp(check->language, "id") != 0 && strcmp(check->language, "en") != 0) {
        (void)fprintf(stderr, "pandu check: --lang is id or en, not %s\n", check->language);
        return -1;
    }
    return 0;
}

static int check_run(int count, char **arguments) {
    struct check check = {.language = "en", .problems = value_new_array()};
    if (read_arguments(&check, count, arguments) != 0) {
        value_free(check.problems);
        return CHECK_USAGE;
    }
    struct content_load_options options = {check.language, 1, on_problem, &check};
    struct err err = {0};
    const char *root = check.root != NULL ? check.root : app_content_root();
    struct content *content = app_content_load(root, check.site, &options, &err);
    if (err.code != 0) {
        (void)fprintf(stderr, "pandu check: %s\n", err.text);
        value_free(check.problems);
        return CHECK_USAGE;
    }
    print_summary(&check);
    content_free(content);
    value_free(check.problems);
    if (check.failed || fflush(stdout) != 0) {
        (void)fprintf(stderr, "pandu check: the result could not be written\n");
        return CHECK_USAGE;
    }
    return check.errors > 0 ? CHECK_ERRORS : CHECK_CLEAN;
}

const struct cli_verb cli_check = {
    .name = "check",
    .run = check_run,
    .summary = "find every mistake in intents and responses",
    .help = "usage: pandu check [DIR] [--site DIR] [--lang id|en] [--errors] [--json]\n"
            "\n"
            "Reads intents/ and responses/ below DIR (else $PANDU_CONTENT, else the shipped ones), with the "
            "site's "
            "own folder\n"
            "laid over them, and prints every mistake in one run:\n"
            "\n"
            "  file:line:column: error[code] JSON path: what is wrong. Remedy: what to do\n"
            "\n"
            "  --site DIR   the site's own content, laid over by id\n"
            "  --lang id    messages in Indonesian\n"
            "  --errors     leaves the warnings out; the last line still counts them\n"
            "  --json       one JSON object: {\"problems\": [...], \"errors\": n, \"warnings\": n}\n"
            "\n"
            "Exit status: 0 no errors (warnings are allowed), 1 errors, 2 a folder that cannot be read or a "
            "wrong "
            "option.\n"
            "docs/content.md describes the files and lists the codes.\n"};
