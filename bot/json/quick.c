/* Builds jansson's values without jansson's reader, which looks at every byte some ten times: content is
   mostly long lists of short texts. Never complains: value.c then asks jansson, which knows what is wrong and
   where. Called by value.c. */
#include "json/quick.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "json/plain.h"

#include "banned.h"

enum { DIGITS_MAX = 15, KEY_MAX = 256, TEXT_MAX = 8 * 1024 /* bytes of a text with escapes */ };

struct reader {
    const char *at, *end;
    int depth_left;
};

static json_t *read_value(struct reader *reader);

static void skip_blanks(struct reader *reader) {
    while (reader->at < reader->end &&
           (*reader->at == ' ' || *reader->at == '\n' || *reader->at == '\r' || *reader->at == '\t')) {
        reader->at++;
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
    const char *text = read_text(reader, room, &length);
    return text != NULL ? json_stringn_nocheck(text, length) : NULL;
}

/* Puts member under the key into object; 0, or -1 and member is gone. */
static int set_member(json_t *object, const char *key, size_t length, json_t *member) {
    char name[KEY_MAX];
    if (length >= sizeof name || member == NULL) {
        json_decref(member);
        return -1;
    }
    memcpy(name, key, length);
    name[length] = '\0';
    if (json_object_get(object, name) != NULL) { /* twice */
        json_decref(member);
        return -1;
    }
    return json_object_set_new_nocheck(object, name, member);
}

static int read_member(struct reader *reader, json_t *object) {
    size_t length;
    const char *key = takes(reader, '"') ? read_text(reader, NULL, &length) : NULL;
    if (key == NULL || !takes(reader, ':')) {
        return -1;
    }
    return set_member(object, key, length, read_value(reader));
}

static json_t *read_object(struct reader *reader) {
    json_t *object = json_object();
    if (object == NULL || takes(reader, '}')) {
        return object;
    }
    do {
        if (read_member(reader, object) != 0) {
            json_decref(object);
            return NULL;
        }
    } while (takes(reader, ','));
    if (!takes(reader, '}')) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *read_array(struct reader *reader) {
    json_t *array = json_array();
    if (array == NULL || takes(reader, ']')) {
        return array;
    }
    do {
        if (json_array_append_new(array, read_value(reader)) != 0) { /* NULL is refused */
            json_decref(array);
            return NULL;
        }
    } while (takes(reader, ','));
    if (!takes(reader, ']')) {
        json_decref(array);
        return NULL;
    }
    return array;
}

static size_t count_digits(const struct reader *reader, const char *at) {
    size_t count = 0;
    while (at + count < reader->end && at[count] >= '0' && at[count] <= '9') {
        count++;
    }
    return count;
}

/* "-12.5": so many bytes from begin, in the locale that jansson would read it in, too. */
static json_t *make_number(const char *begin, size_t length, int is_real) {
    char text[2 * DIGITS_MAX + 4];
    memcpy(text, begin, length);
    text[length] = '\0';
    return is_real ? json_real(strtod(text, NULL)) : json_integer(strtoll(text, NULL, 10));
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
    return make_number(begin, (size_t)(reader->at - begin), is_real);
}

static json_t *read_nested(struct reader *reader) {
    int is_object = *reader->at++ == '{';
    if (reader->depth_left == 0) {
        return NULL;
    }
    reader->depth_left--;
    json_t *value = is_object ? read_object(reader) : read_array(reader);
    reader->depth_left++;
    return value;
}

static json_t *read_value(struct reader *reader) {
    skip_blanks(reader);
    switch (reader->at < reader->end ? *reader->at : '\0') {
    case '"': reader->at++; return read_string(reader);
    case '{':
    case '[': return read_nested(reader);
    case 't': return takes_word(reader, "true") ? json_true() : NULL;
    case 'f': return takes_word(reader, "false") ? json_false() : NULL;
    case 'n': return takes_word(reader, "null") ? json_null() : NULL;
    default: return read_number(reader);
    }
}

json_t *quick_parse(const char *bytes, size_t length, int depth_max) {
    struct reader reader = {bytes, bytes + length, depth_max};
    skip_blanks(&reader);
    int is_nested = reader.at < reader.end && (*reader.at == '{' || *reader.at == '[');
    if (!is_nested || memchr(bytes, '\0', length) != NULL || !u8_valid(bytes, length)) {
        return NULL;
    }
    json_t *value = read_value(&reader);
    skip_blanks(&reader);
    if (value != NULL && reader.at != reader.end) {
        json_decref(value);
        return NULL;
    }
    return value;
}
