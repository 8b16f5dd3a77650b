/* Seeded random PCRE2 expressions, each with a text that nearly matches it: for the property test. */
#ifndef PANDU_TESTS_UNIT_PATTERN_GENERATE_H
#define PANDU_TESTS_UNIT_PATTERN_GENERATE_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { GENERATE_MAX = 1024 };

struct generate {
    uint64_t state;
    char expression[GENERATE_MAX], text[GENERATE_MAX];
    char later[GENERATE_MAX]; /* goes to the end of the text */
    size_t expression_length, text_length;
    int groups; /* capture groups opened */
};

/* xorshift64*, Vigna 2016 */
static inline uint32_t pick(struct generate *g, uint32_t below) {
    g->state ^= g->state >> 12;
    g->state ^= g->state << 25;
    g->state ^= g->state >> 27;
    return (uint32_t)((g->state * 0x2545F4914F6CDD1Du) >> 33) % below;
}

static inline void add(char *to, size_t *length, const char *bytes) {
    size_t size = strlen(bytes);
    if (*length + size < GENERATE_MAX) {
        memcpy(to + *length, bytes, size + 1);
        *length += size;
    }
}

static inline void expect(struct generate *g, const char *bytes) {
    add(g->expression, &g->expression_length, bytes);
}

/* Text: sometimes in another case or form, sometimes a letter off. */
static inline void say(struct generate *g, const char *bytes) {
    for (; *bytes != '\0'; bytes++) {
        char one[2] = {*bytes, '\0'};
        uint32_t luck = pick(g, 60);
        if (luck < 10 && ((*bytes >= 'a' && *bytes <= 'z') || (*bytes >= 'A' && *bytes <= 'Z'))) {
            one[0] ^= 32;
        }
        if (luck == 10 && (*bytes | 32) == 'k') {
            add(g->text, &g->text_length, "\xE2\x84\xAA");
        } else if (luck == 10 && (*bytes | 32) == 's') {
            add(g->text, &g->text_length, "\xC5\xBF");
        } else if (luck != 11 || (*bytes & 0x80) != 0) {
            add(g->text, &g->text_length, one);
        }
    }
}

static const char *const words[] = {"kerja",  "gaji", "skill",  "magang", "data",  "s",
                                    "k",      "cs",   "karier", "ai",     "masuk", "aa",
                                    "kursus", "job",  "test",   "kopi",   "sks",   "bisa"};

static inline const char *word(struct generate *g) {
    return words[pick(g, sizeof words / sizeof words[0])];
}

static inline void literal(struct generate *g) {
    static const struct {
        const char *expression, *text;
    } odd[] = {{"\\.", "."},
               {"\\?", "?"},
               {"\\x6b", "k"},
               {"\\x{73}", "s"},
               {"\\x{212A}", "k"},
               {"\xE2\x84\xAA", "k"},
               {"\xC5\xBF", "s"},
               {"\\o{153}", "k"},
               {"\\Qa+b\\E", "a+b"},
               {"\\Qkk\\E", "kk"},
               {"\xC3\xA9", "\xC3\xA9"},
               {"caf\xC3\xA9", "caf\xC3\x89"},
               {"\\N{U+6B}", "k"},
               {"\\t", "\t"},
               {"\\n", "\n"},
               {" ", " "},
               {"\\ ", " "},
               {"-", "-"},
               {"\\053", "+"},
               {"1", "1"},
               {"\\cA", "\x01"},
               {"_", "_"},
               {"\xF0\x9F\x98\x85", "\xF0\x9F\x98\x85"},
               {"\\\xC3\xA9", "\xC3\xA9"},
               {"\\#", "#"},
               {",", ","},
               {"{", "{"},
               {"x{,2}", "x{,2}"}};
    if (pick(g, 3) > 0) {
        const char *chosen = word(g);
        expect(g, chosen);
        say(g, chosen);
        return;
    }
    size_t i = pick(g, sizeof odd / sizeof odd[0]);
    expect(g, odd[i].expression);
    say(g, odd[i].text);
}

static inline void set(struct generate *g) {
    static const struct {
        const char *expression, *text;
    } sets[] = {{".", "x"},
                {"\\w", "a"},
                {"\\d", "7"},
                {"\\s", " "},
                {"\\S", "?"},
                {"\\W", "!"},
                {"\\D", "q"},
                {"\\h", "\t"},
                {"\\H", "z"},
                {"\\v", "\n"},
                {"\\V", "v"},
                {"\\R", "\r\n"},
                {"\\X", "e"},
                {"\\N", "n"},
                {"[ks]", "K"},
                {"[aeiou]", "e"},
                {"[^aeiou]", "s"},
                {"[a-f]", "c"},
                {"[^k]", "x"},
                {"[!?]", "?"},
                {"[[:alpha:]]", "b"},
                {"[[:^digit:]]", "s"},
                {"[\\w-]", "-"},
                {"[]x]", "]"},
                {"[^]x]", "k"},
                {"[0-9a-f]", "3"},
                {"\\p{L}", "s"},
                {"\\P{L}", "4"},
                {"\\p{^L}", "!"},
                {"\\pN", "5"},
                {"\\p{Lu}", "Q"},
                {"[\\p{L}_]", "_"},
                {"[\xC3\xA0-\xC3\xBF]", "\xC3\xA9"},
                {"[a\\]b]", "]"},
                {"[\\x{212A}]", "k"},
                {"[^\\W\\d]", "s"},
                {"[-a]", "-"},
                {"[kK]", "k"},
                {"[\\Qa]\\E]", "a"},
                {"[bp]", "p"},
                {"[[:punct:]]", "."},
                {"[[:upper:]]", "A"}};
    size_t i = pick(g, sizeof sets / sizeof sets[0]);
    expect(g, sets[i].expression);
    say(g, sets[i].text);
}

static inline void alternatives(struct generate *g, int depth);

static inline void assertion(struct generate *g) {
    static const char *const plain[] = {"\\b",       "\\b",   "\\B",      "^",       "$",        "\\A",
                                        "\\z",       "\\Z",   "\\G",      "\\K",     "(?#note)", "(?<![^ ])",
                                        "(?![^ ])",  "(?C1)", "(*PRUNE)", "(*SKIP)", "(*THEN)",  "(*COMMIT)",
                                        "(*MARK:x)", "\\E",   "[[:<:]]",  "[[:>:]]"};
    expect(g, plain[pick(g, sizeof plain / sizeof plain[0])]);
}

/* A lookaround's own text is not part of the text, mostly; or it comes at the end. */
static inline void look(struct generate *g, int depth) {
    static const char *const open[] = {"(?=",    "(?=",    "(?!",    "(?<=", "(?<!",
                                       "(*pla:", "(*nla:", "(*plb:", "(?*",  "(?<*"};
    size_t length = g->text_length;
    expect(g, open[pick(g, sizeof open / sizeof open[0])]);
    if (pick(g, 2) == 0) {
        expect(g, ".*");
    }
    alternatives(g, depth);
    expect(g, ")");
    uint32_t how = pick(g, 3);
    if (how == 1 && g->text_length > length) {
        size_t size = g->text_length - length;
        memcpy(g->later, g->text + length, size);
        g->later[size] = '\0';
    }
    if (how > 0) {
        g->text_length = length;
    }
}

static inline void special(struct generate *g, int depth) {
    static const char *const fixed[] = {"\\1",
                                        "\\g{1}",
                                        "\\g1",
                                        "\\g{-1}",
                                        "(?R)?",
                                        "(?1)",
                                        "(?+1)",
                                        "\\2",
                                        "(?i)",
                                        "(?-i)",
                                        "(?s)",
                                        "(?x)",
                                        "(?m)",
                                        "(?^)",
                                        "(?n)",
                                        "(*FAIL)",
                                        "(*ACCEPT)",
                                        "\\k<w>",
                                        "(?P=w)",
                                        "(?&w)",
                                        "(?P>w)",
                                        "(?(1)kerja|gaji)",
                                        "(?(<w>)data)",
                                        "(?xx)",
                                        "\\g<1>",
                                        "(?(DEFINE)(?<d>masuk))",
                                        "(?(?=k)kerja|gaji)",
                                        "(?-1)",
                                        "(?(R)a|b)"};
    (void)depth;
    expect(g, fixed[pick(g, sizeof fixed / sizeof fixed[0])]);
    if (pick(g, 2) == 0) {
        say(g, word(g));
    }
}

static inline void group(struct generate *g, int depth) {
    static const char *const open[] = {"(?:",    "(?:",   "(",         "(?>",  "(?|",    "(?i:",
                                       "(?-i:",  "(?<w>", "(?s:",      "(?x:", "(?m:",   "(?'w'",
                                       "(?P<w>", "(?n:",  "(*atomic:", "(?^:", "(?i-s:", "(*sr:"};
    expect(g, open[pick(g, sizeof open / sizeof open[0])]);
    alternatives(g, depth);
    expect(g, ")");
}

static inline void quantifier(struct generate *g) {
    static const char *const kinds[] = {"?",    "*",   "+",     "{2}", "{1,3}", "{0,2}",
                                        "{2,}", "{0}", "{3,5}", "{1}", "{0,1}"};
    expect(g, kinds[pick(g, sizeof kinds / sizeof kinds[0])]);
    uint32_t how = pick(g, 6);
    expect(g, how == 0 ? "?" : how == 1 ? "+" : "");
}

static inline void item(struct generate *g, int depth) {
    size_t start = g->text_length;
    uint32_t kind = pick(g, depth > 0 ? 14 : 9);
    if (kind < 6) {
        literal(g);
    } else if (kind < 8) {
        set(g);
    } else if (kind < 9) {
        assertion(g);
        return;
    } else if (kind < 12) {
        group(g, depth - 1);
    } else if (kind < 13) {
        look(g, depth - 1);
    } else {
        special(g, depth - 1);
        return;
    }
    if (pick(g, 4) == 0) {
        quantifier(g);
        size_t size = g->text_length - start;
        for (uint32_t times = pick(g, 4); times > 0 && g->text_length + size < GENERATE_MAX; times--) {
            memcpy(g->text + g->text_length, g->text + start, size);
            g->text_length += size;
        }
        if (pick(g, 5) == 0) {
            g->text_length = start;
        }
    }
}

static inline void sequence(struct generate *g, int depth) {
    for (uint32_t i = 1 + pick(g, 4); i > 0; i--) {
        item(g, depth);
        if (pick(g, 5) == 0) {
            static const char *const gaps[] = {".{0,10}", ".*",    ".*?", ".{1,5}", ".+",
                                               "\\s+",    "[^.]*", " ",   "\\W+"};
            expect(g, gaps[pick(g, sizeof gaps / sizeof gaps[0])]);
            say(g, pick(g, 2) ? " " : " ini ");
        }
    }
}

static inline void alternatives(struct generate *g, int depth) {
    size_t start = g->text_length;
    sequence(g, depth);
    for (uint32_t more = pick(g, 3) == 0 ? 1 + pick(g, 3) : 0; more > 0; more--) {
        if (pick(g, 2) == 0) {
            g->text_length = start; /* the text is of the next branch */
            expect(g, "|");
            sequence(g, depth);
        } else {
            size_t length = g->text_length;
            expect(g, "|");
            sequence(g, depth);
            g->text_length = length;
        }
    }
}

/* What authors and the benchmark write: words with prefixes and suffixes, gaps between. */
static inline void slot(struct generate *g) {
    size_t start = g->text_length;
    static const char *const edges[] = {"\\b", "\\b", "\\b", "\\b", "", "", "(?<![^ ])", "(?![^ ])", "\\B"};
    expect(g, edges[pick(g, sizeof edges / sizeof edges[0])]);
    expect(g, pick(g, 12) == 0 ? "(?>" : "(?:");
    uint32_t chosen = pick(g, 3);
    for (uint32_t i = 0; i < 3; i++) {
        size_t length = g->text_length;
        expect(g, i > 0 ? "|" : "");
        if (pick(g, 3) == 0) {
            expect(g, pick(g, 4) == 0 ? "(?:mem|di)??" : "(?:mem|di)?");
            say(g, pick(g, 2) ? "mem" : "");
        }
        const char *first = word(g);
        expect(g, first);
        say(g, first);
        if (pick(g, 3) == 0) {
            expect(g, pick(g, 2) ? "\\s+" : " ");
            say(g, pick(g, 4) ? " " : "  ");
            first = word(g);
            expect(g, first);
            say(g, first);
        } else if (pick(g, 3) == 0) {
            expect(g, "(?:kan|nya)?");
            say(g, pick(g, 2) ? "nya" : "");
        }
        if (i != chosen && g->text_length > start) {
            g->text_length = i > chosen ? length : start;
        }
    }
    expect(g, ")");
    expect(g, edges[pick(g, sizeof edges / sizeof edges[0])]);
}

/* The text of a slot comes once or more, so that gaps have a choice. */
static inline void chain(struct generate *g) {
    static const char *const gaps[] = {".{0,10}", ".{0,3}", ".{0,5}?", ".{2,20}", ".*",
                                       ".+?",     "",       ".{0,40}", ".{0,9}?"};
    static const char *const fill[] = {" ",     "",      " mau ", "xx ", " \xC3\xA9 ",
                                       "kerja", " s k ", "  ",    "\n",  " \xF0\x9F\x98\x85"};
    for (uint32_t slots = 1 + pick(g, 4); slots > 0; slots--) {
        size_t start = g->text_length;
        slot(g);
        size_t size = g->text_length - start;
        for (uint32_t times = pick(g, 3); times > 0 && g->text_length + size + 8 < GENERATE_MAX; times--) {
            say(g, pick(g, 3) ? " " : fill[pick(g, sizeof fill / sizeof fill[0])]);
            memcpy(g->text + g->text_length, g->text + start, size);
            g->text_length += size;
        }
        if (slots > 1) {
            expect(g, gaps[pick(g, sizeof gaps / sizeof gaps[0])]);
            say(g, pick(g, 2) ? " " : fill[pick(g, sizeof fill / sizeof fill[0])]);
        }
    }
}

/* Literal-free expressions, for the guards. */
static inline void bare(struct generate *g) {
    static const struct {
        const char *expression, *text;
    } all[] = {{"^\\s*\\S{1,2}\\s*$", " ok "},
               {"(\\w)\\1{5,}", "kkkkkkkk"},
               {"(.)\\1+", "aa"},
               {"(s)\\1{2}", "sss"},
               {"(?i)(\\w)\\1{2,}", "\xC3\xA9\xC3\x89\xC3\xA9"},
               {"[!?]{4,}", "?!?!"},
               {"^\\P{L}+$", "12 34"},
               {"\\b\\d{8,13}\\b", "081234567"},
               {"^[^a-z]+$", "\xE2\x84\xAA"
                             "1"},
               {"^\\W*$", " ... "},
               {"^(?:\\d|[!?])+\\Z", "1!2\n"},
               {"^.{3,5}$", "abcd"},
               {"^\\d{2}-\\d{2}$|^x", "12-34"},
               {"(?|(a)|(\\d))\\1{3}", "5555"},
               {"^[k-s]{2}$", "k\xC5\xBF"},
               {"\\d{3}\\s\\D{2}", "123 ab"},
               {"(?=\\d{3})\\w+", "123"},
               {"^(?=.{4})\\S*$", "abcd"},
               {"(?:\\d\\d)+", "1234"},
               {"[[:digit:]]+[.,]\\d", "1,5"}};
    size_t i = pick(g, sizeof all / sizeof all[0]);
    expect(g, all[i].expression);
    say(g, all[i].text);
}

static inline void surround(struct generate *g) {
    static const char *const pieces[] = {
        "", "", " ", "x", "mau ", "!", "_", "\xC3\xA9", "\xF0\x9F\x98\x85", "\n", "1", "kerja ", "s"};
    char middle[GENERATE_MAX];
    if (g->later[0] != '\0') {
        add(g->text, &g->text_length, " ");
        add(g->text, &g->text_length, g->later);
    }
    size_t length = g->text_length;
    memcpy(middle, g->text, length);
    g->text_length = 0;
    add(g->text, &g->text_length, pieces[pick(g, sizeof pieces / sizeof pieces[0])]);
    middle[length] = '\0';
    add(g->text, &g->text_length, middle);
    add(g->text, &g->text_length, pieces[pick(g, sizeof pieces / sizeof pieces[0])]);
}

/* A new expression and a text for it. */
static inline void generate(struct generate *g) {
    static const char *const starts[] = {"(*UTF)", "(*NO_START_OPT)", "(*UCP)", "(*NO_AUTO_POSSESS)(*UTF)"};
    g->expression_length = g->text_length = 0;
    g->later[0] = '\0';
    if (pick(g, 30) == 0) {
        expect(g, starts[pick(g, sizeof starts / sizeof starts[0])]);
    }
    uint32_t shape = pick(g, 20);
    if (shape == 0) {
        bare(g);
    } else if (shape < 8) {
        chain(g);
    } else {
        alternatives(g, 3);
    }
    surround(g);
}

#endif
