/* Counts of judged messages and their table. Used by eval.c alone. */
#ifndef PANDU_CLI_EVAL_REPORT_H
#define PANDU_CLI_EVAL_REPORT_H

#include <stddef.h>
#include <stdint.h>

struct content;

enum eval_verdict {
    EVAL_RIGHT,   /* answered, and rightly */
    EVAL_OFFERED, /* asked back, the right one among the choices */
    EVAL_WRONG,   /* answered something else */
    EVAL_MISSED,  /* asked back without the right one, or nothing found */
    EVAL_VERDICTS
};

struct eval_group {
    const char *name;
    size_t counts[EVAL_VERDICTS];
};
struct eval_confusion { /* indices of intents; CONTENT_NONE: out of scope, or no answer */
    uint32_t expected, given;
    size_t count;
};

struct eval_report {
    const struct content *content;
    struct eval_group *groups;
    size_t group_count;
    struct eval_confusion *confusions;
    size_t confusion_count, confusion_capacity;
    size_t *safety_rows, *safety_found, *safety_checked; /* by intent; checked: not found, but asked about */
    size_t checked_care, checked_other; /* rows of other escalations, and all others, asked about danger */
    size_t outside_rows, outside_answered, outside_asked, outside_told;
    size_t unknown_rows, skipped_rows;
};

/* 0, or -1 when there is no memory. Close it in either case. */
int eval_report_init(struct eval_report *report, const struct content *content);
void eval_report_close(struct eval_report *report);

/* Counts one judged row under the topic of expected. given: the answer, or CONTENT_NONE. */
void eval_report_add(struct eval_report *report, uint32_t expected, uint32_t given,
                     enum eval_verdict verdict);
/* Counts a row that would be asked about danger first. expected: CONTENT_NONE for out of scope. */
void eval_report_checked(struct eval_report *report, uint32_t expected);
void eval_report_print(const struct eval_report *report);

#endif
