/* Finds phrases of word classes in a text by hash. Knows no classes by name. Called by similar.c and
 * feature.c. */
#include "domain/similar/concepts.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"

#include "banned.h"

enum { PHRASES = 64 /* looked up together */ };

/* Hash of the word that begins at *at, continuing hash; *at moves behind it. */
static uint64_t hash_word(uint64_t hash, const char *folded, size_t length, size_t *at) {
    size_t end = *at;
    for (; end < length && folded[end] != ' '; end++)
        hash = (hash ^ (unsigned char)folded[end]) * 0x100000001B3u; /* hash_more, base/map.c */
    *at = end;
    return hash;
}

static size_t start_of(uint64_t hash) {
    return (size_t)(hash ^ hash >> 29) % CONCEPT_STARTS;
}

static void note_length(struct concepts *concepts, const char *folded, size_t length) {
    size_t at = 0, words = 1;
    uint8_t *longest = &concepts->longest[start_of(hash_word(hash_bytes(0, "", 0), folded, length, &at))];
    for (; at < length; at++)
        words += folded[at] == ' ';
    *longest = (uint8_t)(words > *longest && words <= CONCEPT_WORDS_MAX ? words : *longest);
}

int concepts_add(struct concepts *concepts, uint32_t concept, const char *folded, size_t length) {
    if (concept >= CONCEPTS_LIMIT)
        return ERR_LIMIT;
    concepts->sets = concept / 64 + 1 > concepts->sets ? concept / 64 + 1 : concepts->sets;
    if (concepts->count == concepts->capacity) {
        size_t capacity = concepts->capacity ? concepts->capacity * 2 : 512;
        void *larger = realloc(concepts->list, capacity * sizeof *concepts->list);
        if (!larger)
            return ERR_MEMORY;
        concepts->list = larger;
        concepts->capacity = capacity;
    }
    note_length(concepts, folded, length);
    concepts->list[concepts->count++] = (struct concept_phrase){hash_bytes(0, folded, length), concept};
    return 0;
}

/* Phrases stand by this: equal ones together, the others in no order that means anything. */
static uint64_t order_of(const struct concept_phrase *phrase) {
    return phrase->hash * 0x9E3779B97F4A7C15u;
}

static int is_behind(const struct concept_phrase *a, const struct concept_phrase *b) {
    uint64_t left = order_of(a), right = order_of(b);
    return left != right ? left > right : a->concept > b->concept;
}

/* Counts them into as many places as there may be phrases; what shares a place is put in order there. */
static int sort_phrases(struct concepts *concepts) {
    unsigned shift = 63;
    while (concepts->count >> (64 - shift) != 0)
        shift--;
    size_t places = (size_t)1 << (64 - shift);
    uint32_t *starts = calloc(places + 1, sizeof *starts);
    struct concept_phrase *sorted = malloc((concepts->count + 1) * sizeof *sorted);
    if (!starts || !sorted) {
        free(starts);
        free(sorted);
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < concepts->count; i++)
        starts[(order_of(&concepts->list[i]) >> shift) + 1]++;
    for (size_t place = 0; place < places; place++)
        starts[place + 1] += starts[place];
    for (size_t i = 0; i < concepts->count; i++)
        sorted[starts[order_of(&concepts->list[i]) >> shift]++] = concepts->list[i];
    for (size_t i = 1; i < concepts->count; i++) {
        struct concept_phrase one = sorted[i];
        size_t at = i;
        for (; at > 0 && is_behind(&sorted[at - 1], &one); at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = one;
    }
    free(starts);
    free(concepts->list);
    concepts->list = sorted;
    concepts->capacity = concepts->count;
    return 0;
}

/* The entry of hash in the table, or the hole where it belongs. Most strange phrases are told by the tag. */
static struct concept_slot *find(const struct concepts *concepts, uint64_t hash) {
    size_t at = (size_t)(hash ^ hash >> 29) & concepts->mask;
    uint32_t tag = (uint32_t)(hash >> 32);
    while (concepts->table[at].first &&
           (concepts->table[at].tag != tag || concepts->list[concepts->table[at].first - 1].hash != hash))
        at = (at + 1) & concepts->mask;
    return &concepts->table[at];
}

int concepts_seal(struct concepts *concepts) {
    size_t size = 16;
    while (size < concepts->count * 2)
        size *= 2;
    concepts->table = calloc(size, sizeof *concepts->table);
    concepts->mask = size - 1;
    if (!concepts->table || sort_phrases(concepts) != 0)
        return ERR_MEMORY;
    for (size_t i = concepts->count; i-- > 0;) /* backward: the first of equal hashes stays */
        *find(concepts, concepts->list[i].hash) =
            (struct concept_slot){(uint32_t)(concepts->list[i].hash >> 32), (uint32_t)i + 1};
    return 0;
}

void concepts_close(struct concepts *concepts) {
    if (!concepts->is_borrowed) {
        free(concepts->list);
        free(concepts->table);
    }
    memset(concepts, 0, sizeof *concepts);
}

/* Concepts found so far, at most limit: a bit of each. A text has dozens, in no order: nothing is moved and
   no branch depends on which are new. */
struct found {
    uint64_t sets[CONCEPT_SETS];
    size_t count, limit;
};

static void insert(struct found *found, uint32_t concept) {
    uint64_t *set = &found->sets[concept / 64];
    uint64_t is_new = (~*set >> concept % 64) & (found->count < found->limit);
    *set |= is_new << concept % 64;
    found->count += (size_t)is_new;
}

static size_t write_ascending(const struct found *found, size_t sets, uint32_t *out) {
    size_t count = 0;
    for (size_t i = 0; i < sets; i++)
        for (uint64_t left = found->sets[i]; left != 0; left &= left - 1)
            out[count++] = (uint32_t)(64 * i) + (uint32_t)__builtin_ctzll(left);
    return count;
}

/* All concepts of the phrase, and of them the one that leads. */
static void insert_phrase(const struct concepts *concepts, uint64_t hash, struct found *all,
                          struct found *leading) {
    size_t first = find(concepts, hash)->first, i = first;
    for (; i > 0 && i <= concepts->count && concepts->list[i - 1].hash == hash; i++)
        insert(all, concepts->list[i - 1].concept);
    if (i > first) /* equal hashes stand by concept: this is the greatest */
        insert(leading, concepts->list[i - 2].concept);
}

/* Hashes of phrases that may be some. Their places are asked of memory as they are noted: the table is larger
   than the nearer caches. */
struct phrases {
    uint64_t hashes[PHRASES];
    size_t count;
};

static void note(const struct concepts *concepts, uint64_t hash, struct phrases *phrases) {
    __builtin_prefetch(&concepts->table[(size_t)(hash ^ hash >> 29) & concepts->mask]);
    phrases->hashes[phrases->count++] = hash;
}

/* The phrases that begin at start; returns where the next word does. */
static size_t note_phrases(const struct concepts *concepts, const char *folded, size_t length, size_t start,
                           struct phrases *phrases) {
    size_t end = start;
    uint64_t hash = hash_word(hash_bytes(0, "", 0), folded, length, &end);
    size_t next = end + 1, longest = concepts->longest[start_of(hash)];
    for (size_t words = 1; words <= longest; words++) {
        note(concepts, hash, phrases);
        if (end >= length)
            break;
        hash = hash_more(hash, folded + end++, 1); /* the blank */
        hash = hash_word(hash, folded, length, &end);
    }
    return next;
}

size_t concepts_find(const struct concepts *concepts, const char *folded, size_t length, uint32_t *found,
                     size_t limit, uint32_t *leading, size_t *leading_count) {
    struct phrases phrases;
    struct found all, led;
    *leading_count = 0;
    if (!concepts->table || concepts->count == 0)
        return 0;
    memset(all.sets, 0, concepts->sets * sizeof *all.sets);
    memset(led.sets, 0, concepts->sets * sizeof *led.sets);
    all.count = led.count = 0;
    all.limit = led.limit = limit;
    for (size_t start = 0; start < length;) {
        phrases.count = 0;
        while (start < length && phrases.count + CONCEPT_WORDS_MAX <= PHRASES)
            start = note_phrases(concepts, folded, length, start, &phrases);
        for (size_t i = 0; i < phrases.count; i++)
            insert_phrase(concepts, phrases.hashes[i], &all, &led);
    }
    *leading_count = write_ascending(&led, concepts->sets, leading);
    return write_ascending(&all, concepts->sets, found);
}
