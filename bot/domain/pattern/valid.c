/* Reads expressions the way authors' patterns become them: words, sets, groups, options, gaps, named
   captures, whole words, looking ahead. Whatever else PCRE2 knows, it must judge itself. Never reads what a
   list holds: that was proved once. Called by compile.c and lists.c. Syntax: pcre2pattern(3). */
#include "domain/pattern/valid.h"

#include <string.h>

#include "domain/pattern/syntax.h"

#include "banned.h"

enum {
    NAME_MAX_BYTES = 32,
    NAMES_MAX = 64,
    COUNT_MAX = 1000,
    /* Bytes of PCRE2's code, at most (pcre2_internal.h: an opcode, two bytes a link, 32 a set). */
    CODE_BYTE = 2, /* of a literal, its opcode counted: two for ASCII, less a byte for what is longer */
    CODE_BAR = 3,
    CODE_GROUP = 8,
    CODE_SET = 40,
    CODE_MARK = 4,   /* of "?", "*" or "+", which copy nothing */
    CODE_REPEAT = 8, /* of every copy that "{2,4}" makes, and of all together */
    CODE_EDGE = 64   /* (?<![^ ]) */
};

struct name {
    const char *text;
    size_t length;
};

struct reader {
    const char *begin, *at, *end;
    const struct pattern_place *places, *places_end;
    const struct valid_list *lists;
    struct name names[NAMES_MAX];
    uint32_t captures;
    int depth, deepest;
    int is_failed;
};

/* One item. */
struct piece {
    size_t code;
    int is_fixed; /* takes no quantifier that all versions agree on */
};

static size_t read_alternatives(struct reader *reader);

static size_t refuse(struct reader *reader) {
    reader->is_failed = 1;
    return 0;
}

static size_t add(size_t left, size_t right) {
    return left > VALID_CODE_MAX || right > VALID_CODE_MAX ? VALID_CODE_MAX + 1 : left + right;
}

static int takes(struct reader *reader, const char *text) {
    return syntax_takes(&reader->at, reader->end, text);
}

static int is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static int is_plain(char c) {
    return (c >= 'a' && c <= 'z') || c == ' ';
}

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

static void deepen(struct reader *reader, int depth) {
    reader->deepest = depth > reader->deepest ? depth : reader->deepest;
    if (depth > VALID_DEPTH_MAX) {
        (void)refuse(reader);
    }
}

/* Up to and with the closing parenthesis. */
static size_t read_inside(struct reader *reader) {
    deepen(reader, ++reader->depth);
    size_t code = reader->is_failed ? 0 : read_alternatives(reader);
    reader->depth--;
    if (!takes(reader, ")")) {
        return refuse(reader);
    }
    return add(code, CODE_GROUP);
}

/* Behind "(?:". */
static size_t read_group_or_list(struct reader *reader) {
    const struct pattern_place *place = reader->places;
    if (place == reader->places_end || place->at != (size_t)(reader->at - reader->begin)) {
        return read_inside(reader);
    }
    const struct valid_list *list = &reader->lists[place->list];
    reader->places++;
    deepen(reader, reader->depth + 1 + list->depth);
    if (!takes(reader, ")")) {
        return refuse(reader);
    }
    return add(list->code, CODE_GROUP);
}

/* Behind "(?<". Names are ASCII here and stand once. */
static size_t read_capture(struct reader *reader) {
    struct name name = {reader->at, 0};
    while (reader->at < reader->end && (is_letter(*reader->at) || is_digit(*reader->at))) {
        reader->at++;
    }
    name.length = (size_t)(reader->at - name.text);
    if (name.length == 0 || name.length > NAME_MAX_BYTES || is_digit(*name.text) || !takes(reader, ">") ||
        reader->captures == NAMES_MAX) {
        return refuse(reader);
    }
    for (uint32_t i = 0; i < reader->captures; i++) {
        const struct name *other = &reader->names[i];
        if (other->length == name.length && memcmp(other->text, name.text, name.length) == 0) {
            return refuse(reader);
        }
    }
    reader->names[reader->captures++] = name;
    return read_inside(reader);
}

/* Behind "(". Plain ones do not capture: the expressions are compiled so. */
static struct piece read_group(struct reader *reader) {
    if (takes(reader, "?<![^ ])") || takes(reader, "?![^ ])")) {
        return (struct piece){CODE_EDGE, 1};
    }
    if (takes(reader, "?=") || takes(reader, "?!")) {
        return (struct piece){read_inside(reader), 1};
    }
    if (takes(reader, "?:")) {
        return (struct piece){read_group_or_list(reader), 0};
    }
    if (takes(reader, "?<")) {
        return (struct piece){read_capture(reader), 0}; /* "=" and "!" are no letters */
    }
    if (reader->at < reader->end && (*reader->at == '?' || *reader->at == '*')) {
        return (struct piece){refuse(reader), 1};
    }
    return (struct piece){read_inside(reader), 0};
}

/* Behind "[". */
static size_t read_set(struct reader *reader) {
    (void)takes(reader, "^");
    do {
        char from, to;
        if (!syntax_range(&reader->at, reader->end, &from, &to)) {
            return refuse(reader);
        }
    } while (!takes(reader, "]"));
    return CODE_SET;
}

static struct piece read_escape(struct reader *reader) {
    char c = reader->at < reader->end ? *reader->at++ : 0;
    if (syntax_is_mark(c)) {
        return (struct piece){CODE_BYTE, 0};
    }
    if (c != 0 && strchr("dwsDWS", c) != NULL) {
        return (struct piece){CODE_SET, 0};
    }
    return (struct piece){c == 'b' || c == 'B' ? CODE_BYTE : refuse(reader), 1};
}

static struct piece read_item(struct reader *reader) {
    char c = *reader->at++;
    switch (c) {
    case '(': return read_group(reader);
    case '[': return (struct piece){read_set(reader), 0};
    case '\\': return read_escape(reader);
    case '^':
    case '$': return (struct piece){CODE_BYTE, 1};
    case '\0':
    case '?':
    case '*':
    case '+':
    case '{':
    case '}':
    case ']': return (struct piece){refuse(reader), 1};
    default: break;
    }
    size_t code = CODE_BYTE;
    while (((unsigned char)c & 0x80) != 0 && reader->at < reader->end &&
           ((unsigned char)*reader->at & 0xC0) == 0x80) {
        reader->at++;
        code += CODE_BYTE;
    }
    return (struct piece){code, 0};
}

/* Digits; -1 if there are none, or too many. */
static int read_number(struct reader *reader) {
    int number = -1;
    while (reader->at < reader->end && is_digit(*reader->at) && number <= COUNT_MAX) {
        number = (number < 0 ? 0 : number) * 10 + (*reader->at++ - '0');
    }
    return number <= COUNT_MAX ? number : -1;
}

/* "{2,4}", behind the brace: the code of so many copies. */
static size_t read_counts(struct reader *reader, size_t code) {
    int least = read_number(reader), most = least;
    if (takes(reader, ",")) {
        most = reader->at < reader->end && *reader->at == '}' ? least + 1 : read_number(reader);
    }
    if (least < 0 || most < least || !takes(reader, "}")) {
        return refuse(reader);
    }
    code = add(code, CODE_REPEAT);
    return code > VALID_CODE_MAX ? code : add(code * (size_t)(most > 1 ? most : 1), CODE_REPEAT);
}

/* The code of an item with its quantifier, if it has one. */
static size_t read_quantifier(struct reader *reader, struct piece piece) {
    const char *begin = reader->at;
    size_t code = piece.code;
    if (takes(reader, "?") || takes(reader, "*") || takes(reader, "+")) {
        code = add(code, CODE_MARK);
    } else if (takes(reader, "{")) {
        code = read_counts(reader, code);
    }
    if (reader->at == begin) {
        return code;
    }
    if (takes(reader, "?") || takes(reader, "+")) {
        code = add(code, CODE_GROUP);
    }
    return piece.is_fixed ? refuse(reader) : code;
}

/* Small letters and blanks but the last one, which a quantifier may follow: most of every expression. */
static size_t read_plain(struct reader *reader) {
    const char *at = reader->at, *last = reader->end - 1;
    while (at < last && is_plain(at[0]) && is_plain(at[1])) {
        at++;
    }
    size_t count = (size_t)(at - reader->at);
    reader->at = at;
    return count * CODE_BYTE;
}

static size_t read_sequence(struct reader *reader) {
    size_t code = 0;
    while (!reader->is_failed && reader->at < reader->end && *reader->at != ')' && *reader->at != '|') {
        code = add(code, read_plain(reader));
        struct piece piece = read_item(reader);
        code = reader->is_failed ? code : add(code, read_quantifier(reader, piece));
    }
    return code;
}

static size_t read_alternatives(struct reader *reader) {
    size_t code = read_sequence(reader);
    while (!reader->is_failed && takes(reader, "|")) {
        code = add(code, add(read_sequence(reader), CODE_BAR));
    }
    return code;
}

int valid_expression(const char *expression, size_t length, const struct pattern_place *places, size_t count,
                     const struct valid_list *lists, struct validity *out) {
    struct reader reader;
    reader.begin = reader.at = expression;
    reader.end = expression + length;
    reader.places = places;
    reader.places_end = count > 0 ? places + count : places; /* NULL + 0 is undefined */
    reader.lists = lists;
    reader.captures = 0;
    reader.depth = reader.deepest = reader.is_failed = 0;
    size_t code = read_alternatives(&reader);
    *out = (struct validity){add(code, CODE_GROUP), reader.deepest, reader.captures};
    return !reader.is_failed && reader.at == reader.end && reader.places == reader.places_end &&
           out->code <= VALID_CODE_MAX;
}
