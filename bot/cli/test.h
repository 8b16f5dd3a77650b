/* What the files of `pandu test` share. */
#ifndef PANDU_CLI_TEST_H
#define PANDU_CLI_TEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct app_reply;
struct arena;
struct content;
struct coverage;
struct ways;
struct actions;
struct err;
struct value;

enum { TEST_PASSED = 0, TEST_FAILED = 1, TEST_USAGE = 2 };

struct test_options {
    const char *language, *content, *site, *junit, *minimum;
    int covers, ways;
};

/* ---- test_file.c: one file of cases, parsed and checked ---- */
struct test_file {
    const char *path;
    char *bytes;
    size_t length;
    struct value *root;
};
/* 0, or -1 after adding every mistake (file:line: what) to mistakes. */
int test_file_open(struct test_file *file, const char *path, struct buf *mistakes);
void test_file_close(struct test_file *file);
int test_file_line(const struct test_file *file, const char *path); /* of a JSON path; 0 unknown */

/* One conversation of a file. */
struct test_case {
    const struct test_file *file;
    const char *name, *path;                     /* path: JSON path of the conversation */
    const struct value *object, *given, *shared; /* shared: given of the file, or NULL */
};
size_t test_case_count(const struct test_file *file);
void test_case_at(const struct test_file *file, size_t index, struct arena *arena, struct test_case *out);
const struct value *test_given(const struct test_case *test, const char *key); /* own, else the file's */

/* ---- test_content.c: bundles, loaded once each ---- */
struct bundles;
struct bundles *bundles_new(const char *root, const char *site); /* NULL: no memory */
void bundles_free(struct bundles *bundles);
/* The bundle of a whole folder (NULL: the usual one) with an overlay folder (may be NULL) and site settings
   (may be NULL) over it. Owned by bundles; NULL with *err. */
struct content *bundles_get(struct bundles *bundles, const char *root, const char *overlay,
                            const struct value *site, struct err *err);
int bundle_is_whole(const char *folder); /* 1 if folder is content by itself, 0 if it is an overlay */

/* ---- test_expect.c: what a turn must have brought ---- */
struct expectation {
    const struct test_file *file;
    const struct value *object; /* the turn, or "end" */
    const char *path;
    const struct content *content;
    const struct app_reply *reply; /* NULL: nothing was said */
    const struct value *inspected; /* answers and slots; NULL: unknown */
    struct arena *arena;
    struct buf *report; /* "  file:line key: expected ..., came ..." */
    size_t missed;
};
/* Checks every key of the object; returns how many expectations were missed. */
size_t test_expect(struct expectation *expectation);
/* Length and open placeholders of every message. */
size_t test_expect_sound(struct expectation *expectation, int may_have_braces);

/* ---- test_play.c ---- */
struct test_result {
    char *file, *name;
    int line;
    int64_t elapsed_ms;
    size_t turns;
    struct buf report; /* empty: passed */
};
struct test_world {
    struct bundles *bundles;
    struct coverage *coverage; /* NULL: not asked for */
    struct ways *ways;         /* NULL: not asked for */
    const char *language;
};
/* Plays one conversation; result->report tells what failed. */
void test_play(const struct test_world *world, const struct test_case *test, struct test_result *result);

/* ---- test_coverage.c ---- */
struct coverage *coverage_new(const struct content *content); /* borrows content; NULL: no memory */
void coverage_free(struct coverage *coverage);
void coverage_add(struct coverage *coverage, const struct app_reply *reply);
/* Adds what was never reached to out; returns the percentage reached, 100 without dialogues. */
double coverage_report(const struct coverage *coverage, struct buf *out);

/* ---- test_ways.c ---- */
struct ways *ways_new(const struct content *content); /* borrows content; NULL: no memory */
void ways_free(struct ways *ways);
/* before: dialogue that ran before the turn, or NULL; away_ms: since the turn before. ways may be NULL. */
void ways_add(struct ways *ways, const struct actions *actions, const char *before, int64_t away_ms);
/* Adds the ways nobody went to out; returns how many. */
size_t ways_report(const struct ways *ways, struct buf *out);

/* ---- test_report.c ---- */
/* 0, or -1 after saying why. */
int test_write_junit(const char *path, const struct test_result *results, size_t count);

#endif
