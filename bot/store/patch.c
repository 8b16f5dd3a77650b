/* Patches of states. Makes short ones of states that keep the order of their members, quickly; any two give a
   correct one. Never allocates. Called by app (before a commit) and by the stores (when they load). */
#include "store/patch.h"

#include <string.h>

#include "base/same.h"

#include "banned.h"

enum {
    WINDOW = 8,    /* bytes that must be equal to be worth a copy */
    IN_PLACE = 16, /* bytes replaced by as many others */
    SLOTS = 1024,
    STATE_MAX = 0xFFFF,
    NUMBER_MAX = 10 /* bytes */
};

/* ---- numbers ---- */

static unsigned char *put_number(unsigned char *at, uint64_t number) {
    for (; number >= 0x80; number >>= 7) {
        *at++ = (unsigned char)(0x80 | (number & 0x7F));
    }
    *at++ = (unsigned char)number;
    return at;
}

/* NULL: there is none, or it is larger than any here. */
static const unsigned char *get_number(const unsigned char *at, const unsigned char *end, uint64_t *number) {
    *number = 0;
    for (unsigned shift = 0; at != NULL && at < end && shift < 28; shift += 7, at++) {
        *number |= (uint64_t)(*at & 0x7F) << shift;
        if (*at < 0x80) {
            return at + 1;
        }
    }
    return NULL;
}

/* ---- making ---- */

struct maker {
    const unsigned char *from, *from_end, *to, *to_end;
    const struct same_part *part, *part_end; /* known to be alike, from here on in to */
    const unsigned char *stop;               /* where the next of them begins, or to_end */
    unsigned char *at, *end;
    size_t copied; /* end of the last copy, in from */
    int is_indexed;
    uint16_t slots[SLOTS]; /* place in from of eight bytes with this hash, and 1; 0: none */
};

static uint64_t word_at(const unsigned char *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

static uint16_t *slot_of(struct maker *maker, uint64_t word) {
    return &maker->slots[word * 0x9E3779B97F4A7C15u >> 54]; /* Fibonacci hashing: ten bits */
}

/* How many bytes are equal. */
static size_t common(const unsigned char *one, const unsigned char *one_end, const unsigned char *other,
                     const unsigned char *other_end) {
    size_t most = one_end - one < other_end - other ? (size_t)(one_end - one) : (size_t)(other_end - other);
    size_t at = 0;
    while (most - at >= 256 && memcmp(one + at, other + at, 256) == 0) {
        at += 256;
    }
    while (most - at >= WINDOW && word_at(one + at) == word_at(other + at)) {
        at += WINDOW;
    }
    while (at < most && one[at] == other[at]) {
        at++;
    }
    return at;
}

static void find_stop(struct maker *maker) {
    maker->stop = maker->part < maker->part_end ? maker->to + maker->part->at : maker->to_end;
}

/* The same, over the parts that are known, which are not read. */
static size_t common_on(struct maker *maker, const unsigned char *old, const unsigned char *at) {
    size_t length = common(old, maker->from_end, at, maker->stop);
    while (maker->part < maker->part_end && at + length == maker->stop &&
           old + length == maker->from + maker->part->at) {
        length += maker->part->length;
        maker->part++;
        find_stop(maker);
        length += common(old + length, maker->from_end, at + length, maker->stop);
    }
    return length;
}

/* at, or behind the known parts it stands in. */
static const unsigned char *skip_known(const struct maker *maker, const struct same_part **part,
                                       const unsigned char *at) {
    while (*part < maker->part_end && at >= maker->from + (*part)->at) {
        const unsigned char *behind = maker->from + (*part)->at + (*part)->length;
        at = at > behind ? at : behind;
        (*part)++;
    }
    return at;
}

/* Every eighth place is enough: whatever is copied in one piece of 15 bytes has one of them. What is known
   stays where it is, so nobody looks for it. */
static void make_index(struct maker *maker, const unsigned char *since) {
    memset(maker->slots, 0, sizeof maker->slots);
    const struct same_part *part = maker->part;
    for (const unsigned char *at = skip_known(maker, &part, since); maker->from_end - at >= WINDOW;
         at = skip_known(maker, &part, at + WINDOW)) {
        uint16_t *slot = slot_of(maker, word_at(at));
        *slot = *slot == 0 ? (uint16_t)(at - maker->from + 1) : *slot;
    }
    maker->is_indexed = 1;
}

/* From where on the two are alike again: in place, or anywhere. */
static void find_again(struct maker *maker, const unsigned char **from, const unsigned char **to) {
    const unsigned char *old = *from, *begin = *to;
    for (size_t i = 1; i < IN_PLACE && maker->from_end - old >= (ptrdiff_t)(i + WINDOW) &&
                       maker->stop - begin >= (ptrdiff_t)(i + WINDOW);
         i++) {
        if (word_at(old + i) == word_at(begin + i)) {
            *from = old + i;
            *to = begin + i;
            return;
        }
    }
    if (!maker->is_indexed && maker->stop - begin >= WINDOW) {
        make_index(maker, old);
    }
    for (const unsigned char *at = begin; maker->stop - at >= WINDOW; at++) {
        uint64_t word = word_at(at);
        uint16_t place = *slot_of(maker, word);
        if (place == 0 || word_at(maker->from + place - 1) != word) {
            continue;
        }
        old = maker->from + place - 1;
        while (at > begin && old > maker->from && at[-1] == old[-1]) {
            at--;
            old--;
        }
        *from = old;
        *to = at;
        return;
    }
    *to = maker->stop;
    *from = maker->part < maker->part_end ? maker->from + maker->part->at : old;
}

/* 0, or -1: it became too long. */
static int put_piece(struct maker *maker, const unsigned char *from, size_t copy, const unsigned char *own,
                     size_t length) {
    if ((size_t)(maker->end - maker->at) < 3 * NUMBER_MAX + length) {
        return -1;
    }
    int64_t distance = (int64_t)(from - maker->from) - (int64_t)maker->copied;
    maker->at = put_number(maker->at, copy);
    maker->at = put_number(maker->at, (uint64_t)distance << 1 ^ (distance < 0 ? UINT64_MAX : 0));
    maker->at = put_number(maker->at, length);
    memcpy(maker->at, own, length);
    maker->at += length;
    maker->copied = (size_t)(from - maker->from) + copy;
    return 0;
}

size_t patch_make(struct store_bytes from, struct store_bytes to, const struct same *same, void *out,
                  size_t capacity) {
    static const struct same nothing = {0};
    struct maker maker;
    if (from.length == 0 || from.length > STATE_MAX || to.length == 0 || to.length > STATE_MAX) {
        return 0;
    }
    maker.from = from.data;
    maker.from_end = maker.from + from.length;
    maker.to = to.data;
    maker.to_end = maker.to + to.length;
    maker.at = out;
    maker.end = maker.at + capacity;
    maker.copied = 0;
    maker.is_indexed = 0;
    maker.part = (same != NULL ? same : &nothing)->parts;
    maker.part_end = maker.part + (same != NULL ? same->count : 0);
    find_stop(&maker);
    for (const unsigned char *old = maker.from, *at = maker.to; at < maker.to_end;) {
        const unsigned char *copied = old;
        size_t copy = common_on(&maker, old, at);
        const unsigned char *own = at += copy;
        old += copy;
        if (at < maker.to_end) {
            find_again(&maker, &old, &at);
        }
        if (put_piece(&maker, copied, copy, own, (size_t)(at - own)) != 0) {
            return 0;
        }
    }
    return (size_t)(maker.at - (unsigned char *)out);
}

/* ---- reading ---- */

struct piece {
    size_t from, copy, length;
    const unsigned char *own;
};

/* The piece at at; copied: where the copy before it ended. Returns what follows it; NULL: it is none. */
static const unsigned char *get_piece(const unsigned char *at, const unsigned char *end, size_t copied,
                                      struct piece *piece) {
    uint64_t copy, distance, length;
    at = get_number(at, end, &copy);
    at = get_number(at, end, &distance);
    at = get_number(at, end, &length);
    if (at == NULL || (uint64_t)(end - at) < length) {
        return NULL;
    }
    uint64_t from = (uint64_t)copied + (distance >> 1 ^ (distance & 1 ? UINT64_MAX : 0));
    *piece = (struct piece){(size_t)from, (size_t)copy, (size_t)length, at};
    return at + length;
}

int patch_check(struct store_bytes patch, size_t from_length, size_t *length) {
    struct piece piece = {0};
    const unsigned char *at = patch.data, *end = at + patch.length;
    for (*length = 0; at < end; *length += piece.copy + piece.length) {
        at = get_piece(at, end, piece.from + piece.copy, &piece);
        if (at == NULL || piece.from > from_length || piece.copy > from_length - piece.from ||
            piece.copy + piece.length > PATCH_STATE_MAX - *length) {
            return -1;
        }
    }
    return 0;
}

size_t patch_begin(struct store_bytes patch) {
    struct piece piece = {0};
    const unsigned char *at = patch.data;
    at = patch.length != 0 ? get_piece(at, at + patch.length, 0, &piece) : NULL;
    return at != NULL && piece.from == 0 ? piece.copy : 0;
}

void patch_apply(struct store_bytes patch, const void *from, void *out) {
    struct piece piece = {0};
    unsigned char *to = out;
    const unsigned char *at = patch.data, *end = at + patch.length;
    while (at != NULL && at < end) {
        at = get_piece(at, end, piece.from + piece.copy, &piece);
        memcpy(to, (const unsigned char *)from + piece.from, piece.copy);
        memcpy(to + piece.copy, piece.own, piece.length);
        to += piece.copy + piece.length;
    }
}
