/* What a text is compared by: its words, pairs of words and letter trigrams. Private to similar.c. */
#ifndef PANDU_DOMAIN_SIMILAR_FEATURE_H
#define PANDU_DOMAIN_SIMILAR_FEATURE_H

#include <stddef.h>
#include <stdint.h>

enum feature_kind { FEATURE_WORD, FEATURE_PAIR, FEATURE_TRIGRAM, FEATURE_KINDS };
enum { FEATURES_MAX = 8192 }; /* of one text; a message has at most 4 KB */

struct feature {
    uint64_t hash;
    enum feature_kind kind;
};
struct feature_list {
    struct feature *list; /* FEATURES_MAX of them, the caller's */
    size_t count;
};

/* Appends the features of a folded text, in text order, repetitions included; what exceeds FEATURES_MAX is
 * left out. */
void feature_extract(const char *folded, size_t length, struct feature_list *out);

#endif
