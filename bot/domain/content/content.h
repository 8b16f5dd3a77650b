/* The content bundle: everything authors write, checked, compiled and immutable. Read freely; never write.
   Made by content_load (load.h). Strings live as long as the bundle. */
#ifndef PANDU_DOMAIN_CONTENT_CONTENT_H
#define PANDU_DOMAIN_CONTENT_CONTENT_H

#include <stddef.h>
#include <stdint.h>

#include "domain/text/lexicon.h"

struct arena;
struct expression; /* domain/dialogue/expression.h */
struct map;
struct pattern_set;
struct similar;

enum { CONTENT_MESSAGE_CHARS_MAX = 600, CONTENT_NONE = UINT32_MAX };

/* One text per language, by language index; NULL where a language has none. */
struct localized {
    const char *text[LEXICON_LANGUAGES_MAX];
};
/* Word lists per language (folded where they are matched). */
struct localized_words {
    const char *const *words[LEXICON_LANGUAGES_MAX];
    size_t count[LEXICON_LANGUAGES_MAX];
};

/* Where a thing was written, for messages to authors. */
struct content_place {
    const char *file;
    const char *path; /* JSON path */
    int line;
};

/* ---- intents ---- */
enum intent_kind {
    INTENT_KIND_REPLY,
    INTENT_KIND_CONTROL,
    INTENT_KIND_ACTION,
    INTENT_KIND_ANSWER,
    INTENT_KIND_DIALOGUE,
    INTENT_KIND_ESCALATION
};
/* Controls the engine knows. */
enum content_control {
    CONTROL_NONE,
    CONTROL_AFFIRM,
    CONTROL_DENY,
    CONTROL_CANCEL,
    CONTROL_BACK,
    CONTROL_SKIP,
    CONTROL_RESTART,
    CONTROL_REPEAT,
    CONTROL_LANGUAGE,
    CONTROL_CONTINUE,
    CONTROL_ABOUT,   /* what the running guide is for */
    CONTROL_PROGRESS /* how far it is */
};
enum content_action {
    CONTENT_ACTION_NONE,
    CONTENT_ACTION_EXPORT,
    CONTENT_ACTION_DELETE,
    CONTENT_ACTION_RESULT
};

struct content_pattern {
    const char *written; /* as the author wrote it */
    uint32_t number;     /* in content->patterns */
    struct content_place place;
};
struct content_intent {
    const char *id, *topic;
    enum intent_kind kind;
    struct localized title; /* all NULL: never offered as a choice */
    int priority;           /* -100..100, 0 by default */
    int is_safety;          /* goes before everything, in any state */
    int is_outside;         /* "out_of_scope": says what is not this bot's field; answers nothing */
    int is_strong;          /* "interrupt":"strong": may take a free-text answer away from a dialogue */
    int lets_resume; /* "resume": of an escalation: an answer to the question that was open goes on with the
                        guide */
    int is_leave;    /* "interrupt":"leave": a farewell; the open question is not asked again behind it */
    int similar_may_answer;   /* 0 for safety, control, actions: never answered by search alone */
    const char *const *scope; /* dialogue ids it is limited to; scope_count 0: anywhere */
    size_t scope_count;
    const char *const *after; /* reply or step ids that must have been said last; 0: no condition */
    size_t after_count;
    struct content_pattern *patterns;
    size_t pattern_count;
    struct content_pattern *unless;
    size_t unless_count;
    struct content_pattern *in_topic; /* what it may be called right after a reply of its topic */
    size_t in_topic_count;
    const char *const *examples;
    size_t example_count;
    const char *const *counter_examples;
    size_t counter_example_count;
    const char *const *wordings; /* how people also put it: only the search learns from them */
    size_t wording_count;
    enum content_control control;
    enum content_action action;
    uint32_t reply;    /* index into replies, or CONTENT_NONE */
    uint32_t dialogue; /* index into dialogues, or CONTENT_NONE */
    struct content_place place;
};

/* A fact a visitor may mention anywhere ("aku kasir, 25 tahun"): fills slot id from capture (?<value>...). */
enum fact_kind { FACT_TEXT, FACT_NUMBER, FACT_NAME };
struct content_fact {
    const char *id;
    enum fact_kind kind;
    double minimum, maximum;
    struct content_pattern *patterns;
    size_t pattern_count;
    struct content_pattern *unless;
    size_t unless_count;
    struct content_place place;
};

/* ---- replies ---- */
struct reply_variant {
    const char *const *messages; /* bubbles in order, templates */
    size_t count;
};
struct content_quick { /* a quick reply: a tap says `say` as if typed, or starts/asks an intent */
    struct localized label;
    const char *intent;  /* id, or NULL */
    const char *payload; /* "0:" and the id of an intent that there is; NULL: not loaded from files */
    struct localized say;
};
struct content_link {
    struct localized label;
    const char *url;
};
struct content_reply {
    const char *id, *topic;
    uint64_t hash; /* of id (session_spoken_hash); 0: not loaded from files */
    struct {
        const struct reply_variant *variants;
        size_t count;
    } by_language[LEXICON_LANGUAGES_MAX];
    const struct content_quick *quick;
    size_t quick_count;
    const struct content_link *links;
    size_t link_count;
    const char *const *sources;
    size_t source_count; /* point ids such as "002-19" */
    struct content_place place;
};

/* ---- dialogues ---- */
enum step_type {
    STEP_CHOICE,
    STEP_SCALE,
    STEP_NUMBER,
    STEP_DATE,
    STEP_TEXT,
    STEP_CONTACT,
    STEP_CONFIRM,
    STEP_SAY
};
struct content_choice {
    const char *id;
    double value;
    struct localized label;
    struct localized_words words;              /* folded synonyms */
    int is_any;                                /* what names no choice means this one: "something else" */
    const char *folded[LEXICON_LANGUAGES_MAX]; /* label, each in its own language; NULL where there is none */
};
struct content_score { /* value of the answer x weight goes to score `name` */
    const char *name;
    double weight;
};
struct content_next {              /* when holds -> go; go NULL means the end */
    const struct expression *when; /* NULL: always */
    const char *go;
    const char *const *again; /* on the way back only these steps are asked again; again_count 0: all */
    size_t again_count;
};
struct entity_choices; /* domain/entity/entity.h */
struct content_step {
    /* what a path is made of comes first: every turn reads it of many steps */
    const char *id;
    uint64_t hash; /* of what makes an answer valid: type, choices' ids and values, bounds, ask */
    enum step_type type;
    int retry_max;                 /* bad answers before skip is offered; default 2 */
    const struct expression *when; /* NULL: always asked */
    const struct content_next *next;
    size_t next_count; /* none: the following step */
    const char *slot;  /* the answer is also this fact, and a known fact answers the step; may be NULL */
    const struct content_score *scores;
    size_t score_count;
    const struct content_choice *choices;
    size_t choice_count;
    const struct entity_choices *
        *prepared;   /* LEXICON_LANGUAGES_MAX of them, by dialogue_prepare; NULL: no step with choices */
    int is_optional; /* may be skipped without a word */
    int has_minimum, has_maximum, is_integer;
    double minimum, maximum;
    const struct expression *question_if; /* a question of which it holds is an answer; NULL: none is */
    const char
        *name; /* "DIALOGUE.STEP": what its messages and events are called; NULL: not loaded from files */
    struct localized ask;         /* template */
    struct localized short_ask;   /* used in recaps: "soal empati" */
    struct localized hint;        /* said on "maksudnya?" and after a bad answer; may be all NULL */
    struct localized_words names; /* words by which a visitor names this step to correct it; folded */
    struct content_place place;
};
struct content_list_item { /* a line that is shown when its condition holds: reasons, professions, steps of a
                              plan */
    const struct expression *when;
    struct localized text; /* template; may quote {answer.STEP} */
};
struct content_list {
    const char *id;
    size_t limit; /* most items shown; 0: all */
    const struct content_list_item *items;
    size_t item_count;
};
enum content_bars { CONTENT_BARS_STEPS, CONTENT_BARS_SCORES, CONTENT_BARS_NONE };
struct content_result {
    const char *id;
    const struct expression *when; /* NULL only on the last */
    uint32_t reply;
    int keep_as_plan;       /* the filled-in reply is kept in the session as a plan */
    enum content_bars bars; /* what is drawn: each answer that scores, each score, or nothing */
    struct localized
        follow_up;   /* template, filled in at the end: what to ask about later; all NULL: nothing */
    int follow_days; /* said at the first visit after so many days */
    struct content_place place;
};
struct content_rename {
    const char *from, *to;
};
struct content_dialogue {
    const char *id;
    const struct content_step *steps;
    size_t step_count;
    const char *const *scores;
    size_t score_count;
    const struct localized *score_titles; /* for each of scores, as it is drawn; may be all NULL */
    int version;
    int keep_days;  /* a half-done one is kept this long; default 30 */
    uint32_t intro; /* reply said once at the start, or CONTENT_NONE */
    struct localized title;
    const struct content_result *results;
    size_t result_count;
    const struct content_list *lists;
    size_t list_count;
    const struct content_rename *renames;
    size_t rename_count;
    struct content_place place;
};

/* ---- help lines and site ---- */
struct content_help_line {
    const char *id, *use;             /* use: "crisis", "danger", "abuse", ... */
    struct localized name, how, note; /* how: "119, lalu tekan 8" */
    const char *number, *url;
    const char *region; /* NULL: whole country */
    const char *const *sources;
    size_t source_count;
    const char *checked; /* YYYY-MM-DD */
    struct content_place place;
};
struct content_contact {
    struct localized name, how; /* "Bu Rina, ruang BK" / "WhatsApp 0812..., Senin-Jumat 08.00-15.00" */
};
struct content_site {
    struct localized name; /* of the school or centre */
    const char *bot_name;
    const char *address;  /* name of the form of address: "kamu" or "Anda" */
    const char *region;   /* where its visitors live; "": anywhere */
    int zone_minutes;     /* 420 WIB */
    int default_language; /* index */
    int has_counsellor;   /* somebody can answer */
    struct content_contact counsellor;
    int retention_days;
    struct localized data_keeper; /* who keeps the data, for privacy_info */
};
/* {you}, {You}, {mu} ...: words that depend on the form of address, resolved when replies are filled in. */
struct content_address_word {
    const char *placeholder;
    struct localized text;
};

/* What a number in content->patterns belongs to, so that a hit is understood without a search. */
enum content_role {
    CONTENT_ROLE_INTENT,
    CONTENT_ROLE_UNLESS,
    CONTENT_ROLE_IN_TOPIC,
    CONTENT_ROLE_FACT,
    CONTENT_ROLE_FACT_UNLESS
};
struct content_pattern_owner {
    uint32_t owner;       /* index into intents, or into facts for the FACT roles */
    uint16_t index;       /* index into its patterns or unless */
    uint8_t role;         /* enum content_role */
    uint8_t gap_captures; /* bit i set: capture i of a hit holds words of a gap (author_pattern_captures) */
    int value_capture;    /* index of the capture (?<value>...), or -1 */
};

/* Thresholds of did-you-mean, set on the development split. */
struct content_thresholds {
    float answer_score, answer_lead, suggest_score;
};

struct content {
    struct lexicon *lexicon;
    struct pattern_set *patterns;
    const struct content_pattern_owner
        *pattern_owners;     /* by pattern number; pattern_set_count(patterns) entries */
    struct similar *similar; /* labels are intent indices */
    const struct content_intent *intents;
    size_t intent_count;
    const struct content_fact *facts;
    size_t fact_count;
    const struct content_reply *replies;
    size_t reply_count;
    const struct content_dialogue *dialogues;
    size_t dialogue_count;
    const struct content_help_line *help_lines;
    size_t help_line_count;
    const struct content_address_word *address_words;
    size_t address_word_count;
    struct content_site site;
    struct content_thresholds thresholds;
    uint64_t hash;                        /* of all files */
    const struct content_reply *progress; /* the reply of that id, in front of every question; NULL: not
                                             loaded from files */

    /* what the functions below use */
    struct map *intent_by_id, *reply_by_id, *dialogue_by_id; /* index + 1 as pointer value */
    struct arena *arena;
    struct arena *beside; /* of what is made while patterns are loaded into arena */
    int references;
};

/* Indices by id; CONTENT_NONE when unknown. */
uint32_t content_intent_index(const struct content *content, const char *id);
uint32_t content_reply_index(const struct content *content, const char *id);
uint32_t content_dialogue_index(const struct content *content, const char *id);
const struct content_step *content_step(const struct content_dialogue *dialogue, const char *id); /* NULL */

/* Reference counting: the engine holds the bundle a turn runs on while a reload swaps in the next. Not
   thread-safe: the loop alone owns bundles. */
struct content *content_hold(struct content *content);
void content_free(struct content *content);

/* The text in language, else in the site's default, else in any; "" when there is none at all. */
const char *localized_text(const struct localized *text, int language, int default_language);

#endif
