/* Open-addressing hash map. Never copies keys and never removes one. Called by content and lint. */
#include "base/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#include "banned.h"

struct map_entry {
    const char *key;
    size_t length;
    uint64_t hash;
    void *value;
};

struct map {
    struct map_entry *entries; /* a power of two */
    size_t capacity, count;
};

uint64_t hash_more(uint64_t hash, const void *bytes, size_t length) {
    const uint64_t prime = 0x100000001B3u;
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ byte[i]) * prime;
    }
    return hash;
}

uint64_t hash_bytes(uint64_t seed, const void *bytes, size_t length) {
    const uint64_t offset_basis = 0xCBF29CE484222325u;
    return hash_more(seed != 0 ? seed : offset_basis, bytes, length);
}

/* Fewer than eight bytes, each at least once: copying so many of them would be a call. */
static uint64_t rest_of(const char *key, size_t length) {
    const unsigned char *bytes = (const unsigned char *)key;
    if (length >= sizeof(uint32_t)) {
        uint32_t front, back;
        memcpy(&front, key, sizeof front);
        memcpy(&back, key + length - sizeof back, sizeof back);
        return front | (uint64_t)back << 32;
    }
    return length > 0 ? bytes[0] | (uint64_t)bytes[length / 2] << 8 | (uint64_t)bytes[length - 1] << 16 : 0;
}

uint64_t hash_fast(const void *bytes, size_t length) {
    const uint64_t prime = 0x9E3779B97F4A7C15u;
    const char *key = bytes;
    uint64_t hash = length * prime, word;
    for (; length >= sizeof word; length -= sizeof word, key += sizeof word) {
        memcpy(&word, key, sizeof word);
        hash = (hash ^ word) * prime;
        hash ^= hash >> 29;
    }
    hash = (hash ^ rest_of(key, length)) * prime;
    return hash ^ hash >> 32;
}

struct map *map_new(void) {
    return calloc(1, sizeof(struct map));
}

void map_free(struct map *map) {
    if (map != NULL) {
        free(map->entries);
        free(map);
    }
}

static struct map_entry *slot_of(struct map_entry *entries, size_t capacity, const char *key, size_t length,
                                 uint64_t hash) {
    size_t at = (size_t)hash & (capacity - 1);
    while (entries[at].key != NULL) {
        if (entries[at].hash == hash && entries[at].length == length &&
            memcmp(entries[at].key, key, length) == 0) {
            break;
        }
        at = (at + 1) & (capacity - 1);
    }
    return &entries[at];
}

static int grow(struct map *map) {
    size_t capacity = map->capacity != 0 ? map->capacity * 2 : 16;
    struct map_entry *entries = calloc(capacity, sizeof *entries);
    if (entries == NULL) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < map->capacity; i++) {
        const struct map_entry *old = &map->entries[i];
        if (old->key != NULL) {
            *slot_of(entries, capacity, old->key, old->length, old->hash) = *old;
        }
    }
    free(map->entries);
    map->entries = entries;
    map->capacity = capacity;
    return 0;
}

int map_set(struct map *map, const char *key, void *value) {
    if (map->count * 4 >= map->capacity * 3 && grow(map) != 0) {
        return ERR_MEMORY;
    }
    size_t length = strlen(key);
    uint64_t hash = hash_fast(key, length);
    struct map_entry *entry = slot_of(map->entries, map->capacity, key, length, hash);
    if (entry->key == NULL) {
        *entry = (struct map_entry){.key = key, .length = length, .hash = hash};
        map->count++;
    }
    entry->value = value;
    return 0;
}

void *map_get_bytes(const struct map *map, const char *key, size_t length) {
    if (map->count == 0) {
        return NULL;
    }
    return slot_of(map->entries, map->capacity, key, length, hash_fast(key, length))->value;
}

void *map_get(const struct map *map, const char *key) {
    return map_get_bytes(map, key, strlen(key));
}

size_t map_count(const struct map *map) {
    return map->count;
}
