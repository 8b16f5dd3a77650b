/* Conditions of dialogues: parses the small language of expression.h into a tree and evaluates it against
   what a dialogue knows. Recursive descent with a nesting cap, because authors' files are the input. Never
   reads a session itself (the scope does) and never fails while evaluating: unknown things are false. Called
   by: content (parsing, names), dialogue/path, dialogue/result. */
#include "domain/dialogue/expression.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#include "banned.h"

enum { NESTING_MAX = 16, NAME_MAX_BYTES = 64, LITERAL_MAX_BYTES = 200 };

enum operation {
    OP_OR,
    OP_AND,
    OP_NOT,
    OP_EQUAL,
    OP_UNEQUAL,
    OP_LESS,
    OP_LESS_EQUAL,
    OP_GREATER,
    OP_GREATER_EQUAL,
    OP_PHRASES,
    OP_NUMBER,
    OP_TEXT,
    OP_NAME
};

struct expression {
    enum operation operation;
    const struct expression *left, *right;
    enum expression_kind kind;                /* OP_NAME */
    const char *text;                         /* OP_NAME, OP_TEXT; of OP_PHRASES the class */
    double number;                            /* OP_NUMBER */
    const struct expression_phrases *phrases; /* OP_PHRASES: looked for in left */
    uint16_t *place;                          /* OP_NAME: of a step, once that is known */
};

struct parser {
    const char *text;
    const char *at;
    const struct expression_classes *classes;
    struct arena *arena;
    struct err *err;
    int depth;
};

/* ---- parsing ---- */

static const struct expression *parse_or(struct parser *parser);

static const struct expression *fail(const struct parser *parser, const char *at, const char *what) {
    err_set(parser->err, ERR_SYNTAX, "%s", what);
    err_at(parser->err, NULL, 0, (int)(at - parser->text) + 1, NULL);
    return NULL;
}

static struct expression *node(const struct parser *parser, enum operation operation,
                               const struct expression *left, const struct expression *right) {
    struct expression *made = arena_alloc(parser->arena, sizeof *made);
    made->operation = operation;
    made->left = left;
    made->right = right;
    return made;
}

static void skip_blanks(struct parser *parser) {
    while (*parser->at == ' ' || *parser->at == '\t' || *parser->at == '\n') {
        parser->at++;
    }
}

static int is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/* Ids are plain ASCII whatever the locale says. */
static int is_name_byte(char byte) {
    return is_digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

/* Takes the word if it stands here as a whole. */
static int take_word(struct parser *parser, const char *word) {
    skip_blanks(parser);
    size_t length = strlen(word);
    if (strncmp(parser->at, word, length) != 0 || is_name_byte(parser->at[length])) {
        return 0;
    }
    parser->at += length;
    return 1;
}

static const struct expression *parse_number(struct parser *parser) {
    char *end = NULL;
    double number = strtod(parser->at, &end);
    if (end == parser->at || !isfinite(number) || is_name_byte(*end)) {
        return fail(parser, parser->at, "this is no number; write digits, such as 70 or 2.5");
    }
    parser->at = end;
    struct expression *made = node(parser, OP_NUMBER, NULL, NULL);
    made->number = number;
    return made;
}

static const struct expression *parse_text(struct parser *parser) {
    const char *start = parser->at + 1;
    const char *end = strchr(start, '"');
    if (!end || end - start > LITERAL_MAX_BYTES) {
        return fail(parser, parser->at, "this text has no closing quotation mark");
    }
    parser->at = end + 1;
    struct expression *made = node(parser, OP_TEXT, NULL, NULL);
    made->text = arena_copy(parser->arena, start, (size_t)(end - start));
    return made;
}

static const struct {
    const char *word;
    enum expression_kind kind;
} kinds[] = {
    {"score", EXPRESSION_SCORE},     {"answer", EXPRESSION_ANSWER}, {"answered", EXPRESSION_ANSWERED},
    {"skipped", EXPRESSION_SKIPPED}, {"slot", EXPRESSION_SLOT},     {"value", EXPRESSION_VALUE},
    {"rank", EXPRESSION_RANK},
};

static const struct expression *parse_name(struct parser *parser) {
    const char *start = parser->at;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t length = strlen(kinds[i].word);
        if (strncmp(start, kinds[i].word, length) != 0 || start[length] != '.') {
            continue;
        }
        const char *name = start + length + 1, *end = name;
        while (is_name_byte(*end)) {
            end++;
        }
        if (end == name || end - name > NAME_MAX_BYTES) {
            return fail(parser, name, "a name must follow the point, such as score.fit");
        }
        parser->at = end;
        struct expression *made = node(parser, OP_NAME, NULL, NULL);
        made->kind = kinds[i].kind;
        made->text = arena_copy(parser->arena, name, (size_t)(end - name));
        made->place = arena_alloc(parser->arena, sizeof *made->place);
        *made->place = EXPRESSION_NO_PLACE;
        return made;
    }
    return fail(parser, start,
                "write score.NAME, rank.NAME, answer.STEP, value.STEP, answered.STEP, skipped.STEP or "
                "slot.NAME here, "
                "a number, or a text in quotation marks");
}

static const struct expression *parse_operand(struct parser *parser) {
    skip_blanks(parser);
    if (*parser->at == '\0') {
        return fail(parser, parser->at, "the condition ends too early");
    }
    if (*parser->at == '"') {
        return parse_text(parser);
    }
    if (is_digit(*parser->at) || *parser->at == '-') {
        return parse_number(parser);
    }
    return parse_name(parser);
}

static const struct expression *parse_group(struct parser *parser) {
    const char *open = parser->at++;
    const struct expression *inner = parse_or(parser);
    if (!inner) {
        return NULL;
    }
    skip_blanks(parser);
    if (*parser->at != ')') {
        return fail(parser, open, "this parenthesis is never closed");
    }
    parser->at++;
    return inner;
}

/* Two characters first, so that "<=" is not read as "<". */
static const struct {
    const char *sign;
    enum operation operation;
} comparisons[] = {
    {"==", OP_EQUAL},         {"!=", OP_UNEQUAL}, {"<=", OP_LESS_EQUAL},
    {">=", OP_GREATER_EQUAL}, {"<", OP_LESS},     {">", OP_GREATER},
};

/* The name between braces, or NULL when none stands here. */
static const char *take_class(struct parser *parser) {
    skip_blanks(parser);
    const char *name = parser->at + 1, *end = name;
    if (*parser->at != '{') {
        return NULL;
    }
    while (is_name_byte(*end)) {
        end++;
    }
    if (end == name || end - name > NAME_MAX_BYTES || *end != '}') {
        return NULL;
    }
    parser->at = end + 1;
    return arena_copy(parser->arena, name, (size_t)(end - name));
}

/* What stands behind has or is. */
static const struct expression *parse_phrases(struct parser *parser, const struct expression *left,
                                              int is_whole) {
    if (left->operation != OP_NAME) {
        return fail(parser, parser->at, "only answer.STEP and slot.NAME can be looked into");
    }
    struct expression_phrases *phrases = arena_alloc(parser->arena, sizeof *phrases);
    struct expression *made = node(parser, OP_PHRASES, left, NULL);
    made->phrases = phrases;
    phrases->is_whole = is_whole;
    phrases->is_number = !is_whole && take_word(parser, "number");
    if (phrases->is_number) {
        return made;
    }
    made->text = take_class(parser);
    if (!made->text) {
        return fail(parser, parser->at, "a word class must follow, such as has {we_words}, or has number");
    }
    if (parser->classes) {
        phrases->list = parser->classes->words(parser->classes->context, made->text, &phrases->count);
    }
    return made;
}

static const struct expression *parse_comparison(struct parser *parser) {
    skip_blanks(parser);
    if (*parser->at == '(') {
        return parse_group(parser);
    }
    const struct expression *left = parse_operand(parser);
    if (!left) {
        return NULL;
    }
    if (take_word(parser, "has")) {
        return parse_phrases(parser, left, 0);
    }
    if (take_word(parser, "is")) {
        return parse_phrases(parser, left, 1);
    }
    skip_blanks(parser);
    for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
        size_t length = strlen(comparisons[i].sign);
        if (strncmp(parser->at, comparisons[i].sign, length) == 0) {
            parser->at += length;
            const struct expression *right = parse_operand(parser);
            return right ? node(parser, comparisons[i].operation, left, right) : NULL;
        }
    }
    return left;
}

static const struct expression *parse_not(struct parser *parser) {
    if (!take_word(parser, "not")) {
        return parse_comparison(parser);
    }
    if (++parser->depth > NESTING_MAX) {
        return fail(parser, parser->at, "nested too deeply; use fewer parentheses");
    }
    const struct expression *inner = parse_not(parser);
    parser->depth--;
    return inner ? node(parser, OP_NOT, inner, NULL) : NULL;
}

static const struct expression *parse_and(struct parser *parser) {
    const struct expression *left = parse_not(parser);
    while (left && take_word(parser, "and")) {
        const struct expression *right = parse_not(parser);
        left = right ? node(parser, OP_AND, left, right) : NULL;
    }
    return left;
}

static const struct expression *parse_or(struct parser *parser) {
    if (++parser->depth > NESTING_MAX) {
        return fail(parser, parser->at, "nested too deeply; use fewer parentheses");
    }
    const struct expression *left = parse_and(parser);
    while (left && take_word(parser, "or")) {
        const struct expression *right = parse_and(parser);
        left = right ? node(parser, OP_OR, left, right) : NULL;
    }
    parser->depth--;
    return left;
}

const struct expression *expression_parse(const char *text, const struct expression_classes *classes,
                                          struct arena *arena, struct err *err) {
    struct parser parser = {.text = text, .at = text, .classes = classes, .arena = arena, .err = err};
    const struct expression *parsed = parse_or(&parser);
    if (!parsed) {
        return NULL;
    }
    skip_blanks(&parser);
    if (*parser.at != '\0') {
        return fail(&parser, parser.at,
                    "something is left over here; join conditions with and, or, not, and compare with == != "
                    "< <= > >=");
    }
    return parsed;
}

void expression_names(const struct expression *expression, expression_visit *visit, void *context) {
    if (!expression) {
        return;
    }
    if (expression->operation == OP_NAME) {
        visit(context, expression->kind, expression->text);
    }
    if (expression->operation == OP_PHRASES && expression->text) {
        visit(context, EXPRESSION_CLASS, expression->text);
    }
    expression_names(expression->left, visit, context);
    expression_names(expression->right, visit, context);
}

static int reads_step(enum expression_kind kind) {
    return kind == EXPRESSION_ANSWER || kind == EXPRESSION_ANSWERED || kind == EXPRESSION_SKIPPED ||
           kind == EXPRESSION_VALUE;
}

void expression_bind(const struct expression *expression, size_t (*place)(void *context, const char *step),
                     void *context) {
    if (expression != NULL && expression->operation == OP_NAME && reads_step(expression->kind)) {
        *expression->place = (uint16_t)place(context, expression->text);
    } else if (expression != NULL) {
        expression_bind(expression->left, place, context);
        expression_bind(expression->right, place, context);
    }
}

/* ---- writing ---- */

static const char *const signs[] = {
    [OP_EQUAL] = " = ",           [OP_UNEQUAL] = " \u2260 ", [OP_LESS] = " < ",
    [OP_LESS_EQUAL] = " \u2264 ", [OP_GREATER] = " > ",      [OP_GREATER_EQUAL] = " \u2265 "};

static void write_operand(const struct expression *operand, const struct expression *other,
                          const struct expression_words *words, struct buf *out) {
    if (operand->operation == OP_NUMBER) {
        (void)buf_add_format(out, "%g", operand->number);
    } else if (operand->operation == OP_NAME) {
        (void)buf_add_text(out, words->name(words->context, operand->kind, operand->text));
    } else if (other->operation == OP_NAME) {
        (void)buf_add_text(out, words->literal(words->context, other->kind, other->text, operand->text));
    } else {
        (void)buf_add_text(out, operand->text);
    }
}

/* A side that binds less than the whole stands in parentheses. */
static void write_side(const struct expression *side, enum operation within,
                       const struct expression_words *words, struct buf *out) {
    int is_loose = side->operation == OP_OR ? within != OP_OR : side->operation == OP_AND && within == OP_NOT;
    (void)buf_add_text(out, is_loose ? "(" : "");
    expression_write(side, words, out);
    (void)buf_add_text(out, is_loose ? ")" : "");
}

void expression_write(const struct expression *expression, const struct expression_words *words,
                      struct buf *out) {
    enum operation operation = expression->operation;
    if (operation == OP_NOT) {
        (void)buf_add_format(out, "%s ", words->not_word);
        write_side(expression->left, operation, words, out);
    } else if (operation == OP_AND || operation == OP_OR) {
        write_side(expression->left, operation, words, out);
        (void)buf_add_format(out, " %s ", operation == OP_AND ? words->and_word : words->or_word);
        write_side(expression->right, operation, words, out);
    } else if (operation == OP_PHRASES) {
        write_operand(expression->left, expression->left, words, out);
        const char *what = expression->text ? expression->text : "0-9";
        (void)buf_add_format(out, "%s%s", expression->phrases->is_whole ? " = " : " ~ ", what);
    } else if (operation >= OP_NUMBER) {
        write_operand(expression, expression, words, out);
    } else {
        write_operand(expression->left, expression->right, words, out);
        (void)buf_add_text(out, signs[operation]);
        write_operand(expression->right, expression->left, words, out);
    }
}

/* ---- evaluating ---- */

struct operand {
    int is_known;
    double number;
    const char *text; /* NULL: it is a number */
};

static struct operand operand_read(const struct expression *expression,
                                   const struct expression_scope *scope) {
    struct operand operand = {.is_known = 1, .number = expression->number};
    if (expression->operation == OP_TEXT) {
        operand.text = expression->text;
    } else if (expression->operation == OP_NAME) {
        operand.is_known = scope->read(scope->context, expression->kind, expression->text, *expression->place,
                                       &operand.number, &operand.text);
    }
    return operand;
}

/* Slots are kept as text, so "25" has to compare as the number it is. */
static int operand_number(const struct operand *operand, double *number) {
    if (!operand->text) {
        *number = operand->number;
        return 1;
    }
    const unsigned char first = (unsigned char)operand->text[0];
    if (first > '9') {
        return 0; /* nearly always; infinity, too, is no number here */
    }
    char *end = NULL;
    *number = strtod(operand->text, &end);
    return end != operand->text && *end == '\0' && isfinite(*number);
}

static int compare_numbers(enum operation operation, double left, double right) {
    switch (operation) {
    case OP_EQUAL: return left >= right && left <= right;
    case OP_UNEQUAL: return left < right || left > right;
    case OP_LESS: return left < right;
    case OP_LESS_EQUAL: return left <= right;
    case OP_GREATER: return left > right;
    default: return left >= right;
    }
}

static int compare(const struct expression *expression, const struct expression_scope *scope) {
    struct operand left = operand_read(expression->left, scope);
    struct operand right = operand_read(expression->right, scope);
    if (!left.is_known || !right.is_known) {
        return 0;
    }
    double left_number = 0, right_number = 0;
    if (operand_number(&left, &left_number) && operand_number(&right, &right_number)) {
        return compare_numbers(expression->operation, left_number, right_number);
    }
    int same = left.text && right.text && strcmp(left.text, right.text) == 0;
    return expression->operation == OP_EQUAL ? same : expression->operation == OP_UNEQUAL ? !same : 0;
}

/* A bare name: known, and neither zero nor empty. */
static int is_true(const struct expression *expression, const struct expression_scope *scope) {
    struct operand operand = operand_read(expression, scope);
    if (!operand.is_known) {
        return 0;
    }
    return operand.text ? operand.text[0] != '\0' : operand.number > 0 || operand.number < 0;
}

static int has_phrases(const struct expression *expression, const struct expression_scope *scope) {
    struct operand operand = operand_read(expression->left, scope);
    return operand.is_known && operand.text && scope->stands &&
           scope->stands(scope->context, operand.text, expression->phrases);
}

int expression_holds(const struct expression *expression, const struct expression_scope *scope) {
    if (!expression) {
        return 1;
    }
    switch (expression->operation) {
    case OP_OR:
        return expression_holds(expression->left, scope) || expression_holds(expression->right, scope);
    case OP_AND:
        return expression_holds(expression->left, scope) && expression_holds(expression->right, scope);
    case OP_NOT: return !expression_holds(expression->left, scope);
    case OP_PHRASES: return has_phrases(expression, scope);
    case OP_NUMBER:
    case OP_TEXT:
    case OP_NAME: return is_true(expression, scope);
    default: return compare(expression, scope);
    }
}
