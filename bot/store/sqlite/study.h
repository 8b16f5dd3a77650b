/* A look at everything stored, for authors: read-only, while a server runs on the file. Rows come in pages,
   each its own short read, so that the server's log never waits for whoever looks. */
#ifndef PANDU_STORE_SQLITE_STUDY_H
#define PANDU_STORE_SQLITE_STUDY_H

#include <stdint.h>

#include "store/store.h"

struct err;
struct study;

/* One row; what a reading does not mention is 0 or empty. Borrowed until each returned. */
struct study_row {
    int64_t number;       /* of the turn or the text; grows with time */
    int64_t conversation; /* a number that stands for the conversation; its name is nobody's business here */
    int64_t at_ms;
    struct store_bytes inbound, outcome; /* study_turns: JSON, as in store_turn */
    struct store_bytes state;            /* study_states: an encoded session */
    const char *text, *candidates;       /* study_unmatched */
};
/* Not 0: enough, the reading ends without an error. */
typedef int study_each(void *context, const struct study_row *row);

/* How many rows of about how many were read, some times a second at most. */
typedef void study_progress(void *context, int64_t done, int64_t total);

/* Opens an existing database. NULL with *err: as database_identify. */
struct study *study_open(const char *path, struct err *err);
void study_close(struct study *study);
/* progress may be NULL, as at the start. */
void study_set_progress(struct study *study, study_progress *progress, void *context);

/* Each calls each for every row and returns 0, or ERR_IO, ERR_CORRUPT, ERR_MEMORY with *err. What is stored
   while it reads may be seen or not; what is erased is not seen again. */
int study_unmatched(struct study *study, study_each *each, void *context, struct err *err); /* newest first */
int study_turns(struct study *study, study_each *each, void *context, struct err *err);     /* oldest first */
int study_states(struct study *study, study_each *each, void *context,
                 struct err *err); /* one a conversation */

#endif
