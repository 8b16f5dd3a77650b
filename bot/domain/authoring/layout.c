/* Lays JSON out anew, token by token, so that nothing is lost that a tree of values would not keep (escapes,
   the spelling of numbers). Never judges what the text means. Called by: cli/fmt, cli/unmatched_add. */
#include "domain/authoring/layout.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "json/value.h"

#include "banned.h"

/* Where the reading stands; the text is known to be JSON. */
struct layout {
    const char *at, *end;
    struct buf *out;
};

/* ---- tokens ---- */

static int is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static void skip_blanks(struct layout *layout) {
    while (layout->at < layout->end && is_blank(*layout->at)) {
        layout->at++;
    }
}

static char peek(struct layout *layout) {
    skip_blanks(layout);
    return layout->at < layout->end ? *layout->at : '\0';
}

static int is_mark(char byte) {
    return byte == '{' || byte == '}' || byte == '[' || byte == ']' || byte == ',' || byte == ':';
}

/* Bytes of the token that stands at layout->at. */
static size_t token_length(const struct layout *layout) {
    const char *at = layout->at;
    if (is_mark(*at)) {
        return 1;
    }
    if (*at != '"') {
        while (at < layout->end && !is_mark(*at) && !is_blank(*at)) {
            at++;
        }
        return (size_t)(at - layout->at);
    }
    for (at++; at < layout->end && *at != '"'; at++) {
        at += *at == '\\' && at + 1 < layout->end;
    }
    return (size_t)(at - layout->at) + (at < layout->end);
}

/* Copies the next token, which is no bracket. Returns its columns. */
static size_t put_token(struct layout *layout) {
    skip_blanks(layout);
    size_t length = token_length(layout), columns = u8_count(layout->at, length);
    (void)buf_add(layout->out, layout->at, length); /* a failure stays in the buffer */
    layout->at += length;
    return columns;
}

/* ---- one line ---- */

/* Reads one value to its end and appends it as one line if out is not NULL. Returns its columns. */
static size_t flatten(struct layout *layout, struct buf *out) {
    size_t columns = 0;
    int depth = 0;
    do {
        skip_blanks(layout);
        size_t length = token_length(layout);
        char first = *layout->at;
        depth += (first == '{' || first == '[') - (first == '}' || first == ']');
        columns += u8_count(layout->at, length) + (first == ',' || first == ':');
        if (out != NULL) {
            (void)buf_add(out, layout->at, length);
            (void)buf_add_text(out, first == ',' || first == ':' ? " " : "");
        }
        layout->at += length;
    } while (depth > 0 && layout->at < layout->end);
    return columns;
}

static size_t columns_of(const struct layout *layout) {
    struct layout ahead = *layout;
    return flatten(&ahead, NULL);
}

/* ---- several lines ---- */

static void new_line(struct layout *layout, size_t indent) {
    (void)buf_add_char(layout->out, '\n');
    for (size_t i = 0; i < indent; i++) {
        (void)buf_add_char(layout->out, ' ');
    }
}

static void put_value(struct layout *layout, size_t indent, size_t column);

/* Steps over the comma behind an element. 0: the bracket that closes stands there. */
static int take_comma(struct layout *layout) {
    if (peek(layout) != ',') {
        return 0;
    }
    layout->at++;
    (void)buf_add_char(layout->out, ',');
    return 1;
}

static void put_object(struct layout *layout, size_t indent) {
    size_t inner = indent + LAYOUT_INDENT;
    do {
        new_line(layout, inner);
        size_t column = inner + put_token(layout);
        (void)peek(layout);
        layout->at++; /* the colon */
        (void)buf_add_text(layout->out, ": ");
        put_value(layout, inner, column + 2);
    } while (take_comma(layout));
}

/* 1 if what stands behind the bracket at layout->at holds short words only, or, of an object, many short
 * pairs. */
static int is_word_list(const struct layout *layout, int is_object) {
    struct layout ahead = *layout;
    size_t columns = 0, count = 0;
    for (char next = peek(&ahead); next != ']' && next != '}' && ahead.at < ahead.end; next = peek(&ahead)) {
        columns += flatten(&ahead, NULL);
        if (is_object && peek(&ahead) == ':') {
            ahead.at++;
            columns += 2 + flatten(&ahead, NULL);
        }
        count++;
        if (peek(&ahead) == ',') {
            ahead.at++;
        }
    }
    return columns <= count * LAYOUT_WORD_COLUMNS && (!is_object || count > LAYOUT_PAIRS);
}

static int holds_containers(const struct layout *layout) {
    struct layout ahead = *layout;
    char next = peek(&ahead);
    while (next != ']' && next != '}' && ahead.at < ahead.end) {
        if (next == '{' || next == '[') {
            return 1;
        }
        ahead.at += token_length(&ahead);
        next = peek(&ahead);
    }
    return 0;
}

/* A word, or a pair. */
static void put_word(struct layout *layout, int is_object) {
    (void)put_token(layout);
    if (is_object) {
        (void)peek(layout);
        layout->at++; /* the colon */
        (void)buf_add_text(layout->out, ": ");
        (void)put_token(layout);
    }
}

static size_t word_columns(const struct layout *layout, int is_object) {
    struct layout ahead = *layout;
    size_t columns = flatten(&ahead, NULL);
    if (is_object) {
        (void)peek(&ahead);
        ahead.at++;
        columns += 2 + flatten(&ahead, NULL);
    }
    return columns;
}

static void put_words(struct layout *layout, size_t indent, int is_object) {
    size_t inner = indent + LAYOUT_INDENT, column = 0;
    do {
        size_t needed = word_columns(layout, is_object) + 1; /* its comma */
        if (column == 0 || column + 1 + needed > LAYOUT_WIDTH) {
            new_line(layout, inner);
            column = inner;
        } else {
            (void)buf_add_char(layout->out, ' ');
            column++;
        }
        put_word(layout, is_object);
        column += needed;
    } while (take_comma(layout));
}

static void put_list(struct layout *layout, size_t indent) {
    do {
        new_line(layout, indent + LAYOUT_INDENT);
        put_value(layout, indent + LAYOUT_INDENT, indent + LAYOUT_INDENT);
    } while (take_comma(layout));
}

static void put_members(struct layout *layout, size_t indent, int is_object) {
    if (!holds_containers(layout) && is_word_list(layout, is_object)) {
        put_words(layout, indent, is_object);
    } else if (is_object) {
        put_object(layout, indent);
    } else {
        put_list(layout, indent);
    }
}

/* column: where the value begins; what closes the file is its only line that may not be joined. */
static void put_value(struct layout *layout, size_t indent, size_t column) {
    char first = peek(layout);
    int is_whole = column == 0;
    if (first != '{' && first != '[') {
        (void)put_token(layout);
        return;
    }
    size_t columns = columns_of(layout);
    if (columns == 2 || (!is_whole && column + columns + 1 <= LAYOUT_WIDTH)) {
        (void)flatten(layout, layout->out);
        return;
    }
    layout->at++;
    (void)buf_add_char(layout->out, first);
    put_members(layout, indent, first == '{');
    new_line(layout, indent);
    (void)peek(layout);
    layout->at++;
    (void)buf_add_char(layout->out, first == '{' ? '}' : ']');
}

int layout_print(const char *bytes, size_t length, struct buf *out, struct err *err) {
    struct value *value = value_parse(bytes, length, err);
    if (value == NULL) {
        return err != NULL && err->code != 0 ? err->code : ERR_SYNTAX;
    }
    value_free(value);
    struct layout layout = {bytes, bytes + length, out};
    put_value(&layout, 0, 0);
    (void)buf_add_char(out, '\n');
    return out->failed != 0 ? err_set(err, out->failed, "the file grows too large when it is laid out") : 0;
}
