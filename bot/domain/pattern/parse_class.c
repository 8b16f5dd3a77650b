/* Bracketed classes: [a-z], [^\d_], [[:alpha:]-]. Never guesses: quoting, blanks under (?xx) and POSIX syntax
   beyond plain names make the expression "not understood". Called by parse.c. */
#include <string.h>

#include "domain/pattern/parse_state.h"

#include "banned.h"

/* [:name:] or [:^name:] at "[". 1 read, 0 not POSIX syntax; gives up on what looks like it but is not. */
static int read_posix(struct parser *parser, struct parse_set *set) {
    char kind = parse_peek(parser, 1);
    if (kind != ':' && kind != '.' && kind != '=') {
        return 0;
    }
    parser->at += 2;
    int is_negated = parse_accept(parser, "^");
    size_t start = parser->at;
    while (parse_peek(parser, 0) >= 'a' && parse_peek(parser, 0) <= 'z') {
        parser->at++;
    }
    struct parse_set named;
    memset(&named, 0, sizeof named);
    set_add_named(&named, parser->text + start, parser->at - start);
    if (kind != ':' || parser->at == start || !parse_accept(parser, ":]")) {
        parse_give_up(parser);
        return 1;
    }
    if (is_negated) {
        set_negate(&named);
    }
    set_add_set(set, &named);
    return 1;
}

/* One character of a class, plain or escaped; 0 when it is a set (already added) or not understood. */
static int read_member(struct parser *parser, struct parse_set *set, uint32_t *code_point) {
    char next = parse_peek(parser, 0);
    if (next == '[' && read_posix(parser, set)) {
        return 0;
    }
    if ((next == ' ' || next == '\t') && (parser->flags & FLAG_EXTENDED_MORE) != 0) {
        parse_give_up(parser);
        return 0;
    }
    if (next != '\\') {
        *code_point = parse_code_point(parser);
        return 1;
    }
    parser->at++;
    struct parse_set escaped;
    if (parse_escaped_char(parser, 1, code_point)) {
        return 1;
    }
    if (parse_escaped_set(parser, &escaped)) {
        set_add_set(set, &escaped);
    } else {
        parse_give_up(parser);
    }
    return 0;
}

static void read_item(struct parser *parser, struct parse_set *set) {
    int is_caseless = (parser->flags & FLAG_CASELESS) != 0;
    uint32_t low = 0, high = 0;
    if (!read_member(parser, set, &low)) {
        return;
    }
    if (parse_peek(parser, 0) != '-' || parse_peek(parser, 1) == ']') {
        set_add_char(set, low, is_caseless);
        return;
    }
    parser->at++;
    if (!read_member(parser, set, &high)) {
        parse_give_up(parser); /* a range that ends in a set */
        return;
    }
    set_add_range(set, low, high, is_caseless);
}

uint32_t parse_class(struct parser *parser) {
    if (parse_accept(parser, "[[:<:]]") || parse_accept(parser, "[[:>:]]")) {
        return parse_node(parser, NODE_RESTRICT, 0);
    }
    struct parse_set set;
    memset(&set, 0, sizeof set);
    parser->at++;
    int is_negated = parse_accept(parser, "^");
    if (parse_accept(parser, "]")) {
        if (parse_peek(parser, 0) == '-' && parse_peek(parser, 1) != ']') {
            return parse_give_up(parser); /* "[]-a]": not worth reading */
        }
        set_add_char(&set, ']', 0);
    }
    while (!parser->failed && parser->at < parser->length && parse_peek(parser, 0) != ']') {
        read_item(parser, &set);
    }
    if (!parse_accept(parser, "]")) {
        return parse_give_up(parser);
    }
    if (is_negated) {
        set_negate(&set);
    }
    return parse_set_node(parser, &set);
}
