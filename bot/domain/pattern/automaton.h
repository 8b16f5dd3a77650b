/* Aho and Corasick's automaton ("Efficient string matching", CACM 18(6), 1975) as one dense table. */
#ifndef PANDU_DOMAIN_PATTERN_AUTOMATON_H
#define PANDU_DOMAIN_PATTERN_AUTOMATON_H

#include <stddef.h>
#include <stdint.h>

enum {
    AUTOMATON_STATES_MAX = UINT16_MAX, /* more than all pairs of 255 classes of bytes take */
    AUTOMATON_STRING_MAX = 8           /* bytes; none of them is 0 */
};

/* State s on a byte of class c goes to table[s << shift | c]. States without output come first, nearest to
   the root first, so that the rows most used lie together. */
struct automaton {
    uint8_t class_of[256]; /* upper case letters are in the class of their lower case */
    uint8_t shift;
    uint16_t first_output; /* states from here on end a string */
    uint16_t *table;
    /* By state - first_output: what ends here and nothing shorter does; one more start at the end. */
    uint32_t *output_start;
    uint16_t *shorter; /* the state to look at next, for what ends here and is shorter; 0: nothing */
    uint32_t *outputs; /* numbers given to automaton_add */
    size_t state_count;
};

/* One string; its number is its place in the list. */
struct automaton_string {
    const unsigned char *bytes;
    size_t length; /* 1 to AUTOMATON_STRING_MAX */
};

/* Caller's storage. 0, ERR_LIMIT (too many states) or ERR_MEMORY. */
int automaton_build(struct automaton *automaton, const struct automaton_string *strings, size_t count);
void automaton_close(struct automaton *automaton);

#endif
