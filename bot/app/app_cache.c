/* Which conversations the app remembers: all that have turns under way, and the idle ones used last. Never
   asks the store. Called by app.c and app_turn.c. */
#include <stdlib.h>
#include <string.h>

#include "app/app_parts.h"
#include "base/map.h"

#include "banned.h"

enum { STATE_UNIT = 64 /* bytes */, STATE_SPARE = 8 /* the part of a block that may stay free */ };

static struct conversation **bucket_of(struct app_cache *cache, const char *name) {
    return &cache->buckets[hash_fast(name, strlen(name)) % APP_CACHE_BUCKETS];
}

static void leave_idle(struct app_cache *cache, struct conversation *conversation) {
    *(conversation->older != NULL ? &conversation->older->newer : &cache->oldest) = conversation->newer;
    *(conversation->newer != NULL ? &conversation->newer->older : &cache->newest) = conversation->older;
    conversation->older = conversation->newer = NULL;
    conversation->is_idle = 0;
}

static void drop(struct app_cache *cache, struct conversation *conversation) {
    leave_idle(cache, conversation);
    struct conversation **link = bucket_of(cache, conversation->name);
    while (*link != conversation) {
        link = &(*link)->next_in_bucket;
    }
    *link = conversation->next_in_bucket;
    app_cache_forget(cache, conversation);
    cache->count--;
    free(conversation);
}

struct conversation *app_cache_get(struct app_cache *cache, const char *name) {
    struct conversation **bucket = bucket_of(cache, name);
    for (struct conversation *each = *bucket; each != NULL; each = each->next_in_bucket) {
        if (strcmp(each->name, name) == 0) {
            return each;
        }
    }
    struct conversation *made = calloc(1, sizeof *made);
    if (made != NULL) {
        memcpy(made->name, name, strnlen(name, STORE_CONVERSATION_MAX));
        made->last = &made->first;
        made->next_in_bucket = *bucket;
        *bucket = made;
        cache->count++;
    }
    return made;
}

/* Others talked meanwhile, and it lies far from the processor. What is read of it at every turn stands mostly
   at its end. */
void app_cache_expect(const struct conversation *conversation) {
    enum { LINE = 64, END = 1536 };
    size_t end = conversation->state_length + conversation->messages_length;
    size_t at = conversation->state_length > END ? conversation->state_length - END : 0;
    __builtin_prefetch(conversation->state);
    for (; at < end; at += LINE) {
        __builtin_prefetch(conversation->state + at);
    }
}

void app_cache_use(struct app_cache *cache, struct conversation *conversation) {
    if (conversation->is_idle) {
        leave_idle(cache, conversation);
    }
}

void app_cache_rest(struct app_cache *cache, struct conversation *conversation) {
    conversation->older = cache->newest;
    *(cache->newest != NULL ? &cache->newest->newer : &cache->oldest) = conversation;
    cache->newest = conversation;
    conversation->is_idle = 1;
    while (cache->oldest != NULL && (cache->count > APP_CACHE_MAX || cache->bytes > APP_CACHE_BYTES)) {
        drop(cache, cache->oldest);
    }
}

static size_t bytes_of(const struct conversation *conversation) {
    return conversation->state_length + conversation->messages_length;
}

void app_cache_forget(struct app_cache *cache, struct conversation *conversation) {
    cache->bytes -= bytes_of(conversation);
    free(conversation->state);
    conversation->state = NULL;
    conversation->state_length = conversation->messages_length = conversation->capacity = 0;
    conversation->is_own = 0;
    conversation->patches = 0;
    conversation->is_known = 0;
}

/* A block for so many bytes: the one there is, with what is in it, if they fit without much waste. NULL:
   without memory. */
static char *room_for(struct conversation *conversation, size_t needed) {
    if (needed <= conversation->capacity && needed >= conversation->capacity / 2) {
        return conversation->state;
    }
    size_t spare = conversation->capacity != 0 ? needed / STATE_SPARE : 0; /* who came back talks on */
    size_t capacity = (needed + spare + STATE_UNIT - 1) / STATE_UNIT * STATE_UNIT;
    char *state = malloc(capacity);
    conversation->capacity = state != NULL ? capacity : conversation->capacity;
    return state;
}

/* What is new, and where the block is another one than that of the state before, all. */
static void write_state(const struct app_state *state, const char *before, char *out) {
    size_t at = out == before ? state->same : 0;
    for (size_t i = 0; state->known != NULL && i < state->known->count; i++) {
        const struct same_part *part = &state->known->parts[i];
        if (part->from != part->at || part->length == 0) {
            continue; /* it was written */
        }
        if (part->at > at) {
            memcpy(out + at, state->bytes + at, part->at - at);
        }
        if (out != before) {
            memcpy(out + part->at, before + part->at, part->length);
        }
        at = part->at + part->length;
    }
    if (state->length > at) {
        memcpy(out + at, state->bytes + at, state->length - at);
    }
}

void app_cache_learn(struct app_cache *cache, struct conversation *conversation,
                     const struct app_state *state) {
    size_t length = state->length + state->messages_length;
    char *before = conversation->state, *block = room_for(conversation, length + 1);
    if (block == NULL) {
        app_cache_forget(cache, conversation);
        return;
    }
    cache->bytes -= bytes_of(conversation);
    write_state(state, before, block);
    if (block != before) {
        free(before);
        conversation->state = block;
    }
    if (state->messages_length != 0) {
        memcpy(conversation->state + state->length, state->messages, state->messages_length);
    }
    conversation->state[length] = '\0';
    conversation->state_length = state->length;
    conversation->messages_length = state->messages_length;
    conversation->is_own = state->is_own;
    conversation->patches = state->is_patch ? conversation->patches + 1 : 0;
    conversation->version = state->version;
    conversation->is_known = 1;
    cache->bytes += bytes_of(conversation);
}

size_t app_cache_state(const struct conversation *conversation, struct arena *arena, char **state) {
    size_t length = conversation->state_length;
    *state = arena_raw(arena, length + 1);
    (*state)[length] = '\0';
    if (length != 0) {
        memcpy(*state, conversation->state, length);
    }
    return length;
}

const char *app_cache_messages(const struct conversation *conversation, size_t length, struct arena *arena) {
    if (length == 0 || length > conversation->messages_length) {
        return NULL;
    }
    const char *messages = conversation->state + conversation->state_length;
    return length == conversation->messages_length ? messages : arena_copy(arena, messages, length);
}

void app_cache_close(struct app_cache *cache) {
    for (struct conversation *each = cache->oldest, *next; each != NULL; each = next) {
        next = each->newer;
        drop(cache, each);
    }
}
