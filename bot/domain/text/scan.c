/* Splits plain text into words and sentence ends. Never decides what a word means: it only looks words up to
   fold repeated letters and to see whether parts joined by hyphens are one word. Called by text_fold.c. */
#include "domain/text/scan.h"

#include <string.h>

#include "base/arena.h"
#include "domain/text/letters.h"
#include "domain/text/scan_special.h"
#include "domain/text/word.h"

#include "banned.h"

/* "umur17", "tahun2020": more digits behind letters are no count, and 0 or 62 may begin a phone number. */
enum { FIRST_WORDS = 32, DOMAIN_SIDE_MIN = 3, COUNT_DIGITS_MAX = 4 };

struct scanner {
    const struct lexicon *lexicon;
    struct arena *arena;
    struct letters *plain;
    const char *raw;
    struct scan *out;
    size_t at;
    int has_special; /* there may be an e-mail address or a URL: one look at the text saves one at every word
                      */
};

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

static int is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static int is_alnum(char c) {
    return is_digit(c) || is_letter(c);
}

/* Most phrases of content are one or two words, and a word takes 72 zeroed bytes. */
static size_t first_capacity(size_t length) {
    size_t words = length / 4 + 2;
    return words < FIRST_WORDS ? words : FIRST_WORDS;
}

static struct scan_word *add(struct scanner *scanner, enum scan_kind kind, size_t start, size_t end) {
    struct scan *out = scanner->out;
    if (out->count == out->capacity) {
        size_t capacity = out->capacity != 0 ? out->capacity * 2 : first_capacity(scanner->plain->length);
        struct scan_word *words = arena_array(scanner->arena, capacity, sizeof *words);
        if (out->count != 0) {
            memcpy(words, out->words, out->count * sizeof *words);
        }
        out->words = words;
        out->capacity = capacity;
    }
    struct scan_word *word = &out->words[out->count++];
    *word = (struct scan_word){.kind = kind,
                               .text = scanner->plain->bytes + start,
                               .length = end - start,
                               .start = start,
                               .end = end};
    return word;
}

static void add_fixed(struct scanner *scanner, const char *text, size_t start, size_t end) {
    struct scan_word *word = add(scanner, SCAN_FIXED, start, end);
    word->text = text;
    word->length = strlen(text);
}

static int all_number(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (!is_digit(text[i]) && text[i] != '.') {
            return 0;
        }
    }
    return 1;
}

static void add_word(struct scanner *scanner, size_t start, size_t end) {
    struct scan_word *word = add(scanner, SCAN_WORD, start, end);
    if (all_number(word->text, word->length)) {
        word->kind = SCAN_NUMBER;
        return;
    }
    word->entry = word_reduce(scanner->lexicon, scanner->arena, &word->text, &word->length);
}

static int known_part(const struct scanner *scanner, size_t start, size_t end) {
    const char *text = scanner->plain->bytes + start;
    size_t length = end - start;
    (void)word_reduce(scanner->lexicon, scanner->arena, &text, &length);
    return word_recognised(scanner->lexicon, scanner->arena, text, length);
}

/* Adds a run of letters, digits and points inside numbers: "25thn" and "umur17" are two words if the letters
   are one; "kata2" and "s1" are not. */
static void add_run(struct scanner *scanner, size_t start, size_t end) {
    const char *text = scanner->plain->bytes;
    size_t turn = start;
    int digits_first = is_digit(text[start]);
    while (turn < end && (digits_first ? is_digit(text[turn]) || text[turn] == '.' : !is_digit(text[turn]))) {
        turn++;
    }
    if (turn == end || known_part(scanner, start, end)) {
        add_word(scanner, start, end);
        return;
    }
    int letters_known = digits_first ? known_part(scanner, turn, end) : known_part(scanner, start, turn);
    int rest_digits = digits_first || all_number(text + turn, end - turn);
    int reduplication = !digits_first && end - turn == 1 && text[turn] == '2';
    int short_prefix = !digits_first && turn - start < DOMAIN_SIDE_MIN;
    int phone = !digits_first && (end - turn > COUNT_DIGITS_MAX || text[turn] == '0' || text[turn] == '6');
    if (letters_known && rest_digits && !reduplication && !short_prefix && !phone) {
        add_word(scanner, start, turn);
        add_word(scanner, turn, end);
        return;
    }
    add_word(scanner, start, end);
}

/* The entry of a chunk without its hyphens and apostrophes ("don't", "e-mail", "jum'at"), with the spelling.
 */
static const struct lexicon_entry *joined_entry(struct scanner *scanner, size_t start, size_t end,
                                                const char **text, size_t *length) {
    const char *from = scanner->plain->bytes + start;
    const struct lexicon_entry *entry = lexicon_find(scanner->lexicon, from, end - start);
    if (entry != NULL && entry->forms != NULL) {
        *text = from;
        *length = end - start;
        return entry;
    }
    if (end - start > LEXICON_WORD_MAX) {
        return NULL;
    }
    char *joined = arena_alloc(scanner->arena, end - start + 1);
    *length = 0;
    for (size_t i = 0; i < end - start; i++) {
        if (from[i] != '-' && from[i] != '\'') {
            joined[(*length)++] = from[i];
        }
    }
    *text = joined;
    entry = lexicon_find(scanner->lexicon, joined, *length);
    if (from[end - start - 1] == 's' && from[end - start - 2] == '\'' && entry != NULL &&
        entry->forms == NULL) {
        return NULL; /* "manager's" is not "managers" */
    }
    return entry != NULL && (entry->forms != NULL || entry->known != 0) ? entry : NULL;
}

/* "kata-kata" is two words, "don't" one; an English "'s" that no form explains is dropped. */
static void add_joined(struct scanner *scanner, size_t start, size_t end) {
    const char *text;
    size_t length;
    const struct lexicon_entry *entry = joined_entry(scanner, start, end, &text, &length);
    if (entry != NULL) {
        struct scan_word *word = add(scanner, SCAN_WORD, start, end);
        word->text = text;
        word->length = length;
        word->entry = entry;
        return;
    }
    const char *bytes = scanner->plain->bytes;
    for (size_t part = start; part < end;) {
        size_t next = part;
        while (next < end && bytes[next] != '-' && bytes[next] != '\'') {
            next++;
        }
        int possessive = part > start && bytes[part - 1] == '\'' && next - part == 1 && bytes[part] == 's';
        if (!possessive && next > part) {
            add_run(scanner, part, next);
        }
        part = next + 1;
    }
}

/* 1 if the mark at i stands between two letters (hyphen, apostrophe) or two digits (point, comma, colon). */
static int joins(const struct letters *plain, size_t i) {
    if (i + 1 >= plain->length) {
        return 0;
    }
    char before = plain->bytes[i - 1], after = plain->bytes[i + 1];
    switch (plain->bytes[i]) {
    case '-':
    case '\'': return is_letter(before) && is_letter(after);
    case '.':
    case ',':
    case ':': return is_digit(before) && is_digit(after);
    default: return 0;
    }
}

static void scan_chunk(struct scanner *scanner) {
    struct letters *plain = scanner->plain;
    size_t start = scanner->at, end = start;
    int joined = 0;
    while (end < plain->length && (is_alnum(plain->bytes[end]) || (end > start && joins(plain, end)))) {
        if (plain->bytes[end] == ',' || plain->bytes[end] == ':') {
            plain->bytes[end] = '.';
        }
        joined |= plain->bytes[end] == '-' || plain->bytes[end] == '\'';
        end++;
    }
    scanner->at = end;
    if (joined) {
        add_joined(scanner, start, end);
    } else {
        add_run(scanner, start, end);
    }
}

static void add_end(struct scanner *scanner, enum scan_kind kind, size_t start, size_t end) {
    struct scan *out = scanner->out;
    if (out->count == 0) {
        return;
    }
    struct scan_word *last = &out->words[out->count - 1];
    if (last->kind == SCAN_STOP || last->kind == SCAN_QUESTION) {
        last->kind = kind == SCAN_QUESTION ? kind : last->kind;
        last->text = last->kind == SCAN_QUESTION ? "?" : last->text;
        return;
    }
    struct scan_word *word = add(scanner, kind, start, end);
    word->text = kind == SCAN_QUESTION ? "?" : ".";
    word->length = 1;
}

/* A point inside "upwork.com" or "s.kom" separates words only; in "halo.apa kabar" it ends a sentence. */
static int point_ends(const struct scanner *scanner, size_t point) {
    const struct letters *plain = scanner->plain;
    size_t before = 0, after = 0;
    while (before < point && is_alnum(plain->bytes[point - 1 - before])) {
        before++;
    }
    while (point + 1 + after < plain->length && is_alnum(plain->bytes[point + 1 + after])) {
        after++;
    }
    if (after == 0) {
        return before != 1 || is_digit(plain->bytes[point - 1]) || point + 1 == plain->length;
    }
    return before >= DOMAIN_SIDE_MIN && after >= DOMAIN_SIDE_MIN &&
           !scan_is_domain(plain->bytes + point + 1, after);
}

static int starts_upper(const struct scanner *scanner, size_t at) {
    size_t raw = scanner->plain->from != NULL ? scanner->plain->from[at] : at;
    return scanner->raw[raw] >= 'A' && scanner->raw[raw] <= 'Z';
}

/* A run of end marks and blanks. Two and more points are a pause unless a capital follows. */
static void scan_end(struct scanner *scanner) {
    const struct letters *plain = scanner->plain;
    size_t start = scanner->at, end = start, points = 0, most_points = 0;
    int question = 0, strong = 0;
    for (; end < plain->length && strchr(".!?\n ", plain->bytes[end]) != NULL; end++) {
        char c = plain->bytes[end];
        question |= c == '?';
        strong |= c == '!' || c == '\n';
        points = c == '.' ? points + 1 : 0;
        most_points = points > most_points ? points : most_points;
    }
    scanner->at = end;
    size_t visible = end;
    while (visible > start + 1 && (plain->bytes[visible - 1] == ' ' || plain->bytes[visible - 1] == '\n')) {
        visible--;
    }
    if (question) {
        add_end(scanner, SCAN_QUESTION, start, visible);
    } else if (strong || (most_points == 1 && point_ends(scanner, start)) ||
               (most_points > 1 && end < plain->length && starts_upper(scanner, end))) {
        add_end(scanner, SCAN_STOP, start, visible);
    }
}

static int begins_word(const struct letters *plain, size_t at) {
    return at == 0 || !is_alnum(plain->bytes[at - 1]);
}

static void scan_next(struct scanner *scanner) {
    const struct letters *plain = scanner->plain;
    char c = plain->bytes[scanner->at];
    const char *text = plain->bytes + scanner->at;
    size_t left = plain->length - scanner->at, found = 0;
    const char *stands_for;
    int may_be_special = scanner->has_special ? is_alnum(c) || (c != '\0' && strchr("+(*", c) != NULL)
                                              : is_digit(c) || (c != '\0' && strchr("+(*", c) != NULL);
    if (may_be_special && begins_word(plain, scanner->at) &&
        (found = scan_special(text, left, &stands_for)) != 0) {
        add_fixed(scanner, stands_for, scanner->at, scanner->at + found);
        scanner->at += found;
    } else if (is_alnum(c)) {
        scan_chunk(scanner);
    } else if (c == '.' || c == '!' || c == '?' || c == '\n') {
        scan_end(scanner);
    } else {
        found = c == ':' || c == ';' || c == '=' || c == '<'
                    ? scan_emoticon(plain->bytes, plain->length, scanner->at)
                    : 0;
        scanner->at += found != 0 ? found : 1;
    }
}

void scan_words(const struct lexicon *lexicon, struct letters *plain, const char *raw, struct arena *arena,
                struct scan *out) {
    *out = (struct scan){0};
    struct scanner scanner = {.lexicon = lexicon, .arena = arena, .plain = plain, .raw = raw, .out = out};
    scanner.has_special = memchr(plain->bytes, '@', plain->length) != NULL ||
                          memchr(plain->bytes, '/', plain->length) != NULL ||
                          strstr(plain->bytes, "www.") != NULL;
    while (scanner.at < plain->length) {
        scan_next(&scanner);
    }
}
