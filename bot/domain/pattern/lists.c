/* Lists of words that many expressions hold, and expressions with their lists in place. Never reads an
   expression itself. Called by pattern.c, compile.c and run.c. */
#include "domain/pattern/compile.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"

#include "banned.h"

static int make_room(struct pattern_set *set) {
    if (set->list_count < set->list_capacity) {
        return 0;
    }
    size_t capacity = set->list_capacity != 0 ? set->list_capacity * 2 : 64;
    struct pattern_list *lists = realloc(set->lists, capacity * sizeof *lists);
    if (lists == NULL) {
        return ERR_MEMORY;
    }
    set->lists = lists;
    struct valid_list *valid_lists = realloc(set->valid_lists, capacity * sizeof *valid_lists);
    if (valid_lists == NULL) {
        return ERR_MEMORY;
    }
    set->valid_lists = valid_lists;
    set->list_capacity = capacity;
    return 0;
}

/* What is certain of an expression of a list. */
static struct valid_list judge(const char *expression, size_t length) {
    struct validity validity;
    int is_valid = valid_expression(expression, length, NULL, 0, NULL, &validity) && validity.captures == 0;
    return (struct valid_list){is_valid ? validity.code : VALID_CODE_MAX + 1, validity.depth};
}

int64_t pattern_add_list(struct pattern_set *set, const char *expression, size_t length,
                         const char *const *words, size_t count) {
    if (set->sealed) {
        return ERR_INVALID;
    }
    char *copy = make_room(set) == 0 ? malloc(length + 1) : NULL;
    if (copy == NULL || prefilter_add_list(set->builder, words, count) != 0) {
        free(copy);
        return ERR_MEMORY;
    }
    memcpy(copy, expression, length);
    copy[length] = '\0';
    set->lists[set->list_count] = (struct pattern_list){copy, length};
    set->valid_lists[set->list_count] = judge(expression, length);
    return (int64_t)set->list_count++;
}

void lists_free(struct pattern_set *set) {
    for (size_t i = 0; i < set->list_count; i++) {
        free(set->lists[i].expression);
    }
    free(set->lists);
    free(set->valid_lists);
    free(set->places);
}

/* Keeps the places of a pattern. 0 or ERR_MEMORY. */
static int keep_places(struct pattern_set *set, const struct pattern_place *places, size_t count,
                       struct pattern *pattern) {
    if (set->place_count + count > set->place_capacity) {
        size_t capacity = 2 * set->place_capacity + count + 256;
        struct pattern_place *larger = realloc(set->places, capacity * sizeof *larger);
        if (larger == NULL) {
            return ERR_MEMORY;
        }
        set->places = larger;
        set->place_capacity = capacity;
    }
    pattern->first_place = (uint32_t)set->place_count;
    pattern->place_count = (uint32_t)count;
    if (count > 0) {
        memcpy(set->places + set->place_count, places, count * sizeof *places);
    }
    set->place_count += count;
    return 0;
}

int lists_keep_expression(struct pattern_set *set, const char *expression, size_t length,
                          const struct pattern_place *places, size_t count, struct pattern *pattern) {
    pattern->expression = malloc(length + 1);
    if (pattern->expression == NULL || keep_places(set, places, count, pattern) != 0) {
        free(pattern->expression);
        pattern->expression = NULL;
        return ERR_MEMORY;
    }
    memcpy(pattern->expression, expression, length);
    pattern->length = (uint32_t)length;
    return 0;
}

void lists_write(const struct pattern_set *set, const char *expression, size_t length,
                 const struct pattern_place *places, size_t count, struct buf *out) {
    size_t done = 0;
    if (expression == NULL) { /* of no length */
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const struct pattern_list *list = &set->lists[places[i].list];
        (void)buf_add(out, expression + done, places[i].at - done);
        (void)buf_add(out, list->expression, list->length);
        done = places[i].at;
    }
    (void)buf_add(out, expression + done, length - done);
}

int lists_write_pattern(const struct pattern_set *set, const struct pattern *pattern, struct buf *out) {
    const struct pattern_place *places = pattern->place_count > 0 ? set->places + pattern->first_place
                                                                  : NULL; /* perhaps there are none at all */
    buf_init(out, (size_t)2 * PATTERN_EXPRESSION_MAX);
    lists_write(set, pattern->expression, pattern->length, places, pattern->place_count, out);
    return out->failed ? ERR_MEMORY : 0;
}
