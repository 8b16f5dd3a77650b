/* Cuts an author's pattern into tokens and answers what may stand beside one of them. Knows PCRE2's syntax
   only as far as that takes; never compiles or matches. Called by author_pattern.c. */
#include "domain/author/author_token.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "domain/author/author_pattern.h"

#include "banned.h"

enum { GLUE_STEPS_MAX = 4000, DEPTH_MAX = 64 };

/* What ends a literal word. */
static const unsigned char special[256] = {
    ['\0'] = 1, [' '] = 1, ['\t'] = 1, ['\n'] = 1, ['\\'] = 1, ['^'] = 1, ['$'] = 1, ['.'] = 1, ['['] = 1,
    ['|'] = 1,  ['('] = 1, [')'] = 1,  ['?'] = 1,  ['*'] = 1,  ['+'] = 1, ['{'] = 1, ['}'] = 1};

static size_t plain_length(const char *text) {
    size_t length = 0;
    while (!special[(unsigned char)text[length]])
        length++;
    return length;
}

static int fail_at(struct err *err, int code, size_t offset, const char *text) {
    err_set(err, code, "%s", text);
    err_at(err, NULL, 0, (int)offset + 1, NULL);
    return code;
}

static int is_digit(char character) {
    return character >= '0' && character <= '9';
}

static int is_name(char character) {
    return is_digit(character) || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z') || character == '_' || character == '-';
}

struct scan {
    const char *pattern;
    size_t at, length;
    struct author_tokens *out;
    size_t open[DEPTH_MAX]; /* indices of OPEN tokens not closed yet */
    size_t depth;
    struct err *err;
};

static struct author_token *add(struct scan *scan, enum author_token_kind kind, size_t length) {
    if (scan->out->count == AUTHOR_PATTERN_TOKENS_MAX)
        return NULL;
    struct author_token *token = &scan->out->list[scan->out->count++];
    *token = (struct author_token){.kind = kind, .start = scan->at, .length = length};
    scan->at += length;
    return token;
}

static int too_long(struct scan *scan) {
    return fail_at(scan->err, ERR_LIMIT, scan->at,
                   "the pattern has too many parts; split it into several patterns");
}

static int add_plain(struct scan *scan, enum author_token_kind kind, size_t length) {
    return add(scan, kind, length) ? 0 : too_long(scan);
}

static int scan_bracket(struct scan *scan) {
    size_t at = scan->at + 1;
    if (scan->pattern[at] == '^')
        at++;
    if (scan->pattern[at] == ']')
        at++; /* a first "]" is a member */
    while (scan->pattern[at] && scan->pattern[at] != ']')
        at += scan->pattern[at] == '\\' && scan->pattern[at + 1] ? 2 : 1;
    if (!scan->pattern[at])
        return fail_at(scan->err, ERR_SYNTAX, scan->at, "\"[\" is never closed; add \"]\"");
    return add_plain(scan, AUTHOR_RAW, at + 1 - scan->at);
}

static int scan_quantifier(struct scan *scan, size_t length) {
    char first = scan->pattern[scan->at];
    int optional =
        first == '?' || first == '*' ||
        (first == '{' && (scan->pattern[scan->at + 1] == '0' || scan->pattern[scan->at + 1] == ','));
    char after = scan->pattern[scan->at + length];
    struct author_token *token = add(scan, AUTHOR_QUANTIFIER, length + (after == '?' || after == '+'));
    if (!token)
        return too_long(scan);
    token->is_optional = optional;
    return 0;
}

/* {gap}, {gap3}, {gap3word}: 1 if name is one of them. */
static int read_gap(const char *name, size_t length, enum author_token_kind *kind, unsigned *number) {
    *kind = AUTHOR_GAP;
    *number = 6;
    if (length == 3 && memcmp(name, "gap", 3) == 0)
        return 1;
    if (length < 4 || memcmp(name, "gap", 3) != 0 || name[3] < '1' || name[3] > '9')
        return 0;
    *number = (unsigned)(name[3] - '0');
    if (length == 8 && memcmp(name + 4, "word", 4) == 0)
        *kind = AUTHOR_WORDS;
    return length == 4 || length == 8;
}

static int scan_brace(struct scan *scan) {
    const char *name = scan->pattern + scan->at + 1;
    size_t length = 0;
    if (is_digit(*name) || *name == ',') {
        while (is_digit(name[length]) || name[length] == ',')
            length++;
        if (name[length] == '}')
            return scan_quantifier(scan, length + 2);
    }
    while (is_name(name[length]))
        length++;
    if (name[length] != '}' || length == 0)
        return fail_at(scan->err, ERR_SYNTAX, scan->at,
                       "\"{\" must be followed by the name of a word class and \"}\"; write \\{ for a brace");
    enum author_token_kind kind = AUTHOR_CLASS;
    unsigned number = 0;
    if (length == 3 && memcmp(name, "end", 3) == 0)
        kind = AUTHOR_END;
    else if (!read_gap(name, length, &kind, &number))
        kind = AUTHOR_CLASS;
    struct author_token *token = add(scan, kind, length + 2);
    if (!token)
        return too_long(scan);
    token->number = number;
    if (kind == AUTHOR_CLASS) {
        token->start++;
        token->length = length;
    }
    return 0;
}

/* Bytes of "(" with what belongs to it; *raw is 1 when it is no group but a whole item such as (?i) or
 * (*UCP). */
static size_t open_length(const char *text, int *raw, int *lookaround) {
    *raw = *lookaround = 0;
    if (text[1] == '*' || (text[1] == '?' && text[2] == '#')) {
        *raw = 1;
        return strcspn(text, ")") + 1;
    }
    if (text[1] != '?')
        return 1;
    size_t at = 2;
    if (text[at] == '=' || text[at] == '!')
        return *lookaround = 1, (size_t)3;
    if (text[at] == '<' && (text[at + 1] == '=' || text[at + 1] == '!'))
        return *lookaround = 1, (size_t)4;
    if (text[at] == '>' || text[at] == '|' || text[at] == ':')
        return 3;
    char close = text[at] == '<' || (text[at] == 'P' && text[at + 1] == '<') ? '>'
                 : text[at] == '\''                                          ? '\''
                                                                             : ':';
    at++;
    while (is_name(text[at]) || text[at] == '&' || text[at] == '<')
        at++;
    *raw = text[at] == ')';
    return text[at] == close || *raw ? at + 1 : 1;
}

static int scan_open(struct scan *scan) {
    int raw, lookaround;
    size_t length = open_length(scan->pattern + scan->at, &raw, &lookaround);
    if (scan->at + length > scan->length || scan->depth == DEPTH_MAX)
        return fail_at(scan->err, ERR_SYNTAX, scan->at, "\"(\" is never closed; add \")\"");
    if (raw)
        return add_plain(scan, AUTHOR_RAW, length);
    struct author_token *token = add(scan, AUTHOR_OPEN, length);
    if (!token)
        return too_long(scan);
    token->is_lookaround = lookaround;
    scan->open[scan->depth++] = scan->out->count - 1;
    return 0;
}

static int scan_close(struct scan *scan) {
    if (scan->depth == 0)
        return fail_at(scan->err, ERR_SYNTAX, scan->at, "\")\" without \"(\"; remove it");
    size_t open = scan->open[--scan->depth];
    struct author_token *token = add(scan, AUTHOR_CLOSE, 1);
    if (!token)
        return too_long(scan);
    token->partner = open;
    token->is_lookaround = scan->out->list[open].is_lookaround;
    scan->out->list[open].partner = scan->out->count - 1;
    return 0;
}

/* A literal word; its last letter is left to a quantifier that follows ("iya+" is "iy", "a", "+"). */
static int scan_word(struct scan *scan) {
    const char *text = scan->pattern + scan->at;
    return add_plain(scan, AUTHOR_WORD, plain_length(text));
}

static int scan_one(struct scan *scan) {
    const char *text = scan->pattern + scan->at;
    switch (*text) {
    case ' ':
    case '\t':
    case '\n': return add_plain(scan, AUTHOR_BLANK, strspn(text, " \t\n"));
    case '\\':
        if (!text[1])
            return fail_at(scan->err, ERR_SYNTAX, scan->at,
                           "a backslash at the end of the pattern; remove it");
        return add_plain(scan, AUTHOR_RAW, 2);
    case '^':
    case '$': return add_plain(scan, AUTHOR_ANCHOR, 1);
    case '.': return add_plain(scan, AUTHOR_RAW, 1);
    case '|': return add_plain(scan, AUTHOR_BAR, 1);
    case '[': return scan_bracket(scan);
    case '(': return scan_open(scan);
    case ')': return scan_close(scan);
    case '?':
    case '*':
    case '+': return scan_quantifier(scan, 1);
    case '{': return scan_brace(scan);
    case '}': return fail_at(scan->err, ERR_SYNTAX, scan->at, "\"}\" without \"{\"; remove it");
    default: return scan_word(scan);
    }
}

/* At least as many tokens as pattern has: each special character is one, and perhaps a word before it. */
static size_t count_most(const char *pattern) {
    size_t count = 1;
    for (const char *at = pattern; *(at += plain_length(at)) != '\0'; at++) {
        count += 2;
    }
    return count < AUTHOR_PATTERN_TOKENS_MAX ? count : AUTHOR_PATTERN_TOKENS_MAX;
}

int author_tokenise(const char *pattern, struct arena *arena, struct author_tokens *out, struct err *err) {
    struct scan scan = {.pattern = pattern, .length = strlen(pattern), .out = out, .err = err};
    *out = (struct author_tokens){.pattern = pattern,
                                  .list = arena_raw(arena, (count_most(pattern) + 1) * sizeof *out->list)};
    while (scan.at < scan.length) {
        int code = scan_one(&scan);
        if (code < 0)
            return code;
    }
    if (scan.depth > 0)
        return fail_at(err, ERR_SYNTAX, out->list[scan.open[scan.depth - 1]].start,
                       "\"(\" is never closed; add \")\"");
    return 0;
}

/* ---- neighbours ---- */

struct walk {
    const struct author_tokens *tokens;
    int forward;
    int steps; /* bounds patterns of many nested optional groups */
};

static int leads_out(enum author_token_kind kind, int forward) {
    return kind == AUTHOR_BAR || kind == (forward ? AUTHOR_CLOSE : AUTHOR_OPEN);
}

/* The parenthesis that encloses position index on the side we walk to, or SIZE_MAX at the top level. */
static size_t enclosing(const struct author_tokens *tokens, size_t index, int forward) {
    size_t at = index;
    for (;;) {
        if (forward ? ++at >= tokens->count : at-- == 0)
            return SIZE_MAX;
        enum author_token_kind kind = tokens->list[at].kind;
        if (kind == (forward ? AUTHOR_CLOSE : AUTHOR_OPEN))
            return at;
        if (kind == (forward ? AUTHOR_OPEN : AUTHOR_CLOSE))
            at = tokens->list[at].partner;
    }
}

static int glued(struct walk *walk, size_t index);

/* Walking into a group: its alternatives one by one. entry is the parenthesis met first. */
static int glued_inside(struct walk *walk, size_t entry) {
    const struct author_tokens *tokens = walk->tokens;
    size_t exit = tokens->list[entry].partner, at = entry;
    if (glued(walk, entry))
        return 1;
    for (;;) {
        at = walk->forward ? at + 1 : at - 1;
        if (at == exit)
            return 0;
        enum author_token_kind kind = tokens->list[at].kind;
        if (kind == AUTHOR_BAR && glued(walk, at))
            return 1;
        if (kind == (walk->forward ? AUTHOR_OPEN : AUTHOR_CLOSE))
            at = tokens->list[at].partner;
    }
}

/* The neighbour at index of something, a quantifier already looked through. */
static int glued_neighbour(struct walk *walk, size_t index) {
    const struct author_tokens *tokens = walk->tokens;
    const struct author_token *token = &tokens->list[index];
    switch (token->kind) {
    case AUTHOR_WORD:
    case AUTHOR_CLASS:
    case AUTHOR_RAW:
    case AUTHOR_WORDS: return 1;
    case AUTHOR_BLANK:
    case AUTHOR_GAP:
    case AUTHOR_END:
    case AUTHOR_ANCHOR: return 0;
    case AUTHOR_QUANTIFIER: /* backward only: what it repeats, and what is before that when it may be absent
                             */
        if (index == 0 || glued_neighbour(walk, index - 1))
            return index > 0;
        if (!token->is_optional)
            return 0;
        return glued(walk, tokens->list[index - 1].kind == AUTHOR_CLOSE ? tokens->list[index - 1].partner
                                                                        : index - 1);
    default: break;
    }
    if (leads_out(token->kind, walk->forward)) {
        size_t parenthesis = token->kind == AUTHOR_BAR ? enclosing(tokens, index, walk->forward) : index;
        return parenthesis != SIZE_MAX && glued(walk, parenthesis);
    }
    if (token->is_lookaround)
        return glued(walk, token->partner);
    return glued_inside(walk, index);
}

/* 1 if a letter may be the next thing beside position index. */
static int glued(struct walk *walk, size_t index) {
    const struct author_tokens *tokens = walk->tokens;
    if (++walk->steps > GLUE_STEPS_MAX)
        return 1;
    if (!walk->forward)
        return index > 0 && glued_neighbour(walk, index - 1);
    if (index + 1 >= tokens->count)
        return 0;
    size_t next = index + 1;
    enum author_token_kind kind = tokens->list[next].kind;
    if (kind == AUTHOR_QUANTIFIER) /* repeated: the item may meet itself or what follows */
        return tokens->list[index].kind != AUTHOR_CLOSE || glued(walk, next);
    if (glued_neighbour(walk, next))
        return 1;
    size_t last = kind == AUTHOR_OPEN ? tokens->list[next].partner : next;
    int optional = last + 1 < tokens->count && tokens->list[last + 1].kind == AUTHOR_QUANTIFIER &&
                   tokens->list[last + 1].is_optional;
    return optional && glued(walk, last + 1);
}

int author_glued_before(const struct author_tokens *tokens, size_t index) {
    struct walk walk = {tokens, 0, 0};
    return glued(&walk, index);
}

int author_glued_after(const struct author_tokens *tokens, size_t index) {
    struct walk walk = {tokens, 1, 0};
    return glued(&walk, index);
}

int author_is_first(const struct author_tokens *tokens, size_t index) {
    if (index == 0)
        return 1;
    enum author_token_kind kind = tokens->list[index - 1].kind;
    return kind == AUTHOR_OPEN || kind == AUTHOR_BAR;
}

int author_is_last(const struct author_tokens *tokens, size_t index) {
    if (index + 1 >= tokens->count)
        return 1;
    enum author_token_kind kind = tokens->list[index + 1].kind;
    return kind == AUTHOR_CLOSE || kind == AUTHOR_BAR;
}
