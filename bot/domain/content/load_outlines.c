/* Outlines of all patterns, their classes left out, and the words that these teach: what can be made of a
   pattern while the classes are still being folded. Never reports anything: a pattern with a mistake has no
   outline, and load_patterns.c says why. Called by load.c. */
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

/* ---- teaching ---- */

void loader_note_taught(const struct loader *loader, struct author_cache *cache, int language,
                        const char *bytes, size_t length, struct arena *work, struct buf *taught) {
    const char *folded = author_cache_fold(cache, loader->lexicon, language, bytes, length, work);
    for (const char *word = folded; *word != '\0';) {
        size_t size = strcspn(word, " ");
        const struct load_taught one = {word, size, language};
        (void)buf_add(taught, &one, sizeof one); /* ->failed is looked at in the end */
        word += size + (word[size] == ' ');
    }
}

void loader_teach(struct loader *loader, const struct buf *taught, int target) {
    const struct load_taught *one = (const struct load_taught *)(const void *)buf_text(taught);
    for (size_t i = 0; i < taught->length / sizeof *one; i++) {
        lexicon_add_word(loader->lexicon, one[i].language, one[i].word, one[i].length, target);
    }
}

/* A word of a pattern, in every language; most have been taught by other patterns. */
static void teach_word(void *context, const char *word, size_t length) {
    struct loader *loader = context;
    if (map_get_bytes(loader->taught, word, length) != NULL) {
        return;
    }
    const char *kept = arena_copy(loader->scratch, word, length);
    (void)map_set(loader->taught, kept, loader); /* without memory it is taught again */
    for (size_t language = 0; language < loader->language_count; language++) {
        loader_note_taught(loader, loader->cache, (int)language, word, length, loader->work,
                           &loader->taught_by_patterns);
    }
}

/* Those of a pattern whose outline is missing, from wherever it went wrong on. */
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

/* ---- outlines ---- */

static int64_t class_number(void *context, const char *name, size_t length) {
    const struct loader *loader = context;
    size_t index = items_find(&loader->classes, name, length);
    return index != ITEM_NONE ? (int64_t)index : -1;
}

static struct author_places *keep_places(struct loader *loader, const struct author_places *places) {
    struct author_places *kept = arena_alloc(loader->scratch, sizeof *kept);
    kept->list = arena_room(loader->scratch, (places->count + 1) * sizeof *kept->list);
    memcpy(kept->list, places->list, places->count * sizeof *kept->list);
    kept->count = places->count;
    return kept;
}

static void outline(struct loader *loader, const char *written, int teaches) {
    const struct author_classes classes = {.context = loader,
                                           .cache = loader->cache,
                                           .number = class_number,
                                           .see_word = teaches ? teach_word : NULL};
    struct load_outline one = {.written = written};
    struct author_places places;
    buf_clear(&loader->adding);
    if (author_pattern_outline(&classes, loader->lexicon, written, loader->work, &loader->adding, &places,
                               NULL) == 0) {
        one.length = loader->adding.length;
        one.text = arena_copy(loader->scratch, buf_text(&loader->adding), one.length);
        one.places = keep_places(loader, &places);
    } else if (teaches) {
        teach_pattern(loader, written);
    }
    (void)buf_add(&loader->outlines, &one, sizeof one); /* without memory it is made later */
    arena_reset(loader->work);
}

static void outline_all(struct loader *loader, const struct item *item, const char *member, int teaches) {
    const struct value *array = value_get(item->value, member);
    for (size_t i = 0; value_type(array) == VALUE_ARRAY && i < value_count(array); i++) {
        const char *written = value_text(value_at(array, i));
        if (written != NULL) {
            outline(loader, written, teaches);
        }
    }
}

void load_outlines(struct loader *loader) {
    for (size_t i = 0; i < loader->intents.count; i++) {
        outline_all(loader, &loader->intents.list[i], "patterns", 1);
        outline_all(loader, &loader->intents.list[i], "unless", 0);
        outline_all(loader, &loader->intents.list[i], "in_topic", 1);
    }
    for (size_t i = 0; i < loader->facts.count; i++) {
        outline_all(loader, &loader->facts.list[i], "patterns", 1);
        outline_all(loader, &loader->facts.list[i], "unless", 0);
    }
}

/* The places with the lists of their classes; NULL if one is empty or has a mistake, or all are too long. */
static struct author_places *find_lists(struct loader *loader, const struct load_outline *outline) {
    struct author_places *places = arena_alloc(loader->work, sizeof *places);
    size_t length = outline->length;
    places->list = arena_array(loader->work, outline->places->count + 1, sizeof *places->list);
    for (; places->count < outline->places->count; places->count++) {
        const struct author_place *place = &outline->places->list[places->count];
        struct author_list *list = loader->class_list[place->number].list;
        if (list == NULL || list->count == 0) {
            return NULL;
        }
        places->list[places->count] = (struct author_place){place->at, list, -1};
        length += list->length;
    }
    return length <= PATTERN_EXPRESSION_MAX ? places : NULL;
}

int load_outline_take(struct loader *loader, const char *written, struct load_outline *out) {
    const struct load_outline *all = (const struct load_outline *)(const void *)buf_text(&loader->outlines);
    if (loader->outlines_used == loader->outlines.length / sizeof *all ||
        all[loader->outlines_used].written != written) {
        return 0;
    }
    *out = all[loader->outlines_used++];
    out->places = out->text != NULL ? find_lists(loader, out) : NULL;
    return out->places != NULL;
}
