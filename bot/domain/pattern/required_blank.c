/* What stands beside a part of an expression, as far as its tree tells: blanks, or an end of the text.
   Authors' patterns are words between blanks, and strings that stand between blanks are found without the
   automaton. Never changes anything. Called by required.c. */
#include "domain/pattern/required.h"

#include "banned.h"

static int ends_all(const struct required *required, uint32_t branch) {
    while (branch != 0 && required_ends_blank(required, branch)) {
        branch = required->tree.nodes[branch].next;
    }
    return branch == 0;
}

int required_ends_blank(const struct required *required, uint32_t node) {
    const struct node *at = &required->tree.nodes[node];
    switch ((enum node_kind)at->kind) {
    case NODE_CHAR: return at->value == ' ';
    case NODE_GROUP: return required_ends_blank(required, at->child);
    case NODE_ALTERNATE: return ends_all(required, at->child);
    case NODE_REPEAT: return at->value > 0 && required_ends_blank(required, at->child);
    case NODE_CONCAT:
        for (node = at->child; node != 0 && required->tree.nodes[node].next != 0;) {
            node = required->tree.nodes[node].next;
        }
        return node != 0 && required_ends_blank(required, node);
    default: return 0;
    }
}

int required_keeps_blank_behind(const struct required *required, uint32_t node,
                                const struct required_part *part, int is_behind) {
    const struct node *at = &required->tree.nodes[node];
    if (at->kind == NODE_START) {
        return 1;
    }
    if (part->is_exact) {
        return required_keeps_blank(required, part, is_behind);
    }
    return at->kind == NODE_REPEAT && (is_behind || at->value > 0) &&
           required_ends_blank(required, at->child);
}

/* What node itself begins with: a blank, or the end of the text behind it; something else or who knows what;
   nothing, perhaps. */
enum beginning { BEGINS_BLANK, BEGINS_OTHERWISE, BEGINS_NOTHING };

static enum beginning beginning_of(const struct required *required, uint32_t node);

static enum beginning begins_all(const struct required *required, uint32_t branch) {
    for (; branch != 0; branch = required->tree.nodes[branch].next) {
        if (beginning_of(required, branch) != BEGINS_BLANK) {
            return BEGINS_OTHERWISE;
        }
    }
    return BEGINS_BLANK;
}

static enum beginning beginning_of(const struct required *required, uint32_t node) {
    const struct node *at = &required->tree.nodes[node];
    switch ((enum node_kind)at->kind) {
    case NODE_CHAR: return at->value == ' ' ? BEGINS_BLANK : BEGINS_OTHERWISE;
    case NODE_BOUNDARY: return at->value == BOUNDARY_BLANK_AFTER ? BEGINS_BLANK : BEGINS_NOTHING;
    case NODE_END: return BEGINS_NOTHING;
    case NODE_CONCAT:
        return required_is_before_blank(required, at->child, 0) ? BEGINS_BLANK : BEGINS_OTHERWISE;
    case NODE_ALTERNATE: return begins_all(required, at->child);
    case NODE_GROUP: return beginning_of(required, at->child);
    case NODE_REPEAT:
        if (at->max == 0 || beginning_of(required, at->child) != BEGINS_BLANK) {
            return BEGINS_OTHERWISE;
        }
        return at->value > 0 ? BEGINS_BLANK : BEGINS_NOTHING;
    default: return BEGINS_OTHERWISE;
    }
}

int required_is_before_blank(const struct required *required, uint32_t node, int is_before) {
    for (; node != 0; node = required->tree.nodes[node].next) {
        enum beginning beginning = beginning_of(required, node);
        if (beginning != BEGINS_NOTHING) {
            return beginning == BEGINS_BLANK;
        }
    }
    return is_before;
}
