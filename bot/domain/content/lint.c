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

/* Files without which a site cannot run, though tests can. */
static void check_files(struct loader *loader) {
    static const struct {
        enum document_kind kind;
        const char *name;
    } needed[] = {{DOCUMENT_VOCABULARY, "intents/vocabulary.json"},
                  {DOCUMENT_SITE, "responses/site.json"},
                  {DOCUMENT_ADDRESS, "responses/address.json"},
                  {DOCUMENT_HELP_LINES, "responses/help_lines.json"}};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        int is_there = 0;
        for (size_t d = 0; d < loader->documents.count; d++) {
            is_there |= loader->documents.list[d].kind == needed[i].kind;
        }
        if (!is_there) {
            struct place place = {.path = "$", .offset = PROBLEM_WHOLE, .file = needed[i].name};
            problem_add(&loader->problems, PROBLEM_file_missing, place, needed[i].name, NULL, NULL);
        }
    }
}

void lint_content(struct loader *loader) {
    check_files(loader);
    lint_dialogues(loader);
    lint_texts(loader);
    lint_patterns(loader);
    if (loader->is_lexicon_sound) {
        lint_examples(loader);
        lint_wordings(loader);
    }
}
