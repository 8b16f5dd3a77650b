/* domain/text: what holds for every message, tried on generated ones. The seed is fixed: a failure repeats.
 */
#include "base/utf8.h"
#include "unit/text/text_fixture.h"

enum { MESSAGES = 5000, WORDS_MAX = 12, POOL_MAX = 16384 };

struct generator {
    uint64_t seed;
    const char *words[POOL_MAX];
    size_t count;
};

/* xorshift64*: Marsaglia 2003, Vigna 2016. */
static size_t draw(struct generator *generator, size_t below) {
    generator->seed ^= generator->seed >> 12;
    generator->seed ^= generator->seed << 25;
    generator->seed ^= generator->seed >> 27;
    return (size_t)((generator->seed * 0x2545F4914F6CDD1Du) >> 33) % below;
}

static void add_pool(struct generator *generator, const struct value *list) {
    void *position = NULL;
    const char *key;
    struct value *member;
    if (value_type(list) == VALUE_OBJECT) {
        while (value_next(list, &position, &key, &member) && generator->count < POOL_MAX) {
            generator->words[generator->count++] = key;
        }
        return;
    }
    for (size_t i = 0; i < value_count(list) && generator->count < POOL_MAX; i++) {
        const struct value *item = value_at(list, i);
        const char *word = value_text(item) != NULL ? value_text(item) : value_get_text(item, "form");
        generator->words[generator->count++] = word;
    }
}

static void add_language(struct generator *generator, const struct value *language) {
    static const char *const members[] = {"forms", "markers", "ambiguous", "ambiguous", "known"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        add_pool(generator, value_get(language, members[i]));
    }
}

static void add_oddities(struct generator *generator) {
    static const char *const odd[] = {"2",  "10",     "17thn", "5k",          "kata2",  "?",
                                      ".",  "!",      "..",    "\n",          "a@b.co", "2.0",
                                      "<3", "\u00E9", "xyz",   "08123456789", "y",      "don't"};
    for (int weight = 0; weight < 20; weight++) { /* few, so drawn often */
        for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
            generator->words[generator->count++] = odd[i];
        }
    }
}

/* Adds a word, sometimes stretched, shouted or with a suffix. */
static void add_word(struct generator *generator, char *message, size_t size) {
    static const char *const endings[] = {"", "", "", "", "nya", "ku", "mu", "in", "kah"};
    const char *word = generator->words[draw(generator, generator->count)];
    size_t used = strlen(message), stretch = draw(generator, 5);
    int upper = draw(generator, 6) == 0;
    for (const char *c = word; *c != '\0' && used + 12 < size; c++) {
        char letter = upper && *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
        message[used++] = letter;
        int last = c[1] == '\0';
        for (size_t i = 0; last && (unsigned char)*c < 0x80 && stretch == 0 && i < 1 + draw(generator, 3);
             i++) {
            message[used++] = letter;
        }
    }
    const char *ending = endings[draw(generator, sizeof endings / sizeof *endings)];
    (void)snprintf(message + used, size - used, "%s%s", ending, draw(generator, 12) == 0 ? "" : " ");
}

static void check_tokens(const struct text *text) {
    size_t at = 0;
    assert_true(u8_valid(text->raw, text->raw_length));
    assert_true(u8_valid(text->folded, text->folded_length));
    for (size_t i = 0; i < text->token_count; i++) {
        const struct text_token *token = &text->tokens[i];
        assert_int_equal(token->start, at);
        assert_true(token->length > 0);
        assert_true((size_t)token->raw_start + token->raw_length <= text->raw_length);
        assert_null(memchr(text->folded + token->start, ' ', token->length));
        at = (size_t)token->start + token->length + 1;
    }
    assert_int_equal(text->folded_length, at == 0 ? 0 : at - 1);
}

static void write_message(struct generator *generator, char *message, size_t size) {
    message[0] = '\0';
    size_t words = 1 + draw(generator, WORDS_MAX);
    for (size_t word = 0; word < words; word++) {
        add_word(generator, message, size);
    }
}

static void check_equal(int number, const char *message, const char *once, const char *twice) {
    if (strcmp(once, twice) != 0) {
        print_message("message %d: %s\n", number, message);
    }
    assert_string_equal(once, twice);
}

/* With the languages decided by the caller, folding what was folded changes nothing. */
static void folding_phrases_twice_changes_nothing(void **state) {
    struct fixture *fixture = *state;
    static struct generator generator;
    generator = (struct generator){.seed = 20261122};
    const struct value *languages = value_get(fixture->file, "languages");
    add_language(&generator, value_at(languages, 0));
    add_language(&generator, value_at(languages, 1));
    add_oddities(&generator);
    for (int i = 0; i < MESSAGES; i++) {
        char message[1024];
        write_message(&generator, message, sizeof message);
        arena_reset(fixture->turn);
        const char *once = text_fold_phrase(fixture->lexicon, i & 1, message, strlen(message), fixture->turn);
        const char *twice = text_fold_phrase(fixture->lexicon, i & 1, once, strlen(once), fixture->turn);
        check_equal(i, message, once, twice);
    }
}

/* The same for whole messages of one language; among several, folding changes who is heard. */
static void folding_messages_twice_changes_nothing(void **state) {
    struct fixture *fixture = *state;
    static struct generator generator;
    generator = (struct generator){.seed = 20261122};
    add_language(&generator, value_at(value_get(fixture->file, "languages"), 0));
    add_oddities(&generator);
    int compared = 0;
    for (int i = 0; i < MESSAGES; i++) {
        char message[1024];
        write_message(&generator, message, sizeof message);
        struct text once = fixture_fold(state, message), twice;
        check_tokens(&once);
        text_fold(fixture->lexicon, once.folded, once.folded_length, 0, fixture->turn, &twice);
        if (once.language == 0 && twice.language == 0) {
            check_equal(i, message, once.folded, twice.folded);
            compared++;
        }
    }
    assert_true(compared > MESSAGES / 2);
}

/* Any bytes at all. */
static void holds_for_noise(void **state) {
    struct fixture *fixture = *state;
    static struct generator generator;
    generator.seed = 7;
    for (int i = 0; i < 2000; i++) {
        char bytes[300];
        size_t length = draw(&generator, sizeof bytes);
        int range = draw(&generator, 2) == 0 ? 256 : 128;
        for (size_t j = 0; j < length; j++) {
            bytes[j] = (char)draw(&generator, (size_t)range);
        }
        arena_reset(fixture->turn);
        struct text text, better;
        text_fold(fixture->lexicon, bytes, length, TEXT_NO_LANGUAGE, fixture->turn, &text);
        check_tokens(&text);
        (void)text_correct(fixture->lexicon, &text, fixture->turn, &better);
        check_tokens(&better);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folding_phrases_twice_changes_nothing),
        cmocka_unit_test(folding_messages_twice_changes_nothing),
        cmocka_unit_test(holds_for_noise),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
