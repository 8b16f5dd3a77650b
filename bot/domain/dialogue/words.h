/* The few words the machine itself must know, because they are about the conversation and not about any
   topic: words of correction, doubt, courtesy. Everything else is content. A new language adds its column
   here; without one, buttons, controls and choices still work, only corrections by naming a step need "change
   my answer" first. */
#ifndef PANDU_DOMAIN_DIALOGUE_WORDS_H
#define PANDU_DOMAIN_DIALOGUE_WORDS_H

#include <stddef.h>

struct text;

enum words_group {
    WORDS_CORRECTION,   /* "salah", "ralat", "harusnya", "wrong" */
    WORDS_OPENING,      /* begins a correction: "eh", "ralat", "oops" */
    WORDS_NEW_VALUE,    /* what follows is the new answer: "jadi", "harusnya", "should be" */
    WORDS_ANSWER,       /* "jawaban", "answer" */
    WORDS_LAST,         /* "tadi", "terakhir", "last" */
    WORDS_COUNTED,      /* before a number of a question: "nomor", "pertanyaan" */
    WORDS_UNCLEAR,      /* did not follow: "maksud", "paham", "mean" */
    WORDS_COURTESY,     /* adds nothing to a command: "kak", "dong", "please" */
    WORDS_VOCATIVE,     /* only calls somebody: "kak", "halo", "permisi" */
    WORDS_WISH,         /* not yet so: "mau", "ingin", "want" */
    WORDS_ASIDE,        /* begins another matter: "btw", "oh iya" */
    WORDS_JOINT,        /* cannot end a name or a job: "dan", "di" */
    WORDS_BREAK,        /* ends a job or a name: "dan", "tapi", "karena" */
    WORDS_AND,          /* joins two questions: "dan", "terus", "and" */
    WORDS_NOT_THAT,     /* no answer yet: "bukan yang itu", "jangan stop" */
    WORDS_NOT_MEANT,    /* the last answer or offer missed: "bukan itu maksudku", "not what i meant" */
    WORDS_NOT_ANY_MORE, /* what follows is not so: "bukan", "udah bukan", "not a" */
    WORDS_REFUSAL,      /* not in this one: "jangan", "tidak bisa", "can't" */
    WORDS_ASKING,       /* at the front: a question, with or without its mark: "apa", "how", "can i" */
    WORDS_ASKING_IF,    /* at the front: a question if the end says so too: "ada ... ga", "boleh ...?" */
    WORDS_SUPPOSING,    /* at the front: no question but a try: "gimana kalau", "maybe" */
    WORDS_EXAMPLE,      /* "contohnya", "for example" */
    WORDS_COPULA,       /* between a name and its value: "is", "itu" */
    WORDS_UNSURE,       /* no answer, and no question: "gatau", "lupa" */
    WORDS_PEOPLE,       /* somebody tells of themselves or those near: "aku", "istri", "my boss" */
    WORDS_WHAT_OF,      /* asks what a thing just named is: "itu apa", "tell me about" */
    WORDS_REQUEST,      /* wants something done: "tolong", "dong", "show me" */
    WORDS_OWN           /* points at an answer and is none: "saya", "itu", "my" */
};

/* Where a word or phrase of the group stands: number of its first token and how many tokens it takes. The
   first from token from on, the longest there. 1 or 0. */
int words_find(const struct text *text, enum words_group group, size_t from, size_t *token, size_t *count);
int words_has(const struct text *text, enum words_group group);

/* How many tokens the longest phrase of the group takes that stands at this token; 0: none does. */
size_t words_at(const struct text *text, enum words_group group, size_t token);

/* How many tokens stand in [first, end) that are neither sentence ends nor in the group. */
size_t words_outside(const struct text *text, enum words_group group, size_t first, size_t end);

/* 1 if the folded phrase stands at this token; *count tokens long. */
int words_phrase_at(const struct text *text, size_t token, const char *phrase, size_t *count);

/* The language a message asks for ("pakai bahasa inggris"): its code. The last one named that is not refused
   ("jangan bahasa inggris", "I can't speak English"); when all are, *refused is 1 and the code is of the one
   refused. NULL: none named. */
const char *words_language(const struct text *text, int *refused);

/* How a language calls itself; the code itself when it is not known here. */
const char *words_language_name(const char *code);

#endif
