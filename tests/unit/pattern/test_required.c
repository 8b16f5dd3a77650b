/* domain/pattern: what the extractor requires, rule by rule. Written as groups joined by "&", their strings
   by "|":
   "'" marks \b, "[" and "]" the edges of blanks, "_" is \s+, "~" a group without order, "-" nothing,
   "chain" in front: decided without PCRE2. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "domain/pattern/required.h"

static struct required required;

static void show_edge(struct buf *out, unsigned boundaries) {
    (void)buf_add_text(out, (boundaries & BOUNDARY_WORD) != 0 ? "'" : "");
    (void)buf_add_text(out, (boundaries & BOUNDARY_BLANK_BEFORE) != 0 ? "[" : "");
    (void)buf_add_text(out, (boundaries & BOUNDARY_BLANK_AFTER) != 0 ? "]" : "");
}

static void show(struct buf *out) {
    buf_clear(out);
    (void)buf_add_text(out, required.is_chain ? "chain " : "");
    (void)buf_add_text(out, required.group_count == 0 ? "-" : "");
    for (size_t i = 0; i < required.group_count; i++) {
        const struct required_group *group = &required.groups[i];
        (void)buf_add_text(out, i > 0 ? "&" : "");
        (void)buf_add_text(out, group->is_ordered ? "" : "~");
        for (uint32_t k = 0; k < group->count; k++) {
            const struct required_string *string = &required.strings[group->first + k];
            (void)buf_add_text(out, k > 0 ? "|" : "");
            show_edge(out, string->left);
            for (size_t at = 0; at < string->length; at++) {
                unsigned char byte = required.bytes[string->offset + at];
                (void)buf_add_char(out, byte == REQUIRED_SPACES ? '_' : (char)byte);
            }
            show_edge(out, string->right);
        }
    }
}

struct rule {
    const char *expression, *wanted;
};

static void check(const struct rule *rules, size_t count, unsigned options) {
    struct buf shown;
    int wrong = 0;
    buf_init(&shown, 0);
    for (size_t i = 0; i < count; i++) {
        required_extract(&required, rules[i].expression, strlen(rules[i].expression), options);
        show(&shown);
        if (strcmp(buf_text(&shown), rules[i].wanted) != 0) {
            fprintf(stderr, "/%s/\n  wanted %s\n  got    %s\n", rules[i].expression, rules[i].wanted,
                    buf_text(&shown));
            wrong++;
        }
    }
    buf_close(&shown);
    required_close(&required);
    assert_int_equal(wrong, 0);
}

#define CHECK(rules, options) check(rules, sizeof(rules) / sizeof((rules)[0]), options)

static void literals(void **state) {
    (void)state;
    static const struct rule rules[] = {
        {"kerja", "chain kerja"},
        {"KERJA", "chain kerja"},
        {"", "-"},
        {"a", "-"}, /* a single letter is in every text */
        {"\\?", "chain ?"},
        {"\\bk\\b", "chain 'k'"},
        {"ke\\x72ja\\x{21}\\o{41}\\041", "chain kerja!!!"},
        {"\\Qa+b.\\E+c", "a+b"},
        {"\\Qkerja+gaji\\E", "chain kerja+gaji"},
        {"ab\\Q\\Ecd", "chain abcd"},
        {"\\x{212A}arier", "arier"}, /* caseless beyond ASCII: a set */
        {"caf\xC3\xA9", "caf"},
        {"masa depan", "chain masa depan"},
        {"masa\\s+depan", "chain masa_depan"},
        {"masa\\s+ depan", "masa'& depan"},
        {"masa\\s+\\s+depan", "masa'&'depan"},
        {"\\s+depan", "'depan"},
        {"masa\\s*depan", "masa&depan"},
        {"\\e\\a\\f\\cAkerja", "\x1B\x07\x0C&kerja"},
    };
    CHECK(rules, PARSE_CASELESS);
}

static void quantifiers(void **state) {
    (void)state;
    static const struct rule rules[] = {
        {"kerja?n", "chain kerjan|kerjn"},
        {"kerja??n", "chain kerjn|kerjan"},
        {"kerja*n", "kerj"},
        {"kerja+n", "kerj"},
        {"kerja{0}n", "chain kerjn"},
        {"ab{2}c", "chain abbc"},
        {"ab{2,3}c", "bb"},
        {"(?:ha){2,}", "haha"},
        {"(?:ha){9}", "hahahaha"},
        {"(?:kerja)?", "-"},
        {"(?:kerja)*+", "-"},
        {"(?:a.*gaji)?kerja", "kerja"},
        {"(?:ab.*cd)+ef", "ab&cd&ef"},
        {"kerja{,2}", "-"}, /* a literal or a quantifier: depends on the version */
        {"kerja{ 2}", "-"}, /* the same */
        {"kerja{x}", "chain kerja{x}"},
        {"(?x)kerja+ +gaji", "-"}, /* two quantifiers, or one: the same */
        {"ke(?#x)*rja", "rja"},
    };
    CHECK(rules, PARSE_CASELESS);
}

static void alternatives(void **state) {
    (void)state;
    static const struct rule rules[] = {
        {"kerja|gaji", "chain kerja|gaji"},
        {"kerja|", "-"},
        {"kerja|.*gaji|upah", "kerja|gaji|upah"},
        {"kerja|.*", "-"},
        {"kerja.*guru|gaji|upah", "kerja|gaji|upah"},
        {"(?:mem|di)?buat(?:kan|nya)?",
         "chain membuatkan|membuatnya|membuat|dibuatkan|dibuatnya|dibuat|buatkan|buatnya|buat"},
        {"(?:ab|cd)(?:ef|gh)", "chain abef|abgh|cdef|cdgh"},
        {"k[au]rir", "chain karir|kurir"},
        {"k[a-z]rir", "rir"},
        {"k[^b]rir", "rir"},
        {"[aA]bc[1]", "chain abc1"},
        {"(?>kerja|kerjaan)nya", "kerjanya|kerjaannya"},
        {"(kerja|gaji)nya", "kerjanya|gajinya"},
    };
    CHECK(rules, PARSE_CASELESS);
}

static void sequences(void **state) {
    (void)state;
    static const struct rule rules[] = {
        {"gaji.*guru", "chain gaji&guru"},
        {"gaji.{0,40}guru.+?besar", "chain gaji&guru&besar"},
        {"gaji.*+guru", "gaji&guru"},
        {"gaji(?s).*guru", "gaji&guru"},
        {"gaji\\w+guru", "gaji&guru"},
        {".*gaji", "gaji"},
        {"gaji.*", "gaji"},
        {"^gaji", "gaji"},
        {"gaji$", "gaji"},
        {"gaji\\Bguru", "gajiguru"},
        {"gaji(?R)?guru", "gaji&guru"},
        {"(gaji)\\1guru", "gaji&guru"},
        {"gaji(?(1)a|b)guru(x)?", "gaji&gurux|guru"},
        {"gaji(?(DEFINE)(?<x>upah))guru", "gaji&guru"},
        {"(?(?=gaji)upah|kerja)guru", "guru"},
    };
    CHECK(rules, PARSE_CASELESS);
}

static void boundaries(void **state) {
    (void)state;
    static const struct rule rules[] = {
        {"\\bgaji\\b", "chain 'gaji'"},
        {"\\b(?:gaji|upah)\\b.{0,9}\\bguru", "chain 'gaji'|'upah'&'guru"},
        {"gaji\\bguru", "chain gaji'&guru"}, /* never matches */
        {"gaji\\b guru", "chain gaji guru"},
        {"(?:gaji|\\?)\\b(?:guru|!)", "chain gaji!|?guru"},
        {"(?<![^ ])gaji(?![^ ])", "chain [gaji]"},
        {"(?<![^ ])y(?![^ ])", "chain [y]"},
        {"gaji (?<![^ ])guru", "chain gaji guru"},
        {"(?xx)(?<![^ ])gaji", "-"},
    };
    CHECK(rules, PARSE_CASELESS);
}

static void groups_and_lookarounds(void **state) {
    (void)state;
    static const struct rule rules[] = {
        {"(?=.*kerja)gaji", "~kerja&gaji"},
        {"(?=gaji)g", "~gaji"},
        {"(?:gaji.*|(?=kursus).*)bisa", "~gaji|kursus&bisa"},
        {"(?:gaji.*|kursus.*)bisa", "gaji|kursus&bisa"},
        {"(?<=kerja)gaji", "~kerja&gaji"},
        {"(*pla:kerja)gaji", "~kerja&gaji"},
        {"(?*kerja)gaji", "~kerja&gaji"},
        {"(?!.*kerja)gaji", "gaji"},
        {"(?<!kerja)gaji", "gaji"},
        {"(*nla:kerja)gaji", "gaji"},
        {"(?=kerja)?gaji", "gaji"},
        {"(?|(kerja)|(gaji))guru", "kerjaguru|gajiguru"},
        {"(?<n>kerja)\\k<n>(?&n)(?P>n)(?1)guru", "kerja&guru"},
        {"(?'n'kerja)(?P<m>guru)", "kerjaguru"},
        {"(?x: ke rja #note\n)a b", "chain kerjaa b"},
        {"(?x) ke rja", "chain kerja"},
        {"(?C'a)b')kerja(?C2)gaji(?C)", "kerjagaji"},
        {"kerja(*ACCEPT)gaji", "-"},
        {"(*COMMIT)kerja(*PRUNE:n)gaji(*F)", "kerjagaji"},
        {"(*UTF)(*UCP)kerja", "kerja"},
        {"(*CRLF)kerja", "-"},
        {"(*LIMIT_MATCH=9)kerja", "-"},
        {"(*unknown:kerja)", "-"},
        {"(*sr:kerja)", "kerja"},
        {"(kerja)\\10", "-"},
        {"(?i-x:kerja)(?^:Gaji)", "kerjagaji"},
        {"[[:<:]]kerja[[:>:]]", "kerja"},
        {"[[.a.]]kerja", "-"},
    };
    CHECK(rules, PARSE_CASELESS);
}

/* Production: case counts and plain parentheses do not capture. */
static void with_case(void **state) {
    (void)state;
    static const struct rule rules[] = {
        {"(kerja) 1", "kerja 1"},
        {"(12) 34", "chain 12 34"},
        {"(?i:kerja) 1", "chain kerja 1"},
        {"(?i)12(?-i)kerja", "12kerja"},
        {"(?:(?i)12|kerja)3", "chain 123|kerja3"}, /* an option reaches into the branches behind it */
        {"(?:(?i)12)kerja", "12kerja"},
        {"caf\xC3\xA9 kopi", "caf\xC3\xA9 kopi"},
        {"\xE2\x84\xAA\xC5\xBFs", "kss"}, /* as the scan shows them */
        {"[K]opi", "kopi"},
    };
    CHECK(rules, PARSE_NO_CAPTURE);
}

/* Authors' patterns: what stands beside a string that is not written next to it. */
static void between_blanks(void **state) {
    (void)state;
    static const struct rule rules[] = {
        {"(?<![^ ])kerja(?: [^ ]+){0,3}?(?![^ ])", "[kerja]"},
        {"(?<![^ ])kerja(?: [^ ]+){0,3}?s(?![^ ])", "[kerja"},
        {"(?<![^ ])(?:kamu |lu ){0,3}kerja(?![^ ])", "[kerja]"},
        {"(?<![^ ])(?:kamu |lu){0,3}kerja(?![^ ])", "kerja]"},
        {"(?<![^ ])(?:kamu|lu (?:[a-z]+ ){1,3}guru|gaji [a-z]+)(?![^ ])", "[kamu]|[guru]|[gaji]"},
        {"(?<![^ ])(?:kamu|lu (?:[a-z]+ ){1,3}guru|gaji [a-z]+)?(?: bos)?(?![^ ])", "-"},
        {"(?<![^ ])ke(?:kamu|lu (?:[a-z]+ ){1,3}guru)s(?![^ ])", "[ke&kamu|[guru"},
        {"(?<![^ ])(?:kerja(?: [.?])*+ ?){2}(?![^ ])", "kerja"},
        {"(?<![^ ])(?:kerja(?: guru)*+ ){2}(?![^ ])", "[kerja]"},
        {"(?<![^ ])kerja(?: [.?])*+$(?![^ ])", "[kerja]"},
        {"kerja(?= )(?: guru)*", "kerja"},
    };
    CHECK(rules, PARSE_NO_CAPTURE | PARSE_LOOSE);
}

static void large_ones(void **state) {
    (void)state;
    static char expression[70000];
    struct buf text;
    buf_init(&text, sizeof expression);
    for (int i = 0; i < 5000; i++) {
        (void)buf_add_format(&text, "%skata%d", i > 0 ? "|" : "", i);
    }
    required_extract(&required, text.data, text.length, PARSE_CASELESS);
    assert_int_equal(required.group_count, 0); /* more than REQUIRED_LIST_MAX strings */
    buf_clear(&text);
    for (int i = 0; i < 200; i++) {
        (void)buf_add_format(&text, "kata%d\\d", i);
    }
    required_extract(&required, text.data, text.length, PARSE_CASELESS);
    assert_int_equal(required.group_count, REQUIRED_GROUPS_MAX);
    buf_clear(&text);
    for (int i = 0; i < 240; i++) {
        (void)buf_add_text(&text, "(?:a.|");
    }
    (void)buf_add_text(&text, "gaji");
    for (int i = 0; i < 240; i++) {
        (void)buf_add_char(&text, ')');
    }
    required_extract(&required, text.data, text.length, PARSE_CASELESS); /* must not take exponential time */
    assert_int_equal(required.group_count, 0);
    buf_close(&text);
    required_close(&required);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literals),     cmocka_unit_test(quantifiers),
        cmocka_unit_test(alternatives), cmocka_unit_test(sequences),
        cmocka_unit_test(boundaries),   cmocka_unit_test(groups_and_lookarounds),
        cmocka_unit_test(with_case),    cmocka_unit_test(between_blanks),
        cmocka_unit_test(large_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
