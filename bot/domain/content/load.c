/* Makes a bundle out of the bytes of its files: the order of the parts, and all or nothing. Reads no files
   itself. Called by app/files.c, tests and fuzzing. */
#include "domain/content/load.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "domain/content/lint.h"
#include "domain/content/loader.h"
#include "domain/dialogue/dialogue.h"
#include "domain/author/author_pattern.h"
#include "domain/pattern/pattern.h"
#include "domain/similar/similar.h"
#include "json/value.h"

#include "banned.h"

enum { NOTES_MAX = 256 * 1024 * 1024 /* bytes, as an arena: content may be several times as large */ };

static void out_of_memory(struct loader *loader, const char *what) {
    struct place place = {.path = "$", .offset = PROBLEM_WHOLE};
    problem_add(&loader->problems, PROBLEM_out_of_memory, place, what, NULL, NULL);
}

/* What is checked is compiled at once; what only has to run starts sooner. */
static struct content *new_content(int lint) {
    struct arena *arena = arena_new_large(0);
    if (arena == NULL) {
        return NULL;
    }
    struct content *content = arena_alloc(arena, sizeof *content);
    content->arena = arena;
    content->references = 1;
    content->beside = arena_new_large(0);
    content->patterns = pattern_set_new();
    content->similar = similar_new();
    content->intent_by_id = map_new();
    content->reply_by_id = map_new();
    content->dialogue_by_id = map_new();
    if (content->beside == NULL || content->patterns == NULL || content->similar == NULL ||
        content->intent_by_id == NULL || content->reply_by_id == NULL || content->dialogue_by_id == NULL) {
        content_free(content);
        return NULL;
    }
    if (!lint) {
        pattern_set_defer(content->patterns);
    }
    return content;
}

/* Ids of a bundle start where its arrays do. */
static void index_ids(struct loader *loader) {
    struct content *content = loader->content;
    int rc = 0;
    for (size_t i = 0; i < content->intent_count; i++) {
        rc |= map_set(content->intent_by_id, content->intents[i].id, (void *)(uintptr_t)(i + 1));
    }
    for (size_t i = 0; i < content->reply_count; i++) {
        rc |= map_set(content->reply_by_id, content->replies[i].id, (void *)(uintptr_t)(i + 1));
    }
    for (size_t i = 0; i < content->dialogue_count; i++) {
        rc |= map_set(content->dialogue_by_id, content->dialogues[i].id, (void *)(uintptr_t)(i + 1));
    }
    if (rc != 0) {
        out_of_memory(loader, "ids");
    }
    uint32_t progress = content_reply_index(content, "progress");
    content->progress = progress != CONTENT_NONE ? &content->replies[progress] : NULL;
}

static void collect(struct loader *loader) {
    const struct documents *documents = &loader->documents;
    items_collect(&loader->intents, documents, DOCUMENT_INTENTS, "intents", &loader->problems);
    items_collect(&loader->facts, documents, DOCUMENT_FACTS, "facts", &loader->problems);
    items_collect(&loader->replies, documents, DOCUMENT_REPLIES, "replies", &loader->problems);
    items_collect(&loader->dialogues, documents, DOCUMENT_DIALOGUE, NULL, &loader->problems);
    items_collect(&loader->help_lines, documents, DOCUMENT_HELP_LINES, "help_lines", &loader->problems);
}

static void read_thresholds(struct loader *loader) {
    struct content_thresholds *thresholds = &loader->content->thresholds;
    *thresholds = (struct content_thresholds){0.62F, 0.12F, 0.3F};
    for (size_t i = 0; i < loader->documents.count; i++) {
        const struct document *document = &loader->documents.list[i];
        if (document->kind != DOCUMENT_VOCABULARY) {
            continue;
        }
        const struct value *given = value_get(document->value, "thresholds");
        thresholds->answer_score =
            (float)value_real(value_get(given, "answer_score"), (double)thresholds->answer_score);
        thresholds->answer_lead =
            (float)value_real(value_get(given, "answer_lead"), (double)thresholds->answer_lead);
        thresholds->suggest_score =
            (float)value_real(value_get(given, "suggest_score"), (double)thresholds->suggest_score);
    }
}

/* Files are hashed whole, eight bytes at a time: byte by byte it was a twentieth of this half. */
static void hash_files(struct loader *loader) {
    uint64_t hash = hash_bytes(0, "pandu", 5);
    for (size_t i = 0; i < loader->documents.count; i++) {
        const struct content_file *file = loader->documents.list[i].file;
        uint64_t whole = hash_fast(file->bytes, file->length);
        hash = hash_bytes(hash, file->name, strlen(file->name) + 1);
        hash = hash_bytes(hash, &whole, sizeof whole);
    }
    loader->content->hash = hash;
}

static void load_pattern_half(void *context) {
    struct loader *loader = context;
    load_all_patterns(loader);
    if (load_patterns_seal(loader) != 0) {
        out_of_memory(loader, "patterns");
    }
}

/* What is made beside the patterns, in arenas of its own. */
struct beside {
    struct loader *loader;
    struct load_similar similar;
    int is_sound; /* no error so far: else dialogues may lack what is needed */
};

static void load_beside(void *context) {
    struct beside *beside = context;
    struct content *content = beside->loader->content;
    hash_files(beside->loader);
    if (beside->is_sound) {
        dialogue_prepare(content, content->beside);
    }
    load_similar_run(&beside->similar);
}

/* Patterns on one side, the search index and what is small on the other: the two that take longest, and
   neither reads what the other writes. */
static void load_halves(struct loader *loader) {
    struct beside beside = {.loader = loader, .is_sound = loader->problems.errors == 0};
    int rc = load_similar_init(&beside.similar, loader);
    if (rc == 0) {
        loader->together->run(loader->together->context, load_pattern_half, loader, load_beside, &beside);
        rc = load_similar_end(&beside.similar, loader);
    }
    if (rc != 0) {
        out_of_memory(loader, "index");
    }
    load_similar_close(&beside.similar);
}

/* All that needs no class, in the order in which the parts need each other. */
static void load_first_half(void *context) {
    struct loader *loader = context;
    load_intents(loader);
    load_facts(loader);
    load_replies(loader);
    load_dialogues(loader);
    load_conditions_check(loader);
    load_site(loader);
    load_address(loader);
    load_help_lines(loader);
    read_thresholds(loader);
    index_ids(loader);
    load_outlines(loader);
}

struct folding {
    struct loader *loader;
    struct arena *work;
};

static void load_other_half(void *context) {
    const struct folding *folding = context;
    load_classes_fold(folding->loader, folding->work);
}

/* Classes on one side, everything else that is read on the other. What both found for the lexicon is taught
   behind them: no fold depends on it. */
static void load_parts(struct loader *loader) {
    struct folding folding = {loader, arena_new(0)};
    if (folding.work == NULL) {
        out_of_memory(loader, "classes");
        return;
    }
    loader->together->run(loader->together->context, load_first_half, loader, load_other_half, &folding);
    arena_free(folding.work);
    loader_teach(loader, &loader->taught_by_classes, 1);
    loader_teach(loader, &loader->taught_by_patterns, 1);
    if (loader->taught_by_classes.failed || loader->taught_by_patterns.failed) {
        out_of_memory(loader, "words");
    }
}

static void build(struct loader *loader) {
    load_classes(loader);
    collect(loader);
    load_parts(loader);
    load_halves(loader);
    if (loader->conditions.failed) {
        out_of_memory(loader, "conditions");
    }
}

static void load_all(struct loader *loader, const struct content_file *files, size_t count) {
    int lint = loader->options->lint;
    documents_open(&loader->documents, files, count, lint, loader->together, &loader->problems);
    loader->shown = arena_array(loader->scratch, loader->documents.count + 1, sizeof *loader->shown);
    if (load_lexicon(loader) != 0) {
        return;
    }
    loader->cache = author_cache_new(loader->scratch);
    loader->classes_cache = author_cache_new(loader->documents.beside);
    loader->taught = map_new();
    if (loader->cache == NULL || loader->classes_cache == NULL || loader->taught == NULL) {
        out_of_memory(loader, "words");
        return;
    }
    build(loader);
    lint_required(loader);
    if (lint) {
        lint_content(loader);
    }
}

static void close(struct loader *loader) {
    struct items *all[] = {&loader->classes, &loader->intents,   &loader->facts,
                           &loader->replies, &loader->dialogues, &loader->help_lines};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        items_close(all[i]);
    }
    author_cache_close(loader->cache);
    author_cache_close(loader->classes_cache);
    map_free(loader->taught);
    documents_close(&loader->documents);
    buf_close(&loader->conditions);
    buf_close(&loader->owners);
    buf_close(&loader->adding);
    buf_close(&loader->taught_by_classes);
    buf_close(&loader->taught_by_patterns);
    buf_close(&loader->outlines);
}

static void report_no_memory(const struct content_load_options *options) {
    struct content_problem problem = {.code = problem_kind(PROBLEM_out_of_memory)->code,
                                      .file = "",
                                      .path = "$",
                                      .text = problem_kind(PROBLEM_out_of_memory)->english.text,
                                      .remedy = problem_kind(PROBLEM_out_of_memory)->english.remedy};
    if (options->report != NULL) {
        options->report(options->context, &problem);
    }
}

static void run_in_turn(void *context, content_half *first, void *one, content_half *second, void *other) {
    (void)context;
    first(one);
    second(other);
}

struct content *content_load(const struct content_file *files, size_t count,
                             const struct content_load_options *options) {
    return content_load_together(files, count, options, NULL, NULL);
}

struct content *content_load_together(const struct content_file *files, size_t count,
                                      const struct content_load_options *options,
                                      const struct content_together *together,
                                      const struct content_keeper *keeper) {
    static const struct content_together in_turn = {run_in_turn, NULL};
    static const struct content_load_options silent = {NULL, 0, NULL, NULL};
    struct loader loader = {.options = options != NULL ? options : &silent,
                            .together = together != NULL ? together : &in_turn,
                            .keeper = keeper};
    loader.scratch = arena_new_large(0);
    loader.work = arena_new(0);
    loader.content = loader.scratch != NULL && loader.work != NULL ? new_content(loader.options->lint) : NULL;
    if (loader.content == NULL) {
        arena_free(loader.scratch);
        arena_free(loader.work);
        report_no_memory(loader.options);
        return NULL;
    }
    problems_init(&loader.problems, loader.scratch);
    buf_init(&loader.conditions, 0);
    buf_init(&loader.owners, 0);
    buf_init(&loader.adding, 0);
    buf_init(&loader.taught_by_classes, NOTES_MAX);
    buf_init(&loader.taught_by_patterns, NOTES_MAX);
    buf_init(&loader.outlines, NOTES_MAX);
    load_all(&loader, files, count);
    problems_report(&loader.problems, loader.options);
    struct content *content = loader.content;
    if (loader.problems.errors > 0) {
        content_free(content);
        content = NULL;
    }
    close(&loader);
    arena_free(loader.work);
    arena_free(loader.scratch);
    return content;
}
