/* Inside of the lexicon, shared by the files of this folder only: one hash table of words in which every
   word knows its part in every language. Languages are bits of a byte (LEXICON_LANGUAGES_MAX is 8). */
#ifndef PANDU_DOMAIN_TEXT_ENTRY_H
#define PANDU_DOMAIN_TEXT_ENTRY_H

#include <stddef.h>
#include <stdint.h>

#include "domain/text/lexicon.h"

enum {
    LEXICON_STANDARD_MAX = 64, /* bytes of a standard form: keeps the folded view within 16-bit offsets */
    LEXICON_WORD_MAX = 64,     /* bytes of a word that is looked up at all */
    LEXICON_AFFIX_DEPTH = 2,   /* "namamukah": two suffixes, nobody writes more */
    LEXICON_STARTS = 32,       /* a to z fall apart by their low five bits */
    LEXICON_BLOCK = 7,
    LEXICON_ENDS = 128
};

/* Words by their hash_bytes(0, ...): 64 bits make a collision less likely than a broken machine. After
   loading, hashes has the words as written and the first and last word of what they fold to. */
struct lexicon_set {
    const char **words;
    size_t word_count;
    uint64_t *hashes;
    size_t count;
};

enum lexicon_rule_flag {
    RULE_ONLY_AFTER_NUMBER = 1,
    RULE_UNLESS_AFTER_NUMBER = 2,
    RULE_ONLY_BEFORE_NUMBER = 4,
    RULE_UNLESS_BEFORE_NUMBER = 8,
    RULE_ONLY_FIRST = 16, /* first word of its sentence */
    RULE_UNLESS_FIRST = 32,
    RULE_ONLY_LAST = 64, /* last word of its sentence */
    RULE_UNLESS_LAST = 128
};

/* One way to read an ambiguous form. All flags must hold, no "unless" list may fit, and one of before and
   after must fit if there are any. */
struct lexicon_rule {
    struct lexicon_rule *next;
    const char *standard;
    struct lexicon_set before, after, unless_before, unless_after;
    unsigned flags; /* enum lexicon_rule_flag */
};

/* What a chat spelling stands for in one language. standard NULL: only if a rule fits. Both: the standard
   form is itself ambiguous ("bwt" -> "buat" -> "untuk"?). */
struct lexicon_form {
    struct lexicon_form *next; /* the same spelling in another language */
    int language;
    int state;        /* while chains are followed: enum form_state of lexicon_chain.c */
    const char *path; /* where the file says so, for reports */
    const char *standard;
    struct lexicon_rule *rules;
};

struct lexicon_entry {
    const char *word; /* NUL-terminated */
    size_t length;
    uint64_t hash;
    struct lexicon_form *forms;
    uint8_t marker, known, keep, question; /* language bits, from the file */
    uint8_t votes, own_votes, known_votes; /* language bits, from those above: see lexicon_count_votes */
    uint8_t target, taught;                /* language bits, from lexicon_add_word: text_correct only */
    uint32_t letters;                      /* bit per letter a-z: text_correct skips hopeless words by it */
};

/* Some entries of one bucket, the newest first, as are the blocks: most are refused by their letters, without
   a look at the entry. */
struct lexicon_block {
    uint32_t first; /* those before it are free */
    uint32_t letters[LEXICON_BLOCK];
    const struct lexicon_entry *entries[LEXICON_BLOCK];
    struct lexicon_block *next;
};

/* A part at the beginning or end of a word, and what it becomes: a word of its own, nothing (""), or
   attached ("+kan"). */
struct lexicon_affix {
    const char *text;
    size_t length;
    const char *standard;
    int attach;
};

struct lexicon_language {
    const char *code;
    struct lexicon_affix *suffixes, *prefixes; /* longest first */
    size_t suffix_count, prefix_count;
};

struct lexicon {
    struct arena *arena;
    struct lexicon_language languages[LEXICON_LANGUAGES_MAX];
    size_t language_count;
    struct lexicon_entry **slots; /* open addressing; capacity is a power of two */
    size_t capacity, count;
    /* For text_correct's walk: words by length and first byte, by length and last two bytes. */
    struct lexicon_block *by_start[LEXICON_WORD_MAX + 1][LEXICON_STARTS];
    struct lexicon_block *by_end[LEXICON_WORD_MAX + 1][LEXICON_ENDS];
};

/* NULL when the word stands nowhere in the lexicon. */
struct lexicon_entry *lexicon_find(const struct lexicon *lexicon, const char *word, size_t length);

/* Finds or makes the entry; word is copied. */
struct lexicon_entry *lexicon_intern(struct lexicon *lexicon, const char *word, size_t length);

/* Which languages a word speaks for, once all is read. A chat spelling of one language only is as telling as
   a marker ("btalin"). own: that no other language knows; known_votes: merely known, in no other language. */
void lexicon_count_votes(struct lexicon_entry *entry, size_t language_count);

/* The form of this spelling in language, or NULL. */
struct lexicon_form *lexicon_form(const struct lexicon_entry *entry, int language);

/* Follows chains of forms and replaces every standard by its end; reports cycles and standards that are not
   clear. Returns the number of mistakes. */
size_t lexicon_chain(struct lexicon *lexicon, lexicon_report *report, void *context);

/* Buckets of words of one length; different bytes may share one. */
static inline size_t lexicon_start(const char *word) {
    return (unsigned char)word[0] % LEXICON_STARTS;
}
static inline size_t lexicon_end(const char *word, size_t length) {
    unsigned last = (unsigned char)word[length - 1],
             before = length > 1 ? (unsigned char)word[length - 2] : 0;
    return (last + before * 29) % LEXICON_ENDS;
}

/* The bit of a language in the masks of an entry. */
static inline unsigned lexicon_bit(int language) {
    return 1u << language;
}

#endif
