/* Runs the built program as a person would, and gives back what it printed. */
#ifndef PANDU_TESTS_CLI_RUN_PANDU_H
#define PANDU_TESTS_CLI_RUN_PANDU_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RUN_OUTPUT_MAX = 512 * 1024 };

struct run_pandu {
    char folder[64]; /* of its own; removed by run_close */
    char *output;    /* of the last run, standard error included */
    int status;
};

static inline void run_open(struct run_pandu *run) {
    memcpy(run->folder, "/tmp/pandu-unit-XXXXXX", sizeof "/tmp/pandu-unit-XXXXXX");
    run->output = malloc(RUN_OUTPUT_MAX);
    run->status = -1;
    if (run->output == NULL || mkdtemp(run->folder) == NULL) {
        abort();
    }
}

static inline void run_write(const struct run_pandu *run, const char *name, const char *bytes,
                             size_t length) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", run->folder, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, length, file) != length || fclose(file) != 0) {
        abort();
    }
}

/* command: what stands after "pandu" in a shell whose folder is run->folder. */
static inline int run_command(struct run_pandu *run, const char *command) {
    char line[2048];
    snprintf(line, sizeof line, "cd %s && %s/pandu %s 2>&1", run->folder, PANDU_BUILD, command);
    FILE *pipe = popen(line, "r");
    if (pipe == NULL) {
        abort();
    }
    size_t length = fread(run->output, 1, RUN_OUTPUT_MAX - 1, pipe);
    run->output[length] = '\0';
    int status = pclose(pipe);
    run->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return run->status;
}

static inline size_t run_lines(const struct run_pandu *run) {
    size_t lines = 0;
    for (const char *at = run->output; *at; at++) {
        lines += *at == '\n';
    }
    return lines;
}

static inline void run_close(struct run_pandu *run) {
    char line[128];
    snprintf(line, sizeof line, "rm -rf %s", run->folder);
    FILE *pipe = popen(line, "r");
    if (pipe != NULL) {
        pclose(pipe);
    }
    free(run->output);
}

static inline int run_setup(void **state) {
    static struct run_pandu run;
    run_open(&run);
    *state = &run;
    return 0;
}
static inline int run_teardown(void **state) {
    run_close(*state);
    return 0;
}

/* Of the last run's output. */
static inline void run_has(const struct run_pandu *run, const char *text) {
    if (strstr(run->output, text) == NULL) {
        fail_msg("no \"%s\" in: %s", text, run->output);
    }
}
static inline void run_has_not(const struct run_pandu *run, const char *text) {
    if (strstr(run->output, text) != NULL) {
        fail_msg("\"%s\" in: %s", text, run->output);
    }
}

#endif
