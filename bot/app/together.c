/* Runs the two halves of loading content on two threads. Never shares anything by itself. Called by files.c.
 */
#include "app/together.h"

#include <stddef.h>

#include "app/background.h"

#include "banned.h"

void app_together(void *context, content_half *first, void *one, content_half *second, void *other) {
    (void)context;
    struct background *background = background_new(NULL, NULL);
    int is_started = background != NULL && background_run(background, second, other);
    first(one);
    if (!is_started) { /* without a thread it only takes longer */
        second(other);
    }
    background_free(background); /* waits */
}
