/* Turns an author's pattern into a PCRE2 expression: word classes, gaps, whole words, folded literals. Never
   compiles or matches. Called by the content loader; intent_*.c reads which captures are gaps. */
#include "domain/author/author_pattern.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "domain/author/author_class.h"
#include "domain/author/author_token.h"
#include "domain/pattern/pattern.h"
#include "domain/text/lexicon.h"
#include "domain/text/text.h"

#include "banned.h"

/* One word of the folded text that does not end a sentence: the ends are the words "." and "?" alone. */
#define ANY_WORD "[^ .?][^ ]*+"

enum { GAP_CAPTURES_MAX = PATTERN_CAPTURES_MAX - 1 }; /* one is left for (?<value>...) */

struct expand {
    const struct author_classes *classes;
    const struct lexicon *lexicon;
    struct arena *arena;
    struct buf *out;
    struct err *err;
    struct author_tokens tokens;
    size_t gaps;                  /* captured so far */
    size_t base;                  /* out->length at the beginning */
    size_t wanted;                /* offset in the expression whose origin is asked for, or SIZE_MAX */
    size_t column;                /* the answer */
    struct author_places *places; /* NULL: classes are written out */
    size_t left_out;              /* bytes of classes */
};

static int is_boundary_token(const struct expand *expand, size_t index) {
    if (index >= expand->tokens.count)
        return 0;
    const struct author_token *token = &expand->tokens.list[index];
    return token->kind == AUTHOR_END ||
           (token->kind == AUTHOR_ANCHOR && expand->tokens.pattern[token->start] == '$');
}

/* A gap that nothing follows in its alternative takes the blank before its words, not the one behind them. */
static int is_trailing_gap(const struct expand *expand, size_t index) {
    if (index >= expand->tokens.count || expand->tokens.list[index].kind != AUTHOR_GAP)
        return 0;
    if (author_is_last(&expand->tokens, index) || is_boundary_token(expand, index + 1))
        return 1;
    return expand->tokens.list[index + 1].kind == AUTHOR_BLANK && is_boundary_token(expand, index + 2);
}

/* Blanks that a neighbour brings itself, or that would ask for an empty word. */
static int is_blank_dropped(const struct expand *expand, size_t index) {
    if (index == 0 || index + 1 == expand->tokens.count)
        return 1;
    const struct author_token *before = &expand->tokens.list[index - 1];
    if (before->kind == AUTHOR_GAP && !is_trailing_gap(expand, index - 1))
        return 1;
    if (before->kind == AUTHOR_ANCHOR && expand->tokens.pattern[before->start] == '^')
        return 1;
    return is_boundary_token(expand, index + 1) || is_trailing_gap(expand, index + 1);
}

/* Every gap has numbers: this is several times as fast as vsnprintf. */
static void add_number(struct buf *out, const char *before, unsigned number, const char *behind) {
    char digits[12];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) != 0);
    buf_add_text(out, before);
    buf_add(out, digits + at, sizeof digits - at);
    buf_add_text(out, behind);
}

static void open_capture(struct expand *expand) {
    if (expand->gaps < GAP_CAPTURES_MAX)
        add_number(expand->out, "(?<g", (unsigned)++expand->gaps, ">");
    else
        buf_add_text(expand->out, "(?:");
}

/* At the edge of the whole pattern a gap changes nothing but the counting of words: left out. */
static int is_gap_idle(const struct expand *expand, size_t index) {
    size_t last = expand->tokens.count - 1;
    return index == 0 || index == last || (index == 1 && expand->tokens.list[0].kind == AUTHOR_BLANK);
}

static void emit_gap(struct expand *expand, size_t index) {
    unsigned number = expand->tokens.list[index].number;
    if (is_gap_idle(expand, index))
        return;
    if (!is_trailing_gap(expand, index)) {
        if (author_glued_before(&expand->tokens, index))
            buf_add_char(expand->out, ' ');
        open_capture(expand);
        add_number(expand->out, "(?:" ANY_WORD " ){0,", number, "}?)");
    } else if (author_is_first(&expand->tokens, index)) {
        open_capture(expand);
        add_number(expand->out, ANY_WORD "(?: " ANY_WORD "){0,", number - 1, "}?)");
    } else {
        open_capture(expand);
        add_number(expand->out, "(?: " ANY_WORD "){0,", number, "}?)");
    }
}

/* Greedy, unlike a gap: what it catches is wanted ("kerja sebagai {gap3word}"). */
static void emit_words(struct expand *expand, const struct author_token *token) {
    open_capture(expand);
    add_number(expand->out, ANY_WORD "(?: " ANY_WORD "){0,", token->number - 1, "})");
}

/* A class without words is no list: it is written out as what matches nothing. */
static void emit_list(struct expand *expand, struct author_list *list) {
    int is_out = expand->places != NULL && list->count > 0;
    buf_add_text(expand->out, "(?:");
    if (is_out) {
        expand->places->list[expand->places->count++] =
            (struct author_place){expand->out->length - expand->base, list, -1};
        expand->left_out += list->length;
    } else {
        buf_add(expand->out, list->expression, list->length);
    }
    buf_add_char(expand->out, ')');
}

static int emit_number(struct expand *expand, const struct author_token *token) {
    int64_t number = expand->classes->number(expand->classes->context, expand->tokens.pattern + token->start,
                                             token->length);
    buf_add_text(expand->out, "(?:");
    expand->places->list[expand->places->count++] =
        (struct author_place){expand->out->length - expand->base, NULL, number};
    buf_add_char(expand->out, ')');
    return number < 0 ? err_set(expand->err, ERR_NOT_FOUND, "there is no such word class") : 0;
}

static int emit_class(struct expand *expand, const struct author_token *token) {
    if (expand->places && expand->classes->number)
        return emit_number(expand, token);
    struct err inner;
    err_clear(&inner);
    struct author_list *list =
        author_class_list(expand->classes, expand->lexicon, expand->tokens.pattern + token->start,
                          token->length, expand->arena, &inner);
    if (!list) {
        err_set(expand->err, inner.code, "%s", inner.text);
        err_at(expand->err, NULL, 0, (int)token->start, NULL); /* the brace: one byte before the name */
        return inner.code;
    }
    emit_list(expand, list);
    return 0;
}

static int is_whole_word(const struct author_tokens *tokens, size_t index) {
    return tokens->list[index].kind == AUTHOR_WORD && !author_glued_before(tokens, index) &&
           !author_glued_after(tokens, index);
}

/* The last token of the run of whole words that starts at index. */
static size_t run_end(const struct author_tokens *tokens, size_t index) {
    while (index + 2 < tokens->count && tokens->list[index + 1].kind == AUTHOR_BLANK &&
           is_whole_word(tokens, index + 2))
        index += 2;
    return index;
}

/* A part of a word: folding cannot reach it, but letters are small in the folded text. */
static void emit_part(struct expand *expand, const struct author_token *token) {
    for (size_t i = 0; i < token->length; i++) {
        char letter = expand->tokens.pattern[token->start + i];
        buf_add_char(expand->out, letter >= 'A' && letter <= 'Z' ? (char)(letter + 'a' - 'A') : letter);
    }
}

/* Emits the words from index on that can be folded together; returns the index of the last. */
static size_t emit_word(struct expand *expand, size_t index) {
    const struct author_tokens *tokens = &expand->tokens;
    const struct author_token *first = &tokens->list[index];
    if (!is_whole_word(tokens, index)) {
        emit_part(expand, first);
        return index;
    }
    size_t last = run_end(tokens, index);
    size_t end = tokens->list[last].start + tokens->list[last].length;
    for (size_t i = index; i <= last && expand->classes->see_word; i += 2)
        expand->classes->see_word(expand->classes->context, tokens->pattern + tokens->list[i].start,
                                  tokens->list[i].length);
    const char *folds[LEXICON_LANGUAGES_MAX];
    size_t count = author_fold(expand->classes->cache, expand->lexicon, tokens->pattern + first->start,
                               end - first->start, expand->arena, folds);
    if (count == 0)
        emit_part(expand, first);
    if (count > 1)
        buf_add_text(expand->out, "(?:");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_char(expand->out, '|');
        buf_add_text(expand->out, author_escape(folds[i], expand->arena));
    }
    if (count > 1)
        buf_add_char(expand->out, ')');
    return count == 0 ? index : last;
}

static void emit_copy(struct expand *expand, const struct author_token *token) {
    if (token->kind == AUTHOR_OPEN && token->length == 1)
        buf_add_text(expand->out, "(?:"); /* never a capture, whatever the compile options are */
    else
        buf_add(expand->out, expand->tokens.pattern + token->start, token->length);
}

/* Emits the token at *index and moves *index to the last one used up. */
static int emit_token(struct expand *expand, size_t *index) {
    const struct author_token *token = &expand->tokens.list[*index];
    switch (token->kind) {
    case AUTHOR_WORD: *index = emit_word(expand, *index); return 0;
    case AUTHOR_BLANK:
        if (!is_blank_dropped(expand, *index))
            buf_add_char(expand->out, ' ');
        return 0;
    case AUTHOR_CLASS: return emit_class(expand, token);
    case AUTHOR_GAP: emit_gap(expand, *index); return 0;
    case AUTHOR_WORDS: emit_words(expand, token); return 0;
    case AUTHOR_END: buf_add_text(expand->out, "(?: [.?])*+$"); return 0;
    default: emit_copy(expand, token); return 0;
    }
}

static int emit_all(struct expand *expand) {
    buf_add_text(expand->out, "(?<![^ ])(?:");
    for (size_t i = 0; i < expand->tokens.count; i++) {
        size_t start =
            expand->tokens.list[i].start - (expand->tokens.list[i].kind == AUTHOR_CLASS); /* its brace */
        int code = emit_token(expand, &i);
        if (code < 0)
            return code;
        if (expand->column == 0 && expand->out->length - expand->base > expand->wanted)
            expand->column = start + 1;
    }
    buf_add_text(expand->out, ")(?![^ ])");
    return 0;
}

static int expand_pattern(struct expand *expand, const char *pattern) {
    int code = author_tokenise(pattern, expand->arena, &expand->tokens, expand->err);
    expand->base = expand->out->length;
    if (code == 0 && expand->places != NULL)
        *expand->places = (struct author_places){
            arena_array(expand->arena, expand->tokens.count + 1, sizeof *expand->places->list), 0};
    if (code == 0)
        code = emit_all(expand);
    size_t length = expand->out->length - expand->base + expand->left_out;
    if (code == 0 && (expand->out->failed || length > PATTERN_EXPRESSION_MAX)) {
        code = err_set(expand->err, ERR_LIMIT,
                       "the pattern and its word classes are longer than %d bytes; split it",
                       PATTERN_EXPRESSION_MAX);
        err_at(expand->err, NULL, 0, 1, NULL);
    }
    return code;
}

int author_pattern_expand(const struct author_classes *classes, const struct lexicon *lexicon,
                          const char *pattern, struct arena *arena, struct buf *out, struct err *err) {
    struct expand expand = {
        .classes = classes, .lexicon = lexicon, .arena = arena, .out = out, .err = err, .wanted = SIZE_MAX};
    return expand_pattern(&expand, pattern);
}

int author_pattern_outline(const struct author_classes *classes, const struct lexicon *lexicon,
                           const char *pattern, struct arena *arena, struct buf *out,
                           struct author_places *places, struct err *err) {
    struct expand expand = {.classes = classes,
                            .lexicon = lexicon,
                            .arena = arena,
                            .out = out,
                            .err = err,
                            .wanted = SIZE_MAX,
                            .places = places};
    return expand_pattern(&expand, pattern);
}

size_t author_pattern_column(const struct author_classes *classes, const struct lexicon *lexicon,
                             const char *pattern, struct arena *arena, size_t offset) {
    struct buf out;
    buf_init(&out, 2 * PATTERN_EXPRESSION_MAX);
    struct expand expand = {
        .classes = classes, .lexicon = lexicon, .arena = arena, .out = &out, .wanted = offset};
    int code = expand_pattern(&expand, pattern);
    buf_close(&out);
    if (code < 0)
        return 1;
    return expand.column ? expand.column : strlen(pattern) + 1;
}

void author_pattern_captures(const char *expression, unsigned *gaps, int *value) {
    int number = 0;
    *gaps = 0;
    *value = -1;
    for (const char *at = expression; (at = strpbrk(at, "\\(")) != NULL; at++) {
        if (*at == '\\' && at[1]) {
            at++;
            continue;
        }
        int is_named = strncmp(at, "(?<", 3) == 0 && at[3] != '=' && at[3] != '!';
        if (!is_named)
            continue;
        size_t length = strcspn(at + 3, ">");
        if (at[3] == 'g' && strspn(at + 4, "0123456789") == length - 1 && length > 1 && number < 8)
            *gaps |= 1u << number;
        if (length == 5 && memcmp(at + 3, "value", 5) == 0)
            *value = number;
        number++;
    }
}

void author_pattern_unfoldable(const struct lexicon *lexicon, const char *pattern, struct arena *arena,
                               author_pattern_report *report, void *context) {
    struct author_tokens tokens;
    if (author_tokenise(pattern, arena, &tokens, NULL) < 0)
        return;
    for (size_t i = 0; i < tokens.count; i++) {
        const struct author_token *token = &tokens.list[i];
        if (token->kind != AUTHOR_WORD || is_whole_word(&tokens, i))
            continue;
        const char *word = arena_copy(arena, pattern + token->start, token->length);
        const char *folds[LEXICON_LANGUAGES_MAX];
        size_t count = author_fold(NULL, lexicon, word, token->length, arena, folds);
        int stays = count == 1 && strlen(folds[0]) == token->length;
        if (!stays)
            report(context, word, token->start + 1);
    }
}
