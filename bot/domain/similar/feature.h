/* What a text is compared by: words, pairs of words, letter trigrams, and the concepts (word classes) its
   words belong to. Private to domain/similar. */
#ifndef PANDU_DOMAIN_SIMILAR_FEATURE_H
#define PANDU_DOMAIN_SIMILAR_FEATURE_H

#include <stddef.h>
#include <stdint.h>

struct concepts;

enum feature_kind {
    FEATURE_WORD,
    FEATURE_PAIR,    /* two words in a row */
    FEATURE_TRIGRAM, /* three letters of a word, its edges marked */
    FEATURE_CONCEPT,
    FEATURE_CONCEPT_PAIR, /* two leading concepts anywhere in the text */
    FEATURE_KINDS
};

struct feature {
    uint64_t hash;
    uint32_t kind, count;
};

enum { FEATURE_FEW = 768, FEATURE_FEW_PLACES = 2048 }; /* enough for most messages */

/* Where features will be looked up: a table of places of so many bytes, begun at feature_spread & mask. */
struct feature_places {
    const void *first;
    size_t size, mask;
};

/* Distinct features in order of appearance. Caller's storage. */
struct feature_list {
    struct feature *list; /* few, or on the heap */
    size_t count, limit;
    uint16_t *table; /* open addressing: position in list + 1 */
    size_t mask;
    struct feature_places places;
    struct feature few[FEATURE_FEW];
    uint16_t few_places[FEATURE_FEW_PLACES];
};

/* ---- how a text is taken apart, for those who keep what they find in their own way ---- */

enum {
    FEATURE_WORD_BYTES = 64 /* of a longer word */,
    FEATURE_CONCEPTS_MAX = 48 /* of one text; 1,128 pairs */
};

/* hash_more of base/map.c for one byte: a message has hundreds of three and four. */
static inline uint64_t feature_hash_byte(uint64_t hash, unsigned byte) {
    return (hash ^ (unsigned char)byte) * 0x100000001B3u;
}

/* Of bytes as they are in memory. */
static inline uint64_t feature_hash_on(uint64_t hash, const void *memory, size_t size) {
    const unsigned char *bytes = memory;
    for (size_t i = 0; i < size; i++)
        hash = feature_hash_byte(hash, bytes[i]);
    return hash;
}

static inline uint64_t feature_hash(enum feature_kind kind, const char *bytes, size_t length) {
    return feature_hash_on(kind + 1U, bytes, length);
}

static inline uint64_t feature_hash_number(uint64_t hash, uint32_t number) {
    return feature_hash_on(hash, &number, sizeof number);
}

/* A word and the hash of the word before it: what a pair of words is. The first follows feature_no_word. */
static inline uint64_t feature_no_word(void) {
    return feature_hash(FEATURE_PAIR, "", 0);
}
static inline uint64_t feature_word_pair(uint64_t before, uint64_t word) {
    return feature_hash_on(before, &word, sizeof word);
}

/* Concepts are ascending, so that a pair has one hash whatever the order of words. */
static inline uint64_t feature_concept(uint32_t concept) {
    return feature_hash_number(FEATURE_CONCEPT + 1U, concept);
}
static inline uint64_t feature_concept_pair(uint32_t first, uint32_t second) {
    return feature_hash_number(feature_hash_number(FEATURE_CONCEPT_PAIR + 1U, first), second);
}

struct feature_word {
    const char *bytes;
    size_t length;
};

/* The next word from *at on, no sign; 0: there is none. */
int feature_next_word(const char *folded, size_t length, size_t *at, struct feature_word *word);

/* Hashes of the trigrams of a word; returns how many, FEATURE_WORD_BYTES at most. */
size_t feature_trigrams(const struct feature_word *word, uint64_t *hashes);

/* ---- a text taken apart ---- */

/* The bits of a hash by which tables are begun. */
static inline size_t feature_spread(uint64_t hash) {
    return (size_t)(hash ^ hash >> 29);
}

/* Takes apart a folded text; concepts may be NULL. Of places (NULL: none) memory is asked for every feature
   as it is found, so that it is there when it is looked up. 0 or ERR_MEMORY; close it in either case. */
int feature_list_init(struct feature_list *list, const char *folded, size_t length,
                      const struct concepts *concepts, const struct feature_places *places);
void feature_list_close(struct feature_list *list);

#endif
