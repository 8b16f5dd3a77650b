/* Rules common to all stores. Never stores anything itself. Called by store/memory and store/sqlite. */
#include "store/rules.h"

#include <string.h>

#include "store/patch.h"

#include "banned.h"

/* Whether text has 1 to most bytes. */
static int fits(const char *text, size_t most) {
    size_t length = text != NULL ? strnlen(text, most + 1) : 0;
    return length >= 1 && length <= most;
}

static int is_short(const char *text) {
    return text == NULL || strnlen(text, RULES_TEXT_MAX + 1) <= RULES_TEXT_MAX;
}

const char *rules_name_problem(const char *conversation) {
    return fits(conversation, STORE_CONVERSATION_MAX) ? NULL : "a conversation is named by 1 to 128 bytes";
}

static const char *notes_problem(const struct store_turn *turn) {
    if (turn->unmatched_count > RULES_NOTES_MAX || turn->escalation_count > RULES_NOTES_MAX ||
        turn->due_count > RULES_NOTES_MAX) {
        return "too many notes in one turn";
    }
    int fine = 1;
    for (size_t i = 0; i < turn->unmatched_count; i++) {
        fine &= is_short(turn->unmatched[i].text) && is_short(turn->unmatched[i].candidates);
    }
    for (size_t i = 0; i < turn->escalation_count; i++) {
        fine &= is_short(turn->escalations[i].intent) && is_short(turn->escalations[i].quote);
    }
    return fine ? NULL : "a note is longer than 16 KiB";
}

const char *rules_turn_problem(const struct store_turn *turn) {
    const char *problem = rules_name_problem(turn->conversation);
    if (problem != NULL) {
        return problem;
    }
    if (!fits(turn->turn_id, STORE_TURN_ID_MAX)) {
        return "a turn is named by 1 to 128 bytes";
    }
    if (turn->inbound.length > RULES_INBOUND_MAX || turn->outcome.length > RULES_OUTCOME_MAX ||
        turn->state.length > RULES_STATE_MAX) {
        return "the turn is larger than the store accepts";
    }
    if (turn->is_patch && turn->erase) {
        return "a turn that erases brings its whole state";
    }
    for (size_t i = 0; i < turn->due_count && i < RULES_NOTES_MAX; i++) {
        if (!fits(turn->due[i].kind, STORE_KIND_MAX)) {
            return "a kind of event is named by 1 to 32 bytes";
        }
    }
    return notes_problem(turn);
}

int rules_fits_state(const struct store_turn *turn, size_t before, size_t *after) {
    *after = turn->state.length;
    return !turn->is_patch || (before != 0 && patch_check(turn->state, before, after) == 0);
}

struct rules_head rules_advance(struct rules_head head, const struct store_turn *turn, uint64_t *first_seq) {
    *first_seq = head.last_seq + 1;
    head.version++;
    head.last_seq += turn->outbound_count + (turn->inbound.length != 0);
    return head;
}
