/* Patches of states: what one makes of the old is the new, and a strange one is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/same.h"
#include "store/patch.h"

enum { STATE_MAX = 9000, PATCH_MAX = 2 * STATE_MAX };

static struct store_bytes bytes_of(const void *data, size_t length) {
    return (struct store_bytes){data, length};
}

static unsigned next_random(unsigned *seed) {
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 8;
}

/* Makes, checks, applies; returns the length of the patch. */
static size_t check_pair(struct store_bytes from, struct store_bytes to) {
    static char patch[PATCH_MAX], made[PATCH_MAX];
    size_t length = 0, size = patch_make(from, to, NULL, patch, sizeof patch);
    assert_true(size > 0);
    assert_int_equal(patch_check(bytes_of(patch, size), from.length, &length), 0);
    assert_int_equal(length, to.length);
    size_t same = patch_begin(bytes_of(patch, size));
    assert_true(same <= from.length && same <= to.length);
    assert_memory_equal(from.data, to.data, same);
    assert_true(same == from.length || same == to.length ||
                ((const char *)from.data)[same] != ((const char *)to.data)[same]);
    patch_apply(bytes_of(patch, size), from.data, made);
    assert_memory_equal(made, to.data, to.length);
    return size;
}

/* Replaces, takes out, puts in and moves some bytes. */
static size_t change(unsigned *seed, char *bytes, size_t length) {
    size_t at = next_random(seed) % (length + 1), most = length - at < 60 ? length - at : 60;
    size_t count = most != 0 ? next_random(seed) % most : 0;
    switch (next_random(seed) % 4) {
    case 0:
        for (size_t i = 0; i < count; i++) {
            bytes[at + i] = (char)next_random(seed);
        }
        return length;
    case 1: memmove(bytes + at, bytes + at + count, length - at - count); return length - count;
    case 2:
        count = length < STATE_MAX - 60 ? next_random(seed) % 60 : 0;
        memmove(bytes + at + count, bytes + at, length - at);
        for (size_t i = 0; i < count; i++) {
            bytes[at + i] = (char)('a' + next_random(seed) % 3);
        }
        return length + count;
    default:
        if (count != 0) {
            memmove(bytes + next_random(seed) % (length - count + 1), bytes + at, count);
        }
        return length;
    }
}

static void any_change_comes_out_again(void **state) {
    static char old[STATE_MAX], new[STATE_MAX];
    unsigned seed = 7;
    (void)state;
    for (int round = 0; round < 4000; round++) {
        size_t length = 1 + next_random(&seed) % (round % 2 != 0 ? 100 : STATE_MAX - 100);
        unsigned letters = round % 3 == 0 ? 2 : 256; /* of few letters everything looks like everything */
        for (size_t i = 0; i < length; i++) {
            old[i] = (char)(next_random(&seed) % letters);
        }
        size_t after = length;
        memcpy(new, old, length);
        for (unsigned i = next_random(&seed) % 6; i > 0; i--) {
            after = change(&seed, new, after);
        }
        if (after != 0) {
            (void)check_pair(bytes_of(old, length), bytes_of(new, after));
        }
    }
}

/* What makes patches worth it: some small changes of a long state are few bytes. */
static void a_small_change_is_short(void **state) {
    char old[6000], new[6000];
    unsigned seed = 3;
    (void)state;
    for (size_t i = 0; i < sizeof old; i++) {
        old[i] = (char)next_random(&seed);
    }
    memcpy(new, old, sizeof new);
    assert_true(check_pair(bytes_of(old, sizeof old), bytes_of(new, sizeof new)) <= 5);
    memcpy(new + 1000, "REPL", 4);                      /* one in place */
    memmove(new + 2000, new + 2700, sizeof new - 2700); /* 700 bytes taken out */
    memmove(new + 4010, new + 4000, 1000);              /* ten put in, ten lost later */
    memcpy(new + 4000, "ten bytes.", 10);
    assert_true(check_pair(bytes_of(old, sizeof old), bytes_of(new, 5300)) < 80);
}

static void too_long_is_none(void **state) {
    char old[500], new[500], patch[600];
    unsigned seed = 5;
    (void)state;
    for (size_t i = 0; i < sizeof old; i++) {
        old[i] = (char)next_random(&seed);
        new[i] = (char)next_random(&seed);
    }
    struct store_bytes from = bytes_of(old, sizeof old), to = bytes_of(new, sizeof new);
    assert_int_equal(patch_make(from, to, NULL, patch, 250), 0);
    assert_true(patch_make(from, to, NULL, patch, sizeof patch) > 500);
    assert_int_equal(patch_make(bytes_of(old, 0), to, NULL, patch, sizeof patch), 0);
    assert_int_equal(patch_make(from, bytes_of(new, 0), NULL, patch, sizeof patch), 0);
    assert_int_equal(patch_make(from, bytes_of(new, 0x10000), NULL, patch, sizeof patch), 0);
}

static void strange_ones_are_refused(void **state) {
    static const struct {
        const char *bytes;
        size_t length;
        int expected;
    } cases[] = {
        {"\x05\x00\x00", 3, 0},             /* five bytes */
        {"\x05\x00\x02hi", 5, 0},           /* and two of its own */
        {"\x02\x00\x00\x02\x03\x00", 6, 0}, /* the first two, and the two before */
        {"", 0, 0},                         /* the empty state */
        {"\x06\x00\x00", 3, -1},            /* more than there is */
        {"\x05\x02\x00", 3, -1},            /* behind its end */
        {"\x00\x0c\x00", 3, -1},            /* begins behind its end */
        {"\x01\x01\x00", 3, -1},            /* before its beginning */
        {"\x05\x00", 2, -1},                /* an end too early */
        {"\x05\x00\x03hi", 5, -1},
        {"\x05\x00\x80", 3, -1},
        {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00\x00", 12, -1},
        {"\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12, -1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t length = 0;
        assert_int_equal(patch_check(bytes_of(cases[i].bytes, cases[i].length), 5, &length),
                         cases[i].expected);
    }
}

/* Small, and yet of a state beyond all limits. */
static void it_makes_no_giants(void **state) {
    char patch[3000];
    size_t used = 0, length = 0;
    (void)state;
    for (int i = 0; i < 600; i++) { /* 1,000 bytes again and again */
        memcpy(patch + used, i == 0 ? "\xe8\x07\x00\x00" : "\xe8\x07\xcf\x0f\x00", i == 0 ? 4 : 5);
        used += i == 0 ? 4 : 5;
    }
    assert_int_equal(patch_check(bytes_of(patch, 4 + 5 * 99), 1000, &length), 0);
    assert_int_equal(length, 100 * 1000);
    assert_int_equal(patch_check(bytes_of(patch, used), 1000, &length), -1);
}

/* Bytes of any kind are refused, or make what was said they would. */
static void any_bytes_are_safe(void **state) {
    unsigned seed = 11;
    const char from[64] = {1, 2, 3};
    (void)state;
    for (int round = 0; round < 200000; round++) {
        unsigned char bytes[12];
        size_t count = next_random(&seed) % sizeof bytes, length = 0;
        for (size_t i = 0; i < count; i++) {
            bytes[i] = (unsigned char)(next_random(&seed) % (round % 2 != 0 ? 16 : 256));
        }
        unsigned char *patch = malloc(count + 1); /* so that reading behind its end is seen */
        assert_non_null(patch);
        memcpy(patch, bytes, count);
        if (patch_check(bytes_of(patch, count), sizeof from, &length) == 0) {
            char *made = malloc(length + 1);
            assert_non_null(made);
            patch_apply(bytes_of(patch, count), from, made);
            free(made);
        }
        free(patch);
    }
}

static void fill_random(unsigned *seed, char *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) {
        bytes[i] = (char)next_random(seed);
    }
}

/* Some parts of a text of length bytes, one behind the other, some without anything between them. */
static void choose_parts(unsigned *seed, size_t length, struct same *same) {
    size_t at = 0;
    for (same->count = 0; same->count < SAME_MAX && at + 2 < length; same->count++) {
        struct same_part *part = &same->parts[same->count];
        part->from = part->at = at + next_random(seed) % 3 % 2 * (next_random(seed) % ((length - at) / 2));
        part->length = next_random(seed) % 8 == 0 ? 0 : 1 + next_random(seed) % ((length - part->at) / 2);
        at = part->at + part->length;
    }
}

/* Changes, moves and repeats bytes between the parts. */
static void change_between(unsigned *seed, const struct same *same, char *bytes, size_t length) {
    size_t from = 0;
    for (size_t i = 0; i <= same->count; i++) {
        size_t to = i < same->count ? same->parts[i].at : length;
        if (to > from && next_random(seed) % 3 != 0) {
            size_t at = from + next_random(seed) % (to - from), left = to - at;
            memmove(bytes + at + left / 3, bytes + at, left - left / 3);
            fill_random(seed, bytes + at, next_random(seed) % (left / 2 + 1));
        }
        from = i < same->count ? same->parts[i].at + same->parts[i].length : length;
    }
}

/* Every other one comes from another place: that is only said, all of it is there. */
static void move_parts(unsigned *seed, struct same *same, const char *old, size_t before, char *bytes) {
    for (size_t i = next_random(seed) % 2; i < same->count; i += 2) {
        struct same_part *part = &same->parts[i];
        part->from = next_random(seed) % (before - part->length + 1);
        memcpy(bytes + part->at, old + part->from, part->length);
    }
}

/* Nobody reads what is known at the same place: it is not there. */
static void known_parts_are_not_needed(void **state) {
    static char old[STATE_MAX], new[STATE_MAX], given[STATE_MAX], made[STATE_MAX], patch[PATCH_MAX];
    unsigned seed = 13;
    (void)state;
    for (int round = 0; round < 4000; round++) {
        struct same same;
        size_t length = 1 + next_random(&seed) % (round % 2 != 0 ? 100 : STATE_MAX - 1), checked = 0;
        size_t before = length + next_random(&seed) % (STATE_MAX - length);
        fill_random(&seed, old, before);
        memcpy(new, old, length);
        choose_parts(&seed, length, &same);
        change_between(&seed, &same, new, length);
        int are_moved = round % 4 > 1;
        if (are_moved) {
            move_parts(&seed, &same, old, before, new);
        }
        memcpy(given, new, length);
        for (size_t i = 0; i < same.count; i++) {
            if (same.parts[i].from == same.parts[i].at) {
                memset(given + same.parts[i].at, 'x', same.parts[i].length);
            }
        }
        size_t size = patch_make(bytes_of(old, before), bytes_of(given, length), &same, patch, sizeof patch);
        assert_true(size > 0);
        assert_int_equal(patch_check(bytes_of(patch, size), before, &checked), 0);
        assert_int_equal(checked, length);
        patch_apply(bytes_of(patch, size), old, made);
        assert_memory_equal(made, new, length);
        /* between parts that stay where they are little is missed: what is too short for a search */
        assert_true(are_moved || size <= (12 + 96) * (SAME_MAX + 1) + patch_make(bytes_of(old, before),
                                                                                 bytes_of(new, length), NULL,
                                                                                 patch, sizeof patch));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_change_comes_out_again), cmocka_unit_test(a_small_change_is_short),
        cmocka_unit_test(too_long_is_none),           cmocka_unit_test(strange_ones_are_refused),
        cmocka_unit_test(it_makes_no_giants),         cmocka_unit_test(any_bytes_are_safe),
        cmocka_unit_test(known_parts_are_not_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
