/* The state of one conversation in memory, as store.h lets turns bring it: whole, or what is new. */
#ifndef PANDU_STORE_MEMORY_STATES_H
#define PANDU_STORE_MEMORY_STATES_H

#include "store/store.h"

/* All zero: none. */
struct states {
    char *newest;
    size_t newest_length;
};

/* What a turn that fits (rules.h) makes of it. 0, or -1 without memory. */
int states_make(const struct states *before, const struct store_turn *turn, struct states *after);
/* The one made becomes the present one. */
void states_keep_take(struct states *states, struct states *made);
void states_forget(struct states *states);

#endif
