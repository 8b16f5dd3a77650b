/* The collecting channel: keeps what was said, for tests and for whoever must find a button again. */
#ifndef PANDU_CHANNEL_COLLECT_COLLECT_H
#define PANDU_CHANNEL_COLLECT_COLLECT_H

#include <stddef.h>

struct collect;
struct message;

enum { COLLECT_TURNS_MAX = 64 }; /* older turns are forgotten */

struct collect *collect_new(void); /* NULL: no memory */
void collect_free(struct collect *collect);
void collect_clear(struct collect *collect);

/* Keeps a copy of the messages of one turn. 0, or -1 without memory. */
int collect_add(struct collect *collect, const struct message *messages, size_t count);

/* The messages of the newest turn; borrowed until the next add or clear. */
const struct message *collect_last(const struct collect *collect, size_t *count);

/* Payload of the newest choice with this id, else with this label, else with this payload; NULL. Borrowed. */
const char *collect_payload(const struct collect *collect, const char *id);

#endif
