/* One word and its standard form; what scanning and folding share. Internal to this folder. */
#ifndef PANDU_DOMAIN_TEXT_WORD_H
#define PANDU_DOMAIN_TEXT_WORD_H

#include <stddef.h>
#include <stdint.h>

#include "domain/text/entry.h"

struct arena;

/* How one message is folded. */
struct word_job {
    const struct lexicon *lexicon;
    struct arena *arena;
    int language;    /* whose forms apply */
    unsigned guests; /* bits of other languages heard in the message */
};

/* Folds repeated letters: *word and *length become a spelling the lexicon recognises ("bangeeet" -> "banget",
   "maaaf" -> "maaf"), else every run of three and more becomes one letter. Returns its entry or NULL. */
const struct lexicon_entry *word_reduce(const struct lexicon *lexicon, struct arena *arena, const char **word,
                                        size_t *length);

/* 1 if the word is a form or known in some language, or becomes so without its affixes. */
int word_recognised(const struct lexicon *lexicon, struct arena *arena, const char *word, size_t length);

/* The standard form of a word (several words with blanks, or "" for nothing), NULL if it stays as it is. If
   the word is ambiguous, *rules are the ways to read it; what is returned then holds if none fits. */
const char *word_standard(const struct word_job *job, const char *word, size_t length,
                          const struct lexicon_entry *entry, const struct lexicon_rule **rules);

#endif
