/* Which conversations the app remembers: all that have turns under way, and the idle ones used last. Never
   asks the store. Called by app.c and app_turn.c. */
#include <stdlib.h>
#include <string.h>

#include "app/app_parts.h"
#include "base/map.h"

#include "banned.h"

static struct conversation **bucket_of(struct app_cache *cache, const char *name) {
    return &cache->buckets[hash_bytes(0, name, strlen(name)) % APP_CACHE_BUCKETS];
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

void app_cache_forget(struct app_cache *cache, struct conversation *conversation) {
    cache->bytes -= conversation->state_length;
    free(conversation->state);
    conversation->state = NULL;
    conversation->state_length = 0;
    conversation->is_known = 0;
}

void app_cache_learn(struct app_cache *cache, struct conversation *conversation, uint64_t version,
                     const void *state, size_t length) {
    char *copy = malloc(length + 1);
    app_cache_forget(cache, conversation);
    if (copy == NULL) {
        return;
    }
    if (length != 0) {
        memcpy(copy, state, length);
    }
    conversation->state = copy;
    conversation->state_length = length;
    conversation->version = version;
    conversation->is_known = 1;
    cache->bytes += length;
}

void app_cache_close(struct app_cache *cache) {
    for (struct conversation *each = cache->oldest, *next; each != NULL; each = next) {
        next = each->newer;
        drop(cache, each);
    }
}
