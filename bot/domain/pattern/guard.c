/* Bounds on what a matching text is made of, from the tree of an expression. Never looks at a text beyond its
   counts. Called by required.c (extract) and prefilter.c (test). */
#include "domain/pattern/guard.h"

#include <string.h>

#include "banned.h"

struct bounds {
    uint16_t least[KIND_MASKS]; /* characters of the kinds in the mask that every match has, saturating */
    uint16_t most[KIND_COUNT];
    uint16_t run;
    uint8_t starts, ends; /* every match begins at the start, ends at the end of the text */
};

static uint16_t add(uint16_t a, uint16_t b) {
    return a > GUARD_ENDLESS - b ? GUARD_ENDLESS : (uint16_t)(a + b);
}

static uint16_t multiply(uint16_t a, uint32_t times) {
    uint64_t product = (uint64_t)a * times;
    return product >= GUARD_ENDLESS || (a != 0 && times == PARSE_ENDLESS) ? GUARD_ENDLESS : (uint16_t)product;
}

static uint16_t smaller(uint16_t a, uint16_t b) {
    return a < b ? a : b;
}

static uint16_t larger(uint16_t a, uint16_t b) {
    return a > b ? a : b;
}

enum guard_kind guard_kind_of(uint32_t code_point) {
    if (code_point >= 128) {
        return KIND_OTHER;
    }
    if ((code_point | 32) >= 'a' && (code_point | 32) <= 'z') {
        return KIND_LETTER;
    }
    if (code_point >= '0' && code_point <= '9') {
        return KIND_DIGIT;
    }
    return code_point == ' ' || (code_point >= 9 && code_point <= 13) ? KIND_SPACE : KIND_MARK;
}

static void one_character(struct bounds *bounds, unsigned kinds) {
    for (unsigned mask = 0; mask < KIND_MASKS; mask++) {
        bounds->least[mask] = (kinds & ~mask) == 0;
    }
    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        bounds->most[kind] = (kinds >> kind) & 1;
    }
}

static void letters(struct bounds *bounds, uint32_t count) {
    one_character(bounds, 1u << KIND_LETTER);
    for (unsigned mask = 0; mask < KIND_MASKS; mask++) {
        bounds->least[mask] = multiply(bounds->least[mask], count);
    }
    bounds->most[KIND_LETTER] = multiply(bounds->most[KIND_LETTER], count);
}

static unsigned kinds_of_set(const struct parse_set *set) {
    unsigned kinds = set->may_other ? 1u << KIND_OTHER : 0;
    for (uint32_t code_point = 0; code_point < 128; code_point++) {
        if ((set->may[code_point >> 6] >> (code_point & 63) & 1) != 0) {
            kinds |= 1u << guard_kind_of(code_point);
        }
    }
    return kinds;
}

static void unknown(struct bounds *bounds) {
    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        bounds->most[kind] = GUARD_ENDLESS;
    }
}

static void measure(const struct parse_tree *tree, uint32_t node, struct bounds *bounds);

static int is_one_character(const struct parse_tree *tree, uint32_t node) {
    while (node != 0 && tree->nodes[node].kind == NODE_CONCAT) {
        node = tree->nodes[node].child;
        if (node != 0 && tree->nodes[node].next != 0) {
            return 0;
        }
    }
    return node != 0 && (tree->nodes[node].kind == NODE_SET || tree->nodes[node].kind == NODE_CHAR);
}

/* (\w)\1{5,}: the reference follows its one-character group at once, so the text repeats that character. */
static uint16_t run_at(const struct parse_tree *tree, const struct node *group) {
    const struct node *next = &tree->nodes[group->next];
    uint32_t times = 1;
    if (group->kind != NODE_GROUP || group->value == 0 || group->next == 0 || tree->has_branch_reset) {
        return 0;
    }
    if (next->kind == NODE_REPEAT) {
        times = next->value;
        next = &tree->nodes[next->child];
    }
    if (next->kind != NODE_REFERENCE || next->value != group->value ||
        !is_one_character(tree, group->child)) {
        return 0;
    }
    return (uint16_t)(times < UINT16_MAX ? times + 1 : UINT16_MAX);
}

static void measure_sequence(const struct parse_tree *tree, const struct node *sequence,
                             struct bounds *bounds) {
    for (uint32_t child = sequence->child; child != 0; child = tree->nodes[child].next) {
        struct bounds part;
        measure(tree, child, &part);
        for (unsigned mask = 0; mask < KIND_MASKS; mask++) {
            bounds->least[mask] = add(bounds->least[mask], part.least[mask]);
        }
        for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
            bounds->most[kind] = add(bounds->most[kind], part.most[kind]);
        }
        bounds->run = larger(bounds->run, larger(part.run, run_at(tree, &tree->nodes[child])));
        bounds->starts |= part.starts;
        bounds->ends |= part.ends;
    }
}

static void measure_alternatives(const struct parse_tree *tree, const struct node *alternation,
                                 struct bounds *bounds) {
    measure(tree, alternation->child, bounds);
    for (uint32_t child = tree->nodes[alternation->child].next; child != 0; child = tree->nodes[child].next) {
        struct bounds part;
        measure(tree, child, &part);
        for (unsigned mask = 0; mask < KIND_MASKS; mask++) {
            bounds->least[mask] = smaller(bounds->least[mask], part.least[mask]);
        }
        for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
            bounds->most[kind] = larger(bounds->most[kind], part.most[kind]);
        }
        bounds->run = smaller(bounds->run, part.run);
        bounds->starts &= part.starts;
        bounds->ends &= part.ends;
    }
}

static void measure_repeat(const struct parse_tree *tree, const struct node *repeat, struct bounds *bounds) {
    measure(tree, repeat->child, bounds);
    for (unsigned mask = 0; mask < KIND_MASKS; mask++) {
        bounds->least[mask] = multiply(bounds->least[mask], repeat->value);
    }
    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        bounds->most[kind] = multiply(bounds->most[kind], repeat->max);
    }
    if (repeat->value == 0) {
        bounds->run = bounds->starts = bounds->ends = 0;
    }
}

static void measure(const struct parse_tree *tree, uint32_t node, struct bounds *bounds) {
    const struct node *at = &tree->nodes[node];
    memset(bounds, 0, sizeof *bounds);
    switch ((enum node_kind)at->kind) {
    case NODE_CHAR: one_character(bounds, 1u << guard_kind_of(at->value)); return;
    case NODE_LETTERS: letters(bounds, at->max); return;
    case NODE_SET: one_character(bounds, kinds_of_set(&tree->sets[at->value])); return;
    case NODE_START: bounds->starts = 1; return;
    case NODE_END: bounds->ends = 1; return;
    case NODE_UNKNOWN:
    case NODE_SHARED: /* required.c reads expressions anew for this */
    case NODE_REFERENCE: unknown(bounds); return;
    case NODE_CONCAT: measure_sequence(tree, at, bounds); return;
    case NODE_ALTERNATE: measure_alternatives(tree, at, bounds); return;
    case NODE_REPEAT: measure_repeat(tree, at, bounds); return;
    case NODE_GROUP: measure(tree, at->child, bounds); return;
    case NODE_BOUNDARY:
    case NODE_RESTRICT:
    case NODE_LOOK: return; /* no width; what a lookaround needs may overlap with what follows */
    }
}

void guard_open(struct guard *guard) {
    memset(guard, 0, sizeof *guard);
    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        guard->most[kind] = GUARD_ENDLESS;
    }
}

/* Of the masks a text must satisfy, the one that fewest chat messages do: digits and other scripts are rare
   in them, marks less so, letters and blanks are everywhere. */
static void choose_mask(const struct bounds *bounds, struct guard *guard) {
    static const uint16_t rarity[KIND_COUNT] = {1, 8, 1, 4, 8};
    uint32_t best = 0;
    for (unsigned mask = 1; mask < KIND_MASKS - 1; mask++) {
        uint32_t score = UINT32_MAX;
        for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
            uint32_t value = (uint32_t)rarity[kind] * bounds->least[mask];
            score = (mask >> kind & 1) != 0 && value < score ? value : score;
        }
        if (score > best) {
            best = score;
            guard->mask = (uint8_t)mask;
            guard->least = bounds->least[mask];
        }
    }
}

void guard_extract(const struct parse_tree *tree, struct guard *guard) {
    struct bounds bounds;
    guard_open(guard);
    measure(tree, tree->root, &bounds);
    choose_mask(&bounds, guard);
    guard->least_length = bounds.least[KIND_MASKS - 1];
    guard->least_run = bounds.run;
    if (bounds.starts && bounds.ends) {
        memcpy(guard->most, bounds.most, sizeof guard->most);
        guard->most[KIND_SPACE] = add(guard->most[KIND_SPACE], 1); /* $ stands before a last newline too */
    }
}

int guard_is_open(const struct guard *guard) {
    int is_open = guard->least == 0 && guard->least_length == 0 && guard->least_run <= 1;
    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        is_open = is_open && guard->most[kind] == GUARD_ENDLESS;
    }
    return is_open;
}

int guard_allows(const struct guard *guard, const struct guard_counts *counts) {
    uint32_t length = 0, masked = 0;
    if (counts->is_unknown) {
        return 1;
    }
    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        length += counts->of[kind];
        masked += (guard->mask >> kind & 1) != 0 ? counts->of[kind] : 0u;
        if (counts->of[kind] > guard->most[kind]) {
            return 0;
        }
    }
    return masked >= guard->least && length >= guard->least_length && counts->longest_run >= guard->least_run;
}
