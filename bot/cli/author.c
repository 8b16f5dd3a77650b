/* Options, content and database of the verbs for authors. Never changes either. Called by unmatched.c,
   funnel.c, graph.c and diff.c. */
#include "cli/author.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "domain/content/content.h"
#include "json/value.h"

#include "banned.h"

enum { STANDARD_OPTIONS = 6 };

int author_fail(const struct author *author, const char *format, ...) {
    char text[1024];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(text, sizeof text, format, list);
    va_end(list);
    (void)fprintf(stderr, "pandu %s: %s\n", author->verb, text);
    return AUTHOR_FAILED;
}

const char *author_word(const struct author *author, const char *english, const char *indonesian) {
    return author->is_indonesian ? indonesian : english;
}

int author_read(struct author *author, const char *verb, int count, char **arguments,
                const struct cli_option *own, size_t own_count, struct cli_words *words) {
    struct cli_option table[STANDARD_OPTIONS + AUTHOR_OPTIONS] = {
        {"--content", &author->content, NULL}, {"--site", &author->site, NULL},
        {"--lang", &author->language, NULL},   {"--json", NULL, &author->is_json},
        {"--db", &author->database, NULL},     {"--since", &author->since, NULL},
    };
    size_t used = author->is_without_database ? STANDARD_OPTIONS - 2 : STANDARD_OPTIONS;
    author->verb = verb;
    author->now_ms = clock_now_ms();
    for (size_t i = 0; i < own_count && i < AUTHOR_OPTIONS; i++) {
        table[used + i] = own[i];
    }
    return cli_options_read(verb, count, arguments, table, used + own_count, words);
}

/* ---- content ---- */

/* "2026-11-01" is that day's beginning where the site is, "30d" is so long ago. */
static int read_since(struct author *author) {
    char text[48];
    int64_t back_ms = 0;
    int zone = author->understand.content->site.zone_minutes, east = zone < 0 ? -zone : zone;
    if (author->since == NULL) {
        return 0;
    }
    if (clock_parse_duration(author->since, &back_ms) == 0) {
        author->since_ms = author->now_ms - back_ms;
        return 0;
    }
    (void)snprintf(text, sizeof text, "%.24sT00:00:00%c%02d:%02d", author->since, zone < 0 ? '-' : '+',
                   east / 60 % 24, east % 60);
    if (clock_parse(author->since, &author->since_ms) != 0 && clock_parse(text, &author->since_ms) != 0) {
        return author_fail(author, "--since %s is no date. Write 2026-11-01, or 30d for the last 30 days",
                           author->since);
    }
    return 0;
}

static int read_language(struct author *author) {
    const struct content *content = author->understand.content;
    int language = author->language != NULL ? lexicon_language_index(content->lexicon, author->language)
                                            : content->site.default_language;
    if (language < 0) {
        return author_fail(author,
                           "--lang %s is no language of the content (intents/normalise.json lists them)",
                           author->language);
    }
    author->text_language = language;
    author->is_indonesian = author->language != NULL && strcmp(author->language, "id") == 0;
    return 0;
}

int author_open_content(struct author *author) {
    const char *messages = author->language != NULL && strcmp(author->language, "id") == 0 ? "id" : "en";
    if (understand_open(&author->understand, author->content, author->site, messages) != 0) {
        return author_fail(author, "the content cannot be loaded; `pandu check` lists every mistake");
    }
    int rc = read_language(author);
    return rc == 0 ? read_since(author) : rc;
}

/* ---- database ---- */

static void show_progress(void *context, int64_t done, int64_t total) {
    (void)context;
    (void)fprintf(stderr, "\r%3" PRId64 " %%%s", total > 0 ? done * 100 / total : 100,
                  done >= total ? "\r     \r" : "");
}

int author_open_database(struct author *author) {
    struct err err = {0};
    const char *usual = getenv("PANDU_DB");
    const char *path = author->database != NULL            ? author->database
                       : usual != NULL && usual[0] != '\0' ? usual
                                                           : "data/pandu.db";
    author->study = study_open(path, &err);
    if (author->study == NULL) {
        return author_fail(author, "%s%s", err.text,
                           err.code == ERR_NOT_FOUND ? ". Name the one the server uses with --db FILE" : "");
    }
    study_set_progress(author->study, isatty(STDERR_FILENO) ? show_progress : NULL, NULL);
    return 0;
}

void author_close(struct author *author) {
    study_close(author->study);
    understand_close(&author->understand);
    author->study = NULL;
}

int author_print_take(const struct author *author, struct value *object) {
    char *text = value_print(object, 0);
    int rc = text != NULL && puts(text) != EOF ? AUTHOR_OK : author_fail(author, "no memory for the result");
    free(text);
    value_free(object);
    return rc;
}

int author_finish(const struct author *author, int status) {
    return fflush(stdout) == 0 && !ferror(stdout) ? status
                                                  : author_fail(author, "the result could not be written");
}
