/* The memory of folded phrases and of their words, one table each a language. Never folds differently from
   text_fold_phrase. Called by author_class.c and author_pattern.c. */
#include "domain/intent/author_fold.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "domain/text/lexicon.h"
#include "domain/text/text.h"

#include "banned.h"

enum { PHRASE_MAX = 256 /* bytes of a phrase that is put together from its words */ };

struct author_folds {
    struct arena *arena;                       /* what is remembered */
    struct arena *work;                        /* emptied after every phrase: folding one takes kilobytes */
    struct map *folded[LEXICON_LANGUAGES_MAX]; /* phrase -> fold */
    struct map *words[LEXICON_LANGUAGES_MAX];  /* word -> fold, or ambiguous */
};

/* A word whose neighbours decide. */
static const char ambiguous[] = "";

struct author_folds *author_folds_new(struct arena *arena) {
    struct author_folds *folds = arena_alloc(arena, sizeof *folds);
    folds->arena = arena;
    folds->work = arena_new(0);
    int is_complete = folds->work != NULL;
    for (size_t i = 0; i < LEXICON_LANGUAGES_MAX; i++) {
        folds->folded[i] = map_new();
        folds->words[i] = map_new();
        is_complete = is_complete && folds->folded[i] != NULL && folds->words[i] != NULL;
    }
    if (!is_complete) {
        author_folds_close(folds);
        return NULL;
    }
    return folds;
}

void author_folds_close(struct author_folds *folds) {
    if (folds == NULL) {
        return;
    }
    for (size_t i = 0; i < LEXICON_LANGUAGES_MAX; i++) {
        map_free(folds->folded[i]);
        map_free(folds->words[i]);
    }
    arena_free(folds->work);
}

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

static const char *fold_word(struct author_folds *folds, const struct lexicon *lexicon, int language,
                             const char *word, size_t length) {
    const char *known = map_get_bytes(folds->words[language], word, length);
    if (known != NULL) {
        return known;
    }
    const char *fold = text_fold_word(lexicon, language, word, length, folds->work);
    fold = fold != NULL ? arena_text(folds->arena, fold) : ambiguous;
    arena_reset(folds->work);
    (void)map_set(folds->words[language], arena_copy(folds->arena, word, length), (void *)(uintptr_t)fold);
    return fold;
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

/* The folds of its words one behind the other, in the memory's arena; NULL if a word depends on another. */
static const char *fold_words(struct author_folds *folds, const struct lexicon *lexicon, int language,
                              const char *phrase, size_t length) {
    char out[PHRASE_MAX * 4];
    size_t written = 0;
    for (size_t at = 0, size; at < length; at += size + 1) {
        const char *blank = memchr(phrase + at, ' ', length - at);
        size = blank != NULL ? (size_t)(blank - phrase) - at : length - at;
        const char *fold = fold_word(folds, lexicon, language, phrase + at, size);
        if (fold == ambiguous || written + strlen(fold) + 1 > sizeof out) {
            return NULL;
        }
        written = append(out, written, fold);
    }
    return arena_copy(folds->arena, out, written);
}

const char *author_folds_get(struct author_folds *folds, const struct lexicon *lexicon, int language,
                             const char *phrase, size_t length, struct arena *arena) {
    if (folds == NULL || language < 0 || language >= LEXICON_LANGUAGES_MAX) {
        return text_fold_phrase(lexicon, language, phrase, length, arena);
    }
    const char *known = map_get_bytes(folds->folded[language], phrase, length);
    if (known != NULL) {
        return known;
    }
    const char *fold = is_plain(phrase, length) ? fold_words(folds, lexicon, language, phrase, length) : NULL;
    if (fold == NULL) {
        fold = arena_text(folds->arena, text_fold_phrase(lexicon, language, phrase, length, folds->work));
        arena_reset(folds->work);
    }
    /* Without memory for the table it is folded again next time. */
    (void)map_set(folds->folded[language], arena_copy(folds->arena, phrase, length), (void *)(uintptr_t)fold);
    return fold;
}
