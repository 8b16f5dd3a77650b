/* pandu diff: what a change of content touches, before it is taken over. Reads only. Called by main through
 * cli.c. */
#include "cli/diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "base/arena.h"
#include "base/err.h"
#include "cli/cli.h"
#include "domain/authoring/compare.h"
#include "domain/content/content.h"
#include "json/value.h"

#include "banned.h"

enum { GROUPS_SHOWN = 20 };

struct options {
    const char *old_site, *new_site;
    const char *folders[2];
    struct cli_words words;
};
struct report {
    struct diff diff;
    struct options options;
    struct arena *arena;
    const struct compare_change *changes;
    size_t change_count;
    struct diff_questions questions;
    struct diff_running running;
    size_t touched; /* half-done dialogues that are asked again or end */
};

static const char *const kind_names[COMPARE_KINDS] = {
    [COMPARE_INTENT] = "intent", [COMPARE_REPLY] = "reply",         [COMPARE_DIALOGUE] = "dialogue",
    [COMPARE_STEP] = "step",     [COMPARE_RESULT] = "result",       [COMPARE_FACT] = "fact",
    [COMPARE_CLASS] = "class",   [COMPARE_HELP_LINE] = "help line", [COMPARE_SETTING] = "setting"};
static const char *const how_names[] = {
    [COMPARE_ADDED] = "added", [COMPARE_REMOVED] = "removed", [COMPARE_CHANGED] = "changed"};

/* ---- what else a change touches ---- */

static const char *add_name(struct arena *arena, const char *names, const char *name) {
    return arena_format(arena, "%s%s%s", names, names[0] != '\0' ? ", " : "", name);
}

/* The intents and dialogues that say a reply. */
static const char *said_by(const struct report *report, const char *reply) {
    const struct content *content = report->diff.author.understand.content;
    uint32_t index = content_reply_index(content, reply);
    const char *names = "";
    for (size_t i = 0; index != CONTENT_NONE && i < content->intent_count; i++) {
        if (content->intents[i].reply == index) {
            names = add_name(report->arena, names, content->intents[i].id);
        }
    }
    for (size_t i = 0; index != CONTENT_NONE && i < content->dialogue_count; i++) {
        const struct content_dialogue *dialogue = &content->dialogues[i];
        int says = dialogue->intro == index;
        for (size_t k = 0; k < dialogue->result_count; k++) {
            says |= dialogue->results[k].reply == index;
        }
        names = says ? add_name(report->arena, names, dialogue->id) : names;
    }
    return names;
}

static const struct content_step *step_named(const struct content *content, const char *name) {
    const char *point = strchr(name, '.');
    for (size_t i = 0; point != NULL && i < content->dialogue_count; i++) {
        const char *id = content->dialogues[i].id;
        if (strlen(id) == (size_t)(point - name) && strncmp(id, name, strlen(id)) == 0) {
            return content_step(&content->dialogues[i], point + 1);
        }
    }
    return NULL;
}

/* What follows from a change, or "". */
static const char *consequence(const struct report *report, const struct compare_change *change) {
    if (change->kind == COMPARE_REPLY && change->how != COMPARE_REMOVED) {
        const char *names = said_by(report, change->id);
        return names[0] != '\0' ? arena_format(report->arena, "said by %s", names)
                                : "said by nothing but the engine";
    }
    if (change->kind == COMPARE_STEP && change->how == COMPARE_CHANGED) {
        const struct content_step *old = step_named(report->diff.before.content, change->id);
        const struct content_step *new = step_named(report->diff.author.understand.content, change->id);
        return old != NULL && new != NULL && old->hash != new->hash ? "asked again where it was answered"
                                                                    : "";
    }
    return "";
}

/* ---- in words ---- */

static void print_changes(const struct report *report) {
    size_t counts[COMPARE_KINDS] = {0};
    for (size_t i = 0; i < report->change_count; i++) {
        const struct compare_change *change = &report->changes[i];
        const char *more = consequence(report, change);
        counts[change->kind]++;
        printf("%-9s %-8s %s%s%s%s%s%s\n", kind_names[change->kind], how_names[change->how], change->id,
               change->members[0] != '\0' ? ": " : "", change->members, more[0] != '\0' ? " (" : "", more,
               more[0] != '\0' ? ")" : "");
    }
    printf("%zu changes", report->change_count);
    for (size_t kind = 0; kind < COMPARE_KINDS; kind++) {
        if (counts[kind] > 0) {
            printf(", %zu %s%s", counts[kind], kind_names[kind],
                   counts[kind] == 1       ? ""
                   : kind == COMPARE_CLASS ? "es"
                   : kind == COMPARE_REPLY ? ""
                                           : "s");
        }
    }
    printf(".\n");
}

static const char *word(const struct report *report, const char *english, const char *indonesian) {
    return author_word(&report->diff.author, english, indonesian);
}

static void print_running(const struct report *report) {
    size_t running = 0;
    for (size_t i = 0; i < report->running.count; i++) {
        const struct diff_fate *fate = &report->running.fates[i];
        running += fate->running;
        if (fate->touched > 0) {
            printf("running   %s: %zu %s %zu %s\n", fate->dialogue, fate->touched, word(report, "of", "dari"),
                   fate->running,
                   word(report, "half-done runs are asked something again",
                        "yang setengah jalan akan ditanya sesuatu lagi"));
        }
        if (fate->gone > 0) {
            printf("running   %s: %zu %s\n", fate->dialogue, fate->gone,
                   word(report, "half-done runs end, the dialogue is gone",
                        "yang setengah jalan berakhir, dialognya dihapus"));
        }
    }
    printf("%zu %s, %zu %s.\n", running,
           word(report, "half-done dialogues looked at", "dialog setengah jalan dibaca"), report->touched,
           word(report, "touched", "terkena"));
}

static void print_questions(const struct report *report) {
    const struct diff_questions *questions = &report->questions;
    for (size_t i = 0; i < questions->group_count && i < GROUPS_SHOWN; i++) {
        const struct diff_group *group = &questions->groups[i];
        printf("%6zu  %s -> %s\n", group->count, group->before, group->after);
        for (size_t k = 0; k < group->sample_count; k++) {
            printf("          %s\n", group->samples[k]);
        }
    }
    if (questions->group_count > GROUPS_SHOWN) {
        printf("        %s %zu %s\n", word(report, "and", "dan"), questions->group_count - GROUPS_SHOWN,
               word(report, "other pairs of answers (--json has all)",
                    "pasangan jawaban lain (--json memuat semua)"));
    }
    printf("%zu %s, %zu %s.\n", questions->asked,
           word(report, "stored messages decided anew", "pesan tersimpan diputuskan ulang"),
           questions->changed, word(report, "would be answered differently", "akan dijawab lain"));
}

/* ---- as JSON ---- */

static struct value *changes_as_json(const struct report *report) {
    struct value *list = value_new_array();
    for (size_t i = 0; i < report->change_count; i++) {
        const struct compare_change *change = &report->changes[i];
        struct value *item = value_new_object();
        value_set_text(item, "kind", kind_names[change->kind]);
        value_set_text(item, "how", how_names[change->how]);
        value_set_text(item, "id", change->id);
        value_set_text(item, "members", change->members);
        value_set_text(item, "consequence", consequence(report, change));
        value_add_take(list, item);
    }
    return list;
}

static struct value *questions_as_json(const struct diff_questions *questions) {
    struct value *object = value_new_object(), *list = value_new_array();
    for (size_t i = 0; i < questions->group_count; i++) {
        const struct diff_group *group = &questions->groups[i];
        struct value *item = value_new_object(), *samples = value_new_array();
        for (size_t k = 0; k < group->sample_count; k++) {
            value_add_take(samples, value_new_text(group->samples[k]));
        }
        value_set_text(item, "before", group->before);
        value_set_text(item, "after", group->after);
        value_set_int(item, "count", (int64_t)group->count);
        value_set_take(item, "samples", samples);
        value_add_take(list, item);
    }
    value_set_int(object, "asked", (int64_t)questions->asked);
    value_set_int(object, "changed", (int64_t)questions->changed);
    value_set_take(object, "groups", list);
    return object;
}

static struct value *running_as_json(const struct diff_running *running) {
    struct value *list = value_new_array();
    for (size_t i = 0; i < running->count; i++) {
        struct value *item = value_new_object();
        value_set_text(item, "dialogue", running->fates[i].dialogue);
        value_set_int(item, "running", (int64_t)running->fates[i].running);
        value_set_int(item, "touched", (int64_t)running->fates[i].touched);
        value_set_int(item, "gone", (int64_t)running->fates[i].gone);
        value_add_take(list, item);
    }
    return list;
}

static int print_json(const struct report *report) {
    struct value *object = value_new_object();
    value_set_take(object, "changes", changes_as_json(report));
    if (report->diff.has_database) {
        value_set_take(object, "running", running_as_json(&report->running));
        value_set_take(object, "questions", questions_as_json(&report->questions));
    }
    return author_print_take(&report->diff.author, object);
}

/* ---- the verb ---- */

static const char *folder_of(const struct report *report, size_t index) {
    return report->options.words.count > index   ? report->options.folders[index]
           : report->diff.author.content != NULL ? report->diff.author.content
                                                 : app_content_root();
}

static const char *site_of(const struct report *report, const char *own) {
    return own != NULL ? own : report->diff.author.site;
}

/* The changes, file by file; the documents are not kept. */
static int compare_files(struct report *report) {
    struct err err = {0};
    struct app_files before, after = {NULL, NULL, 0};
    int rc = app_files_read(&before, folder_of(report, 0), site_of(report, report->options.old_site), &err);
    rc = rc == 0
             ? app_files_read(&after, folder_of(report, 1), site_of(report, report->options.new_site), &err)
             : rc;
    if (rc == 0) {
        report->change_count = compare_contents(before.list, before.count, after.list, after.count,
                                                report->arena, &report->changes);
    }
    app_files_close(&before);
    app_files_close(&after);
    return rc == 0 ? AUTHOR_OK : author_fail(&report->diff.author, "%s", err.text);
}

static int open_both(struct report *report) {
    struct author *author = &report->diff.author;
    const char *messages = author->language != NULL && strcmp(author->language, "id") == 0 ? "id" : "en";
    int rc = compare_files(report);
    if (rc == AUTHOR_OK && understand_open(&report->diff.before, folder_of(report, 0),
                                           site_of(report, report->options.old_site), messages) != 0) {
        rc = author_fail(author, "the old content cannot be loaded; `pandu check` lists every mistake");
    }
    if (rc == AUTHOR_OK) {
        author->content = folder_of(report, 1);
        author->site = site_of(report, report->options.new_site);
        rc = author_open_content(author);
    }
    return rc == AUTHOR_OK && report->diff.has_database ? author_open_database(author) : rc;
}

static int read_database(struct report *report) {
    int rc = diff_running_read(&report->diff, &report->running);
    for (size_t i = 0; i < report->running.count; i++) {
        report->touched += report->running.fates[i].touched + report->running.fates[i].gone;
    }
    return rc == AUTHOR_OK ? diff_questions_read(&report->diff, &report->questions) : rc;
}

static int tell(struct report *report) {
    int rc = report->diff.has_database ? read_database(report) : AUTHOR_OK;
    if (rc == AUTHOR_OK && report->diff.author.is_json) {
        rc = print_json(report);
    } else if (rc == AUTHOR_OK) {
        print_changes(report);
        if (report->diff.has_database) {
            print_running(report);
            print_questions(report);
        }
    }
    int differs = report->diff.has_database ? report->questions.changed > 0 || report->touched > 0
                                            : report->change_count > 0;
    return rc == AUTHOR_OK && differs ? AUTHOR_FOUND : rc;
}

static int run(int count, char **arguments) {
    struct report report = {.arena = arena_new(0)};
    struct author *author = &report.diff.author;
    struct cli_option own[] = {{"--old-site", &report.options.old_site, NULL},
                               {"--new-site", &report.options.new_site, NULL}};
    report.options.words = (struct cli_words){report.options.folders, 2, 0};
    int rc = report.arena == NULL ||
                     author_read(author, "diff", count, arguments, own, 2, &report.options.words) != 0
                 ? AUTHOR_FAILED
                 : AUTHOR_OK;
    report.diff.has_database = author->database != NULL;
    if (rc == AUTHOR_OK && report.options.words.count == 1) {
        rc = author_fail(
            author, "name two content folders, OLD and NEW, or none and a --new-site (see: pandu help diff)");
    }
    rc = rc == AUTHOR_OK ? open_both(&report) : rc;
    rc = rc == AUTHOR_OK ? author_finish(author, tell(&report)) : rc;
    diff_questions_close(&report.questions);
    diff_running_close(&report.running);
    understand_close(&report.diff.before);
    author_close(author);
    arena_free(report.arena);
    return rc;
}

const struct cli_verb cli_diff = {
    .name = "diff",
    .run = run,
    .summary = "what a change of content touches",
    .help =
        "usage: pandu diff OLD NEW [--site DIR] [--old-site DIR] [--new-site DIR] [--db FILE] [--since DATE] "
        "[--json]\n"
        "       pandu diff --new-site DIR [--old-site DIR] [--db FILE] ...\n"
        "\n"
        "Compares two content folders (without OLD and NEW: the shipped one twice), a site's folder laid "
        "over each, "
        "and lists\n"
        "what was added, removed and changed: intents, replies and who says them, dialogues, steps, results, "
        "facts, "
        "word\n"
        "classes, help lines, settings. A step whose question or choices changed is asked again.\n"
        "\n"
        "With --db it also looks at what happened: which half-done dialogues are touched, and which stored "
        "messages "
        "would\n"
        "now be answered differently. Every message is decided by both, in the place where it was said; "
        "counts and "
        "a few\n"
        "samples are shown, with numbers, contacts and names masked. Nothing is written; the server may run "
        "meanwhile.\n"
        "\n"
        "  --site DIR      laid over both; --old-site and --new-site over one\n"
        "  --since DATE    messages of 2026-11-01 or later; 30d: of the last 30 days\n"
        "  --json          one JSON object: {\"changes\", \"running\", \"questions\"}\n"
        "\n"
        "Exit status: 0 nothing differs (with --db: no message would be answered differently and no "
        "half-done "
        "dialogue is\n"
        "touched); 1 something does; 2 when something cannot be read, or an option is wrong.\n"};
