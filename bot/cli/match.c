/* pandu match: what single messages mean and, with --explain, why. Talks to nobody and stores nothing. Called
 * by cli.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/understand.h"
#include "domain/content/content.h"
#include "json/value.h"

#include "banned.h"

struct match_options {
    int explain, json;
    const char *language, *content, *site;
    char **words; /* the message, or none: lines of standard input */
    int word_count;
};

static int read_options(int count, char **arguments, struct match_options *options) {
    for (int i = 1; i < count; i++) {
        const char *argument = arguments[i];
        const char **value = strcmp(argument, "--lang") == 0      ? &options->language
                             : strcmp(argument, "--content") == 0 ? &options->content
                             : strcmp(argument, "--site") == 0    ? &options->site
                                                                  : NULL;
        if (value && i + 1 < count) {
            *value = arguments[++i];
        } else if (strcmp(argument, "--explain") == 0) {
            options->explain = 1;
        } else if (strcmp(argument, "--json") == 0) {
            options->json = 1;
        } else if (argument[0] == '-' && argument[1] == '-' && argument[2]) {
            (void)fprintf(stderr, "pandu match: unknown or incomplete option %s; see `pandu help match`\n",
                          argument);
            return 2;
        } else {
            int skip = strcmp(argument, "--") == 0;
            options->words = arguments + i + skip;
            options->word_count = count - i - skip;
            return 0;
        }
    }
    return 0;
}

static const char *outcome_name(const struct intent_decision *decision) {
    return decision->outcome == INTENT_ANSWER    ? "answer"
           : decision->outcome == INTENT_SUGGEST ? "suggest"
                                                 : "none";
}

static struct value *list_as_json(const struct content *content, const struct intent_suggestion *list,
                                  size_t count) {
    struct value *array = value_new_array();
    for (size_t i = 0; array && i < count; i++) {
        struct value *item = value_new_object();
        value_set_text(item, "intent", content->intents[list[i].intent].id);
        value_set_take(item, "score", value_new_real((double)list[i].score));
        value_add_take(array, item);
    }
    return array;
}

static struct value *decision_as_json(const struct content *content, const struct intent_decision *decision) {
    struct value *object = value_new_object();
    int is_answer = decision->outcome == INTENT_ANSWER;
    value_set_text(object, "outcome", outcome_name(decision));
    value_set_text(object, "intent", is_answer ? content->intents[decision->intent].id : NULL);
    value_set_take(object, "by_similarity", value_new_bool(decision->by_similarity));
    value_set_take(object, "near_danger", value_new_bool(decision->is_near_danger));
    value_set_take(object, "suggestions",
                   list_as_json(content, decision->suggestions, decision->suggestion_count));
    value_set_take(object, "nearest", list_as_json(content, decision->nearest, decision->nearest_count));
    return object;
}

static int print_json(const struct content *content, const struct understood *understood,
                      const char *explanation) {
    struct value *object = decision_as_json(content, &understood->whole);
    int language = understood->text.language;
    value_set_text(object, "raw", understood->text.raw);
    value_set_text(object, "folded", understood->text.folded);
    value_set_text(object, "language",
                   language == TEXT_NO_LANGUAGE ? NULL
                                                : lexicon_language(content->lexicon, (size_t)language));
    struct value *parts = value_new_array();
    for (size_t i = 0; understood->part_count > 1 && i < understood->part_count; i++)
        value_add_take(parts, decision_as_json(content, &understood->parts[i]));
    value_set_take(object, "parts", parts);
    if (explanation)
        value_set_text(object, "explanation", explanation);
    char *line = value_print(object, 0);
    value_free(object);
    if (!line)
        return 1;
    puts(line);
    free(line);
    return 0;
}

static void print_decision(const struct content *content, const struct intent_decision *decision) {
    printf("%s", outcome_name(decision));
    if (decision->outcome == INTENT_ANSWER)
        printf(" %s%s", content->intents[decision->intent].id,
               decision->by_similarity ? " (by similarity)" : "");
    for (size_t i = 0; i < decision->suggestion_count; i++)
        printf("%s%s",
               i > 0                                ? ", "
               : decision->outcome == INTENT_ANSWER ? "; runners-up: "
                                                    : " ",
               content->intents[decision->suggestions[i].intent].id);
    putchar('\n');
}

static void print_text(const struct content *content, const struct understood *understood,
                       const char *explanation) {
    if (explanation)
        (void)fputs(explanation, stdout);
    else
        print_decision(content, &understood->whole);
    for (size_t i = 0; understood->part_count > 1 && i < understood->part_count; i++) {
        const struct intent_decision *part = &understood->parts[i];
        printf("part %zu \"%.*s\": ", i + 1, (int)(part->end - part->start),
               understood->text.folded + part->start);
        print_decision(content, part);
    }
}

static int match_line(struct understand *understand, const struct match_options *options, const char *line,
                      size_t length) {
    struct understood understood;
    struct buf explanation;
    understand_message(understand, line, length, &understood);
    buf_init(&explanation, 0);
    if (options->explain)
        intent_explain(understand->content, &understood.text, &understood.whole, &explanation);
    const char *words = options->explain ? buf_text(&explanation) : NULL;
    int status = 0;
    if (options->json)
        status = print_json(understand->content, &understood, words);
    else
        print_text(understand->content, &understood, words);
    buf_close(&explanation);
    return status;
}

static int match_input(struct understand *understand, const struct match_options *options) {
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    int status = 0;
    while (status == 0 && (length = getline(&line, &capacity, stdin)) >= 0) {
        while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
            length--;
        status = match_line(understand, options, line, (size_t)length);
    }
    free(line);
    return status;
}

static int match_words(struct understand *understand, const struct match_options *options) {
    struct buf message;
    buf_init(&message, 0);
    for (int i = 0; i < options->word_count; i++) {
        if (i > 0)
            buf_add_char(&message, ' ');
        buf_add_text(&message, options->words[i]);
    }
    int status = match_line(understand, options, buf_text(&message), message.length);
    buf_close(&message);
    return status;
}

static int run(int count, char **arguments) {
    struct match_options options = {0};
    struct understand understand;
    int status = read_options(count, arguments, &options);
    if (status)
        return status;
    status = understand_open(&understand, options.content, options.site, options.language);
    if (status == 0)
        status =
            options.word_count > 0 ? match_words(&understand, &options) : match_input(&understand, &options);
    understand_close(&understand);
    if (fflush(stdout) != 0)
        status = 1;
    return status;
}

const struct cli_verb cli_match = {
    .name = "match",
    .run = run,
    .summary = "what a message means, and why",
    .help =
        "pandu match [--explain] [--json] [--lang en|id] [--content FOLDER] [--site FOLDER] [TEXT...]\n\n"
        "Tells which intent a message has as the first of a conversation; without TEXT every line of "
        "standard\n"
        "input is a message. --explain shows both views of the message, every candidate, why it lost and why "
        "the\n"
        "winner won, and what the index of examples finds. --json prints one line of JSON for every "
        "message.\n"
        "--lang is the language of messages about broken content.\n"};
