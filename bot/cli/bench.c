/* `pandu bench`; `match` times pattern matching on files of patterns and messages, through the prefilter or
   as a plain loop over all patterns. Never loads content: `content` is bench_content.c. Called by cli_main.
 */
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/utf8.h"
#include "cli/bench.h"
#include "domain/pattern/pattern.h"
#include "json/value.h"

#include "banned.h"

enum {
    FILE_MAX = 512 * 1024 * 1024,
    PASSES_MAX = 101,
    PASSES_LEAST = 5,
    BUDGET_MS = 1500,
    SAMPLES_PASSES = 5
};

enum loop { LOOP_NONE, LOOP_INTERPRETER, LOOP_JIT };

struct line {
    const char *text;
    size_t length;
};

struct bench {
    const char *pattern_file, *message_file;
    enum loop loop;
    struct buf patterns, messages; /* the files */
    struct line *lines;            /* the messages */
    size_t line_count;
    struct pattern_set *set;
    struct pattern_scratch *scratch;
    struct pattern_hit *hits; /* room for one of every pattern */
};

struct figures {
    double load_ms, first_us, all_us, p99_us;
    uint64_t hits, checksum;
};

double bench_now_us(void) {
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) {
        return 0;
    }
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int read_file(const char *path, struct buf *into, struct err *err) {
    char chunk[16 * 1024];
    FILE *file = fopen(path, "rb");
    int code = 0;
    buf_init(into, FILE_MAX);
    if (file == NULL) {
        return err_set(err, ERR_IO, "%s cannot be opened", path);
    }
    for (size_t size = 1; size > 0 && code == 0;) {
        size = fread(chunk, 1, sizeof chunk, file);
        code = buf_add(into, chunk, size);
    }
    int is_bad = ferror(file) != 0;
    is_bad = fclose(file) != 0 || is_bad;
    if (code != 0 || is_bad) {
        return err_set(err, code != 0 ? code : ERR_IO, "%s cannot be read", path);
    }
    return 0;
}

/* The next line without its end; 0 when there is none. */
static int next_line(const struct buf *file, size_t *at, struct line *line) {
    if (*at >= file->length) {
        return 0;
    }
    const char *start = file->data + *at, *end = memchr(start, '\n', file->length - *at);
    line->text = start;
    line->length = end != NULL ? (size_t)(end - start) : file->length - *at;
    *at += line->length + 1;
    if (line->length > 0 && start[line->length - 1] == '\r') {
        line->length--;
    }
    return 1;
}

/* intent TAB expression; columns behind a second TAB are not looked at. */
static int add_pattern(struct bench *bench, const struct line *line, struct err *err) {
    const char *end = line->text + line->length, *tab = memchr(line->text, '\t', line->length);
    if (tab == NULL) {
        return err_set(err, ERR_SYNTAX, "a line is: intent TAB expression");
    }
    const char *stop = memchr(tab + 1, '\t', (size_t)(end - tab - 1));
    size_t length = (size_t)((stop != NULL ? stop : end) - tab - 1);
    int64_t number = pattern_add(bench->set, tab + 1, length, PATTERN_PLAIN, err);
    if (number < 0 && err->column > 0) {
        err->column += (int)(tab + 1 - line->text);
    }
    return number < 0 ? (int)number : 0;
}

static int load_patterns(struct bench *bench, struct err *err) {
    struct line line;
    int number = 0;
    bench->set = pattern_set_new();
    if (bench->set == NULL || read_file(bench->pattern_file, &bench->patterns, err) != 0) {
        return err_set(err, ERR_MEMORY, "out of memory");
    }
    for (size_t at = 0; next_line(&bench->patterns, &at, &line);) {
        number++;
        if (line.length > 0 && add_pattern(bench, &line, err) != 0) {
            err_at(err, bench->pattern_file, number, err->column > 0 ? err->column : 1, NULL);
            return err->code;
        }
    }
    if (pattern_set_count(bench->set) == 0) {
        return err_set(err, ERR_INVALID, "%s holds no pattern", bench->pattern_file);
    }
    if (pattern_set_seal(bench->set, err) != 0) {
        return err->code;
    }
    bench->scratch = pattern_scratch_new(bench->set);
    bench->hits = calloc(pattern_set_count(bench->set) + 1, sizeof *bench->hits);
    if (bench->scratch == NULL || bench->hits == NULL ||
        (bench->loop == LOOP_JIT && pattern_scratch_heat(bench->scratch) != 0)) {
        return err_set(err, ERR_MEMORY, "out of memory");
    }
    return 0;
}

static int load_messages(struct bench *bench, struct err *err) {
    struct line line;
    size_t capacity = 0;
    int has_message = 0;
    int code = read_file(bench->message_file, &bench->messages, err);
    for (size_t at = 0; code == 0 && next_line(&bench->messages, &at, &line);) {
        if (bench->line_count == capacity) {
            capacity = capacity != 0 ? capacity * 2 : 1024;
            struct line *lines = realloc(bench->lines, capacity * sizeof *lines);
            if (lines == NULL) {
                return err_set(err, ERR_MEMORY, "out of memory");
            }
            bench->lines = lines;
        }
        bench->lines[bench->line_count++] = line;
        has_message = has_message || line.length > 0;
    }
    if (code == 0 && !has_message) {
        code = err_set(err, ERR_INVALID, "%s holds no message", bench->message_file);
    }
    return code;
}

/* The decision on one message, from its bytes: how many hits (at most limit). Bytes that are not UTF-8 hit
   nothing. */
static size_t match(struct bench *bench, const struct line *line, size_t limit) {
    return u8_valid(line->text, line->length) ? pattern_match_all(bench->set, bench->scratch, line->text,
                                                                  line->length, bench->hits, limit, NULL)
                                              : 0;
}

/* The same by the plain loop. *first_us: until the first hit, or to the end. */
static size_t match_by_loop(struct bench *bench, const struct line *line, double start, double *first_us) {
    size_t count = 0, patterns = pattern_set_count(bench->set);
    if (u8_valid(line->text, line->length)) {
        for (uint32_t i = 0; i < patterns; i++) {
            int result = bench->loop == LOOP_JIT
                             ? pattern_match_hot(bench->set, bench->scratch, i, line->text, line->length,
                                                 &bench->hits[count])
                             : pattern_match_one(bench->set, bench->scratch, i, line->text, line->length,
                                                 &bench->hits[count]);
            if (result == 1 && count++ == 0) {
                *first_us = bench_now_us() - start;
            }
        }
    }
    if (count == 0) {
        *first_us = bench_now_us() - start;
    }
    return count;
}

/* Order counts: the sum of one message goes into that of the next. */
static uint64_t add_to_checksum(uint64_t checksum, const struct pattern_hit *hit, size_t count) {
    uint64_t first[3] = {UINT64_MAX, 0, 0};
    if (count > 0) {
        first[0] = hit->pattern;
        first[1] = hit->span.start;
        first[2] = hit->span.end;
    }
    return hash_bytes(checksum, first, sizeof first);
}

static int compare_times(const void *left, const void *right) {
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

double bench_share_of(double *times, size_t count, double share) {
    qsort(times, count, sizeof *times, compare_times);
    size_t at = (size_t)((double)count * share);
    if (count == 0) {
        return 0;
    }
    return times[at < count ? at : count - 1];
}

static double time_pass(struct bench *bench, size_t limit, uint64_t *hits) {
    double start = bench_now_us();
    *hits = 0;
    for (size_t i = 0; i < bench->line_count; i++) {
        *hits += match(bench, &bench->lines[i], limit);
    }
    return (bench_now_us() - start) / (double)bench->line_count;
}

static double sum_up(struct bench *bench, uint64_t *checksum) {
    double start = bench_now_us();
    *checksum = 0;
    for (size_t i = 0; i < bench->line_count; i++) {
        size_t count = match(bench, &bench->lines[i], 1);
        *checksum = add_to_checksum(*checksum, bench->hits, count);
    }
    return bench_now_us() - start;
}

/* 99 of 100 first hits take at most this long, each message timed on its own. */
static int time_messages(struct bench *bench, double *p99_us) {
    size_t count = bench->line_count * SAMPLES_PASSES;
    double *times = calloc(count, sizeof *times);
    if (times == NULL) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        double start = bench_now_us();
        (void)match(bench, &bench->lines[i % bench->line_count], 1);
        times[i] = bench_now_us() - start;
    }
    *p99_us = bench_share_of(times, count, 0.99);
    free(times);
    return 0;
}

/* First an untimed pass for the checksum and the caches, then first and all in turn; medians of the passes.
 */
static int run_prefilter(struct bench *bench, struct figures *figures) {
    double first[PASSES_MAX], all[PASSES_MAX], start = bench_now_us();
    uint64_t first_hits;
    size_t passes = 0, limit = pattern_set_count(bench->set);
    (void)sum_up(bench, &figures->checksum);
    while (passes < PASSES_MAX && (passes < PASSES_LEAST || bench_now_us() - start < BUDGET_MS * 1e3)) {
        first[passes] = time_pass(bench, 1, &first_hits);
        all[passes] = time_pass(bench, limit, &figures->hits);
        passes++;
    }
    figures->first_us = bench_share_of(first, passes, 0.5);
    figures->all_us = bench_share_of(all, passes, 0.5);
    return time_messages(bench, &figures->p99_us);
}

/* One pass of the loop; times[] gets each message's time to its first hit. Returns microseconds a message. */
static double loop_pass(struct bench *bench, struct figures *figures, double *times, double *first_us) {
    double all = 0;
    *first_us = 0;
    figures->hits = figures->checksum = 0;
    for (size_t i = 0; i < bench->line_count; i++) {
        double start = bench_now_us();
        size_t count = match_by_loop(bench, &bench->lines[i], start, &times[i]);
        all += bench_now_us() - start;
        *first_us += times[i];
        figures->hits += count;
        figures->checksum = add_to_checksum(figures->checksum, bench->hits, count);
    }
    *first_us /= (double)bench->line_count;
    return all / (double)bench->line_count;
}

static int run_loop(struct bench *bench, struct figures *figures) {
    double first[PASSES_MAX], all[PASSES_MAX], start = bench_now_us();
    double *times = calloc(bench->line_count, sizeof *times);
    size_t passes = 0;
    if (times == NULL) {
        return ERR_MEMORY;
    }
    do {
        all[passes] = loop_pass(bench, figures, times, &first[passes]);
        passes++;
    } while (passes < PASSES_LEAST && bench_now_us() - start < BUDGET_MS * 1e3);
    figures->first_us = bench_share_of(first, passes, 0.5);
    figures->all_us = bench_share_of(all, passes, 0.5);
    figures->p99_us = bench_share_of(times, bench->line_count, 0.99);
    free(times);
    return 0;
}

static int run(struct bench *bench, struct figures *figures, struct err *err) {
    int code = load_messages(bench, err);
    double start = bench_now_us();
    if (code == 0) {
        code = load_patterns(bench, err);
        figures->load_ms = (bench_now_us() - start) / 1e3;
    }
    if (code == 0) {
        code = bench->loop == LOOP_NONE ? run_prefilter(bench, figures) : run_loop(bench, figures);
    }
    return code != 0 ? err_set(err, code, "out of memory") : 0;
}

static double rounded(double number) {
    return (double)(int64_t)(number * 1e4 + 0.5) / 1e4;
}

/* Memory in use: the second number of /proc/self/statm, in pages (proc(5)). Not ru_maxrss: that begins with
   what the parent process used. */
double bench_rss_mb(void) {
    char line[128] = "";
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL) {
        return 0;
    }
    const char *space = fgets(line, sizeof line, file) != NULL ? strchr(line, ' ') : NULL;
    (void)fclose(file);
    return space != NULL ? strtod(space, NULL) * (double)sysconf(_SC_PAGESIZE) / (1024 * 1024) : 0;
}

int bench_set_real(struct value *object, const char *key, double number) {
    return value_set_take(object, key, value_new_real(rounded(number)));
}

static int print(const struct bench *bench, const struct figures *figures) {
    static const char *const ways[] = {"prefilter", "interpreter", "jit"};
    char checksum[17];
    (void)snprintf(checksum, sizeof checksum, "%016llx", (unsigned long long)figures->checksum);
    struct value *object = value_new_object();
    int failed = object == NULL || value_set_text(object, "way", ways[bench->loop]) ||
                 value_set_int(object, "patterns", (int64_t)pattern_set_count(bench->set)) ||
                 value_set_int(object, "messages", (int64_t)bench->line_count) ||
                 bench_set_real(object, "load_ms", figures->load_ms) ||
                 bench_set_real(object, "first_us", figures->first_us) ||
                 bench_set_real(object, "all_us", figures->all_us) ||
                 bench_set_real(object, "p99_us", figures->p99_us) ||
                 bench_set_real(object, "rss_mb", bench_rss_mb()) ||
                 value_set_int(object, "hits", (int64_t)figures->hits) ||
                 value_set_text(object, "checksum", checksum);
    char *text = failed ? NULL : value_print(object, 0);
    failed = text == NULL || printf("%s\n", text) < 0 || fflush(stdout) != 0;
    free(text);
    value_free(object);
    return failed ? ERR_IO : 0;
}

static void complain(const struct err *err) {
    if (err->line > 0) {
        (void)fprintf(stderr, "pandu bench: %s:%d:%d: %s\n", err->file, err->line, err->column, err->text);
    } else {
        (void)fprintf(stderr, "pandu bench: %s\n", err->text);
    }
}

static int read_loop(const char *name, enum loop *loop) {
    *loop = strcmp(name, "jit") == 0 ? LOOP_JIT : LOOP_INTERPRETER;
    return *loop == LOOP_JIT || strcmp(name, "interpreter") == 0;
}

static int read_arguments(int count, char **arguments, struct bench *bench) {
    if (count < 2 || strcmp(arguments[1], "match") != 0 || count % 2 != 0) {
        return 0;
    }
    for (int i = 2; i + 1 < count; i += 2) {
        if (strcmp(arguments[i], "--patterns") == 0) {
            bench->pattern_file = arguments[i + 1];
        } else if (strcmp(arguments[i], "--messages") == 0) {
            bench->message_file = arguments[i + 1];
        } else if (strcmp(arguments[i], "--loop") != 0 || !read_loop(arguments[i + 1], &bench->loop)) {
            return 0;
        }
    }
    return bench->pattern_file != NULL && bench->message_file != NULL;
}

static void bench_close(struct bench *bench) {
    pattern_scratch_free(bench->scratch);
    pattern_set_free(bench->set);
    free(bench->hits);
    free(bench->lines);
    buf_close(&bench->patterns);
    buf_close(&bench->messages);
}

static int run_bench(int count, char **arguments) {
    struct bench bench = {0};
    struct figures figures = {0};
    struct err err;
    err_clear(&err);
    if (count > 1 && strcmp(arguments[1], "content") == 0) {
        int status = bench_content(count, arguments);
        if (status == 2) {
            (void)fprintf(stderr, "%s", cli_bench.help);
        }
        return status;
    }
    if (!read_arguments(count, arguments, &bench)) {
        (void)fprintf(stderr, "%s", cli_bench.help);
        return 2;
    }
    int code = run(&bench, &figures, &err);
    if (code != 0) {
        complain(&err);
    } else {
        code = print(&bench, &figures);
    }
    bench_close(&bench);
    return code == 0 ? 0 : 1;
}

const struct cli_verb cli_bench = {
    .name = "bench",
    .run = run_bench,
    .summary = "time pattern matching, or understanding with the content",
    .help =
        "usage: pandu bench match --patterns FILE.tsv --messages FILE.txt [--loop jit|interpreter]\n"
        "       pandu bench content [--content FOLDER] [--site FOLDER] [--passes N]\n"
        "\n"
        "Times a set of patterns (intent TAB PCRE2 expression; UTF, UCP, caseless; file order decides) on\n"
        "messages (raw, one a line), from their bytes to the decision, and prints one line of JSON:\n"
        "first_us, all_us: microseconds a message for the first hit, for all hits (median of the passes);\n"
        "p99_us: of first hits; hits: all of one pass; checksum: of every message's first hit, in order.\n"
        "--loop tries every pattern with PCRE2 alone, as a yardstick; hits and checksum must be the same.\n"
        "\n"
        "content times the loaded content itself: loading it (load_ms, median of 3), and deciding what a\n"
        "message means, folding included, each as the first of a conversation. The messages are the\n"
        "content's examples, and their second halves, which say less and are asked back more often. Every\n"
        "message counts with the median of N passes (default 5); median and p99 are in microseconds, for "
        "the\n"
        "examples, and for all messages by outcome. A table goes to standard error, one line of JSON to\n"
        "standard output.\n"};
