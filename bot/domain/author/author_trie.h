/* A word list as one expression that shares beginnings. Private to author_class.c. */
#ifndef PANDU_DOMAIN_AUTHOR_TRIE_H
#define PANDU_DOMAIN_AUTHOR_TRIE_H

#include <stddef.h>

struct arena;

/* "apa|apakah|bisa" -> "apa(?:kah)?|bisa": matches exactly the words, longer ones first; escaped, no
   parentheses around, in arena. No words gives "(?!)", which matches nothing. A flat alternation costs PCRE2
   one backtracking point a word at every place it is tried, which exhausts the match limit; shared beginnings
   leave about one a letter. */
const char *author_trie(const char *const *words, size_t count, struct arena *arena);

#endif
