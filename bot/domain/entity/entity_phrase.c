/* Options named by words: label, synonym, a part of the label, near spelling. Never lets a negation or an
   intensity
   ("ga terlalu setuju") fall off a phrase. Called by entity_choice.c. */
#include <string.h>

#include "base/arena.h"
#include "domain/entity/choice.h"
#include "domain/text/by_letter.h"
#include "banned.h"

enum { NEAR_MAX = 48, EDITS_MAX = 2, PREFIX_MIN = 3, NEAR_MIN = 4, REST_MAX = 8 };

static const struct by_letter fillers = {
    .a = "admin aja aku adalah answer am a an",
    .b = "bu bang bagi be",
    .c = "choose",
    .d = "deh dong d",
    .e = "eh em",
    .f = "for",
    .g = "gue gw go guess",
    .h = "hmm hm haha hehe",
    .i = "itu ini i it is its im i'd i'm i'll it's",
    .j = "jawab jawabannya jawabanku jawaban juga just",
    .k = "kak kakak kok kayaknya ke kira kiranya kalau kasih",
    .l = "lah lebih ll",
    .m = "min mas mbak mungkin memilih mau merasa menurut menurutku maybe my me makasih",
    .n = "nih",
    .o = "oke ok oh",
    .p = "pak pilih probably please pick",
    .r = "rasa rasanya",
    .s = "sih saja sepertinya saya soal say s",
    .t = "tuh tentang think the that terima thanks thank tolong",
    .u = "untuk um uh",
    .w = "well would with wkwk",
    .y = "ya yang you"};
/* Too common to carry an answer inside a longer sentence. */
static const struct by_letter weak = {.b = "bukan belum",
                                      .n = "no nope not never",
                                      .o = "oke ok",
                                      .p = "pernah",
                                      .s = "sure sudah",
                                      .t = "tidak",
                                      .y = "ya yes yeah yep"};
/* "ada di ig": there is something, and behind it what. */
static const struct by_letter vague = {
    .a = "ada already", .h = "have", .p = "punya", .s = "sudah", .y = "ya yes yeah"};
static const struct by_letter amplifiers = {.a = "amat absolutely always",
                                            .b = "banget",
                                            .c = "completely",
                                            .e = "extremely",
                                            .f = "fully",
                                            .r = "really",
                                            .s = "sangat sekali sungguh so strongly",
                                            .t = "totally",
                                            .v = "very"};
static const struct by_letter diminishers = {.a = "agak",
                                             .b = "begitu barely",
                                             .c = "cukup",
                                             .f = "fairly",
                                             .h = "hampir hardly",
                                             .k = "kinda kurang",
                                             .l = "lumayan",
                                             .p = "partly",
                                             .q = "quite",
                                             .r = "rather",
                                             .s = "sedikit sebagian somewhat slightly",
                                             .t = "terlalu too"};
static const struct by_letter negators = {.b = "bukan belum",
                                          .c = "cannot can't",
                                          .d = "don dont don't",
                                          .i = "isn't",
                                          .j = "jangan",
                                          .k = "kurang",
                                          .n = "not no never",
                                          .t = "tidak tak"};
static const struct by_letter sama = {.a = "at", .s = "sama"}, sekali = {.a = "all", .s = "sekali"},
                              sedikit = {.s = "sedikit"};

int choice_is_filler(const char *word, size_t length) {
    return by_letter_has(&fillers, word, length);
}

static int in(const struct choice_word *word, const struct by_letter *words) {
    return by_letter_has(words, word->text, word->length);
}

/* ---- near spelling ---- */

/* 1 if more than most edits lie between two texts with these letters: an edit brings in or takes away one
   letter at most. */
static int is_farther(uint32_t left, uint32_t right, size_t most) {
    uint32_t only_left = left & ~right, only_right = right & ~left;
    for (size_t i = 0; i < most; i++) {
        only_left &= only_left - 1;
        only_right &= only_right - 1;
    }
    return (only_left | only_right) != 0;
}

/* Damerau-Levenshtein distance (optimal string alignment) of two texts of at most NEAR_MAX bytes. */
static size_t distance(const char *left, size_t left_length, const char *right, size_t right_length) {
    size_t rows[3][NEAR_MAX + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= right_length; j++) {
        last[j] = j;
    }
    for (size_t i = 1; i <= left_length; i++) {
        row[0] = i;
        for (size_t j = 1; j <= right_length; j++) {
            size_t change = last[j - 1] + (left[i - 1] != right[j - 1]);
            row[j] = choice_least(change, choice_least(last[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
                row[j] = choice_least(row[j], before[j - 2] + 1);
            }
        }
        size_t *kept = before;
        before = last;
        last = row;
        row = kept;
    }
    return last[right_length];
}

/* ---- the whole message ---- */

static int same_words(const struct choice_word *left, const struct choice_word *right, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (left[i].length != right[i].length || memcmp(left[i].text, right[i].text, left[i].length) != 0) {
            return 0;
        }
    }
    return 1;
}

static int same_id(const struct text *text, const char *id) {
    size_t start = strspn(text->raw, " \n\t"), length = strlen(id);
    if (length == 0 || text->raw_length < start + length) {
        return 0;
    }
    for (size_t i = 0; i < length; i++) {
        char letter = text->raw[start + i];
        letter = letter >= 'A' && letter <= 'Z' ? (char)(letter + ('a' - 'A')) : letter;
        if (letter != id[i]) {
            return 0;
        }
    }
    return text->raw[start + length + strspn(text->raw + start + length, " \n\t")] == '\0';
}

/* From phrase number at on, the first one whose first word has that number; their count if there is none. */
static size_t next_beginning(const struct entity_choices *choices, uint8_t number, size_t at) {
    const uint8_t *found =
        at < choices->phrase_count ? memchr(choices->firsts + at, number, choices->phrase_count - at) : NULL;
    return found != NULL ? (size_t)(found - choices->firsts) : choices->phrase_count;
}

enum entity_choice_how choice_exact(const struct chooser *chooser, size_t *index) {
    enum entity_choice_how how = CHOICE_NONE;
    const struct entity_choices *choices = chooser->choices;
    uint8_t first = chooser->word_count > 0 ? chooser->numbers[0] : 0;
    for (size_t i = 0; (i = next_beginning(choices, first, i)) < choices->phrase_count; i++) {
        const struct choice_phrase *phrase = &choices->phrases[i];
        if ((choices->keys[i].count & CHOICE_COUNT_MAX) !=
                choice_least(chooser->word_count, CHOICE_COUNT_MAX) ||
            phrase->count != chooser->word_count ||
            !same_words(phrase->words, chooser->words, phrase->count)) {
            continue;
        }
        if (how != CHOICE_NONE && *index != phrase->option) {
            return CHOICE_AMBIGUOUS;
        }
        how = how == CHOICE_LABEL ? how : phrase->how;
        *index = phrase->option;
    }
    for (size_t i = 0; how == CHOICE_NONE && i < chooser->choices->option_count; i++) {
        if (chooser->choices->options[i].id && same_id(chooser->text, chooser->choices->options[i].id)) {
            *index = i;
            how = CHOICE_LABEL;
        }
    }
    return how;
}

/* ---- somewhere in the message ---- */

struct match {
    size_t option, start, count;
    enum entity_choice_how how;
    int is_refused;
};

/* 1 if count words are one amplifier. */
static int are_amplifier(const struct choice_word *words, size_t count) {
    return (count == 1 && in(&words[0], &amplifiers)) ||
           (count == 2 && in(&words[0], &sama) && in(&words[1], &sekali));
}

/* 1 if an amplifier of one or two words ("sama sekali") begins or ends right at word i. */
static int amplifier_after(const struct chooser *chooser, size_t i) {
    return (i < chooser->word_count && are_amplifier(&chooser->words[i], 1)) ||
           (i + 1 < chooser->word_count && are_amplifier(&chooser->words[i], 2));
}

static int amplifier_before(const struct chooser *chooser, size_t i) {
    return (i > 0 && are_amplifier(&chooser->words[i - 1], 1)) ||
           (i > 1 && are_amplifier(&chooser->words[i - 2], 2));
}

static int carries_amplifier(const struct choice_phrase *phrase) {
    for (size_t i = 0; i < phrase->count; i++) {
        if (in(&phrase->words[i], &amplifiers)) {
            return 1;
        }
    }
    return 0;
}

/* 1 if phrase is core with any amplifier before or behind it. */
static int is_amplified(const struct choice_phrase *phrase, const struct choice_word *core, size_t count) {
    size_t extra = phrase->count > count ? phrase->count - count : 0;
    return extra > 0 &&
           ((are_amplifier(phrase->words, extra) && same_words(phrase->words + extra, core, count)) ||
            (are_amplifier(phrase->words + count, extra) && same_words(phrase->words, core, count)));
}

/* 1 if an amplifier makes of words that name one option another one: "sangat setuju" beside "setuju". Where
   "suka banget" is as much as "suka", intensity tells no options apart. */
static int is_grade(const struct chooser *chooser, const struct choice_phrase *phrase) {
    if (!carries_amplifier(phrase)) {
        return 0;
    }
    for (size_t i = 0; i < chooser->choices->phrase_count; i++) {
        const struct choice_phrase *core = &chooser->choices->phrases[i];
        if (core->count > 0 && core->option != phrase->option &&
            is_amplified(phrase, core->words, core->count)) {
            return 1;
        }
    }
    return 0;
}

/* "setuju banget" belongs to "sangat setuju" where there is such an option; without any graded option it is
   plain "setuju"; otherwise nobody knows. */
static void place_amplified(const struct chooser *chooser, struct match *match) {
    int graded = 0;
    for (size_t i = 0; i < chooser->choices->phrase_count; i++) {
        const struct choice_phrase *phrase = &chooser->choices->phrases[i];
        graded |= is_grade(chooser, phrase);
        if (is_amplified(phrase, chooser->words + match->start, match->count)) {
            match->option = phrase->option;
            match->how = CHOICE_WORD;
            return;
        }
    }
    match->is_refused = graded;
}

/* "tdak setuju", "sangt setuju": what may be a misspelt negation or intensity must not fall off. */
static int doubtful_before(const struct chooser *chooser, size_t start) {
    static const char *const doubtful[] = {"tidak", "bukan",  "belum",  "jangan",  "kurang",
                                           "nggak", "enggak", "sangat", "terlalu", "never"};
    for (size_t back = 1; back <= 3 && back <= start; back++) {
        const struct choice_word *word = &chooser->words[start - back];
        uint32_t letters = choice_letters(word->text, word->length);
        for (size_t i = 0; i < sizeof doubtful / sizeof doubtful[0] && word->length <= 8; i++) {
            size_t length = strlen(doubtful[i]);
            if (word->length + 1 >= length && word->length <= length + 1 &&
                !is_farther(letters, choice_letters(doubtful[i], length), 1) &&
                distance(word->text, word->length, doubtful[i], length) == 1) {
                return 1;
            }
        }
    }
    return 0;
}

static void weigh(const struct chooser *chooser, struct match *match) {
    size_t end = match->start + match->count;
    const struct choice_word *words = chooser->words;
    if (entity_is_negated(chooser->text, words[match->start].token) ||
        doubtful_before(chooser, match->start)) {
        match->is_refused = 1;
        return;
    }
    int is_negative = in(&words[end - 1], &negators);
    int less = (match->start > 0 && in(&words[match->start - 1], &diminishers)) ||
               (end < chooser->word_count && in(&words[end], is_negative ? &diminishers : &sedikit));
    if (less) {
        match->is_refused = 1;
    } else if (amplifier_after(chooser, end) || amplifier_before(chooser, match->start) > 0) {
        place_amplified(chooser, match);
    }
}

/* Adds p to the ascending list, unless it is there. */
static size_t add_candidate(size_t *list, size_t count, size_t p) {
    size_t at = count;
    while (at > 0 && list[at - 1] >= p) {
        at--;
    }
    if (at < count && list[at] == p) {
        return count;
    }
    memmove(list + at + 1, list + at, (count - at) * sizeof *list);
    list[at] = p;
    return count + 1;
}

/* The phrases whose first word may stand in the message, in their order: mostly one or two in a hundred. More
   than limit: all of them may. */
static size_t list_candidates(const struct chooser *chooser, size_t *list, size_t limit) {
    const struct entity_choices *choices = chooser->choices;
    size_t count = 0;
    for (size_t i = 0; i < chooser->word_count; i++) {
        const uint8_t number = chooser->numbers[i];
        for (size_t p = 0; (p = next_beginning(choices, number, p)) < choices->phrase_count; p++) {
            if (count == limit) {
                return limit + 1;
            }
            count = add_candidate(list, count, p);
        }
    }
    return count;
}

/* Where the words of a phrase stand. */
static size_t match_phrase(const struct chooser *chooser, const struct choice_phrase *phrase, uint8_t first,
                           struct match *matches, size_t count, size_t limit) {
    for (size_t at = 0; phrase->count > 0 && at + phrase->count <= chooser->word_count && count < limit;
         at++) {
        const struct choice_word *words = chooser->words + at;
        if (chooser->numbers[at] != first) {
            continue;
        }
        int joined = words[phrase->count - 1].token - words[0].token == phrase->count - 1;
        if (joined && same_words(phrase->words, words, phrase->count)) {
            matches[count] = (struct match){phrase->option, at, phrase->count, phrase->how, 0};
            weigh(chooser, &matches[count++]);
        }
    }
    return count;
}

/* Bits of the letters in the message, and of a blank. */
static uint32_t letters_said(const struct chooser *chooser) {
    uint32_t letters = choice_letters(" ", 1);
    for (size_t i = 0; i < chooser->word_count; i++) {
        letters |= choice_letters(chooser->words[i].text, chooser->words[i].length);
    }
    return letters;
}

static size_t find_matches(const struct chooser *chooser, struct match *matches, size_t limit) {
    enum { CANDIDATES_MAX = 64 };
    const struct entity_choices *choices = chooser->choices;
    size_t list[CANDIDATES_MAX], found = list_candidates(chooser, list, CANDIDATES_MAX), count = 0;
    int are_all = found > CANDIDATES_MAX;
    const uint32_t letters = letters_said(chooser);
    for (size_t i = 0; i < (are_all ? choices->phrase_count : found); i++) {
        size_t p = are_all ? i : list[i];
        if ((choices->keys[p].letters & ~letters) != 0) {
            continue; /* the phrase itself, which has to be waited for, need not be looked at */
        }
        count = match_phrase(chooser, &choices->phrases[p], choices->firsts[p], matches, count, limit);
    }
    return count;
}

static int all_in(const struct chooser *chooser, const struct match *match, const struct by_letter *words) {
    for (size_t i = 0; i < match->count; i++) {
        if (!in(&chooser->words[match->start + i], words)) {
            return 0;
        }
    }
    return 1;
}

static int is_vague_before(const struct chooser *chooser, const struct match *match,
                           const struct match *said) {
    return all_in(chooser, match, &vague) && said->option != match->option && said->start > match->start &&
           !all_in(chooser, said, &vague) && !all_in(chooser, said, &fillers);
}

/* A match inside a longer one is part of it; a polite "ya" beside a real answer is none. */
static int is_covered(const struct chooser *chooser, const struct match *matches, size_t count, size_t i) {
    const struct match *match = &matches[i];
    for (size_t other = 0; other < count; other++) {
        const struct match *longer = &matches[other];
        if (longer->count > match->count && longer->start <= match->start &&
            longer->start + longer->count >= match->start + match->count) {
            return 1;
        }
        if (longer->is_refused) {
            continue;
        }
        int is_polite = all_in(chooser, match, &fillers) && !all_in(chooser, longer, &fillers);
        if (is_polite || is_vague_before(chooser, match, longer)) {
            return 1;
        }
    }
    return 0;
}

/* "capek banget hari ini" does not say "banget"; "suka ngajar banget" says it beside another option. 1 if an
   option of intensity alone was named beside this one. */
static int is_graded_elsewhere(const struct chooser *chooser, const struct match *matches, size_t count,
                               size_t option) {
    for (size_t i = 0; i < count; i++) {
        if (all_in(chooser, &matches[i], &amplifiers) && matches[i].option != option &&
            !is_covered(chooser, matches, count, i)) {
            return 1;
        }
    }
    return 0;
}

/* Too little to be an answer beside other words. */
static int is_weak(const struct chooser *chooser, const struct match *match) {
    return all_in(chooser, match, &weak) || all_in(chooser, match, &amplifiers);
}

/* Words that are neither part of a kept match, nor polite, nor intensity. */
static size_t count_rest(const struct chooser *chooser, const struct match *matches, size_t count) {
    size_t rest = 0;
    for (size_t i = 0; i < chooser->word_count; i++) {
        int is_said = in(&chooser->words[i], &fillers) || in(&chooser->words[i], &amplifiers) ||
                      amplifier_after(chooser, i);
        for (size_t m = 0; m < count && !is_said; m++) {
            is_said =
                !matches[m].is_refused && i >= matches[m].start && i < matches[m].start + matches[m].count;
        }
        rest += !is_said;
    }
    return rest;
}

enum entity_choice_how choice_contained(const struct chooser *chooser, size_t *index) {
    enum { MATCHES_MAX = 64 };
    struct match matches[MATCHES_MAX];
    size_t count = find_matches(chooser, matches, MATCHES_MAX);
    if (count == 0) {
        return CHOICE_NONE;
    }
    size_t rest = count_rest(chooser, matches, count);
    enum entity_choice_how how = CHOICE_NONE;
    int is_question = (chooser->text->flags & TEXT_QUESTION) != 0;
    for (size_t i = 0; i < count; i++) {
        int lost = rest > 0 && (is_question || rest > REST_MAX || is_weak(chooser, &matches[i]));
        if (lost || matches[i].is_refused || is_covered(chooser, matches, count, i)) {
            continue;
        }
        if (how != CHOICE_NONE && *index != matches[i].option) {
            return CHOICE_AMBIGUOUS;
        }
        how = how == CHOICE_LABEL ? how : matches[i].how;
        *index = matches[i].option;
    }
    if (how != CHOICE_NONE && rest > 0 && is_graded_elsewhere(chooser, matches, count, *index)) {
        return CHOICE_AMBIGUOUS;
    }
    return how;
}

/* ---- parts of a label ---- */

void chooser_read_content(struct chooser *chooser, struct arena *arena) {
    char *out = arena_room(arena, NEAR_MAX + 1);
    size_t length = 0;
    chooser->content = "";
    chooser->content_length = 0;
    for (size_t i = 0; i < chooser->word_count; i++) {
        const struct choice_word *word = &chooser->words[i];
        if (in(word, &fillers)) {
            continue;
        }
        if (length + word->length + 1 > NEAR_MAX ||
            length + word->length > chooser->choices->longest + EDITS_MAX) {
            return; /* longer than any label, however it were spelt */
        }
        if (length > 0) {
            out[length++] = ' ';
        }
        memcpy(out + length, word->text, word->length);
        length += word->length;
    }
    out[length] = '\0';
    chooser->content = out;
    chooser->content_length = length;
}

/* 1 if the rest of a label would turn the part around: "setuju" of "tidak setuju". */
static int rest_turns(const struct choice_phrase *phrase, const char *part, size_t length) {
    for (size_t i = 0; i < phrase->count; i++) {
        const struct choice_word *word = &phrase->words[i];
        int is_part = word->text >= part && word->text < part + length;
        if (!is_part && (in(word, &negators) || in(word, &diminishers) || in(word, &amplifiers))) {
            return 1;
        }
    }
    return 0;
}

/* Where content stands in phrase at the start of a word: any prefix of the label, or whole words inside it.
 */
static const char *part_of(const struct choice_phrase *phrase, const char *content, size_t length) {
    if (strncmp(phrase->folded, content, length) == 0) {
        return phrase->folded;
    }
    for (size_t i = 1; i < phrase->count; i++) {
        const char *at = phrase->words[i].text;
        if (strncmp(at, content, length) == 0 && (at[length] == '\0' || at[length] == ' ')) {
            return rest_turns(phrase, at, length) ? NULL : at;
        }
    }
    return NULL;
}

enum entity_choice_how choice_prefix(const struct chooser *chooser, size_t *index) {
    const char *content = chooser->content;
    size_t length = chooser->content_length;
    enum entity_choice_how how = CHOICE_NONE;
    if (length < PREFIX_MIN) {
        return CHOICE_NONE;
    }
    const struct choice_key *keys = chooser->choices->keys;
    uint32_t letters = choice_letters(content, length);
    for (size_t i = 0; i < chooser->choices->phrase_count; i++) {
        const struct choice_phrase *phrase = &chooser->choices->phrases[i];
        if ((keys[i].count & CHOICE_IS_LABEL) == 0 || keys[i].length < length ||
            (letters & ~keys[i].letters) != 0 || !part_of(phrase, content, length)) {
            continue;
        }
        if (how != CHOICE_NONE && *index != phrase->option) {
            return CHOICE_AMBIGUOUS;
        }
        how = CHOICE_PREFIX;
        *index = phrase->option;
    }
    return how;
}

/* ---- the whole message, misspelt ---- */

/* "never" is no misspelt "ever", "unable" no "able": what only stands before may be a negation. */
static int is_tail(const char *left, size_t left_length, const char *right, size_t right_length) {
    if (left_length < right_length) {
        return memcmp(right + right_length - left_length, left, left_length) == 0;
    }
    return memcmp(left + left_length - right_length, right, right_length) == 0;
}

static int has_negator(const struct choice_word *words, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (in(&words[i], &negators)) {
            return 1;
        }
    }
    return 0;
}

enum entity_choice_how choice_near(const struct chooser *chooser, size_t *index) {
    const char *content = chooser->content;
    size_t length = chooser->content_length, best = NEAR_MAX;
    enum entity_choice_how how = CHOICE_NONE;
    if (length < NEAR_MIN - 1) {
        return CHOICE_NONE;
    }
    const struct choice_key *keys = chooser->choices->keys;
    uint32_t letters = choice_letters(content, length);
    int is_negative = -1; /* not asked yet */
    for (size_t i = 0; i < chooser->choices->phrase_count; i++) {
        size_t target = keys[i].length;
        size_t most = target <= 5 ? 1 : EDITS_MAX;
        if (target < NEAR_MIN || target > NEAR_MAX || length + most < target || target + most < length ||
            is_farther(letters, keys[i].letters, most)) {
            continue;
        }
        const struct choice_phrase *phrase = &chooser->choices->phrases[i];
        is_negative = is_negative < 0 ? has_negator(chooser->words, chooser->word_count) : is_negative;
        if (is_negative != has_negator(phrase->words, phrase->count) ||
            is_tail(content, length, phrase->folded, target)) {
            continue;
        }
        size_t apart = distance(content, length, phrase->folded, target);
        if (apart > most || apart > best || (apart == best && *index == phrase->option)) {
            continue;
        }
        how = apart == best ? CHOICE_AMBIGUOUS : CHOICE_NEAR;
        best = apart;
        *index = phrase->option;
    }
    return how;
}
