/* States, whole ones and those made by patches. Never decides whether a turn fits: rules.c does. Called by
 * memory.c. */
#include "store/memory/states.h"

#include <stdlib.h>
#include <string.h>

#include "store/patch.h"

#include "banned.h"

int states_make(const struct states *before, const struct store_turn *turn, struct states *after) {
    size_t length = turn->state.length;
    if (turn->is_patch && patch_check(turn->state, before->newest_length, &length) != 0) {
        length = 0; /* it does not come here */
    }
    *after = (struct states){.newest = malloc(length + 1), .newest_length = length};
    if (after->newest == NULL) {
        return -1;
    }
    if (turn->is_patch && length != 0) {
        patch_apply(turn->state, before->newest, after->newest);
    } else if (length != 0) {
        memcpy(after->newest, turn->state.data, length);
    }
    return 0;
}

void states_keep_take(struct states *states, struct states *made) {
    free(states->newest);
    *states = *made;
}

void states_forget(struct states *states) {
    free(states->newest);
    *states = (struct states){.newest = NULL};
}
