/* Plain letters: what any Unicode text looks like when only lower-case base letters, digits and punctuation
   that matters are left. The only user of utf8proc. */
#ifndef PANDU_DOMAIN_TEXT_LETTERS_H
#define PANDU_DOMAIN_TEXT_LETTERS_H

#include <stddef.h>
#include <stdint.h>

struct arena;

struct letters {
    char *bytes; /* NUL-terminated; a-z, 0-9, ASCII punctuation, blanks, line breaks, and UTF-8 letters of
                    other scripts; in arena, may be changed by its owner */
    size_t length;
    const uint16_t *from; /* offset in the source of the character each byte came from, one more at the end;
                             NULL: the same offsets (ASCII text) */
    int cut;              /* 1 when expansion was too long and the rest was dropped */
};

/* Folds valid UTF-8 of at most 64 KiB. */
void letters_fold(const char *text, size_t length, struct arena *arena, struct letters *out);

/* 1 for code points that the raw view drops: control, format, zero-width, bidi, fillers, private use. Line
   and paragraph separators are not dropped: letters_is_break. */
int letters_is_hidden(uint32_t code_point);
int letters_is_break(uint32_t code_point);

/* Of the library in use, which may be another than the one built with. */
const char *letters_version(void);

#endif
