/* Which steps and results of the dialogues the cases reached. Never plays anything. Called by test.c and
 * test_play.c. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "cli/test.h"
#include "domain/content/content.h"

#include "banned.h"

enum { REACHED_ASKED = 1, REACHED_ANSWERED = 2, REACHED_SKIPPED = 4, REACHED_RESULT = 8 };

struct coverage {
    const struct content *content;
    unsigned char **steps, **results; /* flags by dialogue and index */
};

void coverage_free(struct coverage *coverage) {
    if (coverage == NULL) {
        return;
    }
    for (size_t i = 0; i < coverage->content->dialogue_count; i++) {
        free(coverage->steps != NULL ? coverage->steps[i] : NULL);
        free(coverage->results != NULL ? coverage->results[i] : NULL);
    }
    free(coverage->steps);
    free(coverage->results);
    free(coverage);
}

struct coverage *coverage_new(const struct content *content) {
    struct coverage *coverage = calloc(1, sizeof *coverage);
    if (coverage == NULL) {
        return NULL;
    }
    coverage->content = content;
    coverage->steps = calloc(content->dialogue_count + 1, sizeof *coverage->steps);
    coverage->results = calloc(content->dialogue_count + 1, sizeof *coverage->results);
    int failed = coverage->steps == NULL || coverage->results == NULL;
    for (size_t i = 0; i < content->dialogue_count && !failed; i++) {
        coverage->steps[i] = calloc(content->dialogues[i].step_count + 1, 1);
        coverage->results[i] = calloc(content->dialogues[i].result_count + 1, 1);
        failed = coverage->steps[i] == NULL || coverage->results[i] == NULL;
    }
    if (failed) {
        coverage_free(coverage);
        return NULL;
    }
    return coverage;
}

/* ---- marking ---- */

static void mark_step(struct coverage *coverage, size_t dialogue, const char *id, unsigned char flag) {
    const struct content_dialogue *found = &coverage->content->dialogues[dialogue];
    for (size_t i = 0; i < found->step_count; i++) {
        if (strcmp(found->steps[i].id, id) == 0) {
            coverage->steps[dialogue][i] |= flag;
        }
    }
}

static void mark_result(struct coverage *coverage, size_t dialogue, const char *id) {
    const struct content_dialogue *found = &coverage->content->dialogues[dialogue];
    for (size_t i = 0; i < found->result_count; i++) {
        if (strcmp(found->results[i].id, id) == 0) {
            coverage->results[dialogue][i] |= REACHED_RESULT;
        }
    }
}

/* name is "DIALOGUE.STEP" or "DIALOGUE.RESULT". */
static void mark(struct coverage *coverage, const char *name, unsigned char flag) {
    size_t length = strcspn(name, ".");
    for (size_t i = 0; i < coverage->content->dialogue_count && name[length] == '.'; i++) {
        const char *id = coverage->content->dialogues[i].id;
        if (strlen(id) != length || memcmp(id, name, length) != 0) {
            continue;
        }
        if (flag == REACHED_RESULT) {
            mark_result(coverage, i, name + length + 1);
        } else {
            mark_step(coverage, i, name + length + 1, flag);
        }
    }
}

void coverage_add(struct coverage *coverage, const struct app_reply *reply) {
    const struct actions *actions = coverage != NULL ? reply->actions : NULL;
    for (size_t i = 0; actions != NULL && i < actions->message_count; i++) {
        mark(coverage, actions->messages[i].reply, REACHED_ASKED);
    }
    for (size_t i = 0; actions != NULL && i < actions->event_count; i++) {
        const struct event *event = &actions->events[i];
        if (event->kind != EVENT_DIALOGUE || event->detail == NULL) {
            continue;
        }
        if (strcmp(event->detail, "answered") == 0) {
            mark(coverage, event->data, REACHED_ANSWERED);
        } else if (strcmp(event->detail, "skipped") == 0) {
            mark(coverage, event->data, REACHED_SKIPPED);
        } else if (strcmp(event->detail, "finished") == 0) {
            mark(coverage, event->data, REACHED_RESULT);
        }
    }
}

/* ---- reporting ---- */

struct count {
    size_t reached, all;
};

/* As seen from here, so that an editor finds it by one tap. */
static const char *shown_path(const char *path) {
    char here[4096];
    size_t length = getcwd(here, sizeof here) != NULL ? strlen(here) : 0;
    return length > 0 && strncmp(path, here, length) == 0 && path[length] == '/' ? path + length + 1 : path;
}

static void add_missing(struct buf *out, const struct content_place *place, const char *kind, const char *id,
                        const char *what) {
    buf_add_format(out, "  %s:%d: %s %s never %s\n", shown_path(place->file), place->line, kind, id, what);
}

static void count_one(struct count *count, int is_reached, struct buf *out, const struct content_place *place,
                      const char *kind, const char *id, const char *what) {
    count->all++;
    count->reached += is_reached != 0;
    if (!is_reached) {
        add_missing(out, place, kind, id, what);
    }
}

static struct count report_dialogue(const struct coverage *coverage, size_t dialogue, struct buf *missing) {
    const struct content_dialogue *found = &coverage->content->dialogues[dialogue];
    struct count count = {0, 0};
    for (size_t i = 0; i < found->step_count; i++) {
        const struct content_step *step = &found->steps[i];
        unsigned flags = coverage->steps[dialogue][i];
        count_one(&count, flags & REACHED_ASKED, missing, &step->place, "step", step->id, "asked");
        if (step->type != STEP_SAY) {
            count_one(&count, flags & REACHED_ANSWERED, missing, &step->place, "step", step->id, "answered");
            count_one(&count, flags & REACHED_SKIPPED, missing, &step->place, "step", step->id, "skipped");
        }
    }
    for (size_t i = 0; i < found->result_count; i++) {
        count_one(&count, coverage->results[dialogue][i], missing, &found->results[i].place, "result",
                  found->results[i].id, "reached");
    }
    return count;
}

static double percent(struct count count) {
    return count.all > 0 ? 100.0 * (double)count.reached / (double)count.all : 100;
}

double coverage_report(const struct coverage *coverage, struct buf *out) {
    struct count total = {0, 0};
    buf_add_text(out, "coverage of the dialogues: steps asked, answered and skipped, results reached\n");
    for (size_t i = 0; i < coverage->content->dialogue_count; i++) {
        struct buf missing;
        buf_init(&missing, 0);
        struct count count = report_dialogue(coverage, i, &missing);
        buf_add_format(out, "%-28s %5.1f %%  (%zu of %zu)\n%s", coverage->content->dialogues[i].id,
                       percent(count), count.reached, count.all, buf_text(&missing));
        buf_close(&missing);
        total.reached += count.reached;
        total.all += count.all;
    }
    buf_add_format(out, "%-28s %5.1f %%  (%zu of %zu)\n", "all", percent(total), total.reached, total.all);
    return percent(total);
}
