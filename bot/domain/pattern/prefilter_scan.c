/* One pass over a text: counts its characters, finds the strings of all groups, then which patterns have all
   of theirs. Never runs PCRE2. Called by pattern.c. */
#include "domain/pattern/prefilter_words.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/utf8.h"
#include "domain/pattern/required.h"

#include "banned.h"

enum { COUNTED_BYTES_MAX = UINT16_MAX, SORT_BY_INSERTION = 48, WORDS_AT_ONCE = 32 };
enum { KELVIN = 0x212A, LONG_S = 0x17F, NOT_ASCII = 128 };

struct pass {
    struct scan *scan;
    const struct prefilter *prefilter;
    const unsigned char *text;
    size_t length;
    size_t at;      /* end of what was read */
    uint32_t extra; /* continuation bytes so far: byte offset - extra = code points */
    uint32_t state;
    uint64_t kinds; /* four counters of 16 bits: letters, digits, spaces, marks */
    uint32_t wide;  /* characters beyond ASCII */
    uint32_t run, longest_run;
    unsigned char previous;
    uint8_t has_newline, has_cuts;
};

int scan_init(struct scan *scan, const struct prefilter *prefilter) {
    memset(scan, 0, sizeof *scan);
    scan->prefilter = prefilter;
    scan->seen = calloc(prefilter->group_count + 1, sizeof *scan->seen);
    scan->present = calloc(prefilter->group_count + 1, sizeof *scan->present);
    scan->unsure = calloc(prefilter->group_count / 64 + 1, sizeof *scan->unsure);
    scan->candidates = calloc(prefilter->pattern_count + 1, sizeof *scan->candidates);
    if (scan->seen == NULL || scan->present == NULL || scan->unsure == NULL || scan->candidates == NULL) {
        scan_close(scan);
        return ERR_MEMORY;
    }
    return 0;
}

void scan_close(struct scan *scan) {
    free(scan->seen);
    free(scan->present);
    free(scan->unsure);
    free(scan->candidates);
    memset(scan, 0, sizeof *scan);
}

static unsigned char lower(unsigned char byte) {
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte | 32) : byte;
}

static int is_space(unsigned char byte) {
    return byte == ' ' || (byte >= 9 && byte <= 13);
}

enum verdict { DIFFERENT, SAME, UNSURE };

/* Compares the bytes of a string behind its piece with the text from *at on; *at moves to the end. A byte
   beyond ASCII that does not fit may still be another form of what is looked for. */
static enum verdict compare_forwards(const struct pass *pass, const unsigned char *bytes, size_t count,
                                     size_t *at) {
    for (size_t i = 0; i < count; i++) {
        size_t start = *at;
        if (bytes[i] == REQUIRED_SPACES) {
            while (*at < pass->length && is_space(pass->text[*at])) {
                (*at)++;
            }
        } else if (*at < pass->length && lower(pass->text[*at]) == bytes[i]) {
            (*at)++;
            continue;
        }
        if (*at < pass->length && pass->text[*at] >= 128) {
            return UNSURE;
        }
        if (*at == start) {
            return DIFFERENT;
        }
    }
    return SAME;
}

/* The same, in front of the piece; *at moves to the start. */
static enum verdict compare_backwards(const struct pass *pass, const unsigned char *bytes, size_t count,
                                      size_t *at) {
    while (count-- > 0) {
        size_t start = *at;
        if (bytes[count] == REQUIRED_SPACES) {
            while (*at > 0 && is_space(pass->text[*at - 1])) {
                (*at)--;
            }
        } else if (*at > 0 && lower(pass->text[*at - 1]) == bytes[count]) {
            (*at)--;
            continue;
        }
        if (*at > 0 && pass->text[*at - 1] >= 128) {
            return UNSURE;
        }
        if (*at == start) {
            return DIFFERENT;
        }
    }
    return SAME;
}

static enum verdict worse(enum verdict a, enum verdict b) {
    return a == DIFFERENT || b == DIFFERENT ? DIFFERENT : a == UNSURE || b == UNSURE ? UNSURE : SAME;
}

static enum verdict same_if(int holds) {
    return holds ? SAME : DIFFERENT;
}

/* What must hold between the byte at `at` and the one before it. Which letters beyond ASCII are word
   characters is not known here. */
static enum verdict check_boundary(const struct pass *pass, size_t at, unsigned boundaries) {
    unsigned char before = at > 0 ? pass->text[at - 1] : ' ';
    unsigned char behind = at < pass->length ? pass->text[at] : ' ';
    enum verdict verdict = SAME;
    if ((boundaries & BOUNDARY_WORD) != 0) {
        verdict = before >= NOT_ASCII || behind >= NOT_ASCII
                      ? UNSURE
                      : same_if(required_is_word(before) != required_is_word(behind));
    }
    if ((boundaries & BOUNDARY_BLANK_BEFORE) != 0) {
        verdict = worse(verdict, same_if(before == ' '));
    }
    if ((boundaries & BOUNDARY_BLANK_AFTER) != 0) {
        verdict = worse(verdict, same_if(behind == ' '));
    }
    return verdict;
}

/* A piece ends at pass->at: is its whole string there, from *start to *end? */
static enum verdict verify(const struct pass *pass, const struct element *element, size_t *start,
                           size_t *end) {
    const unsigned char *bytes = pass->prefilter->bytes + element->offset;
    size_t tail = (size_t)element->piece + element->piece_length;
    enum verdict verdict = SAME;
    if (pass->scan->is_altered) {
        return UNSURE;
    }
    *start = pass->at - element->piece_length;
    *end = pass->at;
    if (element->piece > 0) {
        verdict = compare_backwards(pass, bytes, element->piece, start);
    }
    if (verdict == SAME && element->left != 0) {
        verdict = check_boundary(pass, *start, element->left);
    }
    if (verdict != DIFFERENT && tail < element->length) {
        verdict = worse(verdict, compare_forwards(pass, bytes + tail, element->length - tail, end));
    }
    if (verdict == SAME && element->right != 0) {
        verdict = check_boundary(pass, *end, element->right);
        verdict = verdict == DIFFERENT && pass->has_cuts ? UNSURE : verdict; /* a cut may be there */
    }
    return verdict;
}

/* Notes in all groups of the element that it was found; where: its bit in seen. A word stands in dozens of
   groups: no branch depends on which were seen before. One group too many is written into present. */
static void mark_groups(struct scan *scan, const struct element *element, uint16_t where) {
    const struct element_use *use = scan->prefilter->uses + element->first_use;
    const struct element_use *home = use + element->others;
    const struct element_use *last = scan->prefilter->uses + element[1].first_use;
    uint16_t *seen = scan->seen, *present = scan->present + scan->present_count;
    for (; use < home; use++) {
        seen[use->group] |= where;
    }
    for (; use < last; use++) {
        uint16_t group = use->group, before = seen[group];
        *present = group;
        present += before == 0;
        seen[group] = before | where;
    }
    scan->present_count = (size_t)(present - scan->present);
}

/* The same where it is not known which places the groups have. */
static void mark_unsure(struct scan *scan, const struct element *element) {
    const struct element_use *use = scan->prefilter->uses + element->first_use;
    const struct element_use *last = scan->prefilter->uses + element[1].first_use;
    mark_groups(scan, element, 1 << SEEN_REST);
    scan->has_unsure = 1;
    for (; use < last; use++) {
        scan->unsure[use->group / 64] |= (uint64_t)1 << use->group % 64;
    }
}

/* All groups that have the string hear of its place; extra: of the pass, there. */
static void note_place(struct scan *scan, const struct element *element, size_t start, size_t end,
                       uint32_t extra) {
    if (scan->occurrence_count == SCAN_OCCURRENCES_MAX) {
        mark_unsure(scan, element);
        return;
    }
    /* Code points only count for chains, whose strings are ASCII: none of `extra` lies inside. */
    scan->occurrences[scan->occurrence_count] =
        (struct occurrence){.element = (uint32_t)(element - scan->prefilter->elements),
                            .start = (uint32_t)start,
                            .end = (uint32_t)end,
                            .first = (uint32_t)start - extra,
                            .last = (uint32_t)end - extra};
    mark_groups(scan, element,
                (uint16_t)(1 << (scan->occurrence_count < SEEN_REST ? scan->occurrence_count : SEEN_REST)));
    scan->occurrence_count++;
}

/* The piece of element ends here. */
static void add_element(struct pass *pass, const struct element *element) {
    size_t start = 0, end = 0;
    enum verdict verdict = verify(pass, element, &start, &end);
    if (verdict == UNSURE) {
        mark_unsure(pass->scan, element);
    } else if (verdict == SAME) {
        note_place(pass->scan, element, start, end, pass->extra);
    }
}

static void add_outputs(struct pass *pass) {
    const struct automaton *automaton = &pass->prefilter->automaton;
    const struct element *elements = pass->prefilter->elements;
    for (uint32_t state = pass->state; state != 0;) {
        size_t end = state - automaton->first_output;
        for (uint32_t i = automaton->output_start[end]; i < automaton->output_start[end + 1]; i++) {
            add_element(pass, &elements[i]);
        }
        state = automaton->shorter[end];
    }
}

static void count_run(struct pass *pass, unsigned char folded) {
    pass->run = folded == pass->previous ? pass->run + 1 : 1;
    pass->longest_run = pass->run > pass->longest_run ? pass->run : pass->longest_run;
    pass->previous = folded;
}

static void feed(struct pass *pass, unsigned char byte) {
    const struct automaton *automaton = &pass->prefilter->automaton;
    pass->state = automaton->table[(size_t)pass->state << automaton->shift | automaton->class_of[byte]];
    if (pass->state >= automaton->first_output) {
        add_outputs(pass);
    }
}

/* One character beyond ASCII. U+212A and U+017F go in as the letters they stand for. */
static void read_wide(struct pass *pass) {
    uint32_t code_point = 0;
    size_t size = u8_decode((const char *)pass->text + pass->at, pass->length - pass->at, &code_point);
    count_run(pass, NOT_ASCII);
    pass->wide++;
    if (code_point == KELVIN || code_point == LONG_S) {
        pass->scan->is_altered = 1;
        pass->extra += (uint32_t)size - 1;
        pass->at += size;
        feed(pass, code_point == KELVIN ? 'k' : 's');
        return;
    }
    pass->extra += (uint32_t)size - 1;
    for (size_t i = 0; i < size; i++) {
        feed(pass, pass->text[pass->at++]);
    }
}

/* A run of ASCII where nobody asks for counts. */
static void read_uncounted(struct pass *pass) {
    const struct automaton *automaton = &pass->prefilter->automaton;
    const unsigned char *text = pass->text;
    size_t at = pass->at, length = pass->length;
    uint32_t state = pass->state;
    while (at < length && text[at] < NOT_ASCII) {
        unsigned char byte = text[at++];
        pass->has_newline |= byte == '\n';
        state = automaton->table[(size_t)state << automaton->shift | automaton->class_of[byte]];
        if (state >= automaton->first_output) {
            pass->at = at;
            pass->state = state;
            add_outputs(pass);
        }
    }
    pass->at = at;
    pass->state = state;
}

/* The same, counted. Each byte waits for the table row of the one before, so the counting beside it costs
   little. */
static void read_ascii(struct pass *pass) {
    const struct automaton *automaton = &pass->prefilter->automaton;
    const uint8_t *kind_shift = pass->prefilter->kind_shift;
    const unsigned char *text = pass->text;
    size_t at = pass->at, length = pass->length;
    uint32_t state = pass->state, run = pass->run, longest_run = pass->longest_run;
    unsigned char previous = pass->previous, has_newline = pass->has_newline;
    uint64_t kinds = pass->kinds;
    while (at < length && text[at] < NOT_ASCII) {
        unsigned char byte = text[at++], folded = lower(byte);
        kinds += (uint64_t)1 << kind_shift[byte];
        run = folded == previous ? run + 1 : 1;
        longest_run = run > longest_run ? run : longest_run;
        previous = folded;
        has_newline |= byte == '\n';
        state = automaton->table[(size_t)state << automaton->shift | automaton->class_of[byte]];
        if (state >= automaton->first_output) {
            pass->at = at;
            pass->state = state;
            add_outputs(pass);
        }
    }
    pass->at = at;
    pass->state = state;
    pass->run = run;
    pass->longest_run = longest_run;
    pass->previous = previous;
    pass->has_newline = has_newline;
    pass->kinds = kinds;
}

/* Is the string here, with a blank or the end of the text behind it? */
static int is_string_at(const struct pass *pass, const struct element *element, size_t start) {
    const unsigned char *bytes = pass->prefilter->bytes + element->offset, *text = pass->text + start;
    if (pass->length - start < element->length) {
        return 0;
    }
    for (size_t i = 0; i < element->length; i++) {
        if (lower(text[i]) != bytes[i]) {
            return 0;
        }
    }
    return pass->length - start == element->length || text[element->length] == ' ';
}

/* Words or pairs of words to look up: the tables are larger than the nearer caches, so what is needed is
   asked of memory for some of them before any is waited for. */
struct word {
    size_t start;
    uint32_t hash, extra; /* extra: of the pass, at start */
};
struct words {
    size_t count;
    struct word list[WORDS_AT_ONCE];
};

/* A word or two begin at its start. */
static void add_word(const struct pass *pass, const struct word *word) {
    const struct prefilter *prefilter = pass->prefilter;
    uint32_t place = words_place(word->hash, prefilter->word_mask);
    const struct element *element = &prefilter->elements[prefilter->word_start[place]];
    const struct element *end = &prefilter->elements[prefilter->word_start[place + 1]];
    for (; element < end; element++) {
        if (element->tag == words_tag(word->hash) && is_string_at(pass, element, word->start)) {
            note_place(pass->scan, element, word->start, word->start + element->length, word->extra);
        }
    }
}

/* The first string filed where a word is looked up; mostly there is no other. */
static const struct element *first_of(const struct prefilter *prefilter, const struct word *word) {
    return &prefilter->elements[prefilter->word_start[words_place(word->hash, prefilter->word_mask)]];
}

static void add_words(const struct pass *pass, struct words *words) {
    const struct prefilter *prefilter = pass->prefilter;
    for (size_t i = 0; i < words->count; i++) {
        __builtin_prefetch(first_of(prefilter, &words->list[i]));
    }
    for (size_t i = 0; i < words->count; i++) {
        const struct element *element = first_of(prefilter, &words->list[i]);
        __builtin_prefetch(prefilter->bytes + element->offset);
        __builtin_prefetch(&prefilter->uses[element->first_use]);
    }
    for (size_t i = 0; i < words->count; i++) {
        add_word(pass, &words->list[i]);
    }
    words->count = 0;
}

static void put_word(const struct pass *pass, struct words *words, struct word word) {
    const struct prefilter *prefilter = pass->prefilter;
    __builtin_prefetch(&prefilter->word_start[words_place(word.hash, prefilter->word_mask)]);
    words->list[words->count++] = word;
    if (words->count == WORDS_AT_ONCE) {
        add_words(pass, words);
    }
}

static void read_words(const struct pass *pass) {
    struct words words;
    struct word before = {SIZE_MAX, 0, 0}; /* the word before, if one blank stands between */
    uint32_t extra = 0;
    words.count = 0;
    for (size_t at = 0; at < pass->length; at++) {
        struct word word = {at, 0, extra};
        for (; at < pass->length && pass->text[at] != ' '; at++) {
            word.hash = words_hash(word.hash, lower(pass->text[at]));
            extra += (pass->text[at] & 0xC0) == 0x80;
        }
        int is_empty = at == word.start;
        if (!is_empty) {
            put_word(pass, &words, word);
        }
        if (!is_empty && before.start != SIZE_MAX) {
            put_word(pass, &words,
                     (struct word){before.start, words_hash_both(before.hash, word.hash), before.extra});
        }
        before = word;
        before.start = is_empty ? SIZE_MAX : word.start;
    }
    add_words(pass, &words);
}

/* The strings that stand between blanks. All may be there where a text has other forms of ASCII letters, or
   may be cut at a new line. Else it is cut at blanks, or so far behind the last one that no string ends
   there. */
static void find_words(const struct pass *pass) {
    const struct prefilter *prefilter = pass->prefilter;
    if (!pass->scan->is_altered && !(pass->has_cuts && pass->has_newline)) {
        read_words(pass);
        return;
    }
    for (uint32_t i = 0; i < prefilter->word_count; i++) {
        mark_unsure(pass->scan, &prefilter->elements[prefilter->word_first + i]);
    }
}

static uint16_t saturate(uint32_t count) {
    return (uint16_t)(count < UINT16_MAX ? count : UINT16_MAX);
}

static void take_counts(struct scan *scan, const struct pass *pass) {
    struct guard_counts *counts = &scan->counts;
    for (unsigned kind = 0; kind < KIND_OTHER; kind++) {
        counts->of[kind] = (uint16_t)(pass->kinds >> (16 * kind));
    }
    counts->of[KIND_OTHER] = saturate(pass->wide);
    counts->longest_run = saturate(pass->longest_run);
    counts->is_unknown = scan->is_altered || pass->length > COUNTED_BYTES_MAX;
}

/* What the text before had. */
static void forget(struct scan *scan) {
    size_t groups = scan->prefilter->group_count;
    memset(scan->seen, 0, groups * sizeof *scan->seen);
    if (scan->has_unsure) {
        memset(scan->unsure, 0, (groups / 64 + 1) * sizeof *scan->unsure);
    }
    scan->seen[groups] = 1; /* every text has it */
    scan->present_count = scan->occurrence_count = 0;
    scan->has_unsure = scan->is_altered = 0;
}

void scan_message(struct scan *scan, const struct prefilter *prefilter, const char *text, size_t length,
                  int has_cuts) {
    struct pass pass = {
        .scan = scan, .prefilter = prefilter, .text = (const unsigned char *)text, .length = length};
    pass.has_cuts = (uint8_t)has_cuts;
    forget(scan);
    scan->is_skipped = length > SCAN_BYTES_MAX;
    while (!scan->is_skipped && pass.at < length) {
        if (prefilter->unfiltered_count > 0) {
            read_ascii(&pass);
        } else {
            read_uncounted(&pass);
        }
        if (pass.at < length) {
            read_wide(&pass);
        }
    }
    if (!scan->is_skipped && prefilter->word_count > 0) {
        find_words(&pass);
    }
    scan->has_newline = pass.has_newline;
    take_counts(scan, &pass);
}

/* The use of an element by a group; NULL: it is not in it. */
static const struct element_use *use_of(const struct prefilter *prefilter, uint32_t element, uint16_t group) {
    const struct element_use *use = prefilter->uses + prefilter->elements[element].first_use;
    const struct element_use *last = prefilter->uses + prefilter->elements[element + 1].first_use;
    while (use < last && use->group != group) {
        use++;
    }
    return use < last ? use : NULL;
}

unsigned scan_places(const struct scan *scan, uint16_t group, struct place *places, unsigned limit) {
    unsigned where = scan->seen[group], count = 0;
    for (size_t i = 0; i < scan->occurrence_count && where != 0; i++) {
        if ((where & 1) == 0) {
            where >>= 1;
            continue;
        }
        where >>= i < SEEN_REST ? 1 : 0; /* the last bit stands for all that follow */
        const struct element_use *use = use_of(scan->prefilter, scan->occurrences[i].element, group);
        if (use != NULL && count == limit) {
            return limit + 1;
        }
        if (use != NULL) {
            places[count++] = (struct place){(uint16_t)i, use->rank};
        }
    }
    return count;
}

static int compare_numbers(const void *left, const void *right) {
    const uint32_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static void sort_numbers(uint32_t *numbers, size_t count) {
    if (count > SORT_BY_INSERTION) {
        qsort(numbers, count, sizeof *numbers, compare_numbers);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        uint32_t number = numbers[i];
        size_t at = i;
        for (; at > 0 && numbers[at - 1] > number; at--) {
            numbers[at] = numbers[at - 1];
        }
        numbers[at] = number;
    }
}

/* But what was left out. */
static size_t take_everything(struct scan *scan, const struct prefilter *prefilter) {
    size_t count = 0;
    for (uint32_t i = 0; i < prefilter->posting_start[prefilter->group_count]; i++) {
        scan->candidates[count++] = prefilter->postings[i].pattern;
    }
    for (size_t i = 0; i < prefilter->unfiltered_count; i++) {
        scan->candidates[count++] = prefilter->unfiltered[i].pattern;
    }
    sort_numbers(scan->candidates, count);
    return count;
}

int scan_allows(const struct scan *scan, const struct plan *plan) {
    for (unsigned i = 0; i < plan->count && !scan->is_skipped; i++) {
        if (!scan_has(scan, plan->groups[i])) {
            return 0;
        }
    }
    return 1;
}

/* Patterns filed under a group all of whose other groups were seen, behind the count there are. Most lack the
   first one. */
static size_t take_postings(struct scan *scan, const struct prefilter *prefilter, size_t group,
                            size_t count) {
    const struct posting *posting = prefilter->postings + prefilter->posting_start[group];
    const struct posting *end = prefilter->postings + prefilter->posting_start[group + 1];
    for (; posting < end; posting++) {
        if (!scan_has(scan, posting->others[0])) {
            continue;
        }
        int has_all = 1;
        for (unsigned i = 1; i < PLAN_GROUPS_MAX - 1; i++) {
            has_all &= scan_has(scan, posting->others[i]);
        }
        scan->candidates[count] = posting->pattern;
        count += (size_t)has_all;
    }
    return count;
}

size_t scan_candidates(struct scan *scan, const struct prefilter *prefilter) {
    size_t count = 0;
    if (scan->is_skipped) {
        return take_everything(scan, prefilter);
    }
    for (size_t i = 0; i < scan->present_count; i++) {
        count = take_postings(scan, prefilter, scan->present[i], count);
    }
    for (size_t i = 0; i < prefilter->unfiltered_count; i++) {
        scan->candidates[count] = prefilter->unfiltered[i].pattern;
        count += (size_t)guard_allows(&prefilter->unfiltered[i].guard, &scan->counts);
    }
    sort_numbers(scan->candidates, count);
    return count;
}
