/* The finished bundle: lookups, reference counting, giving it back. Never changes what is in it. Called by
   everybody who reads content. */
#include "domain/content/content.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "domain/pattern/pattern.h"
#include "domain/similar/similar.h"

#include "banned.h"

static uint32_t index_of(const struct map *map, const char *id) {
    void *found = map != NULL && id != NULL ? map_get(map, id) : NULL;
    return found != NULL ? (uint32_t)((uintptr_t)found - 1) : (uint32_t)CONTENT_NONE;
}

uint32_t content_intent_index(const struct content *content, const char *id) {
    return index_of(content->intent_by_id, id);
}

uint32_t content_reply_index(const struct content *content, const char *id) {
    return index_of(content->reply_by_id, id);
}

uint32_t content_dialogue_index(const struct content *content, const char *id) {
    return index_of(content->dialogue_by_id, id);
}

const struct content_step *content_step(const struct content_dialogue *dialogue, const char *id) {
    for (size_t i = 0; id != NULL && i < dialogue->step_count; i++) {
        if (strcmp(dialogue->steps[i].id, id) == 0) {
            return &dialogue->steps[i];
        }
    }
    return NULL;
}

struct content *content_hold(struct content *content) {
    content->references++;
    return content;
}

void content_free(struct content *content) {
    if (content == NULL || --content->references > 0) {
        return;
    }
    pattern_set_free(content->patterns);
    similar_free(content->similar);
    map_free(content->intent_by_id);
    map_free(content->reply_by_id);
    map_free(content->dialogue_by_id);
    arena_free(content->beside);
    arena_free(content->arena); /* the bundle itself, its lexicon and all strings live there */
}

const char *localized_text(const struct localized *text, int language, int default_language) {
    int order[2] = {language, default_language};
    for (size_t i = 0; i < 2; i++) {
        if (order[i] >= 0 && order[i] < LEXICON_LANGUAGES_MAX && text->text[order[i]] != NULL) {
            return text->text[order[i]];
        }
    }
    for (size_t i = 0; i < LEXICON_LANGUAGES_MAX; i++) {
        if (text->text[i] != NULL) {
            return text->text[i];
        }
    }
    return "";
}
