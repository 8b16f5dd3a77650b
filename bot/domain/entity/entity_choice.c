/* Which of the offered options a message names. Never guesses: what is negated, unclear or about something
   else names none. Called by the dialogue machine for choices, scales and did-you-mean. */
#include <string.h>

#include "base/arena.h"
#include "domain/entity/choice.h"
#include "domain/entity/unit.h"
#include "domain/text/by_letter.h"
#include "banned.h"

static const struct by_letter number_words = {.a = "angka answer",
                                              .c = "choice",
                                              .j = "jawaban",
                                              .n = "no nomor nomer number",
                                              .o = "opsi option",
                                              .p = "pilihan poin",
                                              .t = "the"};
static const struct by_letter joints = {.a = "atau and",
                                        .b = "bukan but",
                                        .s = "so",
                                        .d = "dan",
                                        .n = "not",
                                        .o = "or",
                                        .t = "tetapi tapi tidak"};
static const struct by_letter one = {.o = "one"};

/* Before a number these say only that an option follows. */
static int is_number_filler(const struct units *units, size_t i) {
    const struct unit *unit = &units->unit[i];
    return choice_is_filler(unit->word, unit->length) || unit_says(units, i, &number_words);
}

/* The option a number stands for: its place in the list, which is what a visitor sees, else its value on the
 * scale. */
static size_t option_of_number(const struct chooser *chooser, double number) {
    if (number >= 1 && number <= (double)chooser->choices->option_count && number == (double)(size_t)number) {
        return (size_t)number - 1;
    }
    for (size_t i = 0; i < chooser->choices->option_count; i++) {
        if (chooser->choices->options[i].value >= number && chooser->choices->options[i].value <= number &&
            number > 0) {
            return i;
        }
    }
    return chooser->choices->option_count;
}

/* Options said one after another; a second, different one makes the answer unclear. */
struct said {
    size_t option;
    int count, refused;
};

static void add_said(struct said *said, size_t option, int is_refused) {
    if (is_refused) {
        said->refused = 1;
    } else if (said->count == 0 || said->option != option) {
        said->option = option;
        said->count++;
    }
}

static enum entity_choice_how judge(const struct said *said, enum entity_choice_how how, size_t *index) {
    if (said->count == 1) {
        *index = said->option;
        return how;
    }
    return said->count > 1 ? CHOICE_AMBIGUOUS : CHOICE_NONE;
}

/* "terakhir nih: 5", "last one, so 4": which question it is, not which option. How many units say so. */
static size_t names_question(const struct units *units, size_t i) {
    int ordinal;
    size_t used = units_ordinal(units, i, &ordinal);
    if (used == 0 || ordinal >= 0) {
        return 0;
    }
    return used + (i + used < units->count && unit_says(units, i + used, &one));
}

/* A bare number, with nothing else said. */
static enum entity_choice_how by_number(const struct chooser *chooser, const struct units *units,
                                        size_t *index) {
    struct said said = {0};
    for (size_t i = 0; i < units->count;) {
        double number;
        int ordinal;
        size_t named = names_question(units, i);
        if (named > 0) {
            i += named;
            continue;
        }
        if (units_ordinal(units, i, &ordinal) > 0) {
            return CHOICE_NONE;
        }
        size_t used = units_number(units, i, &number);
        if (used == 0) {
            int joins = unit_says(units, i, &joints);
            if (!joins && !is_number_filler(units, i)) {
                return CHOICE_NONE;
            }
            i++;
            continue;
        }
        size_t option = option_of_number(chooser, number);
        if (option == chooser->choices->option_count) {
            return CHOICE_NONE;
        }
        add_said(&said, option, units_negated(units, i));
        i += used;
    }
    return judge(&said, CHOICE_NUMBER, index);
}

/* "yang kedua", "the last one". */
static enum entity_choice_how by_ordinal(const struct chooser *chooser, const struct units *units,
                                         size_t *index) {
    struct said said = {0};
    for (size_t i = 0; i < units->count;) {
        int ordinal;
        size_t used = units_ordinal(units, i, &ordinal);
        int joins = unit_says(units, i, &joints) || unit_says(units, i, &one);
        if (used == 0 && !joins && !is_number_filler(units, i)) {
            return CHOICE_NONE;
        }
        if (used > 0) {
            size_t place = ordinal < 0 ? chooser->choices->option_count : (size_t)ordinal;
            if (place > chooser->choices->option_count) {
                return CHOICE_NONE;
            }
            add_said(&said, place - 1, units_negated(units, i));
        }
        i += used > 0 ? used : 1;
    }
    return judge(&said, CHOICE_ORDINAL, index);
}

/* 0 if by_number and by_ordinal would give up at the first word, as they do on most sentences: then the
   others need not be looked up. units is scratch. */
static int begins_with_number(const struct text *text, struct units *units) {
    units_read_first(text, 1, units);
    return units->count == 0 || units->unit[0].is_digits || units->unit[0].role[0] != ROLE_NONE ||
           is_number_filler(units, 0) || unit_says(units, 0, &joints) || unit_says(units, 0, &one);
}

const struct entity_choices *entity_choices_new(const struct lexicon *lexicon,
                                                const struct entity_option *options, size_t count,
                                                struct arena *arena) {
    struct entity_choices *choices = arena_alloc(arena, sizeof *choices);
    *choices = (struct entity_choices){.options = options, .option_count = count};
    choices_read(choices, lexicon, arena);
    return choices;
}

enum entity_choice_how entity_choice_of(const struct text *text, const struct entity_choices *choices,
                                        size_t *index, struct arena *arena) {
    struct chooser chooser = {.text = text, .choices = choices};
    struct units units;
    if (choices->option_count == 0) {
        return CHOICE_NONE;
    }
    chooser_read(&chooser, arena);
    enum entity_choice_how how = choice_exact(&chooser, index);
    if (how != CHOICE_NONE) {
        return how;
    }
    int may_count = begins_with_number(text, &units);
    if (may_count) {
        units_read(text, &units);
        how = by_number(&chooser, &units, index);
    }
    if (how == CHOICE_NONE) {
        how = choice_contained(&chooser, index);
    }
    if (how == CHOICE_NONE && may_count) {
        how = by_ordinal(&chooser, &units, index);
    }
    if (how == CHOICE_NONE) {
        chooser_read_content(&chooser, arena);
        how = choice_prefix(&chooser, index);
    }
    return how == CHOICE_NONE ? choice_near(&chooser, index) : how;
}

enum entity_choice_how entity_choice(const struct text *text, const struct lexicon *lexicon,
                                     const struct entity_option *options, size_t count, size_t *index,
                                     struct arena *arena) {
    return entity_choice_of(text, entity_choices_new(lexicon, options, count, arena), index, arena);
}
