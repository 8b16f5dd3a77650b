/* domain/text: what folding notes on the way is what a second look would find. */
#include "domain/text/entry.h"
#include "unit/text/text_fixture.h"

enum { LINE_MAX_BYTES = 4096 };

static int open_taught(void **state) {
    static const char *const words[] = {"gaji", "karier", "relawan", "pertanyaan", "lowongan", "sosial"};
    (void)fixture_open(state);
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        lexicon_add_word(fixture->lexicon, 0, words[i], strlen(words[i]), i % 2 == 0);
    }
    return 0;
}

/* Calls check with every message of the labelled examples, each as the first and after either language. */
static size_t for_each_message(void **state,
                               void check(struct fixture *fixture, const char *message, int before)) {
    struct fixture *fixture = *state;
    char line[LINE_MAX_BYTES];
    size_t count = 0;
    FILE *file = fopen(PANDU_SOURCE "/tests/data/examples.tsv", "rb");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\t\n")] = '\0';
        for (int before = TEXT_NO_LANGUAGE; before < 2; before++) {
            arena_reset(fixture->turn);
            check(fixture, line, before);
            count++;
        }
    }
    assert_int_equal(fclose(file), 0);
    return count;
}

/* A question word among the tokens, looked for again. */
static int asks(const struct lexicon *lexicon, const struct text *text, int language) {
    for (size_t i = 0; i < text->token_count; i++) {
        const struct text_token *token = &text->tokens[i];
        const struct lexicon_entry *entry = lexicon_find(lexicon, text->folded + token->start, token->length);
        if (entry != NULL && (entry->question & lexicon_bit(language)) != 0) {
            return 1;
        }
    }
    return strchr(text->raw, '?') != NULL;
}

static void check_question(struct fixture *fixture, const char *message, int before) {
    struct text text;
    text_fold(fixture->lexicon, message, strlen(message), before, fixture->turn, &text);
    int language = text.language != TEXT_NO_LANGUAGE ? text.language : before;
    if (language != TEXT_NO_LANGUAGE) { /* else folding chose one by itself */
        assert_int_equal((text.flags & TEXT_QUESTION) != 0, asks(fixture->lexicon, &text, language));
    }
}

static void questions_are_noticed(void **state) {
    assert_true(for_each_message(state, check_question) > 2000);
}

/* is_right only spares work: without it the same words are corrected in the same way. */
static void check_correction(struct fixture *fixture, const char *message, int before) {
    struct text text, plain, better, plain_better;
    text_fold(fixture->lexicon, message, strlen(message), before, fixture->turn, &text);
    plain = text;
    plain.tokens = arena_array(fixture->turn, text.token_count + 1, sizeof *plain.tokens);
    for (size_t i = 0; i < text.token_count; i++) {
        plain.tokens[i] = text.tokens[i];
        plain.tokens[i].is_right = 0;
    }
    size_t count = text_correct(fixture->lexicon, &text, fixture->turn, &better);
    assert_int_equal(text_correct(fixture->lexicon, &plain, fixture->turn, &plain_better), count);
    assert_string_equal(better.folded, plain_better.folded);
}

static void right_words_stay(void **state) {
    assert_true(for_each_message(state, check_correction) > 2000);
}

static void check_kept(struct fixture *fixture, const char *message, int before) {
    struct text text, kept;
    text_fold(fixture->lexicon, message, strlen(message), before, fixture->turn, &text);
    text_keep(message, strlen(message), fixture->turn, &kept);
    assert_string_equal(kept.raw, text.raw);
    assert_int_equal(kept.raw_length, text.raw_length);
    assert_int_equal(kept.token_count, 0);
    assert_string_equal(kept.folded, "");
}

static void a_kept_text_is_raw(void **state) {
    assert_true(for_each_message(state, check_kept) > 2000);
    check_kept(*state, "nik 3201234567890123 ya", 0);
    check_kept(*state, " \xff\xfe \xe2\x80\x8b", 0);
    check_kept(*state, "", 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(questions_are_noticed, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(right_words_stay, open_taught, fixture_close),
        cmocka_unit_test_setup_teardown(a_kept_text_is_raw, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
