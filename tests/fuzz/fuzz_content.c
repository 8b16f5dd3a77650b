/* Fuzzes loading: the first byte chooses a file of the valid base content (its high bit: as a site overlay),
   the rest takes its place. Whatever stands there, loading either gives a bundle or at least one error with
   both languages' words, and never both. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "base/err.h"
#include "domain/content/content.h"
#include "domain/content/load.h"

#include "banned.h"

static const char *const names[] = {"intents/normalise.json",    "intents/vocabulary.json",
                                    "intents/facts.json",        "intents/topic.json",
                                    "responses/site.json",       "responses/address.json",
                                    "responses/help_lines.json", "responses/engine.json",
                                    "responses/topic.json",      "responses/dialogues/fit.json"};
enum { NAMES = sizeof names / sizeof *names };

static void on_problem(void *context, const struct content_problem *problem) {
    size_t *errors = context;
    *errors += problem->severity == PROBLEM_ERROR;
    assert(problem->code != NULL && problem->file != NULL && problem->path != NULL && problem->line >= 0);
    assert(problem->text != NULL && *problem->text != '\0' && problem->remedy != NULL &&
           *problem->remedy != '\0');
}

static void read_base(struct content_file files[NAMES]) {
    for (size_t i = 0; i < NAMES; i++) {
        char path[512];
        struct err err = {0};
        (void)snprintf(path, sizeof path, "%s/tests/bad/base/%s", PANDU_SOURCE, names[i]);
        files[i] = (struct content_file){.name = names[i], .shown = names[i]};
        files[i].bytes = app_read_file(path, 1 << 20, &files[i].length, &err);
        if (files[i].bytes == NULL) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct content_file base[NAMES];
    if (base[0].bytes == NULL) {
        read_base(base);
    }
    if (size == 0) {
        return 0;
    }
    struct content_file files[NAMES + 1];
    memcpy(files, base, sizeof base);
    size_t chosen = (data[0] & 0x7F) % NAMES, count = NAMES;
    struct content_file given = {names[chosen], names[chosen], (const char *)data + 1, size - 1,
                                 data[0] >> 7};
    files[given.layer > 0 ? count++ : chosen] = given;
    size_t errors = 0;
    struct content_load_options options = {size % 2 == 0 ? "id" : "en", 1, on_problem, &errors};
    struct content *content = content_load(files, count, &options);
    assert((content == NULL) == (errors > 0));
    content_free(content);
    return 0;
}
