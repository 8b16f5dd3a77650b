/* What is negated: "bukan yang kedua", "ga bisa besok", "I don't agree". Never decides what the opposite
   would be. Called by the finders here and by the dialogue machine. */
#include <string.h>

#include "domain/entity/entity.h"
#include "domain/entity/unit.h"
#include "domain/text/by_letter.h"
#include "banned.h"

enum { NEGATION_REACH = 3 }; /* words: "tidak terlalu suka bekerja" is as far as people put it */

static const struct by_letter only = {.c = "cuma", .h = "hanya", .j = "just", .o = "only", .s = "sekadar"};
static const struct by_letter shortened = {.t = "t"};
static const struct by_letter auxiliaries = {.a = "aren ain",
                                             .c = "can couldn",
                                             .d = "don doesn didn",
                                             .h = "haven hasn",
                                             .i = "isn",
                                             .s = "shouldn",
                                             .w = "wasn weren won wouldn"};
static const struct by_letter number_signs = {.n = "no"};
static const struct by_letter turns = {.b = "but",
                                       .c = "cuma",
                                       .h = "hanya",
                                       .i = "if",
                                       .k = "kalau",
                                       .m = "melainkan",
                                       .o = "only",
                                       .r = "rather",
                                       .t = "tetapi tapi"};
static const struct by_letter negators = {.b = "bukan belum",
                                          .c = "cannot cant can't",
                                          .d = "dont don't doesnt doesn't didnt didn't",
                                          .e = "enggak engga",
                                          .g = "gak ga gk",
                                          .h = "hardly",
                                          .i = "isnt isn't",
                                          .j = "jangan",
                                          .k = "kurang kagak kaga",
                                          .n = "nggak ngga ndak nda not no never neither nor",
                                          .o = "ora ogah",
                                          .t = "tidak tak tanpa tiada",
                                          .w = "without wont won't"};

static int token_in(const struct text *text, size_t token, const struct by_letter *words) {
    return by_letter_has(words, text->folded + text->tokens[token].start, text->tokens[token].length);
}

/* "tidak hanya", "not only": says more, not the opposite. */
static int only_follows(const struct text *text, size_t token) {
    return token + 1 < text->token_count && token_in(text, token + 1, &only);
}

/* "don't" folds to "don t" where no spelling of the lexicon joins it. */
static int is_contraction(const struct text *text, size_t token) {
    return token > 0 && token_in(text, token, &shortened) && token_in(text, token - 1, &auxiliaries);
}

/* "no 2" is number two. */
static int is_number_sign(const struct text *text, size_t token) {
    return token_in(text, token, &number_signs) && token + 1 < text->token_count &&
           text->folded[text->tokens[token + 1].start] >= '0' &&
           text->folded[text->tokens[token + 1].start] <= '9';
}

static int is_negator(const struct text *text, size_t token) {
    if (only_follows(text, token) || is_number_sign(text, token)) {
        return 0;
    }
    return token_in(text, token, &negators) || is_contraction(text, token);
}

/* 1 if a comma or the like stands in the raw text between two tokens. */
static int is_parted(const struct text *text, size_t left, size_t right) {
    size_t from = (size_t)text->tokens[left].raw_start + text->tokens[left].raw_length;
    for (size_t i = from; i < text->tokens[right].raw_start; i++) {
        if (strchr(",;:()", text->raw[i])) {
            return 1;
        }
    }
    return 0;
}

int entity_is_negated(const struct text *text, size_t token) {
    for (size_t back = 1; back <= NEGATION_REACH && back <= token && token < text->token_count; back++) {
        size_t at = token - back;
        if (text->tokens[at].is_end || text->tokens[at].sentence != text->tokens[at + 1].sentence ||
            is_parted(text, at, at + 1) || token_in(text, at, &turns)) {
            return 0;
        }
        if (is_negator(text, at)) {
            return 1;
        }
    }
    return 0;
}

int units_negated(const struct units *units, size_t first) {
    return first < units->count && units->unit[first].token < units->text->token_count &&
           entity_is_negated(units->text, units->unit[first].token);
}
