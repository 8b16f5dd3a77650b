/* Everything behind a backslash. Never reads \Q or \E (parse.c does) nor escapes whose meaning depends on the
   number of groups (\10). Called by parse.c and parse_class.c. */
#include <string.h>

#include "domain/pattern/parse_state.h"

#include "banned.h"

static int is_alphanumeric(char character) {
    return (character >= '0' && character <= '9') || ((character | 32) >= 'a' && (character | 32) <= 'z');
}

static int digit_value(char character, uint32_t base) {
    int value = -1;
    if (character >= '0' && character <= '9') {
        value = character - '0';
    } else if ((character | 32) >= 'a' && (character | 32) <= 'f') {
        value = (character | 32) - 'a' + 10;
    }
    return value < (int)base ? value : -1;
}

/* Up to most digits; returns how many were read. */
static size_t read_digits(struct parser *parser, uint32_t base, size_t most, uint32_t *number) {
    size_t count = 0;
    *number = 0;
    while (count < most && parser->at < parser->length) {
        int digit = digit_value(parse_peek(parser, 0), base);
        if (digit < 0 || *number > 0x110000) {
            break;
        }
        *number = *number * base + (uint32_t)digit;
        parser->at++;
        count++;
    }
    return count;
}

static int read_braced(struct parser *parser, const char *opening, uint32_t base, uint32_t *code_point) {
    if (!parse_accept(parser, opening)) {
        return 0;
    }
    if (read_digits(parser, base, SIZE_MAX, code_point) == 0 || !parse_accept(parser, "}")) {
        parse_give_up(parser);
    }
    return 1;
}

static int read_control(struct parser *parser, uint32_t *code_point) {
    char letter = parse_peek(parser, 1);
    parser->at += 2;
    if (letter >= 'a' && letter <= 'z') {
        letter = (char)(letter - 32);
    }
    *code_point = (uint32_t)(unsigned char)letter ^ 0x40u;
    return 1;
}

static int read_fixed(struct parser *parser, uint32_t *code_point) {
    static const char letters[] = "aefnrt", values[] = {7, 27, 12, 10, 13, 9};
    const char *found = memchr(letters, parse_peek(parser, 0), sizeof letters - 1);
    if (found == NULL) {
        return 0;
    }
    parser->at++;
    *code_point = (uint32_t)values[found - letters];
    return 1;
}

int parse_escaped_char(struct parser *parser, int in_class, uint32_t *code_point) {
    if (parser->at >= parser->length) {
        return 0;
    }
    char letter = parse_peek(parser, 0);
    if (!is_alphanumeric(letter)) {
        *code_point = parse_code_point(parser);
        return 1;
    }
    if (read_fixed(parser, code_point) || read_braced(parser, "x{", 16, code_point) ||
        read_braced(parser, "o{", 8, code_point) || read_braced(parser, "N{U+", 16, code_point)) {
        return 1;
    }
    if (letter == 'b' && in_class) {
        parser->at++;
        *code_point = 8;
        return 1;
    }
    if (letter == 'x') {
        parser->at++;
        (void)read_digits(parser, 16, 2, code_point);
        return 1;
    }
    if (letter == '0') {
        (void)read_digits(parser, 8, 3, code_point);
        return 1;
    }
    return letter == 'c' && read_control(parser, code_point);
}

/* \p{L}, \pN, \P{^Nd} ... Only letters and decimal digits are known; whatever else may match anything. */
static void read_property(struct parser *parser, struct parse_set *set) {
    int is_negated = parse_peek(parser, 0) == 'P';
    parser->at++;
    size_t start = parser->at, length = 1;
    if (parse_accept(parser, "{")) {
        is_negated ^= parse_accept(parser, "^");
        start = parser->at;
        const char *close = memchr(parser->text + start, '}', parser->length - start);
        if (close == NULL) {
            parse_give_up(parser);
            return;
        }
        length = (size_t)(close - parser->text) - start;
        parser->at += length + 1;
    } else {
        parser->at++;
    }
    const char *name = parser->text + start;
    if (length == 1 && *name == 'L') {
        set_add_named(set, "alpha", 5);
    } else if ((length == 1 && *name == 'N') || (length == 2 && memcmp(name, "Nd", 2) == 0)) {
        set_add_named(set, "digit", 5);
    } else {
        set_add_unknown(set);
    }
    if (is_negated) {
        set_negate(set);
    }
}

int parse_escaped_set(struct parser *parser, struct parse_set *set) {
    static const struct {
        char letter;
        const char *name;
    } table[] = {{'d', "digit"}, {'w', "word"}, {'s', "space"}, {'h', "blank"}, {'v', "vertical"}};
    char letter = parse_peek(parser, 0);
    memset(set, 0, sizeof *set);
    if (letter == 'p' || letter == 'P') {
        read_property(parser, set);
        return 1;
    }
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if ((letter | 32) == table[i].letter) {
            parser->at++;
            set_add_named(set, table[i].name, strlen(table[i].name));
            if (letter != table[i].letter) {
                set_negate(set);
            } else if (letter == 's') {
                set->kind = SET_SPACE;
            }
            return 1;
        }
    }
    return 0;
}

/* \1 to \9. From \10 on it depends on the number of groups whether it is a reference or an octal number. */
static uint32_t read_number_reference(struct parser *parser) {
    char digit = parse_peek(parser, 0), behind = parse_peek(parser, 1);
    parser->at++;
    if (behind >= '0' && behind <= '9') {
        return parse_give_up(parser);
    }
    return parse_node(parser, NODE_REFERENCE, (uint32_t)(digit - '0'));
}

static uint32_t skip_to(struct parser *parser, char close, enum node_kind kind) {
    const char *end = memchr(parser->text + parser->at, close, parser->length - parser->at);
    if (end == NULL) {
        return parse_give_up(parser);
    }
    parser->at = (size_t)(end - parser->text) + 1;
    return parse_node(parser, kind, 0);
}

/* \g{...} \g1 \g-1 refer back; \g<...> and \g'...' call a group. */
static uint32_t read_g(struct parser *parser) {
    parser->at++;
    if (parse_accept(parser, "{")) {
        return skip_to(parser, '}', NODE_REFERENCE);
    }
    if (parse_accept(parser, "<")) {
        return skip_to(parser, '>', NODE_UNKNOWN);
    }
    if (parse_accept(parser, "'")) {
        return skip_to(parser, '\'', NODE_UNKNOWN);
    }
    if (parse_peek(parser, 0) == '-' || parse_peek(parser, 0) == '+') {
        parser->at++;
    }
    uint32_t number;
    if (read_digits(parser, 10, SIZE_MAX, &number) == 0) {
        return parse_give_up(parser);
    }
    return parse_node(parser, NODE_REFERENCE, 0);
}

static uint32_t read_k(struct parser *parser) {
    parser->at++;
    char open = parse_peek(parser, 0);
    parser->at++;
    switch (open) {
    case '<': return skip_to(parser, '>', NODE_REFERENCE);
    case '{': return skip_to(parser, '}', NODE_REFERENCE);
    case '\'': return skip_to(parser, '\'', NODE_REFERENCE);
    default: return parse_give_up(parser);
    }
}

static uint32_t read_repeated_set(struct parser *parser, const struct parse_set *set, uint32_t most) {
    uint32_t child = parse_set_node(parser, set);
    uint32_t repeat = parse_node(parser, NODE_REPEAT, 1);
    if (!parser->failed) {
        parser->tree->nodes[repeat].child = child;
        parser->tree->nodes[repeat].max = most;
        parser->tree->nodes[repeat].flags |= NODE_ATOMIC;
    }
    return repeat;
}

/* \R is one newline, perhaps of two characters; \X one or more characters; \N anything but a newline. */
static uint32_t read_wide(struct parser *parser, char letter) {
    struct parse_set set;
    memset(&set, 0, sizeof set);
    parser->at++;
    if (letter == 'R') {
        set_add_named(&set, "vertical", 8);
        return read_repeated_set(parser, &set, 2);
    }
    if (letter == 'X') {
        set_add_unknown(&set);
        return read_repeated_set(parser, &set, PARSE_ENDLESS);
    }
    set_add_char(&set, '\n', 0);
    set_negate(&set);
    set.kind = SET_DOT;
    return parse_set_node(parser, &set);
}

static uint32_t read_assertion(struct parser *parser, enum node_kind kind, uint32_t value) {
    parser->at++;
    return parse_node(parser, kind, value);
}

uint32_t parse_escape(struct parser *parser) {
    parser->at++;
    uint32_t code_point = 0;
    struct parse_set set;
    char letter = parse_peek(parser, 0);
    if (parse_escaped_char(parser, 0, &code_point)) {
        return parse_char_node(parser, code_point);
    }
    if (parse_escaped_set(parser, &set)) {
        return parse_set_node(parser, &set);
    }
    if (letter >= '1' && letter <= '9') {
        return read_number_reference(parser);
    }
    switch (letter) {
    case 'b': return read_assertion(parser, NODE_BOUNDARY, BOUNDARY_WORD);
    case 'A': return read_assertion(parser, NODE_START, 0);
    case 'Z':
    case 'z': return read_assertion(parser, NODE_END, 0);
    case 'B':
    case 'G':
    case 'K': return read_assertion(parser, NODE_RESTRICT, 0);
    case 'R':
    case 'X':
    case 'N': return read_wide(parser, letter);
    case 'g': return read_g(parser);
    case 'k': return read_k(parser);
    default: return parse_give_up(parser);
    }
}
