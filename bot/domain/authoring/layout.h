/* The one layout of content files, so that a change of one word shows as a change of one word. */
#ifndef PANDU_DOMAIN_AUTHORING_LAYOUT_H
#define PANDU_DOMAIN_AUTHORING_LAYOUT_H

#include <stddef.h>

struct buf;
struct err;

enum {
    LAYOUT_WIDTH = 140,       /* columns of a line, where a text does not need more by itself */
    LAYOUT_INDENT = 2,        /* blanks a level */
    LAYOUT_WORD_COLUMNS = 30, /* lists with shorter texts on average are filled, others stand one a line */
    LAYOUT_PAIRS = 12         /* objects of more short pairs than that are filled too ("forms") */
};

/* Appends the canonical layout of a JSON text to out. Nothing but blanks and line breaks outside of texts
   changes: names, their order, numbers and escapes stay as they are written. What fits on one line stands on
   one; the whole file never does. Laying out twice changes nothing more. 0; what value_parse says, with line
   and column; ERR_LIMIT or ERR_MEMORY of out. */
int layout_print(const char *bytes, size_t length, struct buf *out, struct err *err);

#endif
