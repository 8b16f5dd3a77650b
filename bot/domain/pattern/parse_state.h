/* What the parse*.c files share. Private to them. */
#ifndef PANDU_DOMAIN_PATTERN_PARSE_STATE_H
#define PANDU_DOMAIN_PATTERN_PARSE_STATE_H

#include "domain/pattern/parse.h"

enum parse_flag { /* option letters in force: (?imsxn) */
                  FLAG_CASELESS = 1,
                  FLAG_MULTILINE = 2,
                  FLAG_DOTALL = 4,
                  FLAG_EXTENDED = 8,
                  FLAG_EXTENDED_MORE = 16,
                  FLAG_NO_CAPTURE = 32
};

struct parser {
    struct parse_tree *tree;
    const char *text;
    size_t length, at;
    unsigned flags;
    int depth;
    uint32_t captures; /* groups opened so far */
    size_t places;     /* lists read so far */
    int quoting;       /* between \Q and \E */
    int failed;        /* not understood */
};

/* The character offset bytes ahead, or '\0' at the end (a real NUL byte is a literal like any other). */
static inline char parse_peek(const struct parser *parser, size_t offset) {
    return parser->at + offset < parser->length ? parser->text[parser->at + offset] : '\0';
}

static inline int parse_looks_at(const struct parser *parser, const char *token) {
    size_t at = parser->at;
    while (*token != '\0' && at < parser->length && parser->text[at] == *token) {
        at++;
        token++;
    }
    return *token == '\0';
}

/* Moves behind token if it is next. */
static inline int parse_accept(struct parser *parser, const char *token) {
    if (!parse_looks_at(parser, token)) {
        return 0;
    }
    while (*token++ != '\0') {
        parser->at++;
    }
    return 1;
}

uint32_t parse_give_up(struct parser *parser); /* sets failed, returns 0 */

uint32_t parse_node(struct parser *parser, enum node_kind kind, uint32_t value);
uint32_t parse_char_node(struct parser *parser, uint32_t code_point);
uint32_t parse_set_node(struct parser *parser, const struct parse_set *set);
uint32_t parse_code_point(struct parser *parser); /* reads one character as it stands */

uint32_t parse_alternation(struct parser *parser); /* up to a closing parenthesis or the end */
uint32_t parse_group(struct parser *parser);       /* at "(" */
uint32_t parse_escape(struct parser *parser);      /* at "\" outside a class */
uint32_t parse_class(struct parser *parser);       /* at "[" */
uint32_t parse_verbs_at_start(struct parser *parser);

/* Reads an escape that stands for one character, in or outside a class, at the letter behind the backslash.
   1 and *code_point; 0 without moving if it is another kind of escape. */
int parse_escaped_char(struct parser *parser, int in_class, uint32_t *code_point);
/* \d \w \s \h \v \p and their negations, at the letter: 1 and *set, or 0 without moving. */
int parse_escaped_set(struct parser *parser, struct parse_set *set);

void set_add_char(struct parse_set *set, uint32_t code_point, int is_caseless);
void set_add_range(struct parse_set *set, uint32_t low, uint32_t high, int is_caseless);
void set_add_set(struct parse_set *set, const struct parse_set *other);
void set_add_unknown(struct parse_set *set);
void set_negate(struct parse_set *set);
/* A POSIX name as in [[:alpha:]], under UCP. */
void set_add_named(struct parse_set *set, const char *name, size_t length);

#endif
