/* Memory that is given back all at once: everything made inside one turn, or one content bundle. */
#ifndef PANDU_BASE_ARENA_H
#define PANDU_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct arena;

/* limit: most bytes handed out between resets, 0 means 256 MiB. NULL when there is no memory. */
struct arena *arena_new(size_t limit);
/* In blocks of large pages (base/pages.h): for some megabytes that are filled once. */
struct arena *arena_new_large(size_t limit);
void arena_free(struct arena *arena);

/* Gives everything back at once; pointers into the arena are dead. A few blocks are kept for reuse. */
void arena_reset(struct arena *arena);

/* next, which was the later of two before, is used soon, and later after it: only so that they are near the
   processor then. */
void arena_expect(const struct arena *next, const struct arena *later);

/* Zeroed memory aligned for any type. Running out (of memory or of the limit) ends the program with a
   message: callers cap what a stranger sizes before they allocate, so this is start-up or a defect. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_raw(struct arena *arena, size_t size); /* not zeroed: for what is filled at once */
void *arena_array(struct arena *arena, size_t count, size_t size);
/* The same of any content, for those who write all of it. */
void *arena_room(struct arena *arena, size_t size);
char *arena_copy(struct arena *arena, const void *bytes, size_t length); /* adds a NUL byte */
char *arena_text(struct arena *arena, const char *text);                 /* NULL stays NULL */
/* The text itself where it lies in the arena already, else a copy. */
const char *arena_keep(struct arena *arena, const char *text);
char *arena_join(struct arena *arena, const char *const *texts, size_t count);
/* number in decimal digits, then text: "17:yes" */
char *arena_number(struct arena *arena, uint64_t number, const char *text);
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
