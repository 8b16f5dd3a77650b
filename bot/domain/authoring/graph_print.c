/* Boxes and arrows as Mermaid, as Graphviz' dot, as JSON. Never decides what is in the picture. Called by:
 * cli/graph. */
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "domain/authoring/graph.h"
#include "json/put.h"

#include "banned.h"

enum { LINE_COLUMNS = 38 };

/* How a kind of box looks. The colours are told apart in grey too; texts keep a contrast of 7:1 and more. */
static const struct {
    const char *name, *fill, *border, *text, *shape;
} looks[GRAPH_KINDS] = {
    [GRAPH_START] = {"start", "#115e59", "#115e59", "#ffffff", "box"},
    [GRAPH_QUESTION] = {"question", "#ffffff", "#0f766e", "#0f172a", "box"},
    [GRAPH_SAY] = {"say", "#f1f5f9", "#94a3b8", "#0f172a", "box"},
    [GRAPH_CHECK] = {"check", "#fef3c7", "#b45309", "#0f172a", "hexagon"},
    [GRAPH_RESULT] = {"result", "#dcfce7", "#15803d", "#0f172a", "box"},
    [GRAPH_INTENT] = {"intent", "#ffffff", "#64748b", "#0f172a", "box"},
    [GRAPH_DANGER] = {"danger", "#fee2e2", "#b91c1c", "#0f172a", "box"},
    [GRAPH_DIALOGUE] = {"dialogue", "#ccfbf1", "#0f766e", "#0f172a", "box"},
};

/* Bytes of the first line of text when it is broken at blanks, and at every line break. */
static size_t line_length(const char *text) {
    size_t length = strcspn(text, "\n"), at = 0, blank = 0, columns = 0;
    while (at < length && columns <= LINE_COLUMNS) {
        uint32_t ignored;
        blank = text[at] == ' ' ? at : blank;
        at += u8_decode(text + at, length - at, &ignored);
        columns++;
    }
    return columns <= LINE_COLUMNS || blank == 0 ? at : blank;
}

/* ---- dot ---- */

static void put_markup(struct buf *out, const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        const char *name = text[i] == '&'   ? "&amp;"
                           : text[i] == '<' ? "&lt;"
                           : text[i] == '>' ? "&gt;"
                           : text[i] == '"' ? "&quot;"
                                            : NULL;
        if (name != NULL) {
            (void)buf_add_text(out, name);
        } else {
            (void)buf_add_char(out, text[i]);
        }
    }
}

static void put_rows(struct buf *out, const char *text, const char *before, const char *behind) {
    while (*text != '\0') {
        size_t length = line_length(text);
        (void)buf_add_format(out, "<TR><TD ALIGN=\"LEFT\">%s", before);
        put_markup(out, text, length);
        (void)buf_add_format(out, "%s</TD></TR>", behind);
        text += length;
        text += *text == ' ' || *text == '\n';
    }
}

static void put_dot_node(struct buf *out, const struct graph *graph, size_t number) {
    const struct graph_node *node = &graph->nodes[number];
    const char *small = node->kind == GRAPH_START ? "<FONT POINT-SIZE=\"10\" COLOR=\"#ccfbf1\">"
                                                  : "<FONT POINT-SIZE=\"10\" COLOR=\"#475569\">";
    (void)buf_add_format(
        out, "  n%zu [shape=%s style=\"rounded,filled%s\" fillcolor=\"%s\" color=\"%s\" fontcolor=\"%s\" ",
        number, looks[node->kind].shape, node->is_conditional ? ",dashed" : "", looks[node->kind].fill,
        looks[node->kind].border, looks[node->kind].text);
    (void)buf_add_text(out,
                       "label=<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"1\">");
    put_rows(out, node->id, small, "</FONT>");
    put_rows(out, node->title, "<B>", "</B>");
    put_rows(out, node->detail, small, "</FONT>");
    (void)buf_add_text(out, "</TABLE>>];\n");
}

/* What only may follow does not push boxes apart: within a topic, and behind a dialogue. So every topic is
   one column, and dialogues stand to the right of what starts them. */
static int is_loose(const struct graph *graph, const struct graph_edge *edge) {
    int from = graph->nodes[edge->from].group;
    return edge->is_offer && (from == GRAPH_NO_GROUP || from == graph->nodes[edge->to].group);
}

static void put_dot_edge(struct buf *out, const struct graph *graph, const struct graph_edge *edge) {
    (void)buf_add_format(out, "  n%zu -> n%zu [%s%s", edge->from, edge->to,
                         edge->is_offer ? "style=dashed color=\"#94a3b8\" arrowsize=0.6" : "penwidth=1.4",
                         is_loose(graph, edge) ? " constraint=false" : "");
    if (edge->label[0] != '\0') {
        (void)buf_add_text(
            out, " label=<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"2\">");
        put_rows(out, edge->label, "", "");
        (void)buf_add_text(out, "</TABLE>>");
    }
    (void)buf_add_text(out, "];\n");
}

static void put_dot_edges(struct buf *out, const struct graph *graph) {
    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct graph_edge *edge = &graph->edges[i];
        if (edge->from < graph->node_count && edge->to < graph->node_count) { /* else its box had no room */
            put_dot_edge(out, graph, edge);
        }
    }
}

void graph_as_dot(const struct graph *graph, struct buf *out) {
    (void)buf_add_text(out, "digraph pandu {\n  graph [fontname=\"Helvetica,Arial,sans-serif\" fontsize=18 "
                            "labelloc=t pad=0.4 bgcolor=\"white\" fontcolor=\"#0f172a\" label=<<B>");
    put_markup(out, graph->title, strlen(graph->title));
    (void)buf_add_format(out, "</B>> %s];\n",
                         graph->is_across ? "rankdir=LR nodesep=0.15 ranksep=1.6"
                                          : "rankdir=TB nodesep=0.35 ranksep=0.4");
    (void)buf_add_text(out,
                       "  node [fontname=\"Helvetica,Arial,sans-serif\" fontsize=11 margin=\"0.14,0.08\"];\n"
                       "  edge [fontname=\"Helvetica,Arial,sans-serif\" fontsize=10 fontcolor=\"#334155\" "
                       "color=\"#475569\" arrowsize=0.8];\n");
    for (size_t group = 0; group < graph->group_count; group++) {
        (void)buf_add_format(out,
                             "  subgraph cluster_%zu {\n  style=\"rounded,filled\"; color=\"#cbd5e1\"; "
                             "fillcolor=\"#f8fafc\"; fontsize=14; label=<<B>",
                             group);
        put_markup(out, graph->groups[group], strlen(graph->groups[group]));
        (void)buf_add_text(out, "</B>>;\n");
        for (size_t i = 0; i < graph->node_count; i++) {
            if (graph->nodes[i].group == (int)group) {
                put_dot_node(out, graph, i);
            }
        }
        (void)buf_add_text(out, "  }\n");
    }
    for (size_t i = 0; i < graph->node_count; i++) {
        if (graph->nodes[i].group == GRAPH_NO_GROUP) {
            put_dot_node(out, graph, i);
        }
    }
    put_dot_edges(out, graph);
    (void)buf_add_text(out, "}\n");
}

/* ---- Mermaid ---- */

/* Characters that Mermaid or the HTML around it would read are written as its entities. */
static void put_entities(struct buf *out, const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        const char *name = text[i] == '"'   ? "#quot;"
                           : text[i] == '#' ? "#35;"
                           : text[i] == '&' ? "#amp;"
                           : text[i] == '<' ? "#lt;"
                           : text[i] == '>' ? "#gt;"
                           : text[i] == '`' ? "#96;"
                                            : NULL;
        if (name != NULL) {
            (void)buf_add_text(out, name);
        } else {
            (void)buf_add_char(out, text[i]);
        }
    }
}

static void put_lines(struct buf *out, const char *text, const char *before, const char *behind) {
    while (*text != '\0') {
        size_t length = line_length(text);
        (void)buf_add_text(out, before);
        put_entities(out, text, length);
        (void)buf_add_text(out, behind);
        text += length;
        text += *text == ' ' || *text == '\n';
    }
}

static void put_mermaid_node(struct buf *out, const struct graph *graph, size_t number) {
    const struct graph_node *node = &graph->nodes[number];
    (void)buf_add_format(out, "  n%zu%s\"", number, node->kind == GRAPH_CHECK ? "{{" : "[");
    put_entities(out, node->id, strlen(node->id));
    put_lines(out, node->title, "<br/><b>", "</b>");
    put_lines(out, node->detail, "<br/>", "");
    (void)buf_add_format(out, "\"%s:::%s\n", node->kind == GRAPH_CHECK ? "}}" : "]", looks[node->kind].name);
    if (node->is_conditional) {
        (void)buf_add_format(out, "  style n%zu stroke-dasharray:5 4\n", number);
    }
}

static void put_mermaid_edges(struct buf *out, const struct graph *graph) {
    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct graph_edge *edge = &graph->edges[i];
        if (edge->from >= graph->node_count || edge->to >= graph->node_count) {
            continue;
        }
        (void)buf_add_format(out, "  n%zu %s", edge->from, edge->is_offer ? "-.->" : "-->");
        if (edge->label[0] != '\0') {
            (void)buf_add_text(out, "|\"");
            put_entities(out, edge->label, strlen(edge->label));
            (void)buf_add_text(out, "\"|");
        }
        (void)buf_add_format(out, " n%zu\n", edge->to);
    }
}

static int has_kind(const struct graph *graph, enum graph_kind kind) {
    for (size_t i = 0; i < graph->node_count; i++) {
        if (graph->nodes[i].kind == kind) {
            return 1;
        }
    }
    return 0;
}

void graph_as_mermaid(const struct graph *graph, struct buf *out) {
    (void)buf_add_text(out, "---\ntitle: ");
    put_text(out, graph->title); /* a JSON text is a YAML text too */
    (void)buf_add_format(out, "\n---\nflowchart %s\n", graph->is_across ? "LR" : "TD");
    for (size_t group = 0; group < graph->group_count; group++) {
        (void)buf_add_format(out, "  subgraph g%zu[\"", group);
        put_entities(out, graph->groups[group], strlen(graph->groups[group]));
        (void)buf_add_text(out, "\"]\n");
        for (size_t i = 0; i < graph->node_count; i++) {
            if (graph->nodes[i].group == (int)group) {
                put_mermaid_node(out, graph, i);
            }
        }
        (void)buf_add_text(out, "  end\n");
    }
    for (size_t i = 0; i < graph->node_count; i++) {
        if (graph->nodes[i].group == GRAPH_NO_GROUP) {
            put_mermaid_node(out, graph, i);
        }
    }
    put_mermaid_edges(out, graph);
    for (size_t kind = 0; kind < GRAPH_KINDS; kind++) {
        if (!has_kind(graph, (enum graph_kind)kind)) {
            continue;
        }
        (void)buf_add_format(out, "  classDef %s fill:%s,stroke:%s,color:%s\n", looks[kind].name,
                             looks[kind].fill, looks[kind].border, looks[kind].text);
    }
}

/* ---- JSON ---- */

static void put_member(struct buf *out, const char *name, const char *text) {
    put_text(out, name);
    (void)buf_add_char(out, ':');
    put_text(out, text);
}

void graph_as_json(const struct graph *graph, struct buf *out) {
    (void)buf_add_char(out, '{');
    put_member(out, "title", graph->title);
    (void)buf_add_text(out, ",\"nodes\":[");
    for (size_t i = 0; i < graph->node_count; i++) {
        const struct graph_node *node = &graph->nodes[i];
        (void)buf_add_format(out, "%s{\"node\":%zu,", i > 0 ? "," : "", i);
        put_member(out, "kind", looks[node->kind].name);
        (void)buf_add_char(out, ',');
        put_member(out, "id", node->id);
        (void)buf_add_char(out, ',');
        put_member(out, "title", node->title);
        (void)buf_add_char(out, ',');
        put_member(out, "topic", node->group != GRAPH_NO_GROUP ? graph->groups[node->group] : NULL);
        (void)buf_add_char(out, '}');
    }
    (void)buf_add_text(out, "],\"edges\":[");
    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct graph_edge *edge = &graph->edges[i];
        (void)buf_add_format(out, "%s{\"from\":%zu,\"to\":%zu,\"offer\":%s,", i > 0 ? "," : "", edge->from,
                             edge->to, edge->is_offer ? "true" : "false");
        put_member(out, "label", edge->label);
        (void)buf_add_char(out, '}');
    }
    (void)buf_add_text(out, "]}\n");
}
