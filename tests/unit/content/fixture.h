/* Content from the folder of valid base files (tests/bad/base), with some of its files replaced or added in
 * memory. */
#ifndef PANDU_TESTS_UNIT_CONTENT_FIXTURE_H
#define PANDU_TESTS_UNIT_CONTENT_FIXTURE_H

#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "base/arena.h"
#include "base/err.h"
#include "domain/content/content.h"
#include "domain/content/load.h"
#include "json/value.h"

enum { FIXTURE_FILES = 32, FIXTURE_SEEN = 64 };

struct fixture {
    struct arena *arena;
    struct content_file files[FIXTURE_FILES];
    size_t count;
    char seen[FIXTURE_SEEN][256]; /* "code file:line path" of what was reported */
    size_t seen_count;
};

static inline void fixture_put(struct fixture *fixture, const char *name, const char *text, int layer) {
    size_t at = 0;
    while (at < fixture->count &&
           (fixture->files[at].layer != layer || strcmp(fixture->files[at].name, name) != 0)) {
        at++;
    }
    assert_true(at < FIXTURE_FILES);
    fixture->files[at] =
        (struct content_file){name, name, arena_text(fixture->arena, text), strlen(text), layer};
    fixture->count += at == fixture->count;
}

static inline void fixture_open(struct fixture *fixture) {
    static const char *const names[] = {"intents/normalise.json",    "intents/vocabulary.json",
                                        "intents/facts.json",        "intents/topic.json",
                                        "responses/site.json",       "responses/address.json",
                                        "responses/help_lines.json", "responses/engine.json",
                                        "responses/topic.json",      "responses/dialogues/fit.json"};
    memset(fixture, 0, sizeof *fixture);
    fixture->arena = arena_new(0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct err err = {0};
        size_t length;
        char *bytes =
            app_read_file(arena_format(fixture->arena, "%s/tests/bad/base/%s", PANDU_SOURCE, names[i]),
                          VALUE_FILE_MAX, &length, &err);
        assert_non_null(bytes);
        fixture_put(fixture, names[i], bytes, 0);
        free(bytes);
    }
}

static inline void fixture_report(void *context, const struct content_problem *problem) {
    struct fixture *fixture = context;
    assert_true(fixture->seen_count < FIXTURE_SEEN);
    (void)snprintf(fixture->seen[fixture->seen_count++], sizeof fixture->seen[0], "%s %s:%d %s",
                   problem->code, problem->file, problem->line, problem->path);
}

static inline struct content *fixture_load(struct fixture *fixture, int lint) {
    struct content_load_options options = {"en", lint, fixture_report, fixture};
    fixture->seen_count = 0;
    return content_load(fixture->files, fixture->count, &options);
}

static inline void fixture_close(struct fixture *fixture) {
    arena_free(fixture->arena);
}

#endif
