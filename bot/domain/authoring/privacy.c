/* Finds and masks what could point to a person. Never decides what a message means. Called by:
   authoring/wording, cli/unmatched, cli/diff. */
#include "domain/authoring/privacy.h"

#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "domain/content/content.h"
#include "domain/pattern/pattern.h"
#include "domain/text/text.h"

#include "banned.h"

enum { HITS_MAX = 256, DIGIT_WORDS = 4 /* as of a phone number that is spelt out */, ABBREVIATION_MAX = 5 };

/* What is collected; marks are bytes of the raw view: kind + 1, or 0. */
struct marks {
    const struct content *content;
    const struct text *text;
    struct arena *arena;
    unsigned char *of;
};

/* ---- word lists ---- */

/* Words behind which a name comes. Folded. */
static const char titles[] = "|pak|bapak|bu|ibu|kak|kakak|bang|abang|mas|mbak|mba|om|tante|dek|adik|ustadz|"
                             "ustaz|haji|dokter|dr|mr|mrs|ms|miss|"
                             "mister|madam|sir|bernama|dipanggil|named|called|";
static const char digit_words[] = "|nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|zero|oh|"
                                  "one|two|three|four|five|six|seven|eight|"
                                  "nine|";
/* Given names that are met often and are no words of the language. */
static const char names[] = "|abdul|achmad|adi|aditya|agung|agus|ahmad|aisyah|aldi|ali|alya|amelia|amir|andi|"
                            "andika|anggi|anggraini|anisa|anita|"
                            "annisa|anton|ardi|ari|arief|arif|aris|asep|astuti|aulia|ayu|bagas|bagus|bambang|"
                            "bayu|budi|candra|cindy|citra|daffa|"
                            "dani|dedi|deni|desi|dewi|dian|dika|dimas|dina|dini|dodi|doni|dwi|edi|eka|eko|"
                            "endang|erna|fadli|fahmi|fajar|farhan|"
                            "faisal|fatimah|fauzan|febri|ferdi|fitri|fitria|gilang|gita|hadi|hafiz|hana|hani|"
                            "hariyanto|hendra|hendri|heri|ika|"
                            "ilham|imam|indra|intan|iqbal|irfan|irma|irwan|ismail|iwan|jaka|joko|kartika|"
                            "kevin|krisna|kurnia|kurniawan|laila|"
                            "lestari|lia|lina|linda|lukman|maya|mega|meri|michael|mohamad|mohammad|muhamad|"
                            "muhammad|nabila|nadia|nanda|nia|nina|"
                            "nita|novi|novita|nur|nurul|okta|pratama|puspita|putra|putri|rafi|rahmat|"
                            "rahmawati|raka|rani|ratna|rendi|reza|rian|"
                            "ridho|ridwan|rina|rini|riska|riski|rizal|rizki|rizky|rosa|rudi|rully|salma|"
                            "salsabila|santi|santoso|saputra|sari|"
                            "setiawan|sinta|siska|siti|slamet|sri|sugeng|suharto|sulastri|supriyadi|suryani|"
                            "susanti|susi|syahrul|taufik|tia|"
                            "tika|tina|tini|tono|tri|umar|utami|vina|wahyu|wahyuni|wati|wawan|wibowo|widya|"
                            "winda|wulan|yanti|yanto|yoga|yudi|"
                            "yuli|yulia|yuni|yusuf|zahra|zainal|";

/* Whether word stands in a list between bars. */
static int stands_in(const char *list, const char *word, size_t length) {
    for (const char *at = list; (at = strchr(at, '|')) != NULL && at[1] != '\0';) {
        at++;
        if (strncmp(at, word, length) == 0 && at[length] == '|') {
            return 1;
        }
    }
    return 0;
}

/* ---- marking ---- */

static void mark(struct marks *marks, size_t start, size_t end, enum privacy_kind kind) {
    for (size_t i = start; i < end && i < marks->text->raw_length; i++) {
        marks->of[i] = (unsigned char)(kind + 1);
    }
}

static const char *word_of(const struct marks *marks, size_t token) {
    return marks->text->folded + marks->text->tokens[token].start;
}

static void mark_token(struct marks *marks, size_t token, enum privacy_kind kind) {
    const struct text_token *at = &marks->text->tokens[token];
    mark(marks, at->raw_start, (size_t)at->raw_start + at->raw_length, kind);
}

static int is_known(const struct marks *marks, size_t token) {
    return lexicon_has_word(marks->content->lexicon, word_of(marks, token), marks->text->tokens[token].length,
                            marks->arena);
}

static int is_list_word(const struct marks *marks, size_t token, const char *list) {
    return stands_in(list, word_of(marks, token), marks->text->tokens[token].length);
}

/* ---- numbers and contacts ---- */

static int has_digit(const char *word, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (word[i] >= '0' && word[i] <= '9') {
            return 1;
        }
    }
    return 0;
}

static int is_contact(const char *word, size_t length) {
    return stands_in("|xemail|xurl|xphone|xidentity|", word, length);
}

static void mark_digits(struct marks *marks) {
    size_t in_row = 0;
    for (size_t i = 0; i < marks->text->token_count; i++) {
        const char *word = word_of(marks, i);
        size_t length = marks->text->tokens[i].length;
        if (is_contact(word, length)) {
            mark_token(marks, i, PRIVACY_CONTACT);
        } else if (has_digit(word, length)) {
            mark_token(marks, i, PRIVACY_NUMBER);
        }
        in_row = is_list_word(marks, i, digit_words) ? in_row + 1 : 0;
        for (size_t back = 0; in_row >= DIGIT_WORDS && back < in_row; back++) {
            mark_token(marks, i - back, PRIVACY_NUMBER);
        }
    }
}

/* What folding drops or rewrites ("²", a lone digit) still stands in the raw view. */
static void mark_raw_digits(struct marks *marks) {
    for (size_t i = 0; i < marks->text->raw_length; i++) {
        if (marks->text->raw[i] >= '0' && marks->text->raw[i] <= '9' && marks->of[i] == 0) {
            mark(marks, i, i + 1, PRIVACY_NUMBER);
        }
    }
}

static int is_account_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '_' || byte == '.' || (unsigned char)byte >= 0x80;
}

/* "@rina.s" */
static void mark_accounts(struct marks *marks) {
    const char *raw = marks->text->raw;
    for (size_t i = 0; i + 1 < marks->text->raw_length; i++) {
        size_t end = i + 1;
        while (raw[i] == '@' && end < marks->text->raw_length && is_account_byte(raw[end])) {
            end++;
        }
        if (end > i + 1) {
            mark(marks, i, end, PRIVACY_CONTACT);
        }
    }
}

/* ---- names ---- */

/* Whether the word could be somebody's name even where none is expected. */
static int may_be_name(const struct marks *marks, size_t token) {
    return !is_known(marks, token) || is_list_word(marks, token, names);
}

/* The first word that a pattern captured as a name is one; those behind it only if they may be ("namaku Rina,
   mau kerja"). */
static void mark_captured(struct marks *marks, struct pattern_span span) {
    int is_first = 1;
    for (size_t token = 0; span.start != SIZE_MAX && token < marks->text->token_count; token++) {
        size_t start = marks->text->tokens[token].start;
        if (start >= span.start && start < span.end) {
            if (is_first || may_be_name(marks, token)) {
                mark_token(marks, token, PRIVACY_NAME);
            }
            is_first = 0;
        }
    }
}

/* Facts of kind "name" know where a name stands. */
static void mark_facts(struct marks *marks, struct pattern_scratch *scratch) {
    const struct content *content = marks->content;
    struct pattern_hit *hits = arena_array(marks->arena, HITS_MAX, sizeof *hits);
    size_t count = pattern_match_all(content->patterns, scratch, marks->text->folded,
                                     marks->text->folded_length, hits, HITS_MAX, NULL);
    for (size_t i = 0; i < count; i++) {
        const struct content_pattern_owner *owner = &content->pattern_owners[hits[i].pattern];
        if (owner->role == CONTENT_ROLE_FACT && content->facts[owner->owner].kind == FACT_NAME &&
            owner->value_capture >= 0 && (size_t)owner->value_capture < hits[i].capture_count) {
            mark_captured(marks, hits[i].captures[owner->value_capture]);
        }
    }
}

/* Upper case and then lower case: "Rina", not "HRD". Letters beyond ASCII count by their case where it is
 * known. */
static int is_capitalised(const struct marks *marks, size_t token) {
    const char *raw = marks->text->raw + marks->text->tokens[token].raw_start;
    size_t length = marks->text->tokens[token].raw_length;
    int begins = length > 1 && raw[0] >= 'A' && raw[0] <= 'Z';
    int is_shouted = 1;
    for (size_t i = 1; i < length; i++) {
        is_shouted = is_shouted && !(raw[i] >= 'a' && raw[i] <= 'z');
    }
    return begins && !(is_shouted && length <= ABBREVIATION_MAX);
}

static void mark_names(struct marks *marks) {
    int behind_title = 0;
    for (size_t i = 0; i < marks->text->token_count; i++) {
        int is_word = !marks->text->tokens[i].is_end && marks->text->tokens[i].raw_length > 0;
        int is_title = is_word && is_list_word(marks, i, titles);
        if (is_word && !is_title && marks->of[marks->text->tokens[i].raw_start] == 0) {
            int is_unknown = !is_known(marks, i);
            if ((is_unknown && (behind_title || is_capitalised(marks, i))) ||
                (is_list_word(marks, i, names) && (is_unknown || behind_title || is_capitalised(marks, i)))) {
                mark_token(marks, i, PRIVACY_NAME);
            }
        }
        behind_title = is_title;
    }
}

/* ---- results ---- */

size_t privacy_find(const struct content *content, struct pattern_scratch *scratch, const struct text *text,
                    struct arena *arena, struct privacy_find found[PRIVACY_MAX]) {
    struct marks marks = {content, text, arena, arena_alloc(arena, text->raw_length + 1)};
    size_t count = 0;
    mark_digits(&marks);
    mark_accounts(&marks);
    mark_raw_digits(&marks);
    mark_facts(&marks, scratch);
    mark_names(&marks);
    for (size_t i = 0; i < text->raw_length && count < PRIVACY_MAX; i++) {
        size_t end = i;
        while (end < text->raw_length && marks.of[i] != 0 && marks.of[end] == marks.of[i]) {
            end++;
        }
        if (end > i) {
            found[count++] = (struct privacy_find){(enum privacy_kind)(marks.of[i] - 1), i, end};
            i = end - 1;
        }
    }
    return count;
}

static char *join(struct arena *arena, const char *before, const char *bytes, size_t length,
                  const char *behind) {
    return arena_format(arena, "%s%.*s%s", before, (int)length, bytes, behind);
}

/* Where columns characters end. */
static size_t cut_at(const char *text, size_t length, size_t columns) {
    size_t at = 0;
    uint32_t ignored;
    for (size_t i = 0; i < columns && at < length; i++) {
        at += u8_decode(text + at, length - at, &ignored);
    }
    return at;
}

const char *privacy_masked(const struct content *content, struct pattern_scratch *scratch,
                           const struct text *text, int is_indonesian, size_t columns, struct arena *arena) {
    static const char *const signs[][2] = {[PRIVACY_NUMBER] = {"#", "#"},
                                           [PRIVACY_CONTACT] = {"[contact]", "[kontak]"},
                                           [PRIVACY_NAME] = {"[name]", "[nama]"}};
    struct privacy_find found[PRIVACY_MAX];
    size_t count = privacy_find(content, scratch, text, arena, found);
    size_t at = 0, last = count == PRIVACY_MAX ? found[count - 1].end : text->raw_length;
    char *masked = arena_text(arena, "");
    for (size_t i = 0; i < count; i++) {
        masked = join(arena, masked, text->raw + at, found[i].start - at,
                      signs[found[i].kind][is_indonesian != 0]);
        at = found[i].end;
    }
    masked = join(arena, masked, text->raw + at, last - at, "");
    for (char *byte = masked; *byte != '\0'; byte++) {
        *byte = *byte == '\n' ? ' ' : *byte;
    }
    size_t length = strlen(masked), kept = cut_at(masked, length, columns);
    return kept < length ? join(arena, "", masked, kept, "...") : masked;
}
