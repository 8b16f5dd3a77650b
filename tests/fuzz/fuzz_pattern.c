/* Fuzzing: an expression and a text, both from the input, through the prefilter and through PCRE2 alone. What
   they find must be the same. First byte: flags; then the expression up to a NUL byte, then the text. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "domain/pattern/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { EXPRESSION_MAX = 200, TEXT_MAX = 1200, STEPS = 500, RUNS = 10 };

static void complain(const char *expression, size_t length, const char *text, size_t text_length) {
    fprintf(stderr, "expression /%.*s/\ntext \"%.*s\"\n", (int)length, expression, (int)text_length, text);
    abort();
}

static int is_same(const struct pattern_hit *a, const struct pattern_hit *b) {
    int same =
        a->span.start == b->span.start && a->span.end == b->span.end && a->capture_count == b->capture_count;
    for (size_t i = 0; same && i < a->capture_count; i++) {
        same = a->captures[i].start == b->captures[i].start && a->captures[i].end == b->captures[i].end;
    }
    return same;
}

/* A pattern that PCRE2 gives up on proves nothing. Ten runs, so that just-in-time code is tried too. */
static void compare(const struct pattern_set *set, const char *expression, size_t length, const char *text,
                    size_t text_length) {
    struct pattern_scratch *scratch = pattern_scratch_new(set);
    struct pattern_hit hit, expected;
    if (scratch == NULL) {
        abort();
    }
    int result = pattern_match_one(set, scratch, 0, text, text_length, &expected);
    for (int run = 0; run < RUNS && result >= 0; run++) {
        int found = pattern_match_first(set, scratch, text, text_length, &hit);
        if (found != result || (found && !is_same(&hit, &expected))) {
            complain(expression, length, text, text_length);
        }
    }
    pattern_scratch_free(scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const uint8_t *end = size > 1 ? memchr(data + 1, '\0', size - 1) : NULL;
    if (end == NULL || end - data > EXPRESSION_MAX || size - (size_t)(end - data) > TEXT_MAX) {
        return 0;
    }
    const char *expression = (const char *)data + 1, *text = (const char *)end + 1;
    size_t length = (size_t)(end - data) - 1, text_length = size - (size_t)(end - data) - 1;
    struct pattern_set *set = pattern_set_new();
    if (set == NULL) {
        abort();
    }
    pattern_set_limit(set, STEPS);
    if (u8_valid(text, text_length) &&
        pattern_add(set, expression, length, (data[0] & 1) != 0 ? PATTERN_PLAIN : 0, NULL) == 0 &&
        pattern_set_seal(set, NULL) == 0) {
        compare(set, expression, length, text, text_length);
    }
    pattern_set_free(set);
    return 0;
}
