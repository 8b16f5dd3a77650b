/* Reads an expression, as far as small programs go. What is not understood has no program. Never looks at a
   text. Called by program_build.c. */
#include <stdlib.h>
#include <string.h>

#include "domain/pattern/program_read.h"
#include "domain/pattern/syntax.h"

#include "banned.h"

enum { NESTING_MAX = 40, COUNT_MAX = 1000 };

static uint32_t refuse(struct reader *reader) {
    reader->is_failed = 1;
    return 0;
}

static uint32_t add_item(struct reader *reader, struct item item) {
    if (reader->is_failed || reader->item_count == reader->item_limit) {
        return refuse(reader);
    }
    reader->items[reader->item_count] = item;
    return reader->item_count++;
}

/* ---- reading ---- */

static int takes(struct reader *reader, const char *text) {
    return syntax_takes(&reader->at, reader->end, text);
}

static uint32_t read_alternatives(struct reader *reader);

static uint32_t add_check(struct reader *reader, enum program_code code) {
    return add_item(reader, (struct item){.kind = ITEM_CHECK, .a = code, .is_fixed = 1, .may_be_empty = 1});
}

static uint32_t add_byte(struct reader *reader, char byte) {
    struct program_pool *pool = reader->pool;
    void *bytes = pool->bytes;
    if (!program_room(&bytes, &pool->byte_capacity, pool->byte_count + 1, 1)) {
        return refuse(reader);
    }
    pool->bytes = bytes;
    pool->bytes[pool->byte_count] = byte;
    return add_item(
        reader, (struct item){.kind = ITEM_STRING, .a = (uint32_t)pool->byte_count++, .b = 1, .is_fixed = 1});
}

static void set_bits(struct program_set *set, char from, char to) {
    for (char c = from; c <= to; c++) {
        set->ascii[c / 32] |= (uint32_t)1 << c % 32;
    }
}

/* [a-z], [^ .?]: behind the bracket. */
static uint32_t read_set(struct reader *reader) {
    struct program_set set = {{0}, 0};
    int is_negated = takes(reader, "^");
    do {
        char from, to;
        if (!syntax_range(&reader->at, reader->end, &from, &to)) {
            return refuse(reader);
        }
        set_bits(&set, from, to);
    } while (!takes(reader, "]"));
    for (size_t i = 0; is_negated && i < 4; i++) {
        set.ascii[i] = ~set.ascii[i];
    }
    set.has_other = is_negated != 0;
    struct program_pool *pool = reader->pool;
    void *sets = pool->sets;
    if (!program_room(&sets, &pool->set_capacity, pool->set_count + 1, sizeof set)) {
        return refuse(reader);
    }
    pool->sets = sets;
    pool->sets[pool->set_count] = set;
    return add_item(
        reader,
        (struct item){.kind = ITEM_SET, .a = (uint32_t)pool->set_count++, .b = 1, .c = 1, .is_fixed = 1});
}

static uint32_t read_capture(struct reader *reader) {
    while (reader->at < reader->end && *reader->at != '>') {
        reader->at++;
    }
    if (!takes(reader, ">") || reader->captures == PATTERN_CAPTURES_MAX) {
        return refuse(reader);
    }
    uint32_t number = (uint32_t)reader->captures++;
    uint32_t child = read_alternatives(reader);
    if (!takes(reader, ")") || reader->is_failed) {
        return refuse(reader);
    }
    return add_item(reader, (struct item){.kind = ITEM_CAPTURE,
                                          .a = number,
                                          .child = child,
                                          .has_capture = 1,
                                          .may_be_empty = reader->items[child].may_be_empty});
}

/* Behind a parenthesis. Plain ones do not capture: the expressions are compiled so. */
static uint32_t read_group(struct reader *reader) {
    if (takes(reader, "?<![^ ])")) {
        return add_check(reader, PROGRAM_BEFORE);
    }
    if (takes(reader, "?![^ ])")) {
        return add_check(reader, PROGRAM_AFTER);
    }
    if (reader->end - reader->at > 2 && memcmp(reader->at, "?<", 2) == 0 && reader->at[2] != '=' &&
        reader->at[2] != '!' && reader->at[2] != '*') {
        return read_capture(reader);
    }
    int is_marked = takes(reader, "?:");
    if (!is_marked && reader->at < reader->end && (*reader->at == '?' || *reader->at == '*')) {
        return refuse(reader);
    }
    uint32_t child = read_alternatives(reader);
    return takes(reader, ")") ? child : refuse(reader);
}

static uint32_t read_atom(struct reader *reader) {
    char c = *reader->at++;
    switch (c) {
    case '(': return read_group(reader);
    case '[': return read_set(reader);
    case '^': return add_check(reader, PROGRAM_START);
    case '$': return add_check(reader, PROGRAM_END);
    case '\\':
        c = reader->at < reader->end ? *reader->at++ : 0;
        return syntax_is_mark(c) ? add_byte(reader, c) : refuse(reader);
    default: break;
    }
    int is_known = (c == ' ' || syntax_is_mark(c) || (c >= '0' && c <= 'z') || (unsigned char)c >= 128) &&
                   strchr(".{}]#?*+|", c) == NULL;
    return is_known ? add_byte(reader, c) : refuse(reader);
}

/* Digits; -1 if there are none, or too many. */
static int read_number(struct reader *reader) {
    int number = -1;
    while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9' && number < COUNT_MAX) {
        number = (number < 0 ? 0 : number) * 10 + (*reader->at++ - '0');
    }
    return number < COUNT_MAX ? number : -1;
}

/* 1 if there is a quantifier. */
static int read_counts(struct reader *reader, int *least, int *most) {
    *least = 0;
    *most = ENDLESS;
    if (takes(reader, "?")) {
        *most = 1;
    } else if (takes(reader, "+")) {
        *least = 1;
    } else if (takes(reader, "{")) {
        *least = *most = read_number(reader);
        if (takes(reader, ",")) {
            *most = read_number(reader);
        }
        if (!takes(reader, "}") || *least < 0 || *most < *least) {
            refuse(reader);
        }
    } else {
        return takes(reader, "*");
    }
    return 1;
}

static uint32_t add_repeat(struct reader *reader, uint32_t child, int least, int most,
                           enum program_mode mode) {
    struct item body = reader->items[child];
    if (reader->is_failed || child == 0 || body.kind == ITEM_CHECK || body.may_be_empty ||
        (body.kind == ITEM_STRING && (body.b != 1 || (unsigned char)reader->pool->bytes[body.a] >= 128))) {
        return refuse(reader);
    }
    /* X{0,8}+ takes the first way of every round and gives none back. */
    int is_once = mode == PROGRAM_POSSESSIVE && least <= 1 && !body.has_capture;
    int is_fixed = is_once || (body.is_fixed && (mode == PROGRAM_POSSESSIVE || least == most));
    int is_loop = is_once || (body.is_fixed && (mode != PROGRAM_GREEDY || most <= PROGRAM_LOOP_MAX));
    int is_simple = body.kind == ITEM_SET && body.b == 1 && body.c == 1;
    int is_short = most == ENDLESS ? least <= UNROLLED_MAX : most <= UNROLLED_MAX;
    if (!is_simple && !is_loop && (!is_short || mode == PROGRAM_POSSESSIVE)) {
        return refuse(reader);
    }
    return add_item(reader, (struct item){.kind = ITEM_REPEAT,
                                          .mode = (uint8_t)mode,
                                          .is_fixed = (uint8_t)is_fixed,
                                          .may_be_empty = least == 0,
                                          .has_capture = body.has_capture,
                                          .b = (uint32_t)least,
                                          .c = (uint32_t)most,
                                          .child = child});
}

static uint32_t read_repeated(struct reader *reader) {
    uint32_t child = read_atom(reader);
    int least, most;
    if (reader->is_failed || !read_counts(reader, &least, &most)) {
        return child;
    }
    enum program_mode mode = takes(reader, "?")   ? PROGRAM_LAZY
                             : takes(reader, "+") ? PROGRAM_POSSESSIVE
                                                  : PROGRAM_GREEDY;
    return add_repeat(reader, child, least, most, mode);
}

static int is_quantifier(const struct reader *reader) {
    return reader->at < reader->end && *reader->at != '\0' && strchr("?*+{", *reader->at) != NULL;
}

/* Letters one behind the other become one string; a quantifier takes the last alone. */
static int merges(const struct reader *reader, uint32_t last, uint32_t item) {
    const struct item *a = &reader->items[last], *b = &reader->items[item];
    return last != 0 && a->kind == ITEM_STRING && b->kind == ITEM_STRING && a->a + a->b == b->a;
}

static uint32_t read_sequence(struct reader *reader) {
    uint32_t sequence =
        add_item(reader, (struct item){.kind = ITEM_SEQUENCE, .is_fixed = 1, .may_be_empty = 1});
    uint32_t last = 0;
    while (!reader->is_failed && reader->at < reader->end && *reader->at != ')' && *reader->at != '|') {
        uint32_t item = read_repeated(reader);
        if (reader->is_failed || item == 0 || is_quantifier(reader)) {
            return refuse(reader);
        }
        struct item *items = reader->items;
        items[sequence].is_fixed &= items[item].is_fixed;
        items[sequence].may_be_empty &= items[item].may_be_empty;
        items[sequence].has_capture |= items[item].has_capture;
        if (merges(reader, last, item)) {
            items[last].b++;
            continue;
        }
        if (last == 0) {
            items[sequence].child = item;
        } else {
            items[last].next = item;
        }
        last = item;
    }
    return sequence;
}

static uint32_t read_alternatives(struct reader *reader) {
    if (++reader->depth > NESTING_MAX) {
        return refuse(reader);
    }
    uint32_t first = read_sequence(reader), last = first;
    uint32_t result = first;
    while (!reader->is_failed && takes(reader, "|")) {
        if (result == first) {
            result = add_item(reader, (struct item){.kind = ITEM_ALTERNATIVES,
                                                    .child = first,
                                                    .has_capture = reader->items[first].has_capture,
                                                    .may_be_empty = reader->items[first].may_be_empty});
        }
        uint32_t branch = read_sequence(reader);
        if (reader->is_failed) {
            return 0;
        }
        reader->items[last].next = branch;
        reader->items[result].may_be_empty |= reader->items[branch].may_be_empty;
        reader->items[result].has_capture |= reader->items[branch].has_capture;
        last = branch;
    }
    reader->depth--;
    return reader->is_failed ? 0 : result;
}

uint32_t program_read_expression(struct reader *reader) {
    reader->item_limit = (uint32_t)(2 * (reader->end - reader->at) + 16); /* a byte gives two at most */
    reader->items = calloc(reader->item_limit, sizeof *reader->items);
    if (reader->items == NULL) {
        return 0;
    }
    reader->item_count = 1;
    uint32_t root = read_alternatives(reader);
    return reader->is_failed || reader->at != reader->end ? 0 : root;
}
