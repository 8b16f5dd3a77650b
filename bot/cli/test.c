/* pandu test: plays conversations written as data and checks what comes of them. Never touches a real
   database. Called by main through cli.c. */
#include "cli/test.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/files.h"
#include "base/arena.h"
#include "base/err.h"
#include "cli/cli.h"
#include "cli/cli_options.h"

#include "banned.h"

enum { PATHS_MAX = 256, FILES_MAX = 4096, RESULTS_MAX = 20000, DEPTH_MAX = 8 };

struct test_run {
    struct test_options options;
    const char *paths[PATHS_MAX];
    size_t path_count;
    double minimum; /* percent of coverage; below it the run fails */
    struct arena *arena;
    const char **files;
    size_t file_count;
    struct test_world world;
    struct test_result *results;
    size_t result_count, broken_files;
};

/* ---- options ---- */

static int read_options(struct test_run *run, int count, char **arguments) {
    struct test_options *options = &run->options;
    struct cli_words words = {run->paths, PATHS_MAX, 0};
    const struct cli_option table[] = {
        {"--lang", &options->language, NULL},
        {"--content", &options->content, NULL},
        {"--site", &options->site, NULL},
        {"--junit", &options->junit, NULL},
        {"--coverage", &options->minimum, &options->covers},
        {"--coverage-min", &options->minimum, NULL},
        {"--ways", NULL, &options->ways},
    };
    if (cli_options_read("test", count, arguments, table, sizeof table / sizeof table[0], &words) != 0) {
        return TEST_USAGE;
    }
    run->path_count = words.count;
    if (run->path_count == 0) {
        run->paths[run->path_count++] = "tests/cases";
    }
    if (options->minimum != NULL) {
        char *end;
        run->minimum = strtod(options->minimum, &end);
        options->covers = 1;
        if (end == options->minimum || *end != '\0' || run->minimum < 0 || run->minimum > 100) {
            (void)fprintf(stderr, "pandu test: %s is no percentage from 0 to 100\n", options->minimum);
            return TEST_USAGE;
        }
    }
    return TEST_PASSED;
}

/* ---- files ---- */

static int fail_path(const char *path, const char *why) {
    (void)fprintf(stderr, "pandu test: %s: %s\n", path, why);
    return TEST_USAGE;
}

static int is_json(const char *name) {
    size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".json") == 0;
}

/* Folders that begin with a dot or an underscore hold no cases: editors' files, and content for upgrades. */
static int is_visible(const struct dirent *entry) {
    return entry->d_name[0] != '.' && entry->d_name[0] != '_';
}

static int add_path(struct test_run *run, const char *path, int depth);

static int add_folder(struct test_run *run, const char *path, int depth) {
    struct dirent **entries;
    int count = depth < DEPTH_MAX ? scandir(path, &entries, is_visible, alphasort) : -1;
    int rc = TEST_PASSED;
    if (count < 0) {
        return fail_path(path, depth < DEPTH_MAX ? strerror(errno) : "folders nest too deep");
    }
    for (int i = 0; i < count; i++) {
        const char *child = arena_format(run->arena, "%s/%s", path, entries[i]->d_name);
        struct stat about;
        int is_folder = stat(child, &about) == 0 && S_ISDIR(about.st_mode);
        if (rc == TEST_PASSED && (is_folder || is_json(child))) {
            rc = add_path(run, child, depth + 1);
        }
        free(entries[i]);
    }
    free(entries);
    return rc;
}

static int add_path(struct test_run *run, const char *path, int depth) {
    struct stat about;
    if (stat(path, &about) != 0) {
        return fail_path(path, strerror(errno));
    }
    if (S_ISDIR(about.st_mode)) {
        return add_folder(run, path, depth);
    }
    if (run->file_count == FILES_MAX) {
        return fail_path(path, "too many files");
    }
    run->files[run->file_count++] = path;
    return TEST_PASSED;
}

static int find_files(struct test_run *run) {
    int rc = TEST_PASSED;
    for (size_t i = 0; rc == TEST_PASSED && i < run->path_count; i++) {
        rc = add_path(run, run->paths[i], 0);
    }
    return rc;
}

/* ---- playing ---- */

static void play_case(struct test_run *run, const struct test_file *file, size_t index) {
    struct test_case test;
    test_case_at(file, index, run->arena, &test);
    struct test_result *result = &run->results[run->result_count++];
    *result = (struct test_result){.file = arena_text(run->arena, file->path),
                                   .name = arena_text(run->arena, test.name),
                                   .line = test_file_line(file, test.path)};
    buf_init(&result->report, 0);
    test_play(&run->world, &test, result);
    if (result->report.length > 0) {
        (void)printf("FAILED %s:%d \"%s\"\n%s\n", result->file, result->line, result->name,
                     buf_text(&result->report));
    }
}

static void play_file(struct test_run *run, const char *path) {
    struct test_file file;
    struct buf mistakes;
    buf_init(&mistakes, 0);
    if (test_file_open(&file, path, &mistakes) != 0) {
        run->broken_files++;
        (void)printf("%s", buf_text(&mistakes));
    } else {
        size_t count = test_case_count(&file);
        for (size_t i = 0; i < count && run->result_count < RESULTS_MAX; i++) {
            play_case(run, &file, i);
        }
    }
    test_file_close(&file);
    buf_close(&mistakes);
}

/* ---- the run ---- */

static int open_world(struct test_run *run) {
    struct err err = {0};
    const char *root = run->options.content != NULL ? run->options.content : app_content_root();
    run->world.language = run->options.language;
    run->world.bundles = bundles_new(root, run->options.site);
    if (run->world.bundles == NULL) {
        return fail_path(root, "out of memory");
    }
    struct content *content = bundles_get(run->world.bundles, NULL, NULL, NULL, &err);
    if (content == NULL) {
        return fail_path(root, err.text);
    }
    run->world.coverage = run->options.covers ? coverage_new(content) : NULL;
    run->world.ways = run->options.ways ? ways_new(content) : NULL;
    int is_open = (run->world.coverage != NULL || !run->options.covers) &&
                  (run->world.ways != NULL || !run->options.ways);
    return is_open ? TEST_PASSED : fail_path(root, "out of memory");
}

static int report_coverage(const struct test_run *run) {
    struct buf out;
    buf_init(&out, 0);
    double reached = coverage_report(run->world.coverage, &out);
    int rc = printf("%s", buf_text(&out)) < 0 ? TEST_FAILED : TEST_PASSED;
    if (reached < run->minimum) {
        (void)printf("the coverage is below %g %%\n", run->minimum);
        rc = TEST_FAILED;
    }
    buf_close(&out);
    return rc;
}

static int report_ways(const struct test_run *run) {
    struct buf out;
    buf_init(&out, 0);
    size_t missing = ways_report(run->world.ways, &out);
    int rc = printf("%s", buf_text(&out)) < 0 || missing > 0 ? TEST_FAILED : TEST_PASSED;
    buf_close(&out);
    return rc;
}

static int summarise(const struct test_run *run) {
    size_t failed = 0, turns = 0;
    for (size_t i = 0; i < run->result_count; i++) {
        failed += run->results[i].report.length > 0;
        turns += run->results[i].turns;
    }
    int rc = run->world.coverage != NULL ? report_coverage(run) : TEST_PASSED;
    rc = run->world.ways != NULL && report_ways(run) != TEST_PASSED ? TEST_FAILED : rc;
    (void)printf("%zu files, %zu conversations, %zu turns: %zu failed, %zu files with mistakes\n",
                 run->file_count, run->result_count, turns, failed, run->broken_files);
    if (run->result_count == 0 && run->broken_files == 0) {
        (void)printf("there are no cases, and that is no success\n");
        rc = TEST_FAILED;
    }
    return failed > 0 || run->broken_files > 0 ? TEST_FAILED : rc;
}

static int play_all(struct test_run *run) {
    int rc = find_files(run);
    rc = rc == TEST_PASSED ? open_world(run) : rc;
    if (rc != TEST_PASSED) {
        return rc;
    }
    for (size_t i = 0; i < run->file_count; i++) {
        play_file(run, run->files[i]);
    }
    rc = summarise(run);
    if (run->options.junit != NULL &&
        test_write_junit(run->options.junit, run->results, run->result_count) != 0) {
        return TEST_USAGE;
    }
    return fflush(stdout) == 0 ? rc : TEST_USAGE;
}

static void close_run(struct test_run *run) {
    for (size_t i = 0; i < run->result_count; i++) {
        buf_close(&run->results[i].report);
    }
    coverage_free(run->world.coverage);
    ways_free(run->world.ways);
    bundles_free(run->world.bundles);
    free(run->results);
    free(run->files);
    arena_free(run->arena);
}

static int test_run(int count, char **arguments) {
    struct test_run *run = calloc(1, sizeof *run);
    int rc = run != NULL ? read_options(run, count, arguments) : TEST_USAGE;
    if (rc == TEST_PASSED) {
        run->arena = arena_new(0);
        run->files = calloc(FILES_MAX, sizeof *run->files);
        run->results = calloc(RESULTS_MAX, sizeof *run->results);
        rc = run->arena != NULL && run->files != NULL && run->results != NULL
                 ? play_all(run)
                 : fail_path("test", "out of memory");
        close_run(run);
    }
    free(run);
    return rc;
}

const struct cli_verb cli_test = {
    .name = "test",
    .run = test_run,
    .summary = "play conversations written as data and check what comes",
    .help =
        "usage: pandu test [PATH...] [OPTIONS]\n"
        "\n"
        "Plays the conversations of every *.json below PATH (default: tests/cases) on a virtual clock and a "
        "store in\n"
        "memory. docs/testing.md tells how to write them; bot/schema/case.json is their schema.\n"
        "\n"
        "  --coverage[=PERCENT]   also print what no case reached of the dialogues; fail below PERCENT\n"
        "  --coverage-min PERCENT the same\n"
        "  --ways                 fail if a dialogue was never gone to its end, interrupted, corrected, "
        "stepped "
        "back,\n"
        "                         skipped, cancelled or resumed after days, in each language\n"
        "  --junit FILE           write the results as JUnit XML\n"
        "  --content DIR          other content than the shipped one (also: $PANDU_CONTENT)\n"
        "  --site DIR             the site's own content, laid over it\n"
        "  --lang CODE            language hint of conversations that give none\n"
        "\n"
        "Files and folders whose names begin with _ or . hold no cases (content for upgrades).\n"
        "Exit status: 0 all passed; 1 a case failed, a file has mistakes, too little coverage; 2 wrong "
        "options "
        "or paths.\n"};
