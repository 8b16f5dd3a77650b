/* The memory of readings: a table of fixed size. Never keeps a word of a message and never changes a
   decision. Called by intent.c and intent_rank.c; made by who owns a scratch. */
#include "domain/intent/intent_memo.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "domain/text/text.h"

#include "banned.h"

enum { NAMED_BYTES_MAX = 256 };

/* What was read in a text. Two places may hold it. */
struct reading {
    uint64_t hash[2];
    _Alignas(max_align_t) unsigned char bytes[];
};

struct intent_memo {
    uint64_t key[2];
    struct reading *readings[INTENT_MEMO_READINGS];
    unsigned victim; /* the place of two that is given up next */
};

struct intent_memo *intent_memo_new(const uint64_t key[2]) {
    struct intent_memo *memo = calloc(1, sizeof *memo);
    if (memo) {
        memo->key[0] = key[0];
        memo->key[1] = key[1];
    }
    return memo;
}

void intent_memo_free(void *memory) {
    struct intent_memo *memo = memory;
    if (!memo)
        return;
    for (size_t i = 0; i < INTENT_MEMO_READINGS; i++)
        free(memo->readings[i]);
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
