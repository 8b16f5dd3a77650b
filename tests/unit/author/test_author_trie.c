/* author_trie: the expression matches the words of the list and nothing else, and shares beginnings. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "domain/author/author_trie.h"
#include "domain/pattern/pattern.h"

static uint64_t state;

static unsigned next_random(unsigned below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % below;
}

static void random_word(char *word, size_t room) {
    static const char *const pieces[] = {"a", "b", "ka", "ri", "er", " ", "é", "漢", ".", "+", "x"};
    word[0] = '\0';
    size_t parts = 1 + next_random(5), length = 0;
    for (size_t i = 0; i < parts && length + 8 < room; i++) {
        length += (size_t)snprintf(word + length, room - length, "%s", pieces[next_random(11)]);
    }
}

static int listed(char words[][64], size_t count, const char *word) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], word) == 0) {
            return 1;
        }
    }
    return 0;
}

static void check_list(struct arena *arena, char words[][64], size_t count) {
    const char *list[24];
    for (size_t i = 0; i < count; i++) {
        list[i] = words[i];
    }
    const char *expression = arena_format(arena, "^(?:%s)\\z", author_trie(list, count, arena));
    struct pattern_set *set = pattern_set_new();
    assert_int_equal(pattern_add(set, expression, strlen(expression), 0, NULL), 0);
    assert_int_equal(pattern_set_seal(set, NULL), 0);
    struct pattern_scratch *scratch = pattern_scratch_new(set);
    struct pattern_hit hit;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(pattern_match_one(set, scratch, 0, words[i], strlen(words[i]), &hit), 1);
    }
    for (int i = 0; i < 40; i++) {
        char word[64];
        random_word(word, sizeof word);
        assert_int_equal(pattern_match_one(set, scratch, 0, word, strlen(word), &hit),
                         listed(words, count, word));
    }
    pattern_scratch_free(scratch);
    pattern_set_free(set);
}

static void matches_exactly_the_words(void **unused) {
    (void)unused;
    state = 42;
    struct arena *arena = arena_new(0);
    for (int round = 0; round < 300; round++) {
        char words[24][64];
        size_t wanted = 1 + next_random(24), count = 0;
        for (size_t i = 0; i < wanted; i++) {
            char word[64];
            random_word(word, sizeof word);
            if (!listed(words, count, word)) {
                memcpy(words[count++], word, sizeof word);
            }
        }
        check_list(arena, words, count);
        arena_reset(arena);
    }
    arena_free(arena);
}

static void shares_beginnings(void **unused) {
    (void)unused;
    struct arena *arena = arena_new(0);
    const char *const words[] = {"kerja", "karier", "kerja sosial", "apa"};
    assert_string_equal(author_trie(words, 4, arena), "apa|k(?:arier|erja(?: sosial)?)");
    assert_string_equal(author_trie(words, 0, arena), "(?!)");
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_exactly_the_words),
        cmocka_unit_test(shares_beginnings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
