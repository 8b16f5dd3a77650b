/* Runs a small program on one text: backtracking, in PCRE2's order. Never reads an expression and never calls
   PCRE2. Every step that PCRE2 might count against its match limit is counted, rather too high: who stays
   below the limit here stays below it there. Who passes it goes on for a while, to see whether there is a
   match at all. Called by pattern.c. */
#include <string.h>

#include "domain/pattern/program.h"
#include "domain/pattern/program_list.h"

#include "banned.h"

/* What PCRE2 may count at most for entering and leaving a group, a round of a repeat, an assertion. */
enum { GROUP_STEPS = 3, ROUND_STEPS = 4, ASSERTION_STEPS = 3 };

struct run {
    const struct program_pool *pool;
    const struct program_text *text;
    uint32_t steps, most;
    size_t end;
    size_t opened[PATTERN_CAPTURES_MAX];
    struct pattern_span *captures;
};

static int go(struct run *run, uint32_t number, size_t at);

/* 0 if the operation cannot match at this place, by its first byte. */
static int may_begin(const struct run *run, uint32_t number, size_t at) {
    return (run->pool->ops[number].first >> run->text->classes[at] & 1) != 0;
}

static int try_at(struct run *run, uint32_t number, size_t at) {
    return may_begin(run, number, at) ? go(run, number, at) : 0;
}

/* Bytes of the character at `at` if it is in the set, else 0. */
static size_t in_set(const struct run *run, const struct program_set *set, size_t at) {
    const struct program_text *text = run->text;
    if (at >= text->length) {
        return 0;
    }
    unsigned char byte = (unsigned char)text->bytes[at];
    if (byte < 128) {
        return set->ascii[byte / 32] >> byte % 32 & 1;
    }
    return !set->has_other ? 0 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/* Characters one behind the other. */
static int run_set(struct run *run, const struct program_op *op, size_t at) {
    const struct program_set *set = &run->pool->sets[op->a];
    size_t count = 0, size;
    while (count < op->b && (size = in_set(run, set, at)) != 0) {
        at += size;
        count++;
    }
    if (count < op->b) {
        return 0;
    }
    size_t least = at;
    for (; op->mode != PROGRAM_LAZY && count < op->c && (size = in_set(run, set, at)) != 0; count++) {
        at += size;
    }
    run->steps += ROUND_STEPS;
    if (op->mode == PROGRAM_POSSESSIVE) {
        return go(run, op->next, at);
    }
    for (;;) {
        int result = try_at(run, op->next, at);
        run->steps += ROUND_STEPS;
        if (result != 0) {
            return result;
        }
        if (op->mode == PROGRAM_LAZY) {
            size = count < op->c ? in_set(run, set, at) : 0;
            if (size == 0) {
                return 0;
            }
            at += size;
            count++;
            continue;
        }
        if (at == least) {
            return 0;
        }
        do {
            at--;
        } while (((unsigned char)run->text->bytes[at] & 0xC0) == 0x80);
    }
}

/* One round of a loop; 1 and *at behind it, or 0. */
static int advance(struct run *run, const struct program_op *op, size_t *at) {
    run->steps += ROUND_STEPS;
    if (!may_begin(run, op->a, *at) || go(run, op->a, *at) != 1) {
        return 0;
    }
    *at = run->end;
    return 1;
}

static int run_lazy(struct run *run, const struct program_op *op, size_t at) {
    for (uint32_t count = 0;; count++) {
        int result = count >= op->b ? try_at(run, op->next, at) : 0;
        run->steps += ROUND_STEPS;
        if (result != 0) {
            return result;
        }
        if (count == op->c || !advance(run, op, &at)) {
            return 0;
        }
    }
}

static int run_greedy(struct run *run, const struct program_op *op, size_t at) {
    size_t places[PROGRAM_LOOP_MAX + 1];
    uint32_t count = 0;
    places[0] = at;
    while (count < op->c && advance(run, op, &at)) {
        places[++count] = at;
    }
    for (;; count--) {
        int result = count >= op->b ? try_at(run, op->next, places[count]) : 0;
        run->steps += ROUND_STEPS;
        if (result != 0 || count == 0) {
            return result;
        }
    }
}

static int run_possessive(struct run *run, const struct program_op *op, size_t at) {
    uint32_t count = 0;
    while (count < op->c && advance(run, op, &at)) {
        count++;
    }
    return count >= op->b ? try_at(run, op->next, at) : 0;
}

static int run_loop(struct run *run, const struct program_op *op, size_t at) {
    return op->mode == PROGRAM_LAZY     ? run_lazy(run, op, at)
           : op->mode == PROGRAM_GREEDY ? run_greedy(run, op, at)
                                        : run_possessive(run, op, at);
}

static int has_string(const struct run *run, const struct program_op *op, size_t at) {
    const char *string = run->pool->bytes + op->a, *bytes = run->text->bytes + at;
    if (run->text->length - at < op->b) {
        return 0;
    }
    for (uint32_t i = 0; i < op->b; i++) { /* most differ within a few letters */
        if (string[i] != bytes[i]) {
            return 0;
        }
    }
    return 1;
}

/* Most branches begin with a string that is not there, which is told without a call. Where the steps are used
   up it makes no difference: they stay so. */
static inline int run_branch(struct run *run, uint32_t number, size_t at) {
    const struct program_op *op = &run->pool->ops[number];
    if (op->code != PROGRAM_STRING) {
        return go(run, number, at);
    }
    return has_string(run, op, at) ? go(run, op->next, at + op->b) : 0;
}

/* The branches that may begin here, in their order. */
static int run_branches(struct run *run, const struct program_op *op, size_t at) {
    const struct program_pool *pool = run->pool;
    run->steps += op->b + GROUP_STEPS;
    if (op->c != 0) {
        const struct program_table *table = &pool->tables[op->c - 1];
        unsigned class = run->text->classes[at];
        for (uint32_t i = table->start[class]; i < table->start[class + 1]; i++) {
            int result = run_branch(run, pool->filed[i], at);
            if (result != 0) {
                return result;
            }
        }
        return 0;
    }
    for (uint32_t i = op->a; i < op->a + op->b; i++) {
        int result = may_begin(run, pool->branches[i], at) ? run_branch(run, pool->branches[i], at) : 0;
        if (result != 0) {
            return result;
        }
    }
    return 0;
}

/* Words of a list that stand at a place, in the order PCRE2 would try them; returns how many. */
static unsigned find_words(const struct run *run, const struct program_list *list, unsigned class, size_t at,
                           uint32_t key, struct program_word *found) {
    const char *bytes = run->text->bytes + at;
    size_t length = run->text->length - at;
    const struct program_word *words = run->pool->words + list->first_word;
    const struct program_word *word = words + list->by_class[class].start;
    const struct program_word *end = words + list->by_class[class + 1].start;
    unsigned count = 0;
    for (; word < end && word->key <= key; word++) {
        uint32_t mask = word->length < 4 ? ~(UINT32_MAX >> 8 * word->length) : UINT32_MAX;
        if (((word->key ^ key) & mask) != 0 || word->length > length ||
            (word->length > 4 &&
             memcmp(run->pool->bytes + word->offset + 4, bytes + 4, word->length - 4u) != 0)) {
            continue;
        }
        unsigned place = count++;
        for (; place > 0 && found[place - 1].rank > word->rank; place--) {
            found[place] = found[place - 1];
        }
        found[place] = *word;
    }
    return count;
}

static int run_list(struct run *run, const struct program_op *op, size_t at) {
    const struct program_list *list = &run->pool->lists[op->a];
    struct program_word found[PROGRAM_MATCHES_MAX];
    unsigned class = run->text->classes[at];
    uint32_t key = program_key(run->text->bytes + at, run->text->length - at);
    run->steps += op->b;
    if ((op->filter >> program_spot(key, op->mode) & 1) == 0) { /* without waiting for the list */
        run->steps += op->c;
        return 0;
    }
    if (list->by_class[class].start == list->by_class[class + 1].start) {
        return 0;
    }
    run->steps += list->by_class[class].steps;
    unsigned count = find_words(run, list, class, at, key, found);
    for (unsigned i = 0; i < count; i++) {
        int result = go(run, op->next, at + found[i].length);
        if (result != 0) {
            return result;
        }
    }
    return 0;
}

static int run_open(struct run *run, const struct program_op *op, size_t at) {
    size_t before = run->opened[op->a];
    run->steps += GROUP_STEPS;
    run->opened[op->a] = at;
    int result = go(run, op->next, at);
    run->opened[op->a] = before;
    return result;
}

static int run_close(struct run *run, const struct program_op *op, size_t at) {
    struct pattern_span before = run->captures[op->a];
    run->captures[op->a] = (struct pattern_span){run->opened[op->a], at};
    int result = go(run, op->next, at);
    if (result != 1) {
        run->captures[op->a] = before;
    }
    return result;
}

static int holds(const struct run *run, const struct program_op *op, size_t at) {
    const struct program_text *text = run->text;
    switch (op->code) {
    case PROGRAM_BEFORE: return at == 0 || text->bytes[at - 1] == ' ';
    case PROGRAM_AFTER: return at == text->length || text->bytes[at] == ' ';
    case PROGRAM_START: return at == 0;
    default: return at == text->length;
    }
}

/* 1, 0, or PROGRAM_UNFINISHED. */
static int go(struct run *run, uint32_t number, size_t at) {
    for (;;) {
        const struct program_op *op = &run->pool->ops[number];
        if (run->steps > run->most) {
            return PROGRAM_UNFINISHED;
        }
        switch (op->code) {
        case PROGRAM_MATCH:
        case PROGRAM_DONE: run->end = at; return 1;
        case PROGRAM_STRING:
            if (!has_string(run, op, at)) {
                return 0;
            }
            at += op->b;
            break;
        case PROGRAM_SET: return run_set(run, op, at);
        case PROGRAM_ONE_OF: return run_branches(run, op, at);
        case PROGRAM_LIST: return run_list(run, op, at);
        case PROGRAM_LOOP: return run_loop(run, op, at);
        case PROGRAM_OPEN: return run_open(run, op, at);
        case PROGRAM_CLOSE: return run_close(run, op, at);
        default:
            run->steps += ASSERTION_STEPS;
            if (!holds(run, op, at)) {
                return 0;
            }
            break;
        }
        number = op->next;
    }
}

void program_read(struct program_text *out, const char *text, size_t length, uint32_t limit) {
    out->bytes = text;
    out->length = length;
    out->limit = limit;
    out->start_count = 0;
    out->any_start = 0;
    for (size_t i = 0; i <= length; i++) {
        out->classes[i] = (uint8_t)(i < length ? program_class((unsigned char)text[i]) : PROGRAM_CLASSES - 1);
        if (i == 0 || text[i - 1] == ' ') {
            out->starts[out->start_count++] = (uint16_t)i;
            out->any_start |= (uint32_t)1 << out->classes[i];
        }
    }
}

int program_run(const struct program_pool *pool, uint32_t program, const struct program_text *text,
                size_t captures, struct pattern_hit *hit) {
    uint32_t first = pool->ops[program].first;
    if ((first & text->any_start) == 0) {
        return 0;
    }
    struct run run;
    uint32_t over = 0; /* steps at places where PCRE2 might have given up */
    run.most = PROGRAM_PATIENCE * text->limit;
    run.pool = pool;
    run.text = text;
    run.captures = hit->captures;
    memset(run.opened, 0, sizeof run.opened);
    for (size_t i = 0; i < captures; i++) {
        hit->captures[i] = (struct pattern_span){SIZE_MAX, SIZE_MAX};
    }
    /* a match of ^ begins where the text does */
    size_t starts = pool->ops[program].code == PROGRAM_START ? 1 : text->start_count;
    for (size_t i = 0; i < starts; i++) {
        size_t start = text->starts[i];
        if ((first >> text->classes[start] & 1) == 0) {
            continue;
        }
        run.steps = ASSERTION_STEPS + GROUP_STEPS;
        int result = go(&run, program, start);
        over += run.steps > text->limit ? run.steps : 0;
        if (over > run.most || (over > 0 && result != 0)) {
            return PROGRAM_UNFINISHED;
        }
        if (result != 0) {
            hit->span = (struct pattern_span){start, run.end};
            hit->capture_count = captures;
            return result;
        }
    }
    return over > 0 ? PROGRAM_NOWHERE : 0;
}
