/* States from rows (migrations/009_patches.sql has their forms). Never writes, and never makes a state of
   what is not there. Called by turns.c and study.c. */
#include "store/sqlite/chain.h"

#include <stdlib.h>
#include <string.h>

#include "store/patch.h"

#include "banned.h"

/* What a row keeps of its state. */
struct link {
    struct link *newer;
    int64_t base;           /* 0: it is whole */
    int64_t shared, length; /* of what it is based on, and of what it makes; -1: not said */
    size_t kept;
    char bytes[];
};

static int64_t number_or(const struct query *query, int column, int64_t nothing) {
    return query_column_is_null(query, column) ? nothing : query_column_int(query, column);
}

/* *link: NULL when there is no such row, or no state in it. Returns an SQLite code. */
static int read_link(struct connection *connection, int64_t number, struct link **link) {
    *link = NULL;
    struct query query = query_start(connection, QUERY_READ_STATE);
    query_int(&query, number);
    if (query_row(&query) && !query_column_is_null(&query, 0)) {
        struct store_bytes kept = query_column_bytes(&query, 0);
        *link = malloc(sizeof **link + kept.length);
        if (*link == NULL) {
            (void)query_end(&query);
            return SQLITE_NOMEM;
        }
        **link = (struct link){.base = number_or(&query, 1, 0),
                               .shared = number_or(&query, 2, -1),
                               .length = number_or(&query, 3, -1),
                               .kept = kept.length};
        if (kept.length != 0) {
            memcpy((*link)->bytes, kept.data, kept.length);
        }
    }
    return query_end(&query);
}

/* The row's and those below it, a whole one first. *first: NULL when one is missing, or there are too many.
   Each is based on an older turn. */
static int read_links(struct connection *connection, int64_t number, struct link **first) {
    struct link *newer = NULL, *link = NULL;
    int code, left = CHAIN_MAX;
    do {
        code = read_link(connection, number, &link);
        int is_fine =
            code == SQLITE_OK && link != NULL && link->base < number && link->base >= 0 && left-- > 0;
        if (link != NULL) {
            link->newer = newer;
            newer = link;
        }
        if (!is_fine) {
            while ((link = newer) != NULL) {
                newer = link->newer;
                free(link);
            }
            break;
        }
        number = link->base;
    } while (number != 0);
    *first = newer;
    return code;
}

/* How long the state is that a link makes of one of before bytes. 0, or -1: it fits none of that. */
static int length_after(const struct link *link, size_t before, size_t *length) {
    if (link->base == 0 || link->length < 0) {
        uint64_t shared = link->base == 0 ? 0 : (uint64_t)link->shared; /* -1 is more than any */
        *length = (size_t)shared + link->kept;
        return shared <= before ? 0 : -1;
    }
    int rc = patch_check((struct store_bytes){link->bytes, link->kept}, before, length);
    return rc == 0 && (uint64_t)link->length == *length ? 0 : -1;
}

/* The state becomes the one after the link. 0; 1: it cannot be told; or -1 without memory. */
static int advance(const struct link *link, struct chain_state *state) {
    size_t length = 0;
    if (length_after(link, state->length, &length) != 0) {
        return 1;
    }
    char *bytes = malloc(length + 1);
    if (bytes == NULL) {
        return -1;
    }
    size_t shared = length - link->kept;
    if (link->base != 0 && link->length >= 0) {
        patch_apply((struct store_bytes){link->bytes, link->kept}, state->bytes, bytes);
    } else {
        memcpy(bytes, state->bytes != NULL ? state->bytes : "", shared);
        memcpy(bytes + shared, link->bytes, link->kept);
    }
    bytes[length] = '\0';
    free(state->bytes);
    *state = (struct chain_state){bytes, length};
    return 0;
}

int chain_read(struct connection *connection, int64_t number, struct chain_state *state) {
    struct link *link = NULL;
    *state = (struct chain_state){NULL, 0};
    int code = read_links(connection, number, &link), rc = 0;
    while (link != NULL) {
        struct link *newer = link->newer;
        rc = rc == 0 ? advance(link, state) : rc;
        free(link);
        link = newer;
    }
    if (rc != 0) {
        free(state->bytes);
        *state = (struct chain_state){NULL, 0};
    }
    return rc < 0 ? SQLITE_NOMEM : code;
}
