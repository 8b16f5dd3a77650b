/* Work that takes long, off the loop: one thread, one piece of work at a time. */
#ifndef PANDU_APP_BACKGROUND_H
#define PANDU_APP_BACKGROUND_H

struct background;

/* ended(context), if not NULL, is called on that thread after each piece, when the next may be started
   already. NULL: no memory. */
struct background *background_new(void (*ended)(void *context), void *context);

/* Runs work(context) on a thread of its own. 1; 0 while another piece runs, or when there is no thread: then
   it was not started. From one thread only. What work touches is its own until background_wait or until it
   says otherwise. */
int background_run(struct background *background, void (*work)(void *context), void *context);

int background_is_busy(struct background *background);

/* Waits until the piece under way, if any, has ended. */
void background_wait(struct background *background);

void background_free(struct background *background); /* waits; NULL is fine */

#endif
