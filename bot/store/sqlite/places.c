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

static size_t bucket_index(int64_t conversation, int64_t id_hash) {
    uint64_t hash =
        ((uint64_t)conversation ^ (uint64_t)id_hash) * 0x9E3779B97F4A7C15u; /* Fibonacci hashing */
    return (size_t)(hash >> 32) % PLACES_BUCKETS;
}

static uint64_t *bucket_of(struct places *places, int64_t conversation, const int64_t *id_hash) {
    return id_hash != NULL ? &places->id_buckets[bucket_index(conversation, *id_hash)]
                           : &places->buckets[bucket_index(conversation, 0)];
}

void places_expect(const struct places *places, int64_t conversation, int64_t id_hash) {
    __builtin_prefetch(&places->id_buckets[bucket_index(conversation, id_hash)], 1);
    __builtin_prefetch(&places->buckets[bucket_index(conversation, 0)], 1);
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

/* Stable, by the digits of the conversations: what comes in the order of numbers stays so in each. */
static void sort_places(struct place *list, struct place *spare, size_t count) {
    enum { DIGITS = 256 };
    uint64_t all = 0;
    for (size_t i = 0; i < count; i++) {
        all |= (uint64_t)list[i].conversation;
    }
    for (unsigned shift = 0; shift < 64 && all >> shift != 0; shift += 8) {
        size_t starts[DIGITS + 1] = {0};
        for (size_t i = 0; i < count; i++) {
            starts[((uint64_t)list[i].conversation >> shift) % DIGITS + 1]++;
        }
        for (size_t digit = 0; digit < DIGITS; digit++) {
            starts[digit + 1] += starts[digit];
        }
        for (size_t i = 0; i < count; i++) {
            spare[starts[((uint64_t)list[i].conversation >> shift) % DIGITS]++] = list[i];
        }
        memcpy(list, spare, count * sizeof *list);
    }
}

size_t places_list(struct places *places, uint64_t from, struct place list[PLACES_RUN_MAX],
                   struct place spare[PLACES_RUN_MAX]) {
    size_t count = 0;
    (void)pthread_mutex_lock(&places->mutex);
    for (uint64_t at = from + 1; at <= places->added && count < PLACES_RUN_MAX; at++) {
        const struct places_entry *entry = entry_at(places, at);
        if (entry != NULL && entry->place.conversation != 0) {
            list[count++] = entry->place;
        }
    }
    (void)pthread_mutex_unlock(&places->mutex);
    sort_places(list, spare, count);
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

/* ---- filing ---- */

enum { PLACE_BYTES = 16 };

static void put_number(unsigned char *at, int64_t number) {
    for (size_t i = 0; i < PLACE_BYTES / 2; i++) {
        at[i] = (unsigned char)((uint64_t)number >> (8 * i));
    }
}

static int64_t get_number(const unsigned char *at) {
    uint64_t number = 0;
    for (size_t i = 0; i < PLACE_BYTES / 2; i++) {
        number |= (uint64_t)at[i] << (8 * i);
    }
    return (int64_t)number;
}

int place_list_takes(const struct place_list *list, const struct place *place) {
    return list->count != 0 && list->count < PLACES_LISTED && list->conversation == place->conversation;
}

int place_list_store(struct connection *connection, struct place_list *list) {
    if (list->count == 0) {
        return SQLITE_OK;
    }
    struct query query = query_start(connection, QUERY_ADD_PLACE_LIST);
    query_int(&query, list->conversation);
    query_int(&query, list->first);
    query_int(&query, list->last);
    query_bytes(&query, (struct store_bytes){list->bytes, list->count * PLACE_BYTES});
    list->count = 0;
    return query_run(&query);
}

int place_list_add(struct connection *connection, struct place_list *list, const struct place *place) {
    int code = place_list_takes(list, place) ? SQLITE_OK : place_list_store(connection, list);
    unsigned char *at = &list->bytes[list->count * PLACE_BYTES];
    list->conversation = place->conversation;
    list->first = list->count == 0 ? place->number : list->first;
    list->last = place->number;
    put_number(at, place->number);
    put_number(at + PLACE_BYTES / 2, place->id_hash);
    list->count++;
    return code;
}

int places_file(struct connection *connection, int64_t filed, int64_t last) {
    struct place_list list = {.count = 0};
    struct query turns = query_start(connection, QUERY_UNFILED);
    int code = SQLITE_OK;
    query_int(&turns, filed);
    query_int(&turns, last);
    while (code == SQLITE_OK && query_row(&turns)) {
        const struct place place = {query_column_int(&turns, 0), query_column_int(&turns, 1),
                                    query_column_int(&turns, 2)};
        code = place_list_add(connection, &list, &place);
    }
    int ended = query_end(&turns);
    code = code == SQLITE_OK ? ended : code;
    code = code == SQLITE_OK ? place_list_store(connection, &list) : code;
    if (code != SQLITE_OK) {
        return code;
    }
    struct query set = query_start(connection, QUERY_SET_FILED);
    query_int(&set, last);
    return query_run(&set);
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

typedef int filed_each(void *context, int64_t number, int64_t id_hash);

static int each_place(struct connection *connection, int64_t conversation, filed_each *each, void *context) {
    struct query query = query_start(connection, QUERY_PLACES);
    int code = SQLITE_OK;
    query_int(&query, conversation);
    while (code == SQLITE_OK && query_row(&query)) {
        code = each(context, query_column_int(&query, 0), query_column_int(&query, 1));
    }
    int ended = query_end(&query);
    return code == SQLITE_OK ? ended : code;
}

static int each_listed(struct connection *connection, int64_t conversation, filed_each *each, void *context) {
    struct query query = query_start(connection, QUERY_PLACE_LISTS);
    int code = SQLITE_OK;
    query_int(&query, conversation);
    while (code == SQLITE_OK && query_row(&query)) {
        struct store_bytes list = query_column_bytes(&query, 0);
        const unsigned char *at = list.data;
        for (size_t i = 0; code == SQLITE_OK && i + PLACE_BYTES <= list.length; i += PLACE_BYTES) {
            code = each(context, get_number(at + i), get_number(at + i + PLACE_BYTES / 2));
        }
    }
    int ended = query_end(&query);
    return code == SQLITE_OK ? ended : code;
}

/* The filed places, old ones first. Ends with the first code of each that is none. */
static int each_filed(struct connection *connection, int64_t conversation, filed_each *each, void *context) {
    int code = each_place(connection, conversation, each, context);
    return code == SQLITE_OK ? each_listed(connection, conversation, each, context) : code;
}

struct wanted {
    const int64_t *id_hash; /* NULL: any */
    struct numbers *numbers;
};

static int add_wanted(void *context, int64_t number, int64_t id_hash) {
    const struct wanted *wanted = context;
    return wanted->id_hash == NULL || *wanted->id_hash == id_hash ? add(wanted->numbers, number) : SQLITE_OK;
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
    struct wanted wanted = {id_hash, numbers};
    int filed = each_filed(connection, conversation, add_wanted, &wanted);
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

struct hashes {
    size_t left;
    void (*each)(void *context, int64_t id_hash);
    void *context;
};

static int hand_hash(void *context, int64_t number, int64_t id_hash) {
    struct hashes *hashes = context;
    (void)number;
    if (hashes->left == 0) {
        return SQLITE_DONE;
    }
    hashes->left--;
    hashes->each(hashes->context, id_hash);
    return SQLITE_OK;
}

int numbers_hashes(struct connection *connection, int64_t conversation, size_t most,
                   void (*each)(void *context, int64_t id_hash), void *context) {
    struct hashes hashes = {most, each, context};
    if (connection->places != NULL) {
        each_remembered(connection->places, conversation, each, context);
    }
    int code = each_filed(connection, conversation, hand_hash, &hashes);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}
