/* What every store agrees on: sizes it accepts and how versions and sequence numbers move on. */
#ifndef PANDU_STORE_RULES_H
#define PANDU_STORE_RULES_H

#include "store/store.h"

enum {
    RULES_INBOUND_MAX = 64 * 1024, /* JSON of a 4 KB message, every byte escaped, with room */
    RULES_OUTCOME_MAX = 256 * 1024,
    RULES_STATE_MAX = 256 * 1024,
    RULES_TEXT_MAX = 16 * 1024, /* one unmatched text, candidate list or quote */
    RULES_NOTES_MAX = 16,       /* unmatched, escalations or due events of one turn */
    RULES_LIST_MAX = 10000      /* rows of list_unmatched */
};

/* Where a conversation stands. All zero: never heard of. Erasing keeps version and sequence, so that neither
   a client that remembers the last number it saw nor a cache with an old version is misled. */
struct rules_head {
    uint64_t version;
    uint64_t last_seq;
};

/* Why a name cannot be stored, or NULL. */
const char *rules_name_problem(const char *conversation);
/* Why a turn cannot be stored, or NULL. */
const char *rules_turn_problem(const struct store_turn *turn);

/* Whether the turn brings its state whole, or a patch of one of before bytes; *after: bytes of the state. */
int rules_fits_state(const struct store_turn *turn, size_t before, size_t *after);

/* The head after turn; *first_seq is the number of its first event. An empty inbound takes no number. */
struct rules_head rules_advance(struct rules_head head, const struct store_turn *turn, uint64_t *first_seq);

#endif
