/* Cuts a folded text into what it is compared by. Keeps nothing, weighs nothing. Called by similar.c. */
#include "domain/similar/feature.h"

#include <string.h>

#include "base/map.h"
#include "base/utf8.h"

#include "banned.h"

enum { WORD_BYTES_MAX = 64 };

static void add(struct feature_list *out, enum feature_kind kind, uint64_t hash) {
    if (out->count < FEATURES_MAX)
        out->list[out->count++] = (struct feature){hash, kind};
}

static int is_end(const char *word, size_t length) {
    return length == 1 && (*word == '.' || *word == '?');
}

/* Trigrams of code points of "_word_": the edges of a word say more than its middle. */
static void add_trigrams(const char *word, size_t length, struct feature_list *out) {
    char padded[WORD_BYTES_MAX + 2];
    size_t starts[WORD_BYTES_MAX + 3], count = 0, total = length + 2;
    padded[0] = padded[length + 1] = ' ';
    memcpy(padded + 1, word, length);
    for (size_t at = 0; at < total;) {
        uint32_t code_point;
        starts[count++] = at;
        at += u8_decode(padded + at, total - at, &code_point);
    }
    starts[count] = total;
    for (size_t i = 0; i + 3 <= count; i++)
        add(out, FEATURE_TRIGRAM,
            hash_bytes(FEATURE_TRIGRAM + 1, padded + starts[i], starts[i + 3] - starts[i]));
}

void feature_extract(const char *folded, size_t length, struct feature_list *out) {
    uint64_t before = 0;
    for (size_t at = 0; at < length;) {
        size_t end = at;
        while (end < length && folded[end] != ' ')
            end++;
        size_t word = end - at;
        if (word > 0 && !is_end(folded + at, word)) {
            word = u8_cut(folded + at, word, WORD_BYTES_MAX);
            uint64_t hash = hash_bytes(FEATURE_WORD + 1, folded + at, word);
            add(out, FEATURE_WORD, hash);
            add(out, FEATURE_PAIR, hash_bytes(before, &hash, sizeof hash));
            add_trigrams(folded + at, word, out);
            before = hash;
        }
        at = end + 1;
    }
}
