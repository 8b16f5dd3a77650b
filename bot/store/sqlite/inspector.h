/* Looks through a large database file while it is in use, once, after opening. */
#ifndef PANDU_STORE_SQLITE_INSPECTOR_H
#define PANDU_STORE_SQLITE_INSPECTOR_H

#include <pthread.h>
#include <stdatomic.h>

struct inspector {
    pthread_t thread;
    int is_started;
    atomic_int stop, is_damaged;
    const char *path; /* borrowed */
    char text[512];   /* what is wrong; complete before is_damaged is set */
};

/* Files up to DATABASE_INSPECT_NOW bytes were looked through while opening: then nothing is started. 0 or an
   errno. */
int inspector_start(struct inspector *inspector, const char *path);
/* Why nothing more may be written, or NULL. From any thread. */
const char *inspector_problem(const struct inspector *inspector);
void inspector_stop(struct inspector *inspector); /* ends it early */

#endif
