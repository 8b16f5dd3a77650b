/* The words of a class, classes inside it included, folded and ready to stand in an expression. Private to
 * author_pattern.c. */
#ifndef PANDU_DOMAIN_INTENT_AUTHOR_CLASS_H
#define PANDU_DOMAIN_INTENT_AUTHOR_CLASS_H

#include <stddef.h>

struct arena;
struct author_cache;
struct author_classes;
struct author_list;
struct err;
struct lexicon;

/* A class as the alternation "word|longer phrase|..." (no parentheses), longest first, each once, escaped; in
   the cache's arena, or in arena without a cache. NULL with *err (no column): unknown or recursive class, too
   many words. The expression of an empty class is "(?!)", which matches nothing. */
struct author_list *author_class_list(const struct author_classes *classes, const struct lexicon *lexicon,
                                      const char *name, size_t length, struct arena *arena, struct err *err);

/* All distinct folds of a phrase over the languages, in the order of the languages; returns their number, at
   most LEXICON_LANGUAGES_MAX. A phrase that folds to nothing is left out. cache may be NULL. */
size_t author_fold(struct author_cache *cache, const struct lexicon *lexicon, const char *phrase,
                   size_t length, struct arena *arena, const char **folds);

/* Adds a backslash before what PCRE2 would not take literally. */
const char *author_escape(const char *word, struct arena *arena);

#endif
