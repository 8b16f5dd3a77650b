/* limits: bursts, refills, forgetting, addresses. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "app/limits.h"

static const struct limits_rate rate = {20, 120}; /* 20 at once, one every 500 ms */

static void a_burst_then_one_by_one(void **state) {
    (void)state;
    struct limits *limits = limits_new(8);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(limits_take(limits, 1, &rate, 1000), 0);
    }
    assert_int_equal(limits_take(limits, 1, &rate, 1000), 500);
    assert_int_equal(limits_take(limits, 1, &rate, 1200), 300);
    assert_int_equal(limits_take(limits, 1, &rate, 1499), 1);
    assert_int_equal(limits_take(limits, 1, &rate, 1500), 0);
    assert_int_equal(limits_take(limits, 1, &rate, 1500), 500);
    assert_int_equal(limits_take(limits, 2, &rate, 1500), 0); /* others are not held up */
    limits_free(limits);
}

static void fills_up_to_the_burst_and_no_further(void **state) {
    (void)state;
    struct limits *limits = limits_new(8);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(limits_take(limits, 1, &rate, 0), 0);
    }
    for (int i = 0; i < 20; i++) {
        assert_int_equal(limits_take(limits, 1, &rate, INT64_MAX / 2), 0);
    }
    assert_true(limits_take(limits, 1, &rate, INT64_MAX / 2) > 0);
    assert_true(limits_take(limits, 1, &rate, 5) > 0); /* a clock that went back gives nothing */
    limits_free(limits);
}

/* Over any long time no more than the rate, however the asking is spread. */
static void never_more_than_the_rate(void **state) {
    (void)state;
    struct limits *limits = limits_new(8);
    const struct limits_rate odd = {3, 7};
    int64_t taken = 0;
    for (int64_t at = 0; at < 60 * 60 * 1000; at += 37) {
        taken += limits_take(limits, 9, &odd, at) == 0;
    }
    assert_in_range(taken, 60 * 7, 60 * 7 + 3);
    limits_free(limits);
}

static void a_smaller_burst_holds_at_once(void **state) {
    (void)state;
    struct limits *limits = limits_new(8);
    const struct limits_rate less = {2, 120};
    assert_int_equal(limits_take(limits, 1, &rate, 0), 0);
    assert_int_equal(limits_take(limits, 1, &less, 0), 0);
    assert_int_equal(limits_take(limits, 1, &less, 0), 0);
    assert_true(limits_take(limits, 1, &less, 0) > 0);
    limits_free(limits);
}

static void forgets_who_was_away_longest(void **state) {
    (void)state;
    struct limits *limits = limits_new(4);
    const struct limits_rate one = {1, 1};
    for (uint64_t key = 0; key < 4; key++) {
        assert_int_equal(limits_take(limits, key * 4, &one, 0), 0); /* all in one bucket of the table */
    }
    assert_true(limits_take(limits, 0, &one, 0) > 0); /* used again: key 4 is the oldest now */
    assert_int_equal(limits_take(limits, 100, &one, 0), 0);
    assert_true(limits_take(limits, 0, &one, 0) > 0);
    assert_true(limits_take(limits, 8, &one, 0) > 0);
    assert_true(limits_take(limits, 12, &one, 0) > 0);
    assert_int_equal(limits_take(limits, 4, &one, 0), 0); /* forgotten */
    limits_free(limits);
}

static void stays_small_under_a_flood(void **state) {
    (void)state;
    struct limits *limits = limits_new(64);
    const struct limits_rate one = {1, 1};
    for (uint64_t key = 0; key < 20000; key++) {
        assert_int_equal(limits_take(limits, key * 2654435761u, &one, 0), 0);
    }
    for (uint64_t key = 19999; key > 20000 - 65; key--) {
        assert_true(limits_take(limits, key * 2654435761u, &one, 0) > 0);
    }
    limits_free(limits);
}

static uint64_t key_of(const char *address) {
    return limits_address_key(7, address);
}

static void addresses_by_household(void **state) {
    (void)state;
    assert_true(key_of("192.0.2.1") != key_of("192.0.2.2"));
    assert_true(key_of("192.0.2.1") == key_of("::ffff:192.0.2.1"));
    assert_true(key_of("2001:db8:1:2::1") == key_of("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    assert_true(key_of("2001:db8:1:2::1") != key_of("2001:db8:1:3::1"));
    assert_true(key_of("somewhere") != key_of("elsewhere"));
    assert_true(key_of("192.0.2.1") != limits_address_key(8, "192.0.2.1"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_then_one_by_one),
        cmocka_unit_test(fills_up_to_the_burst_and_no_further),
        cmocka_unit_test(never_more_than_the_rate),
        cmocka_unit_test(a_smaller_burst_holds_at_once),
        cmocka_unit_test(forgets_who_was_away_longest),
        cmocka_unit_test(stays_small_under_a_flood),
        cmocka_unit_test(addresses_by_household),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
