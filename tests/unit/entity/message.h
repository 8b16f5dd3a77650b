/* A small lexicon and folded messages for the tests of domain/entity: apart from the shipped content, so that
   an author's change never breaks them. */
#ifndef PANDU_TESTS_ENTITY_MESSAGE_H
#define PANDU_TESTS_ENTITY_MESSAGE_H

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "domain/text/lexicon.h"
#include "domain/text/text.h"
#include "json/value.h"

struct messages {
    struct arena *arena;
    struct lexicon *lexicon;
};

static const char message_lexicon[] =
    "{\"languages\":[{\"code\":\"id\",\"name\":\"Bahasa Indonesia\","
    "\"markers\":[\"yang\",\"apa\",\"tidak\",\"aku\",\"saya\",\"jam\",\"besok\",\"setuju\",\"bukan\"],"
    "\"forms\":{\"ga\":\"tidak\",\"gak\":\"tidak\",\"nggak\":\"tidak\",\"enggak\":\"tidak\",\"yg\":\"yang\","
    "\"bgt\":\"banget\","
    "\"gue\":\"saya\",\"bsk\":\"besok\",\"tgl\":\"tanggal\",\"iya\":\"ya\",\"y\":\"ya\",\"gabisa\":\"tidak "
    "bisa\","
    "\"thn\":\"tahun\",\"th\":\"tahun\",\"jm\":\"jam\",\"pkl\":\"praktik kerja "
    "lapangan\",\"weekend\":\"akhir "
    "pekan\",\"mgg\":\"minggu\","
    "\"udah\":\"sudah\",\"tapi\":\"tetapi\",\"k\":\"ke\",\"min\":\"admin\"}},"
    "{\"code\":\"en\",\"name\":\"English\",\"markers\":[\"the\",\"is\",\"i\",\"what\",\"not\",\"next\","
    "\"at\",\"am\"],"
    "\"forms\":{\"u\":\"you\",\"dont\":\"do not\"}}]}";

static inline void messages_open(struct messages *messages) {
    struct value *file = value_parse(message_lexicon, sizeof message_lexicon - 1, NULL);
    const struct value *files[] = {file};
    messages->arena = arena_new(0);
    messages->lexicon = file ? lexicon_new(files, 1, messages->arena, NULL, NULL) : NULL;
    value_free(file);
}

static inline void messages_close(struct messages *messages) {
    arena_free(messages->arena);
}

static inline struct text message_fold(struct messages *messages, const char *written) {
    struct text text;
    text_fold(messages->lexicon, written, strlen(written), TEXT_NO_LANGUAGE, messages->arena, &text);
    return text;
}

#endif
