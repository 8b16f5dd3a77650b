/* Reads what was not understood and groups it. Keeps one raw wording of each, to be masked before anybody
   sees it. Called by unmatched.c. */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "cli/unmatched.h"
#include "domain/authoring/cluster.h"
#include "domain/content/content.h"
#include "domain/dialogue/words.h"

#include "banned.h"

enum { DISTINCT_MAX = 20000 /* wordings that are looked at, the newest */, ARENA_MAX = 512 * 1024 * 1024 };

struct reading {
    struct author *author;
    struct unmatched_groups *groups;
    struct map *by_key; /* index of a wording + 1 */
    int failed;
};

/* The words that say something, in their order: "kak", "dong" and the ends of sentences make no other
 * question. */
static const char *key_of(const struct text *text, struct arena *arena) {
    char *key = arena_alloc(arena, text->folded_length + 2);
    size_t length = 0;
    for (size_t i = 0; i < text->token_count; i++) {
        const struct text_token *token = &text->tokens[i];
        if (!token->is_end && words_outside(text, WORDS_COURTESY, i, i + 1) > 0) {
            if (length > 0) {
                key[length++] = ' ';
            }
            memcpy(key + length, text->folded + token->start, token->length);
            length += token->length;
        }
    }
    return length > 0 ? key : text->folded_length > 0 ? text->folded : text->raw;
}

static int keep_text(void *context, const struct study_row *row) {
    struct reading *reading = context;
    struct unmatched_groups *groups = reading->groups;
    struct understand *understand = &reading->author->understand;
    struct text text;
    if (row->at_ms < reading->author->since_ms) {
        return 1; /* all that follow are older */
    }
    groups->messages++;
    arena_reset(understand->arena);
    text_fold(understand->content->lexicon, row->text, strlen(row->text), TEXT_NO_LANGUAGE, understand->arena,
              &text);
    const char *key = key_of(&text, understand->arena);
    void *known = map_get(reading->by_key, key);
    if (known != NULL) {
        groups->wordings[(size_t)(uintptr_t)known - 1].count++;
        return 0;
    }
    if (groups->wording_count == DISTINCT_MAX) {
        groups->left_out++;
        return 0;
    }
    struct unmatched_wording *wording = &groups->wordings[groups->wording_count++];
    *wording = (struct unmatched_wording){arena_text(groups->arena, key),
                                          arena_text(groups->arena, row->text), 1, row->at_ms};
    reading->failed = map_set(reading->by_key, wording->key, (void *)(uintptr_t)groups->wording_count) != 0;
    return reading->failed;
}

/* The examples of all intents, folded: they tell which words everybody uses. */
static const char *const *fold_examples(const struct author *author, struct arena *arena, size_t *count) {
    const struct content *content = author->understand.content;
    *count = 0;
    for (size_t i = 0; i < content->intent_count; i++) {
        *count += content->intents[i].example_count;
    }
    const char **folded = arena_array(arena, *count + 1, sizeof *folded);
    size_t at = 0;
    for (size_t i = 0; i < content->intent_count; i++) {
        for (size_t k = 0; k < content->intents[i].example_count; k++) {
            const char *example = content->intents[i].examples[k];
            struct text text;
            text_fold(content->lexicon, example, strlen(example), TEXT_NO_LANGUAGE, arena, &text);
            folded[at++] = text.folded;
        }
    }
    return folded;
}

static void make_groups(const struct author *author, struct unmatched_groups *groups) {
    struct cluster_text *texts = arena_array(groups->arena, groups->wording_count + 1, sizeof *texts);
    size_t common_count = 0;
    for (size_t i = 0; i < groups->wording_count; i++) {
        texts[i] = (struct cluster_text){groups->wordings[i].key, groups->wordings[i].count};
    }
    const char *const *common = fold_examples(author, groups->arena, &common_count);
    groups->count =
        clusters_make(texts, groups->wording_count, common, common_count, groups->arena, &groups->list);
}

int unmatched_groups_read(struct author *author, struct unmatched_groups *groups) {
    struct err err = {0};
    struct reading reading = {author, groups, map_new(), 0};
    *groups = (struct unmatched_groups){.arena = arena_new(ARENA_MAX)};
    int rc = AUTHOR_OK;
    if (groups->arena == NULL || reading.by_key == NULL) {
        rc = author_fail(author, "out of memory");
    } else {
        groups->wordings = arena_array(groups->arena, DISTINCT_MAX, sizeof *groups->wordings);
        rc = study_unmatched(author->study, keep_text, &reading, &err) != 0
                 ? author_fail(author, "%s", err.text)
             : reading.failed ? author_fail(author, "out of memory")
                              : AUTHOR_OK;
    }
    if (rc == AUTHOR_OK) {
        make_groups(author, groups);
    }
    map_free(reading.by_key);
    return rc;
}

void unmatched_groups_close(struct unmatched_groups *groups) {
    arena_free(groups->arena);
    *groups = (struct unmatched_groups){.arena = NULL};
}
