/* Fixed words by their first letter, so that looking one up reads a few and not all: looking for some word of
   the conversation happens for every word of a message, many times a turn. */
#ifndef PANDU_DOMAIN_TEXT_BY_LETTER_H
#define PANDU_DOMAIN_TEXT_BY_LETTER_H

#include <stddef.h>
#include <string.h>

/* One list a letter, NULL where there is none; what parts the words in it is its owner's. Unit tests hold
   that every word stands under its own letter. */
struct by_letter {
    const char *a, *b, *c, *d, *e, *f, *g, *h, *i, *j, *k, *l, *m, *n, *o, *p, *q, *r, *s, *t, *u, *v, *w, *x,
        *y, *z;
};

/* The list of words that begin with letter; "" for what is no letter, too. */
static inline const char *by_letter(const struct by_letter *words, char letter) {
    const char *list = NULL;
    if (letter >= 'a' && letter <= 'z') {
        memcpy(&list, (const char *)words + (size_t)(letter - 'a') * sizeof list, sizeof list);
    }
    return list != NULL ? list : "";
}

/* 1 if the list, parted by blanks, holds the word. */
static inline int by_letter_has(const struct by_letter *words, const char *word, size_t length) {
    const char *list = length > 0 ? by_letter(words, word[0]) : "";
    while (*list != '\0') {
        size_t same = 0;
        while (same < length && list[same] == word[same]) {
            same++;
        }
        if (same == length && (list[same] == ' ' || list[same] == '\0')) {
            return 1;
        }
        while (*list != ' ' && *list != '\0') {
            list++;
        }
        list += *list == ' ';
    }
    return 0;
}

#endif
