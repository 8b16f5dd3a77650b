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
