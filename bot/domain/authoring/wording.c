/* Compares an author's wording with what visitors wrote, and proposes patterns for it. Never decides whether
   a pattern is good: loading the content with it does. Called by: cli/unmatched_add. */
#include "domain/authoring/wording.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "domain/content/content.h"
#include "domain/dialogue/words.h"
#include "domain/text/text.h"

#include "banned.h"

enum { WORDS_MAX = 128, PATTERN_WORDS_LEAST = 2, LONG_WORDS = 4 };

struct words {
    const char *word[WORDS_MAX];
    size_t length[WORDS_MAX];
    size_t count;
};

/* The folded words of a message without courtesy and ends of sentences. */
static void collect(const struct text *text, struct words *words) {
    words->count = 0;
    for (size_t i = 0; i < text->token_count && words->count < WORDS_MAX; i++) {
        const struct text_token *token = &text->tokens[i];
        if (!token->is_end && token->length > 0 && words_outside(text, WORDS_COURTESY, i, i + 1) > 0) {
            words->word[words->count] = text->folded + token->start;
            words->length[words->count++] = token->length;
        }
    }
}

static int is_same(const struct words *left, size_t i, const struct words *right, size_t k) {
    return left->length[i] == right->length[k] && memcmp(left->word[i], right->word[k], left->length[i]) == 0;
}

/* ---- copies ---- */

/* How many words of the one the other has too, each taken once. */
static size_t count_shared(const struct words *left, const struct words *right) {
    unsigned char taken[WORDS_MAX] = {0};
    size_t shared = 0;
    for (size_t i = 0; i < left->count; i++) {
        size_t k = 0;
        while (k < right->count && (taken[k] || !is_same(left, i, right, k))) {
            k++;
        }
        if (k < right->count) {
            taken[k] = 1;
            shared++;
        }
    }
    return shared;
}

/* The same words; of longer messages four of five (Dice coefficient) are the same with a word put in or left
 * out. */
static int are_same_words(const struct words *left, const struct words *right) {
    size_t shared = count_shared(left, right);
    int are_long = left->count >= LONG_WORDS && right->count >= LONG_WORDS;
    return shared > 0 && (are_long ? 10 * shared >= 4 * (left->count + right->count)
                                   : shared == left->count && shared == right->count);
}

static int share_a_run(const struct words *left, const struct words *right) {
    for (size_t i = 0; i + WORDING_RUN <= left->count; i++) {
        for (size_t k = 0; k + WORDING_RUN <= right->count; k++) {
            size_t run = 0;
            while (run < WORDING_RUN && is_same(left, i + run, right, k + run)) {
                run++;
            }
            if (run == WORDING_RUN) {
                return 1;
            }
        }
    }
    return 0;
}

int wording_is_copy(const struct text *own, const struct text *said) {
    struct words left, right;
    collect(own, &left);
    collect(said, &right);
    return are_same_words(&left, &right) || share_a_run(&left, &right);
}

/* ---- patterns ---- */

struct rarity {
    size_t texts, place;
};

/* In how many examples of the content the word stands, as it is written there or folded. */
static size_t count_examples(const struct content *content, const char *word, size_t length) {
    size_t count = 0;
    for (size_t i = 0; i < content->intent_count; i++) {
        for (size_t k = 0; k < content->intents[i].example_count; k++) {
            const char *example = content->intents[i].examples[k];
            for (const char *at = example; (at = strstr(at, word)) != NULL; at += length) {
                int is_whole = (at == example || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0');
                count += is_whole != 0;
            }
        }
    }
    return count;
}

static int by_rarity(const void *left, const void *right) {
    const struct rarity *a = left, *b = right;
    return a->texts != b->texts ? (a->texts > b->texts) - (a->texts < b->texts)
                                : (a->place > b->place) - (a->place < b->place);
}

static int is_plain(const char *word, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (!(word[i] >= 'a' && word[i] <= 'z')) {
            return 0;
        }
    }
    return length > 1;
}

/* The words whose place is chosen, in their order, with gaps between them. */
static const char *pattern_of(const struct words *words, const unsigned char *is_chosen,
                              struct arena *arena) {
    const char *pattern = "";
    for (size_t i = 0; i < words->count; i++) {
        if (is_chosen[i]) {
            pattern = arena_format(arena, "%s%s%.*s", pattern, pattern[0] != '\0' ? " {gap3} " : "",
                                   (int)words->length[i], words->word[i]);
        }
    }
    return pattern;
}

size_t wording_patterns(const struct content *content, const struct text *own, struct arena *arena,
                        const char *patterns[WORDING_PATTERNS]) {
    struct words words;
    struct rarity order[WORDS_MAX];
    unsigned char is_chosen[WORDS_MAX] = {0};
    size_t usable = 0, count = 0;
    collect(own, &words);
    for (size_t i = 0; i < words.count; i++) {
        if (is_plain(words.word[i], words.length[i])) {
            const char *word = arena_copy(arena, words.word[i], words.length[i]);
            order[usable++] = (struct rarity){count_examples(content, word, words.length[i]), i};
        }
    }
    qsort(order, usable, sizeof order[0], by_rarity);
    for (size_t i = 0; i < usable && count < WORDING_PATTERNS; i++) {
        is_chosen[order[i].place] = 1;
        if (i + 1 >= PATTERN_WORDS_LEAST) {
            patterns[count++] = pattern_of(&words, is_chosen, arena);
        }
    }
    return count;
}
