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

/* What every test of domain/entity works with. */
static struct {
    struct arena *arena;
    struct lexicon *lexicon;
} messages;

static inline int setup(void **state) {
    (void)state;
    struct value *file = value_parse(message_lexicon, sizeof message_lexicon - 1, NULL);
    const struct value *files[] = {file};
    messages.arena = arena_new(0);
    messages.lexicon = file ? lexicon_new(files, 1, messages.arena, NULL, NULL) : NULL;
    value_free(file);
    return messages.lexicon ? 0 : -1;
}

static inline int teardown(void **state) {
    (void)state;
    arena_free(messages.arena);
    return 0;
}

static inline struct text message_fold(const char *written) {
    struct text text;
    text_fold(messages.lexicon, written, strlen(written), TEXT_NO_LANGUAGE, messages.arena, &text);
    return text;
}

#endif
