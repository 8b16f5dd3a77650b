/* Numbers, contacts and names in a message: what may not enter a content file, where erasure does not reach,
   and what is masked wherever somebody's words are shown to authors. Errs towards finding too much. */
#ifndef PANDU_DOMAIN_AUTHORING_PRIVACY_H
#define PANDU_DOMAIN_AUTHORING_PRIVACY_H

#include <stddef.h>

struct arena;
struct content;
struct pattern_scratch;
struct text;

enum { PRIVACY_MAX = 32 /* found in one message; what comes behind is not looked at, but hidden */ };

enum privacy_kind {
    PRIVACY_NUMBER,  /* digits in any script, or four and more digit words in a row */
    PRIVACY_CONTACT, /* e-mail, phone, web address, account (@name), identity number */
    PRIVACY_NAME /* what a fact of kind "name" captures; a word nobody knows behind "pak", "kak" ... or with a
                    capital letter; a common given name */
};
struct privacy_find {
    enum privacy_kind kind;
    size_t start, end; /* bytes of text->raw */
};

/* Finds them in a folded message, in order, never overlapping. Returns how many. */
size_t privacy_find(const struct content *content, struct pattern_scratch *scratch, const struct text *text,
                    struct arena *arena, struct privacy_find found[PRIVACY_MAX]);

/* The raw view with "#" for numbers, "[kontak]" or "[contact]" and "[nama]" or "[name]", line breaks as
   blanks; cut to about columns characters. In arena. */
const char *privacy_masked(const struct content *content, struct pattern_scratch *scratch,
                           const struct text *text, int is_indonesian, size_t columns, struct arena *arena);

#endif
