/* Deciding briefly, as the engine does, against deciding with everything: the same outcome and the same
   intent, on every labelled message and the shipped content, alone and as part of others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "cli/understand.h"
#include "domain/content/content.h"

enum { LINE_MAX_BYTES = 1024 };

struct counted {
    size_t messages, spared;
};

static void compare(struct understand *understand, const char *message, struct counted *counted) {
    const struct intent_context nothing = {NULL, NULL, NULL};
    struct intent_decision brief, whole, pattern;
    struct text text;
    arena_reset(understand->arena);
    text_fold(understand->content->lexicon, message, strlen(message), TEXT_NO_LANGUAGE, understand->arena,
              &text);
    intent_decide_briefly(understand->content, understand->scratch, &text, &nothing, understand->arena,
                          &brief);
    intent_decide(understand->content, understand->scratch, &text, &nothing, understand->arena, &whole);
    intent_decide_by_pattern(understand->content, understand->scratch, &text, &nothing, understand->arena,
                             &pattern);
    assert_int_equal(brief.outcome, whole.outcome);
    assert_int_equal(brief.is_doubtful, whole.is_doubtful);
    assert_int_equal(brief.candidate_count, whole.candidate_count);
    if (whole.outcome == INTENT_ANSWER) {
        assert_int_equal(brief.intent, whole.intent);
        assert_int_equal(brief.by_similarity, whole.by_similarity);
        assert_int_equal(pattern.outcome, whole.by_similarity ? INTENT_NONE : INTENT_ANSWER);
    } else {
        assert_int_equal(brief.suggestion_count, whole.suggestion_count);
    }
    counted->messages++;
    counted->spared += whole.nearest_count > 0 && brief.nearest_count == 0;
}

static void brief_is_whole(void **state) {
    char line[LINE_MAX_BYTES], before[LINE_MAX_BYTES] = "", both[2 * LINE_MAX_BYTES];
    struct understand understand;
    struct counted counted = {0, 0};
    (void)state;
    assert_int_equal(understand_open(&understand, PANDU_SOURCE, NULL, NULL), 0);
    FILE *file = fopen(PANDU_SOURCE "/tests/data/examples.tsv", "rb");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\t\n")] = '\0';
        compare(&understand, line, &counted);
        (void)snprintf(both, sizeof both, "%s %s", before, line);
        compare(&understand, both, &counted);
        memcpy(before, line, sizeof before);
    }
    assert_int_equal(fclose(file), 0);
    understand_close(&understand);
    assert_true(counted.messages > 1400);
    assert_true(counted.spared > counted.messages / 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(brief_is_whole)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
