/* The memory of folded phrases and of their words, in all languages at once. Never folds differently from
   text_fold_phrase. Called by author_class.c and author_pattern.c. */
#include "domain/author/author_fold.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "domain/text/lexicon.h"
#include "domain/text/text.h"

#include "banned.h"

enum {
    PHRASE_MAX = 256 /* bytes of a phrase that is put together from its words */,
    FIRST_SLOTS = 1024,
    GROWTH = 4
};

/* What is known of a phrase or word. */
struct known {
    uint32_t length;
    const char *fold[]; /* by language; then its bytes and a NUL byte */
};

struct slot { /* open addressing */
    uint64_t hash;
    struct known *known; /* NULL: free */
};

struct table {
    struct slot *slots;
    size_t size, count; /* size: a power of two */
};

struct author_folds {
    struct arena *arena;  /* what is remembered, and the tables: those grown out of stay behind */
    struct arena *work;   /* emptied after every phrase: folding one takes kilobytes */
    size_t languages;     /* of the lexicon, once it is known */
    struct table phrases; /* all languages known */
    struct table words;   /* single plain words: fold, or ambiguous */
};

/* A word whose neighbours decide. */
static const char ambiguous[] = "";

struct author_folds *author_folds_new(struct arena *arena) {
    struct author_folds *folds = arena_alloc(arena, sizeof *folds);
    folds->arena = arena;
    folds->work = arena_new(0);
    folds->phrases.slots = arena_array(arena, FIRST_SLOTS, sizeof *folds->phrases.slots);
    folds->words.slots = arena_array(arena, FIRST_SLOTS, sizeof *folds->words.slots);
    folds->phrases.size = folds->words.size = FIRST_SLOTS;
    return folds->work != NULL ? folds : NULL;
}

void author_folds_close(struct author_folds *folds) {
    if (folds != NULL) {
        arena_free(folds->work);
    }
}

/* ---- the tables ---- */

static char *bytes_of(const struct author_folds *folds, struct known *known) {
    return (char *)(known->fold + folds->languages);
}

static struct slot *slot_of(const struct author_folds *folds, const struct table *table, uint64_t hash,
                            const char *phrase, size_t length) {
    size_t at = (size_t)hash & (table->size - 1);
    for (;; at = (at + 1) & (table->size - 1)) {
        struct slot *slot = &table->slots[at];
        if (slot->known == NULL || (slot->hash == hash && slot->known->length == length &&
                                    memcmp(bytes_of(folds, slot->known), phrase, length) == 0)) {
            return slot;
        }
    }
}

/* Room for one more: half of it stays empty. */
static void make_room(struct arena *arena, struct table *table) {
    if (2 * (table->count + 1) <= table->size) {
        return;
    }
    size_t size = GROWTH * table->size;
    struct slot *slots = arena_array(arena, size, sizeof *slots);
    for (size_t i = 0; i < table->size; i++) {
        size_t at = (size_t)table->slots[i].hash & (size - 1);
        while (table->slots[i].known != NULL && slots[at].known != NULL) {
            at = (at + 1) & (size - 1);
        }
        if (table->slots[i].known != NULL) {
            slots[at] = table->slots[i];
        }
    }
    table->slots = slots;
    table->size = size;
}

/* The phrase in table; if it is new, with nothing known of it. */
static struct known *look_up(struct author_folds *folds, struct table *table, const char *phrase,
                             size_t length, int *is_new) {
    make_room(folds->arena, table);
    uint64_t hash = hash_fast(phrase, length);
    struct slot *slot = slot_of(folds, table, hash, phrase, length);
    *is_new = slot->known == NULL;
    if (!*is_new) {
        return slot->known;
    }
    size_t head = sizeof(struct known) + folds->languages * sizeof(char *);
    struct known *known = arena_raw(folds->arena, head + length + 1);
    memset(known, 0, head);
    known->length = (uint32_t)length;
    char *bytes = bytes_of(folds, known);
    memcpy(bytes, phrase, length);
    bytes[length] = '\0';
    *slot = (struct slot){hash, known};
    table->count++;
    return known;
}

/* text, which lasts: the phrase's own bytes where they say the same. */
static const char *keep(struct author_folds *folds, struct known *known, const char *text, size_t length) {
    const char *bytes = bytes_of(folds, known);
    return length == known->length && memcmp(bytes, text, length) == 0
               ? bytes
               : arena_copy(folds->arena, text, length);
}

/* ---- folding ---- */

/* Letters a to z and single blanks between words: nothing is read across a blank. */
static int is_plain(const char *phrase, size_t length) {
    char before = ' ';
    for (size_t i = 0; i < length; i++) {
        int is_letter = phrase[i] >= 'a' && phrase[i] <= 'z';
        if (!is_letter && (phrase[i] != ' ' || before == ' ')) {
            return 0;
        }
        before = phrase[i];
    }
    return length > 0 && length <= PHRASE_MAX && before != ' ';
}

/* Appends the words of text; blanks beside each other come from parts that folded to nothing. */
static size_t append(char *out, size_t written, const char *text) {
    for (size_t size; *text != '\0'; text += size + (text[size] == ' ')) {
        size = strcspn(text, " ");
        if (size > 0 && written > 0) {
            out[written++] = ' ';
        }
        memcpy(out + written, text, size);
        written += size;
    }
    return written;
}

/* The folds of a word in all languages. */
static const char *const *fold_word(struct author_folds *folds, const struct lexicon *lexicon,
                                    const char *word, size_t length) {
    int is_new;
    struct known *known = look_up(folds, &folds->words, word, length, &is_new);
    for (size_t language = 0; is_new && language < folds->languages; language++) {
        char out[PHRASE_MAX * 4];
        const char *fold = text_fold_word(lexicon, (int)language, word, length, folds->work);
        int is_short = fold != NULL && strlen(fold) < sizeof out;
        known->fold[language] = is_short ? keep(folds, known, out, append(out, 0, fold)) : ambiguous;
        arena_reset(folds->work);
    }
    return known->fold;
}

/* Puts the folds of its words one behind the other; 0 if a word depends on another in this language. */
static int fold_words(struct author_folds *folds, const struct lexicon *lexicon, size_t language,
                      struct known *known) {
    char out[PHRASE_MAX * 4];
    const char *phrase = bytes_of(folds, known);
    size_t written = 0;
    for (size_t at = 0, size; at < known->length; at += size + 1) {
        const char *blank = memchr(phrase + at, ' ', known->length - at);
        size = blank != NULL ? (size_t)(blank - phrase) - at : known->length - at;
        const char *fold = fold_word(folds, lexicon, phrase + at, size)[language];
        if (fold == ambiguous || written + strlen(fold) + 1 > sizeof out) {
            return 0;
        }
        written = append(out, written, fold);
    }
    known->fold[language] = keep(folds, known, out, written);
    return 1;
}

static void fold_phrase(struct author_folds *folds, const struct lexicon *lexicon, struct known *known,
                        int has_words) {
    for (size_t language = 0; language < folds->languages; language++) {
        if (!has_words || !fold_words(folds, lexicon, language, known)) {
            const char *fold =
                text_fold_phrase(lexicon, (int)language, bytes_of(folds, known), known->length, folds->work);
            known->fold[language] = keep(folds, known, fold, strlen(fold));
            arena_reset(folds->work);
        }
    }
}

/* 1 if nothing in folds is ambiguous. */
static int is_certain(const struct author_folds *folds, const char *const *fold) {
    for (size_t language = 0; language < folds->languages; language++) {
        if (fold[language] == ambiguous) {
            return 0;
        }
    }
    return 1;
}

const char *const *author_folds_all(struct author_folds *folds, const struct lexicon *lexicon,
                                    const char *phrase, size_t length) {
    int has_words = is_plain(phrase, length), is_new;
    folds->languages = lexicon_language_count(lexicon);
    if (has_words && memchr(phrase, ' ', length) == NULL) {
        const char *const *word = fold_word(folds, lexicon, phrase, length);
        if (is_certain(folds, word)) {
            return word;
        }
    }
    struct known *known = look_up(folds, &folds->phrases, phrase, length, &is_new);
    if (is_new) {
        fold_phrase(folds, lexicon, known, has_words);
    }
    return known->fold;
}

const char *author_folds_get(struct author_folds *folds, const struct lexicon *lexicon, int language,
                             const char *phrase, size_t length, struct arena *arena) {
    if (folds == NULL || language < 0 || (size_t)language >= lexicon_language_count(lexicon)) {
        return text_fold_phrase(lexicon, language, phrase, length, arena);
    }
    return author_folds_all(folds, lexicon, phrase, length)[language];
}
