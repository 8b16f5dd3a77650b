/* Which conversations the app remembers: all that have turns under way, and the idle ones used last. Never
   asks the store. Called by app.c and app_turn.c. */
#include <stdlib.h>
#include <string.h>

#include "app/app_parts.h"
#include "base/map.h"

#include "banned.h"

enum { REST_UNIT = 64 /* bytes */ };

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
    return conversation->whole_length + conversation->rest_length + conversation->messages_length;
}

void app_cache_forget(struct app_cache *cache, struct conversation *conversation) {
    cache->bytes -= bytes_of(conversation);
    free(conversation->whole);
    free(conversation->rest);
    conversation->whole = conversation->rest = NULL;
    conversation->whole_length = conversation->rest_length = conversation->shared = 0;
    conversation->rest_capacity = 0;
    conversation->messages_length = 0;
    conversation->whole_version = 0;
    conversation->is_known = 0;
}

static char *copy(const char *bytes, size_t length) {
    char *made = length != 0 ? malloc(length) : NULL;
    return made != NULL ? memcpy(made, bytes, length) : NULL;
}

/* The rest and the messages behind it, in the block they had if they fit without much waste. 0, or -1 without
   memory: then nothing changed. */
static int set_rest(struct conversation *conversation, const char *behind, size_t length,
                    const struct app_state *state) {
    size_t needed = length + state->messages_length;
    if (needed > conversation->rest_capacity || needed < conversation->rest_capacity / 2) {
        size_t capacity = (needed + REST_UNIT - 1) / REST_UNIT * REST_UNIT;
        char *rest = capacity != 0 ? malloc(capacity) : NULL;
        if (rest == NULL && capacity != 0) {
            return -1;
        }
        free(conversation->rest);
        conversation->rest = rest;
        conversation->rest_capacity = capacity;
    }
    if (length != 0) {
        memcpy(conversation->rest, behind, length);
    }
    if (state->messages_length != 0) {
        memcpy(conversation->rest + length, state->messages, state->messages_length);
    }
    conversation->rest_length = length;
    conversation->messages_length = state->messages_length;
    return 0;
}

void app_cache_learn(struct app_cache *cache, struct conversation *conversation,
                     const struct app_state *state) {
    int is_new = state->shared == 0;
    size_t rest_length = is_new ? 0 : state->length - state->shared;
    char *whole = is_new ? copy(state->bytes, state->length) : NULL;
    const char *behind = rest_length != 0 ? state->bytes + state->shared : NULL;
    if (is_new && whole == NULL && state->length != 0) {
        app_cache_forget(cache, conversation);
        return;
    }
    cache->bytes -= bytes_of(conversation);
    if (set_rest(conversation, behind, rest_length, state) != 0) {
        free(whole);
        cache->bytes += bytes_of(conversation);
        app_cache_forget(cache, conversation);
        return;
    }
    if (is_new) {
        free(conversation->whole);
        conversation->whole = whole;
        conversation->whole_length = state->length;
        conversation->whole_version = state->is_stored_whole ? state->version : 0;
    }
    conversation->shared = is_new ? state->length : state->shared;
    conversation->version = state->version;
    conversation->is_known = 1;
    cache->bytes += bytes_of(conversation);
}

size_t app_cache_state(const struct conversation *conversation, struct arena *arena, char **state) {
    size_t length = conversation->shared + conversation->rest_length;
    *state = arena_raw(arena, length + 1);
    (*state)[length] = '\0';
    if (conversation->shared != 0) {
        memcpy(*state, conversation->whole, conversation->shared);
    }
    if (conversation->rest_length != 0) {
        memcpy(*state + conversation->shared, conversation->rest, conversation->rest_length);
    }
    return length;
}

const char *app_cache_messages(const struct conversation *conversation, size_t length, struct arena *arena) {
    return length != 0 && length <= conversation->messages_length
               ? arena_copy(arena, conversation->rest + conversation->rest_length, length)
               : NULL;
}

void app_cache_close(struct app_cache *cache) {
    for (struct conversation *each = cache->oldest, *next; each != NULL; each = next) {
        next = each->newer;
        drop(cache, each);
    }
}
