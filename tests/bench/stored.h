/* The tokens of conversations that fill.c stores: the load generator comes back with them. */
#ifndef PANDU_TESTS_BENCH_STORED_H
#define PANDU_TESTS_BENCH_STORED_H

enum { STORED_TOKEN_SIZE = 22 + 1 };

/* 16 bytes in base64url without padding: the number in the first 24 bits, then zeros. */
static inline void stored_token(unsigned long number, char out[STORED_TOKEN_SIZE]) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int i = 0; i < 4; i++) {
        out[i] = digits[number >> (18 - 6 * i) & 63];
    }
    for (int i = 4; i < STORED_TOKEN_SIZE - 1; i++) {
        out[i] = 'A';
    }
    out[STORED_TOKEN_SIZE - 1] = '\0';
}

#endif
