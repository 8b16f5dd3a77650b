/* domain/intent: phrases put together from remembered words are what text_fold_phrase makes of them. */
#include "domain/author/author_fold.h"
#include "unit/text/text_fixture.h"

enum { PHRASES = 20000, POOL_MAX = 16384 };

static const char *pool[POOL_MAX];
static size_t pool_count;
static uint64_t seed = 31;

/* xorshift64*: Marsaglia 2003, Vigna 2016. */
static size_t draw(size_t below) {
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return (size_t)((seed * 0x2545F4914F6CDD1Du) >> 33) % below;
}

static void add(const char *word) {
    if (word != NULL && pool_count < POOL_MAX) {
        pool[pool_count++] = word;
    }
}

/* Every text of the lexicon's file, keys included: spellings, standards, context words. */
static void collect(const struct value *value) {
    void *position = NULL;
    const char *key;
    struct value *member;
    if (value_type(value) == VALUE_OBJECT) {
        while (value_next(value, &position, &key, &member)) {
            add(key);
            collect(member);
        }
    } else if (value_type(value) == VALUE_ARRAY) {
        for (size_t i = 0; i < value_count(value); i++) {
            collect(value_at(value, i));
        }
    } else {
        add(value_text(value));
    }
}

static void make_phrase(char *out, size_t size) {
    static const char *const others[] = {"bangeeet", "kerjaan", "dikerjain", "xyz",         "a",      "aaa",
                                         "www",      "hmmm",    "2",         "kata2",       "don't",  ",",
                                         "  ",       "A",       "?",         "caf\xC3\xA9", "e-mail", "10",
                                         "rb",       "ku",      "nya",       "an",          "kan",    "di"};
    static const char *const endings[] = {"", "", "", "", "", "nya", "ku", "in", "kan"};
    size_t words = 1 + draw(5), length = 0;
    for (size_t i = 0; i < words; i++) {
        const char *word =
            draw(9) == 0 ? others[draw(sizeof others / sizeof *others)] : pool[draw(pool_count)];
        length += (size_t)snprintf(out + length, size - length, "%s%s%s", i > 0 ? " " : "", word,
                                   endings[draw(sizeof endings / sizeof *endings)]);
        length = length < size ? length : size - 1;
    }
}

static void same_as_the_phrase(void **state) {
    struct fixture *fixture = *state;
    struct arena *arena = arena_new(0);
    struct author_folds *folds = author_folds_new(arena);
    size_t changed = 0;
    collect(fixture->file);
    for (size_t i = 0; i < PHRASES; i++) {
        char phrase[600];
        int language = (int)draw(lexicon_language_count(fixture->lexicon));
        make_phrase(phrase, sizeof phrase);
        arena_reset(fixture->turn);
        const char *wanted =
            text_fold_phrase(fixture->lexicon, language, phrase, strlen(phrase), fixture->turn);
        const char *got =
            author_folds_get(folds, fixture->lexicon, language, phrase, strlen(phrase), fixture->turn);
        if (strcmp(got, wanted) != 0) {
            fail_msg("\"%s\" (%d): \"%s\", from words \"%s\"", phrase, language, wanted, got);
        }
        assert_ptr_equal(
            author_folds_get(folds, fixture->lexicon, language, phrase, strlen(phrase), fixture->turn), got);
        changed += strcmp(phrase, got) != 0;
    }
    assert_in_range(changed, PHRASES / 4, PHRASES - PHRASES / 20);
    author_folds_close(folds);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_the_phrase),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
