/* Builds the automaton: strings sorted, a trie of what they begin with in common, then its states breadth
   first, each row written once, where it stays. Never scans a text (prefilter_scan.c does). Called by
   prefilter_build.c. */
#include "domain/pattern/automaton.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#include "banned.h"

struct key {        /* a string to be sorted */
    uint64_t bytes; /* the first is the highest */
    const struct automaton_string *string;
};

struct state {               /* of the trie, in the order of the sorted strings */
    uint32_t first, count;   /* of keys: the strings that end here */
    uint16_t child, sibling; /* 0: none */
    uint16_t failure;        /* number in the automaton */
    uint8_t class;           /* of the edge that leads here */
};

struct builder {
    const struct automaton_string *strings;
    struct key *keys;
    size_t count;
    struct state *states;
    size_t state_count;
    struct automaton *automaton;
    uint16_t *order;    /* states as they are found */
    uint16_t *number;   /* by state: in the automaton */
    uint16_t *state_of; /* by number */
    size_t low, high;   /* numbers given: below low nothing ends, from high on something does */
};

static uint64_t bytes_of(const struct automaton_string *string) {
    uint64_t bytes = 0;
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes = bytes << 8 | (i < string->length ? string->bytes[i] : 0u);
    }
    return bytes;
}

/* Counts keys into buckets of one byte and writes them to out in its order, equal ones as they were. */
static void sort_by_byte(const struct key *keys, size_t count, unsigned shift, struct key *out) {
    size_t starts[257] = {0};
    for (size_t i = 0; i < count; i++) {
        starts[(keys[i].bytes >> shift & 0xFF) + 1]++;
    }
    for (size_t i = 1; i < 257; i++) {
        starts[i] += starts[i - 1];
    }
    for (size_t i = 0; i < count; i++) {
        out[starts[keys[i].bytes >> shift & 0xFF]++] = keys[i];
    }
}

/* By bytes, from the last to the first; equal strings in the order of their numbers. room: as large as keys.
 */
static void sort_strings(struct builder *builder, struct key *room) {
    for (size_t i = 0; i < builder->count; i++) {
        builder->keys[i] = (struct key){bytes_of(&builder->strings[i]), &builder->strings[i]};
    }
    for (unsigned shift = 0; shift < 64; shift += 16) { /* twice each time: the result is where it was */
        sort_by_byte(builder->keys, builder->count, shift, room);
        sort_by_byte(room, builder->count, shift + 8, builder->keys);
    }
}

/* Numbers the bytes in use, and finds the width of a row. Class 0: bytes of no string. */
static void make_classes(const struct builder *builder) {
    struct automaton *automaton = builder->automaton;
    unsigned count = 1;
    for (size_t i = 0; i < builder->count; i++) {
        for (size_t k = 0; k < builder->strings[i].length; k++) {
            uint8_t *class = &automaton->class_of[builder->strings[i].bytes[k]];
            if (*class == 0 && count < 256) {
                *class = (uint8_t)count++;
            }
        }
    }
    automaton->shift = 1;
    while ((1u << automaton->shift) < count) {
        automaton->shift++;
    }
}

static size_t common_length(const struct automaton_string *a, const struct automaton_string *b) {
    size_t common = 0;
    while (common < a->length && common < b->length && a->bytes[common] == b->bytes[common]) {
        common++;
    }
    return common;
}

/* An upper bound: the root, and a state for each byte of a string that the one before does not begin with. */
static size_t count_states(const struct builder *builder) {
    size_t count = 1;
    for (size_t i = 0; i < builder->count; i++) {
        const struct automaton_string *string = builder->keys[i].string;
        count += string->length - (i > 0 ? common_length(builder->keys[i - 1].string, string) : 0);
    }
    return count;
}

static uint16_t add_state(struct builder *builder, uint8_t class) {
    builder->states[builder->state_count] = (struct state){.class = class};
    return (uint16_t)builder->state_count++;
}

static void make_trie(struct builder *builder) {
    uint16_t way[AUTOMATON_STRING_MAX + 1];  /* the states of the string before, by depth */
    uint16_t last[AUTOMATON_STRING_MAX + 1]; /* what was added last below each of them */
    way[0] = add_state(builder, 0);
    last[0] = 0;
    for (size_t i = 0; i < builder->count; i++) {
        const struct automaton_string *string = builder->keys[i].string;
        for (size_t at = i > 0 ? common_length(builder->keys[i - 1].string, string) : 0; at < string->length;
             at++) {
            uint16_t added = add_state(builder, builder->automaton->class_of[string->bytes[at]]);
            if (last[at] == 0) {
                builder->states[way[at]].child = added;
            } else {
                builder->states[last[at]].sibling = added;
            }
            last[at] = way[at + 1] = added;
            last[at + 1] = 0;
        }
        struct state *end = &builder->states[way[string->length]];
        end->first = end->count == 0 ? (uint32_t)i : end->first;
        end->count++;
    }
}

/* Gives state its number: what ends nothing comes first, nearest to the root first. */
static void number_state(struct builder *builder, uint16_t state, int has_output) {
    size_t number = has_output ? --builder->high : builder->low++;
    builder->number[state] = (uint16_t)number;
    builder->state_of[number] = state;
}

static uint16_t *row_of(const struct builder *builder, size_t number) {
    return builder->automaton->table + (number << builder->automaton->shift);
}

/* Breadth first: a state's failure is nearer to the root, so its row is complete when it is copied from; the
   state's own edges are laid over it. */
static void write_rows(struct builder *builder) {
    size_t width = (size_t)1 << builder->automaton->shift, done = 0, found = 1;
    builder->order[0] = 0;
    builder->low = 0;
    builder->high = builder->state_count;
    number_state(builder, 0, 0);
    memset(row_of(builder, 0), 0, width * sizeof *builder->automaton->table);
    while (done < found) {
        const struct state *state = &builder->states[builder->order[done]];
        uint16_t *row = row_of(builder, builder->number[builder->order[done]]);
        if (done++ > 0) {
            memcpy(row, row_of(builder, state->failure), width * sizeof *row);
        }
        for (uint16_t child = state->child; child != 0; child = builder->states[child].sibling) {
            struct state *next = &builder->states[child];
            next->failure = done > 1 ? row[next->class] : 0;
            number_state(builder, child, next->count > 0 || next->failure >= builder->high);
            row[next->class] = builder->number[child];
            builder->order[found++] = child;
        }
    }
}

/* What ends at each state, and where to look for what is shorter. */
static void write_outputs(const struct builder *builder) {
    struct automaton *automaton = builder->automaton;
    size_t written = 0, ends = builder->state_count - builder->high;
    automaton->first_output = (uint16_t)builder->high;
    for (size_t end = 0; end < ends; end++) {
        const struct state *state = &builder->states[builder->state_of[builder->high + end]];
        automaton->output_start[end] = (uint32_t)written;
        for (uint32_t i = state->count; i-- > 0;) {
            automaton->outputs[written++] =
                (uint32_t)(builder->keys[state->first + i].string - builder->strings);
        }
    }
    automaton->output_start[ends] = (uint32_t)written;
    for (size_t i = ends; i-- > 0;) { /* backward: failures have the greater numbers */
        uint16_t failure = builder->states[builder->state_of[builder->high + i]].failure;
        if (failure >= builder->high) {
            size_t at = failure - builder->high;
            int ends_string = builder->states[builder->state_of[failure]].count > 0;
            automaton->shorter[i] = ends_string ? failure : automaton->shorter[at];
        }
    }
}

static int allocate_states(struct builder *builder, size_t count) {
    struct automaton *automaton = builder->automaton;
    builder->states = malloc(count * sizeof *builder->states);
    builder->order = malloc(count * sizeof *builder->order);
    builder->number = malloc(count * sizeof *builder->number);
    builder->state_of = malloc(count * sizeof *builder->state_of);
    automaton->table = malloc((count << automaton->shift) * sizeof *automaton->table);
    automaton->output_start = malloc((count + 1) * sizeof *automaton->output_start);
    automaton->shorter = calloc(count + 1, sizeof *automaton->shorter);
    automaton->outputs = malloc((builder->count + 1) * sizeof *automaton->outputs);
    return builder->states != NULL && builder->order != NULL && builder->number != NULL &&
                   builder->state_of != NULL && automaton->table != NULL && automaton->output_start != NULL &&
                   automaton->shorter != NULL && automaton->outputs != NULL
               ? 0
               : ERR_MEMORY;
}

static int build(struct builder *builder) {
    builder->keys = malloc((builder->count + 1) * sizeof *builder->keys);
    struct key *other_keys = malloc((builder->count + 1) * sizeof *other_keys);
    int code = builder->keys != NULL && other_keys != NULL ? 0 : ERR_MEMORY;
    if (code == 0) {
        sort_strings(builder, other_keys);
        make_classes(builder);
        size_t count = count_states(builder);
        code = count > AUTOMATON_STATES_MAX ? ERR_LIMIT : allocate_states(builder, count);
    }
    if (code == 0) {
        make_trie(builder);
        write_rows(builder);
        write_outputs(builder);
        builder->automaton->state_count = builder->state_count;
    }
    free(other_keys);
    return code;
}

int automaton_build(struct automaton *automaton, const struct automaton_string *strings, size_t count) {
    struct builder builder = {.strings = strings, .count = count, .automaton = automaton};
    memset(automaton, 0, sizeof *automaton);
    int code = build(&builder);
    free(builder.keys);
    free(builder.states);
    free(builder.order);
    free(builder.number);
    free(builder.state_of);
    if (code != 0) {
        automaton_close(automaton);
        return code;
    }
    for (unsigned letter = 'A'; letter <= 'Z'; letter++) {
        automaton->class_of[letter] = automaton->class_of[letter | 32];
    }
    return 0;
}

void automaton_close(struct automaton *automaton) {
    free(automaton->table);
    free(automaton->output_start);
    free(automaton->shorter);
    free(automaton->outputs);
    memset(automaton, 0, sizeof *automaton);
}
