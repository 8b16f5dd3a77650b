/* The shipped lexicon and short-lived arenas for the tests of domain/text. */
#ifndef PANDU_TESTS_TEXT_FIXTURE_H
#define PANDU_TESTS_TEXT_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "domain/text/lexicon.h"
#include "domain/text/text.h"
#include "json/value.h"

struct fixture {
    struct arena *load, *turn;
    struct lexicon *lexicon;
    struct value *file;
};

static inline void fixture_complain(void *context, const char *path, const char *text) {
    (void)context;
    print_message("%s: %s\n", path, text);
}

static inline char *fixture_read(const char *path, size_t *length) {
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    size_t capacity = 4 * 1024 * 1024;
    char *bytes = malloc(capacity);
    assert_non_null(bytes);
    *length = fread(bytes, 1, capacity, stream);
    assert_int_equal(fclose(stream), 0);
    return bytes;
}

static inline int fixture_open(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    size_t length;
    char *bytes = fixture_read(PANDU_SOURCE "/intents/normalise.json", &length);
    fixture->file = value_parse(bytes, length, NULL);
    free(bytes);
    assert_non_null(fixture->file);
    fixture->load = arena_new(0);
    fixture->turn = arena_new(0);
    const struct value *files[] = {fixture->file};
    fixture->lexicon = lexicon_new(files, 1, fixture->load, fixture_complain, NULL);
    assert_non_null(fixture->lexicon);
    *state = fixture;
    return 0;
}

static inline int fixture_close(void **state) {
    struct fixture *fixture = *state;
    arena_free(fixture->load);
    arena_free(fixture->turn);
    value_free(fixture->file);
    free(fixture);
    return 0;
}

/* Folds a message and gives what lives in the fixture's turn arena; earlier results are dead. */
static inline struct text fixture_fold(void **state, const char *message) {
    struct fixture *fixture = *state;
    arena_reset(fixture->turn);
    struct text text;
    text_fold(fixture->lexicon, message, strlen(message), TEXT_NO_LANGUAGE, fixture->turn, &text);
    return text;
}

#endif
