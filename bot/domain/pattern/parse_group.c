/* Everything that opens with a parenthesis: groups, options, lookarounds, conditions, calls, verbs. Never
   reads further than the matching parenthesis. Called by parse.c. */
#include "domain/pattern/parse_state.h"

#include <string.h>

#include "domain/pattern/pattern.h"
#include "domain/pattern/shared.h"

#include "banned.h"

static uint32_t parent(struct parser *parser, enum node_kind kind, uint32_t value, unsigned flags,
                       uint32_t child) {
    uint32_t node = parse_node(parser, kind, value);
    if (node != 0) {
        parser->tree->nodes[node].child = child;
        parser->tree->nodes[node].flags = (uint8_t)flags;
    }
    return node;
}

/* The inside up to and with the closing parenthesis; options set inside end there. */
static uint32_t read_inside(struct parser *parser) {
    unsigned flags = parser->flags;
    if (++parser->depth > PARSE_DEPTH_MAX) {
        return parse_give_up(parser);
    }
    uint32_t inside = parse_alternation(parser);
    if (!parser->failed && !parse_accept(parser, ")")) {
        return parse_give_up(parser);
    }
    parser->depth--;
    parser->flags = flags;
    return inside;
}

static uint32_t read_plain(struct parser *parser, unsigned flags) {
    return parent(parser, NODE_GROUP, 0, flags, read_inside(parser));
}

/* A list stands here, behind "(?:". */
static int is_list(const struct parser *parser) {
    const struct parse_tree *tree = parser->tree;
    return parser->places < tree->place_count && tree->places[parser->places].at == parser->at;
}

static uint32_t read_list(struct parser *parser) {
    uint32_t list = parser->tree->places[parser->places++].list;
    uint32_t node = parse_node(parser, NODE_SHARED, parser->tree->lists[list]);
    parser->tree->has_shared = 1;
    return parse_accept(parser, ")") ? node : parse_give_up(parser);
}

/* (?:...), behind the colon. Seen before, it need not be read again. */
static uint32_t read_shared(struct parser *parser) {
    if (is_list(parser)) {
        return read_list(parser);
    }
    const unsigned may_share = FLAG_CASELESS | FLAG_NO_CAPTURE;
    size_t start = parser->at;
    uint32_t index = 0;
    struct shared_part *part = (parser->flags & ~may_share) == 0 && parser->depth <= SHARED_DEPTH_MAX
                                   ? shared_find(parser->tree->shared, parser->text + start,
                                                 parser->length - start, parser->flags, &index)
                                   : NULL;
    if (part != NULL && part->state == SHARED_KNOWN) {
        uint32_t node = parse_node(parser, NODE_SHARED, index);
        parser->tree->nodes[node].max = (uint32_t)start;
        parser->tree->has_shared = 1;
        parser->at += part->length;
        return node;
    }
    uint32_t group = read_plain(parser, 0);
    if (part == NULL || parser->failed || parser->at != start + part->length) {
        return group;
    }
    parser->tree->has_shared = 1;
    return parent(parser, NODE_SHARED, index, 0, group);
}

static uint32_t read_look(struct parser *parser) {
    return parent(parser, NODE_LOOK, 0, 0, read_inside(parser));
}

/* What must not be there requires nothing. */
static uint32_t read_negative(struct parser *parser) {
    return parent(parser, NODE_RESTRICT, 0, 0, read_inside(parser));
}

static uint32_t read_capture(struct parser *parser) {
    uint32_t number = ++parser->captures;
    return parent(parser, NODE_GROUP, number, 0, read_inside(parser));
}

/* Moves behind the next close; nothing in between is quoted. */
static int skip_past(struct parser *parser, char close) {
    const char *end = memchr(parser->text + parser->at, close, parser->length - parser->at);
    if (end == NULL) {
        parse_give_up(parser);
        return 0;
    }
    parser->at = (size_t)(end - parser->text) + 1;
    return 1;
}

static uint32_t read_until(struct parser *parser, char close, enum node_kind kind) {
    return skip_past(parser, close) ? parse_node(parser, kind, 0) : 0;
}

static uint32_t read_named(struct parser *parser, char close) {
    return skip_past(parser, close) ? read_capture(parser) : 0;
}

static uint32_t read_branch_reset(struct parser *parser) {
    parser->tree->has_branch_reset = 1;
    return read_plain(parser, 0);
}

/* (?C), (?C12), (?C"text" with "" for a quotation mark inside), behind "(?C". */
static uint32_t read_callout(struct parser *parser) {
    char open = parse_peek(parser, 0), close = open == '{' ? '}' : open;
    if (open != ')' && open != '\0' && strchr("`'\"^%#${", open) != NULL) {
        parser->at++;
        do {
            if (!skip_past(parser, close)) {
                return 0;
            }
        } while (parse_peek(parser, 0) == close && ++parser->at != 0);
    }
    return read_until(parser, ')', NODE_RESTRICT);
}

static int is_assertion_next(const struct parser *parser) {
    return parse_looks_at(parser, "(?=") || parse_looks_at(parser, "(?!") || parse_looks_at(parser, "(?<=") ||
           parse_looks_at(parser, "(?<!") || parse_looks_at(parser, "(?*") ||
           parse_looks_at(parser, "(?<*") || parse_looks_at(parser, "(*");
}

/* (?(condition)yes|no), behind "(?": read for its groups, required for nothing. */
static uint32_t read_condition(struct parser *parser) {
    if (parse_looks_at(parser, "(?C")) {
        parser->at += 3;
        (void)read_callout(parser);
    }
    if (!parser->failed && is_assertion_next(parser)) {
        (void)parse_group(parser);
    } else if (!parser->failed) {
        (void)skip_past(parser, ')');
    }
    if (!parser->failed) {
        (void)read_inside(parser);
    }
    return parse_node(parser, NODE_UNKNOWN, 0);
}

static unsigned flag_of(char letter) {
    switch (letter) {
    case 'i': return FLAG_CASELESS;
    case 'm': return FLAG_MULTILINE;
    case 's': return FLAG_DOTALL;
    case 'x': return FLAG_EXTENDED;
    case 'n': return FLAG_NO_CAPTURE;
    default: return 0; /* J: names may be doubled, which is all the same here */
    }
}

static void set_option(struct parser *parser, char letter, int is_off) {
    unsigned flag = flag_of(letter);
    if (letter == 'x') {
        parser->flags &= ~(unsigned)FLAG_EXTENDED_MORE;
        if (!is_off && parse_accept(parser, "x")) {
            flag |= FLAG_EXTENDED_MORE;
        }
    }
    parser->flags = is_off ? parser->flags & ~flag : parser->flags | flag;
}

/* (?i-s:...) is a group; (?i) holds up to the end of the group it stands in and is no item. */
static uint32_t read_options(struct parser *parser) {
    unsigned before = parser->flags;
    int is_off = 0;
    if (parse_accept(parser, "^")) {
        parser->flags = 0;
    }
    for (;;) {
        char letter = parse_peek(parser, 0);
        parser->at++;
        if (letter == ')') {
            return 0;
        }
        if (letter == ':') {
            uint32_t group = read_plain(parser, 0);
            parser->flags = before;
            return group;
        }
        if (letter == '-') {
            is_off = 1;
        } else if (letter != '\0' && strchr("imsxnJ", letter) != NULL) {
            set_option(parser, letter, is_off);
        } else {
            return parse_give_up(parser);
        }
    }
}

/* (?1) (?+1) (?-1) (?R): the group called may match anything as far as this reader is concerned. */
static int is_call(const struct parser *parser) {
    char next = parse_peek(parser, 0), behind = parse_peek(parser, 1);
    if (next == '+' || next == '-') {
        return behind >= '0' && behind <= '9';
    }
    return (next >= '0' && next <= '9') || (next == 'R' && behind == ')') || next == '&';
}

/* The edges of whole words in folded text: (?<![^ ]) and (?![^ ]), behind "(?". */
static uint32_t read_blank_edge(struct parser *parser) {
    if ((parser->flags & FLAG_EXTENDED_MORE) != 0) {
        return 0; /* there the blank means nothing */
    }
    if (parse_accept(parser, "<![^ ])")) {
        return parse_node(parser, NODE_BOUNDARY, BOUNDARY_BLANK_BEFORE);
    }
    return parse_accept(parser, "![^ ])") ? parse_node(parser, NODE_BOUNDARY, BOUNDARY_BLANK_AFTER) : 0;
}

static uint32_t read_special(struct parser *parser) {
    uint32_t edge = read_blank_edge(parser);
    if (edge != 0) {
        return edge;
    }
    if (is_call(parser) || parse_accept(parser, "P>")) {
        return read_until(parser, ')', NODE_UNKNOWN);
    }
    if (parse_accept(parser, "P=")) {
        return read_until(parser, ')', NODE_REFERENCE);
    }
    if (parse_accept(parser, "=") || parse_accept(parser, "<=") || parse_accept(parser, "*") ||
        parse_accept(parser, "<*")) {
        return read_look(parser);
    }
    if (parse_accept(parser, "!") || parse_accept(parser, "<!")) {
        return read_negative(parser);
    }
    if (parse_accept(parser, "P<") || parse_accept(parser, "<")) {
        return read_named(parser, '>');
    }
    if (parse_accept(parser, "'")) {
        return read_named(parser, '\'');
    }
    if (parse_accept(parser, ":")) {
        return read_shared(parser);
    }
    if (parse_accept(parser, ">")) {
        return read_plain(parser, NODE_ATOMIC);
    }
    if (parse_accept(parser, "|")) {
        return read_branch_reset(parser);
    }
    if (parse_accept(parser, "C")) {
        return read_callout(parser);
    }
    return parse_looks_at(parser, "(") ? read_condition(parser) : read_options(parser);
}

static int is_one_of(const char *name, size_t length, const char *const *names) {
    for (; *names != NULL; names++) {
        if (strlen(*names) == length && memcmp(*names, name, length) == 0) {
            return 1;
        }
    }
    return 0;
}

/* (*pla:...) and its kin, behind "(*". */
static uint32_t read_alphabetic(struct parser *parser) {
    static const char *const positive[] = {"pla",   "positive_lookahead",
                                           "plb",   "positive_lookbehind",
                                           "napla", "non_atomic_positive_lookahead",
                                           "naplb", "non_atomic_positive_lookbehind",
                                           NULL};
    static const char *const negative[] = {"nla", "negative_lookahead", "nlb", "negative_lookbehind", NULL};
    static const char *const narrow[] = {"atomic", "sr", "script_run", "asr", "atomic_script_run", NULL};
    const char *name = parser->text + parser->at;
    if (!skip_past(parser, ':')) {
        return 0;
    }
    size_t length = (size_t)(parser->text + parser->at - name) - 1;
    if (is_one_of(name, length, positive)) {
        return read_look(parser);
    }
    if (is_one_of(name, length, negative)) {
        return read_negative(parser);
    }
    return is_one_of(name, length, narrow) ? read_plain(parser, NODE_ATOMIC) : parse_give_up(parser);
}

/* Verbs that only take matches away. (*ACCEPT) ends a match before what follows it: then nothing is required.
 */
static uint32_t read_verb(struct parser *parser) {
    static const char *const narrow[] = {"F", "FAIL", "COMMIT", "PRUNE", "SKIP", "THEN", "MARK", "", NULL};
    const char *name = parser->text + parser->at;
    size_t length = 0;
    while (parse_peek(parser, length) >= 'A' && parse_peek(parser, length) <= 'Z') {
        length++;
    }
    if (parse_peek(parser, length) != ':' && parse_peek(parser, length) != ')') {
        return parse_give_up(parser);
    }
    if (!is_one_of(name, length, narrow) || !skip_past(parser, ')')) {
        return parse_give_up(parser);
    }
    return parse_node(parser, NODE_RESTRICT, 0);
}

/* Settings in front of everything. Only those that leave newlines, and so comments and dots, alone. */
uint32_t parse_verbs_at_start(struct parser *parser) {
    static const char *const harmless[] = {
        "(*UTF)", "(*UCP)", "(*NO_START_OPT)", "(*NO_AUTO_POSSESS)", "(*NO_JIT)", "(*NO_DOTSTAR_ANCHOR)",
        NULL};
    for (size_t i = 0; harmless[i] != NULL; i++) {
        if (parse_accept(parser, harmless[i])) {
            parser->tree->has_start_verb = 1;
            i = SIZE_MAX; /* from the front again: they may come in any order */
        }
    }
    return 0;
}

uint32_t parse_group(struct parser *parser) {
    parser->at++;
    if (parse_accept(parser, "*")) {
        char next = parse_peek(parser, 0);
        return next >= 'a' && next <= 'z' ? read_alphabetic(parser) : read_verb(parser);
    }
    if (parse_accept(parser, "?")) {
        return read_special(parser);
    }
    if ((parser->flags & FLAG_NO_CAPTURE) != 0) {
        return read_plain(parser, 0);
    }
    return read_capture(parser);
}
