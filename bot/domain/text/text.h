/* One message in two views: raw (for entities and quotes) and folded (for patterns and search). */
#ifndef PANDU_DOMAIN_TEXT_TEXT_H
#define PANDU_DOMAIN_TEXT_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct lexicon;

enum {
    TEXT_BYTES_MAX = 4096, /* design "bounds": longer input is cut at a code point and marked TEXT_CUT */
    TEXT_NO_LANGUAGE = -1
};

enum text_flag {
    TEXT_EMPTY = 1,      /* nothing visible was written */
    TEXT_NO_WORDS = 2,   /* only emoji, punctuation or symbols */
    TEXT_CUT = 4,        /* was longer than TEXT_BYTES_MAX */
    TEXT_MASKED = 8,     /* an identity number (16 digits) was masked in raw */
    TEXT_BAD_BYTES = 16, /* invalid UTF-8 was replaced by U+FFFD */
    TEXT_QUESTION = 32   /* a question mark or a question word of its language */
};

/* A folded word and the raw bytes it came from. One raw word may give several tokens ("gabisa" -> "tidak
   bisa") and the reverse; the raw spans then coincide. */
struct text_token {
    uint16_t start, length;         /* in folded */
    uint16_t raw_start, raw_length; /* in raw */
    uint8_t sentence;               /* 0-based number of the sentence, saturating at 255 */
    uint8_t is_right;               /* 1: the lexicon knows it as it stands; 0: it may know it or not */
    uint8_t is_end;                 /* 1 for the token "." or "?" that ends a sentence */
};

struct text {
    const char *raw; /* valid UTF-8, no control (but "\n") or zero-width characters, NIK masked; trimmed;
                        NUL-terminated */
    size_t raw_length;
    const char *folded; /* lower case, standard spelling, single spaces, ends "." / "?" as words */
    size_t folded_length;
    struct text_token *tokens;
    size_t token_count;
    int language;   /* index into the lexicon's languages; TEXT_NO_LANGUAGE when the text does not tell */
    unsigned flags; /* enum text_flag */
};

/* Makes both views of length bytes (any bytes at all) in arena. language_before: language of the
   conversation so far, used to fold words when the message itself does not tell; TEXT_NO_LANGUAGE at first.
   Never fails: what cannot be read becomes U+FFFD in raw and nothing in folded. */
void text_fold(const struct lexicon *lexicon, const char *bytes, size_t length, int language_before,
               struct arena *arena, struct text *out);

/* Only the raw view, for what nobody has to understand (a pressed button): no words, no language. */
void text_keep(const char *bytes, size_t length, struct arena *arena, struct text *out);

/* Folds one phrase of a pattern, label or class the way text_fold would fold it in a message of that
   language (no sentence ends). The result lives in arena. */
const char *text_fold_phrase(const struct lexicon *lexicon, int language, const char *phrase, size_t length,
                             struct arena *arena);

/* One word of a phrase, letters a to z only: what text_fold_phrase makes of it wherever it stands, in arena
   ("" if nothing). NULL if its neighbours decide. */
const char *text_fold_word(const struct lexicon *lexicon, int language, const char *word, size_t length,
                           struct arena *arena);

/* The second chance for typing errors ("btalin", "pertanyan", "krja"): every folded word that the lexicon
   does not know is replaced by the one known target word that has the same consonants with vowels left out,
   or differs by one insertion, deletion, substitution or swap (five letters and more; two from eight letters
   on). Never when two targets are as near. Returns the number of words replaced; 0: *out is *in. Callers use
   it only when the text as written matched nothing. */
size_t text_correct(const struct lexicon *lexicon, const struct text *in, struct arena *arena,
                    struct text *out);

/* Raw text that the folded bytes [start, end) came from; borrowed from text->raw, not NUL-terminated. */
const char *text_raw_span(const struct text *text, size_t start, size_t end, size_t *length);

/* Copies bytes with every 16-digit identity number (digits may be split by single spaces, dots or hyphens)
   masked except its last four digits, as UU PDP data minimisation asks; returns the number masked. */
int text_mask_identity(const char *bytes, size_t length, struct arena *arena, const char **out,
                       size_t *out_length);

/* The version of the tables of letters that folding goes by: with another, what was folded before may differ.
   Lives for ever. */
const char *text_version(void);

#endif
