/* pandu graph: a dialogue, or which intents lead where, as a picture. Draws nothing itself: Mermaid is text,
   and SVG is made by Graphviz' own program. Called by main through cli.c. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cli/author.h"
#include "cli/cli.h"
#include "domain/authoring/graph.h"
#include "domain/content/content.h"

#include "banned.h"

enum { NOT_FOUND = 127 /* as a shell says it */, OUTPUT_MAX = 64 * 1024 * 1024 };

struct drawing {
    struct author author;
    const char *dialogue, *topic, *svg;
    int is_dot;
    struct arena *arena;
    struct graph graph;
};

/* ---- Graphviz ---- */

/* In the child: dot reads the text and writes the picture. Never returns. */
static void become_dot(FILE *input, const char *target) {
    char *const words[] = {"dot", "-Tsvg", NULL};
    FILE *output = strcmp(target, "-") != 0 ? fopen(target, "wb") : stdout;
    if (output == NULL) {
        (void)fprintf(stderr, "pandu graph: cannot write %s: %s\n", target, strerror(errno));
        _exit(1);
    }
    if (dup2(fileno(input), STDIN_FILENO) >= 0 && dup2(fileno(output), STDOUT_FILENO) >= 0) {
        (void)execvp(words[0], words);
    }
    _exit(errno == ENOENT ? NOT_FOUND : 1);
}

static int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return -1;
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int draw_svg(const struct drawing *drawing, const struct buf *dot) {
    const struct author *author = &drawing->author;
    FILE *input = tmpfile();
    if (input == NULL || fwrite(dot->data, 1, dot->length, input) != dot->length || fflush(input) != 0) {
        int why = errno;
        if (input != NULL) {
            (void)fclose(input); /* only a copy */
        }
        return author_fail(author, "no room for a temporary file: %s", strerror(why));
    }
    rewind(input);
    (void)fflush(stdout); /* else the child would write it again */
    pid_t child = fork();
    if (child == 0) {
        become_dot(input, drawing->svg);
    }
    int status = child > 0 ? wait_for(child) : -1;
    (void)fclose(input); /* only read through */
    if (status == NOT_FOUND) {
        return author_fail(
            author, "the program \"dot\" is missing. Install Graphviz (apt-get install graphviz), or leave "
                    "--svg out: Mermaid text needs no program");
    }
    return status == 0 ? AUTHOR_OK
                       : author_fail(author, "dot could not draw it (status %d, see above)", status);
}

/* ---- the verb ---- */

static int fail_topic(const struct drawing *drawing) {
    const struct content *content = drawing->author.understand.content;
    (void)author_fail(&drawing->author, "there is no topic \"%s\"; the topics are:", drawing->topic);
    for (size_t i = 0; i < content->intent_count; i++) {
        if (i == 0 || strcmp(content->intents[i].topic, content->intents[i - 1].topic) != 0) {
            (void)fprintf(stderr, "  %s\n", content->intents[i].topic);
        }
    }
    return AUTHOR_FAILED;
}

static int make_graph(struct drawing *drawing) {
    const struct author *author = &drawing->author;
    const struct content *content = author->understand.content;
    if (drawing->dialogue == NULL) {
        graph_of_intents(content, drawing->topic, author->text_language, drawing->arena, &drawing->graph);
        return drawing->graph.node_count > 0 ? AUTHOR_OK : fail_topic(drawing);
    }
    uint32_t index = content_dialogue_index(content, drawing->dialogue);
    if (index == CONTENT_NONE) {
        (void)author_fail(author, "there is no dialogue \"%s\"; the dialogues are:", drawing->dialogue);
        for (size_t i = 0; i < content->dialogue_count; i++) {
            (void)fprintf(stderr, "  %s\n", content->dialogues[i].id);
        }
        return AUTHOR_FAILED;
    }
    graph_of_dialogue(content, &content->dialogues[index], author->text_language, drawing->arena,
                      &drawing->graph);
    return AUTHOR_OK;
}

static int print_graph(const struct drawing *drawing) {
    const struct author *author = &drawing->author;
    struct buf out;
    buf_init(&out, OUTPUT_MAX);
    if (drawing->svg != NULL || drawing->is_dot) {
        graph_as_dot(&drawing->graph, &out);
    } else if (author->is_json) {
        graph_as_json(&drawing->graph, &out);
    } else {
        graph_as_mermaid(&drawing->graph, &out);
    }
    int rc = out.failed != 0 ? author_fail(author, "out of memory") : AUTHOR_OK;
    if (rc == AUTHOR_OK && drawing->svg != NULL) {
        rc = draw_svg(drawing, &out);
    } else if (rc == AUTHOR_OK && fwrite(out.data, 1, out.length, stdout) != out.length) {
        rc = author_fail(author, "the result could not be written");
    }
    if (rc == AUTHOR_OK && drawing->graph.is_cut) {
        (void)fprintf(stderr,
                      "pandu graph: there is more than one picture holds; name a dialogue or a --topic\n");
    }
    buf_close(&out);
    return rc;
}

static int draw(struct drawing *drawing) {
    drawing->arena = arena_new(0);
    if (drawing->arena == NULL) {
        return author_fail(&drawing->author, "out of memory");
    }
    int rc = make_graph(drawing);
    return rc == AUTHOR_OK ? print_graph(drawing) : rc;
}

static int run(int count, char **arguments) {
    struct drawing drawing = {.author = {.is_without_database = 1}};
    struct cli_option own[] = {
        {"--topic", &drawing.topic, NULL}, {"--svg", &drawing.svg, NULL}, {"--dot", NULL, &drawing.is_dot}};
    struct cli_words words = {&drawing.dialogue, 1, 0};
    int rc =
        author_read(&drawing.author, "graph", count, arguments, own, sizeof own / sizeof own[0], &words) != 0
            ? AUTHOR_FAILED
            : AUTHOR_OK;
    rc = rc == AUTHOR_OK ? author_open_content(&drawing.author) : rc;
    rc = rc == AUTHOR_OK ? author_finish(&drawing.author, draw(&drawing)) : rc;
    arena_free(drawing.arena);
    author_close(&drawing.author);
    return rc;
}

const struct cli_verb cli_graph = {
    .name = "graph",
    .run = run,
    .summary = "a dialogue, or what leads where, as a picture",
    .help =
        "usage: pandu graph [DIALOGUE] [--topic TOPIC] [--svg FILE | --dot | --json] [--lang id|en]\n"
        "                   [--content DIR] [--site DIR]\n"
        "\n"
        "With DIALOGUE: its steps with their choices, branches and results. Without: which intents start "
        "which "
        "dialogues,\n"
        "and what their replies offer next (dashed). Titles and conditions are in the language of --lang.\n"
        "\n"
        "It prints Mermaid text, which GitHub, GitLab and mermaid.live show as a picture.\n"
        "\n"
        "  --svg FILE     a picture for browsers and documents instead, drawn by Graphviz (apt-get install "
        "graphviz);\n"
        "                 FILE - is standard output\n"
        "  --dot          the text that Graphviz reads\n"
        "  --json         {\"title\", \"nodes\": [{\"node\", \"kind\", \"id\", \"title\", \"topic\"}], "
        "\"edges\": "
        "[{\"from\", \"to\",\n"
        "                 \"offer\", \"label\"}]}\n"
        "  --topic TOPIC  only the intents of one topic, and what they lead to\n"
        "\n"
        "Exit status: 0; 2 when the content cannot be loaded, Graphviz is missing, or an option is wrong.\n"};
