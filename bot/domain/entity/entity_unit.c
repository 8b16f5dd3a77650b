/* Cuts a message into units: folded words and raw digits in one row. Never interprets them. Called by every
   finder of this folder. */
#include <string.h>

#include "domain/entity/unit.h"
#include "banned.h"

static int is_digit(char character) {
    return character >= '0' && character <= '9';
}

static int is_letter(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

struct reader {
    const struct text *text;
    struct units *out;
    size_t token;                /* next folded token */
    size_t word_start, word_end; /* next raw word that holds a digit; word_start == raw_length: none */
    size_t digits_end;           /* where the last word with a digit ended */
    size_t raw_end;              /* where the last unit ended */
    int ends;                    /* a sentence end was passed since the last unit */
};

/* From at on, the first digit, or length; many bytes at once, as most messages have none. */
static size_t find_digit(const char *raw, size_t length, size_t at) {
    enum { BLOCK = 16 };
    unsigned char found = 0;
    for (; length - at >= BLOCK; at += BLOCK) {
        for (size_t i = 0; i < BLOCK; i++) {
            found |= (unsigned char)(raw[at + i] >= '0' && raw[at + i] <= '9');
        }
        if (found) {
            break;
        }
    }
    while (at < length && !is_digit(raw[at])) {
        at++;
    }
    return at;
}

static void find_digit_word(struct reader *reader, size_t from) {
    const char *raw = reader->text->raw;
    size_t length = reader->text->raw_length, start = find_digit(raw, length, from), end = start;
    while (start < length && start > from && (is_digit(raw[start - 1]) || is_letter(raw[start - 1]))) {
        start--;
    }
    while (end < length && (is_digit(raw[end]) || is_letter(raw[end]))) {
        end++;
    }
    reader->word_start = start;
    reader->word_end = end;
}

static void read_gap(struct reader *reader, struct unit *unit) {
    const char *raw = reader->text->raw;
    size_t from = reader->raw_end, to = unit->raw_start;
    unit->ends_before = (uint8_t)reader->ends;
    unit->is_tight = (uint8_t)(to <= from || to == from + 1);
    if (to <= from) {
        return;
    }
    unit->before = ' ';
    for (size_t i = from; i < to && unit->before == ' '; i++) {
        unit->before = raw[i];
    }
    if (unit->before == ' ') {
        unit->is_tight = 0;
    }
}

static int is_same(const char *word, size_t length, const char *raw, size_t raw_length) {
    size_t same = 0;
    while (length == raw_length && same < length &&
           (word[same] == raw[same] || (is_letter(raw[same]) && word[same] == (char)(raw[same] | 0x20)))) {
        same++;
    }
    return length == raw_length && same == length;
}

static void add_unit(struct reader *reader, const char *word, size_t length, size_t raw_start,
                     size_t raw_length) {
    if (reader->out->count == UNITS_MAX) {
        return;
    }
    struct unit *unit = &reader->out->unit[reader->out->count++];
    *unit = (struct unit){.word = word,
                          .length = (uint16_t)length,
                          .raw_start = (uint16_t)raw_start,
                          .raw_length = (uint16_t)raw_length,
                          .token = (uint16_t)reader->token};
    size_t digits = 0;
    while (digits < length && is_digit(word[digits])) {
        digits++;
    }
    unit->is_digits = length > 0 && digits == length;
    read_gap(reader, unit);
    reader->raw_end = raw_start + raw_length;
    reader->ends = 0;
    if (unit->is_digits) {
        return;
    }
    unit->is_raw = (uint8_t)is_same(word, length, reader->text->raw + raw_start, raw_length);
    unit_roles(unit, word, length);
    if (unit->role[0] == ROLE_NONE && !unit->is_raw) { /* folding may have made another word of it: pkl */
        unit_roles(unit, reader->text->raw + raw_start, raw_length);
    }
}

static void read_digit_word(struct reader *reader) {
    const char *raw = reader->text->raw;
    for (size_t at = reader->word_start; at < reader->word_end;) {
        size_t end = at + 1;
        while (end < reader->word_end && is_digit(raw[end]) == is_digit(raw[at])) {
            end++;
        }
        add_unit(reader, raw + at, end - at, at, end - at);
        at = end;
    }
    reader->digits_end = reader->word_end; /* folding may part "5th": it was read whole */
    find_digit_word(reader, reader->word_end);
}

static int has_digit(const struct text *text, const struct text_token *token) {
    for (size_t i = 0; i < token->raw_length; i++) {
        if (is_digit(text->raw[token->raw_start + i])) {
            return 1;
        }
    }
    return 0;
}

static void read_token(struct reader *reader) {
    const struct text_token *token = &reader->text->tokens[reader->token];
    if (token->is_end) {
        reader->ends = 1;
    } else if (token->raw_start >= reader->digits_end && !has_digit(reader->text, token)) {
        add_unit(reader, reader->text->folded + token->start, token->length, token->raw_start,
                 token->raw_length);
    }
    reader->token++;
}

void units_read(const struct text *text, struct units *out) {
    units_read_first(text, UNITS_MAX, out);
}

void units_read_first(const struct text *text, size_t limit, struct units *out) {
    struct reader reader = {.text = text, .out = out};
    out->text = text;
    out->count = 0;
    find_digit_word(&reader, 0);
    while (out->count < limit && (reader.token < text->token_count || reader.word_start < text->raw_length)) {
        int token_first =
            reader.token < text->token_count && text->tokens[reader.token].raw_start < reader.word_start;
        if (token_first || reader.word_start >= text->raw_length) {
            read_token(&reader);
        } else {
            read_digit_word(&reader);
        }
    }
}

int unit_is(const struct units *units, size_t i, enum unit_role role, int *value) {
    if (i >= units->count) {
        return 0;
    }
    const struct unit *unit = &units->unit[i];
    for (size_t r = 0; r < UNIT_ROLES_MAX && unit->role[r] != ROLE_NONE; r++) {
        if (unit->role[r] == role) {
            if (value) {
                *value = unit->value[r];
            }
            return 1;
        }
    }
    return 0;
}

struct entity_span units_span(const struct units *units, size_t first, size_t last) {
    size_t start = units->unit[first].raw_start;
    size_t end = (size_t)units->unit[last].raw_start + units->unit[last].raw_length;
    return (struct entity_span){start, end > start ? end - start : 0};
}
