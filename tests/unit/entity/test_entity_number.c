/* domain/entity: cardinals, ordinals, ages. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "domain/entity/entity.h"
#include "unit/entity/message.h"
#include "banned.h"

/* expected NAN: none is found; said: the raw words it came from, or NULL */
struct number_case {
    const char *written;
    double expected;
    const char *said;
};

static void check_span(const char *written, const struct text *text, struct entity_span span,
                       const char *said) {
    if (said && (strlen(said) != span.length || memcmp(text->raw + span.start, said, span.length) != 0)) {
        fail_msg("\"%s\": span \"%.*s\", expected \"%s\"", written, (int)span.length, text->raw + span.start,
                 said);
    }
}

static void reads_cardinals(void **state) {
    static const struct number_case cases[] = {
        {"25", 25, "25"},
        {"umurku 25 tahun", 25, "25"},
        {"1.500", 1500, "1.500"},
        {"1,500.75", 1500.75, "1,500.75"},
        {"1.500.000", 1500000, NULL},
        {"2,5", 2.5, "2,5"},
        {"gig economy 2.0", 2.0, "2.0"},
        {"0,75", 0.75, NULL},
        {"25rb", 25000, "25rb"},
        {"25 rb", 25000, "25 rb"},
        {"3 juta", 3e6, "3 juta"},
        {"2,5jt sebulan", 2.5e6, "2,5jt"},
        {"Rp500.000", 500000, "500.000"},
        {"5k", 5000, "5k"},
        {"3 juta 500 ribu", 3.5e6, NULL},
        {"nol", 0, NULL},
        {"tiga", 3, "tiga"},
        {"sebelas", 11, NULL},
        {"dua belas", 12, "dua belas"},
        {"dua puluh lima", 25, "dua puluh lima"},
        {"seratus sepuluh", 110, NULL},
        {"tiga ratus dua puluh satu", 321, NULL},
        {"seribu lima ratus", 1500, NULL},
        {"dua ribu dua puluh enam", 2026, NULL},
        {"sejuta", 1e6, NULL},
        {"dua puluh lima ribu", 25000, NULL},
        {"setengah", 0.5, NULL},
        {"satu setengah", 1.5, NULL},
        {"dua setengah juta", 2.5e6, NULL},
        {"setengah juta", 5e5, NULL},
        {"dua juta setengah", 2.5e6, NULL},
        {"dua koma lima", 2.5, NULL},
        {"satu koma dua lima", 1.25, NULL},
        {"twenty-five", 25, "twenty-five"},
        {"a hundred and fifty", 150, NULL},
        {"two thousand five hundred", 2500, NULL},
        {"half a million", 5e5, NULL},
        {"one and a half", 1.5, NULL},
        {"half", 0.5, NULL},
        {"1/2", 0.5, NULL},
        {"DUA", 2, NULL},
        {"-5", -5, NULL},
        {"minus tiga", -3, NULL},
        {"dua tiga hari", 2, "dua"},
        {"3-4 tahun", 3, NULL},
        {"1,2,3", 1, "1"},
        {"３ tahun", 3, NULL},
        {"satu dua", 1, NULL},
        {"bukan itu, lima aja", 5, NULL},
        {"", NAN, NULL},
        {"halo kak", NAN, NULL},
        {"belasan tahun", NAN, NULL},
        {"puluhan ribu", NAN, NULL},
        {"dua puluhan", NAN, NULL},
        {"salah satu teman", NAN, NULL},
        {"satu-satunya", NAN, NULL},
        {"this one please", NAN, NULL},
        {"lulusan S1", NAN, NULL},
        {"covid19", NAN, NULL},
        {"yang ke-2", NAN, NULL},
        {"the 2nd", NAN, NULL},
        {"0812-3456-7890", NAN, NULL},
        {"sari99@mail.id", NAN, NULL},
        {"NIK 3201234567890123", NAN, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct text text = message_fold(cases[i].written);
        struct entity_span span;
        double number = NAN;
        int found = entity_number(&text, &number, &span);
        if (found == isnan(cases[i].expected) || (found && fabs(number - cases[i].expected) > 1e-6)) {
            fail_msg("\"%s\": found %d %g, expected %g", cases[i].written, found, number, cases[i].expected);
        }
        if (found) {
            check_span(cases[i].written, &text, span, cases[i].said);
        }
    }
}

struct whole_case {
    const char *written;
    int expected; /* 0: none */
};

static void reads_ordinals(void **state) {
    static const struct whole_case cases[] = {
        {"pertama", 1},
        {"yang kedua", 2},
        {"ke-2", 2},
        {"yg ke 3 aja", 3},
        {"ke2", 2},
        {"ketiga", 3},
        {"kesebelas", 11},
        {"kedua belas", 12},
        {"kedua puluh satu", 21},
        {"ke dua", 2},
        {"yang terakhir", -1},
        {"paling bawah", -1},
        {"second", 2},
        {"the 3rd one", 3},
        {"1st", 1},
        {"the last one", -1},
        {"tiga", 0},
        {"pertama kali kerja", 0},
        {"last week", 0},
        {"kedua orang tuaku", 0},
        {"ke tiga kota", 0},
        {"at first", 0},
        {"halo", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct text text = message_fold(cases[i].written);
        struct entity_span span;
        int ordinal = 0;
        int found = entity_ordinal(&text, &ordinal, &span);
        if (found != (cases[i].expected != 0) || (found && ordinal != cases[i].expected)) {
            fail_msg("\"%s\": found %d %d, expected %d", cases[i].written, found, ordinal, cases[i].expected);
        }
    }
}

static void reads_ages(void **state) {
    static const struct whole_case cases[] = {
        {"umur 25", 25},
        {"umurku 25 tahun", 25},
        {"usia saya sekarang 30", 30},
        {"aku 25 tahun", 25},
        {"25 tahun", 25},
        {"25", 25},
        {"dua puluh lima", 25},
        {"tujuh belas tahun kak", 17},
        {"aku kasir, 25 tahun", 25},
        {"I'm 25", 25},
        {"I am 17 years old", 17},
        {"17 y.o.", 17},
        {"17yo", 17},
        {"25thn", 25},
        {"aku 19 nih", 19},
        {"sekarang saya staf administrasi umur 25 tahun dan ingin jadi manajer", 25},
        {"kerja 3 tahun", 0},
        {"kerja 8 tahun", 0},
        {"pengalaman 10 tahun", 0},
        {"sudah 7 tahun di perbankan", 0},
        {"rencana karier 5 tahun", 0},
        {"10 tahun lagi", 0},
        {"I worked 10 years", 0},
        {"I'm 25 minutes late", 0},
        {"umur 3", 0},
        {"umur 250", 0},
        {"umur 25,5", 0},
        {"aku punya 7 kucing", 0},
        {"umur dua puluhan", 0},
        {"belasan tahun", 0},
        {"halo", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct text text = message_fold(cases[i].written);
        struct entity_span span;
        int years = 0;
        int found = entity_age(&text, &years, &span);
        if (found != (cases[i].expected != 0) || (found && years != cases[i].expected)) {
            fail_msg("\"%s\": found %d %d, expected %d", cases[i].written, found, years, cases[i].expected);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_cardinals),
        cmocka_unit_test(reads_ordinals),
        cmocka_unit_test(reads_ages),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
