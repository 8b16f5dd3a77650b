/* One thread for work that must not hold up the loop, such as loading content. Never shares anything by
   itself. Called by cli. */
#include "app/background.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "banned.h"

struct background {
    pthread_t thread;
    int is_started;
    atomic_int is_running;
    void (*work)(void *context);
    void *context;
    void (*ended)(void *context);
    void *ended_context;
};

struct background *background_new(void (*ended)(void *context), void *context) {
    struct background *background = calloc(1, sizeof *background);
    if (background != NULL) {
        atomic_init(&background->is_running, 0);
        background->ended = ended;
        background->ended_context = context;
    }
    return background;
}

static void *run(void *argument) {
    struct background *background = argument;
    background->work(background->context);
    atomic_store(&background->is_running, 0);
    if (background->ended != NULL) {
        background->ended(background->ended_context);
    }
    return NULL;
}

int background_is_busy(struct background *background) {
    return atomic_load(&background->is_running);
}

int background_run(struct background *background, void (*work)(void *context), void *context) {
    if (background_is_busy(background)) {
        return 0;
    }
    background_wait(background);
    background->work = work;
    background->context = context;
    atomic_store(&background->is_running, 1);
    if (pthread_create(&background->thread, NULL, run, background) != 0) {
        atomic_store(&background->is_running, 0);
        return 0;
    }
    background->is_started = 1;
    return 1;
}

void background_wait(struct background *background) {
    if (background->is_started) {
        (void)pthread_join(background->thread, NULL); /* fails only for what is no thread of ours */
        background->is_started = 0;
    }
}

void background_free(struct background *background) {
    if (background != NULL) {
        background_wait(background);
        free(background);
    }
}
