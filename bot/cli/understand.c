/* Opens content for verbs that judge messages one by one, without a conversation or a store. Called by
 * match.c and eval.c. */
#include "cli/understand.h"

#include <stdio.h>
#include <string.h>

#include "app/files.h"
#include "base/arena.h"
#include "base/err.h"
#include "domain/content/content.h"
#include "domain/pattern/pattern.h"

#include "banned.h"

static void report(void *context, const struct content_problem *problem) {
    (void)context;
    if (problem->severity != PROBLEM_ERROR)
        return;
    (void)fprintf(stderr, "%s:%d:%d: %s: %s\n", problem->file ? problem->file : "content", problem->line,
                  problem->column, problem->text ? problem->text : "",
                  problem->remedy ? problem->remedy : "");
}

int understand_open(struct understand *understand, const char *content, const char *site,
                    const char *language) {
    struct err err;
    err_clear(&err);
    memset(understand, 0, sizeof *understand);
    struct content_load_options options = {
        .language = language ? language : "en", .lint = 0, .report = report};
    understand->content = app_content_load(content ? content : app_content_root(), site, &options, &err);
    if (!understand->content) {
        if (err.code)
            (void)fprintf(stderr, "%s: %s\n", err.file[0] ? err.file : "content", err.text);
        return 1;
    }
    understand->scratch = pattern_scratch_new(understand->content->patterns);
    understand->arena = arena_new(0);
    if (!understand->scratch || !understand->arena) {
        (void)fprintf(stderr, "no memory\n");
        return 1;
    }
    return 0;
}

void understand_close(struct understand *understand) {
    pattern_scratch_free(understand->scratch);
    if (understand->arena)
        arena_free(understand->arena);
    if (understand->content)
        content_free(understand->content);
    memset(understand, 0, sizeof *understand);
}

void understand_message(struct understand *understand, const char *text, size_t length,
                        struct understood *out) {
    const struct intent_context nothing = {NULL, NULL, NULL};
    arena_reset(understand->arena);
    memset(out, 0, sizeof *out);
    text_fold(understand->content->lexicon, text, length, TEXT_NO_LANGUAGE, understand->arena, &out->text);
    intent_decide(understand->content, understand->scratch, &out->text, &nothing, understand->arena,
                  &out->whole);
    out->part_count = intent_decide_parts(understand->content, understand->scratch, &out->text, &nothing,
                                          understand->arena, out->parts, UNDERSTAND_PARTS_MAX);
}
