/* Which concepts (word classes) a phrase belongs to: "manfaat", "untungnya" and "upside" are all {benefit}.
 * Private to domain/similar. */
#ifndef PANDU_DOMAIN_SIMILAR_CONCEPTS_H
#define PANDU_DOMAIN_SIMILAR_CONCEPTS_H

#include <stddef.h>
#include <stdint.h>

enum { CONCEPT_WORDS_MAX = 5 }; /* longer phrases are not looked for */
enum { CONCEPT_STARTS = 16384 };
enum { CONCEPTS_LIMIT = 4096, CONCEPT_SETS = CONCEPTS_LIMIT / 64 }; /* concepts are numbers below it */

struct concept_phrase {
    uint64_t hash;
    uint32_t concept;
};
struct concept_slot {
    uint32_t tag;   /* high half of the hash */
    uint32_t first; /* position in list + 1; 0: free */
};
struct concepts {
    struct concept_phrase *list; /* by hash once sealed, equal ones beside each other */
    size_t count, capacity;
    size_t sets;                /* of 64 concepts, up to the greatest */
    struct concept_slot *table; /* open addressing; NULL until sealed */
    size_t mask;
    int is_borrowed; /* list and table are another's */
    /* Words of the longest phrase that begins with a word, by the low bits of its hash; some words share
       one, so it may say too much. */
    uint8_t longest[CONCEPT_STARTS];
};

int concepts_add(struct concepts *concepts, uint32_t concept, const char *folded,
                 size_t length);              /* 0, ERR_LIMIT or ERR_MEMORY */
int concepts_seal(struct concepts *concepts); /* 0 or ERR_MEMORY */
void concepts_close(struct concepts *concepts);

/* Concepts of all phrases in a folded text, each once, ascending; returns how many were written. leading
   gets, in the same way, only the concept with the greatest number of each phrase: topics have classes of
   their own for the same words, and all pairs of them would say one thing many times. Room for limit in both.
 */
size_t concepts_find(const struct concepts *concepts, const char *folded, size_t length, uint32_t *found,
                     size_t limit, uint32_t *leading, size_t *leading_count);

#endif
