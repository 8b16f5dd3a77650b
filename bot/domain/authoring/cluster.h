/* Messages that ask the same in other words, in groups. */
#ifndef PANDU_DOMAIN_AUTHORING_CLUSTER_H
#define PANDU_DOMAIN_AUTHORING_CLUSTER_H

#include <stddef.h>

struct arena;

/* A distinct folded message and how often it was said. */
struct cluster_text {
    const char *folded;
    size_t count;
};
struct cluster {
    const size_t *members; /* indices of texts, the most frequent first: it stands for the group */
    size_t member_count;
    size_t count; /* messages in all */
};

/* Groups texts by the words they share, rare words counting more (weighted Dice coefficient of at least a
   half with the group's first text; weights as inverse document frequency among the texts and common, folded
   sentences of the same language that tell which words everybody uses). Deterministic. Writes the groups, the
   largest first, to *out in arena and returns their number. */
size_t clusters_make(const struct cluster_text *texts, size_t count, const char *const *common,
                     size_t common_count, struct arena *arena, const struct cluster **out);

#endif
