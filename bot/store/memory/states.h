/* The states of one conversation in memory, as store.h lets turns bring them: whole, or what is new. */
#ifndef PANDU_STORE_MEMORY_STATES_H
#define PANDU_STORE_MEMORY_STATES_H

#include "store/store.h"

/* All zero: none. */
struct states {
    char *whole; /* the last that came whole, after which version */
    size_t whole_length;
    uint64_t whole_version;
    char *newest;
    size_t newest_length;
};

/* What a turn makes of them; its version is set by states_keep_take. 0, or -1 without memory. */
int states_make(const struct states *before, const struct store_turn *turn, struct states *after);
/* The ones made become the present ones. */
void states_keep_take(struct states *states, struct states *made, uint64_t version);
void states_forget(struct states *states);

#endif
