/* pandu eval: how many labelled messages are understood, each judged as the first of a conversation. Changes
   nothing and stores nothing but the predictions asked for. Called by cli.c. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/eval_file.h"
#include "cli/eval_report.h"
#include "cli/understand.h"
#include "domain/content/content.h"

#include "banned.h"

struct eval_options {
    const char *file, *groups, *predictions, *rows, *content, *site;
    int errors; /* every row that is not right */
};

/* What a row got: the answer or the choices, first to third. */
struct prediction {
    const char *outcome;
    uint32_t intents[INTENT_SUGGESTIONS_MAX];
    int is_answer;
};

struct evaluation {
    const struct eval_options *options;
    struct understand understand;
    struct eval_file file;
    struct eval_report report;
    FILE *predictions;
};

static int usage(const char *text) {
    (void)fprintf(stderr, "pandu eval: %s; see `pandu help eval`\n", text);
    return 2;
}

static int read_options(int count, char **arguments, struct eval_options *options) {
    for (int i = 1; i < count; i++) {
        const char *argument = arguments[i];
        const char **value = strcmp(argument, "--groups") == 0        ? &options->groups
                             : strcmp(argument, "--predictions") == 0 ? &options->predictions
                             : strcmp(argument, "--rows") == 0        ? &options->rows
                             : strcmp(argument, "--content") == 0     ? &options->content
                             : strcmp(argument, "--site") == 0        ? &options->site
                                                                      : NULL;
        if (value && i + 1 < count)
            *value = arguments[++i];
        else if (strcmp(argument, "--errors") == 0)
            options->errors = 1;
        else if ((argument[0] == '-' && argument[1] == '-') || options->file)
            return usage("unknown or incomplete option, or more than one file");
        else
            options->file = argument;
    }
    if (!options->file)
        return usage("which file of labelled messages?");
    if (options->rows && strcmp(options->rows, "odd") != 0 && strcmp(options->rows, "even") != 0)
        return usage("--rows takes odd or even");
    return 0;
}

/* 1 if name stands in a list with commas; everything does when there is no list. */
static int is_in_list(const char *list, const char *name) {
    size_t length = strlen(name);
    for (const char *at = list; at && *at; at += strcspn(at, ","), at += *at == ',') {
        size_t item = strcspn(at, ",");
        if (item == length && memcmp(at, name, length) == 0)
            return 1;
    }
    return list == NULL;
}

static int is_row_wanted(const char *rows, size_t number) {
    return !rows || (strcmp(rows, "odd") == 0) == (number % 2 == 1);
}

static void add_intent(struct prediction *prediction, size_t *count, uint32_t intent) {
    for (size_t i = 0; i < *count; i++)
        if (prediction->intents[i] == intent)
            return;
    if (*count < INTENT_SUGGESTIONS_MAX)
        prediction->intents[(*count)++] = intent;
}

/* Two questions in one message: both are answered, the first counts as the answer. */
static struct prediction predict(const struct understood *understood) {
    struct prediction prediction = {"none", {CONTENT_NONE, CONTENT_NONE, CONTENT_NONE}, 0};
    const struct intent_decision *whole = &understood->whole;
    size_t count = 0;
    prediction.is_answer = whole->outcome == INTENT_ANSWER || understood->part_count > 1;
    if (prediction.is_answer)
        prediction.outcome = "answer";
    else if (whole->outcome == INTENT_SUGGEST)
        prediction.outcome = "suggest";
    for (size_t i = 0; understood->part_count > 1 && i < understood->part_count; i++)
        add_intent(&prediction, &count, understood->parts[i].intent);
    if (whole->outcome == INTENT_ANSWER)
        add_intent(&prediction, &count, whole->intent);
    if (whole->outcome == INTENT_NONE)
        return prediction;
    for (size_t i = 0; i < whole->suggestion_count; i++)
        add_intent(&prediction, &count, whole->suggestions[i].intent);
    return prediction;
}

static const char *id_of(const struct content *content, uint32_t intent) {
    return intent == CONTENT_NONE ? "" : content->intents[intent].id;
}

static void write_prediction(struct evaluation *evaluation, const struct eval_row *row,
                             const struct prediction *prediction) {
    const struct content *content = evaluation->understand.content;
    if (evaluation->predictions)
        (void)fprintf(evaluation->predictions, "%s\t%s\t%s\t%s\t%s\n", row->text, prediction->outcome,
                      id_of(content, prediction->intents[0]), id_of(content, prediction->intents[1]),
                      id_of(content, prediction->intents[2]));
}

static int is_right(const struct content *content, const struct eval_row *row, uint32_t intent) {
    for (size_t i = 0; i < row->intent_count; i++)
        if (strcmp(row->intents[i], id_of(content, intent)) == 0)
            return 1;
    return 0;
}

static enum eval_verdict judge(const struct content *content, const struct eval_row *row,
                               const struct prediction *prediction) {
    if (prediction->is_answer)
        return is_right(content, row, prediction->intents[0]) ? EVAL_RIGHT : EVAL_WRONG;
    for (size_t i = 0; i < INTENT_SUGGESTIONS_MAX; i++)
        if (is_right(content, row, prediction->intents[i]))
            return EVAL_OFFERED;
    return EVAL_MISSED;
}

static void print_error(const struct evaluation *evaluation, const struct eval_row *row,
                        const struct prediction *prediction, const char *verdict) {
    const struct content *content = evaluation->understand.content;
    if (evaluation->options->errors)
        printf("%s:%zu: %s: %s -> %s %s %s %s: %s\n", evaluation->options->file, row->number + 1, verdict,
               row->intents[0], prediction->outcome, id_of(content, prediction->intents[0]),
               id_of(content, prediction->intents[1]), id_of(content, prediction->intents[2]), row->text);
}

static void judge_outside(struct evaluation *evaluation, const struct eval_row *row,
                          const struct prediction *prediction) {
    struct eval_report *report = &evaluation->report;
    int is_told =
        prediction->is_answer && evaluation->understand.content->intents[prediction->intents[0]].is_outside;
    report->outside_rows++;
    report->outside_told += is_told != 0;
    report->outside_answered += prediction->is_answer && !is_told;
    report->outside_asked += !prediction->is_answer && prediction->intents[0] != CONTENT_NONE;
    if (prediction->is_answer && !is_told)
        print_error(evaluation, row, prediction, "out of scope, answered");
}

/* The first label of the row that this content has. */
static uint32_t expected_intent(const struct content *content, const struct eval_row *row) {
    for (size_t i = 0; i < row->intent_count; i++) {
        uint32_t intent = content_intent_index(content, row->intents[i]);
        if (intent != CONTENT_NONE)
            return intent;
    }
    return CONTENT_NONE;
}

static void judge_row(struct evaluation *evaluation, const struct eval_row *row) {
    static const char *const verdicts[EVAL_VERDICTS] = {"right", "offered", "wrong", "missed"};
    const struct content *content = evaluation->understand.content;
    struct understood understood;
    understand_message(&evaluation->understand, row->text, row->text_length, &understood);
    struct prediction prediction = predict(&understood);
    write_prediction(evaluation, row, &prediction);
    if (row->intent_count == 1 && strcmp(row->intents[0], "none") == 0) {
        if (understood.whole.is_near_danger)
            eval_report_checked(&evaluation->report, CONTENT_NONE);
        judge_outside(evaluation, row, &prediction);
        return;
    }
    uint32_t expected = expected_intent(content, row);
    if (expected == CONTENT_NONE) {
        evaluation->report.unknown_rows++;
        return;
    }
    if (!is_in_list(evaluation->options->groups, content->intents[expected].topic)) {
        evaluation->report.skipped_rows++;
        return;
    }
    enum eval_verdict verdict = judge(content, row, &prediction);
    eval_report_add(&evaluation->report, expected,
                    prediction.is_answer ? prediction.intents[0] : CONTENT_NONE, verdict);
    if (understood.whole.is_near_danger)
        eval_report_checked(&evaluation->report, expected);
    if (verdict != EVAL_RIGHT)
        print_error(evaluation, row, &prediction, verdicts[verdict]);
}

static int open_predictions(struct evaluation *evaluation) {
    const char *path = evaluation->options->predictions;
    if (!path)
        return 0;
    evaluation->predictions = fopen(path, "w");
    if (!evaluation->predictions) {
        (void)fprintf(stderr, "%s: cannot be written: %s\n", path, strerror(errno));
        return 1;
    }
    (void)fputs("text\toutcome\tfirst\tsecond\tthird\n", evaluation->predictions);
    return 0;
}

static int close_predictions(struct evaluation *evaluation) {
    if (!evaluation->predictions)
        return 0;
    int failed = ferror(evaluation->predictions);
    failed |= fclose(evaluation->predictions);
    if (failed)
        (void)fprintf(stderr, "%s: could not be written to the end; is the disk full?\n",
                      evaluation->options->predictions);
    return failed != 0;
}

static int has_topic(const struct content *content, const char *name, size_t length) {
    for (size_t i = 0; i < content->intent_count; i++) {
        const char *topic = content->intents[i].topic;
        if (topic && strlen(topic) == length && memcmp(topic, name, length) == 0)
            return 1;
    }
    return 0;
}

/* 0, or 2 after naming the topics there are: a misspelt one would judge nothing. */
static int check_groups(const struct content *content, const char *list) {
    for (const char *at = list; at && *at; at += strcspn(at, ","), at += *at == ',') {
        size_t length = strcspn(at, ",");
        if (has_topic(content, at, length))
            continue;
        (void)fprintf(stderr, "pandu eval: there is no group \"%.*s\"; the groups are:", (int)length, at);
        for (size_t i = 0; i < content->intent_count; i++) {
            const char *topic = content->intents[i].topic;
            size_t first = 0;
            while (topic &&
                   (!content->intents[first].topic || strcmp(content->intents[first].topic, topic) != 0))
                first++;
            if (topic && first == i)
                (void)fprintf(stderr, " %s", topic);
        }
        (void)fputc('\n', stderr);
        return 2;
    }
    return list && !*list ? usage("--groups is empty") : 0;
}

static int evaluate(struct evaluation *evaluation) {
    const struct eval_options *options = evaluation->options;
    int status = eval_file_read(options->file, &evaluation->file);
    if (status == 0)
        status = understand_open(&evaluation->understand, options->content, options->site, NULL);
    if (status == 0)
        status = check_groups(evaluation->understand.content, options->groups);
    if (status == 0 && eval_report_init(&evaluation->report, evaluation->understand.content) < 0)
        status = 1;
    if (status == 0)
        status = open_predictions(evaluation);
    for (size_t i = 0; status == 0 && i < evaluation->file.count; i++)
        if (is_row_wanted(options->rows, evaluation->file.rows[i].number))
            judge_row(evaluation, &evaluation->file.rows[i]);
    if (status == 0)
        eval_report_print(&evaluation->report);
    if (status == 0 && evaluation->file.left_out > 0)
        printf("%zu lines left out: no intent\n", evaluation->file.left_out);
    return close_predictions(evaluation) ? 1 : status;
}

static int run(int count, char **arguments) {
    struct eval_options options = {0};
    int status = read_options(count, arguments, &options);
    if (status)
        return status;
    struct evaluation evaluation = {.options = &options};
    status = evaluate(&evaluation);
    eval_report_close(&evaluation.report);
    understand_close(&evaluation.understand);
    eval_file_close(&evaluation.file);
    if (fflush(stdout) != 0)
        status = 1;
    return status;
}

const struct cli_verb cli_eval = {
    .name = "eval",
    .run = run,
    .summary = "how many labelled messages are understood",
    .help = "pandu eval FILE.tsv [--groups LIST] [--predictions OUT.tsv] [--rows odd|even] [--errors]\n"
            "           [--content FOLDER] [--site FOLDER]\n\n"
            "FILE.tsv has the columns text and intent (several right ones joined by |, none for out of "
            "scope), named "
            "in\n"
            "its first line. Every message is judged as the first of a conversation.\n"
            "  right     answered with the right intent        offered   asked back, the right one among the "
            "choices\n"
            "  wrong     answered with another intent          missed    asked back without it, or nothing "
            "found\n"
            "Of danger is told what a pattern found, and what would be asked about first (checked).\n"
            "--groups judges only messages of these topics (comma-separated). --rows odd or even: every "
            "second row, "
            "counted\n"
            "from 1 below the header. --errors lists every row that is not right. --predictions writes text, "
            "outcome\n"
            "(answer, suggest, none) and the first three intents of every row.\n"
            "Exit status: 0 if the file could be read, whatever the result; 1 if not; 2 for a wrong call.\n"};
