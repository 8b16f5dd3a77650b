/* What entity_choice.c, entity_phrase.c and entity_phrases.c share: the phrases by which options are named.
 * Inside domain/entity only. */
#ifndef PANDU_DOMAIN_ENTITY_CHOICE_H
#define PANDU_DOMAIN_ENTITY_CHOICE_H

#include <stddef.h>
#include <stdint.h>

#include "domain/entity/entity.h"

struct arena;

/* One folded word; not NUL-terminated. */
struct choice_word {
    const char *text;
    size_t length;
    size_t token; /* in the message; unused in phrases */
};

struct choice_phrase {
    size_t option;
    enum entity_choice_how how;
    const char *folded;
    size_t length; /* of folded */
    struct choice_word *words;
    size_t count;
};

/* What tells of most phrases that they are not meant, in a row of its own: eight phrases a line of the cache.
 */
struct choice_key {
    uint32_t letters; /* of the phrase */
    uint16_t length;
    uint8_t count; /* of words, at most CHOICE_COUNT_MAX, and CHOICE_IS_LABEL */
};
enum { CHOICE_COUNT_MAX = 127, CHOICE_IS_LABEL = 128 };

struct entity_choices {
    const struct entity_option *options;
    size_t option_count;
    struct choice_phrase *phrases;
    struct choice_key *keys; /* of the phrases */
    uint8_t *firsts;         /* numbers of their first words; 0 of one without words, too */
    size_t phrase_count;
    size_t longest; /* of the phrases, in bytes */
};

struct chooser {
    const struct text *text;
    const struct entity_choices *choices;
    struct choice_word *words; /* of the message, without sentence ends */
    uint8_t *numbers;          /* of the words */
    size_t word_count;
    const char
        *content; /* the message without fillers, joined by blanks; "" when it is too long for a label */
    size_t content_length;
};

/* Bits of the bytes in a text, by their last five bits. */
static inline uint32_t choice_letters(const char *text, size_t length) {
    uint32_t letters = 0;
    for (size_t i = 0; i < length; i++) {
        letters |= (uint32_t)1 << ((unsigned char)text[i] & 31u);
    }
    return letters;
}

static inline size_t choice_least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Folds labels and words in every language of the lexicon. */
void choices_read(struct entity_choices *choices, const struct lexicon *lexicon, struct arena *arena);
/* Cuts the message into words. */
void chooser_read(struct chooser *chooser, struct arena *arena);
/* What prefix and near look at. */
void chooser_read_content(struct chooser *chooser, struct arena *arena);

/* Each looks for one way of naming an option: CHOICE_NONE when it finds none, and *index otherwise (but
 * AMBIGUOUS). */
enum entity_choice_how choice_exact(const struct chooser *chooser, size_t *index);
enum entity_choice_how choice_contained(const struct chooser *chooser, size_t *index);
enum entity_choice_how choice_prefix(const struct chooser *chooser, size_t *index);
enum entity_choice_how choice_near(const struct chooser *chooser, size_t *index);

/* 1 for words that say nothing by themselves in an answer: "kak", "aku pilih", "I think". */
int choice_is_filler(const char *word, size_t length);

#endif
