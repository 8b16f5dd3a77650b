/* From what an author writes ("{suit} {gap} (kerja|karier) sosial") to one PCRE2 expression for the folded
   text. Format: docs/content.md, "intents/<topic>.json". Pure: everything it makes lives in the caller's
   arena. */
#ifndef PANDU_DOMAIN_AUTHOR_PATTERN_H
#define PANDU_DOMAIN_AUTHOR_PATTERN_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct author_cache;
struct buf;
struct err;
struct lexicon;

enum {
    AUTHOR_PATTERN_TOKENS_MAX = 2048,
    AUTHOR_CLASS_WORDS_MAX = 8192, /* of one class, with the classes in it */
    AUTHOR_CLASS_DEPTH_MAX = 16
};

/* Where the words of a class come from: a callback, so that this file need not know content. */
struct author_classes {
    /* The words of class name in one language as written, *count of them; they may contain {class}
       themselves. NULL: there is no such class (a class without words in that language gives a non-NULL
       pointer and count 0). */
    const char *const *(*words)(void *context, const char *name, size_t length, int language, size_t *count);
    void *context;
    struct author_cache *cache; /* NULL: classes are folded anew for every pattern (slow for large content) */
    /* For author_pattern_outline, NULL otherwise: a caller's number for class name instead of its list, which
       may be made meanwhile; below 0: there is no such class. */
    int64_t (*number)(void *context, const char *name, size_t length);
    /* Told of every whole word of a pattern, some more than once; may be NULL. */
    void (*see_word)(void *context, const char *word, size_t length);
};

/* Remembers folded phrases and classes between patterns of one lexicon; lives in arena. */
struct author_cache *author_cache_new(struct arena *arena);
void author_cache_close(struct author_cache *cache); /* frees its tables, not the arena */

/* text_fold_phrase that remembers (cache NULL: that does not, in arena). Borrowed from the cache's arena. */
const char *author_cache_fold(struct author_cache *cache, const struct lexicon *lexicon, int language,
                              const char *phrase, size_t length, struct arena *arena);

/* The same in every language of the lexicon, by language. */
const char *const *author_cache_folds(struct author_cache *cache, const struct lexicon *lexicon,
                                      const char *phrase, size_t length, struct arena *arena);

/* The words of class name as they stand in expressions: its classes included, folded in every language,
   longest first, each once; in arena or the cache's. NULL with *err (without a column) as
   author_pattern_expand. */
const char *const *author_class_words(const struct author_classes *classes, const struct lexicon *lexicon,
                                      const char *name, size_t length, struct arena *arena, size_t *count,
                                      struct err *err);

/* Appends the PCRE2 expression for an author's pattern to out. Returns 0, or a negative ERR code with text
   and, in err->column, the 1-based byte offset inside pattern: ERR_NOT_FOUND unknown class, ERR_INVALID class
   that contains itself, ERR_SYNTAX unbalanced braces, brackets or parentheses, ERR_LIMIT too large. */
int author_pattern_expand(const struct author_classes *classes, const struct lexicon *lexicon,
                          const char *pattern, struct arena *arena, struct buf *out, struct err *err);

/* A class as it stands in expressions; in the cache's arena. */
struct author_list {
    const char *expression; /* without parentheses */
    size_t length;
    const char *const *words; /* what it matches */
    size_t count;
    int64_t number; /* the caller's; -1 at first */
};
/* A class as the alternation "word|longer phrase|..." (no parentheses), longest first, each once, escaped; in
   the cache's arena, or in arena without a cache. NULL with *err (no column): unknown or recursive class, too
   many words. The expression of an empty class is "(?!)", which matches nothing. */
struct author_list *author_class_list(const struct author_classes *classes, const struct lexicon *lexicon,
                                      const char *name, size_t length, struct arena *arena, struct err *err);

struct author_place {
    size_t at;                /* in out: of the parenthesis that closes "(?:)" */
    struct author_list *list; /* NULL where classes have numbers */
    int64_t number;           /* that one */
};
struct author_places {
    struct author_place *list; /* in arena */
    size_t count;
};

/* author_pattern_expand that leaves the classes out: an empty group stands where each belongs. classes has a
   cache. With numbers for classes their lengths do not count in the limit. */
int author_pattern_outline(const struct author_classes *classes, const struct lexicon *lexicon,
                           const char *pattern, struct arena *arena, struct buf *out,
                           struct author_places *places, struct err *err);

/* The 1-based byte offset inside pattern that gave the byte at offset (0-based) of its expression: turns an
   error of PCRE2 into a place the author knows. */
size_t author_pattern_column(const struct author_classes *classes, const struct lexicon *lexicon,
                             const char *pattern, struct arena *arena, size_t offset);

/* Which captures of a hit of expression are gaps (bit i of *gaps) and which is (?<value>...) (*value, or -1).
 */
void author_pattern_captures(const char *expression, unsigned *gaps, int *value);

/* Calls report for every literal word of the author's pattern that folding can never produce: a part of a
   word beside a quantifier, group or class, written in a spelling that folding replaces. column as above. */
typedef void author_pattern_report(void *context, const char *word, size_t column);
void author_pattern_unfoldable(const struct lexicon *lexicon, const char *pattern, struct arena *arena,
                               author_pattern_report *report, void *context);

#endif
