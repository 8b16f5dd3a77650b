/* The development split stays unseen: no even row of the labelled examples stands in intents/, folded like a
   message, so that another spelling of it does not slip in either. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/files.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "domain/content/content.h"
#include "domain/text/text.h"

#include "banned.h"

struct split {
    struct content *content;
    struct arena *arena;
    struct map *even, *odd; /* folded texts */
    int copies;
};

static const char *fold(const struct split *split, const char *text, size_t length) {
    struct text folded;
    text_fold(split->content->lexicon, text, length, TEXT_NO_LANGUAGE, split->arena, &folded);
    size_t end = folded.folded_length;
    while (end > 1 && strchr(".? ", folded.folded[end - 1]) != NULL) {
        end--; /* the end of a sentence makes no other message */
    }
    return arena_copy(split->arena, folded.folded, end);
}

static void read_rows(struct split *split) {
    struct err err = {0};
    size_t length;
    char *bytes = app_read_file(PANDU_SOURCE "/tests/data/examples.tsv", 1 << 24, &length, &err);
    assert_non_null(bytes);
    size_t row = 0;
    for (const char *line = bytes; *line != '\0'; row++) {
        size_t size = strcspn(line, "\n");
        if (row > 0 && size > 0) { /* row 0 is the header */
            const char *text = fold(split, line, strcspn(line, "\t"));
            assert_int_equal(map_set(row % 2 == 0 ? split->even : split->odd, text, split), 0);
        }
        line += size + (line[size] == '\n');
    }
    free(bytes);
    assert_true(map_count(split->even) > 300);
}

/* A short message may fold to the same as an odd row, which anybody may use. */
static void check(struct split *split, const char *text, const char *intent) {
    const char *folded = fold(split, text, strlen(text));
    if (map_get(split->even, folded) != NULL && map_get(split->odd, folded) == NULL) {
        print_error("%s: \"%s\" is a row of the development split\n", intent, text);
        split->copies++;
    }
}

static void test_no_copies(void **state) {
    (void)state;
    struct err err = {0};
    struct content_load_options options = {"en", 0, NULL, NULL};
    struct split split = {app_content_load(PANDU_SOURCE, NULL, &options, &err), arena_new(0), map_new(),
                          map_new(), 0};
    assert_non_null(split.content);
    read_rows(&split);
    for (size_t i = 0; i < split.content->intent_count; i++) {
        const struct content_intent *intent = &split.content->intents[i];
        for (size_t e = 0; e < intent->example_count; e++) {
            check(&split, intent->examples[e], intent->id);
        }
        for (size_t e = 0; e < intent->counter_example_count; e++) {
            check(&split, intent->counter_examples[e], intent->id);
        }
        for (size_t w = 0; w < intent->wording_count; w++) {
            check(&split, intent->wordings[w], intent->id);
        }
        for (size_t p = 0; p < intent->pattern_count; p++) {
            check(&split, intent->patterns[p].written, intent->id);
        }
    }
    assert_int_equal(split.copies, 0);
    map_free(split.even);
    map_free(split.odd);
    arena_free(split.arena);
    content_free(split.content);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_no_copies)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
