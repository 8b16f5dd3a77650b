/* Turns of a conversation. Never reads what is in a turn. Numbers that are remembered may be of turns that
   were rolled back or erased: whether there is one is looked up. Called by turns.c and reader.c. */
#include "store/sqlite/places.h"

#include <stdlib.h>
#include <string.h>

#include "banned.h"

/* ---- remembering ---- */

int places_init(struct places *places) {
    memset(places, 0, sizeof *places);
    return pthread_mutex_init(&places->mutex, NULL);
}

void places_destroy(struct places *places) {
    (void)pthread_mutex_destroy(&places->mutex);
}

static uint64_t *bucket_of(struct places *places, int64_t conversation, const int64_t *id_hash) {
    uint64_t hash = ((uint64_t)conversation ^ (id_hash != NULL ? (uint64_t)*id_hash : 0)) *
                    0x9E3779B97F4A7C15u; /* Fibonacci hashing */
    uint64_t *buckets = id_hash != NULL ? places->id_buckets : places->buckets;
    return &buckets[(hash >> 32) % PLACES_BUCKETS];
}

static uint16_t distance(uint64_t from, uint64_t to) {
    return to != 0 && from - to < PLACES_MAX ? (uint16_t)(from - to) : 0;
}

void places_add(struct places *places, int64_t conversation, int64_t id_hash, int64_t number) {
    (void)pthread_mutex_lock(&places->mutex);
    uint64_t *bucket = bucket_of(places, conversation, NULL);
    uint64_t *id_bucket = bucket_of(places, conversation, &id_hash);
    struct places_entry *entry = &places->ring[places->added++ % PLACES_MAX];
    *entry = (struct places_entry){.place = {conversation, number, id_hash},
                                   .older = distance(places->added, *bucket),
                                   .older_id = distance(places->added, *id_bucket)};
    *bucket = *id_bucket = places->added;
    (void)pthread_mutex_unlock(&places->mutex);
}

/* at: 1 and how many were added before it. NULL: it was forgotten, or there is none. */
static struct places_entry *entry_at(struct places *places, uint64_t at) {
    return at != 0 && places->added - (at - 1) <= PLACES_MAX ? &places->ring[(at - 1) % PLACES_MAX] : NULL;
}

static int compare_places(const void *one, const void *other) {
    const struct place *a = one, *b = other;
    int by_conversation = (a->conversation > b->conversation) - (a->conversation < b->conversation);
    return by_conversation != 0 ? by_conversation : (a->number > b->number) - (a->number < b->number);
}

size_t places_list(struct places *places, uint64_t from, struct place list[PLACES_RUN_MAX]) {
    size_t count = 0;
    (void)pthread_mutex_lock(&places->mutex);
    for (uint64_t at = from + 1; at <= places->added && count < PLACES_RUN_MAX; at++) {
        const struct places_entry *entry = entry_at(places, at);
        if (entry != NULL && entry->place.conversation != 0) {
            list[count++] = entry->place;
        }
    }
    (void)pthread_mutex_unlock(&places->mutex);
    qsort(list, count, sizeof *list, compare_places);
    return count;
}

void places_forget(struct places *places, int64_t conversation) {
    (void)pthread_mutex_lock(&places->mutex);
    uint64_t at = *bucket_of(places, conversation, NULL);
    for (struct places_entry *entry; (entry = entry_at(places, at)) != NULL;) {
        entry->place.conversation = entry->place.conversation == conversation ? 0 : entry->place.conversation;
        at = entry->older != 0 ? at - entry->older : 0;
    }
    (void)pthread_mutex_unlock(&places->mutex);
}

uint64_t places_added(struct places *places) {
    (void)pthread_mutex_lock(&places->mutex);
    uint64_t added = places->added;
    (void)pthread_mutex_unlock(&places->mutex);
    return added;
}

/* ---- lists ---- */

void numbers_free(struct numbers *numbers) {
    free(numbers->list);
    *numbers = (struct numbers){.list = NULL};
}

static int add(struct numbers *numbers, int64_t number) {
    if (numbers->count == numbers->capacity) {
        size_t capacity = numbers->capacity != 0 ? 2 * numbers->capacity : 64;
        int64_t *larger = realloc(numbers->list, capacity * sizeof *larger);
        if (larger == NULL) {
            return SQLITE_NOMEM;
        }
        numbers->list = larger;
        numbers->capacity = capacity;
    }
    numbers->list[numbers->count++] = number;
    return SQLITE_OK;
}

/* The remembered ones, newest first. id_hash: NULL for any. */
static int add_remembered(struct places *places, int64_t conversation, const int64_t *id_hash,
                          struct numbers *numbers) {
    int code = SQLITE_OK;
    (void)pthread_mutex_lock(&places->mutex);
    uint64_t at = *bucket_of(places, conversation, id_hash);
    for (const struct places_entry *entry; code == SQLITE_OK && (entry = entry_at(places, at)) != NULL;) {
        const struct place *place = &entry->place;
        if (place->conversation == conversation && (id_hash == NULL || place->id_hash == *id_hash)) {
            code = add(numbers, place->number);
        }
        uint16_t older = id_hash != NULL ? entry->older_id : entry->older;
        at = older != 0 ? at - older : 0;
    }
    (void)pthread_mutex_unlock(&places->mutex);
    return code;
}

static int is_there(struct connection *connection, int64_t number, int *found) {
    struct query query = query_start(connection, QUERY_HAS_TURN);
    query_int(&query, number);
    *found = query_row(&query);
    return query_end(&query);
}

/* Drops those of no turn. */
static int keep_real(struct connection *connection, struct numbers *numbers) {
    int code = SQLITE_OK;
    size_t kept = 0;
    for (size_t i = 0; code == SQLITE_OK && i < numbers->count; i++) {
        int found = 0;
        code = is_there(connection, numbers->list[i], &found);
        numbers->list[kept] = numbers->list[i];
        kept += found != 0;
    }
    numbers->count = kept;
    return code;
}

static int add_filed(struct query query, struct numbers *numbers) {
    int code = SQLITE_OK;
    while (code == SQLITE_OK && query_row(&query)) {
        code = add(numbers, query_column_int(&query, 0));
    }
    int ended = query_end(&query);
    return code == SQLITE_OK ? ended : code;
}

static int compare(const void *one, const void *other) {
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return (a > b) - (a < b);
}

/* Some are filed and remembered. */
static void sort(struct numbers *numbers) {
    size_t kept = 0;
    if (numbers->count > 1) {
        qsort(numbers->list, numbers->count, sizeof *numbers->list, compare);
    }
    for (size_t i = 0; i < numbers->count; i++) {
        if (kept == 0 || numbers->list[i] != numbers->list[kept - 1]) {
            numbers->list[kept++] = numbers->list[i];
        }
    }
    numbers->count = kept;
}

static int collect(struct connection *connection, int64_t conversation, const int64_t *id_hash,
                   struct numbers *numbers) {
    *numbers = (struct numbers){.list = NULL};
    int code = connection->places != NULL ? add_remembered(connection->places, conversation, id_hash, numbers)
                                          : SQLITE_OK;
    code = code == SQLITE_OK ? keep_real(connection, numbers) : code;
    struct query query = query_start(connection, id_hash != NULL ? QUERY_PLACES_OF_ID : QUERY_PLACES);
    query_int(&query, conversation);
    if (id_hash != NULL) {
        query_int(&query, *id_hash);
    }
    int filed = add_filed(query, numbers);
    sort(numbers);
    return code == SQLITE_OK ? filed : code;
}

int numbers_of(struct connection *connection, int64_t conversation, struct numbers *numbers) {
    return collect(connection, conversation, NULL, numbers);
}

int numbers_of_id(struct connection *connection, int64_t conversation, int64_t id_hash,
                  struct numbers *numbers) {
    return collect(connection, conversation, &id_hash, numbers);
}

int numbers_newest(struct connection *connection, int64_t conversation, int64_t *number) {
    struct numbers remembered = {.list = NULL};
    int code = connection->places != NULL
                   ? add_remembered(connection->places, conversation, NULL, &remembered)
                   : SQLITE_OK;
    int found = 0;
    *number = 0;
    /* who was remembered came after all that were not */
    for (size_t i = 0; code == SQLITE_OK && !found && i < remembered.count; i++) {
        code = is_there(connection, remembered.list[i], &found);
        *number = found ? remembered.list[i] : 0;
    }
    numbers_free(&remembered);
    if (code != SQLITE_OK || found) {
        return code;
    }
    struct query query = query_start(connection, QUERY_NEWEST_PLACE);
    query_int(&query, conversation);
    if (query_row(&query)) {
        *number = query_column_int(&query, 0);
    }
    return query_end(&query);
}

static void each_remembered(struct places *places, int64_t conversation,
                            void (*each)(void *context, int64_t id_hash), void *context) {
    (void)pthread_mutex_lock(&places->mutex);
    uint64_t at = *bucket_of(places, conversation, NULL);
    for (const struct places_entry *entry; (entry = entry_at(places, at)) != NULL;) {
        if (entry->place.conversation == conversation) {
            each(context, entry->place.id_hash);
        }
        at = entry->older != 0 ? at - entry->older : 0;
    }
    (void)pthread_mutex_unlock(&places->mutex);
}

int numbers_hashes(struct connection *connection, int64_t conversation, size_t most,
                   void (*each)(void *context, int64_t id_hash), void *context) {
    if (connection->places != NULL) {
        each_remembered(connection->places, conversation, each, context);
    }
    struct query query = query_start(connection, QUERY_PLACE_HASHES);
    query_int(&query, conversation);
    for (size_t i = 0; i < most && query_row(&query); i++) {
        each(context, query_column_int(&query, 0));
    }
    return query_end(&query);
}
