/* One conversation under way: what test_begin.c opens and test_play.c plays. */
#ifndef PANDU_CLI_TEST_PLAY_H
#define PANDU_CLI_TEST_PLAY_H

#include <stddef.h>
#include <stdint.h>

#include "cli/test.h"

struct app;
struct collect;
struct store;

#define TEST_CONVERSATION "case"

struct play {
    const struct test_world *world;
    const struct test_case *test;
    struct test_result *result;
    struct arena *arena;
    struct content *content;
    struct store *store;
    struct app *app;
    struct collect *screen; /* what the visitor sees, buttons of long ago included */
    int64_t now_ms;
    int64_t heard_ms; /* of the turn before; 0: none yet */
    uint64_t seed, turns;
    int language;
    size_t fallbacks;
    /* the last turn, for again and resend, and what stood before it, for the explanation */
    const char *last_text, *last_choice, *last_id;
    const char *dialogue, *step, *after, *state, *spoken;
    const struct app_reply *reply;
};

/* Opens all that the case gives. 0, or -1 after telling what is wrong; test_finish is due either way. */
int test_begin(struct play *play);
void test_finish(struct play *play);

/* Something of the case itself is wrong: told with its line. Returns -1. */
int test_broken(struct play *play, const char *path, const char *why);

/* A folder named in a case, seen from the case's file. */
const char *test_beside(struct play *play, const char *folder);

#endif
