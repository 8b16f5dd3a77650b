/* Sorting the words of a class. Private to the author_*.c files. */
#ifndef PANDU_DOMAIN_AUTHOR_SORT_H
#define PANDU_DOMAIN_AUTHOR_SORT_H

#include <stddef.h>

struct arena;

enum author_sort {
    AUTHOR_SORT_BYTES,  /* as strcmp does */
    AUTHOR_SORT_LONGEST /* longest first, equal lengths as strcmp does */
};

/* Sorts count words; arena: for work. */
void author_sort(const char **words, size_t count, enum author_sort order, struct arena *arena);

#endif
