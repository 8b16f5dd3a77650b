/* Keeps the messages of the last turns. Never sends anything. Called by `pandu chat` and `pandu test`. */
#include "channel/collect/collect.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "domain/engine/engine.h"

#include "banned.h"

struct collected_turn {
    struct arena *arena;
    struct message *messages;
    size_t count;
};

/* A ring: turn i of the newest is at (next - 1 - i). */
struct collect {
    struct collected_turn turns[COLLECT_TURNS_MAX];
    size_t next, count;
};

struct collect *collect_new(void) {
    return calloc(1, sizeof(struct collect));
}

void collect_clear(struct collect *collect) {
    for (size_t i = 0; i < COLLECT_TURNS_MAX; i++) {
        arena_free(collect->turns[i].arena);
        collect->turns[i] = (struct collected_turn){0};
    }
    collect->next = collect->count = 0;
}

void collect_free(struct collect *collect) {
    if (collect != NULL) {
        collect_clear(collect);
        free(collect);
    }
}

static const char *copy(struct arena *arena, const char *text) {
    return arena_text(arena, text ? text : "");
}

static void copy_message(struct arena *arena, const struct message *from, struct message *to) {
    struct message_link *links = arena_array(arena, from->link_count + 1, sizeof *links);
    *to = *from;
    to->reply = copy(arena, from->reply);
    to->text = copy(arena, from->text);
    to->choices = arena_array(arena, from->choice_count + 1, sizeof *to->choices);
    to->bars = arena_array(arena, from->bar_count + 1, sizeof *to->bars);
    for (size_t i = 0; i < from->choice_count; i++) {
        const struct message_choice *choice = &from->choices[i];
        to->choices[i] = (struct message_choice){copy(arena, choice->payload), copy(arena, choice->id),
                                                 copy(arena, choice->label)};
    }
    for (size_t i = 0; i < from->link_count; i++) {
        links[i] = (struct message_link){copy(arena, from->links[i].label), copy(arena, from->links[i].url)};
    }
    to->links = links;
    for (size_t i = 0; i < from->bar_count; i++) {
        to->bars[i] = (struct message_bar){copy(arena, from->bars[i].label), from->bars[i].percent};
    }
}

int collect_add(struct collect *collect, const struct message *messages, size_t count) {
    struct arena *arena = arena_new(0);
    if (arena == NULL) {
        return -1;
    }
    struct collected_turn *turn = &collect->turns[collect->next];
    arena_free(turn->arena);
    *turn = (struct collected_turn){arena, arena_array(arena, count + 1, sizeof *messages), count};
    for (size_t i = 0; i < count; i++) {
        copy_message(arena, &messages[i], &turn->messages[i]);
    }
    collect->next = (collect->next + 1) % COLLECT_TURNS_MAX;
    collect->count += collect->count < COLLECT_TURNS_MAX;
    return 0;
}

static const struct collected_turn *turn_back(const struct collect *collect, size_t back) {
    return &collect->turns[(collect->next + COLLECT_TURNS_MAX - 1 - back) % COLLECT_TURNS_MAX];
}

const struct message *collect_last(const struct collect *collect, size_t *count) {
    *count = collect->count > 0 ? turn_back(collect, 0)->count : 0;
    return collect->count > 0 ? turn_back(collect, 0)->messages : NULL;
}

/* What a choice is looked for by, in this order. */
enum key { KEY_ID, KEY_LABEL, KEY_PAYLOAD, KEY_COUNT };

static const char *key_of(const struct message_choice *choice, enum key key) {
    return key == KEY_ID ? choice->id : key == KEY_LABEL ? choice->label : choice->payload;
}

static const char *find_in(const struct collected_turn *turn, const char *wanted, enum key key) {
    for (size_t i = turn->count; i-- > 0;) {
        const struct message *message = &turn->messages[i];
        for (size_t j = 0; j < message->choice_count; j++) {
            if (strcmp(key_of(&message->choices[j], key), wanted) == 0) {
                return message->choices[j].payload;
            }
        }
    }
    return NULL;
}

const char *collect_payload(const struct collect *collect, const char *id) {
    for (enum key key = KEY_ID; key < KEY_COUNT; key++) {
        for (size_t back = 0; back < collect->count; back++) {
            const char *payload = find_in(turn_back(collect, back), id, key);
            if (payload != NULL) {
                return payload;
            }
        }
    }
    return NULL;
}
