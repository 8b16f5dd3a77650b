/* A hash map from text to a pointer; the keys are borrowed and must outlive the map. */
#ifndef PANDU_BASE_MAP_H
#define PANDU_BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

struct map;

struct map *map_new(void); /* NULL when there is no memory */
void map_free(struct map *map);

/* Sets key to value (not NULL); returns 0, or ERR_MEMORY. An earlier value is replaced. */
int map_set(struct map *map, const char *key, void *value);
void *map_get(const struct map *map, const char *key); /* NULL when absent */
void *map_get_bytes(const struct map *map, const char *key, size_t length);
size_t map_count(const struct map *map);

/* 64-bit FNV-1a of bytes, continued from seed (0 starts): for tables and content hashes, not for secrets.
   Source: RFC draft-eastlake-fnv. */
uint64_t hash_bytes(uint64_t seed, const void *bytes, size_t length);
/* The hash of what a hash was made of and these bytes behind it. */
uint64_t hash_more(uint64_t hash, const void *bytes, size_t length);

/* For tables in memory, and for telling contents apart on one machine: faster than hash_bytes, eight bytes at
   a time, another where bytes are in another order. */
uint64_t hash_fast(const void *bytes, size_t length);

#endif
