/* Where each of many conversations stands while their turns are read in order of time: 16 bytes a
 * conversation. */
#ifndef PANDU_DOMAIN_AUTHORING_TRAIL_H
#define PANDU_DOMAIN_AUTHORING_TRAIL_H

#include <stdint.h>

struct trail;

/* Ids as in the stored turns; NULL: none. */
struct trail_place {
    const char *dialogue, *step, *reply; /* running dialogue, its open step, the reply said last */
};

struct trail *trail_new(void); /* NULL: no memory */
void trail_free(struct trail *trail);

/* What trail_set was told last of the conversation; all NULL for an unknown one. */
struct trail_place trail_get(const struct trail *trail, int64_t conversation);
/* 0, or ERR_MEMORY. More than 65,534 different ids count as none. */
int trail_set(struct trail *trail, int64_t conversation, const struct trail_place *place);

#endif
