/* How the steps of a dialogue hang together: the ways through it as a graph. Never looks at wording. Called
   by lint.c and lint_placeholders.c. */
#include <string.h>

#include "base/arena.h"
#include "domain/content/lint.h"
#include "domain/content/loader.h"

#include "banned.h"

static size_t index_of(const struct content_dialogue *dialogue, const char *id) {
    size_t i = 0;
    while (i < dialogue->step_count && strcmp(dialogue->steps[i].id, id) != 0) {
        i++;
    }
    return i;
}

/* A walk over all ways: which steps were seen, and whether the target was. Steps are few (the path holds 96),
   so the walk may recurse. */
struct walk {
    const struct content_dialogue *dialogue;
    unsigned char *seen;
    size_t avoided; /* a step that may be passed over, but not asked; step_count: none */
    size_t target;
    int is_reached;
};

static void walk_from(struct walk *walk, size_t index);

/* Where an asked step may lead: every entry of next, and the following step unless one entry always holds. */
static void walk_on(struct walk *walk, size_t index) {
    const struct content_step *step = &walk->dialogue->steps[index];
    for (size_t i = 0; i < step->next_count; i++) {
        const struct content_next *next = &step->next[i];
        walk_from(walk, next->go != NULL ? index_of(walk->dialogue, next->go) : walk->dialogue->step_count);
        if (next->when == NULL) {
            return;
        }
    }
    walk_from(walk, index + 1);
}

static void walk_from(struct walk *walk, size_t index) {
    if (index == walk->target) {
        walk->is_reached = 1;
    }
    if (index >= walk->dialogue->step_count || walk->seen[index]) {
        return;
    }
    walk->seen[index] = 1;
    if (walk->dialogue->steps[index].when != NULL) {
        walk_from(walk, index + 1); /* not asked: the following step is next */
    }
    if (index != walk->avoided) {
        walk_on(walk, index);
    }
}

int lint_can_avoid(const struct content_dialogue *dialogue, size_t avoided, size_t target) {
    struct arena *arena = arena_new(0);
    if (arena == NULL) {
        return 0;
    }
    struct walk walk = {dialogue, arena_alloc(arena, dialogue->step_count + 1), avoided, target, 0};
    walk_from(&walk, 0);
    arena_free(arena);
    return walk.is_reached;
}

static void add(struct loader *loader, enum problem_code code, const struct item *item, size_t step,
                const char *id) {
    const char *path = loader_path(loader, "%s.steps[%zu]", item->path, step);
    problem_add(&loader->problems, code, loader_place(item->document, path), id, NULL, NULL);
}

/* A step that reaches no end is reported, and not again those it leads to. */
static void check_circles(struct loader *loader, const struct item *item,
                          const struct content_dialogue *dialogue, const unsigned char *reachable) {
    size_t count = dialogue->step_count;
    unsigned char *covered = arena_alloc(loader->scratch, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct walk walk = {dialogue, arena_alloc(loader->scratch, count + 1), count, count, 0};
        walk_from(&walk, i);
        if (walk.is_reached || covered[i] || !reachable[i]) {
            continue;
        }
        add(loader, PROBLEM_loop_without_exit, item, i, dialogue->steps[i].id);
        for (size_t s = 0; s < count; s++) {
            covered[s] |= walk.seen[s];
        }
    }
}

static void check_dialogue(struct loader *loader, const struct item *item,
                           const struct content_dialogue *dialogue) {
    struct walk walk = {dialogue, arena_alloc(loader->scratch, dialogue->step_count + 1),
                        dialogue->step_count, dialogue->step_count, 0};
    walk_from(&walk, 0);
    for (size_t i = 0; i < dialogue->step_count; i++) {
        if (!walk.seen[i]) {
            add(loader, PROBLEM_step_unreachable, item, i, dialogue->steps[i].id);
        }
    }
    check_circles(loader, item, dialogue, walk.seen);
}

/* Ways that could not all be read are not judged: what follows from another mistake is no mistake of its own.
 */
static int has_all_ways(struct loader *loader, const struct item *item) {
    static const enum problem_code breaking[] = {PROBLEM_unknown_step,    PROBLEM_expression_syntax,
                                                 PROBLEM_duplicate_id,    PROBLEM_schema_type,
                                                 PROBLEM_schema_required, PROBLEM_schema_unknown};
    const char *steps = loader_path(loader, "%s.steps", item->path);
    for (size_t i = 0; i < sizeof breaking / sizeof *breaking; i++) {
        if (problems_have(&loader->problems, breaking[i], item->document, steps)) {
            return 0;
        }
    }
    return 1;
}

void lint_dialogues(struct loader *loader) {
    for (size_t i = 0; i < loader->dialogues.count; i++) {
        if (has_all_ways(loader, &loader->dialogues.list[i])) {
            check_dialogue(loader, &loader->dialogues.list[i], &loader->content->dialogues[i]);
        }
    }
}
