/* Reading: the phrases that name options, and a message, as words with what tells most of them apart at once.
   Never compares them (entity_phrase.c does). Called by entity_choice.c. */
#include <string.h>

#include "base/arena.h"
#include "domain/entity/choice.h"
#include "domain/text/lexicon.h"
#include "banned.h"

static size_t split_words(const char *folded, struct choice_word *words) {
    size_t count = 0;
    while (*folded) {
        size_t length = strcspn(folded, " ");
        if (length > 0) {
            words[count++] = (struct choice_word){folded, length, 0};
        }
        folded += length + (folded[length] == ' ');
    }
    return count;
}

/* Words that begin or end otherwise, or are longer, mostly have another number. */
static uint8_t number_of(char first, char last, size_t length) {
    return (uint8_t)((unsigned char)first * 5u + (unsigned char)last * 29u + (unsigned)length * 67u);
}

static uint8_t word_number(const struct choice_word *word) {
    return word->length > 0 ? number_of(word->text[0], word->text[word->length - 1], word->length) : 0;
}

static char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? (char)(letter + ('a' - 'A')) : letter;
}

static int same_lower(const char *raw, const char *word, size_t length) {
    size_t same = 0;
    while (same < length && lower(raw[same]) == word[same]) {
        same++;
    }
    return same == length;
}

/* 1 if a phrase begins with the word, which may be written in any case. */
static int some_begins(const struct entity_choices *choices, const char *word, size_t length) {
    const uint8_t *at = choices->firsts, *end = at + choices->phrase_count;
    uint8_t number = length > 0 ? number_of(lower(word[0]), lower(word[length - 1]), length) : 0;
    while (at < end && (at = memchr(at, number, (size_t)(end - at))) != NULL) {
        const struct choice_phrase *phrase = &choices->phrases[at - choices->firsts];
        if (phrase->count > 0 && phrase->words[0].length == length &&
            same_lower(word, phrase->words[0].text, length)) {
            return 1;
        }
        at++;
    }
    return 0;
}

int entity_choices_begin(const struct entity_choices *choices, const struct text *text, size_t token) {
    const struct text_token *at = &text->tokens[token];
    const char *folded = text->folded + at->start, *raw = text->raw + at->raw_start;
    if (some_begins(choices, folded, at->length)) {
        return 1;
    }
    int is_same = at->raw_length == at->length && same_lower(raw, folded, at->length);
    return !is_same && some_begins(choices, raw, at->raw_length);
}

static struct choice_key key_of(const struct choice_phrase *phrase) {
    unsigned count = (unsigned)choice_least(phrase->count, CHOICE_COUNT_MAX);
    return (struct choice_key){.letters = choice_letters(phrase->folded, phrase->length),
                               .length = (uint16_t)choice_least(phrase->length, UINT16_MAX),
                               .count =
                                   (uint8_t)(count | (phrase->how == CHOICE_LABEL ? CHOICE_IS_LABEL : 0u))};
}

static void add_phrase(struct entity_choices *choices, size_t option, enum entity_choice_how how,
                       const char *folded, struct arena *arena) {
    if (!folded || !*folded) {
        return;
    }
    for (size_t i = 0; i < choices->phrase_count; i++) {
        if (choices->phrases[i].option == option && strcmp(choices->phrases[i].folded, folded) == 0) {
            return;
        }
    }
    struct choice_phrase *phrase = &choices->phrases[choices->phrase_count];
    *phrase =
        (struct choice_phrase){.option = option, .how = how, .folded = folded, .length = strlen(folded)};
    phrase->words = arena_array(arena, strlen(folded) / 2 + 1, sizeof *phrase->words);
    phrase->count = split_words(folded, phrase->words);
    choices->firsts[choices->phrase_count] = phrase->count > 0 ? word_number(&phrase->words[0]) : 0;
    choices->keys[choices->phrase_count++] = key_of(phrase);
    choices->longest = phrase->length > choices->longest ? phrase->length : choices->longest;
}

void chooser_read(struct chooser *chooser, struct arena *arena) {
    const struct text *text = chooser->text;
    chooser->words = arena_room(arena, (text->token_count + 1) * sizeof *chooser->words);
    chooser->numbers = arena_room(arena, text->token_count + 1);
    for (size_t i = 0; i < text->token_count; i++) {
        if (!text->tokens[i].is_end) {
            struct choice_word *word = &chooser->words[chooser->word_count];
            *word = (struct choice_word){text->folded + text->tokens[i].start, text->tokens[i].length, i};
            chooser->numbers[chooser->word_count++] = word_number(word);
        }
    }
}

void choices_read(struct entity_choices *choices, const struct lexicon *lexicon, struct arena *arena) {
    size_t languages = lexicon_language_count(lexicon), room = 0;
    for (size_t i = 0; i < choices->option_count; i++) {
        room += languages + choices->options[i].word_count;
    }
    choices->phrases = arena_array(arena, room + 1, sizeof *choices->phrases);
    choices->keys = arena_array(arena, room + 1, sizeof *choices->keys);
    choices->firsts = arena_array(arena, room + 1, sizeof *choices->firsts);
    for (size_t i = 0; i < choices->option_count; i++) {
        const struct entity_option *option = &choices->options[i];
        for (size_t language = 0; option->label && language < languages; language++) {
            add_phrase(choices, i, CHOICE_LABEL,
                       text_fold_phrase(lexicon, (int)language, option->label, strlen(option->label), arena),
                       arena);
        }
        for (size_t word = 0; option->words && word < option->word_count; word++) {
            add_phrase(choices, i, CHOICE_WORD, option->words[word], arena);
        }
    }
}
