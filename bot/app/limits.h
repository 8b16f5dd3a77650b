/* How often somebody may do something: token buckets, one a key, in a table that cannot grow. */
#ifndef PANDU_APP_LIMITS_H
#define PANDU_APP_LIMITS_H

#include <stddef.h>
#include <stdint.h>

/* A bucket starts full with burst tokens and gains per_minute of them a minute. */
struct limits_rate {
    int64_t burst, per_minute; /* both 1 to 1,000,000 */
};

struct limits;

/* Keeps the capacity keys used last; one forgotten starts anew with a full bucket. NULL: no memory. */
struct limits *limits_new(size_t capacity);
void limits_free(struct limits *limits);

/* Takes one token of key's bucket at steady_ms (a clock that never goes back). 0; else nothing was taken, and
   after that many milliseconds there will be one. */
int64_t limits_take(struct limits *limits, uint64_t key, const struct limits_rate *rate, int64_t steady_ms);

/* The key of an address: IPv4 whole, IPv6 by its /64 (one household or school), mapped IPv4 as IPv4; other
   text as it is. seed: random, so that nobody can make two addresses meet. */
uint64_t limits_address_key(uint64_t seed, const char *address);

#endif
