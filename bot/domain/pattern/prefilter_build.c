/* Builds the prefilter: gives equal groups one number, builds the automaton over their strings, files every
   pattern under its rarest group. Never scans a text. Called by pattern.c. */
#include "domain/pattern/prefilter.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "domain/pattern/pattern.h"
#include "domain/pattern/prefilter_words.h"
#include "domain/pattern/required.h"
#include "domain/pattern/shared.h"
#include "domain/pattern/strings.h"

#include "banned.h"

enum { KEY_MAX = 1 << 20, ALL_BYTES_MAX = 64 << 20, RIGHT = 8, PIECE_LEAST = 2, LARGE_USES = 1 << 16 };

struct group {
    uint32_t uses; /* patterns that require it */
};

struct draft {           /* a pattern before the rarest groups are known */
    size_t first, count; /* in group_numbers */
    int is_chain, is_left_out;
    uint64_t ordered; /* bit i: group i is ordered */
    struct plan plan; /* its gaps */
    struct guard guard;
};

struct prefilter_builder {
    struct required required;
    struct shared *shared; /* NULL without memory */
    uint32_t *lists;       /* by number of list: its number among the shared ones, or SHARED_NONE */
    size_t list_count, list_capacity;
    struct map *group_of; /* key -> uint16_t: number of the group */
    struct arena *keys;
    struct buf key;
    struct strings strings;
    struct group *groups;
    size_t group_count, group_capacity;
    struct draft *drafts;
    size_t draft_count, draft_capacity;
    uint16_t *group_numbers;
    size_t number_count, number_capacity;
};

struct prefilter_builder *prefilter_builder_new(void) {
    struct prefilter_builder *builder = calloc(1, sizeof *builder);
    if (builder == NULL) {
        return NULL;
    }
    builder->shared = builder->required.tree.shared = shared_new();
    builder->group_of = map_new();
    builder->keys = arena_new((size_t)8 * ALL_BYTES_MAX);
    buf_init(&builder->key, KEY_MAX);
    if (builder->group_of == NULL || builder->keys == NULL) {
        prefilter_builder_free(builder);
        return NULL;
    }
    return builder;
}

void prefilter_builder_free(struct prefilter_builder *builder) {
    if (builder == NULL) {
        return;
    }
    required_close(&builder->required);
    shared_free(builder->shared);
    free(builder->lists);
    map_free(builder->group_of);
    arena_free(builder->keys);
    buf_close(&builder->key);
    strings_close(&builder->strings);
    free(builder->groups);
    free(builder->drafts);
    free(builder->group_numbers);
    free(builder);
}

static int make_room(void **items, size_t *capacity, size_t count, size_t size) {
    if (count < *capacity) {
        return 0;
    }
    size_t wanted = *capacity != 0 ? *capacity * 2 : 64;
    void *grown = realloc(*items, wanted * size);
    if (grown == NULL) {
        return ERR_MEMORY;
    }
    *items = grown;
    *capacity = wanted;
    return 0;
}

/* Strings in order, each with its boundaries: equal keys are equal groups. NULL if it is too long. A shared
   list has a number; no string begins with the separator. */
static const char *make_key(struct prefilter_builder *builder, const struct required_group *group) {
    const struct required *required = &builder->required;
    buf_clear(&builder->key);
    if (group->shared != 0) {
        const uint32_t key[] = {REQUIRED_SEPARATOR, group->shared, group->left, group->right};
        (void)buf_add(&builder->key, key, sizeof key);
        return builder->key.failed ? NULL : buf_text(&builder->key);
    }
    for (uint32_t i = 0; i < group->count; i++) {
        const struct required_string *string = &required->strings[group->first + i];
        char *one = string->length <= REQUIRED_STRING_MAX
                        ? buf_extend(&builder->key, (size_t)string->length + 2)
                        : NULL;
        if (one == NULL) {
            return NULL;
        }
        memcpy(one, required->bytes + string->offset, string->length);
        one[string->length] = REQUIRED_SEPARATOR;
        one[string->length + 1] = (char)('0' + string->left + string->right * RIGHT);
    }
    return builder->key.failed ? NULL : buf_text(&builder->key);
}

/* Files a new group; *number is PREFILTER_NO_GROUP if there are too many, which costs speed only. */
static int add_group(struct prefilter_builder *builder, const struct required_group *group,
                     uint16_t *number) {
    void *groups = builder->groups;
    size_t size = builder->key.length;
    *number = PREFILTER_NO_GROUP;
    if (builder->group_count == PREFILTER_GROUPS_MAX || builder->strings.byte_count + size > ALL_BYTES_MAX) {
        return 0;
    }
    if (make_room(&groups, &builder->group_capacity, builder->group_count, sizeof(struct group)) != 0) {
        return ERR_MEMORY;
    }
    builder->groups = groups;
    uint16_t *value = arena_alloc(builder->keys, sizeof *value);
    *number = *value = (uint16_t)builder->group_count++;
    builder->groups[*number] = (struct group){0};
    if (strings_add_group(&builder->strings, builder->required.bytes,
                          builder->required.strings + group->first, group->count) != 0) {
        return ERR_MEMORY;
    }
    return map_set(builder->group_of, arena_copy(builder->keys, builder->key.data, size), value);
}

static int find_group(struct prefilter_builder *builder, const struct required_group *group,
                      uint16_t *number) {
    const char *key = make_key(builder, group);
    *number = PREFILTER_NO_GROUP;
    if (key == NULL) {
        return 0;
    }
    const uint16_t *known = map_get_bytes(builder->group_of, key, builder->key.length);
    if (known != NULL) {
        *number = *known;
        return 0;
    }
    struct required_group unfolded = *group;
    required_unfold(&builder->required, &unfolded);
    return unfolded.count > 0 ? add_group(builder, &unfolded, number) : 0;
}

static int add_number(struct prefilter_builder *builder, struct draft *draft, uint16_t number,
                      int is_ordered) {
    void *numbers = builder->group_numbers;
    if (make_room(&numbers, &builder->number_capacity, builder->number_count, sizeof number) != 0) {
        return ERR_MEMORY;
    }
    builder->group_numbers = numbers;
    builder->group_numbers[builder->number_count++] = number;
    draft->ordered |= (uint64_t)(is_ordered != 0) << draft->count++;
    return 0;
}

static int add_groups(struct prefilter_builder *builder, struct draft *draft) {
    const struct required *required = &builder->required;
    draft->first = builder->number_count;
    for (size_t i = 0; i < required->group_count; i++) {
        uint16_t number;
        int code = find_group(builder, &required->groups[i], &number);
        if (code == 0 && number != PREFILTER_NO_GROUP) {
            code = add_number(builder, draft, number, required->groups[i].is_ordered);
        } else {
            draft->is_chain = 0;
        }
        if (code != 0) {
            return code;
        }
    }
    return 0;
}

static void copy_gaps(const struct required *required, struct plan *plan) {
    for (size_t i = 0; i + 1 < required->group_count; i++) {
        plan->gap_least[i] = required->gaps[i].least;
        plan->gap_most[i] = required->gaps[i].most;
        plan->lazy_gaps |= (uint8_t)(required->gaps[i].is_lazy << i);
    }
}

int prefilter_add(struct prefilter_builder *builder, const char *expression, size_t length, unsigned options,
                  int may_chain) {
    struct required *required = &builder->required;
    void *drafts = builder->drafts;
    if (make_room(&drafts, &builder->draft_capacity, builder->draft_count, sizeof(struct draft)) != 0) {
        return ERR_MEMORY;
    }
    builder->drafts = drafts;
    required_extract(required, expression, length, options);
    struct draft *draft = &builder->drafts[builder->draft_count++];
    *draft = (struct draft){.guard = required->guard};
    draft->is_chain = may_chain && required->is_chain && required->group_count <= PLAN_GROUPS_MAX;
    if (draft->is_chain) {
        copy_gaps(required, &draft->plan);
    }
    return add_groups(builder, draft);
}

int prefilter_add_list(struct prefilter_builder *builder, const char *const *words, size_t count) {
    void *lists = builder->lists;
    if (make_room(&lists, &builder->list_capacity, builder->list_count, sizeof *builder->lists) != 0) {
        return ERR_MEMORY;
    }
    builder->lists = lists;
    builder->lists[builder->list_count++] = shared_add_list(builder->shared, words, count);
    return 0;
}

int prefilter_add_with_lists(struct prefilter_builder *builder, const char *expression, size_t length,
                             unsigned options, const struct pattern_place *places, size_t count) {
    struct parse_tree *tree = &builder->required.tree;
    for (size_t i = 0; i < count; i++) {
        if (builder->lists[places[i].list] == SHARED_NONE) {
            return 0;
        }
    }
    tree->places = places;
    tree->place_count = count;
    tree->lists = builder->lists;
    int code = prefilter_add(builder, expression, length, options, 0);
    tree->places = NULL;
    tree->place_count = 0;
    if (code == 0 && builder->drafts[builder->draft_count - 1].count == 0) {
        prefilter_take_back(builder);
        return 0;
    }
    return code == 0 ? 1 : code;
}

const struct parse_tree *prefilter_tree(const struct prefilter_builder *builder) {
    return &builder->required.tree;
}

void prefilter_leave_out(struct prefilter_builder *builder) {
    builder->drafts[builder->draft_count - 1].is_left_out = 1;
}

/* Its groups may stay: nothing is filed under them. */
void prefilter_take_back(struct prefilter_builder *builder) {
    const struct draft *draft = &builder->drafts[--builder->draft_count];
    builder->number_count = draft->first;
}

/* The pieces of these strings, as the automaton looks for them. NULL without memory. */
static struct automaton_string *list_pieces(const struct strings *strings, const uint32_t *numbers,
                                            size_t count) {
    struct automaton_string *pieces = malloc((count + 1) * sizeof *pieces);
    for (size_t i = 0; pieces != NULL && i < count; i++) {
        const struct element *element = &strings->list[numbers[i]];
        pieces[i] = (struct automaton_string){strings->bytes + element->offset + element->piece,
                                              element->piece_length};
    }
    return pieces;
}

/* Makes pieces shorter until all fit: more strings are then compared in vain, but every one is found. Two
   bytes always fit: so many states there are. 0 or an ERR code. */
static int build_automaton(struct strings *strings, const uint32_t *numbers, size_t count,
                           struct automaton *automaton) {
    for (uint8_t most = REQUIRED_PIECE_MAX - 1;; most--) {
        struct automaton_string *pieces = list_pieces(strings, numbers, count);
        int code = pieces != NULL ? automaton_build(automaton, pieces, count) : ERR_MEMORY;
        free(pieces);
        if (code != ERR_LIMIT || most < PIECE_LEAST) {
            return code;
        }
        strings_shorten(strings, most);
    }
}

/* Strings for the automaton at the front of numbers; the others, which are looked up by their first word, at
   its end. Returns how many are at the front. */
static size_t part_strings(const struct strings *strings, uint32_t *numbers) {
    size_t front = 0, back = strings->count;
    for (size_t i = 0; i < strings->count; i++) {
        numbers[words_may_hold(strings, i) ? --back : front++] = (uint32_t)i;
    }
    return front;
}

/* 0 or an ERR code. */
static int build_strings(struct strings *strings, struct prefilter *prefilter) {
    uint32_t *numbers = malloc((2 * strings->count + 1) * sizeof *numbers), *order = numbers;
    if (numbers == NULL) {
        return ERR_MEMORY;
    }
    order += strings->count;
    size_t front = part_strings(strings, numbers);
    int code = build_automaton(strings, numbers, front, &prefilter->automaton);
    for (size_t i = 0; i < front && code == 0; i++) {
        order[i] = numbers[prefilter->automaton.outputs[i]];
    }
    memcpy(order + front, numbers + front, (strings->count - front) * sizeof *order);
    prefilter->word_first = (uint32_t)front;
    prefilter->word_count = (uint32_t)(strings->count - front);
    code = code == 0 ? words_sort(strings, order + front, strings->count - front, front, prefilter) : code;
    code = code == 0 ? strings_write(strings, order, prefilter) : code;
    free(numbers);
    return code;
}

static void count_uses(struct prefilter_builder *builder) {
    for (size_t i = 0; i < builder->number_count; i++) {
        builder->groups[builder->group_numbers[i]].uses++;
    }
}

/* Takes the rarest groups, at most PLAN_GROUPS_MAX, in their order. A group named twice stays twice:
   the order asks for two places. */
static void choose_groups(const struct prefilter_builder *builder, struct draft *draft) {
    struct plan *plan = &draft->plan;
    uint64_t taken = 0;
    for (int round = 0; round < PLAN_GROUPS_MAX; round++) {
        size_t best = SIZE_MAX;
        for (size_t i = 0; i < draft->count; i++) {
            const struct group *group = &builder->groups[builder->group_numbers[draft->first + i]];
            if ((taken >> i & 1) != 0) {
                continue;
            }
            if (best == SIZE_MAX ||
                group->uses < builder->groups[builder->group_numbers[draft->first + best]].uses) {
                best = i;
            }
        }
        taken |= best != SIZE_MAX ? (uint64_t)1 << best : 0;
    }
    for (size_t i = 0; i < draft->count; i++) {
        if ((taken >> i & 1) != 0) {
            plan->ordered |= (uint8_t)((draft->ordered >> i & 1) << plan->count);
            plan->groups[plan->count++] = builder->group_numbers[draft->first + i];
        }
    }
    plan->is_chain = draft->is_chain && plan->count == draft->count;
}

static uint16_t rarest(const struct prefilter_builder *builder, const struct plan *plan) {
    uint16_t best = plan->groups[0];
    for (unsigned i = 1; i < plan->count; i++) {
        if (builder->groups[plan->groups[i]].uses < builder->groups[best].uses) {
            best = plan->groups[i];
        }
    }
    return best;
}

static void write_posting(const struct plan *plan, uint16_t home, uint32_t pattern, uint16_t no_group,
                          struct posting *posting) {
    unsigned count = 0;
    *posting = (struct posting){.pattern = pattern};
    for (unsigned i = 0; i < PLAN_GROUPS_MAX - 1; i++) {
        posting->others[i] = no_group;
    }
    for (unsigned i = 0; i < plan->count; i++) {
        if (plan->groups[i] != home && count < PLAN_GROUPS_MAX - 1) {
            posting->others[count++] = plan->groups[i];
        }
    }
}

/* One large page holds the tables of thousands of patterns, and a few small ones those of a few. */
static struct arena *new_arena(const struct prefilter_builder *builder) {
    const size_t limit = (size_t)64 * ALL_BYTES_MAX;
    return builder->strings.use_count >= LARGE_USES ? arena_new_large(limit) : arena_new(limit);
}

static int allocate(const struct prefilter_builder *builder, struct prefilter *prefilter) {
    struct arena *arena = prefilter->arena = new_arena(builder);
    if (arena == NULL) {
        return ERR_MEMORY;
    }
    prefilter->group_count = builder->group_count;
    prefilter->pattern_count = builder->draft_count;
    prefilter->plans = arena_array(arena, builder->draft_count + 1, sizeof *prefilter->plans);
    prefilter->postings = arena_array(arena, builder->draft_count + 1, sizeof *prefilter->postings);
    prefilter->unfiltered = arena_array(arena, builder->draft_count + 1, sizeof *prefilter->unfiltered);
    prefilter->posting_start = arena_array(arena, builder->group_count + 2, sizeof *prefilter->posting_start);
    prefilter->is_home = arena_array(arena, builder->group_count + 1, sizeof *prefilter->is_home);
    return 0;
}

/* Counting sort by home group; inside a group patterns stay in order. */
static void file_patterns(const struct prefilter_builder *builder, struct prefilter *prefilter) {
    uint32_t *start = prefilter->posting_start;
    for (size_t i = 0; i < prefilter->pattern_count; i++) {
        if (prefilter->plans[i].count != 0 && !builder->drafts[i].is_left_out) {
            start[rarest(builder, &prefilter->plans[i]) + 2]++;
        }
    }
    for (size_t group = 2; group <= prefilter->group_count + 1; group++) {
        start[group] += start[group - 1];
    }
    for (size_t i = 0; i < prefilter->pattern_count; i++) {
        const struct plan *plan = &prefilter->plans[i];
        if (builder->drafts[i].is_left_out) {
            continue;
        }
        if (plan->count == 0) {
            prefilter->unfiltered[prefilter->unfiltered_count++] =
                (struct unfiltered){(uint32_t)i, builder->drafts[i].guard};
            continue;
        }
        uint16_t home = rarest(builder, plan);
        prefilter->is_home[home] = 1;
        write_posting(plan, home, (uint32_t)i, (uint16_t)prefilter->group_count,
                      &prefilter->postings[start[home + 1]++]);
    }
}

static int build(struct prefilter_builder *builder, struct prefilter *prefilter) {
    if (allocate(builder, prefilter) != 0) {
        return ERR_MEMORY;
    }
    count_uses(builder);
    for (size_t i = 0; i < builder->draft_count; i++) {
        choose_groups(builder, &builder->drafts[i]);
        prefilter->plans[i] = builder->drafts[i].plan;
    }
    file_patterns(builder, prefilter);
    for (uint32_t byte = 0; byte < 128; byte++) {
        prefilter->kind_shift[byte] = (uint8_t)(16 * guard_kind_of(byte));
    }
    return build_strings(&builder->strings, prefilter);
}

int prefilter_build(struct prefilter_builder *builder, struct prefilter *prefilter, struct err *err) {
    memset(prefilter, 0, sizeof *prefilter);
    int code = build(builder, prefilter);
    if (code != 0) {
        prefilter_close(prefilter);
        return err_set(err, ERR_MEMORY, "out of memory while building the prefilter");
    }
    return 0;
}

void prefilter_close(struct prefilter *prefilter) {
    automaton_close(&prefilter->automaton);
    arena_free(prefilter->arena);
    memset(prefilter, 0, sizeof *prefilter);
}
