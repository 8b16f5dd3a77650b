/* An author's own wording of a question: is it fit to become an example, whose is it, and which pattern could
   find it. */
#ifndef PANDU_DOMAIN_AUTHORING_WORDING_H
#define PANDU_DOMAIN_AUTHORING_WORDING_H

#include <stddef.h>

struct arena;
struct content;
struct text;

enum {
    WORDING_BYTES_MAX = 240,
    WORDING_RUN = 6,     /* as many words in a row as in somebody's message are a quotation */
    WORDING_PATTERNS = 3 /* proposed at most */
};

/* 1 if one of the folded messages says nothing but what the other says, in its words: all of them that are
   not mere courtesy, in any order (of four and more words: nearly all), or WORDING_RUN of them in a row. */
int wording_is_copy(const struct text *own, const struct text *said);

/* Patterns that could find such messages, made of its rarest words in their order, the shortest first.
   Returns how many were written; texts in arena. */
size_t wording_patterns(const struct content *content, const struct text *own, struct arena *arena,
                        const char *patterns[WORDING_PATTERNS]);

#endif
