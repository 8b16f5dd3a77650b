/* pandu fmt: one layout for the files of content. Changes blanks and line breaks only, and nothing at all
   with
   --check. Called by main through cli.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/files.h"
#include "base/buf.h"
#include "base/err.h"
#include "cli/cli.h"
#include "cli/cli_options.h"
#include "cli/replace_file.h"
#include "domain/authoring/layout.h"
#include "json/value.h"

#include "banned.h"

enum { FMT_OK = 0, FMT_CHANGES = 1, FMT_FAILED = 2, FMT_OUTPUT_MAX = 64 * 1024 * 1024 };

struct fmt {
    int is_check;
    const char *language; /* --lang */
    size_t files, changed, failed;
};

static const char *word(const struct fmt *fmt, const char *english, const char *indonesian) {
    return fmt->language != NULL && strcmp(fmt->language, "id") == 0 ? indonesian : english;
}

static void complain(struct fmt *fmt, const char *path, const struct err *err) {
    fmt->failed++;
    if (err->line > 0) {
        (void)fprintf(
            stderr, "%s:%d:%d: this is no JSON: %s. Remedy: `pandu check` tells more; nothing was changed\n",
            path, err->line, err->column, err->text);
    } else {
        (void)fprintf(stderr, "pandu fmt: %s: %s\n", path, err->text);
    }
}

static void format_bytes(struct fmt *fmt, const char *path, const char *bytes, size_t length) {
    struct err err = {0};
    struct buf out;
    buf_init(&out, FMT_OUTPUT_MAX);
    int rc = layout_print(bytes, length, &out, &err);
    int is_same = rc == 0 && out.length == length && memcmp(out.data, bytes, length) == 0;
    if (rc == 0 && !is_same) {
        rc = fmt->is_check ? 0 : replace_file(path, out.data, out.length, &err);
        fmt->changed += rc == 0;
    }
    fmt->files++;
    if (rc != 0) {
        complain(fmt, path, &err);
    } else if (!is_same) {
        (void)printf("%s: %s\n", path,
                     fmt->is_check ? word(fmt, "not laid out as pandu fmt does", "belum rapi")
                                   : word(fmt, "laid out anew", "dirapikan"));
    }
    buf_close(&out);
}

static void format_file(struct fmt *fmt, const char *path) {
    struct err err = {0};
    size_t length = 0;
    char *bytes = app_read_file(path, VALUE_FILE_MAX, &length, &err);
    if (bytes == NULL) {
        complain(fmt, path, &err);
        return;
    }
    format_bytes(fmt, path, bytes, length);
    free(bytes);
}

/* A content folder or a site's: the files that `pandu check` reads. */
static void format_folder(struct fmt *fmt, const char *path) {
    struct err err = {0};
    struct app_files files;
    if (app_files_read(&files, NULL, path, &err) != 0) {
        complain(fmt, path, &err);
    } else if (files.count == 0) {
        (void)err_set(&err, ERR_NOT_FOUND, "there is no intents/*.json, responses/*.json or site.json in it");
        complain(fmt, path, &err);
    } else {
        for (size_t i = 0; i < files.count; i++) {
            format_bytes(fmt, files.list[i].shown, files.list[i].bytes, files.list[i].length);
        }
    }
    app_files_close(&files);
}

static int finish(const struct fmt *fmt) {
    const char *done =
        fmt->is_check ? word(fmt, "to be laid out", "belum rapi") : word(fmt, "laid out anew", "dirapikan");
    int rc = printf("%zu %s, %zu %s.\n", fmt->files, word(fmt, fmt->files == 1 ? "file" : "files", "berkas"),
                    fmt->changed, done);
    if (rc < 0 || fflush(stdout) != 0) {
        (void)fprintf(stderr, "pandu fmt: the result could not be written\n");
        return FMT_FAILED;
    }
    return fmt->failed > 0 ? FMT_FAILED : fmt->is_check && fmt->changed > 0 ? FMT_CHANGES : FMT_OK;
}

static int format_all(struct fmt *fmt, const struct cli_words *words) {
    if (words->count == 0) {
        (void)fprintf(stderr, "pandu fmt: name files or a content folder (see: pandu help fmt)\n");
        return FMT_FAILED;
    }
    for (size_t i = 0; i < words->count; i++) {
        struct stat about;
        if (stat(words->word[i], &about) == 0 && S_ISDIR(about.st_mode)) {
            format_folder(fmt, words->word[i]);
        } else {
            format_file(fmt, words->word[i]);
        }
    }
    return finish(fmt);
}

static int run(int count, char **arguments) {
    struct fmt fmt = {0};
    struct cli_option options[] = {{"--check", NULL, &fmt.is_check}, {"--lang", &fmt.language, NULL}};
    struct cli_words words = {calloc((size_t)count, sizeof *words.word), (size_t)count, 0};
    int rc = FMT_FAILED;
    if (words.word == NULL) {
        (void)fprintf(stderr, "pandu fmt: out of memory\n");
    } else if (cli_options_read("fmt", count, arguments, options, 2, &words) == 0) {
        rc = format_all(&fmt, &words);
    }
    free(words.word);
    return rc;
}

const struct cli_verb cli_fmt = {
    .name = "fmt",
    .run = run,
    .summary = "one layout for content files",
    .help =
        "usage: pandu fmt [--check] [--lang id|en] FILE|FOLDER...\n"
        "\n"
        "Lays JSON files out in one way: what fits on a line of 140 columns stands on one, lists of short "
        "words "
        "fill\n"
        "their lines, sentences and patterns stand one a line. Names, their order and every text stay as "
        "they "
        "are. A\n"
        "FOLDER is a content or site folder: the files `pandu check` reads in it.\n"
        "\n"
        "  --check      changes nothing, only names the files that would change\n"
        "\n"
        "Exit status: 0 done, or nothing to do; 1 with --check, when a file would change; 2 for a file that "
        "cannot be\n"
        "read or written or is no JSON (it is left alone), or a wrong option.\n"};
