/* Decides patterns that are nothing but groups of strings with gaps between them from the places where the
   strings were found. Walks them in the order PCRE2 would, so the span is the same. Never reads the text.
   Called by pattern.c. */
#include "domain/pattern/prefilter.h"

#include "banned.h"

enum { SLOT_PLACES_MAX = 64 };

struct slot {
    unsigned count;
    uint64_t failed;                      /* places behind which the rest was tried in vain */
    struct place places[SLOT_PLACES_MAX]; /* by start, then rank */
};

struct walk {
    const struct plan *plan;
    const struct scan *scan;
    struct slot slots[PLAN_GROUPS_MAX];
    size_t end;
};

static int follow(struct walk *walk, unsigned number, uint32_t last);

static int is_before(const struct scan *scan, struct place a, struct place b) {
    uint32_t a_start = scan->occurrences[a.occurrence].start, b_start = scan->occurrences[b.occurrence].start;
    return a_start < b_start || (a_start == b_start && a.rank <= b.rank);
}

/* By start, then rank: the order in which PCRE2 would come to them. Most stand so already. */
static void sort_places(const struct scan *scan, struct place *places, unsigned count) {
    for (unsigned i = 1; i < count; i++) {
        struct place place = places[i];
        unsigned at = i;
        for (; at > 0 && !is_before(scan, places[at - 1], place); at--) {
            places[at] = places[at - 1];
        }
        places[at] = place;
    }
}

/* 0 if there are too many places, or places that are not known. */
static int gather(const struct scan *scan, uint16_t group, struct slot *slot) {
    slot->failed = 0;
    slot->count = 0;
    if (!scan_has(scan, group)) {
        return 1;
    }
    if (scan_is_unsure(scan, group)) {
        return 0;
    }
    slot->count = scan_places(scan, group, slot->places, SLOT_PLACES_MAX);
    if (slot->count > SLOT_PLACES_MAX) {
        return 0;
    }
    sort_places(scan, slot->places, slot->count);
    return 1;
}

/* Places [from, to) begin at the same character: the one PCRE2 tries first whose rest fits. */
static int try_places(struct walk *walk, unsigned number, unsigned from, unsigned to) {
    struct slot *slot = &walk->slots[number];
    for (unsigned i = from; i < to; i++) {
        const struct occurrence *place = &walk->scan->occurrences[slot->places[i].occurrence];
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
    return walk->scan->occurrences[walk->slots[number].places[place].occurrence].first;
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
            *start = scan->occurrences[walk.slots[0].places[i].occurrence].start;
            *end = walk.end;
            return 1;
        }
    }
    return 0;
}

static uint32_t nearer_end(const struct occurrence *place, uint32_t behind, uint32_t nearest) {
    return place->start >= behind && place->end < nearest ? place->end : nearest;
}

/* nearest_end where one bit stands for several occurrences. */
static uint32_t nearest_of_many(const struct scan *scan, uint16_t group, uint32_t behind) {
    struct place places[SLOT_PLACES_MAX];
    uint32_t nearest = UINT32_MAX;
    unsigned count = scan_places(scan, group, places, SLOT_PLACES_MAX);
    if (count > SLOT_PLACES_MAX) {
        return behind; /* who knows */
    }
    for (unsigned i = 0; i < count; i++) {
        nearest = nearer_end(&scan->occurrences[places[i].occurrence], behind, nearest);
    }
    return nearest;
}

/* Where the place of the group that ends first behind `behind` ends; UINT32_MAX: there is none. */
static uint32_t nearest_end(const struct scan *scan, uint16_t group, uint32_t behind) {
    uint32_t where = scan->seen[group];
    uint32_t nearest = UINT32_MAX;
    if (where >> SEEN_REST != 0) {
        return nearest_of_many(scan, group, behind);
    }
    for (; where != 0; where &= where - 1) {
        nearest = nearer_end(&scan->occurrences[__builtin_ctz(where)], behind, nearest);
    }
    return nearest;
}

int chain_is_ordered(const struct plan *plan, const struct scan *scan) {
    uint32_t behind = 0;
    unsigned ordered = plan->ordered;
    if ((ordered & (ordered - 1)) == 0 || scan->is_skipped) {
        return 1; /* one has no order */
    }
    for (unsigned i = 0; i < plan->count; i++) {
        if ((ordered >> i & 1) == 0 || scan_is_unsure(scan, plan->groups[i])) {
            continue;
        }
        behind = nearest_end(scan, plan->groups[i], behind);
        if (behind == UINT32_MAX) {
            return 0;
        }
    }
    return 1;
}
