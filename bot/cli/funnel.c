/* pandu funnel: where people leave a dialogue. Reads states of conversations and prints counts, never what
   somebody said. Called by main through cli.c. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "cli/author.h"
#include "cli/cli.h"
#include "domain/authoring/funnel.h"
#include "domain/content/content.h"
#include "domain/session/session.h"
#include "json/value.h"

#include "banned.h"

enum { BAR_COLUMNS = 30, NAME_COLUMNS = 18, SHORT_COLUMNS = 26, ARENA_MAX = 64 * 1024 * 1024 };

struct look {
    struct author author;
    const char *dialogue; /* --dialogue; NULL: all */
    struct arena *counts, *scratch;
    struct session *session;
    struct funnels funnels;
    size_t conversations, unreadable;
};

/* ---- counting ---- */

static int count_state(void *context, const struct study_row *row) {
    struct look *look = context;
    arena_reset(look->scratch);
    session_init(look->session, look->scratch);
    look->conversations++;
    if (session_decode(row->state.data, row->state.length, look->scratch, look->session, NULL) != 0) {
        look->unreadable++;
        return 0;
    }
    funnels_add(&look->funnels, look->author.understand.content, look->session, look->author.since_ms,
                look->author.now_ms);
    return 0;
}

/* ---- printing ---- */

static int is_wanted(const struct look *look, const struct funnel *funnel) {
    return look->dialogue != NULL ? strcmp(look->dialogue, funnel->dialogue->id) == 0 : 1;
}

static const char *text_of(const struct look *look, const struct localized *text) {
    return localized_text(text, look->author.text_language,
                          look->author.understand.content->site.default_language);
}

static int percent(size_t part, size_t whole) {
    return whole > 0 ? (int)((200 * part + whole) / (2 * whole)) : 0;
}

/* text in exactly so many columns: cut, or filled with blanks. */
static void print_cell(const char *text, size_t columns) {
    size_t length = strlen(text), count = u8_count(text, length);
    if (count > columns) {
        size_t cut = 0;
        for (size_t i = 0; i + 2 < columns && cut < length; i++) { /* two columns for the dots */
            uint32_t ignored;
            cut += u8_decode(text + cut, length - cut, &ignored);
        }
        printf("%.*s..", (int)cut, text);
        return;
    }
    printf("%s%*s", text, (int)(columns - count), "");
}

static size_t columns_of(size_t part, size_t whole) {
    return whole > 0 ? (part * BAR_COLUMNS + whole - 1) / whole : 0; /* even one person is seen */
}

/* Full: went on; light: left here. */
static void print_bar(const struct funnel_step *step, size_t started) {
    size_t all = columns_of(step->reached, started), left = columns_of(step->left, started);
    left = left > all ? all : left;
    for (size_t i = 0; i < BAR_COLUMNS; i++) {
        (void)fputs(i < all - left ? "\u2588" : i < all ? "\u2592" : " ", stdout);
    }
}

static void print_count(const struct look *look, const char *english, const char *indonesian, size_t count) {
    if (count > 0) {
        printf("  %s %zu", author_word(&look->author, english, indonesian), count);
    }
}

static void print_step(const struct look *look, const struct funnel *funnel, size_t index) {
    const struct content_step *step = &funnel->dialogue->steps[index];
    const struct funnel_step *counts = &funnel->steps[index];
    if (step->type == STEP_SAY && counts->reached == 0) {
        return; /* nobody answers what is only said */
    }
    printf("%3zu ", index + 1);
    print_cell(step->id, NAME_COLUMNS);
    (void)putchar(' ');
    print_cell(text_of(look, &step->short_ask), SHORT_COLUMNS);
    printf(" %6zu ", counts->reached);
    print_bar(counts, funnel->started);
    printf(" %3d %%", percent(counts->reached, funnel->started));
    print_count(look, "left here", "berhenti di sini", counts->left);
    print_count(look, "skipped", "dilewati", counts->skipped);
    print_count(look, "known already", "sudah diketahui", counts->known);
    print_count(look, "under way", "masih berjalan", counts->under_way);
    (void)putchar('\n');
}

static void print_funnel(const struct look *look, const struct funnel *funnel) {
    const struct author *author = &look->author;
    printf("%s  %s\n", funnel->dialogue->id, text_of(look, &funnel->dialogue->title));
    if (funnel->started == 0) {
        printf("    %s\n\n", author_word(author, "nobody has started it", "belum ada yang memulai"));
        return;
    }
    printf("    %s %zu   %s %zu (%d %%)   %s %zu", author_word(author, "started", "memulai"), funnel->started,
           author_word(author, "finished", "selesai"), funnel->finished,
           percent(funnel->finished, funnel->started), author_word(author, "left", "berhenti"), funnel->left);
    print_count(look, "(of them cancelled)", "(di antaranya membatalkan)", funnel->cancelled);
    printf("   %s %zu\n", author_word(author, "under way", "masih berjalan"), funnel->under_way);
    for (size_t i = 0; i < funnel->dialogue->step_count; i++) {
        print_step(look, funnel, i);
    }
    if (funnel->elsewhere > 0) {
        printf("    %s %zu\n",
               author_word(author,
                           "left at a question that is gone:", "berhenti di pertanyaan yang sudah dihapus:"),
               funnel->elsewhere);
    }
    for (size_t i = 0; funnel->finished > 0 && i < funnel->dialogue->result_count; i++) {
        printf("    %s ", author_word(author, "result", "hasil"));
        print_cell(funnel->dialogue->results[i].id, NAME_COLUMNS);
        printf(" %6zu  %3d %%\n", funnel->results[i], percent(funnel->results[i], funnel->finished));
    }
    (void)putchar('\n');
}

static void print_all(const struct look *look) {
    const struct author *author = &look->author;
    for (size_t i = 0; i < look->funnels.count; i++) {
        if (is_wanted(look, &look->funnels.list[i])) {
            print_funnel(look, &look->funnels.list[i]);
        }
    }
    printf("%s %zu. %s", author_word(author, "Conversations looked at:", "Percakapan yang dibaca:"),
           look->conversations,
           author_word(author, "Each counts once a dialogue, with its newest run.",
                       "Masing-masing dihitung sekali per dialog, yaitu yang terakhir."));
    if (look->funnels.unknown > 0) {
        printf(" %zu %s", look->funnels.unknown,
               author_word(author, "runs of dialogues that are gone.", "kali dialog yang sudah dihapus."));
    }
    if (look->unreadable > 0) {
        printf(" %zu %s", look->unreadable,
               author_word(author, "could not be read: a newer program wrote them.",
                           "tidak terbaca: ditulis program yang lebih baru."));
    }
    (void)putchar('\n');
}

/* ---- JSON ---- */

static struct value *step_as_json(const struct funnel *funnel, size_t index) {
    const struct funnel_step *counts = &funnel->steps[index];
    struct value *object = value_new_object();
    value_set_text(object, "step", funnel->dialogue->steps[index].id);
    value_set_int(object, "reached", (int64_t)counts->reached);
    value_set_int(object, "answered", (int64_t)counts->answered);
    value_set_int(object, "skipped", (int64_t)counts->skipped);
    value_set_int(object, "known", (int64_t)counts->known);
    value_set_int(object, "left", (int64_t)counts->left);
    value_set_int(object, "under_way", (int64_t)counts->under_way);
    return object;
}

static struct value *funnel_as_json(const struct look *look, const struct funnel *funnel) {
    struct value *object = value_new_object(), *steps = value_new_array(), *results = value_new_object();
    for (size_t i = 0; i < funnel->dialogue->step_count; i++) {
        value_add_take(steps, step_as_json(funnel, i));
    }
    for (size_t i = 0; i < funnel->dialogue->result_count; i++) {
        value_set_int(results, funnel->dialogue->results[i].id, (int64_t)funnel->results[i]);
    }
    value_set_text(object, "dialogue", funnel->dialogue->id);
    value_set_text(object, "title", text_of(look, &funnel->dialogue->title));
    value_set_int(object, "started", (int64_t)funnel->started);
    value_set_int(object, "finished", (int64_t)funnel->finished);
    value_set_int(object, "left", (int64_t)funnel->left);
    value_set_int(object, "cancelled", (int64_t)funnel->cancelled);
    value_set_int(object, "under_way", (int64_t)funnel->under_way);
    value_set_take(object, "steps", steps);
    value_set_take(object, "results", results);
    return object;
}

static int print_json(const struct look *look) {
    struct value *object = value_new_object(), *list = value_new_array();
    for (size_t i = 0; i < look->funnels.count; i++) {
        if (is_wanted(look, &look->funnels.list[i])) {
            value_add_take(list, funnel_as_json(look, &look->funnels.list[i]));
        }
    }
    value_set_take(object, "dialogues", list);
    value_set_int(object, "conversations", (int64_t)look->conversations);
    value_set_int(object, "unreadable", (int64_t)look->unreadable);
    value_set_int(object, "unknown", (int64_t)look->funnels.unknown);
    return author_print_take(&look->author, object);
}

/* ---- the verb ---- */

static int look_at(struct look *look) {
    struct err err = {0};
    const struct content *content = look->author.understand.content;
    if (look->dialogue != NULL && content_dialogue_index(content, look->dialogue) == CONTENT_NONE) {
        (void)author_fail(&look->author, "there is no dialogue \"%s\"; the dialogues are:", look->dialogue);
        for (size_t i = 0; i < content->dialogue_count; i++) {
            (void)fprintf(stderr, "  %s\n", content->dialogues[i].id);
        }
        return AUTHOR_FAILED;
    }
    look->counts = arena_new(ARENA_MAX);
    look->scratch = arena_new(ARENA_MAX);
    look->session = calloc(1, sizeof *look->session);
    if (look->counts == NULL || look->scratch == NULL || look->session == NULL) {
        return author_fail(&look->author, "out of memory");
    }
    funnels_init(&look->funnels, content, look->counts);
    if (study_states(look->author.study, count_state, look, &err) != 0) {
        return author_fail(&look->author, "%s", err.text);
    }
    if (look->author.is_json) {
        return print_json(look);
    }
    print_all(look);
    return AUTHOR_OK;
}

static int run(int count, char **arguments) {
    struct look look = {.dialogue = NULL};
    struct cli_option own[] = {{"--dialogue", &look.dialogue, NULL}};
    int rc =
        author_read(&look.author, "funnel", count, arguments, own, 1, NULL) != 0 ? AUTHOR_FAILED : AUTHOR_OK;
    rc = rc == AUTHOR_OK ? author_open_content(&look.author) : rc;
    rc = rc == AUTHOR_OK ? author_open_database(&look.author) : rc;
    rc = rc == AUTHOR_OK ? author_finish(&look.author, look_at(&look)) : rc;
    free(look.session);
    arena_free(look.scratch);
    arena_free(look.counts);
    author_close(&look.author);
    return rc;
}

const struct cli_verb cli_funnel = {
    .name = "funnel",
    .run = run,
    .summary = "where people leave a dialogue",
    .help =
        "usage: pandu funnel [--db FILE] [--dialogue ID] [--since DATE] [--lang id|en] [--json]\n"
        "                    [--content DIR] [--site DIR]\n"
        "\n"
        "For every dialogue: how many started and finished it, and a bar a question: how many of them came "
        "so "
        "far. The\n"
        "light part of a bar are those who left at this question. Then how many got which result.\n"
        "\n"
        "Counted is what conversations remember: the newest run of each dialogue, once a conversation. A run "
        "touched in\n"
        "the last 24 hours is under way, an older one was left. What people answered is not looked at. The "
        "server "
        "may\n"
        "run meanwhile.\n"
        "\n"
        "  --db FILE      the database; else $PANDU_DB, else data/pandu.db\n"
        "  --dialogue ID  this one only\n"
        "  --since DATE   runs that began on 2026-11-01 or later; 30d: in the last 30 days\n"
        "  --lang id      in Indonesian\n"
        "  --json         one JSON object: {\"dialogues\": [{\"dialogue\", \"started\", \"finished\", "
        "\"left\", "
        "\"cancelled\",\n"
        "                 \"under_way\", \"steps\": [{\"step\", \"reached\", \"answered\", \"skipped\", "
        "\"known\", "
        "\"left\",\n"
        "                 \"under_way\"}], \"results\": {id: n}}], ...}\n"
        "\n"
        "Exit status: 0; 2 when the database or the content cannot be read, or an option is wrong.\n"};
