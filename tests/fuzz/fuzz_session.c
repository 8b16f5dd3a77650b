/* Stored bytes of any kind: decoding never crashes, and what it accepts survives encoding unchanged. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "domain/session/session.h"

#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena *arena = arena_new(0);
    struct session *first = malloc(2 * sizeof *first);
    if (!arena || !first) {
        abort();
    }
    struct session *second = first + 1;
    const char *bytes = NULL, *again = NULL;
    size_t length = 0, length_again = 0;
    if (session_decode(data, size, arena, first, NULL) == 0 &&
        session_encode(first, arena, &bytes, &length, NULL) == 0) {
        if (session_decode(bytes, length, arena, second, NULL) != 0 ||
            session_encode(second, arena, &again, &length_again, NULL) != 0 || length != length_again ||
            memcmp(bytes, again, length) != 0) {
            abort();
        }
    }
    free(first);
    arena_free(arena);
    return 0;
}
