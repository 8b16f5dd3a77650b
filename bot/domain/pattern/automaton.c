/* Builds the automaton: a trie, failure links breadth first, then states numbered anew. Never scans a text
   (prefilter_scan.c does). Called by prefilter_build.c. */
#include "domain/pattern/automaton.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#include "banned.h"

enum { NO_OUTPUT = UINT32_MAX };

struct output {
    uint32_t number, next;
};

struct state {
    uint32_t outputs; /* first of a list, or NO_OUTPUT */
    uint16_t failure;
    uint16_t child, sibling; /* in the trie; 0: none */
    uint8_t class;           /* of the edge that leads here */
};

struct automaton_builder {
    uint8_t class_of[256];
    unsigned class_count;
    uint8_t shift; /* 0 until the first string is added */
    struct state *states;
    uint16_t *table; /* 0: no edge (nothing leads back to the root while it is a trie) */
    size_t state_count, state_capacity;
    struct output *outputs;
    size_t output_count, output_capacity;
    uint16_t *order;      /* breadth first */
    uint16_t *renumbered; /* by state */
    uint16_t *shorter;    /* by state: the nearest one on the way of failures that has outputs, or 0 */
};

struct automaton_builder *automaton_builder_new(void) {
    struct automaton_builder *builder = calloc(1, sizeof *builder);
    if (builder != NULL) {
        builder->class_count = 1; /* class 0: bytes of no string */
    }
    return builder;
}

void automaton_builder_free(struct automaton_builder *builder) {
    if (builder != NULL) {
        free(builder->states);
        free(builder->table);
        free(builder->outputs);
        free(builder->order);
        free(builder->renumbered);
        free(builder->shorter);
        free(builder);
    }
}

void automaton_use_bytes(struct automaton_builder *builder, const unsigned char *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (builder->class_of[bytes[i]] == 0 && builder->class_count < 256) {
            builder->class_of[bytes[i]] = (uint8_t)builder->class_count++;
        }
    }
}

static int grow_states(struct automaton_builder *builder) {
    size_t capacity = builder->state_capacity != 0 ? builder->state_capacity * 2 : 256;
    struct state *states = realloc(builder->states, capacity * sizeof *states);
    if (states == NULL) {
        return ERR_MEMORY;
    }
    builder->states = states;
    size_t width = (size_t)1 << builder->shift;
    uint16_t *table = realloc(builder->table, capacity * width * sizeof *table);
    if (table == NULL) {
        return ERR_MEMORY;
    }
    builder->table = table;
    builder->state_capacity = capacity;
    return 0;
}

static int add_state(struct automaton_builder *builder, uint16_t *added) {
    if (builder->state_count == AUTOMATON_STATES_MAX) {
        return ERR_LIMIT;
    }
    if (builder->state_count == builder->state_capacity && grow_states(builder) != 0) {
        return ERR_MEMORY;
    }
    *added = (uint16_t)builder->state_count++;
    builder->states[*added] = (struct state){.outputs = NO_OUTPUT};
    size_t width = (size_t)1 << builder->shift;
    memset(builder->table + *added * width, 0, width * sizeof *builder->table);
    return 0;
}

static int start(struct automaton_builder *builder) {
    uint16_t root;
    builder->shift = 1;
    while ((1u << builder->shift) < builder->class_count) {
        builder->shift++;
    }
    return add_state(builder, &root);
}

static int add_output(struct automaton_builder *builder, uint16_t state, uint32_t number) {
    if (builder->output_count == builder->output_capacity) {
        size_t capacity = builder->output_capacity != 0 ? builder->output_capacity * 2 : 256;
        struct output *outputs = realloc(builder->outputs, capacity * sizeof *outputs);
        if (outputs == NULL) {
            return ERR_MEMORY;
        }
        builder->outputs = outputs;
        builder->output_capacity = capacity;
    }
    builder->outputs[builder->output_count] = (struct output){number, builder->states[state].outputs};
    builder->states[state].outputs = (uint32_t)builder->output_count++;
    return 0;
}

int automaton_add(struct automaton_builder *builder, const unsigned char *bytes, size_t length,
                  uint32_t number) {
    int code = builder->state_count == 0 ? start(builder) : 0;
    uint16_t state = 0;
    for (size_t i = 0; i < length && code == 0; i++) {
        size_t edge = (size_t)state << builder->shift | builder->class_of[bytes[i]];
        if (builder->table[edge] == 0) {
            uint16_t added = 0;
            code = add_state(builder, &added);
            if (code != 0) {
                break;
            }
            builder->table[edge] = added;
            builder->states[added].class = builder->class_of[bytes[i]];
            builder->states[added].sibling = builder->states[state].child;
            builder->states[state].child = added;
        }
        state = builder->table[edge];
    }
    return code != 0 ? code : add_output(builder, state, number);
}

/* Breadth first: a state's failure is nearer to the root, so its row is complete when it is copied from; the
   state's own edges are laid over it. */
static void link_failures(struct automaton_builder *builder) {
    size_t width = (size_t)1 << builder->shift, done = 0, found = 1;
    builder->order[0] = 0;
    while (done < found) {
        uint16_t state = builder->order[done++];
        const uint16_t *fallback = builder->table + builder->states[state].failure * width;
        uint16_t *row = builder->table + state * width;
        if (state != 0) {
            memcpy(row, fallback, width * sizeof *row);
        }
        for (uint16_t child = builder->states[state].child; child != 0;
             child = builder->states[child].sibling) {
            uint8_t class = builder->states[child].class;
            builder->states[child].failure = state != 0 ? row[class] : 0;
            row[class] = child;
            builder->order[found++] = child;
        }
    }
}

/* After link_failures: a failure comes before its state. */
static void link_outputs(struct automaton_builder *builder) {
    for (size_t i = 1; i < builder->state_count; i++) {
        uint16_t state = builder->order[i], failure = builder->states[state].failure;
        int ends_string = builder->states[failure].outputs != NO_OUTPUT;
        builder->shorter[state] = ends_string ? failure : builder->shorter[failure];
    }
}

static int has_output(const struct automaton_builder *builder, uint16_t state) {
    return builder->states[state].outputs != NO_OUTPUT || builder->shorter[state] != 0;
}

/* Numbers the states anew, those without output first. */
static void renumber(struct automaton_builder *builder, struct automaton *automaton) {
    size_t next = 0;
    for (int with_output = 0; with_output <= 1; with_output++) {
        for (size_t i = 0; i < builder->state_count; i++) {
            uint16_t state = builder->order[i];
            if (has_output(builder, state) == with_output) {
                builder->renumbered[state] = (uint16_t)next++;
            }
        }
        automaton->first_output = with_output ? automaton->first_output : (uint16_t)next;
    }
}

static int allocate(const struct automaton_builder *builder, struct automaton *automaton) {
    size_t width = (size_t)1 << builder->shift, ends = builder->state_count - automaton->first_output;
    automaton->state_count = builder->state_count;
    automaton->table = malloc(builder->state_count * width * sizeof *automaton->table);
    automaton->output_start = calloc(ends + 1, sizeof *automaton->output_start);
    automaton->shorter = calloc(ends + 1, sizeof *automaton->shorter);
    automaton->outputs = malloc((builder->output_count + 1) * sizeof *automaton->outputs);
    return automaton->table != NULL && automaton->output_start != NULL && automaton->shorter != NULL &&
                   automaton->outputs != NULL
               ? 0
               : ERR_MEMORY;
}

/* Writes what ends at state; returns how many. */
static size_t write_outputs(const struct automaton_builder *builder, uint16_t state, uint32_t *out) {
    size_t count = 0;
    for (uint32_t at = builder->states[state].outputs; at != NO_OUTPUT; at = builder->outputs[at].next) {
        out[count++] = builder->outputs[at].number;
    }
    return count;
}

static void copy_states(const struct automaton_builder *builder, struct automaton *automaton) {
    size_t width = (size_t)1 << builder->shift, outputs = 0;
    for (size_t i = 0; i < builder->state_count; i++) {
        uint16_t state = builder->order[i];
        size_t to = builder->renumbered[state];
        const uint16_t *row = builder->table + state * width;
        for (size_t class = 0; class < width; class ++) {
            automaton->table[to * width + class] = builder->renumbered[row[class]];
        }
        if (to >= automaton->first_output) { /* order and numbers rise together, so this appends */
            size_t end = to - automaton->first_output;
            uint16_t shorter = builder->shorter[state];
            automaton->output_start[end] = (uint32_t)outputs;
            automaton->shorter[end] = shorter != 0 ? builder->renumbered[shorter] : 0;
            outputs += write_outputs(builder, state, automaton->outputs + outputs);
        }
    }
    automaton->output_start[builder->state_count - automaton->first_output] = (uint32_t)outputs;
}

int automaton_build(struct automaton_builder *builder, struct automaton *automaton) {
    memset(automaton, 0, sizeof *automaton);
    if (builder->state_count == 0 && start(builder) != 0) {
        return ERR_MEMORY;
    }
    builder->order = calloc(builder->state_count, sizeof *builder->order);
    builder->renumbered = calloc(builder->state_count, sizeof *builder->renumbered);
    builder->shorter = calloc(builder->state_count, sizeof *builder->shorter);
    if (builder->order == NULL || builder->renumbered == NULL || builder->shorter == NULL) {
        return ERR_MEMORY;
    }
    link_failures(builder);
    link_outputs(builder);
    renumber(builder, automaton);
    if (allocate(builder, automaton) != 0) {
        automaton_close(automaton);
        return ERR_MEMORY;
    }
    copy_states(builder, automaton);
    automaton->shift = builder->shift;
    memcpy(automaton->class_of, builder->class_of, sizeof automaton->class_of);
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
