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
