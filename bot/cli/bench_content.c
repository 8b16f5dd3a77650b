/* `pandu bench content`: times loading the content and deciding what its own examples mean. Stores nothing
   and answers nothing. Called by bench.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "cli/bench.h"
#include "cli/understand.h"
#include "domain/content/content.h"
#include "json/value.h"

#include "banned.h"

enum { LOADS = 3, PASSES_DEFAULT = 5, PASSES_MAX = 100, HALVED_WORDS_LEAST = 4 };

struct message {
    const char *text; /* of the content */
    int is_example;   /* else the second half of one */
    int outcome;      /* enum intent_outcome */
    double us;        /* median of the passes */
};

struct bench_content {
    const char *content, *site;
    size_t passes;
    struct understand understand;
    struct message *messages;
    size_t count;
    double *times; /* room for one a message, or a pass */
    double load_ms, load_made_ms;
};

/* Median and 99 of 100 of the messages of a kind. */
struct figures {
    size_t count;
    double median_us, p99_us;
};

static int read_arguments(int count, char **arguments, struct bench_content *bench) {
    bench->passes = PASSES_DEFAULT;
    for (int i = 2; i + 1 < count; i += 2) {
        const char *value = arguments[i + 1];
        if (strcmp(arguments[i], "--content") == 0)
            bench->content = value;
        else if (strcmp(arguments[i], "--site") == 0)
            bench->site = value;
        else if (strcmp(arguments[i], "--passes") == 0)
            bench->passes = (size_t)strtoul(value, NULL, 10);
        else
            return 0;
    }
    return count % 2 == 0 && bench->passes >= 1 && bench->passes <= PASSES_MAX;
}

/* Milliseconds of one load, the median of some; below 0 after a complaint. The last one stays open. */
static double time_loads(struct bench_content *bench) {
    double times[LOADS];
    for (size_t i = 0; i < LOADS; i++) {
        understand_close(&bench->understand);
        double start = bench_now_us();
        if (understand_open(&bench->understand, bench->content, bench->site, NULL))
            return -1;
        times[i] = (bench_now_us() - start) / 1e3;
    }
    return bench_share_of(times, LOADS, 0.5);
}

/* Loads where nothing is kept, as the first start after a change does, and then as every other one does
   (app/kept.h). 0, or the exit status 1 after a complaint. */
static int load(struct bench_content *bench) {
    static const char where[] = "PANDU_CACHE";
    const char *usual = getenv(where);
    char *before = usual ? strdup(usual) : NULL;
    int failed = (usual && !before) || setenv(where, "", 1) != 0;
    bench->load_made_ms = failed ? -1 : time_loads(bench);
    failed = failed || (before ? setenv(where, before, 1) : unsetenv(where)) != 0;
    free(before);
    if (failed || bench->load_made_ms < 0)
        return 1;
    understand_close(&bench->understand);
    if (understand_open(&bench->understand, bench->content, bench->site, NULL)) /* is kept now */
        return 1;
    bench->load_ms = time_loads(bench);
    return bench->load_ms < 0;
}

/* What is left of text behind half of its words, or NULL if it has few. */
static const char *second_half(const char *text) {
    size_t words = 1;
    for (const char *at = text; *at; at++)
        words += *at == ' ';
    if (words < HALVED_WORDS_LEAST)
        return NULL;
    for (size_t left = words / 2; left > 0; left--)
        text = strchr(text, ' ') + 1;
    return text;
}

static void add(struct bench_content *bench, const char *text, int is_example) {
    if (text && *text)
        bench->messages[bench->count++] = (struct message){.text = text, .is_example = is_example};
}

/* 0 or ERR_MEMORY. */
static int collect(struct bench_content *bench) {
    const struct content *content = bench->understand.content;
    size_t examples = 0;
    for (size_t i = 0; i < content->intent_count; i++)
        examples += content->intents[i].example_count;
    bench->messages = calloc(2 * examples + 1, sizeof *bench->messages);
    bench->times = calloc(2 * examples + PASSES_MAX, sizeof *bench->times);
    if (!bench->messages || !bench->times)
        return ERR_MEMORY;
    for (size_t i = 0; i < content->intent_count; i++) {
        const struct content_intent *intent = &content->intents[i];
        for (size_t j = 0; j < intent->example_count; j++) {
            add(bench, intent->examples[j], 1);
            add(bench, second_half(intent->examples[j]), 0);
        }
    }
    return 0;
}

/* As the engine does it with the first message of a conversation. Returns microseconds. */
static double decide(struct bench_content *bench, struct message *message) {
    const struct understand *understand = &bench->understand;
    const struct intent_context nothing = {NULL, NULL, NULL};
    struct intent_decision decision;
    struct text text;
    arena_reset(understand->arena);
    double start = bench_now_us();
    text_fold(understand->content->lexicon, message->text, strlen(message->text), TEXT_NO_LANGUAGE,
              understand->arena, &text);
    intent_decide_briefly(understand->content, understand->scratch, &text, &nothing, understand->arena,
                          &decision);
    message->outcome = (int)decision.outcome;
    return bench_now_us() - start;
}

/* Every pass goes through all messages, so that each finds the caches as other messages left them. The first
   one is not counted: patterns compile late. */
static int time_messages(struct bench_content *bench) {
    double *passes = calloc(bench->count * bench->passes + 1, sizeof *passes);
    if (!passes)
        return ERR_MEMORY;
    for (size_t i = 0; i < bench->count; i++)
        (void)decide(bench, &bench->messages[i]);
    for (size_t pass = 0; pass < bench->passes; pass++)
        for (size_t i = 0; i < bench->count; i++)
            passes[i * bench->passes + pass] = decide(bench, &bench->messages[i]);
    for (size_t i = 0; i < bench->count; i++)
        bench->messages[i].us = bench_share_of(passes + i * bench->passes, bench->passes, 0.5);
    free(passes);
    return 0;
}

/* outcome -1: the examples, whatever became of them. */
static struct figures sum_up(struct bench_content *bench, int outcome) {
    struct figures figures = {0, 0, 0};
    for (size_t i = 0; i < bench->count; i++) {
        const struct message *message = &bench->messages[i];
        if (outcome < 0 ? message->is_example : message->outcome == outcome)
            bench->times[figures.count++] = message->us;
    }
    figures.median_us = bench_share_of(bench->times, figures.count, 0.5);
    figures.p99_us = bench_share_of(bench->times, figures.count, 0.99);
    return figures;
}

static int set_figures(struct value *object, const char *key, const struct figures *figures) {
    struct value *inner = value_new_object();
    if (value_set_int(inner, "messages", (int64_t)figures->count) ||
        bench_set_real(inner, "median_us", figures->median_us) ||
        bench_set_real(inner, "p99_us", figures->p99_us)) {
        value_free(inner);
        return ERR_MEMORY;
    }
    return value_set_take(object, key, inner);
}

/* 0 or an ERR code. */
static int print(struct bench_content *bench) {
    static const struct {
        const char *key, *name;
        int outcome;
    } rows[] = {{"examples", "all examples", -1},
                {"answer", "answered", INTENT_ANSWER},
                {"suggest", "did you mean", INTENT_SUGGEST},
                {"none", "not understood", INTENT_NONE}};
    struct value *object = value_new_object();
    int failed = bench_set_real(object, "load_ms", bench->load_ms) ||
                 bench_set_real(object, "load_made_ms", bench->load_made_ms);
    (void)fprintf(stderr,
                  "loading the content: %.1f ms; where the index of its examples is not kept: %.1f ms\n"
                  "%-16s %9s %10s %8s\n",
                  bench->load_ms, bench->load_made_ms, "deciding", "messages", "median us", "p99 us");
    for (size_t i = 0; i < sizeof rows / sizeof *rows && !failed; i++) {
        struct figures figures = sum_up(bench, rows[i].outcome);
        (void)fprintf(stderr, "%-16s %9zu %10.1f %8.1f\n", rows[i].name, figures.count, figures.median_us,
                      figures.p99_us);
        failed = set_figures(object, rows[i].key, &figures);
    }
    failed = failed || bench_set_real(object, "rss_mb", bench_rss_mb());
    char *text = failed ? NULL : value_print(object, 0);
    failed = text == NULL || printf("%s\n", text) < 0 || fflush(stdout) != 0;
    free(text);
    value_free(object);
    return failed ? ERR_IO : 0;
}

int bench_content(int count, char **arguments) {
    struct bench_content bench = {0};
    if (!read_arguments(count, arguments, &bench))
        return 2;
    int status = load(&bench);
    if (status == 0 && (collect(&bench) != 0 || time_messages(&bench) != 0 || print(&bench) != 0)) {
        (void)fprintf(stderr, "pandu bench: out of memory, or the result could not be written\n");
        status = 1;
    }
    free(bench.messages);
    free(bench.times);
    understand_close(&bench.understand);
    return status;
}
