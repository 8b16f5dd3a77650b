/* Reads JSON without jansson's reader, which looks at every byte some ten times: content is mostly long lists
   of short texts. What is made of it is the maker's: jansson's values here, lasting ones in lasting.c. Never
   complains: value.c then asks jansson, which knows what is wrong and where. Called by value.c and lasting.c.
 */
#include "json/quick.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "json/plain.h"

#include "banned.h"

enum { DIGITS_MAX = 15, TEXT_MAX = 8 * 1024 /* bytes of a text with escapes */ };

struct reader {
    const char *at, *end;
    int depth_left;
    const struct quick_maker *maker;
    void *context;
    uint32_t line;
};

static json_t *read_value(struct reader *reader);

static void skip_blanks(struct reader *reader) {
    while (reader->at < reader->end &&
           (*reader->at == ' ' || *reader->at == '\n' || *reader->at == '\r' || *reader->at == '\t')) {
        reader->line += *reader->at++ == '\n'; /* nowhere else: a text has none */
    }
}

/* Moves behind c, blanks before it aside. */
static int takes(struct reader *reader, char c) {
    skip_blanks(reader);
    if (reader->at == reader->end || *reader->at != c) {
        return 0;
    }
    reader->at++;
    return 1;
}

static int takes_word(struct reader *reader, const char *word) {
    size_t length = strlen(word);
    if ((size_t)(reader->end - reader->at) < length || memcmp(reader->at, word, length) != 0) {
        return 0;
    }
    reader->at += length;
    return 1;
}

/* Bytes of a text up to a quote, a backslash or what JSON does not show as it is; UTF-8 is checked later. */
static size_t plain(const struct reader *reader) {
    const char *at = reader->at;
    for (;;) {
        at += plain_length(at, (size_t)(reader->end - at));
        if (at == reader->end || (((unsigned char)*at & 0x80) == 0 && *at != 0x7f)) {
            return (size_t)(at - reader->at);
        }
        at++;
    }
}

/* Two-letter escapes; 0 for \u and what is none. */
static char unescaped(char letter) {
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *found = letter != '\0' ? strchr(from, letter) : NULL;
    return found != NULL ? to[found - from] : '\0';
}

/* A text with escapes: what it stands for, in out; its length, or SIZE_MAX. At the first backslash. */
static size_t read_escaped(struct reader *reader, const char *begin, char out[TEXT_MAX]) {
    size_t length = (size_t)(reader->at - begin);
    if (length >= TEXT_MAX) {
        return SIZE_MAX;
    }
    memcpy(out, begin, length);
    while (reader->at < reader->end && *reader->at == '\\') {
        char c = reader->end - reader->at > 1 ? unescaped(reader->at[1]) : '\0';
        reader->at += 2;
        size_t more = c != '\0' ? plain(reader) : 0;
        if (c == '\0' || length + more + 1 >= TEXT_MAX) {
            return SIZE_MAX;
        }
        out[length++] = c;
        memcpy(out + length, reader->at, more);
        length += more;
        reader->at += more;
    }
    return length;
}

/* Behind the opening quote: what stands up to the closing one, borrowed from the text, or from room if it has
   escapes. NULL if it is not certain. */
static const char *read_text(struct reader *reader, char room[TEXT_MAX], size_t *length) {
    const char *text = reader->at;
    *length = plain(reader);
    reader->at += *length;
    if (room != NULL && reader->at < reader->end && *reader->at == '\\') {
        *length = read_escaped(reader, text, room);
        text = room;
    }
    if (*length == SIZE_MAX || reader->at == reader->end || *reader->at != '"') {
        return NULL;
    }
    reader->at++;
    return text;
}

static json_t *read_string(struct reader *reader) {
    char room[TEXT_MAX];
    size_t length;
    uint32_t line = reader->line;
    const char *text = read_text(reader, room, &length);
    return text != NULL ? reader->maker->text(reader->context, text, length, line) : NULL;
}

static int read_member(struct reader *reader, json_t *object) {
    size_t length;
    const char *key = takes(reader, '"') ? read_text(reader, NULL, &length) : NULL;
    if (key == NULL || length >= QUICK_KEY_MAX || !takes(reader, ':')) {
        return -1;
    }
    json_t *member = read_value(reader);
    return member != NULL ? reader->maker->add(reader->context, object, key, length, member) : -1;
}

static int read_element(struct reader *reader, json_t *array) {
    json_t *element = read_value(reader);
    return element != NULL ? reader->maker->add(reader->context, array, NULL, 0, element) : -1;
}

/* At the opening bracket. */
static json_t *read_container(struct reader *reader, int is_object) {
    const char close = is_object ? '}' : ']';
    json_t *container = reader->maker->begin(reader->context, is_object, reader->line);
    reader->at++;
    if (container == NULL || takes(reader, close)) {
        return container != NULL ? reader->maker->end(reader->context, container) : NULL;
    }
    do {
        if ((is_object ? read_member(reader, container) : read_element(reader, container)) != 0) {
            reader->maker->drop(container);
            return NULL;
        }
    } while (takes(reader, ','));
    if (!takes(reader, close)) {
        reader->maker->drop(container);
        return NULL;
    }
    return reader->maker->end(reader->context, container);
}

static size_t count_digits(const struct reader *reader, const char *at) {
    size_t count = 0;
    while (at + count < reader->end && at[count] >= '0' && at[count] <= '9') {
        count++;
    }
    return count;
}

/* "-12.5": so many bytes from begin, in the locale that jansson would read it in, too. */
static json_t *make_number(struct reader *reader, const char *begin, size_t length, int is_real) {
    char text[2 * DIGITS_MAX + 4];
    memcpy(text, begin, length);
    text[length] = '\0';
    return is_real ? reader->maker->real(reader->context, strtod(text, NULL), reader->line)
                   : reader->maker->integer(reader->context, strtoll(text, NULL, 10), reader->line);
}

/* A few digits, perhaps a point and a few more. */
static json_t *read_number(struct reader *reader) {
    const char *begin = reader->at;
    (void)takes_word(reader, "-");
    size_t digits = count_digits(reader, reader->at), fraction = 0;
    int has_zero = digits > 1 && *reader->at == '0';
    reader->at += digits;
    int is_real = takes_word(reader, ".");
    if (is_real) {
        fraction = count_digits(reader, reader->at);
        reader->at += fraction;
    }
    char next = reader->at < reader->end ? *reader->at : '\0';
    int ends = next == ',' || next == ']' || next == '}' || next == ' ' || next == '\n';
    if (digits == 0 || digits > DIGITS_MAX || has_zero || (is_real && fraction == 0) ||
        fraction > DIGITS_MAX || !ends) {
        return NULL;
    }
    return make_number(reader, begin, (size_t)(reader->at - begin), is_real);
}

static json_t *read_nested(struct reader *reader) {
    if (reader->depth_left == 0) {
        return NULL;
    }
    reader->depth_left--;
    json_t *value = read_container(reader, *reader->at == '{');
    reader->depth_left++;
    return value;
}

static json_t *read_word(struct reader *reader, const char *word, json_type type) {
    return takes_word(reader, word) ? reader->maker->word(reader->context, type, reader->line) : NULL;
}

static json_t *read_value(struct reader *reader) {
    skip_blanks(reader);
    switch (reader->at < reader->end ? *reader->at : '\0') {
    case '"': reader->at++; return read_string(reader);
    case '{':
    case '[': return read_nested(reader);
    case 't': return read_word(reader, "true", JSON_TRUE);
    case 'f': return read_word(reader, "false", JSON_FALSE);
    case 'n': return read_word(reader, "null", JSON_NULL);
    default: return read_number(reader);
    }
}

json_t *quick_read(const char *bytes, size_t length, int depth_max, const struct quick_maker *maker,
                   void *context) {
    struct reader reader = {bytes, bytes + length, depth_max, maker, context, 1};
    skip_blanks(&reader);
    int is_nested = reader.at < reader.end && (*reader.at == '{' || *reader.at == '[');
    if (!is_nested || memchr(bytes, '\0', length) != NULL || !u8_valid(bytes, length)) {
        return NULL;
    }
    json_t *value = read_value(&reader);
    skip_blanks(&reader);
    if (value != NULL && reader.at != reader.end) {
        maker->drop(value);
        return NULL;
    }
    return value;
}

/* ---- jansson's values ---- */

static json_t *make_text(void *context, const char *text, size_t length, uint32_t line) {
    (void)context, (void)line;
    return json_stringn_nocheck(text, length);
}

static json_t *make_integer(void *context, int64_t number, uint32_t line) {
    (void)context, (void)line;
    return json_integer(number);
}

static json_t *make_real(void *context, double number, uint32_t line) {
    (void)context, (void)line;
    return json_real(number);
}

static json_t *make_word(void *context, json_type type, uint32_t line) {
    (void)context, (void)line;
    return type == JSON_NULL ? json_null() : json_boolean(type == JSON_TRUE);
}

static json_t *begin(void *context, int is_object, uint32_t line) {
    (void)context, (void)line;
    return is_object ? json_object() : json_array();
}

/* 0, or -1 and member is gone. */
static int add(void *context, json_t *container, const char *key, size_t length, json_t *member) {
    (void)context;
    if (key == NULL) {
        return json_array_append_new(container, member);
    }
    char name[QUICK_KEY_MAX];
    memcpy(name, key, length);
    name[length] = '\0';
    if (json_object_get(container, name) != NULL) { /* twice */
        json_decref(member);
        return -1;
    }
    return json_object_set_new_nocheck(container, name, member);
}

static json_t *end(void *context, json_t *container) {
    (void)context;
    return container;
}

static void drop(json_t *value) {
    json_decref(value);
}

json_t *quick_parse(const char *bytes, size_t length, int depth_max) {
    static const struct quick_maker maker = {make_text, make_integer, make_real, make_word,
                                             begin,     add,          end,       drop};
    return quick_read(bytes, length, depth_max, &maker, NULL);
}
