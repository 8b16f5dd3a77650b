/* Boxes and arrows of content. Never draws: graph_print.c writes them down. Called by: cli/graph. */
#include "domain/authoring/graph.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "domain/content/content.h"
#include "domain/dialogue/expression.h"
#include "domain/reply/reply.h"

#include "banned.h"

enum { TITLE_COLUMNS = 110, CHOICES_SHOWN = 6, LABEL_COLUMNS = 60, CONDITION_COLUMNS = 100 };

struct work {
    const struct content *content;
    const struct content_dialogue *dialogue;
    int language, is_indonesian;
    struct arena *arena;
    struct graph *graph;
};

static const char *word(const struct work *work, const char *english, const char *indonesian) {
    return work->is_indonesian ? indonesian : english;
}

static void init(struct work *work, const struct content *content, int language, struct arena *arena,
                 struct graph *graph) {
    const char *code = lexicon_language(content->lexicon, (size_t)language);
    *work = (struct work){content, NULL, language, strcmp(code, "id") == 0, arena, graph};
    memset(graph, 0, sizeof *graph);
    graph->nodes = arena_array(arena, GRAPH_NODES_MAX, sizeof *graph->nodes);
    graph->edges = arena_array(arena, GRAPH_EDGES_MAX, sizeof *graph->edges);
}

/* The number of the new node; of the last one when there is no room. */
static size_t add_node(struct work *work, enum graph_kind kind, const char *id, const char *title,
                       const char *detail) {
    struct graph *graph = work->graph;
    if (graph->node_count == GRAPH_NODES_MAX) {
        graph->is_cut = 1;
        return graph->node_count - 1;
    }
    graph->nodes[graph->node_count] = (struct graph_node){kind, id, title, detail, 0, GRAPH_NO_GROUP};
    return graph->node_count++;
}

static void add_edge(struct work *work, size_t from, size_t to, const char *label, int is_offer) {
    struct graph *graph = work->graph;
    if (graph->edge_count == GRAPH_EDGES_MAX) {
        graph->is_cut = 1;
        return;
    }
    graph->edges[graph->edge_count++] = (struct graph_edge){from, to, label, is_offer};
}

/* What a person said stands as the name of the question: "[soal empati]". */
static const char *fill(void *context, const char *name, struct arena *arena) {
    const struct work *work = context;
    if (strncmp(name, "answer.", 7) == 0 && work->dialogue != NULL) {
        const struct content_step *step = content_step(work->dialogue, name + 7);
        const char *short_ask = step != NULL ? localized_text(&step->short_ask, work->language,
                                                              work->content->site.default_language)
                                             : "";
        return arena_format(arena, "[%s]", short_ask[0] != '\0' ? short_ask : name + 7);
    }
    int is_known_then = strncmp(name, "score.", 6) == 0 || strncmp(name, "list.", 5) == 0;
    return is_known_then ? arena_format(arena, "[%s]", name + 5 + (name[0] == 's')) : NULL;
}

/* text, cut between words where it is longer. */
static const char *shortened(const struct work *work, const char *text, size_t columns) {
    size_t length = strlen(text), at = 0;
    for (size_t i = 0; i < columns && at < length; i++) {
        uint32_t ignored;
        at += u8_decode(text + at, length - at, &ignored);
    }
    if (at == length) {
        return text;
    }
    while (at > 0 && text[at] != ' ') {
        at--;
    }
    return arena_format(work->arena, "%.*s \u2026", (int)at, text);
}

/* A template as it reads: forms of address filled in, one line, not too long. */
static const char *readable(const struct work *work, const char *template, size_t columns) {
    const char *filled =
        reply_render(work->content, work->language, template, fill, (void *)(uintptr_t)work, work->arena);
    char *text = arena_text(work->arena, filled);
    for (char *byte = text; *byte != '\0'; byte++) {
        *byte = *byte == '\n' ? ' ' : *byte;
    }
    return shortened(work, text, columns);
}

static const char *localized(const struct work *work, const struct localized *text) {
    return localized_text(text, work->language, work->content->site.default_language);
}

/* ---- conditions in words ---- */

static const char *step_name(const struct work *work, const char *id) {
    const struct content_step *step = content_step(work->dialogue, id);
    const char *name = step != NULL ? localized(work, &step->short_ask) : "";
    return name[0] != '\0' ? name : id;
}

static const char *name_of(void *context, enum expression_kind kind, const char *name) {
    const struct work *work = context;
    switch (kind) {
    case EXPRESSION_SCORE: return arena_format(work->arena, "%s %s", word(work, "score", "skor"), name);
    case EXPRESSION_ANSWERED:
        return arena_format(work->arena, "%s: %s", word(work, "answered", "dijawab"), step_name(work, name));
    case EXPRESSION_SKIPPED:
        return arena_format(work->arena, "%s: %s", word(work, "skipped", "dilewati"), step_name(work, name));
    case EXPRESSION_SLOT: return arena_format(work->arena, "%s %s", word(work, "fact", "fakta"), name);
    default: return step_name(work, name);
    }
}

static const char *literal_of(void *context, enum expression_kind kind, const char *name,
                              const char *literal) {
    const struct work *work = context;
    const struct content_step *step = kind == EXPRESSION_ANSWER ? content_step(work->dialogue, name) : NULL;
    for (size_t i = 0; step != NULL && i < step->choice_count; i++) {
        if (strcmp(step->choices[i].id, literal) == 0) {
            return arena_format(work->arena, "\u201c%s\u201d", localized(work, &step->choices[i].label));
        }
    }
    return arena_format(work->arena, "\u201c%s\u201d", literal);
}

static const char *condition(struct work *work, const struct expression *when) {
    struct expression_words words = {
        name_of, literal_of, word(work, "and", "dan"), word(work, "or", "atau"), word(work, "not", "tidak"),
        work};
    struct buf text;
    buf_init(&text, 0);
    expression_write(when, &words, &text);
    const char *kept = shortened(work, arena_text(work->arena, buf_text(&text)), CONDITION_COLUMNS);
    buf_close(&text);
    return kept;
}

/* ---- a dialogue ---- */

static const char *add_line(const struct work *work, const char *lines, const char *line) {
    return arena_format(work->arena, "%s%s%s", lines, lines[0] != '\0' ? "\n" : "", line);
}

static const char *choice_lines(const struct work *work, const struct content_step *step) {
    const char *lines = "";
    if (step->type == STEP_SCALE && step->choice_count > 2) {
        const struct content_choice *first = &step->choices[0],
                                    *last = &step->choices[step->choice_count - 1];
        return arena_format(work->arena, "%g %s \u2026 %g %s", first->value, localized(work, &first->label),
                            last->value, localized(work, &last->label));
    }
    for (size_t i = 0; i < step->choice_count && i < CHOICES_SHOWN; i++) {
        lines =
            add_line(work, lines,
                     arena_format(work->arena, "\u2022 %s",
                                  readable(work, localized(work, &step->choices[i].label), LABEL_COLUMNS)));
    }
    if (step->choice_count > CHOICES_SHOWN) {
        lines = add_line(work, lines,
                         arena_format(work->arena, "%s %zu", word(work, "\u2026 and", "\u2026 dan"),
                                      step->choice_count - CHOICES_SHOWN));
    }
    return lines;
}

static const char *type_line(const struct work *work, const struct content_step *step) {
    switch (step->type) {
    case STEP_NUMBER: return word(work, "a number", "angka");
    case STEP_DATE: return word(work, "a date", "tanggal");
    case STEP_TEXT: return word(work, "in own words", "dengan kata sendiri");
    case STEP_CONTACT: return word(work, "phone or e-mail", "telepon atau e-mail");
    case STEP_CONFIRM: return word(work, "yes or no", "ya atau tidak");
    default: return "";
    }
}

static void add_step(struct work *work, const struct content_step *step) {
    const char *detail = step->choice_count > 0 ? choice_lines(work, step) : type_line(work, step);
    if (step->when != NULL) {
        detail = add_line(work, detail,
                          arena_format(work->arena, "%s %s", word(work, "only if", "hanya bila"),
                                       condition(work, step->when)));
    }
    size_t node = add_node(work, step->type == STEP_SAY ? GRAPH_SAY : GRAPH_QUESTION, step->id,
                           readable(work, localized(work, &step->ask), TITLE_COLUMNS), detail);
    work->graph->nodes[node].is_conditional = step->when != NULL;
}

/* The number of a step's node: the start is 0, the check stands behind the last step. */
static size_t node_of(const struct work *work, const char *step) {
    const struct content_step *found = step != NULL ? content_step(work->dialogue, step) : NULL;
    return found != NULL ? 1 + (size_t)(found - work->dialogue->steps) : 1 + work->dialogue->step_count;
}

static void add_ways(struct work *work, const struct content_step *step) {
    size_t from = node_of(work, step->id);
    for (size_t i = 0; i < step->next_count; i++) {
        const char *label = step->next[i].when != NULL ? condition(work, step->next[i].when)
                            : i > 0                    ? word(work, "else", "selain itu")
                                                       : "";
        add_edge(work, from, node_of(work, step->next[i].go), label, 0);
        if (step->next[i].when == NULL) {
            return; /* what stands behind is never looked at */
        }
    }
    add_edge(work, from, from + 1, step->next_count > 0 ? word(work, "else", "selain itu") : "", 0);
}

static const char *reply_text(const struct work *work, uint32_t index) {
    if (index == CONTENT_NONE) {
        return "";
    }
    const struct content_reply *reply = &work->content->replies[index];
    int language =
        reply->by_language[work->language].count > 0 ? work->language : work->content->site.default_language;
    if (reply->by_language[language].count == 0 || reply->by_language[language].variants[0].count == 0) {
        return "";
    }
    return readable(work, reply->by_language[language].variants[0].messages[0], TITLE_COLUMNS);
}

static void add_results(struct work *work) {
    size_t check = 1 + work->dialogue->step_count;
    for (size_t i = 0; i < work->dialogue->result_count; i++) {
        const struct content_result *result = &work->dialogue->results[i];
        size_t node =
            add_node(work, GRAPH_RESULT, result->id, reply_text(work, result->reply),
                     result->keep_as_plan ? word(work, "kept as a plan", "disimpan sebagai rencana") : "");
        const char *label = result->when != NULL               ? condition(work, result->when)
                            : work->dialogue->result_count > 1 ? word(work, "else", "selain itu")
                                                               : "";
        add_edge(work, check, node, label, 0);
    }
}

void graph_of_dialogue(const struct content *content, const struct content_dialogue *dialogue, int language,
                       struct arena *arena, struct graph *graph) {
    struct work work;
    init(&work, content, language, arena, graph);
    work.dialogue = dialogue;
    graph->title = localized(&work, &dialogue->title);
    (void)add_node(&work, GRAPH_START, dialogue->id, graph->title,
                   dialogue->intro != CONTENT_NONE ? reply_text(&work, dialogue->intro) : "");
    for (size_t i = 0; i < dialogue->step_count; i++) {
        add_step(&work, &dialogue->steps[i]);
    }
    (void)add_node(&work, GRAPH_CHECK, "end", word(&work, "Result", "Hasil"), "");
    add_edge(&work, 0, 1, "", 0);
    for (size_t i = 0; i < dialogue->step_count; i++) {
        add_ways(&work, &dialogue->steps[i]);
    }
    add_results(&work);
}

/* ---- which intents lead where ---- */

/* Nodes of intents, then of dialogues, by their index; SIZE_MAX: not in the picture. */
struct picture {
    struct work work;
    const char *topic;
    size_t *intents, *dialogues;
};

static int group_of(struct graph *graph, const char *topic) {
    for (size_t i = 0; i < graph->group_count; i++) {
        if (strcmp(graph->groups[i], topic) == 0) {
            return (int)i;
        }
    }
    graph->groups[graph->group_count] = topic;
    return (int)graph->group_count++;
}

static size_t intent_node(struct picture *picture, uint32_t index) {
    struct work *work = &picture->work;
    const struct content_intent *intent = &work->content->intents[index];
    if (picture->intents[index] != SIZE_MAX) {
        return picture->intents[index];
    }
    const char *title = localized(work, &intent->title), *detail = "";
    const char *reply = intent->reply != CONTENT_NONE ? work->content->replies[intent->reply].id : "";
    if (reply[0] != '\0' && strcmp(reply, intent->id) != 0) {
        detail = arena_format(work->arena, "%s %s", word(work, "says", "menjawab"), reply);
    }
    size_t node = add_node(work, intent->is_safety ? GRAPH_DANGER : GRAPH_INTENT, intent->id, title, detail);
    work->graph->nodes[node].group = group_of(work->graph, intent->topic);
    return picture->intents[index] = node;
}

static size_t dialogue_node(struct picture *picture, uint32_t index) {
    struct work *work = &picture->work;
    const struct content_dialogue *dialogue = &work->content->dialogues[index];
    if (picture->dialogues[index] == SIZE_MAX) {
        const char *detail =
            arena_format(work->arena, "%zu %s, %zu %s", dialogue->step_count, word(work, "steps", "langkah"),
                         dialogue->result_count, word(work, "results", "hasil"));
        picture->dialogues[index] =
            add_node(work, GRAPH_DIALOGUE, dialogue->id, localized(work, &dialogue->title), detail);
    }
    return picture->dialogues[index];
}

static int has_edge(const struct graph *graph, size_t from, size_t to) {
    for (size_t i = 0; i < graph->edge_count; i++) {
        if (graph->edges[i].from == from && graph->edges[i].to == to) {
            return 1;
        }
    }
    return 0;
}

static void add_offers(struct picture *picture, size_t from, uint32_t reply_index) {
    struct work *work = &picture->work;
    if (reply_index == CONTENT_NONE) {
        return;
    }
    const struct content_reply *reply = &work->content->replies[reply_index];
    for (size_t i = 0; i < reply->quick_count; i++) {
        uint32_t to = reply->quick[i].intent != NULL
                          ? content_intent_index(work->content, reply->quick[i].intent)
                          : CONTENT_NONE;
        if (to != CONTENT_NONE) {
            size_t node = intent_node(picture, to);
            if (node != from && !has_edge(work->graph, from, node)) {
                add_edge(work, from, node, "", 1);
            }
        }
    }
}

static void add_dialogue(struct picture *picture, uint32_t index, size_t from) {
    const struct content_dialogue *dialogue = &picture->work.content->dialogues[index];
    int is_known = picture->dialogues[index] != SIZE_MAX;
    size_t node = dialogue_node(picture, index);
    add_edge(&picture->work, from, node, "", 0);
    for (size_t i = 0; !is_known && i < dialogue->result_count; i++) {
        add_offers(picture, node, dialogue->results[i].reply);
    }
}

static size_t *nowhere(struct arena *arena, size_t count) {
    size_t *list = arena_array(arena, count + 1, sizeof *list);
    memset(list, 0xff, (count + 1) * sizeof *list);
    return list;
}

void graph_of_intents(const struct content *content, const char *topic, int language, struct arena *arena,
                      struct graph *graph) {
    struct picture picture = {.topic = topic};
    init(&picture.work, content, language, arena, graph);
    graph->is_across = 1;
    graph->title = word(&picture.work, "Which intents lead where", "Intent mana menuju ke mana");
    graph->groups = arena_array(arena, content->intent_count + 1, sizeof *graph->groups);
    picture.intents = nowhere(arena, content->intent_count);
    picture.dialogues = nowhere(arena, content->dialogue_count);
    for (uint32_t i = 0; i < content->intent_count; i++) {
        const struct content_intent *intent = &content->intents[i];
        if (topic != NULL && strcmp(topic, intent->topic) != 0) {
            continue;
        }
        size_t node = intent_node(&picture, i);
        add_offers(&picture, node, intent->reply);
        if (intent->dialogue != CONTENT_NONE) {
            add_dialogue(&picture, intent->dialogue, node);
        }
    }
}
