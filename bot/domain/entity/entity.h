/* Entities: what a message says in numbers, dates, names and choices. Pure; the time comes from the caller.
 */
#ifndef PANDU_DOMAIN_ENTITY_ENTITY_H
#define PANDU_DOMAIN_ENTITY_ENTITY_H

#include <stddef.h>
#include <stdint.h>

#include "domain/text/text.h"

/* Where in the raw text something was found. */
struct entity_span {
    size_t start, length;
};

/* Each finder returns 1 and fills *out, or 0 when there is none. With several, the first in the text wins. */

/* Cardinals in digits ("25", "1.500", "2,5", "25rb", "3 juta"), or in words of both languages ("dua puluh
   lima", "setengah" is 0.5, "twenty-five"). */
int entity_number(const struct text *text, double *number, struct entity_span *span);

/* Ordinals: "pertama", "ke-2", "kedua", "yang terakhir" (-1), "second", "3rd", "last" (-1). */
int entity_ordinal(const struct text *text, int *ordinal, struct entity_span *span);

/* Age in whole years 5..100: "umur 25", "25 tahun" (not "kerja 3 tahun"), "I'm 25", "17 y.o."; alone: "25".
 */
int entity_age(const struct text *text, int *years, struct entity_span *span);

/* "0812-3456-7890", "+62 812...", "62812..." -> digits with country code 62 and no sign; 9 to 15 digits. */
int entity_phone(const struct text *text, char phone[17], struct entity_span *span);
int entity_email(const struct text *text, char email[255], struct entity_span *span);

/* A date, a time of day or both, relative to now. */
struct entity_moment {
    int has_date, has_time;
    int year, month, day; /* civil date in the visitor's zone */
    int hour, minute;     /* 0..23, 0..59 */
    int zone_minutes;     /* offset from UTC: 420 WIB, 480 WITA, 540 WIT; the given one if none was named */
    int64_t at_ms;        /* UTC milliseconds; without time: start of the day; without date: next such time */
    int is_past;          /* the moment lies before now; without time: the day lies before today */
    int is_vague_time; /* only a part of the day was said: pagi is 8, siang 12, sore 16, malam 19 o'clock */
    struct entity_span span;
};

/* Readings people differ in: "kamis depan", "next Thursday" is Thursday of the week after this one (weeks
   begin on Monday); "kamis" alone is the next Thursday; "jam 2" without a part of the day is 14:00 (1 to 6
   are afternoon hours, unless written "02.00"); "jam 12 malam" ends the day; 5/12 is the 5th of December; a
   date without year is the next such date. What is refused ("jangan besok", "kamis ga bisa") is passed over.
   "kamis depan jam 2 siang", "besok pagi", "lusa", "minggu depan", "3 hari lagi", "tanggal 5", "5 Desember
   2026", "05/12/2026", "2026-12-05", "jam 14.30", "setengah 3 sore" (14:30), "pukul 9 WITA", "next Thursday
   at 2pm", "tomorrow", "in two weeks", "noon". now_ms: UTC; zone_minutes: the site's zone. Impossible dates
   are not found. */
int entity_moment(const struct text *text, int64_t now_ms, int zone_minutes, struct entity_moment *out);

/* Choices as offered to the visitor. */
struct entity_option {
    const char *id;           /* stable id, also accepted as typed text */
    const char *label;        /* shown; matched folded */
    const char *const *words; /* further folded words and phrases that mean it; may be NULL */
    size_t word_count;
    double value; /* scales: the number a visitor may type instead of the position */
};
enum entity_choice_how {
    CHOICE_NONE,
    CHOICE_NUMBER,
    CHOICE_LABEL,
    CHOICE_WORD,
    CHOICE_PREFIX,
    CHOICE_ORDINAL,
    CHOICE_NEAR,
    CHOICE_AMBIGUOUS
};

/* Which option a message names: by number or number word, id, label, word class synonym, unique prefix,
   ordinal, or near spelling (Damerau-Levenshtein 1 up to 5 letters, 2 above; never when two are as near). A
   negated option
   ("bukan yang kedua", "ga setuju" against "setuju") is never read as the option; intensity words ("ga
   terlalu setuju") go to a label or word that carries them, else to nothing. Returns how; *index is set
   unless NONE or AMBIGUOUS. */
enum entity_choice_how entity_choice(const struct text *text, const struct lexicon *lexicon,
                                     const struct entity_option *options, size_t count, size_t *index,
                                     struct arena *arena);

/* The same in two parts, for options that are offered again and again: folding what names them costs more
   than finding one. Borrows options and what they point to; lives in arena. */
struct entity_choices;
const struct entity_choices *entity_choices_new(const struct lexicon *lexicon,
                                                const struct entity_option *options, size_t count,
                                                struct arena *arena);
enum entity_choice_how entity_choice_of(const struct text *text, const struct entity_choices *choices,
                                        size_t *index, struct arena *arena);
/* 1 if some word or label of the options begins with the word at this token, as it was folded or as it was
   written in any case: mostly none does, and then none of them stands there. */
int entity_choices_begin(const struct entity_choices *choices, const struct text *text, size_t token);

/* 1 if the folded words at token index are negated by what stands up to three words before in the same
   sentence
   ("tidak", "bukan", "jangan", "belum", "kurang", "not", "don't", ...). */
int entity_is_negated(const struct text *text, size_t token);

#endif
