/* Groups that many expressions have in common (the words of a class), so that what they require is found out
   once and not for every expression. Private to domain/pattern. */
#ifndef PANDU_DOMAIN_PATTERN_SHARED_H
#define PANDU_DOMAIN_PATTERN_SHARED_H

#include <stddef.h>
#include <stdint.h>

struct required_string;

enum {
    SHARED_LENGTH_MIN = 32,
    SHARED_DEPTH_MAX = 3, /* deeper groups are parts of word lists */
    SHARED_BYTES_MAX = 64 << 20,
    SHARED_NONE = UINT32_MAX
};

enum shared_state {
    SHARED_NEW,    /* what it requires is not known yet */
    SHARED_KNOWN,  /* strings holds everything it may match */
    SHARED_UNKNOWN /* it is more than a list: read it every time */
};

struct shared_part {
    char *text; /* the inside of "(?:...)" and the closing parenthesis */
    size_t length;
    size_t depth;   /* of the groups in it, itself counted */
    unsigned flags; /* enum parse_flag in force where it stands */
    enum shared_state state;
    struct required_string *strings; /* offsets into bytes */
    size_t count;
    unsigned char *bytes;
    size_t byte_count;
    int is_precise; /* as in struct required_part */
    int shortest;   /* bytes of the shortest string; 0: one has blanks at its edges or REQUIRED_SPACES */
};

struct shared;

struct shared *shared_new(void); /* NULL without memory: everything is read every time */
void shared_free(struct shared *shared);

/* The part that begins at text, behind "(?:", or NULL if it is not worth keeping: too short, more than plain
   text, alternatives, quantifiers and groups of them, or not seen twice. *length: with the closing
   parenthesis. *index: for shared_get. shared may be NULL. */
struct shared_part *shared_find(struct shared *shared, const char *text, size_t left, unsigned flags,
                                uint32_t *index);
struct shared_part *shared_get(struct shared *shared, uint32_t index);

/* A list of words, literal and as they stand in a text: its number, or SHARED_NONE if it cannot be one of
   strings (too long, too many, letters with strange forms) or there is no memory. */
uint32_t shared_add_list(struct shared *shared, const char *const *words, size_t count);

/* Keeps copies; bytes: what the strings' offsets point into. Without memory it is read every time. */
void shared_keep(struct shared *shared, struct shared_part *part, const struct required_string *strings,
                 size_t count, const unsigned char *bytes, int is_precise);

#endif
