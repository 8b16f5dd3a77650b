/* domain/dialogue: words of the conversation, as they were folded and as they were written. */
#include "domain/dialogue/words.h"
#include "unit/text/text_fixture.h"

static void finds_the_longest(void **state) {
    struct text text = fixture_fold(state, "aku mau tanya dong, want to know");
    assert_string_equal(text.folded, "aku mau tanya dong want to know");
    assert_int_equal(words_at(&text, WORDS_VOCATIVE, 0), 3);
    assert_int_equal(words_at(&text, WORDS_VOCATIVE, 1), 2);
    assert_int_equal(words_at(&text, WORDS_COURTESY, 4), 2);
    assert_int_equal(words_at(&text, WORDS_COURTESY, 6), 0);
    assert_int_equal(words_at(&text, WORDS_COURTESY, 7), 0); /* behind the end */
    assert_int_equal(words_outside(&text, WORDS_COURTESY, 0, text.token_count), 2);
}

static void finds_as_written(void **state) {
    struct text text = fixture_fold(state, "eh Harusnya setuju, bukan yang tadi");
    size_t token = 0, count = 0;
    assert_true(words_find(&text, WORDS_CORRECTION, 0, &token, &count));
    assert_int_equal(token, 1);
    assert_int_equal(words_at(&text, WORDS_CORRECTION, 1), count);
    assert_true(words_has(&text, WORDS_NOT_THAT));
    assert_int_equal(words_at(&text, WORDS_OPENING, 0), 1);
}

/* The end of a sentence is no word of any group, nor is a part of a word. */
static void finds_whole_words_only(void **state) {
    struct text text = fixture_fold(state, "kakaknya. danau?");
    for (size_t i = 0; i < text.token_count; i++) {
        assert_int_equal(words_at(&text, WORDS_AND, i), 0);
        assert_int_equal(words_at(&text, WORDS_VOCATIVE, i),
                         text.tokens[i].length == 5 &&
                             memcmp(text.folded + text.tokens[i].start, "kakak", 5) == 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_longest),
        cmocka_unit_test(finds_as_written),
        cmocka_unit_test(finds_whole_words_only),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
