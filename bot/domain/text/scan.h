/* Words, sentence ends and things that are no words (e-mail, URL, phone) of a plain text. Internal. */
#ifndef PANDU_DOMAIN_TEXT_SCAN_H
#define PANDU_DOMAIN_TEXT_SCAN_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct letters;
struct lexicon;
struct lexicon_entry;
struct lexicon_rule;

enum scan_kind {
    SCAN_WORD,
    SCAN_NUMBER,  /* digits, perhaps with points */
    SCAN_FIXED,   /* stands for an e-mail address, URL, phone or identity number */
    SCAN_STOP,    /* "." */
    SCAN_QUESTION /* "?" */
};

struct scan_word {
    const char *text; /* plain, repeated letters folded; not NUL-terminated */
    size_t length;
    size_t start, end; /* in the plain text */
    enum scan_kind kind;
    const struct lexicon_entry *entry;
    /* Filled by folding: */
    const char *standard; /* NULL: text itself */
    size_t standard_length;
    const struct lexicon_rule *rules;
};

struct scan {
    struct scan_word *words;
    size_t count, capacity;
};

/* Splits plain into words in arena. May change punctuation inside numbers of plain ("2,5" -> "2.5"). raw is
   the text that plain came from. */
void scan_words(const struct lexicon *lexicon, struct letters *plain, const char *raw, struct arena *arena,
                struct scan *out);

/* What stands in the folded text for things that are no words; known and never corrected. */
#define SCAN_EMAIL "xemail"
#define SCAN_URL "xurl"
#define SCAN_PHONE "xphone"
#define SCAN_IDENTITY "xidentity"

#endif
