/* Patches of states. Makes short ones of states that keep the order of their members, quickly; any two give a
   correct one. Never allocates. Called by app (before a commit) and by the stores (when they load). */
#include "store/patch.h"

#include <string.h>

#include "base/same.h"

#include "banned.h"

enum {
    WINDOW = 8,         /* bytes that must be equal to be worth a copy */
    IN_PLACE = 16,      /* bytes replaced by as many others */
    MOVED = 5,          /* bytes put in, or taken out */
    SEARCHED = 96,      /* bytes between places that are known, worth an index */
    LEAST = 2 * WINDOW, /* bytes worth being searched */
    COPIED = 5,         /* bytes worth a piece */
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
    const unsigned char *since;              /* where the last of them ended in from */
    size_t known;                            /* bytes of those behind */
    int has_parts;
    const unsigned char *stop; /* where the next of them begins, or to_end */
    unsigned char *at, *end;
    size_t copied;                /* end of the last copy, in from */
    const unsigned char *indexed; /* up to where slots are filled; NULL: not yet */
    uint16_t slots[SLOTS];        /* place in from of eight bytes with this hash, and 1; 0: none */
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

static const unsigned char *old_stop(const struct maker *maker) {
    return maker->part < maker->part_end ? maker->from + maker->part->from : maker->from_end;
}

/* The same, over the parts that are known, which are not read. */
static size_t common_on(struct maker *maker, const unsigned char *old, const unsigned char *at) {
    size_t length = common(old, maker->from_end, at, maker->stop);
    while (maker->part < maker->part_end && at + length == maker->stop &&
           old + length == maker->from + maker->part->from) {
        length += maker->part->length;
        maker->known += maker->part->length;
        maker->since = old + length;
        maker->part++;
        find_stop(maker);
        length += common(old + length, maker->from_end, at + length, maker->stop);
    }
    return length;
}

/* Every eighth place is enough: whatever is copied in one piece of 15 bytes has one of them. */
static void make_index(struct maker *maker, const unsigned char *since, const unsigned char *until) {
    memset(maker->slots, 0, sizeof maker->slots);
    for (const unsigned char *at = since; until - at >= WINDOW; at += WINDOW) {
        uint16_t *slot = slot_of(maker, word_at(at));
        *slot = *slot == 0 ? (uint16_t)(at - maker->from + 1) : *slot;
    }
    maker->indexed = until;
}

/* Of two words that are not equal: how many bytes there are up to the last one that differs. */
static size_t different(uint64_t one, uint64_t other) {
    const uint64_t ends = 1;
    unsigned char first;
    memcpy(&first, &ends, 1);
    uint64_t bits = one ^ other;
    return first == 1 ? 8 - (size_t)__builtin_clzll(bits) / 8 : 8 - (size_t)__builtin_ctzll(bits) / 8;
}

/* Whether so many bytes and a window behind them are there to be compared. */
static int has_room(const struct maker *maker, const unsigned char *old, const unsigned char *at,
                    size_t more) {
    return maker->from_end - old >= (ptrdiff_t)(more + WINDOW) &&
           maker->stop - at >= (ptrdiff_t)(more + WINDOW);
}

/* Some bytes were replaced by as many others. 1 if so. */
static int find_in_place(const struct maker *maker, const unsigned char **from, const unsigned char **to) {
    const unsigned char *old = *from, *begin = *to;
    for (size_t i = 1; i < IN_PLACE && has_room(maker, old, begin, i);) {
        uint64_t one = word_at(old + i), other = word_at(begin + i);
        if (one == other) {
            *from = old + i;
            *to = begin + i;
            return 1;
        }
        i += different(one, other);
    }
    return 0;
}

/* A few bytes were put in, or taken out. 1 if so. */
static int find_moved(const struct maker *maker, const unsigned char **from, const unsigned char **to) {
    const unsigned char *old = *from, *begin = *to;
    if (!has_room(maker, old, begin, 0)) {
        return 0;
    }
    uint64_t one = word_at(old), other = word_at(begin);
    for (size_t i = 1; i < MOVED && has_room(maker, old, begin, i); i++) {
        if (word_at(begin + i) == one || word_at(old + i) == other) {
            *(word_at(begin + i) == one ? to : from) += i;
            return 1;
        }
    }
    return 0;
}

/* The same words stand somewhere else, before what is next known to be alike. 1 if so. */
static int find_elsewhere(struct maker *maker, const unsigned char **from, const unsigned char **to) {
    const unsigned char *begin = *to, *until = old_stop(maker);
    if (until - maker->since < LEAST) {
        return 0; /* nothing else was there */
    }
    if (maker->indexed != until) {
        make_index(maker, maker->since, until);
    }
    for (const unsigned char *at = begin; maker->stop - at >= WINDOW; at++) {
        uint64_t word = word_at(at);
        uint16_t place = *slot_of(maker, word);
        if (place == 0 || word_at(maker->from + place - 1) != word) {
            continue;
        }
        const unsigned char *old = maker->from + place - 1;
        while (at > begin && old > maker->from && at[-1] == old[-1]) {
            at--;
            old--;
        }
        *from = old;
        *to = at;
        return 1;
    }
    return 0;
}

/* From where on the two are alike again. Between places that are known to be worth comparing only much is
   worth a search. */
static void find_again(struct maker *maker, const unsigned char **from, const unsigned char **to) {
    ptrdiff_t least = maker->has_parts ? SEARCHED : WINDOW;
    if (find_in_place(maker, from, to) || find_moved(maker, from, to) ||
        (maker->stop - *to >= least && find_elsewhere(maker, from, to))) {
        return;
    }
    *to = maker->stop;
    *from = old_stop(maker);
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

/* A few bytes that are alike between others are not worth a piece of their own, unless they are known: those
   are not there to be copied from. */
static int put_pieces(struct maker *maker) {
    const unsigned char *old = maker->from, *at = maker->to, *copied = old, *own = at;
    size_t copy = 0;
    while (at < maker->to_end) {
        size_t known = maker->known, more = common_on(maker, old, at);
        if (more >= COPIED || maker->known != known || at == maker->to) {
            if (at > maker->to && put_piece(maker, copied, copy, own, (size_t)(at - own)) != 0) {
                return -1;
            }
            copied = old;
            copy = more;
            own = at + more;
        }
        old += more;
        at += more;
        if (at < maker->to_end) {
            find_again(maker, &old, &at);
        }
    }
    return put_piece(maker, copied, copy, own, (size_t)(at - own));
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
    maker.indexed = NULL;
    maker.part = (same != NULL ? same : &nothing)->parts;
    maker.has_parts = same != NULL && same->count != 0;
    maker.part_end = maker.part + (same != NULL ? same->count : 0);
    maker.since = maker.from;
    maker.known = 0;
    find_stop(&maker);
    return put_pieces(&maker) == 0 ? (size_t)(maker.at - (unsigned char *)out) : 0;
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
