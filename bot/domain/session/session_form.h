/* What the writer and the reader of a session's bytes share, inside this folder. */
#ifndef PANDU_DOMAIN_SESSION_SESSION_FORM_H
#define PANDU_DOMAIN_SESSION_SESSION_FORM_H

#include "domain/session/session.h"

#include <string.h>

#include "base/map.h"

enum { SESSION_MARK = 0xB5 /* begins no JSON and no UTF-8 text */ };

/* What is kept of a reply's id. */
static inline uint32_t session_hash_bits(uint64_t hash) {
    return (uint32_t)(hash ^ hash >> 32);
}

static inline uint32_t session_reply_bits(const char *reply) {
    return session_hash_bits(hash_bytes(0, reply, strlen(reply)));
}

/* Four bytes each, least first, to numbers or back; nothing on most machines. */
static inline void session_order_bytes(uint32_t *numbers, size_t count) {
    const uint32_t one = 1;
    unsigned char first;
    memcpy(&first, &one, 1);
    for (size_t i = 0; first == 0 && i < count; i++) {
        const uint32_t number = numbers[i];
        numbers[i] = number >> 24 | (number >> 8 & 0xFF00) | (number << 8 & 0xFF0000) | number << 24;
    }
}

/* Old versions kept a number that was the higher the later it was said. */
static inline void session_spoken_sort(struct session_spoken *spoken, const uint64_t *said) {
    for (size_t i = 0; i < spoken->count; i++) {
        size_t at = i;
        for (; at > 0 && said[spoken->order[at - 1]] < said[i]; at--) {
            spoken->order[at] = spoken->order[at - 1];
        }
        spoken->order[at] = (unsigned char)i;
    }
}

#endif
