/* The words of a class, classes inside it included, folded and ready to stand in an expression. Private to
 * author_pattern.c. */
#ifndef PANDU_DOMAIN_AUTHOR_CLASS_H
#define PANDU_DOMAIN_AUTHOR_CLASS_H

#include <stddef.h>

struct arena;
struct author_cache;
struct author_classes;
struct err;
struct lexicon;

/* All distinct folds of a phrase over the languages, in the order of the languages; returns their number, at
   most LEXICON_LANGUAGES_MAX. A phrase that folds to nothing is left out. cache may be NULL. */
size_t author_fold(struct author_cache *cache, const struct lexicon *lexicon, const char *phrase,
                   size_t length, struct arena *arena, const char **folds);

/* Adds a backslash before what PCRE2 would not take literally. */
const char *author_escape(const char *word, struct arena *arena);

#endif
