/* A table of conversations with short numbers for ids. Never keeps what anybody said. Called by:
 * cli/diff_questions. */
#include "domain/authoring/trail.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"

#include "banned.h"

enum { NAMES_MAX = UINT16_MAX - 1, FIRST_SLOTS = 1024, PARTS = 3 };

struct slot {
    int64_t conversation;
    uint16_t names[PARTS]; /* number of the id + 1; 0: none */
    uint16_t is_used;
};
struct trail {
    struct slot *slots; /* open addressing, a power of two */
    size_t capacity, count;
    struct arena *arena; /* of the ids */
    struct map *by_name; /* number + 1 */
    const char *names[NAMES_MAX];
    size_t name_count;
};

struct trail *trail_new(void) {
    struct trail *trail = calloc(1, sizeof *trail);
    if (trail == NULL) {
        return NULL;
    }
    trail->slots = calloc(FIRST_SLOTS, sizeof *trail->slots);
    trail->capacity = FIRST_SLOTS;
    trail->arena = arena_new(0);
    trail->by_name = map_new();
    if (trail->slots == NULL || trail->arena == NULL || trail->by_name == NULL) {
        trail_free(trail);
        return NULL;
    }
    return trail;
}

void trail_free(struct trail *trail) {
    if (trail != NULL) {
        free(trail->slots);
        arena_free(trail->arena);
        map_free(trail->by_name);
        free(trail);
    }
}

static struct slot *slot_of(struct slot *slots, size_t capacity, int64_t conversation) {
    size_t at = (size_t)hash_bytes(0, &conversation, sizeof conversation) & (capacity - 1);
    while (slots[at].is_used && slots[at].conversation != conversation) {
        at = (at + 1) & (capacity - 1);
    }
    return &slots[at];
}

static const char *name_at(const struct trail *trail, uint16_t number) {
    return number != 0 ? trail->names[number - 1] : NULL;
}

struct trail_place trail_get(const struct trail *trail, int64_t conversation) {
    const struct slot *slot = slot_of(trail->slots, trail->capacity, conversation);
    return (struct trail_place){name_at(trail, slot->names[0]), name_at(trail, slot->names[1]),
                                name_at(trail, slot->names[2])};
}

static uint16_t number_of(struct trail *trail, const char *name) {
    void *known = name != NULL ? map_get(trail->by_name, name) : NULL;
    if (name == NULL || known != NULL) {
        return (uint16_t)(uintptr_t)known;
    }
    if (trail->name_count == NAMES_MAX) {
        return 0;
    }
    const char *kept = arena_text(trail->arena, name);
    if (map_set(trail->by_name, kept, (void *)(uintptr_t)(trail->name_count + 1)) != 0) {
        return 0;
    }
    trail->names[trail->name_count++] = kept;
    return (uint16_t)trail->name_count;
}

static int grow(struct trail *trail) {
    size_t capacity = trail->capacity * 2;
    struct slot *slots = calloc(capacity, sizeof *slots);
    if (slots == NULL) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < trail->capacity; i++) {
        if (trail->slots[i].is_used) {
            *slot_of(slots, capacity, trail->slots[i].conversation) = trail->slots[i];
        }
    }
    free(trail->slots);
    trail->slots = slots;
    trail->capacity = capacity;
    return 0;
}

int trail_set(struct trail *trail, int64_t conversation, const struct trail_place *place) {
    if (trail->count * 2 >= trail->capacity && grow(trail) != 0) {
        return ERR_MEMORY;
    }
    struct slot *slot = slot_of(trail->slots, trail->capacity, conversation);
    trail->count += !slot->is_used;
    *slot = (struct slot){
        conversation,
        {number_of(trail, place->dialogue), number_of(trail, place->step), number_of(trail, place->reply)},
        1};
    return 0;
}
