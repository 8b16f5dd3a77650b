/* From the tree of an expression to the strings a matching text must contain. Never runs an expression.
   Called by prefilter_build.c. The method is that of RE2's prefilter and of Rust's regex-syntax literals:
   small parts are kept as lists of all the strings they match, multiplied along a sequence; where that stops
   being possible (a gap, a class, a repeat) the list so far becomes one group of the AND. */
#include "domain/pattern/required.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "domain/pattern/shared.h"

#include "banned.h"

enum { SMALL_SET_MAX = 8, COPIES_MAX = 4, KELVIN = 0x212A, LONG_S = 0x17F };

static const struct required_part nothing_known = {.is_exact = 0};

static struct required_part extract(struct required *required, uint32_t node);

static int is_letter(uint32_t code_point) {
    return (code_point | 32) >= 'a' && (code_point | 32) <= 'z';
}

/* The bytes the scan of a text will show for this character; 0 where no literal can be made of it. */
static size_t fold(uint32_t code_point, char out[4]) {
    if (code_point >= 'A' && code_point <= 'Z') {
        code_point |= 32;
    }
    if (code_point == KELVIN || code_point == LONG_S) {
        code_point = code_point == KELVIN ? 'k' : 's';
    }
    if (code_point < 128) {
        out[0] = (char)code_point;
        return code_point > REQUIRED_SEPARATOR;
    }
    return u8_encode(code_point, out);
}

/* The scan does not tell letter case apart, so a letter that must have one case is not precise. */
static int is_precise_text(const struct node *node) {
    if (node->kind == NODE_LETTERS) {
        return (node->flags & NODE_CASELESS) != 0;
    }
    return node->value < 128 && ((node->flags & NODE_CASELESS) != 0 || !is_letter(node->value));
}

static size_t fold_letters(const struct required *required, const struct node *node, char *out) {
    const char *letters = required->tree.expression + node->value;
    for (uint32_t i = 0; i < node->max; i++) {
        out[i] = (char)(letters[i] | 32);
    }
    return node->max;
}

static int is_text(const struct node *node) {
    return node->kind == NODE_CHAR || node->kind == NODE_LETTERS;
}

/* As many characters and letters in a row as fit into one string; *node moves to the first one left over. */
static struct required_part extract_text(struct required *required, uint32_t *node) {
    char bytes[REQUIRED_STRING_MAX];
    size_t length = 0;
    uint8_t is_precise = 1;
    const struct node *nodes = required->tree.nodes;
    while (*node != 0 && is_text(&nodes[*node]) && length + PARSE_LETTERS_MAX <= sizeof bytes) {
        const struct node *at = &nodes[*node];
        size_t size = at->kind == NODE_CHAR ? fold(at->value, bytes + length)
                                            : fold_letters(required, at, bytes + length);
        if (size == 0) {
            break;
        }
        is_precise = is_precise && is_precise_text(at);
        length += size;
        *node = at->next;
    }
    if (length == 0) {
        *node = nodes[*node].next;
        return nothing_known;
    }
    struct required_part part = required_single(required, bytes, length);
    part.is_precise = is_precise;
    return part;
}

static int has(const uint64_t map[2], uint32_t code_point) {
    return (int)(map[code_point >> 6] >> (code_point & 63) & 1);
}

/* [bp] is two strings; a set of more than a few characters says nothing. Upper case goes to its lower case.
 */
static struct required_part extract_set(struct required *required, const struct parse_set *set) {
    size_t base = required->pending_count, count = 0;
    uint8_t is_precise = 1;
    for (uint32_t code_point = 0; code_point < 128 && count <= SMALL_SET_MAX; code_point++) {
        int is_upper = code_point >= 'A' && code_point <= 'Z';
        uint32_t twin = is_letter(code_point) ? code_point ^ 32 : code_point;
        if (!has(set->may, code_point) || (!is_upper && twin != code_point && has(set->may, twin))) {
            continue;
        }
        char byte = (char)(is_upper ? twin : code_point);
        is_precise = is_precise && has(set->must, code_point) && has(set->must, twin);
        count += byte > REQUIRED_SEPARATOR ? 1 : SMALL_SET_MAX + 1;
        required_push(required, (struct required_string){.offset = required_add_bytes(required, &byte, 1),
                                                         .length = 1});
    }
    if (set->may_other || count == 0 || count > SMALL_SET_MAX) {
        required->pending_count = base;
        return nothing_known;
    }
    struct required_part part = required_pop(required, base);
    part.is_precise = is_precise;
    return part;
}

/* The first string of every expression is the empty one: it is needed at each beginning of a sequence. */
static struct required_part nothing_yet(void) {
    return (struct required_part){.first = 0, .count = 1, .is_exact = 1, .is_precise = 1};
}

static struct required_part zero_width(struct required *required, uint32_t boundary, int is_precise) {
    struct required_part part = nothing_yet();
    if (boundary != 0) {
        part = required_single(required, "", 0);
    }
    if (part.is_exact && boundary != 0) {
        required->strings[part.first].left = required->strings[part.first].right = (uint8_t)boundary;
    }
    part.is_precise = (uint8_t)is_precise;
    return part;
}

static void insert_group(struct required *required, size_t at, const struct required_group *group) {
    if (required->group_count == REQUIRED_GROUPS_MAX) {
        return; /* one requirement less */
    }
    memmove(&required->groups[at + 1], &required->groups[at],
            (required->group_count - at) * sizeof required->groups[0]);
    required->groups[at] = *group;
    required->group_count++;
}

/* The list of a sequence so far becomes a group in front of those that its last item brought (from `at` on).
 */
static int flush(struct required *required, struct required_part part, size_t at) {
    struct required_group group;
    if (!required_make_group(required, part, &group)) {
        return 0;
    }
    insert_group(required, at, &group);
    return group.is_slot;
}

/* A repeat of `.` that may take any number of characters within its bounds: the gap of a chain. */
static int is_gap(const struct required *required, const struct node *node) {
    const struct node *child = &required->tree.nodes[node->child];
    return node->kind == NODE_REPEAT && (node->flags & NODE_ATOMIC) == 0 && child->kind == NODE_SET &&
           required->tree.sets[child->value].kind == SET_DOT && node->value < REQUIRED_ENDLESS_GAP;
}

struct sequence {
    struct required_part part; /* what was read since the last group */
    int is_exact;              /* nothing was flushed yet */
    int is_root;               /* gaps and slots are recorded */
    int is_behind_blank;       /* PARSE_LOOSE: what comes next stands behind a blank, or at the start */
    int is_before_blank;       /* PARSE_LOOSE: what was read stands before a blank, or at the end */
};

/* part with a boundary at its end. */
static struct required_part end_with_blank(struct required *required, struct required_part part) {
    struct required_part edge = zero_width(required, BOUNDARY_BLANK_AFTER, 1);
    struct required_part edged = required_cross(required, part, edge);
    return edged.is_exact ? edged : part;
}

/* Ends the current group. For a chain it must have been a slot, and each slot but the last has one gap. */
static void end_group(struct required *required, struct sequence *sequence, size_t at,
                      struct required_gap gap) {
    if (sequence->is_before_blank) {
        sequence->part = end_with_blank(required, sequence->part);
    }
    int is_slot = flush(required, sequence->part, at);
    if (sequence->is_root && required->is_chain) {
        required->is_chain = is_slot && required->group_count == at + 1;
        if (required->is_chain) { /* then there was room for the group */
            required->gaps[at] = gap;
        }
    }
    sequence->part = nothing_yet();
    sequence->is_exact = 0;
}

static void add_gap(struct required *required, struct sequence *sequence, const struct node *node) {
    struct required_gap gap = {(uint16_t)node->value, REQUIRED_ENDLESS_GAP, (node->flags & NODE_LAZY) != 0};
    if (node->max < REQUIRED_ENDLESS_GAP) {
        gap.most = (uint16_t)node->max;
    }
    end_group(required, sequence, required->group_count, gap);
}

/* item as the beginning of a new list: what is known of its place goes with it. */
static struct required_part begin_with(struct required *required, const struct sequence *sequence,
                                       struct required_part item) {
    if (!sequence->is_behind_blank) {
        return item;
    }
    return required_cross(required, zero_width(required, BOUNDARY_BLANK_BEFORE, 1), item);
}

/* The list so far crossed with item; if that is refused the list becomes a group. */
static void add_list(struct required *required, struct sequence *sequence, struct required_part item,
                     size_t at) {
    static const struct required_gap adjacent = {0, 0, 0};
    int is_first = sequence->part.shared == 0 && sequence->part.count == 1 && sequence->part.first == 0;
    if (is_first) {
        item = begin_with(required, sequence, item);
    }
    struct required_part crossed = required_cross(required, sequence->part, item);
    if (crossed.is_exact) {
        sequence->part = crossed;
        return;
    }
    if (required->is_loose && required_begins_blank(required, &item)) {
        sequence->is_before_blank = 1;
    }
    end_group(required, sequence, at, adjacent);
    sequence->part = begin_with(required, sequence, item);
}

/* item brought the groups from `at` on (an item that is not exact, or a lookaround). */
static void add_item(struct required *required, struct sequence *sequence, struct required_part item,
                     size_t at) {
    static const struct required_gap adjacent = {0, 0, 0};
    if (required->group_count != at || !item.is_exact) {
        required->is_chain = required->is_chain && !sequence->is_root;
    }
    if (!item.is_exact) {
        end_group(required, sequence, at, adjacent);
        return;
    }
    add_list(required, sequence, item, at);
}

/* A group is nothing of its own where places do not count. */
static uint32_t spliced(const struct required *required, const struct node *item) {
    const struct node *child = &required->tree.nodes[item->child];
    int is_group = required->is_loose && item->kind == NODE_GROUP && child->kind == NODE_CONCAT;
    return is_group ? child->child : 0;
}

/* extract, knowing what stands beside the node. */
static struct required_part extract_between(struct required *required, uint32_t node, int is_behind,
                                            int is_before) {
    required->is_behind_blank = required->is_loose && is_behind;
    required->is_before_blank = required->is_loose && is_before;
    return extract(required, node);
}

/* Reads the items from node on; is_before: a blank, or the end, stands behind all of them. */
static void feed(struct required *required, struct sequence *sequence, uint32_t node, int is_before) {
    while (node != 0 && !required->is_failed) {
        size_t at = required->group_count;
        uint32_t number = node;
        const struct node *item = &required->tree.nodes[node];
        uint32_t inside = spliced(required, item);
        struct required_part part;
        sequence->is_before_blank = required->is_loose && required_is_before_blank(required, node, is_before);
        if (is_text(item)) {
            part = extract_text(required, &node);
        } else {
            node = item->next;
            int is_before_next = required->is_loose && required_is_before_blank(required, node, is_before);
            if (inside != 0) {
                feed(required, sequence, inside, is_before_next);
                continue;
            }
            if (sequence->is_root && required->is_chain && is_gap(required, item)) {
                add_gap(required, sequence, item);
                continue;
            }
            part = extract_between(required, number, sequence->is_behind_blank, is_before_next);
        }
        int is_behind = required_keeps_blank_behind(required, number, &part, sequence->is_behind_blank);
        add_item(required, sequence, part, at);
        sequence->is_behind_blank = required->is_loose && is_behind;
    }
    sequence->is_before_blank = required->is_loose && is_before;
}

static struct required_part extract_sequence(struct required *required, uint32_t node, int is_root) {
    struct sequence sequence = {.part = nothing_yet(), .is_exact = 1, .is_root = is_root};
    int is_before = required->is_before_blank;
    sequence.is_behind_blank = required->is_behind_blank;
    feed(required, &sequence, node, is_before);
    if (sequence.is_exact && !is_root) {
        return sequence.part;
    }
    static const struct required_gap last = {0, 0, 0};
    end_group(required, &sequence, required->group_count, last);
    return nothing_known;
}

static void push_slice(struct required *required, uint32_t first, uint32_t count) {
    for (uint32_t i = 0; i < count && !required->is_failed; i++) {
        required_push(required, required->strings[first + i]);
    }
}

/* Pushes the strings of the best of the groups from `at` on and takes all of them off; 0 if there is none.
 *is_ordered is cleared if that one may stand anywhere. */
static int push_best_group(struct required *required, size_t at, uint8_t *is_ordered) {
    const struct required_group *best = NULL;
    for (size_t i = at; i < required->group_count; i++) {
        const struct required_group *group = &required->groups[i];
        if (best == NULL || required_score(required, group) > required_score(required, best)) {
            best = group;
        }
    }
    required->group_count = at;
    if (best == NULL) {
        return 0;
    }
    struct required_group strings = *best;
    *is_ordered = *is_ordered && best->is_ordered;
    required_unfold(required, &strings);
    push_slice(required, strings.first, strings.count);
    return 1;
}

/* Strings waiting from `from` on stand beside blanks. */
static void add_edges(struct required *required, size_t from, int is_behind, int is_before) {
    unsigned left = is_behind ? BOUNDARY_BLANK_BEFORE : 0, right = is_before ? BOUNDARY_BLANK_AFTER : 0;
    for (size_t i = from; i < required->pending_count && !required->is_failed; i++) {
        struct required_string *string = &required->pending[i];
        string->left |= (uint8_t)(string->length == 0 ? left | right : left);
        string->right |= (uint8_t)(string->length == 0 ? left | right : right);
    }
}

/* All branches exact: their lists one behind the other. Else one group, with the list or the best group of
   every branch; a branch that requires nothing frees them all. */
static struct required_part extract_alternatives(struct required *required, const struct node *alternation) {
    size_t base = required->pending_count, at = required->group_count;
    int is_exact = 1, is_required = 1;
    uint8_t is_precise = 1, is_ordered = 1;
    int is_behind = required->is_behind_blank, is_before = required->is_before_blank;
    for (uint32_t branch = alternation->child; branch != 0; branch = required->tree.nodes[branch].next) {
        struct required_part part = extract_between(required, branch, is_behind, is_before);
        is_precise = is_precise && part.is_precise && required->group_count == at;
        if (part.is_exact) {
            part = required_unshare(required, part);
            push_slice(required, part.first, part.count);
            add_edges(required, required->pending_count - part.count, is_behind, is_before);
            required->group_count = at;
        } else {
            is_exact = 0;
            is_required = push_best_group(required, at, &is_ordered) && is_required;
        }
    }
    struct required_part all = required_pop(required, base);
    all.is_precise = is_precise;
    if (is_exact) {
        return all;
    }
    if (is_required) {
        (void)flush(required, all, at);
    }
    if (required->group_count > at) {
        required->groups[at].is_ordered = is_ordered;
    }
    return nothing_known;
}

static int is_spaces(const struct required *required, const struct node *repeat) {
    const struct node *child = &required->tree.nodes[repeat->child];
    return repeat->value == 1 && repeat->max == PARSE_ENDLESS && child->kind == NODE_SET &&
           required->tree.sets[child->value].kind == SET_SPACE;
}

/* (...)? is its list and the empty string; greedy prefers the list. */
static struct required_part extract_optional(struct required *required, const struct node *repeat,
                                             struct required_part child) {
    size_t base = required->pending_count;
    static const struct required_string none = {0};
    if ((repeat->flags & NODE_LAZY) != 0) {
        required_push(required, none);
    }
    push_slice(required, child.first, child.count);
    if ((repeat->flags & NODE_LAZY) == 0) {
        required_push(required, none);
    }
    struct required_part part = required_pop(required, base);
    part.is_precise = child.is_precise && (repeat->flags & NODE_ATOMIC) == 0;
    return part;
}

/* At least `least` copies; what may follow them is not known. */
static struct required_part extract_copies(struct required *required, const struct node *repeat,
                                           struct required_part child) {
    uint32_t copies = repeat->value < COPIES_MAX ? repeat->value : COPIES_MAX, done = 1;
    struct required_part part = child;
    for (; done < copies; done++) {
        struct required_part crossed = required_cross(required, part, child);
        if (!crossed.is_exact) {
            break;
        }
        part = crossed;
    }
    if (done == repeat->value && repeat->value == repeat->max) {
        part.is_precise = part.is_precise && (repeat->flags & NODE_ATOMIC) == 0;
        return part;
    }
    (void)flush(required, part, required->group_count);
    return nothing_known;
}

/* Beside a round stands what is beside the repeat, or another round. */
static struct required_part extract_round(struct required *required, const struct node *repeat) {
    int is_once = repeat->max == 1;
    int is_behind = required->is_behind_blank && (is_once || required_ends_blank(required, repeat->child));
    int is_before =
        required->is_before_blank && (is_once || required_is_before_blank(required, repeat->child, 0));
    return extract_between(required, repeat->child, is_behind, is_before);
}

static struct required_part extract_repeat(struct required *required, const struct node *repeat) {
    if (is_spaces(required, repeat)) {
        static const char spaces = REQUIRED_SPACES;
        return required_single(required, &spaces, 1);
    }
    size_t at = required->group_count;
    if (repeat->max == 0) {
        return nothing_yet();
    }
    struct required_part child = extract_round(required, repeat);
    if (repeat->value > 0) {
        return child.is_exact ? extract_copies(required, repeat, child) : nothing_known;
    }
    int has_groups = required->group_count != at;
    required->group_count = at;
    if (!child.is_exact || has_groups || repeat->max != 1 || child.shared != 0) {
        return nothing_known;
    }
    return extract_optional(required, repeat, child);
}

/* What a lookaround finds must be in the text, but it may overlap with what comes before or behind. */
static struct required_part extract_look(struct required *required, const struct node *look) {
    size_t at = required->group_count;
    struct required_part part = extract_between(required, look->child, 0, 0);
    if (part.is_exact) {
        (void)flush(required, part, at);
    }
    for (size_t i = at; i < required->group_count; i++) {
        required->groups[i].is_ordered = 0;
    }
    return zero_width(required, 0, 0);
}

/* What many expressions have in common is kept if it is a list and nothing else. */
static struct required_part extract_shared(struct required *required, const struct node *node) {
    struct shared_part *shared = shared_get(required->tree.shared, node->value);
    if (shared->state == SHARED_KNOWN) {
        return required_share(required, node->value);
    }
    size_t at = required->group_count;
    struct required_part part = required_unshare(required, extract_between(required, node->child, 0, 0));
    if (shared->state == SHARED_NEW && !required->is_failed) {
        int is_list = part.is_exact && required->group_count == at;
        shared_keep(required->tree.shared, shared, required->strings + part.first, is_list ? part.count : 0,
                    required->bytes, part.is_precise);
    }
    return part;
}

static struct required_part extract(struct required *required, uint32_t node) {
    const struct node *at = &required->tree.nodes[node];
    struct required_part part;
    if (required->is_failed) {
        return nothing_known;
    }
    switch ((enum node_kind)at->kind) {
    case NODE_CHAR:
    case NODE_LETTERS: return extract_text(required, &node);
    case NODE_SET: return extract_set(required, &required->tree.sets[at->value]);
    case NODE_BOUNDARY: return zero_width(required, at->value, 1);
    case NODE_START:
    case NODE_END:
    case NODE_RESTRICT: return zero_width(required, 0, 0);
    case NODE_CONCAT: return extract_sequence(required, at->child, 0);
    case NODE_ALTERNATE: return extract_alternatives(required, at);
    case NODE_REPEAT: return extract_repeat(required, at);
    case NODE_GROUP:
        part = extract(required, at->child);
        part.is_precise = part.is_precise && at->value == 0 && (at->flags & NODE_ATOMIC) == 0;
        return part;
    case NODE_LOOK: return extract_look(required, at);
    case NODE_SHARED: return extract_shared(required, at);
    case NODE_UNKNOWN:
    case NODE_REFERENCE: return nothing_known;
    }
    return nothing_known;
}

/* The guard looks into every group. */
static void find_guard(struct required *required, const char *expression, size_t length, unsigned options) {
    struct shared *shared = required->tree.shared;
    int is_read = 1;
    if (required->tree.has_shared) {
        required->tree.shared = NULL;
        is_read = parse_expression(&required->tree, expression, length, options);
        required->tree.shared = shared;
    }
    if (is_read) {
        guard_extract(&required->tree, &required->guard);
    }
}

static void require_nothing(struct required *required) {
    required->group_count = 0;
    required->is_chain = 0;
}

void required_extract(struct required *required, const char *expression, size_t length, unsigned options) {
    required->byte_count = required->string_count = required->pending_count = required->group_count = 0;
    required->is_failed = required->is_behind_blank = required->is_before_blank = 0;
    required->is_loose = (options & PARSE_LOOSE) != 0;
    required->is_chain = !required->is_loose;
    guard_open(&required->guard);
    if (!parse_expression(&required->tree, expression, length, options)) {
        require_nothing(required);
        return;
    }
    (void)required_single(required, "", 0);
    const struct node *root = &required->tree.nodes[required->tree.root];
    (void)extract_sequence(required, root->kind == NODE_CONCAT ? root->child : required->tree.root, 1);
    if (required->is_failed || required->group_count == REQUIRED_GROUPS_MAX) {
        required->is_chain = 0;
    }
    required->is_chain = required->is_chain && !required->tree.has_start_verb;
    if (required->is_failed) {
        require_nothing(required);
    }
    if (required->group_count == 0) {
        required->is_chain = 0;
        find_guard(required, expression, length, options);
    }
}

void required_close(struct required *required) {
    parse_tree_close(&required->tree);
    free(required->bytes);
    free(required->strings);
    free(required->pending);
    memset(required, 0, sizeof *required);
}
