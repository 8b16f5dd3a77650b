/* Sorts words by a number made of their first bytes, and looks at the rest only where those are equal: words
   lie all over memory. Called by author_class.c and author_trie.c. */
#include "domain/author/author_sort.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#include "banned.h"

struct entry {
    uint64_t key; /* of two different ones the smaller comes first */
    const char *word;
};

/* The first bytes, a word that ends sooner before its longer ones. */
static uint64_t first_bytes(const char *word, int count) {
    uint64_t key = 0;
    for (int i = 0; i < count; i++) {
        key = key << 8 | (unsigned char)*word;
        word += *word != '\0';
    }
    return key;
}

static uint64_t key_of(const char *word, enum author_sort order) {
    if (order == AUTHOR_SORT_BYTES) {
        return first_bytes(word, 8);
    }
    size_t length = strlen(word);
    return (uint64_t)(UINT16_MAX - (length < UINT16_MAX ? length : UINT16_MAX)) << 48 | first_bytes(word, 6);
}

static int by_key(const void *left, const void *right) {
    const struct entry *a = left, *b = right;
    return a->key != b->key ? (a->key > b->key) - (a->key < b->key) : strcmp(a->word, b->word);
}

void author_sort(const char **words, size_t count, enum author_sort order, struct arena *arena) {
    struct entry *entries = arena_raw(arena, (count + 1) * sizeof *entries);
    for (size_t i = 0; i < count; i++) {
        entries[i] = (struct entry){key_of(words[i], order), words[i]};
    }
    qsort(entries, count, sizeof *entries, by_key);
    for (size_t i = 0; i < count; i++) {
        words[i] = entries[i].word;
    }
}
