/* Folded phrases remembered: a class word stands in many classes and patterns, and folding it takes longer
   than finding it again. Private to the author_*.c files. */
#ifndef PANDU_DOMAIN_AUTHOR_FOLD_H
#define PANDU_DOMAIN_AUTHOR_FOLD_H

#include <stddef.h>

struct arena;
struct lexicon;

struct author_folds;

/* Lives in arena but for its tables. NULL without memory. */
struct author_folds *author_folds_new(struct arena *arena);
void author_folds_close(struct author_folds *folds);

/* text_fold_phrase, the result in the memory's arena; with folds NULL plainly, in arena. One memory serves
   one lexicon; words that lexicon_add_word teaches meanwhile change nothing, as folding does not read them.
 */
const char *author_folds_get(struct author_folds *folds, const struct lexicon *lexicon, int language,
                             const char *phrase, size_t length, struct arena *arena);

/* The same in all languages of the lexicon, by language. folds is not NULL. */
const char *const *author_folds_all(struct author_folds *folds, const struct lexicon *lexicon,
                                    const char *phrase, size_t length);

#endif
