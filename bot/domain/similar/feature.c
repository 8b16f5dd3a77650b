/* Takes a folded text apart into what it is compared by. Weighs nothing and keeps nothing. Called by
 * similar.c. */
#include "domain/similar/feature.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/utf8.h"
#include "domain/similar/concepts.h"

#include "banned.h"

static inline void add(struct feature_list *out, enum feature_kind kind, uint64_t hash) {
    size_t spread = feature_spread(hash), at = spread & out->mask;
    for (; out->table[at]; at = (at + 1) & out->mask) {
        struct feature *feature = &out->list[out->table[at] - 1];
        if (feature->hash == hash) {
            feature->count++;
            return;
        }
    }
    if (out->count == out->limit)
        return;
    __builtin_prefetch((const char *)out->places.first + (spread & out->places.mask) * out->places.size);
    out->list[out->count++] = (struct feature){hash, kind, 1};
    out->table[at] = (uint16_t)out->count;
}

static int is_ascii(const char *word, size_t length) {
    unsigned char all = 0;
    for (size_t i = 0; i < length; i++)
        all |= (unsigned char)word[i];
    return all < 0x80;
}

/* The same for what is in no list twice: nothing else is made of the bytes of such numbers. */
static inline void add_new(struct feature_list *out, enum feature_kind kind, uint64_t hash) {
    if (out->count == out->limit)
        return;
    __builtin_prefetch((const char *)out->places.first +
                       (feature_spread(hash) & out->places.mask) * out->places.size);
    out->list[out->count++] = (struct feature){hash, kind, 1};
}

/* Of code points of "_word_": the edges of a word say more than its middle. */
size_t feature_trigrams(const struct feature_word *word, uint64_t *hashes) {
    char padded[FEATURE_WORD_BYTES + 2];
    size_t starts[FEATURE_WORD_BYTES + 3], count = 0, total = word->length + 2;
    padded[0] = padded[word->length + 1] = ' ';
    memcpy(padded + 1, word->bytes, word->length);
    if (is_ascii(word->bytes, word->length)) {
        for (size_t i = 0; i < word->length; i++)
            hashes[i] = feature_hash(FEATURE_TRIGRAM, padded + i, 3);
        return word->length;
    }
    for (size_t at = 0; at < total;) {
        uint32_t code_point;
        starts[count++] = at;
        at += u8_decode(padded + at, total - at, &code_point);
    }
    starts[count] = total;
    for (size_t i = 0; i + 3 <= count; i++)
        hashes[i] = feature_hash(FEATURE_TRIGRAM, padded + starts[i], starts[i + 3] - starts[i]);
    return count - 2;
}

/* Pairs are made of the leading concept of each phrase only: with five topics' classes pairs of all were
   three quarters of a message's features and half of loading, and told no more apart. */
static void add_concepts(const uint32_t *found, size_t count, const uint32_t *leading, size_t leading_count,
                         struct feature_list *out) {
    for (size_t i = 0; i < count; i++)
        add_new(out, FEATURE_CONCEPT, feature_concept(found[i]));
    for (size_t i = 0; i < leading_count; i++)
        for (size_t j = i + 1; j < leading_count; j++)
            add_new(out, FEATURE_CONCEPT_PAIR, feature_concept_pair(leading[i], leading[j]));
}

int feature_next_word(const char *folded, size_t length, size_t *at, struct feature_word *word) {
    while (*at < length) {
        size_t start = *at, end = start;
        while (end < length && folded[end] != ' ')
            end++;
        *at = end + 1;
        if (end == start || (end == start + 1 && (folded[start] == '.' || folded[start] == '?')))
            continue;
        *word =
            (struct feature_word){folded + start, u8_cut(folded + start, end - start, FEATURE_WORD_BYTES)};
        return 1;
    }
    return 0;
}

static void extract(const char *folded, size_t length, struct feature_list *out) {
    uint64_t before = feature_no_word(), trigrams[FEATURE_WORD_BYTES];
    struct feature_word word;
    for (size_t at = 0; feature_next_word(folded, length, &at, &word);) {
        uint64_t hash = feature_hash(FEATURE_WORD, word.bytes, word.length);
        add(out, FEATURE_WORD, hash);
        add(out, FEATURE_PAIR, feature_word_pair(before, hash));
        size_t count = feature_trigrams(&word, trigrams);
        for (size_t i = 0; i < count; i++)
            add(out, FEATURE_TRIGRAM, trigrams[i]);
        before = hash;
    }
}

int feature_list_init(struct feature_list *out, const char *folded, size_t length,
                      const struct concepts *concepts, const struct feature_places *places) {
    static const char nowhere[1];
    uint32_t found[FEATURE_CONCEPTS_MAX], leading[FEATURE_CONCEPTS_MAX];
    size_t leading_count = 0;
    size_t count = concepts ? concepts_find(concepts, folded, length, found, FEATURE_CONCEPTS_MAX, leading,
                                            &leading_count)
                            : 0;
    /* a word of n letters gives n trigrams, itself and a pair: three for two bytes at most, with the blank
       behind it; the table stays half empty */
    size_t of_words = 3 * (length + 1) / 2 + 2, size = 64;
    size_t most = of_words + count + leading_count * leading_count / 2;
    while (size < 2 * of_words)
        size *= 2;
    out->list = out->few; /* not the whole: clearing it would take longer than filling it */
    out->table = out->few_places;
    out->count = 0;
    out->mask = size - 1;
    out->limit = most < UINT16_MAX ? most : UINT16_MAX;
    out->places = places ? *places : (struct feature_places){nowhere, 0, 0};
    if (size > FEATURE_FEW_PLACES || most > FEATURE_FEW) {
        out->list = malloc(most * sizeof *out->list);
        out->table = malloc(size * sizeof *out->table);
        if (!out->list || !out->table)
            return ERR_MEMORY;
    }
    memset(out->table, 0, size * sizeof *out->table);
    extract(folded, length, out);
    add_concepts(found, count, leading, leading_count, out);
    return 0;
}

void feature_list_close(struct feature_list *list) {
    if (list->list != list->few) {
        free(list->list);
        free(list->table);
    }
}
