/* Which of the offered options a message names. Never guesses: what is negated, unclear or about something
   else names none. Called by the dialogue machine for choices, scales and did-you-mean. */
#include <string.h>

#include "base/arena.h"
#include "domain/entity/choice.h"
#include "domain/entity/unit.h"
#include "banned.h"

/* Before a number these say only that an option follows. */
static int is_number_filler(const struct units *units, size_t i) {
    const struct unit *unit = &units->unit[i];
    return choice_is_filler(unit->word, unit->length) ||
           unit_says_any(units, i,
                         "no nomor nomer opsi pilihan angka poin option choice number answer the jawaban");
}

/* The option a number stands for: its place in the list, which is what a visitor sees, else its value on the
 * scale. */
static size_t option_of_number(const struct chooser *chooser, double number) {
    if (number >= 1 && number <= (double)chooser->option_count && number == (double)(size_t)number) {
        return (size_t)number - 1;
    }
    for (size_t i = 0; i < chooser->option_count; i++) {
        if (chooser->options[i].value >= number && chooser->options[i].value <= number && number > 0) {
            return i;
        }
    }
    return chooser->option_count;
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

/* A bare number, with nothing else said. */
static enum entity_choice_how by_number(const struct chooser *chooser, const struct units *units,
                                        size_t *index) {
    struct said said = {0};
    for (size_t i = 0; i < units->count;) {
        double number;
        int ordinal;
        if (units_ordinal(units, i, &ordinal) > 0) {
            return CHOICE_NONE;
        }
        size_t used = units_number(units, i, &number);
        if (used == 0) {
            int joins = unit_says_any(units, i, "dan atau and or tetapi tapi bukan tidak not but");
            if (!joins && !is_number_filler(units, i)) {
                return CHOICE_NONE;
            }
            i++;
            continue;
        }
        size_t option = option_of_number(chooser, number);
        if (option == chooser->option_count) {
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
        int joins = unit_says_any(units, i, "dan atau and or tetapi tapi bukan tidak not but one");
        if (used == 0 && !joins && !is_number_filler(units, i)) {
            return CHOICE_NONE;
        }
        if (used > 0) {
            size_t place = ordinal < 0 ? chooser->option_count : (size_t)ordinal;
            if (place > chooser->option_count) {
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
           is_number_filler(units, 0) ||
           unit_says_any(units, 0, "dan atau and or tetapi tapi bukan tidak not but one");
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
    struct chooser chooser = {.text = text,
                              .options = choices->options,
                              .option_count = choices->option_count,
                              .phrases = choices->phrases,
                              .phrase_count = choices->phrase_count};
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
