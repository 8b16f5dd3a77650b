/* Collects mistakes and puts them into words. Never decides what is a mistake. Called by every loader and
 * lint file. */
#include "domain/content/problem.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "domain/content/document.h"
#include "json/places.h"

#include "banned.h"

struct problem {
    enum problem_code code;
    struct place place;
    const char *details[3];
    size_t order; /* of being found: the last tie-break */
};

void problems_init(struct problems *problems, struct arena *arena) {
    *problems = (struct problems){arena, NULL, 0, 0, 0};
}

static void grow(struct problems *problems) {
    size_t capacity = problems->capacity != 0 ? problems->capacity * 2 : 64;
    struct problem *list = arena_array(problems->arena, capacity, sizeof *list);
    if (problems->count != 0) {
        memcpy(list, problems->list, problems->count * sizeof *list);
    }
    problems->list = list;
    problems->capacity = capacity;
}

static void locate(struct place *place) {
    if (place->document == NULL || place->document->places == NULL || place->line != 0) {
        return;
    }
    struct places *places = place->document->places;
    struct place_at at = place->offset == PROBLEM_WHOLE
                             ? places_find(places, place->path)
                             : places_find_in_text(places, place->path, place->offset);
    place->line = at.line;
    place->column = at.column;
}

void problem_add(struct problems *problems, enum problem_code code, struct place place, const char *first,
                 const char *second, const char *third) {
    if (problems->count == problems->capacity) {
        grow(problems);
    }
    problems->list[problems->count] = (struct problem){code, place, {first, second, third}, problems->count};
    problems->count++;
    problems->errors += problem_kind(code)->severity == PROBLEM_ERROR;
}

void problems_append(struct problems *problems, const struct problems *more) {
    for (size_t i = 0; i < more->count; i++) {
        const struct problem *one = &more->list[i];
        problem_add(problems, one->code, one->place, one->details[0], one->details[1], one->details[2]);
    }
}

static int touches(const struct problem *problem, const struct document *document, const char *path) {
    size_t length = strlen(path);
    return problem_kind(problem->code)->severity == PROBLEM_ERROR && problem->place.document == document &&
           strncmp(problem->place.path, path, length) == 0 &&
           strchr(".[", problem->place.path[length]) != NULL; /* strchr also finds the end of the text */
}

int problems_touch(const struct problems *problems, const struct document *document, const char *path) {
    for (size_t i = 0; document != NULL && i < problems->count; i++) {
        if (touches(&problems->list[i], document, path)) {
            return 1;
        }
    }
    return 0;
}

int problems_have(const struct problems *problems, enum problem_code code, const struct document *document,
                  const char *path) {
    for (size_t i = 0; document != NULL && i < problems->count; i++) {
        if (problems->list[i].code == code && touches(&problems->list[i], document, path)) {
            return 1;
        }
    }
    return 0;
}

static int compare(const void *left, const void *right) {
    const struct problem *a = left, *b = right;
    size_t file_a = a->place.document != NULL ? a->place.document->number + 1 : 0;
    size_t file_b = b->place.document != NULL ? b->place.document->number + 1 : 0;
    if (file_a != file_b) {
        return file_a < file_b ? -1 : 1;
    }
    if (a->place.line != b->place.line) {
        return a->place.line < b->place.line ? -1 : 1;
    }
    if (a->place.column != b->place.column) {
        return a->place.column < b->place.column ? -1 : 1;
    }
    return (a->order > b->order) - (a->order < b->order);
}

/* wording with its {1} {2} {3} filled in; what stands in other braces is text. */
static const char *fill(struct arena *arena, const char *wording, const char *const details[3]) {
    struct buf buf;
    buf_init(&buf, 0);
    for (const char *at = wording; *at != '\0'; at++) {
        if (at[0] == '{' && at[1] >= '1' && at[1] <= '3' && at[2] == '}') {
            const char *detail = details[at[1] - '1'];
            (void)buf_add_text(&buf, detail != NULL ? detail : "");
            at += 2;
        } else {
            (void)buf_add_char(&buf, *at);
        }
    }
    const char *text = arena_text(arena, buf_text(&buf));
    buf_close(&buf);
    return text;
}

static void report_one(const struct problems *problems, const struct problem *problem,
                       const struct content_load_options *options) {
    const struct problem_kind *kind = problem_kind(problem->code);
    int is_indonesian = options->language != NULL && strcmp(options->language, "id") == 0;
    const struct problem_wording *wording = is_indonesian ? &kind->indonesian : &kind->english;
    const char *details[3];
    for (size_t i = 0; i < 3; i++) {
        const char *detail = problem->details[i];
        details[i] = !is_indonesian                         ? detail
                     : problem->code == PROBLEM_schema_type ? problem_types(detail, problems->arena)
                                                            : problem_detail(detail, problems->arena);
    }
    struct content_problem out = {
        .severity = kind->severity,
        .code = kind->code,
        .file = problem->place.document != NULL ? problem->place.document->file->shown
                : problem->place.file != NULL   ? problem->place.file
                                                : "",
        .line = problem->place.line,
        .column = problem->place.column,
        .path = problem->place.path != NULL ? problem->place.path : "$",
        .text = fill(problems->arena, wording->text, details),
        .remedy = fill(problems->arena, wording->remedy, details),
    };
    options->report(options->context, &out);
}

void problems_report(struct problems *problems, const struct content_load_options *options) {
    if (options == NULL || options->report == NULL || problems->count == 0) {
        return;
    }
    for (size_t i = 0; i < problems->count; i++) {
        locate(&problems->list[i].place);
    }
    qsort(problems->list, problems->count, sizeof *problems->list, compare);
    for (size_t i = 0; i < problems->count; i++) {
        report_one(problems, &problems->list[i], options);
    }
}
