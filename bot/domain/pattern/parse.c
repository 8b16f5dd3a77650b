/* The heart of the reader of PCRE2 syntax: alternatives, sequences, quantifiers, quoting, comments. Never
   judges whether an expression is valid (PCRE2 did). Called by required.c. */
#include "domain/pattern/parse_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#include "banned.h"

enum { NODES_MAX = 4 * 65536, CODE_POINT_KELVIN = 0x212A, CODE_POINT_LONG_S = 0x17F };

uint32_t parse_give_up(struct parser *parser) {
    parser->failed = 1;
    return 0;
}

uint32_t parse_node(struct parser *parser, enum node_kind kind, uint32_t value) {
    struct parse_tree *tree = parser->tree;
    if (tree->node_count == tree->node_capacity) {
        size_t capacity = tree->node_capacity != 0 ? tree->node_capacity * 2 : 1024;
        struct node *nodes = capacity <= NODES_MAX ? realloc(tree->nodes, capacity * sizeof *nodes) : NULL;
        if (nodes == NULL) {
            return parse_give_up(parser);
        }
        tree->nodes = nodes;
        tree->node_capacity = capacity;
    }
    tree->nodes[tree->node_count] = (struct node){.kind = (uint8_t)kind, .value = value};
    return (uint32_t)tree->node_count++;
}

/* Caseless characters beyond ASCII become a set: their other cases are not known here. */
uint32_t parse_char_node(struct parser *parser, uint32_t code_point) {
    int is_caseless = (parser->flags & FLAG_CASELESS) != 0;
    if (is_caseless && code_point >= 128) {
        struct parse_set set;
        memset(&set, 0, sizeof set);
        set_add_char(&set, code_point, 1);
        return parse_set_node(parser, &set);
    }
    uint32_t node = parse_node(parser, NODE_CHAR, code_point);
    if (node != 0 && is_caseless) {
        parser->tree->nodes[node].flags |= NODE_CASELESS;
    }
    return node;
}

uint32_t parse_set_node(struct parser *parser, const struct parse_set *set) {
    struct parse_tree *tree = parser->tree;
    if (tree->set_count == tree->set_capacity) {
        size_t capacity = tree->set_capacity != 0 ? tree->set_capacity * 2 : 64;
        struct parse_set *sets = realloc(tree->sets, capacity * sizeof *sets);
        if (sets == NULL) {
            return parse_give_up(parser);
        }
        tree->sets = sets;
        tree->set_capacity = capacity;
    }
    tree->sets[tree->set_count] = *set;
    return parse_node(parser, NODE_SET, (uint32_t)tree->set_count++);
}

uint32_t parse_code_point(struct parser *parser) {
    uint32_t code_point = 0;
    size_t size = u8_decode(parser->text + parser->at, parser->length - parser->at, &code_point);
    parser->at += size != 0 ? size : 1;
    return code_point;
}

/* Under (?x): blanks, and comments up to the end of the line. U+0085, U+200E, U+200F, U+2028 and U+2029 are
   blanks too there (pcre2pattern(3), PCRE2_EXTENDED): not worth reading, so not understood. */
static int skip_extended(struct parser *parser) {
    if ((parser->flags & FLAG_EXTENDED) == 0) {
        return 0;
    }
    char next = parse_peek(parser, 0);
    if (next == ' ' || (next >= 9 && next <= 13)) {
        parser->at++;
        return 1;
    }
    if (parse_looks_at(parser, "\xC2\x85") || parse_looks_at(parser, "\xE2\x80")) {
        parse_give_up(parser);
        return 0;
    }
    if (next == '#') {
        const char *end = memchr(parser->text + parser->at, '\n', parser->length - parser->at);
        parser->at = end != NULL ? (size_t)(end - parser->text) + 1 : parser->length;
        return 1;
    }
    return 0;
}

static int skip_comment(struct parser *parser) {
    if (!parse_accept(parser, "(?#")) {
        return 0;
    }
    const char *end = memchr(parser->text + parser->at, ')', parser->length - parser->at);
    if (end == NULL) {
        parse_give_up(parser);
        return 0;
    }
    parser->at = (size_t)(end - parser->text) + 1;
    return 1;
}

/* What may stand between an item and its quantifier without meaning anything. */
static void skip_ignored(struct parser *parser) {
    char next = parse_peek(parser, 0);
    if (next != '\\' && next != '(' && (parser->flags & FLAG_EXTENDED) == 0) {
        return; /* nearly always */
    }
    while (!parser->failed && parser->at < parser->length &&
           (skip_extended(parser) || skip_comment(parser) || parse_accept(parser, "\\E") ||
            parse_accept(parser, "\\Q\\E"))) {
    }
}

static size_t read_number(const struct parser *parser, size_t at, uint32_t *number) {
    *number = 0;
    size_t start = at;
    while (at < parser->length && parser->text[at] >= '0' && parser->text[at] <= '9') {
        *number = *number > UINT16_MAX ? *number : *number * 10 + (uint32_t)(parser->text[at] - '0');
        at++;
    }
    return at - start;
}

/* "{ 2, 3 }" and "{,3}" are literals for PCRE2 10.42 and quantifiers from 10.43 on: what only newer versions
   read as a quantifier is not understood. */
static int looks_like_newer_braces(const struct parser *parser) {
    size_t at = parser->at + 1, start = at;
    while (at < parser->length && strchr(" \t0123456789,", parser->text[at]) != NULL &&
           parser->text[at] != '\0') {
        at++;
    }
    return at > start && at < parser->length && parser->text[at] == '}';
}

static int read_braces(struct parser *parser, uint32_t *least, uint32_t *most) {
    size_t at = parser->at + 1, digits = read_number(parser, at, least);
    *most = *least;
    at += digits;
    if (digits != 0 && at < parser->length && parser->text[at] == ',') {
        at++;
        digits = read_number(parser, at, most);
        *most = digits != 0 ? *most : PARSE_ENDLESS;
        at += digits;
        digits = 1;
    }
    if (digits != 0 && at < parser->length && parser->text[at] == '}') {
        parser->at = at + 1;
        return 1;
    }
    if (looks_like_newer_braces(parser)) {
        parse_give_up(parser);
    }
    return 0;
}

static int read_quantifier(struct parser *parser, uint32_t *least, uint32_t *most) {
    *least = parse_peek(parser, 0) == '+';
    *most = parse_peek(parser, 0) == '?' ? 1 : PARSE_ENDLESS;
    switch (parse_peek(parser, 0)) {
    case '*':
    case '+':
    case '?': parser->at++; return 1;
    case '{': return read_braces(parser, least, most);
    default: return 0;
    }
}

static uint32_t quantify(struct parser *parser, uint32_t item) {
    uint32_t least, most;
    skip_ignored(parser);
    if (parser->failed || parser->at >= parser->length || !read_quantifier(parser, &least, &most)) {
        return item;
    }
    uint32_t repeat = parse_node(parser, NODE_REPEAT, least);
    if (repeat == 0) {
        return 0;
    }
    struct node *node = &parser->tree->nodes[repeat];
    node->child = item;
    node->max = most;
    if (parse_accept(parser, "?")) {
        node->flags |= NODE_LAZY;
    } else if (parse_accept(parser, "+")) {
        node->flags |= NODE_ATOMIC;
    }
    return repeat;
}

static uint32_t read_dot(struct parser *parser) {
    struct parse_set set;
    memset(&set, 0, sizeof set);
    parser->at++;
    if ((parser->flags & FLAG_DOTALL) == 0) {
        set_add_char(&set, '\n', 0);
        set.kind = SET_DOT;
    }
    set_negate(&set);
    return parse_set_node(parser, &set);
}

static uint32_t read_anchor(struct parser *parser, enum node_kind kind) {
    parser->at++;
    return parse_node(parser, (parser->flags & FLAG_MULTILINE) != 0 ? NODE_RESTRICT : kind, 0);
}

static uint32_t read_item(struct parser *parser) {
    switch (parse_peek(parser, 0)) {
    case '(': return parse_group(parser);
    case '[': return parse_class(parser);
    case '\\': return parse_escape(parser);
    case '.': return read_dot(parser);
    case '^': return read_anchor(parser, NODE_START);
    case '$': return read_anchor(parser, NODE_END);
    case '*':
    case '+':
    case '?': return parse_give_up(parser); /* "a+ ?" under (?x): its meaning depends on the version */
    default: return parse_char_node(parser, parse_code_point(parser));
    }
}

/* One character between \Q and \E; only the last one before \E may have a quantifier. */
static uint32_t read_quoted(struct parser *parser) {
    uint32_t item = parse_char_node(parser, parse_code_point(parser));
    parser->quoting = !parse_accept(parser, "\\E");
    return item;
}

static int is_sequence_end(struct parser *parser) {
    if (!parser->quoting) {
        skip_ignored(parser);
        parser->quoting = parse_accept(parser, "\\Q");
    }
    if (parser->failed || parser->at >= parser->length) {
        return 1;
    }
    return !parser->quoting && (parse_peek(parser, 0) == '|' || parse_peek(parser, 0) == ')');
}

struct sequence {
    uint32_t node, last; /* last: its last item, or 0 */
};

static void append(struct parser *parser, struct sequence *sequence, uint32_t item) {
    struct node *nodes = parser->tree->nodes;
    if (sequence->last == 0) {
        nodes[sequence->node].child = item;
    } else {
        nodes[sequence->last].next = item;
    }
    sequence->last = item;
}

static int is_letter(char character) {
    return (character | 32) >= 'a' && (character | 32) <= 'z';
}

static int ends_word(const struct parser *parser, size_t at) {
    return at == parser->length || parser->text[at] == '|' || parser->text[at] == ')';
}

/* The fast way through words: letters up to one that might have a quantifier. */
static void read_letters(struct parser *parser, struct sequence *sequence) {
    size_t at = parser->at, end = at;
    while (end < parser->length && end - at < PARSE_LETTERS_MAX && is_letter(parser->text[end])) {
        end++;
    }
    if (end > at && !ends_word(parser, end)) {
        end--;
    }
    if (end == at) {
        return;
    }
    uint32_t item = parse_node(parser, NODE_LETTERS, (uint32_t)at);
    if (item != 0) {
        struct node *node = &parser->tree->nodes[item];
        node->max = (uint32_t)(end - at);
        node->flags = (parser->flags & FLAG_CASELESS) != 0 ? NODE_CASELESS : 0;
        append(parser, sequence, item);
        parser->at = end;
    }
}

/* An item of 0 without failure is an option setting such as (?i): nothing to keep. */
static uint32_t parse_sequence(struct parser *parser) {
    struct sequence sequence = {parse_node(parser, NODE_CONCAT, 0), 0};
    while (!is_sequence_end(parser)) {
        if (!parser->quoting) {
            read_letters(parser, &sequence);
            if (ends_word(parser, parser->at)) {
                continue;
            }
        }
        uint32_t item = parser->quoting ? read_quoted(parser) : read_item(parser);
        if (item != 0 && !parser->quoting && !parser->failed) {
            item = quantify(parser, item);
        }
        if (parser->failed) {
            return 0;
        }
        if (item != 0) {
            append(parser, &sequence, item);
        }
    }
    return sequence.node;
}

uint32_t parse_alternation(struct parser *parser) {
    uint32_t first = parse_sequence(parser);
    if (parser->failed || parse_peek(parser, 0) != '|') {
        return first;
    }
    uint32_t alternation = parse_node(parser, NODE_ALTERNATE, 0), last = first;
    if (alternation != 0) {
        parser->tree->nodes[alternation].child = first;
    }
    while (!parser->failed && parse_accept(parser, "|")) {
        uint32_t branch = parse_sequence(parser);
        if (!parser->failed) {
            parser->tree->nodes[last].next = branch;
            last = branch;
        }
    }
    return alternation;
}

int parse_expression(struct parse_tree *tree, const char *expression, size_t length, unsigned options) {
    struct parser parser = {.tree = tree, .text = expression, .length = length};
    parser.flags = ((options & PARSE_CASELESS) != 0 ? FLAG_CASELESS : 0u) |
                   ((options & PARSE_NO_CAPTURE) != 0 ? FLAG_NO_CAPTURE : 0u);
    tree->expression = expression;
    tree->node_count = tree->set_count = 0;
    tree->has_branch_reset = tree->has_start_verb = tree->has_shared = 0;
    (void)parse_node(&parser, NODE_RESTRICT, 0); /* so that 0 is no node */
    parse_verbs_at_start(&parser);
    tree->root = parser.failed ? 0 : parse_alternation(&parser);
    if (parser.failed || parser.at != length) {
        tree->has_shared = 0;
        return 0;
    }
    return 1;
}

void parse_tree_close(struct parse_tree *tree) {
    free(tree->nodes);
    free(tree->sets);
    memset(tree, 0, sizeof *tree);
}
