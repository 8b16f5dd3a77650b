/* Authors' patterns: expanded, compiled, numbered. Says at which byte of the author's text a mistake is.
   Never matches. Called by load_intents.c and load_facts.c. */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "domain/content/loader.h"
#include "domain/author/author_pattern.h"
#include "domain/author/author_token.h"
#include "domain/pattern/pattern.h"
#include "domain/text/lexicon.h"
#include "json/value.h"

#include "banned.h"

/* For what is rare: a cache of its own is worth less than the classes that are folded already. */
static struct author_classes classes_of(struct loader *loader, struct author_cache *cache) {
    return (struct author_classes){.words = loader_class_words, .context = loader, .cache = cache};
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
    const struct author_classes classes = classes_of(loader, loader->cache);
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
    struct author_classes classes = classes_of(loader, loader->classes_cache);
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

static int64_t add(struct loader *loader, const struct load_outline *outline, enum content_role role,
                   struct err *err) {
    const struct pattern_place *lists = number_lists(loader, outline->places);
    if (lists == NULL) {
        return err_set(err, ERR_MEMORY, "out of memory while adding a word class");
    }
    return pattern_add_with_lists(loader->content->patterns, outline->text, outline->length, lists,
                                  outline->places->count, flags_of(role), err);
}

/* 0, or -1 after a report. */
static int outline_now(struct loader *loader, const char *written, struct place place,
                       struct load_outline *outline) {
    struct author_classes classes = classes_of(loader, loader->classes_cache);
    struct author_places *places = arena_alloc(loader->work, sizeof *places);
    struct err err = {0};
    buf_clear(&loader->adding);
    if (author_pattern_outline(&classes, loader->lexicon, written, loader->work, &loader->adding, places,
                               &err) != 0) {
        if (check_classes(loader, written, place) == 0) {
            report_expand(loader, place, &err);
        }
        return -1;
    }
    *outline = (struct load_outline){written, buf_text(&loader->adding), loader->adding.length, places};
    return 0;
}

static void remember_owner(struct loader *loader, const char *expression, enum content_role role,
                           uint32_t owner, size_t index) {
    unsigned gaps = 0;
    int value = -1;
    author_pattern_captures(expression, &gaps, &value);
    struct content_pattern_owner entry = {owner, (uint16_t)index, (uint8_t)role, (uint8_t)gaps,
                                          (int8_t)value};
    (void)buf_add(&loader->owners, &entry, sizeof entry); /* ->failed is looked at when the set is sealed */
}

/* The number of the compiled pattern, whose owner is remembered, or -1 after a report. */
static int64_t compile(struct loader *loader, const char *written, const struct content_pattern_owner *owner,
                       struct place place) {
    struct load_outline outline;
    struct err err = {0};
    enum content_role role = (enum content_role)owner->role;
    if (!load_outline_take(loader, written, &outline) && outline_now(loader, written, place, &outline) != 0) {
        return -1;
    }
    int64_t number = add(loader, &outline, role, &err);
    if (number < 0) {
        report_compile(loader, written, place, &err);
    } else {
        remember_owner(loader, outline.text, role, owner->owner, owner->index);
    }
    return number;
}

struct content_pattern *load_patterns(struct loader *loader, const struct document *document,
                                      const struct value *array, const char *path, enum content_role role,
                                      uint32_t owner, size_t *count) {
    *count = 0;
    size_t length = value_type(array) == VALUE_ARRAY ? value_count(array) : 0;
    struct content_pattern *list = arena_array(loader->content->arena, length + 1, sizeof *list);
    for (size_t i = 0; i < length && *count < UINT16_MAX; i++) {
        const char *written = value_text(value_at(array, i));
        const char *at = loader_path(loader, "%s[%zu]", path, i);
        const struct content_pattern_owner of = {
            .owner = owner, .index = (uint16_t)*count, .role = (uint8_t)role};
        int64_t number = written != NULL ? compile(loader, written, &of, loader_place(document, at)) : -1;
        arena_reset(loader->work);
        if (number >= 0) {
            list[*count] =
                (struct content_pattern){arena_text(loader->content->arena, written), (uint32_t)number,
                                         loader_content_place(loader, document, value_at(array, i), at)};
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
