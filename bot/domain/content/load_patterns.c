/* Authors' patterns: expanded, compiled, numbered. Says at which byte of the author's text a mistake is.
   Never matches. Called by load_intents.c and load_facts.c. */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "domain/content/loader.h"
#include "domain/intent/author_pattern.h"
#include "domain/intent/author_token.h"
#include "domain/pattern/pattern.h"
#include "domain/text/lexicon.h"
#include "json/value.h"

#include "banned.h"

static const char *const *class_words(void *context, const char *name, size_t length, int language,
                                      size_t *count) {
    const struct loader *loader = context;
    size_t index = items_find(&loader->classes, name, length);
    *count = 0;
    if (index == ITEM_NONE) {
        return NULL;
    }
    const struct load_class *class = &loader->class_list[index];
    *count = class->count[language];
    return class->words[language];
}

static struct author_classes classes_of(struct loader *loader) {
    return (struct author_classes){.words = class_words, .context = loader, .cache = loader->cache};
}

/* Back from what stands in expressions: without backslashes. */
static const char *unescaped(const char *word, struct arena *arena) {
    char *plain = arena_copy(arena, word, strlen(word)), *out = plain;
    for (const char *at = plain; *at != '\0'; at++) {
        at += *at == '\\' && at[1] != '\0';
        *out++ = *at;
    }
    *out = '\0';
    return plain;
}

const char *const *load_class_phrases(struct loader *loader, const char *name, size_t *count) {
    const struct author_classes classes = classes_of(loader);
    const char *const *words =
        author_class_words(&classes, loader->lexicon, name, strlen(name), loader->work, count, NULL);
    *count = words != NULL ? *count : 0;
    const char **out = arena_array(loader->content->arena, *count + 1, sizeof *out);
    for (size_t i = 0; i < *count; i++) {
        out[i] = unescaped(words[i], loader->content->arena);
    }
    arena_reset(loader->work);
    return out;
}

void load_patterns_fold_classes(struct loader *loader) {
    const struct author_classes classes = classes_of(loader);
    for (size_t i = 0; i < loader->classes.count; i++) {
        struct load_class *class = &loader->class_list[i];
        const char *name = loader->classes.list[i].id;
        class->folded = author_class_words(&classes, loader->lexicon, name, strlen(name), loader->work,
                                           &class->folded_count, NULL);
        class->folded_count = class->folded != NULL ? class->folded_count : 0;
    }
}

void loader_teach(struct loader *loader, int language, const char *bytes, size_t length) {
    const char *folded =
        author_cache_fold(loader->cache, loader->lexicon, language, bytes, length, loader->work);
    for (const char *word = folded; *word != '\0';) {
        size_t size = strcspn(word, " ");
        lexicon_add_word(loader->lexicon, language, word, size, 1);
        word += size + (word[size] == ' ');
    }
}

/* A word of a pattern, in every language; most have been taught by other patterns. */
static void teach_word(struct loader *loader, const char *word, size_t length) {
    if (map_get_bytes(loader->taught, word, length) != NULL) {
        return;
    }
    const char *kept = arena_copy(loader->scratch, word, length);
    (void)map_set(loader->taught, kept, loader); /* without memory it is taught again */
    for (size_t language = 0; language < loader->language_count; language++) {
        loader_teach(loader, (int)language, word, length);
    }
}

static void teach_pattern(struct loader *loader, const char *pattern) {
    struct author_tokens tokens;
    if (author_tokenise(pattern, loader->work, &tokens, NULL) != 0) {
        return;
    }
    for (size_t t = 0; t < tokens.count; t++) {
        const struct author_token *token = &tokens.list[t];
        if (token->kind == AUTHOR_WORD && !author_glued_before(&tokens, t) &&
            !author_glued_after(&tokens, t)) {
            teach_word(loader, pattern + token->start, token->length);
        }
    }
}

void load_patterns_teach(struct loader *loader, const struct value *array) {
    for (size_t i = 0; value_type(array) == VALUE_ARRAY && i < value_count(array); i++) {
        const char *pattern = value_text(value_at(array, i));
        if (pattern != NULL) {
            teach_pattern(loader, pattern);
            arena_reset(loader->work);
        }
    }
}

/* Reports every class of the pattern that nobody knows; returns their number. */
static size_t check_classes(struct loader *loader, const char *written, struct place place) {
    struct author_tokens tokens;
    size_t unknown = 0;
    if (author_tokenise(written, loader->work, &tokens, NULL) != 0) {
        return 0; /* expanding it says why */
    }
    for (size_t i = 0; i < tokens.count; i++) {
        const struct author_token *token = &tokens.list[i];
        if (token->kind != AUTHOR_CLASS ||
            items_find(&loader->classes, written + token->start, token->length) != ITEM_NONE) {
            continue;
        }
        unknown++;
        place.offset = token->start - 1;
        if (loader->classes.is_complete) {
            problem_add(&loader->problems, PROBLEM_unknown_class, place,
                        arena_copy(loader->scratch, written + token->start, token->length), NULL, NULL);
        }
    }
    return unknown;
}

/* A mistake of the author's own text; one of a class inside was reported where the class is written. */
static void report_expand(struct loader *loader, struct place place, const struct err *err) {
    if (err->code == ERR_NOT_FOUND || err->code == ERR_INVALID) {
        return;
    }
    place.offset = err->column > 0 ? (size_t)err->column - 1 : 0;
    problem_add(&loader->problems, PROBLEM_pattern_syntax, place, arena_text(loader->scratch, err->text),
                NULL, NULL);
}

static void report_compile(struct loader *loader, const char *written, struct place place,
                           const struct err *err) {
    struct author_classes classes = classes_of(loader);
    size_t offset = err->column > 0 ? (size_t)err->column - 1 : 0;
    size_t column = author_pattern_column(&classes, loader->lexicon, written, loader->work, offset);
    place.offset = column > 0 ? column - 1 : 0;
    problem_add(&loader->problems, PROBLEM_pattern_error, place, arena_text(loader->scratch, err->text),
                arena_format(loader->scratch, "%zu", column), NULL);
}

/* The places of classes as the set of patterns knows them; NULL without memory. */
static struct pattern_place *number_lists(struct loader *loader, const struct author_places *places) {
    struct pattern_place *out = arena_array(loader->work, places->count + 1, sizeof *out);
    for (size_t i = 0; i < places->count; i++) {
        struct author_list *list = places->list[i].list;
        if (list->number < 0) {
            list->number = pattern_add_list(loader->content->patterns, list->expression, list->length,
                                            list->words, list->count);
        }
        if (list->number < 0) {
            return NULL;
        }
        out[i] = (struct pattern_place){(uint32_t)places->list[i].at, (uint32_t)list->number};
    }
    return out;
}

/* What takes a hit of another pattern back is only looked at where there is one. */
static unsigned flags_of(enum content_role role) {
    return role == CONTENT_ROLE_UNLESS || role == CONTENT_ROLE_FACT_UNLESS ? PATTERN_ASKED : 0;
}

static int64_t add(struct loader *loader, const struct author_places *places, enum content_role role,
                   struct err *err) {
    const struct pattern_place *lists = number_lists(loader, places);
    if (lists == NULL) {
        return err_set(err, ERR_MEMORY, "out of memory while adding a word class");
    }
    return pattern_add_with_lists(loader->content->patterns, buf_text(&loader->adding), loader->adding.length,
                                  lists, places->count, flags_of(role), err);
}

/* The number of the compiled pattern, or -1 after a report. */
static int64_t compile(struct loader *loader, const char *written, enum content_role role,
                       struct place place) {
    struct author_classes classes = classes_of(loader);
    struct author_places places;
    struct err err = {0};
    buf_clear(&loader->adding);
    if (author_pattern_outline(&classes, loader->lexicon, written, loader->work, &loader->adding, &places,
                               &err) != 0) {
        if (check_classes(loader, written, place) == 0) {
            report_expand(loader, place, &err);
        }
        return -1;
    }
    int64_t number = add(loader, &places, role, &err);
    if (number < 0) {
        report_compile(loader, written, place, &err);
    }
    return number;
}

static void remember_owner(struct loader *loader, enum content_role role, uint32_t owner, size_t index) {
    unsigned gaps = 0;
    int value = -1;
    author_pattern_captures(buf_text(&loader->adding), &gaps, &value);
    struct content_pattern_owner entry = {owner, (uint16_t)index, (uint8_t)role, (uint8_t)gaps,
                                          (int8_t)value};
    (void)buf_add(&loader->owners, &entry, sizeof entry); /* ->failed is looked at when the set is sealed */
}

struct content_pattern *load_patterns(struct loader *loader, const struct document *document,
                                      const struct value *array, const char *path, enum content_role role,
                                      uint32_t owner, size_t *count) {
    *count = 0;
    size_t length = value_type(array) == VALUE_ARRAY ? value_count(array) : 0;
    struct content_pattern *list = arena_array(loader->content->arena, length + 1, sizeof *list);
    for (size_t i = 0; i < length && *count < UINT16_MAX; i++) {
        const char *written = loader_text(loader, value_at(array, i));
        const char *at = loader_path(loader, "%s[%zu]", path, i);
        int64_t number = written != NULL ? compile(loader, written, role, loader_place(document, at)) : -1;
        arena_reset(loader->work);
        if (number >= 0) {
            list[*count] = (struct content_pattern){
                written, (uint32_t)number, loader_content_place(loader, document, value_at(array, i), at)};
            remember_owner(loader, role, owner, *count);
            (*count)++;
        }
    }
    return list;
}

int load_patterns_seal(struct loader *loader) {
    struct err err = {0};
    int rc = pattern_set_seal(loader->content->patterns, &err);
    size_t bytes = loader->owners.length;
    if (rc == 0 && (loader->owners.failed || bytes / sizeof(struct content_pattern_owner) !=
                                                 pattern_set_count(loader->content->patterns))) {
        rc = ERR_MEMORY;
    }
    void *owners = arena_alloc(loader->content->arena, bytes + 1);
    if (bytes > 0) {
        memcpy(owners, buf_text(&loader->owners), bytes);
    }
    loader->content->pattern_owners = owners;
    return rc;
}
