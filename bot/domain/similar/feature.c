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

enum { WORD_BYTES_MAX = 64, CONCEPTS_MAX = 48 /* of one text; 1,128 pairs */ };

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

/* hash_more for one byte: of three and four a message has hundreds. */
static inline uint64_t hash_byte(uint64_t hash, unsigned byte) {
    return (hash ^ (unsigned char)byte) * 0x100000001B3u; /* base/map.c */
}

/* Of bytes as they are in memory. */
static inline uint64_t hash_on(uint64_t hash, const void *memory, size_t size) {
    const unsigned char *bytes = memory;
    for (size_t i = 0; i < size; i++)
        hash = hash_byte(hash, bytes[i]);
    return hash;
}

static inline uint64_t hash_of(enum feature_kind kind, const char *bytes, size_t length) {
    return hash_on(kind + 1U, bytes, length);
}

static inline uint64_t hash_number(uint64_t hash, uint32_t number) {
    return hash_on(hash, &number, sizeof number);
}

static int is_ascii(const char *word, size_t length) {
    unsigned char all = 0;
    for (size_t i = 0; i < length; i++)
        all |= (unsigned char)word[i];
    return all < 0x80;
}

/* Trigrams of code points of "_word_": the edges of a word say more than its middle. */
static void add_trigrams(const char *word, size_t length, struct feature_list *out) {
    char padded[WORD_BYTES_MAX + 2];
    size_t starts[WORD_BYTES_MAX + 3], count = 0, total = length + 2;
    padded[0] = padded[length + 1] = ' ';
    memcpy(padded + 1, word, length);
    if (is_ascii(word, length)) {
        for (size_t i = 0; i < length; i++)
            add(out, FEATURE_TRIGRAM, hash_of(FEATURE_TRIGRAM, padded + i, 3));
        return;
    }
    for (size_t at = 0; at < total;) {
        uint32_t code_point;
        starts[count++] = at;
        at += u8_decode(padded + at, total - at, &code_point);
    }
    starts[count] = total;
    for (size_t i = 0; i + 3 <= count; i++)
        add(out, FEATURE_TRIGRAM, hash_of(FEATURE_TRIGRAM, padded + starts[i], starts[i + 3] - starts[i]));
}

/* Concepts are ascending, so that a pair has one hash whatever the order of words. Pairs are made of the
   leading concept of each phrase only: with five topics' classes pairs of all were three quarters of a
   message's features and half of loading, and told no more apart. */
static void add_concepts(const uint32_t *found, size_t count, const uint32_t *leading, size_t leading_count,
                         struct feature_list *out) {
    for (size_t i = 0; i < count; i++)
        add(out, FEATURE_CONCEPT, hash_number(FEATURE_CONCEPT + 1U, found[i]));
    for (size_t i = 0; i < leading_count; i++) {
        uint64_t left = hash_number(FEATURE_CONCEPT_PAIR + 1U, leading[i]);
        for (size_t j = i + 1; j < leading_count; j++)
            add(out, FEATURE_CONCEPT_PAIR, hash_number(left, leading[j]));
    }
}

static void extract(const char *folded, size_t length, struct feature_list *out) {
    uint64_t before = hash_of(FEATURE_PAIR, "", 0);
    for (size_t at = 0; at < length;) {
        size_t end = at;
        while (end < length && folded[end] != ' ')
            end++;
        size_t word = end - at;
        if (word > 0 && !(word == 1 && (folded[at] == '.' || folded[at] == '?'))) {
            word = u8_cut(folded + at, word, WORD_BYTES_MAX);
            uint64_t hash = hash_of(FEATURE_WORD, folded + at, word);
            add(out, FEATURE_WORD, hash);
            add(out, FEATURE_PAIR, hash_on(before, &hash, sizeof hash));
            add_trigrams(folded + at, word, out);
            before = hash;
        }
        at = end + 1;
    }
}

int feature_list_init(struct feature_list *out, const char *folded, size_t length,
                      const struct concepts *concepts, const struct feature_places *places) {
    static const char nowhere[1];
    uint32_t found[CONCEPTS_MAX], leading[CONCEPTS_MAX];
    size_t leading_count = 0;
    size_t count =
        concepts ? concepts_find(concepts, folded, length, found, CONCEPTS_MAX, leading, &leading_count) : 0;
    /* a word of n letters gives n trigrams, itself and a pair: three for two bytes at most, with the blank
       behind it; the table stays half empty */
    size_t most = 3 * (length + 1) / 2 + count + leading_count * leading_count / 2 + 2, size = 64;
    while (size < 2 * most)
        size *= 2;
    out->list = out->few; /* not the whole: clearing it would take longer than filling it */
    out->table = out->few_places;
    out->count = 0;
    out->mask = size - 1;
    out->limit = out->mask / 2 < UINT16_MAX ? out->mask / 2 : UINT16_MAX;
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
