/* What is negated: "bukan yang kedua", "ga bisa besok", "I don't agree". Never decides what the opposite
   would be. Called by the finders here and by the dialogue machine. */
#include <string.h>

#include "domain/entity/entity.h"
#include "domain/entity/unit.h"
#include "banned.h"

enum { NEGATION_REACH = 3 }; /* words: "tidak terlalu suka bekerja" is as far as people put it */

static int token_in(const struct text *text, size_t token, const char *words) {
    const char *word = text->folded + text->tokens[token].start;
    size_t length = text->tokens[token].length;
    while (*words) {
        size_t size = strcspn(words, " ");
        if (size == length && memcmp(words, word, length) == 0) {
            return 1;
        }
        words += size + (words[size] == ' ');
    }
    return 0;
}

/* "tidak hanya", "not only": says more, not the opposite. */
static int only_follows(const struct text *text, size_t token) {
    return token + 1 < text->token_count && token_in(text, token + 1, "hanya cuma sekadar only just");
}

/* "don't" folds to "don t" where no spelling of the lexicon joins it. */
static int is_contraction(const struct text *text, size_t token) {
    return token > 0 && token_in(text, token, "t") &&
           token_in(text, token - 1,
                    "don can isn aren wasn weren won wouldn couldn shouldn doesn didn haven hasn ain");
}

/* "no 2" is number two. */
static int is_number_sign(const struct text *text, size_t token) {
    return token_in(text, token, "no") && token + 1 < text->token_count &&
           text->folded[text->tokens[token + 1].start] >= '0' &&
           text->folded[text->tokens[token + 1].start] <= '9';
}

static int is_negator(const struct text *text, size_t token) {
    static const char words[] =
        "tidak tak bukan jangan belum kurang tanpa tiada enggak nggak ngga engga gak ga gk kagak "
        "ndak nda ora ogah kaga not no never neither nor without dont don't cannot cant can't isnt isn't "
        "wont "
        "won't doesnt doesn't didnt didn't hardly";
    if (only_follows(text, token) || is_number_sign(text, token)) {
        return 0;
    }
    return token_in(text, token, words) || is_contraction(text, token);
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
            is_parted(text, at, at + 1) ||
            token_in(text, at, "tetapi tapi melainkan but rather cuma hanya only kalau if")) {
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
