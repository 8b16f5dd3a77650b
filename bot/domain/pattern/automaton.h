/* Aho and Corasick's automaton ("Efficient string matching", CACM 18(6), 1975) as one dense table. */
#ifndef PANDU_DOMAIN_PATTERN_AUTOMATON_H
#define PANDU_DOMAIN_PATTERN_AUTOMATON_H

#include <stddef.h>
#include <stdint.h>

enum { AUTOMATON_STATES_MAX = UINT16_MAX /* more than all pairs of 255 classes of bytes take */ };

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

struct automaton_builder;

struct automaton_builder *automaton_builder_new(void);
void automaton_builder_free(struct automaton_builder *builder);

/* Declares the bytes that strings will use: all of them before the first automaton_add. */
void automaton_use_bytes(struct automaton_builder *builder, const unsigned char *bytes, size_t length);

/* 0, ERR_LIMIT (too many states) or ERR_MEMORY. */
int automaton_add(struct automaton_builder *builder, const unsigned char *bytes, size_t length,
                  uint32_t number);

/* Caller's storage. 0 or ERR_MEMORY. The builder is used up. */
int automaton_build(struct automaton_builder *builder, struct automaton *automaton);
void automaton_close(struct automaton *automaton);

#endif
