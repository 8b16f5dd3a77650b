/* The memory of decisions: a table of fixed size, the newest of two that share a place stays. Never keeps a
   word of a message and never changes a decision. Called by intent.c; made by who owns a scratch. */
#include "domain/intent/intent_memo.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "domain/content/content.h"
#include "domain/intent/intent_rank.h"
#include "domain/pattern/pattern.h"

#include "banned.h"

enum { NAMED_BYTES_MAX = 256, CONDITION_LISTS = 256 };

struct entry {
    uint64_t hash[2];
    struct intent_decision decision; /* its lists stand behind, one after the other */
    unsigned char lists[];
};

/* What was read in a text. Two places may hold it. */
struct reading {
    uint64_t hash[2];
    _Alignas(max_align_t) unsigned char bytes[];
};

/* An id that opens an intent. Those of a list stand together. */
struct condition {
    uint32_t intent, bits; /* of the id's hash */
};

struct intent_memo {
    const struct content *content;
    uint64_t key[2];
    struct condition *conditions; /* of the intents whose being asked for depends on the conversation */
    uint16_t lists[CONDITION_LISTS + 1]; /* where each begins, and the end of the last; by the bits */
    struct entry *entries[INTENT_MEMO_ENTRIES];
    struct reading *readings[INTENT_MEMO_READINGS];
    unsigned victim; /* the place of two that is given up next */
};

/* Never 0, which is no id. */
static uint32_t bits_of(const char *id, size_t length) {
    uint32_t bits = (uint32_t)hash_fast(id, length);
    return bits != 0 ? bits : 1;
}

static size_t list_of(uint32_t bits) {
    return bits % CONDITION_LISTS;
}

/* Asked for at every decision, so all conditions of an id are found without a look at the others. where: of
   each list the number of conditions before it, then their places: they come in the order they have. */
static void add_conditions(struct intent_memo *memo, uint32_t intent, const char *const *ids, size_t count,
                           uint16_t *where) {
    for (size_t i = 0; i < count; i++) {
        uint32_t bits = bits_of(ids[i], strlen(ids[i]));
        memo->conditions[where[list_of(bits)]++] = (struct condition){intent, bits};
    }
}

static size_t count_conditions(struct intent_memo *memo, const char *const *ids, size_t count) {
    for (size_t i = 0; i < count; i++)
        memo->lists[list_of(bits_of(ids[i], strlen(ids[i]))) + 1]++;
    return count;
}

/* -1 without memory, or with more of them than any content has. */
static int list_conditions(struct intent_memo *memo, const struct content *content) {
    size_t count = 0;
    for (size_t i = 0; i < content->intent_count; i++) {
        const struct content_intent *intent = &content->intents[i];
        count += count_conditions(memo, intent->scope, intent->scope_count);
        count += count_conditions(memo, intent->after, intent->after_count);
    }
    memo->conditions = count <= UINT16_MAX ? calloc(count + 1, sizeof *memo->conditions) : NULL;
    if (!memo->conditions)
        return -1;
    uint16_t where[CONDITION_LISTS];
    for (size_t i = 0; i < CONDITION_LISTS; i++) {
        memo->lists[i + 1] = (uint16_t)(memo->lists[i + 1] + memo->lists[i]);
        where[i] = memo->lists[i];
    }
    for (uint32_t i = 0; i < content->intent_count; i++) {
        const struct content_intent *intent = &content->intents[i];
        add_conditions(memo, i, intent->scope, intent->scope_count, where);
        add_conditions(memo, i, intent->after, intent->after_count, where);
    }
    return 0;
}

struct intent_memo *intent_memo_new(const struct content *content, const uint64_t key[2]) {
    struct intent_memo *memo = calloc(1, sizeof *memo);
    if (!memo)
        return NULL;
    memo->content = content;
    memo->key[0] = key[0];
    memo->key[1] = key[1];
    if (list_conditions(memo, content) != 0) {
        intent_memo_free(memo);
        return NULL;
    }
    return memo;
}

void intent_memo_free(void *memory) {
    struct intent_memo *memo = memory;
    if (!memo)
        return;
    for (size_t i = 0; i < INTENT_MEMO_ENTRIES; i++)
        free(memo->entries[i]);
    for (size_t i = 0; i < INTENT_MEMO_READINGS; i++)
        free(memo->readings[i]);
    free(memo->conditions);
    free(memo);
}

/* ---- names: SipHash-2-4 with 128 bits (Aumasson, Bernstein 2012) ---- */

struct sip {
    uint64_t v[4];
};

static uint64_t turned(uint64_t word, unsigned bits) {
    return word << bits | word >> (64 - bits);
}

static void sip_round(struct sip *sip) {
    uint64_t *v = sip->v;
    v[0] += v[1];
    v[2] += v[3];
    v[1] = turned(v[1], 13) ^ v[0];
    v[3] = turned(v[3], 16) ^ v[2];
    v[0] = turned(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = turned(v[1], 17) ^ v[2];
    v[3] = turned(v[3], 21) ^ v[0];
    v[2] = turned(v[2], 32);
}

static void sip_add(struct sip *sip, uint64_t word) {
    sip->v[3] ^= word;
    sip_round(sip);
    sip_round(sip);
    sip->v[0] ^= word;
}

static uint64_t sip_end(struct sip *sip, uint64_t mark, size_t at) {
    sip->v[at] ^= mark;
    for (int i = 0; i < 4; i++)
        sip_round(sip);
    return sip->v[0] ^ sip->v[1] ^ sip->v[2] ^ sip->v[3];
}

/* Bytes are read as little-endian words, so a name is the same on every machine. */
static uint64_t word_at(const unsigned char *bytes, size_t length) {
    uint64_t word = 0;
    for (size_t i = 0; i < length; i++)
        word |= (uint64_t)bytes[i] << 8 * i;
    return word;
}

static void sip_hash(const uint64_t key[2], const unsigned char *bytes, size_t length, uint64_t hash[2]) {
    struct sip sip = {{key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du ^ 0xee,
                       key[0] ^ 0x6c7967656e657261u, key[1] ^ 0x7465646279746573u}};
    size_t at = 0;
    for (; length - at >= 8; at += 8)
        sip_add(&sip, word_at(bytes + at, 8));
    sip_add(&sip, word_at(bytes + at, length - at) | (uint64_t)length << 56);
    hash[0] = sip_end(&sip, 0xee, 2);
    hash[1] = sip_end(&sip, 0xdd, 1);
}

/* Bits of the ids that a context names: of the dialogue, of the reply and of the open question; 0 for none.
 */
struct named {
    uint32_t bits[3];
    int is_long; /* the question's id, longer than any of content: nothing is known of it */
};

static struct named named_by(const struct intent_context *context) {
    struct named named = {{0, 0, 0}, 0};
    char question[NAMED_BYTES_MAX];
    size_t dialogue = context && context->dialogue ? strlen(context->dialogue) : 0;
    size_t step = context && context->step ? strlen(context->step) : 0;
    named.is_long = dialogue + step + 1 > sizeof question;
    if (context && context->dialogue)
        named.bits[0] = bits_of(context->dialogue, dialogue);
    if (context && context->after)
        named.bits[1] = bits_of(context->after, strlen(context->after));
    if (dialogue > 0 && step > 0 && !named.is_long) {
        memcpy(question, context->dialogue, dialogue);
        question[dialogue] = '.';
        memcpy(question + dialogue + 1, context->step, step);
        named.bits[2] = bits_of(question, dialogue + step + 1);
    }
    return named;
}

/* Appends which intents the id of these bits opens. Returns the new length; more than NAMED_BYTES_MAX: there
   was no room. */
static size_t add_opened(const struct intent_memo *memo, uint32_t bits, const struct intent_context *context,
                         unsigned char *bytes, size_t length) {
    const uint16_t *list = &memo->lists[list_of(bits)];
    for (size_t i = list[0]; i < list[1] && bits != 0; i++) {
        uint32_t index = memo->conditions[i].intent;
        if (memo->conditions[i].bits != bits)
            continue;
        unsigned how = intent_condition(&memo->content->intents[index], context);
        if (how != 0 && length + 4 > NAMED_BYTES_MAX)
            return NAMED_BYTES_MAX + 1;
        if (how != 0) { /* a byte that no folded text has parts them from it */
            bytes[length++] = 0;
            bytes[length++] = (unsigned char)how;
            bytes[length++] = (unsigned char)index;
            bytes[length++] = (unsigned char)(index >> 8);
        }
    }
    return length;
}

/* What a decision depends on: the folded words, the language that typing errors are corrected in, whether a
   dialogue runs, and which intents the conversation opens. */
struct intent_memo_name intent_memo_name(const struct intent_memo *memo, const struct text *text,
                                         const struct intent_context *context) {
    struct intent_memo_name name = {{0, 0}, 0};
    unsigned char bytes[NAMED_BYTES_MAX];
    size_t length = 0;
    const struct named named = named_by(context);
    if (named.is_long || text->folded_length + 2 > sizeof bytes)
        return name;
    bytes[length++] = (unsigned char)(text->language + 1);
    bytes[length++] = context && context->dialogue != NULL;
    memcpy(bytes + length, text->folded, text->folded_length);
    length += text->folded_length;
    for (size_t i = 0; i < sizeof named.bits / sizeof named.bits[0] && length <= NAMED_BYTES_MAX; i++)
        length = add_opened(memo, named.bits[i], context, bytes, length);
    if (length > NAMED_BYTES_MAX)
        return name;
    sip_hash(memo->key, bytes, length, name.hash);
    name.is_known = 1;
    return name;
}

/* ---- finding and keeping ---- */

static size_t place_of(const struct intent_memo_name *name) {
    return (size_t)(name->hash[0] % INTENT_MEMO_ENTRIES);
}

/* Points out's lists to a copy of what stands behind one another at lists. */
static void set_lists(struct intent_decision *out, unsigned char *lists) {
    out->candidates = (struct intent_candidate *)(void *)lists;
    lists += out->candidate_count * sizeof *out->candidates;
    out->hits = (const struct pattern_hit *)(void *)lists;
}

static size_t lists_size(const struct intent_decision *decision) {
    return decision->candidate_count * sizeof *decision->candidates +
           decision->hit_count * sizeof *decision->hits;
}

int intent_memo_find(const struct intent_memo *memo, const struct intent_memo_name *name, struct arena *arena,
                     struct intent_decision *out) {
    const struct entry *entry = name->is_known ? memo->entries[place_of(name)] : NULL;
    if (!entry || entry->hash[0] != name->hash[0] || entry->hash[1] != name->hash[1])
        return 0;
    *out = entry->decision;
    set_lists(out, (unsigned char *)arena_copy(arena, entry->lists, lists_size(out)));
    return 1;
}

static void copy_list(unsigned char **to, const void *from, size_t size) {
    if (size > 0)
        memcpy(*to, from, size);
    *to += size;
}

void intent_memo_keep(struct intent_memo *memo, const struct intent_memo_name *name,
                      const struct intent_decision *decision) {
    size_t size = lists_size(decision);
    if (!name->is_known || decision->corrected || size > INTENT_MEMO_BYTES_MAX)
        return;
    struct entry *entry = malloc(sizeof *entry + size);
    if (!entry)
        return;
    unsigned char *lists = entry->lists;
    entry->hash[0] = name->hash[0];
    entry->hash[1] = name->hash[1];
    entry->decision = *decision;
    copy_list(&lists, decision->candidates, decision->candidate_count * sizeof *decision->candidates);
    copy_list(&lists, decision->hits, decision->hit_count * sizeof *decision->hits);
    entry->decision.candidates = NULL; /* of the arena that is emptied */
    entry->decision.hits = NULL;
    struct entry **place = &memo->entries[place_of(name)];
    free(*place);
    *place = entry;
}

/* ---- readings ---- */

struct intent_memo_name intent_memo_text_name(const struct intent_memo *memo, const struct text *text) {
    struct intent_memo_name name = {{0, 0}, 0};
    if (text->folded_length > NAMED_BYTES_MAX)
        return name;
    sip_hash(memo->key, (const unsigned char *)text->folded, text->folded_length, name.hash);
    name.is_known = 1;
    return name;
}

static int is_of(const struct reading *reading, const struct intent_memo_name *name) {
    return reading && reading->hash[0] == name->hash[0] && reading->hash[1] == name->hash[1];
}

/* The first of two places. */
static size_t pair_of(const struct intent_memo_name *name) {
    return (size_t)(name->hash[0] % (INTENT_MEMO_READINGS / 2)) * 2;
}

const void *intent_memo_find_reading(const struct intent_memo *memo, const struct intent_memo_name *name) {
    struct reading *const *pair = &memo->readings[pair_of(name)];
    if (!name->is_known)
        return NULL;
    return is_of(pair[0], name) ? pair[0]->bytes : is_of(pair[1], name) ? pair[1]->bytes : NULL;
}

void intent_memo_keep_reading(struct intent_memo *memo, const struct intent_memo_name *name,
                              const void *bytes, size_t size) {
    if (!name->is_known || size > INTENT_MEMO_READING_MAX)
        return;
    struct reading **pair = &memo->readings[pair_of(name)];
    struct reading *reading = malloc(sizeof *reading + size);
    if (!reading)
        return;
    reading->hash[0] = name->hash[0];
    reading->hash[1] = name->hash[1];
    memcpy(reading->bytes, bytes, size);
    struct reading **place = !pair[0] ? &pair[0] : !pair[1] ? &pair[1] : &pair[memo->victim++ & 1U];
    free(*place);
    *place = reading;
}
