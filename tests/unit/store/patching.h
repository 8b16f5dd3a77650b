/* For tests of stores: the patch that makes a turn's state of the one before. */
#ifndef TESTS_UNIT_STORE_PATCHING_H
#define TESTS_UNIT_STORE_PATCHING_H

#include <string.h>

#include "store/patch.h"

/* The turn brings its state as a patch of before, in room. */
static inline void patch_turn(struct store_turn *turn, const char *before, char *room, size_t size) {
    turn->state.length =
        patch_make((struct store_bytes){before, strlen(before)}, turn->state, NULL, room, size);
    turn->state.data = room;
    turn->is_patch = 1;
}

#endif
