/* The table of `pandu eval`: per group and overall, out of scope, danger, worst confusions. Judges nothing.
 * Called by eval.c. */
#include "cli/eval_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/content/content.h"

#include "banned.h"

enum { CONFUSIONS_SHOWN = 12 };

int eval_report_init(struct eval_report *report, const struct content *content) {
    size_t count = content->intent_count + 1;
    memset(report, 0, sizeof *report);
    report->content = content;
    report->groups = calloc(count, sizeof *report->groups);
    report->safety_rows = calloc(count, sizeof *report->safety_rows);
    report->safety_found = calloc(count, sizeof *report->safety_found);
    report->safety_checked = calloc(count, sizeof *report->safety_checked);
    return report->groups && report->safety_rows && report->safety_found && report->safety_checked ? 0 : -1;
}

void eval_report_close(struct eval_report *report) {
    free(report->groups);
    free(report->safety_rows);
    free(report->safety_found);
    free(report->safety_checked);
    free(report->confusions);
    memset(report, 0, sizeof *report);
}

static struct eval_group *group_of(struct eval_report *report, const char *name) {
    for (size_t i = 0; i < report->group_count; i++)
        if (strcmp(report->groups[i].name, name) == 0)
            return &report->groups[i];
    struct eval_group *group = &report->groups[report->group_count++];
    group->name = name;
    return group;
}

static void confuse(struct eval_report *report, uint32_t expected, uint32_t given) {
    for (size_t i = 0; i < report->confusion_count; i++)
        if (report->confusions[i].expected == expected && report->confusions[i].given == given) {
            report->confusions[i].count++;
            return;
        }
    if (report->confusion_count == report->confusion_capacity) {
        size_t capacity = report->confusion_capacity ? report->confusion_capacity * 2 : 64;
        void *larger = realloc(report->confusions, capacity * sizeof *report->confusions);
        if (!larger)
            return; /* only the list of confusions is poorer */
        report->confusions = larger;
        report->confusion_capacity = capacity;
    }
    report->confusions[report->confusion_count++] = (struct eval_confusion){expected, given, 1};
}

void eval_report_add(struct eval_report *report, uint32_t expected, uint32_t given,
                     enum eval_verdict verdict) {
    const struct content_intent *intent = &report->content->intents[expected];
    group_of(report, intent->topic)->counts[verdict]++;
    if (intent->is_safety) {
        report->safety_rows[expected]++;
        report->safety_found[expected] += verdict == EVAL_RIGHT;
    }
    if (verdict == EVAL_WRONG || verdict == EVAL_MISSED)
        confuse(report, expected, given);
}

void eval_report_checked(struct eval_report *report, uint32_t expected) {
    const struct content_intent *intent =
        expected == CONTENT_NONE ? NULL : &report->content->intents[expected];
    if (intent && intent->is_safety)
        report->safety_checked[expected]++;
    else if (intent && intent->kind == INTENT_KIND_ESCALATION)
        report->checked_care++;
    else
        report->checked_other++;
}

static void print_group(const struct eval_group *group) {
    size_t rows = 0;
    for (size_t i = 0; i < EVAL_VERDICTS; i++)
        rows += group->counts[i];
    double share[EVAL_VERDICTS];
    for (size_t i = 0; i < EVAL_VERDICTS; i++)
        share[i] = rows > 0 ? 100.0 * (double)group->counts[i] / (double)rows : 0;
    printf("%-20s %5zu %7.1f %% %7.1f %% %7.1f %% %7.1f %% %7.1f %%\n", group->name, rows, share[EVAL_RIGHT],
           share[EVAL_OFFERED], share[EVAL_RIGHT] + share[EVAL_OFFERED], share[EVAL_WRONG],
           share[EVAL_MISSED]);
}

static void print_groups(const struct eval_report *report) {
    struct eval_group all = {"all", {0}};
    printf("%-20s %5s %9s %9s %9s %9s %9s\n", "group", "rows", "right", "offered", "together", "wrong",
           "missed");
    for (size_t i = 0; i < report->group_count; i++) {
        print_group(&report->groups[i]);
        for (size_t j = 0; j < EVAL_VERDICTS; j++)
            all.counts[j] += report->groups[i].counts[j];
    }
    print_group(&all);
}

static int most_first(const void *left, const void *right) {
    const struct eval_confusion *a = left, *b = right;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    if (a->expected != b->expected)
        return a->expected < b->expected ? -1 : 1;
    return a->given < b->given ? -1 : a->given > b->given;
}

static void print_confusions(const struct eval_report *report) {
    if (report->confusion_count == 0)
        return;
    qsort(report->confusions, report->confusion_count, sizeof *report->confusions, most_first);
    printf("worst confusions:\n");
    for (size_t i = 0; i < report->confusion_count && i < CONFUSIONS_SHOWN; i++) {
        const struct eval_confusion *confusion = &report->confusions[i];
        printf("  %zux %s -> %s\n", confusion->count, report->content->intents[confusion->expected].id,
               confusion->given == CONTENT_NONE ? "(no answer)"
                                                : report->content->intents[confusion->given].id);
    }
}

void eval_report_print(const struct eval_report *report) {
    print_groups(report);
    printf("out of scope: %zu rows, answered %zu (%.1f %%), asked back %zu, told so %zu, left alone %zu\n",
           report->outside_rows, report->outside_answered,
           report->outside_rows ? 100.0 * (double)report->outside_answered / (double)report->outside_rows
                                : 0.0,
           report->outside_asked, report->outside_told,
           report->outside_rows - report->outside_answered - report->outside_asked - report->outside_told);
    for (size_t i = 0; i < report->content->intent_count; i++)
        if (report->safety_rows[i] > 0)
            printf("%s: %zu of %zu found (%.1f %%), checked %zu\n", report->content->intents[i].id,
                   report->safety_found[i], report->safety_rows[i],
                   100.0 * (double)report->safety_found[i] / (double)report->safety_rows[i],
                   report->safety_checked[i]);
    printf("asked about danger without it: %zu rows that need care, %zu others\n", report->checked_care,
           report->checked_other);
    printf("not judged: %zu rows of other groups, %zu rows whose intent this content does not have\n",
           report->skipped_rows, report->unknown_rows);
    print_confusions(report);
}
