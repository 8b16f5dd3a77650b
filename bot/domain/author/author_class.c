/* Flattens word classes: classes inside classes, every language, folding, order. Never reads content itself
   (a callback hands in the words) and never compiles. Called by author_pattern.c. */
#include "domain/author/author_class.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "domain/author/author_fold.h"
#include "domain/author/author_pattern.h"
#include "domain/author/author_sort.h"
#include "domain/author/author_trie.h"
#include "domain/text/lexicon.h"

#include "banned.h"

/* A growing list of texts in an arena. */
struct words {
    const char **list;
    size_t count, capacity;
    int overflow;
};

struct author_cache {
    struct arena *arena;
    struct author_folds *folds;
    struct map *lists; /* class name -> struct author_list */
    struct map *words; /* class name -> struct words, folded */
};

struct author_cache *author_cache_new(struct arena *arena) {
    struct author_cache *cache = arena_alloc(arena, sizeof *cache);
    cache->arena = arena;
    cache->folds = author_folds_new(arena);
    cache->lists = map_new();
    cache->words = map_new();
    if (!cache->folds || !cache->lists || !cache->words) {
        author_cache_close(cache);
        return NULL;
    }
    return cache;
}

void author_cache_close(struct author_cache *cache) {
    if (cache) {
        author_folds_close(cache->folds);
        map_free(cache->lists);
        map_free(cache->words);
    }
}

const char *author_cache_fold(struct author_cache *cache, const struct lexicon *lexicon, int language,
                              const char *phrase, size_t length, struct arena *arena) {
    return author_folds_get(cache ? cache->folds : NULL, lexicon, language, phrase, length, arena);
}

struct flatten {
    const struct author_classes *classes;
    struct arena *arena;
    struct err *err;
    int language;
    struct {
        const char *name;
        size_t length;
    } path[AUTHOR_CLASS_DEPTH_MAX];
    size_t depth;
};

static void words_add(struct words *words, struct arena *arena, const char *word) {
    if (words->count == AUTHOR_CLASS_WORDS_MAX) {
        words->overflow = 1;
        return;
    }
    if (words->count == words->capacity) {
        size_t capacity = words->capacity ? words->capacity * 2 : 32;
        const char **list = arena_array(arena, capacity, sizeof *list);
        if (words->count)
            memcpy(list, words->list, words->count * sizeof *list);
        words->list = list;
        words->capacity = capacity;
    }
    words->list[words->count++] = word;
}

static int flatten_class(struct flatten *flatten, const char *name, size_t length, struct words *out);

static const char *join(struct arena *arena, const char *head, const char *tail) {
    size_t head_length = strlen(head), tail_length = strlen(tail);
    if (head_length == 0)
        return tail;
    char *text = arena_alloc(arena, head_length + tail_length + 1);
    memcpy(text, head, head_length);
    memcpy(text + head_length, tail, tail_length);
    return text;
}

/* Puts every text of tails behind every text of heads. */
static struct words cross(struct arena *arena, const struct words *heads, const struct words *tails) {
    struct words out = {NULL, 0, 0, heads->overflow || tails->overflow};
    for (size_t i = 0; i < heads->count && !out.overflow; i++)
        for (size_t j = 0; j < tails->count && !out.overflow; j++)
            words_add(&out, arena, join(arena, heads->list[i], tails->list[j]));
    return out;
}

/* Bytes up to a brace, or all of them; most entries have none. */
static size_t plain_length(const char *entry) {
    size_t length = 0;
    while (entry[length] && entry[length] != '{' && entry[length] != '}')
        length++;
    return length;
}

/* One entry of a class: plain text with classes in braces. */
static int flatten_entry(struct flatten *flatten, const char *entry, struct words *out) {
    struct arena *arena = flatten->arena;
    if (!entry[plain_length(entry)]) {
        words_add(out, arena, entry);
        return 0;
    }
    struct words heads = {NULL, 0, 0, 0};
    words_add(&heads, arena, "");
    while (*entry) {
        struct words tails = {NULL, 0, 0, 0};
        size_t plain = plain_length(entry);
        if (plain > 0) {
            words_add(&tails, arena, arena_copy(arena, entry, plain));
        } else {
            size_t length = plain_length(entry + 1);
            if (*entry == '}' || entry[1 + length] != '}' || length == 0)
                return err_set(flatten->err, ERR_SYNTAX, "unbalanced braces in \"%s\"; write {class}", entry);
            int code = flatten_class(flatten, entry + 1, length, &tails);
            if (code < 0)
                return code;
            plain = length + 2;
        }
        heads = cross(arena, &heads, &tails);
        entry += plain;
    }
    for (size_t i = 0; i < heads.count; i++)
        words_add(out, arena, heads.list[i]);
    out->overflow |= heads.overflow;
    return 0;
}

static int enter_class(struct flatten *flatten, const char *name, size_t length) {
    for (size_t i = 0; i < flatten->depth; i++)
        if (flatten->path[i].length == length && memcmp(flatten->path[i].name, name, length) == 0)
            return err_set(flatten->err, ERR_INVALID,
                           "the word class {%.*s} contains itself; take it out of itself", (int)length, name);
    if (flatten->depth == AUTHOR_CLASS_DEPTH_MAX)
        return err_set(flatten->err, ERR_LIMIT, "word classes inside word classes are nested deeper than %d",
                       AUTHOR_CLASS_DEPTH_MAX);
    flatten->path[flatten->depth].name = name;
    flatten->path[flatten->depth++].length = length;
    return 0;
}

static int flatten_class(struct flatten *flatten, const char *name, size_t length, struct words *out) {
    size_t count = 0;
    const char *const *list =
        flatten->classes->words(flatten->classes->context, name, length, flatten->language, &count);
    if (!list)
        return err_set(flatten->err, ERR_NOT_FOUND,
                       "there is no word class {%.*s}; define it or correct its name", (int)length, name);
    int code = enter_class(flatten, name, length);
    for (size_t i = 0; code == 0 && i < count; i++)
        code = flatten_entry(flatten, list[i], out);
    if (code < 0)
        return code;
    flatten->depth--;
    if (out->overflow)
        return err_set(flatten->err, ERR_LIMIT, "the word class {%.*s} has more than %d words", (int)length,
                       name, AUTHOR_CLASS_WORDS_MAX);
    return 0;
}

static size_t add_fold(const char **folds, size_t count, const char *fold) {
    if (!*fold)
        return count;
    for (size_t i = 0; i < count; i++)
        if (strcmp(folds[i], fold) == 0)
            return count;
    folds[count] = fold;
    return count + 1;
}

const char *const *author_cache_folds(struct author_cache *cache, const struct lexicon *lexicon,
                                      const char *phrase, size_t length, struct arena *arena) {
    if (cache)
        return author_folds_all(cache->folds, lexicon, phrase, length);
    size_t languages = lexicon_language_count(lexicon);
    const char **folds = arena_array(arena, languages + 1, sizeof *folds);
    for (size_t i = 0; i < languages; i++)
        folds[i] = author_folds_get(NULL, lexicon, (int)i, phrase, length, arena);
    return folds;
}

size_t author_fold(struct author_cache *cache, const struct lexicon *lexicon, const char *phrase,
                   size_t length, struct arena *arena, const char **folds) {
    size_t count = 0, languages = lexicon_language_count(lexicon);
    const char *const *all = author_cache_folds(cache, lexicon, phrase, length, arena);
    for (size_t i = 0; i < languages; i++)
        count = add_fold(folds, count, all[i]);
    return count;
}

static int is_letter(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') || character < 0;
}

/* 1 if both have the same letters: blanks, hyphens, apostrophes and case aside. */
static int has_same_letters(const char *a, const char *b) {
    for (;; a++, b++) {
        while (*a && !is_letter(*a))
            a++;
        while (*b && !is_letter(*b))
            b++;
        if (!*a || !*b || (*a | 0x20) != (*b | 0x20))
            return *a == *b;
    }
}

/* The folds of a word that is listed in one language: in a message of that language; unchanged in a message
   of another; and as a guest there ("goodbye" in English is "bye", and among Indonesian words that is "sampai
   jumpa"). What another language makes of the same letters is another word: English "kk" is "okay",
   Indonesian "kk" is "kakak". */
static size_t fold_listed(struct author_cache *cache, const struct lexicon *lexicon, const char *word,
                          int language, struct arena *arena, const char **folds) {
    const char *const *all = author_cache_folds(cache, lexicon, word, strlen(word), arena);
    const char *own = all[language];
    const char *const *guests =
        strcmp(own, word) == 0 ? all : author_cache_folds(cache, lexicon, own, strlen(own), arena);
    size_t count = add_fold(folds, 0, own), languages = lexicon_language_count(lexicon);
    for (size_t i = 0; i < languages; i++) {
        if ((int)i == language)
            continue;
        if (has_same_letters(all[i], word))
            count = add_fold(folds, count, all[i]);
        count = add_fold(folds, count, guests[i]);
    }
    return count;
}

const char *author_escape(const char *word, struct arena *arena) {
    if (!word[strcspn(word, "\\^$.[]|()?*+{}#")])
        return word;
    char *out = arena_alloc(arena, 2 * strlen(word) + 1), *at = out;
    for (; *word; word++) {
        if (strchr("\\^$.[]|()?*+{}#", *word))
            *at++ = '\\';
        *at++ = *word;
    }
    return out;
}

static void fold_all(struct author_cache *cache, const struct lexicon *lexicon, struct arena *arena,
                     const struct words *raw, int language, struct words *out) {
    for (size_t i = 0; i < raw->count; i++) {
        const char *folds[2 * LEXICON_LANGUAGES_MAX];
        size_t count = fold_listed(cache, lexicon, raw->list[i], language, arena, folds);
        for (size_t j = 0; j < count; j++)
            words_add(out, arena, folds[j]);
    }
}

static void sort_unique(struct words *words, struct arena *arena) {
    size_t count = 0;
    author_sort(words->list, words->count, AUTHOR_SORT_LONGEST, arena);
    for (size_t i = 0; i < words->count; i++)
        if (i == 0 || strcmp(words->list[i], words->list[count - 1]) != 0)
            words->list[count++] = words->list[i];
    words->count = count;
}

/* 0, or a negative ERR code. */
static int fold_class(const struct author_classes *classes, const struct lexicon *lexicon, const char *name,
                      size_t length, struct arena *arena, struct words *out, struct err *err) {
    size_t languages = lexicon_language_count(lexicon);
    for (size_t i = 0; i < languages; i++) {
        struct words raw = {NULL, 0, 0, 0};
        struct flatten flatten = {.classes = classes, .arena = arena, .err = err, .language = (int)i};
        int code = flatten_class(&flatten, name, length, &raw);
        if (code < 0)
            return code;
        fold_all(classes->cache, lexicon, arena, &raw, (int)i, out);
    }
    sort_unique(out, arena);
    return 0;
}

/* The folds themselves live in the cache already; only their list is copied. */
static struct words *keep_words(struct author_cache *cache, const char *name, size_t length,
                                const struct words *words) {
    struct words *kept = arena_alloc(cache->arena, sizeof *kept);
    *kept = (struct words){arena_array(cache->arena, words->count + 1, sizeof *kept->list), words->count,
                           words->count, 0};
    if (words->count)
        memcpy(kept->list, words->list, words->count * sizeof *kept->list);
    /* Without memory for the table it is folded again next time. */
    (void)map_set(cache->words, arena_copy(cache->arena, name, length), kept);
    return kept;
}

const char *const *author_class_words(const struct author_classes *classes, const struct lexicon *lexicon,
                                      const char *name, size_t length, struct arena *arena, size_t *count,
                                      struct err *err) {
    struct author_cache *cache = classes->cache;
    struct words folded = {NULL, 0, 0, 0}, *words = cache ? map_get_bytes(cache->words, name, length) : NULL;
    struct arena *work =
        cache && !words ? arena_new(0) : NULL; /* a class may flatten to thousands of texts */
    if (cache && !words && !work) {
        (void)err_set(err, ERR_MEMORY, "no memory for a word class");
        return NULL;
    }
    if (!words && fold_class(classes, lexicon, name, length, work ? work : arena, &folded, err) == 0)
        words = cache ? keep_words(cache, name, length, &folded) : &folded;
    arena_free(work);
    if (!words)
        return NULL;
    *count = words->count;
    return words->list ? words->list : arena_alloc(arena, sizeof *words->list);
}

/* Words and expression of a class; the list of words and the tree are work, without a cache. */
static struct author_list *make_list(const struct author_classes *classes, const struct lexicon *lexicon,
                                     const char *name, size_t length, struct arena *arena, struct arena *work,
                                     struct err *err) {
    size_t count = 0;
    const char *const *words = author_class_words(classes, lexicon, name, length, arena, &count, err);
    if (words == NULL)
        return NULL;
    struct author_list *list = arena_alloc(arena, sizeof *list);
    const char *expression = arena_text(arena, author_trie(words, count, work));
    *list = (struct author_list){expression, strlen(expression), words, count, -1};
    return list;
}

struct author_list *author_class_list(const struct author_classes *classes, const struct lexicon *lexicon,
                                      const char *name, size_t length, struct arena *arena, struct err *err) {
    struct author_cache *cache = classes->cache;
    struct author_list *list = cache ? map_get_bytes(cache->lists, name, length) : NULL;
    if (list)
        return list;
    struct arena *work = arena_new(0); /* a tree of thousands of words takes some */
    if (work == NULL) {
        (void)err_set(err, ERR_MEMORY, "no memory for a word class");
        return NULL;
    }
    list = make_list(classes, lexicon, name, length, cache ? cache->arena : arena, work, err);
    arena_free(work);
    if (cache && list) /* without memory for the table it is made again next time */
        (void)map_set(cache->lists, arena_copy(cache->arena, name, length), list);
    return list;
}
