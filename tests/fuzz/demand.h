/* Ends a fuzz target with a message when a promise is broken. */
#ifndef PANDU_TESTS_FUZZ_DEMAND_H
#define PANDU_TESTS_FUZZ_DEMAND_H

#include <stdio.h>
#include <stdlib.h>

#define DEMAND(condition) \
    do { \
        if (!(condition)) { \
            (void)fprintf(stderr, "broken: %s\n", #condition); \
            abort(); \
        } \
    } while (0)

#endif
