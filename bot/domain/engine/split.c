/* A message in its parts: sentences, and where allowed also what stands between commas or after "btw", so
   that "setuju. btw gajinya gimana?" is an answer and a question. Called by: engine/question. */
#include <string.h>

#include "domain/dialogue/words.h"
#include "domain/engine/work.h"

#include "banned.h"

static int comma_before(const struct text *text, size_t token) {
    const struct text_token *before = &text->tokens[token - 1];
    for (size_t i = (size_t)before->raw_start + before->raw_length; i < text->tokens[token].raw_start; i++) {
        if (text->raw[i] == ',' || text->raw[i] == ';') {
            return 1;
        }
    }
    return 0;
}

static int is_aside(const struct text *text, size_t token) {
    size_t found = 0, count = 0;
    return words_find(text, WORDS_ASIDE, token, &found, &count) && found == token;
}

static int starts_part(const struct text *text, size_t token, int at_commas) {
    if (text->tokens[token].is_end) {
        return 0;
    }
    return text->tokens[token].sentence != text->tokens[token - 1].sentence ||
           (at_commas && (comma_before(text, token) || is_aside(text, token)));
}

/* Each part is folded anew from its raw words, so it is read as if it had come alone. */
size_t split_text(const struct work *work, int at_commas, struct text *parts, size_t limit) {
    const struct text *text = &work->text;
    size_t count = 0, start = 0;
    for (size_t i = 1; i <= text->token_count; i++) {
        int is_last = i == text->token_count;
        if (!is_last && !starts_part(text, i, at_commas)) {
            continue;
        }
        if (count == limit) {
            return 0; /* a story, not an answer and a question */
        }
        size_t from = text->tokens[start].raw_start;
        size_t end = is_last ? text->raw_length : text->tokens[i].raw_start;
        text_fold(work->content->lexicon, text->raw + from, end - from, work->session->language, work->arena,
                  &parts[count++]);
        start = i;
    }
    return count;
}
