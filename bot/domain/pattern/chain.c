/* Decides patterns that are nothing but groups of strings with gaps between them from the places where the
   strings were found. Walks them in the order PCRE2 would, so the span is the same. Never reads the text.
   Called by pattern.c. */
#include "domain/pattern/prefilter.h"

#include "banned.h"

enum { SLOT_PLACES_MAX = 64 };

struct slot {
    unsigned count;
    uint64_t failed;                  /* places behind which the rest was tried in vain */
    uint16_t places[SLOT_PLACES_MAX]; /* occurrences, by start, then rank */
};

struct walk {
    const struct plan *plan;
    const struct scan *scan;
    struct slot slots[PLAN_GROUPS_MAX];
    size_t end;
};

static int follow(struct walk *walk, unsigned number, uint32_t last);

/* 0 if there are too many places, or places that are not known. */
static int gather(const struct scan *scan, uint16_t group, struct slot *slot) {
    const struct seen *seen = &scan->seen[group];
    slot->count = 0;
    slot->failed = 0;
    if (seen->is_unsure || seen->count > SLOT_PLACES_MAX) {
        return 0;
    }
    for (uint16_t at = seen->head; at != SCAN_NONE; at = scan->occurrences[at].next) {
        slot->places[slot->count++] = at;
    }
    return 1;
}

/* Places [from, to) begin at the same character: the one PCRE2 tries first whose rest fits. */
static int try_places(struct walk *walk, unsigned number, unsigned from, unsigned to) {
    struct slot *slot = &walk->slots[number];
    for (unsigned i = from; i < to; i++) {
        const struct occurrence *place = &walk->scan->occurrences[slot->places[i]];
        if ((slot->failed >> i & 1) != 0) {
            continue;
        }
        if (number + 1u == walk->plan->count) {
            walk->end = place->end;
            return 1;
        }
        if (follow(walk, number + 1, place->last)) {
            return 1;
        }
        slot->failed |= (uint64_t)1 << i;
    }
    return 0;
}

static uint32_t first_of(const struct walk *walk, unsigned number, unsigned place) {
    return walk->scan->occurrences[walk->slots[number].places[place]].first;
}

/* Slot number after a gap that begins at last: a greedy gap wants the farthest place, a lazy one the nearest.
 */
static int follow(struct walk *walk, unsigned number, uint32_t last) {
    const struct plan *plan = walk->plan;
    uint64_t low = (uint64_t)last + plan->gap_least[number - 1];
    uint64_t high =
        plan->gap_most[number - 1] == UINT16_MAX ? UINT64_MAX : (uint64_t)last + plan->gap_most[number - 1];
    unsigned from = 0, to = walk->slots[number].count;
    int is_lazy = plan->lazy_gaps >> (number - 1) & 1;
    while (from < to && first_of(walk, number, from) < low) {
        from++;
    }
    while (to > from && first_of(walk, number, to - 1) > high) {
        to--;
    }
    while (from < to) {
        unsigned begin = is_lazy ? from : to - 1, end = begin + 1;
        while (is_lazy && end < to && first_of(walk, number, end) == first_of(walk, number, begin)) {
            end++;
        }
        while (!is_lazy && begin > from &&
               first_of(walk, number, begin - 1) == first_of(walk, number, begin)) {
            begin--;
        }
        if (try_places(walk, number, begin, end)) {
            return 1;
        }
        from = is_lazy ? end : from;
        to = is_lazy ? to : begin;
    }
    return 0;
}

int chain_decide(const struct plan *plan, const struct scan *scan, size_t *start, size_t *end) {
    struct walk walk;
    walk.plan = plan;
    walk.scan = scan;
    walk.end = 0;
    walk.slots[0].count = 0;
    if (scan->is_skipped || scan->has_newline) {
        return -1;
    }
    for (unsigned i = 0; i < plan->count; i++) {
        if (!gather(scan, plan->groups[i], &walk.slots[i])) {
            return -1;
        }
    }
    for (unsigned i = 0; i < walk.slots[0].count; i++) {
        if (try_places(&walk, 0, i, i + 1)) {
            *start = scan->occurrences[walk.slots[0].places[i]].start;
            *end = walk.end;
            return 1;
        }
    }
    return 0;
}

int chain_is_ordered(const struct plan *plan, const struct scan *scan) {
    uint32_t behind = 0;
    for (unsigned i = 0; i < plan->count && !scan->is_skipped; i++) {
        const struct seen *seen = &scan->seen[plan->groups[i]];
        uint32_t nearest = UINT32_MAX;
        if ((plan->ordered >> i & 1) == 0 || seen->is_unsure) {
            continue;
        }
        for (uint16_t at = seen->head; at != SCAN_NONE; at = scan->occurrences[at].next) {
            const struct occurrence *place = &scan->occurrences[at];
            nearest = place->start >= behind && place->end < nearest ? place->end : nearest;
        }
        if (nearest == UINT32_MAX) {
            return 0;
        }
        behind = nearest;
    }
    return 1;
}
