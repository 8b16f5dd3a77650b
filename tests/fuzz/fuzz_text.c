/* Fuzzes folding: any bytes give valid views, spans in bounds, masked numbers, and folding a phrase twice
   changes nothing. Never prints; a broken invariant aborts. Run by the fuzz label. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "domain/text/lexicon.h"
#include "domain/text/text.h"
#include "json/value.h"
#include "fuzz/demand.h"

#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct lexicon *load(struct arena *arena) {
    FILE *stream = fopen(PANDU_SOURCE "/intents/normalise.json", "rb");
    DEMAND(stream != NULL);
    char *bytes = malloc(VALUE_FILE_MAX);
    DEMAND(bytes != NULL);
    size_t length = fread(bytes, 1, VALUE_FILE_MAX, stream);
    (void)fclose(stream);
    struct value *file = value_parse(bytes, length, NULL);
    free(bytes);
    DEMAND(file != NULL);
    const struct value *files[] = {file};
    struct lexicon *lexicon = lexicon_new(files, 1, arena, NULL, NULL);
    value_free(file);
    DEMAND(lexicon != NULL);
    lexicon_add_word(lexicon, 0, "pertanyaan", 10, 1);
    lexicon_add_word(lexicon, 0, "robot", 5, 1);
    return lexicon;
}

static void check(const struct text *text) {
    DEMAND(u8_valid(text->raw, text->raw_length) && u8_valid(text->folded, text->folded_length));
    DEMAND(text->raw_length <= TEXT_BYTES_MAX && strlen(text->raw) == text->raw_length);
    DEMAND(strlen(text->folded) == text->folded_length);
    size_t next = 0;
    for (size_t i = 0; i < text->token_count; i++) {
        const struct text_token *token = &text->tokens[i];
        DEMAND(token->start == next && token->length > 0);
        DEMAND((size_t)token->raw_start + token->raw_length <= text->raw_length);
        size_t length;
        const char *span = text_raw_span(text, token->start, token->start + 1u, &length);
        DEMAND(span >= text->raw && span + length <= text->raw + text->raw_length);
        next = (size_t)token->start + token->length + 1;
    }
    DEMAND(text->folded_length == (next == 0 ? 0 : next - 1));
}

static void check_phrases(const struct lexicon *lexicon, const char *bytes, size_t size,
                          struct arena *arena) {
    for (int language = 0; language < 2; language++) {
        const char *once = text_fold_phrase(lexicon, language, bytes, size, arena);
        /* Longer ones are cut again, and folding may bring digits together that then are a phone number. */
        if (strlen(once) < TEXT_BYTES_MAX && strpbrk(once, "0123456789") == NULL) {
            const char *twice = text_fold_phrase(lexicon, language, once, strlen(once), arena);
            DEMAND(strcmp(once, twice) == 0);
        }
    }
}

/* No sixteen digits in one piece are left; next to fullwidth digits the piece is longer. */
static void check_mask(const char *bytes, size_t size, struct arena *arena) {
    const char *masked;
    size_t length, run = 0;
    (void)text_mask_identity(bytes, size, arena, &masked, &length);
    DEMAND(length <= size);
    for (size_t i = 0; i <= length; i++) {
        int digit = i < length && masked[i] >= '0' && masked[i] <= '9';
        DEMAND(digit || run != 16 || (i >= 19 && (unsigned char)masked[i - 17] >= 0x80) ||
               (i + 2 < length && (unsigned char)masked[i] == 0xEF));
        run = digit ? run + 1 : 0;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct arena *kept, *turn;
    static struct lexicon *lexicon;
    if (lexicon == NULL) {
        kept = arena_new(0);
        turn = arena_new(0);
        DEMAND(kept != NULL && turn != NULL);
        lexicon = load(kept);
    }
    arena_reset(turn);
    const char *bytes = size != 0 ? (const char *)data : "";
    struct text text, better;
    text_fold(lexicon, bytes, size, size % 3 == 0 ? TEXT_NO_LANGUAGE : (int)(size % 3) - 1, turn, &text);
    check(&text);
    (void)text_correct(lexicon, &text, turn, &better);
    check(&better);
    check_phrases(lexicon, bytes, size, turn);
    check_mask(bytes, size, turn);
    return 0;
}
