/* Writes the word list of a class as a prefix tree in PCRE2 syntax. Never folds and never sorts by meaning.
   Called by author_class.c. */
#include "domain/author/author_trie.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "domain/author/author_class.h"
#include "domain/author/author_sort.h"

#include "banned.h"

struct trie {
    const char *const *words; /* sorted by bytes, so every prefix is one slice */
    struct arena *arena;
    struct buf out;
};

static size_t character_at(const char *word, size_t depth) {
    uint32_t code_point;
    return (unsigned char)word[depth] < 0x80 ? word[depth] != '\0'
                                             : u8_decode(word + depth, strlen(word + depth), &code_point);
}

/* End of the run of words that share the character of words[first] at depth. */
static size_t run_end(const struct trie *trie, size_t first, size_t end, size_t depth, size_t size) {
    size_t last = first + 1;
    const char *character = trie->words[first] + depth;
    while (last < end && trie->words[last][depth] == *character &&
           (size == 1 || strncmp(trie->words[last] + depth, character, size) == 0)) {
        last++;
    }
    return last;
}

static void write_branches(struct trie *trie, size_t first, size_t end, size_t depth);

/* One character and what may follow it. */
static void write_run(struct trie *trie, size_t first, size_t end, size_t depth, size_t size) {
    char letter = trie->words[first][depth];
    if ((letter >= 'a' && letter <= 'z') || letter == ' ') {
        (void)buf_add_char(&trie->out, letter);
    } else {
        const char *character = arena_copy(trie->arena, trie->words[first] + depth, size);
        (void)buf_add_text(&trie->out, author_escape(character, trie->arena));
    }
    size_t next = depth + size, inner = first;
    int may_stop = trie->words[first][next] == '\0';
    inner += (size_t)may_stop;
    if (inner == end) {
        return;
    }
    int is_single =
        !may_stop && run_end(trie, inner, end, next, character_at(trie->words[inner], next)) == end;
    if (!is_single) {
        (void)buf_add_text(&trie->out, "(?:");
    }
    write_branches(trie, inner, end, next);
    if (!is_single) {
        (void)buf_add_text(&trie->out, may_stop ? ")?" : ")");
    }
}

static void write_branches(struct trie *trie, size_t first, size_t end, size_t depth) {
    for (size_t at = first; at < end;) {
        size_t size = character_at(trie->words[at], depth);
        size_t last = run_end(trie, at, end, depth, size);
        if (at != first) {
            (void)buf_add_char(&trie->out, '|');
        }
        write_run(trie, at, last, depth, size);
        at = last;
    }
}

const char *author_trie(const char *const *words, size_t count, struct arena *arena) {
    if (count == 0) {
        return "(?!)";
    }
    const char **sorted = arena_array(arena, count, sizeof *sorted);
    memcpy(sorted, words, count * sizeof *sorted);
    author_sort(sorted, count, AUTHOR_SORT_BYTES, arena);
    struct trie trie = {.words = sorted, .arena = arena};
    buf_init(&trie.out, 0);
    write_branches(&trie, 0, count, 0);
    const char *expression = trie.out.failed ? "(?!)" : arena_text(arena, buf_text(&trie.out));
    buf_close(&trie.out);
    return expression;
}
