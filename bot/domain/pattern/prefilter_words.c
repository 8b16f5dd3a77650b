/* Files strings that stand between blanks by their first word. Never scans a text (prefilter_scan.c does).
   Called by prefilter_build.c. */
#include "domain/pattern/prefilter_words.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"

#include "banned.h"

int words_may_hold(const struct strings *strings, size_t number) {
    const struct element *element = &strings->list[number];
    const unsigned char *bytes = strings->bytes + element->offset;
    unsigned char before = ' ';
    if (element->left != BOUNDARY_BLANK_BEFORE || element->right != BOUNDARY_BLANK_AFTER) {
        return 0;
    }
    for (size_t i = 0; i < element->length; i++) {
        if (bytes[i] < ' ' || bytes[i] >= 128 || (bytes[i] == ' ' && before == ' ')) {
            return 0;
        }
        before = bytes[i];
    }
    return before != ' ';
}

/* Of the word at *at, which moves behind it. */
static uint32_t hash_word(const unsigned char *bytes, size_t length, size_t *at) {
    uint32_t hash = 0;
    for (; *at < length && bytes[*at] != ' '; (*at)++) {
        hash = words_hash(hash, bytes[*at]);
    }
    return hash;
}

static uint32_t hash_of(const struct strings *strings, uint32_t number) {
    const struct element *element = &strings->list[number];
    const unsigned char *bytes = strings->bytes + element->offset;
    size_t at = 0;
    uint32_t hash = hash_word(bytes, element->length, &at);
    if (at == element->length) {
        return hash;
    }
    at++;
    return words_hash_both(hash, hash_word(bytes, element->length, &at));
}

int words_sort(const struct strings *strings, uint32_t *numbers, size_t count, size_t first,
               struct prefilter *prefilter) {
    size_t size = 1;
    while (size < count) {
        size *= 2;
    }
    uint32_t *start = arena_array(prefilter->arena, size + 2, sizeof *start);
    uint32_t *hashes = malloc((2 * count + 1) * sizeof *hashes);
    if (hashes == NULL) {
        return ERR_MEMORY;
    }
    prefilter->word_start = start;
    prefilter->word_mask = (uint32_t)size - 1;
    for (size_t i = 0; i < count; i++) {
        hashes[i] = hash_of(strings, numbers[i]);
        start[words_place(hashes[i], prefilter->word_mask) + 2]++;
    }
    start[1] = (uint32_t)first;
    for (size_t i = 2; i <= size + 1; i++) {
        start[i] += start[i - 1];
    }
    uint32_t *sorted = hashes + count;
    for (size_t i = 0; i < count; i++) {
        struct element *element = &strings->list[numbers[i]];
        element->tag = words_tag(hashes[i]);
        sorted[start[words_place(hashes[i], prefilter->word_mask) + 1]++ - first] = numbers[i];
    }
    start[0] = (uint32_t)first;
    memcpy(numbers, sorted, count * sizeof *numbers);
    free(hashes);
    return 0;
}
