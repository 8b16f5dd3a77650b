/* pandu unmatched: what nobody understood, grouped, with the nearest intents. Shows no number, contact or
   name of a visitor, and changes nothing unless asked for an example (unmatched_add.c). Called by main
   through cli.c. */
#include "cli/unmatched.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "domain/authoring/cluster.h"
#include "domain/authoring/privacy.h"
#include "domain/content/content.h"
#include "json/value.h"

#include "banned.h"

enum { LIMIT_STANDARD = 20, LIMIT_MOST = 10000, SAMPLES_MAX = 3, SAMPLE_COLUMNS = 100, NEAREST_MAX = 3 };

static const float nearest_least = 0.1F; /* below, it shares a syllable or two */

struct look {
    struct author author;
    struct unmatched_options options;
    struct unmatched_groups groups;
    size_t limit;
    size_t shown, open_groups, open_messages, known_groups, known_messages;
};

/* ---- one group ---- */

/* What the content makes of the group's most frequent wording now. */
static void decide(struct look *look, const struct cluster *cluster, struct understood *understood) {
    const char *raw = look->groups.wordings[cluster->members[0]].raw;
    understand_message(&look->author.understand, raw, strlen(raw), understood);
}

static const char *known_as(const struct look *look, const struct understood *understood) {
    const struct intent_decision *whole = &understood->whole;
    return whole->outcome == INTENT_ANSWER ? look->author.understand.content->intents[whole->intent].id
                                           : NULL;
}

/* The last wording behind the understanding at hand: look at that first. */
static const char *sample(struct look *look, const struct cluster *cluster, size_t index) {
    struct understand *understand = &look->author.understand;
    const char *raw = look->groups.wordings[cluster->members[index]].raw;
    struct text text;
    text_fold(understand->content->lexicon, raw, strlen(raw), TEXT_NO_LANGUAGE, understand->arena, &text);
    return privacy_masked(understand->content, understand->scratch, &text, look->author.is_indonesian,
                          SAMPLE_COLUMNS, understand->arena);
}

static const char *title_of(const struct look *look, uint32_t intent) {
    const struct content *content = look->author.understand.content;
    return localized_text(&content->intents[intent].title, look->author.text_language,
                          content->site.default_language);
}

static void print_nearest(const struct look *look, const struct understood *understood) {
    const struct content *content = look->author.understand.content;
    const struct intent_decision *whole = &understood->whole;
    size_t shown = 0;
    for (size_t i = 0; i < whole->nearest_count && shown < NEAREST_MAX; i++) {
        if (whole->nearest[i].score >= nearest_least) {
            printf("        %s %-28s %.2f  %s\n", author_word(&look->author, "near", "mirip"),
                   content->intents[whole->nearest[i].intent].id, (double)whole->nearest[i].score,
                   title_of(look, whole->nearest[i].intent));
            shown++;
        }
    }
    if (shown == 0) {
        printf("        %s\n", author_word(&look->author, "nothing is near", "tidak ada yang mirip"));
    }
}

static void print_group(struct look *look, const struct cluster *cluster,
                        const struct understood *understood) {
    printf("%6zu  %s\n", cluster->count, sample(look, cluster, 0));
    for (size_t i = 1; i < cluster->member_count && i < SAMPLES_MAX; i++) {
        printf("        %s\n", sample(look, cluster, i));
    }
    if (cluster->member_count > SAMPLES_MAX) {
        printf("        %s %zu %s\n", author_word(&look->author, "and", "dan"),
               cluster->member_count - SAMPLES_MAX,
               author_word(&look->author, "other wordings", "cara bertanya lain"));
    }
    print_nearest(look, understood);
    (void)putchar('\n');
}

static struct value *group_as_json(struct look *look, const struct cluster *cluster,
                                   const struct understood *understood) {
    const struct content *content = look->author.understand.content;
    struct value *object = value_new_object(), *samples = value_new_array(), *nearest = value_new_array();
    char newest[CLOCK_TEXT_MAX];
    int64_t newest_ms = 0;
    for (size_t i = 0; i < cluster->member_count; i++) {
        int64_t at_ms = look->groups.wordings[cluster->members[i]].newest_ms;
        newest_ms = at_ms > newest_ms ? at_ms : newest_ms;
    }
    clock_format(newest_ms, content->site.zone_minutes, newest);
    for (size_t i = 0; i < cluster->member_count && i < SAMPLES_MAX; i++) {
        value_add_take(samples, value_new_text(sample(look, cluster, i)));
    }
    for (size_t i = 0; i < understood->whole.nearest_count; i++) {
        struct value *item = value_new_object();
        value_set_text(item, "intent", content->intents[understood->whole.nearest[i].intent].id);
        value_set_take(item, "score", value_new_real((double)understood->whole.nearest[i].score));
        value_add_take(nearest, item);
    }
    value_set_int(object, "count", (int64_t)cluster->count);
    value_set_int(object, "wordings", (int64_t)cluster->member_count);
    value_set_text(object, "newest", newest);
    value_set_text(object, "understood_now", known_as(look, understood));
    value_set_take(object, "samples", samples);
    value_set_take(object, "nearest", nearest);
    return object;
}

/* ---- all groups ---- */

static void show_group(struct look *look, const struct cluster *cluster, struct value *list) {
    struct understood understood;
    decide(look, cluster, &understood);
    if (known_as(look, &understood) != NULL) {
        look->known_groups++;
        look->known_messages += cluster->count;
    } else {
        look->open_groups++;
        look->open_messages += cluster->count;
    }
    if (look->author.is_json && look->shown < look->limit) {
        value_add_take(list, group_as_json(look, cluster, &understood));
        look->shown++;
    } else if (!look->author.is_json && known_as(look, &understood) == NULL && look->shown < look->limit) {
        print_group(look, cluster, &understood);
        look->shown++;
    }
}

static void print_end(const struct look *look) {
    const struct author *author = &look->author;
    printf("%zu %s %zu %s", look->open_messages,
           author_word(author, "messages that are not understood, in", "pesan belum dipahami, dalam"),
           look->open_groups, author_word(author, "groups.", "kelompok."));
    if (look->open_groups > look->shown) {
        printf(" %s %zu; --limit %zu %s.", author_word(author, "Shown:", "Ditampilkan:"), look->shown,
               look->open_groups, author_word(author, "shows all", "menampilkan semua"));
    }
    if (look->known_groups > 0) {
        printf(" %zu %s %zu %s", look->known_messages, author_word(author, "messages in", "pesan dalam"),
               look->known_groups,
               author_word(author, "groups are understood by now.", "kelompok kini sudah dipahami."));
    }
    if (look->groups.left_out > 0) {
        printf(" %zu %s", look->groups.left_out,
               author_word(author, "older messages were left out; narrow it with --since.",
                           "pesan lebih lama tidak dibaca; persempit dengan --since."));
    }
    (void)putchar('\n');
    if (look->open_groups > 0) {
        printf("%s\n  pandu unmatched --to-intent %s --site %s \"...\"\n",
               author_word(author, "Teach it one of them, in your own words:",
                           "Ajarkan salah satunya, dengan kata-kata Anda sendiri:"),
               author_word(author, "INTENT", "INTENT"), author->site != NULL ? author->site : "DIR");
    }
}

static int print_json(const struct look *look, struct value *list) {
    struct value *object = value_new_object();
    value_set_take(object, "groups", value_hold(list));
    value_set_int(object, "messages", (int64_t)look->groups.messages);
    value_set_int(object, "open_groups", (int64_t)look->open_groups);
    value_set_int(object, "open_messages", (int64_t)look->open_messages);
    value_set_int(object, "left_out", (int64_t)look->groups.left_out);
    return author_print_take(&look->author, object);
}

static int look_at(struct look *look) {
    struct value *list = value_new_array();
    int rc = list == NULL ? author_fail(&look->author, "out of memory")
                          : unmatched_groups_read(&look->author, &look->groups);
    for (size_t i = 0; rc == AUTHOR_OK && i < look->groups.count; i++) {
        show_group(look, &look->groups.list[i], list);
    }
    if (rc == AUTHOR_OK && look->author.is_json) {
        rc = print_json(look, list);
    } else if (rc == AUTHOR_OK) {
        print_end(look);
    }
    value_free(list);
    return rc;
}

/* ---- the verb ---- */

static int read_limit(struct look *look) {
    char *end = NULL;
    long limit = look->options.limit != NULL ? strtol(look->options.limit, &end, 10) : LIMIT_STANDARD;
    if (limit < 1 || limit > LIMIT_MOST || (end != NULL && (*end != '\0' || end == look->options.limit))) {
        return author_fail(&look->author, "--limit %s is no number from 1 to %d", look->options.limit,
                           LIMIT_MOST);
    }
    look->limit = (size_t)limit;
    if (look->options.intent == NULL && (look->options.words.count > 0 || look->options.pattern != NULL)) {
        return author_fail(&look->author, "a wording needs --to-intent ID (see: pandu help unmatched)");
    }
    return AUTHOR_OK;
}

static int read_options(struct look *look, int count, char **arguments) {
    struct unmatched_options *options = &look->options;
    struct cli_option own[] = {{"--to-intent", &options->intent, NULL},
                               {"--pattern", &options->pattern, NULL},
                               {"--limit", &options->limit, NULL},
                               {"--dry-run", NULL, &options->is_dry}};
    options->words = (struct cli_words){calloc((size_t)count, sizeof *options->words.word), (size_t)count, 0};
    if (options->words.word == NULL) {
        return AUTHOR_FAILED;
    }
    if (author_read(&look->author, "unmatched", count, arguments, own, sizeof own / sizeof own[0],
                    &options->words) != 0) {
        return AUTHOR_FAILED;
    }
    return read_limit(look);
}

static int run(int count, char **arguments) {
    struct look look = {.limit = 0};
    int rc = read_options(&look, count, arguments);
    rc = rc == AUTHOR_OK ? author_open_content(&look.author) : rc;
    rc = rc == AUTHOR_OK ? author_open_database(&look.author) : rc;
    if (rc == AUTHOR_OK) {
        rc = look.options.intent != NULL ? unmatched_add(&look.author, &look.options) : look_at(&look);
        rc = author_finish(&look.author, rc);
    }
    free(look.options.words.word);
    unmatched_groups_close(&look.groups);
    author_close(&look.author);
    return rc;
}

const struct cli_verb cli_unmatched = {
    .name = "unmatched",
    .run = run,
    .summary = "what was not understood, and teaching it",
    .help = "usage: pandu unmatched [--db FILE] [--since DATE] [--limit N] [--lang id|en] [--json]\n"
            "                       [--content DIR] [--site DIR]\n"
            "       pandu unmatched --to-intent ID --site DIR [--pattern PATTERN] [--dry-run] [--db FILE] "
            "[WORDING]\n"
            "\n"
            "Lists what nobody understood, the most frequent first, similar messages in one group, with the "
            "intents "
            "that are\n"
            "nearest. Groups that the content understands by now are only counted. Numbers, contacts and "
            "names are "
            "masked.\n"
            "The server may run meanwhile.\n"
            "\n"
            "With --to-intent it adds an example of that intent to the site's own folder: WORDING, or a line "
            "that is "
            "typed.\n"
            "It must be your own wording. Numbers, names and contacts are refused, and so is a copy of what "
            "a visitor "
            "wrote:\n"
            "content files are not reached when somebody has their data deleted. An example that no pattern "
            "of the "
            "intent\n"
            "finds proves nothing; then a pattern is proposed, to be given with --pattern. Only what `pandu "
            "check` "
            "accepts is\n"
            "written. The site's folder then has its own copy of the intent: later changes of the shipped "
            "one do not "
            "reach it.\n"
            "\n"
            "  --db FILE      the database; else $PANDU_DB, else data/pandu.db\n"
            "  --since DATE   said on 2026-11-01 or later; 30d: in the last 30 days\n"
            "  --limit N      groups shown (20)\n"
            "  --lang id      in Indonesian\n"
            "  --json         one JSON object: {\"groups\": [{\"count\", \"wordings\", \"newest\", "
            "\"understood_now\", "
            "\"samples\",\n"
            "                 \"nearest\": [{\"intent\", \"score\"}]}], \"messages\", \"open_groups\", ...}\n"
            "  --dry-run      says what would be written, and where\n"
            "\n"
            "Exit status: 0; 1 when the wording is refused (then nothing was written); 2 when something "
            "cannot be "
            "read or\n"
            "written, or an option is wrong.\n"};
