/* The lexicon's table of words and the questions asked of it. Never reads JSON (lexicon_load.c does) and
   never changes after loading except by lexicon_add_word. Called by text folding, content loading and lint.
 */
#include "domain/text/lexicon.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "domain/text/entry.h"
#include "domain/text/text.h"

#include "banned.h"

enum { FIRST_CAPACITY = 1024 };

static size_t slot_of(const struct lexicon *lexicon, const char *word, size_t length, uint64_t hash) {
    size_t at = (size_t)hash & (lexicon->capacity - 1);
    for (;;) {
        const struct lexicon_entry *entry = lexicon->slots[at];
        if (entry == NULL ||
            (entry->hash == hash && entry->length == length && memcmp(entry->word, word, length) == 0)) {
            return at;
        }
        at = (at + 1) & (lexicon->capacity - 1);
    }
}

struct lexicon_entry *lexicon_find(const struct lexicon *lexicon, const char *word, size_t length) {
    if (lexicon->capacity == 0 || length == 0 || length > LEXICON_WORD_MAX) {
        return NULL;
    }
    return lexicon->slots[slot_of(lexicon, word, length, hash_bytes(0, word, length))];
}

static void grow(struct lexicon *lexicon) {
    struct lexicon_entry **old = lexicon->slots;
    size_t old_capacity = lexicon->capacity;
    lexicon->capacity = old_capacity != 0 ? old_capacity * 2 : FIRST_CAPACITY;
    lexicon->slots = arena_array(lexicon->arena, lexicon->capacity, sizeof *lexicon->slots);
    for (size_t i = 0; i < old_capacity; i++) {
        if (old[i] != NULL) {
            lexicon->slots[slot_of(lexicon, old[i]->word, old[i]->length, old[i]->hash)] = old[i];
        }
    }
}

static uint32_t letters_of(const char *word, size_t length) {
    uint32_t letters = 0;
    for (size_t i = 0; i < length; i++) {
        if (word[i] >= 'a' && word[i] <= 'z') {
            letters |= 1u << (word[i] - 'a');
        }
    }
    return letters;
}

static void file_entry(struct arena *arena, struct lexicon_block **bucket,
                       const struct lexicon_entry *entry) {
    struct lexicon_block *block = *bucket;
    if (block == NULL || block->first == 0) {
        block = arena_alloc(arena, sizeof *block);
        block->first = LEXICON_BLOCK;
        block->next = *bucket;
        *bucket = block;
    }
    block->first--;
    block->letters[block->first] = entry->letters;
    block->entries[block->first] = entry;
}

struct lexicon_entry *lexicon_intern(struct lexicon *lexicon, const char *word, size_t length) {
    if (lexicon->count * 2 >= lexicon->capacity) {
        grow(lexicon);
    }
    uint64_t hash = hash_bytes(0, word, length);
    size_t at = slot_of(lexicon, word, length, hash);
    if (lexicon->slots[at] == NULL) {
        struct lexicon_entry *entry = arena_alloc(lexicon->arena, sizeof *entry);
        entry->word = arena_copy(lexicon->arena, word, length);
        entry->length = length;
        entry->hash = hash;
        entry->letters = letters_of(word, length);
        lexicon->slots[at] = entry;
        lexicon->count++;
        file_entry(lexicon->arena, &lexicon->by_start[length][lexicon_start(word)], entry);
        file_entry(lexicon->arena, &lexicon->by_end[length][lexicon_end(word, length)], entry);
    }
    return lexicon->slots[at];
}

struct lexicon_form *lexicon_form(const struct lexicon_entry *entry, int language) {
    struct lexicon_form *form = entry != NULL ? entry->forms : NULL;
    while (form != NULL && form->language != language) {
        form = form->next;
    }
    return form;
}

void lexicon_count_votes(struct lexicon_entry *entry, size_t language_count) {
    unsigned formed = 0, votes = 0, own = 0, known = 0;
    for (const struct lexicon_form *form = entry->forms; form != NULL; form = form->next) {
        formed |= lexicon_bit(form->language);
    }
    for (size_t i = 0; i < language_count; i++) {
        const unsigned bit = lexicon_bit((int)i), elsewhere = (entry->marker | entry->known | formed) & ~bit;
        int is_marker = (entry->marker & bit) != 0 || (elsewhere == 0 && (formed & bit) != 0);
        votes |= is_marker ? bit : 0;
        own |= is_marker && elsewhere == 0 ? bit : 0;
        known |= (entry->known & bit) != 0 && elsewhere == 0 ? bit : 0;
    }
    entry->votes = (uint8_t)votes;
    entry->own_votes = (uint8_t)own;
    entry->known_votes = (uint8_t)known;
}

void lexicon_add_word(struct lexicon *lexicon, int language, const char *word, size_t length, int target) {
    if (length == 0 || length > LEXICON_WORD_MAX || language < 0 ||
        (size_t)language >= lexicon->language_count) {
        return;
    }
    struct lexicon_entry *entry = lexicon_intern(lexicon, word, length);
    entry->taught = (uint8_t)(entry->taught | lexicon_bit(language));
    if (target) {
        entry->target = (uint8_t)(entry->target | lexicon_bit(language));
    }
}

size_t lexicon_language_count(const struct lexicon *lexicon) {
    return lexicon->language_count;
}

const char *lexicon_language(const struct lexicon *lexicon, size_t index) {
    return index < lexicon->language_count ? lexicon->languages[index].code : NULL;
}

int lexicon_language_index(const struct lexicon *lexicon, const char *code) {
    for (size_t i = 0; code != NULL && i < lexicon->language_count; i++) {
        if (strcmp(lexicon->languages[i].code, code) == 0) {
            return (int)i;
        }
    }
    return TEXT_NO_LANGUAGE;
}

int lexicon_can_produce(const struct lexicon *lexicon, int language, const char *word) {
    struct arena *arena = arena_new(0);
    if (arena == NULL) {
        return 1;
    }
    int same = strcmp(text_fold_phrase(lexicon, language, word, strlen(word), arena), word) == 0;
    arena_free(arena);
    return same;
}
