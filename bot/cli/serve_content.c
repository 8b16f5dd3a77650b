/* Content for a server: loaded whole or refused with every reason. Never changes what is served. Called by
   serve.c and, off the loop, serve_reload.c. */
#include <stdio.h>

#include "app/files.h"
#include "base/err.h"
#include "cli/serve.h"
#include "domain/content/content.h"

#include "banned.h"

struct reporting {
    config_report *report;
    void *context;
    int count;
};

static void on_problem(void *context, const struct content_problem *problem) {
    struct reporting *reporting = context;
    if (problem->severity == PROBLEM_ERROR && reporting->count < SERVE_PROBLEMS_MAX) {
        char text[2048];
        (void)snprintf(text, sizeof text, "%s:%d:%d: %s. Remedy: %s", problem->file, problem->line,
                       problem->column, problem->text, problem->remedy);
        reporting->report(reporting->context, text);
        reporting->count++;
    }
}

struct content *serve_load(const struct config *config, config_report *report, void *context) {
    struct err err = {0};
    struct reporting reporting = {report, context, 0};
    struct content_load_options options = {.language = "en", .report = on_problem, .context = &reporting};
    const char *root = config->content != NULL ? config->content : app_content_root();
    struct content *content = app_content_load(root, config->site, &options, &err);
    if (content == NULL && reporting.count == 0) {
        report(context, err.code != 0 ? err.text : "the content cannot be loaded");
    }
    return content;
}
