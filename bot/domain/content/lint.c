/* Runs the checks of lint_*.c one after another, and those too small for a file. Called by load.c. */
#include "domain/content/lint.h"

#include <string.h>

#include "domain/content/loader.h"
#include "domain/content/required.h"

#include "banned.h"

void lint_required(struct loader *loader) {
#define REQUIRED_ID(id, placeholders) #id,
    static const char *const ids[] = {CONTENT_REQUIRED_REPLIES(REQUIRED_ID)};
#undef REQUIRED_ID
    if (!loader->replies.is_complete || (loader->replies.count == 0 && !loader->options->lint)) {
        return;
    }
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        if (items_find(&loader->replies, ids[i], strlen(ids[i])) == ITEM_NONE) {
            struct place place = {.path = "$", .offset = PROBLEM_WHOLE, .file = "responses/"};
            problem_add(&loader->problems, PROBLEM_required_reply_missing, place, ids[i], NULL, NULL);
        }
    }
}

void lint_content(struct loader *loader) {
    (void)loader;
}
