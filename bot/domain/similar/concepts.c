/* Finds phrases of word classes in a text by hash. Knows no classes by name. Called by similar.c and
 * feature.c. */
#include "domain/similar/concepts.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#include "banned.h"

enum { PHRASES = 64 /* looked up together */, WORDS = 64 /* hashed together */ };

static const uint64_t prime = 0x9E3779B97F4A7C15u;

/* Hash of the word that begins at *at, eight bytes at a time; *at moves behind it. */
static uint64_t hash_word(const char *folded, size_t length, size_t *at) {
    uint64_t hash = 0, eight = 1; /* 1: "a" and a NUL byte before it differ */
    size_t end = *at;
    for (unsigned held = 0; end < length && folded[end] != ' '; end++) {
        eight = eight << 8 | (unsigned char)folded[end];
        if (++held == sizeof eight - 1) {
            hash = (hash ^ eight) * prime;
            hash ^= hash >> 29;
            eight = 1;
            held = 0;
        }
    }
    *at = end;
    hash = (hash ^ eight) * prime;
    return hash ^ hash >> 32;
}

/* Hash of a phrase, and one more word: words are hashed once, however many phrases they are in. */
static uint64_t hash_phrase(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * prime;
    return hash ^ hash >> 29;
}

static size_t start_of(uint64_t word) {
    return (size_t)(word ^ word >> 29) % CONCEPT_STARTS;
}

/* Hash of a whole phrase; notes how many words it has. */
static uint64_t hash_all(struct concepts *concepts, const char *folded, size_t length) {
    size_t at = 0, words = 1;
    uint64_t word = hash_word(folded, length, &at), hash = hash_phrase(0, word);
    uint8_t *longest = &concepts->longest[start_of(word)];
    for (; at < length; words++) {
        at++;
        hash = hash_phrase(hash, hash_word(folded, length, &at));
    }
    *longest = (uint8_t)(words > *longest && words <= CONCEPT_WORDS_MAX ? words : *longest);
    return hash;
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
    concepts->list[concepts->count++] = (struct concept_phrase){hash_all(concepts, folded, length), concept};
    return 0;
}

/* Phrases stand by this: equal ones together, the others in no order that means anything. */
static uint64_t order_of(const struct concept_phrase *phrase) {
    return phrase->hash * prime;
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

/* Words of a text from some word on, hashed; from start on the next is read. */
struct words {
    uint64_t hashes[WORDS];
    size_t count, start;
};

/* Forgets the first done words, and reads as many as there is room for. */
static void read_words(struct words *words, const char *folded, size_t length, size_t done) {
    words->count -= done;
    for (size_t i = 0; i < words->count; i++)
        words->hashes[i] = words->hashes[done + i];
    while (words->start < length && words->count < WORDS) {
        words->hashes[words->count++] = hash_word(folded, length, &words->start);
        words->start++; /* the blank */
    }
}

/* The phrases that begin with this word, as far as there are words. */
static void note_phrases(const struct concepts *concepts, const struct words *words, size_t first,
                         struct phrases *phrases) {
    size_t longest = concepts->longest[start_of(words->hashes[first])];
    size_t end = words->count - first < longest ? words->count : first + longest;
    uint64_t hash = 0;
    for (size_t i = first; i < end; i++) {
        hash = hash_phrase(hash, words->hashes[i]);
        note(concepts, hash, phrases);
    }
}

size_t concepts_find(const struct concepts *concepts, const char *folded, size_t length, uint32_t *found,
                     size_t limit, uint32_t *leading, size_t *leading_count) {
    struct phrases phrases;
    struct words words;
    struct found all, led;
    *leading_count = 0;
    if (!concepts->table || concepts->count == 0)
        return 0;
    memset(all.sets, 0, concepts->sets * sizeof *all.sets);
    memset(led.sets, 0, concepts->sets * sizeof *led.sets);
    all.count = led.count = 0;
    all.limit = led.limit = limit;
    words.count = words.start = 0;
    for (size_t done = 0; read_words(&words, folded, length, done), words.count > 0;) {
        /* unless the text ends here, the last ones wait for what is behind them */
        size_t most = words.start < length ? words.count - CONCEPT_WORDS_MAX : words.count;
        phrases.count = 0;
        for (done = 0; done < most && phrases.count + CONCEPT_WORDS_MAX <= PHRASES; done++)
            note_phrases(concepts, &words, done, &phrases);
        for (size_t i = 0; i < phrases.count; i++)
            insert_phrase(concepts, phrases.hashes[i], &all, &led);
    }
    *leading_count = write_ascending(&led, concepts->sets, leading);
    return write_ascending(&all, concepts->sets, found);
}
