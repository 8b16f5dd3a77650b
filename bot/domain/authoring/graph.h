/* Content as a picture: the steps of a dialogue with their branches and results, or which intents lead where.
   A list of boxes and arrows, and three ways to write it down. */
#ifndef PANDU_DOMAIN_AUTHORING_GRAPH_H
#define PANDU_DOMAIN_AUTHORING_GRAPH_H

#include <stddef.h>

struct arena;
struct buf;
struct content;
struct content_dialogue;

enum { GRAPH_NO_GROUP = -1, GRAPH_NODES_MAX = 2000, GRAPH_EDGES_MAX = 8000 };

enum graph_kind {
    GRAPH_START,
    GRAPH_QUESTION, /* a step that waits for an answer */
    GRAPH_SAY,      /* a step that does not */
    GRAPH_CHECK,    /* behind the last step: which result */
    GRAPH_RESULT,
    GRAPH_INTENT,
    GRAPH_DANGER, /* an intent with "safety" */
    GRAPH_DIALOGUE,
    GRAPH_KINDS
};
struct graph_node {
    enum graph_kind kind;
    const char *id;     /* as in the content */
    const char *title;  /* in the language asked for */
    const char *detail; /* further lines, parted by "\n", or "" */
    int is_conditional; /* only for some people */
    int group;          /* index, or GRAPH_NO_GROUP */
};
struct graph_edge {
    size_t from, to;
    const char *label; /* or "" */
    int is_offer;      /* a quick reply: may be taken; else it is what happens */
};
struct graph {
    const char *title;
    int is_across; /* drawn from left to right */
    struct graph_node *nodes;
    size_t node_count;
    struct graph_edge *edges;
    size_t edge_count;
    const char **groups;
    size_t group_count;
    int is_cut; /* there was more than GRAPH_NODES_MAX or GRAPH_EDGES_MAX allow */
};

/* Both live in arena; language is an index. */
void graph_of_dialogue(const struct content *content, const struct content_dialogue *dialogue, int language,
                       struct arena *arena, struct graph *graph);
/* topic: only the intents of that one and what they lead to; NULL: all. */
void graph_of_intents(const struct content *content, const char *topic, int language, struct arena *arena,
                      struct graph *graph);

/* Mermaid (mermaid.js.org, flowchart), the language of Graphviz' dot, JSON. Failures stay in the buffer. */
void graph_as_mermaid(const struct graph *graph, struct buf *out);
void graph_as_dot(const struct graph *graph, struct buf *out);
void graph_as_json(const struct graph *graph, struct buf *out);

#endif
