/* States, whole ones and those put together. Never decides whether a turn fits: rules.c does. Called by
 * memory.c. */
#include "store/memory/states.h"

#include <stdlib.h>
#include <string.h>

#include "banned.h"

static char *join(const char *begin, size_t length, struct store_bytes rest) {
    char *joined = malloc(length + rest.length + 1);
    if (joined != NULL && length != 0) {
        memcpy(joined, begin, length);
    }
    if (joined != NULL && rest.length != 0) {
        memcpy(joined + length, rest.data, rest.length);
    }
    return joined;
}

int states_make(const struct states *before, const struct store_turn *turn, struct states *after) {
    size_t shared = turn->base_version != 0 ? turn->shared : 0;
    *after = (struct states){.newest = join(before->whole, shared, turn->state),
                             .newest_length = shared + turn->state.length};
    if (turn->base_version == 0) {
        after->whole = join(NULL, 0, turn->state);
        after->whole_length = turn->state.length;
    }
    if (after->newest != NULL && (after->whole != NULL || turn->base_version != 0)) {
        return 0;
    }
    states_forget(after);
    return -1;
}

void states_keep_take(struct states *states, struct states *made, uint64_t version) {
    free(states->newest);
    states->newest = made->newest;
    states->newest_length = made->newest_length;
    if (made->whole != NULL) {
        free(states->whole);
        states->whole = made->whole;
        states->whole_length = made->whole_length;
        states->whole_version = version;
    }
}

void states_forget(struct states *states) {
    free(states->newest);
    free(states->whole);
    *states = (struct states){.newest = NULL};
}
