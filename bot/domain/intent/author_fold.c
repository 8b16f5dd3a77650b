/* The memory of folded phrases, one table a language. Never folds differently from text_fold_phrase. Called
   by author_class.c and author_pattern.c. */
#include "domain/intent/author_fold.h"

#include "base/arena.h"
#include "base/map.h"
#include "domain/text/lexicon.h"
#include "domain/text/text.h"

#include "banned.h"

struct author_folds {
    struct arena *arena;                       /* what is remembered */
    struct arena *work;                        /* emptied after every phrase: folding one takes kilobytes */
    struct map *folded[LEXICON_LANGUAGES_MAX]; /* phrase -> fold */
};

struct author_folds *author_folds_new(struct arena *arena) {
    struct author_folds *folds = arena_alloc(arena, sizeof *folds);
    folds->arena = arena;
    folds->work = arena_new(0);
    int is_complete = folds->work != NULL;
    for (size_t i = 0; i < LEXICON_LANGUAGES_MAX; i++) {
        folds->folded[i] = map_new();
        is_complete = is_complete && folds->folded[i] != NULL;
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
    }
    arena_free(folds->work);
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
    const char *fold =
        arena_text(folds->arena, text_fold_phrase(lexicon, language, phrase, length, folds->work));
    arena_reset(folds->work);
    /* Without memory for the table it is folded again next time. */
    (void)map_set(folds->folded[language], arena_copy(folds->arena, phrase, length), (void *)(uintptr_t)fold);
    return fold;
}
