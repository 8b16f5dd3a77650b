/* domain/entity: dates and times, negation, phone numbers, e-mail addresses. Now is Sunday 22 November 2026,
 * 09:00 WIB. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "domain/entity/entity.h"
#include "unit/entity/message.h"
#include "banned.h"

enum { WIB = 420 };
static const int64_t sunday = 1795312800000;  /* 2026-11-22T09:00:00+07:00 */
static const int64_t tuesday = 1795485600000; /* 2026-11-24T09:00:00+07:00 */

/* "2026-11-26 14:00", "2026-11-26", "14:00" (always with what at_ms says in the zone), or "-" */
static void show(const struct entity_moment *moment, int found, char out[48]) {
    if (!found) {
        snprintf(out, 48, "-");
        return;
    }
    char date[24] = "", time[16] = "";
    if (moment->has_date) {
        snprintf(date, sizeof date, "%04d-%02d-%02d", moment->year % 10000, moment->month % 100,
                 moment->day % 100);
    }
    if (moment->has_time) {
        snprintf(time, sizeof time, "%02d:%02d", moment->hour % 100, moment->minute % 100);
    }
    snprintf(out, 48, "%s%s%s", date, *date && *time ? " " : "", time);
}

struct moment_case {
    const char *written, *expected;
};

static void check_moments(int64_t now, const struct moment_case *cases, size_t count) {
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct text text = message_fold(cases[i].written);
        struct entity_moment moment;
        char shown[48];
        show(&moment, entity_moment(&text, now, WIB, &moment), shown);
        if (strcmp(shown, cases[i].expected) != 0) {
            print_error("\"%s\" (\"%s\"): %s, expected %s\n", cases[i].written, text.folded, shown,
                        cases[i].expected);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

#define CHECK(now, cases) check_moments(now, cases, sizeof(cases) / sizeof(cases)[0])

static void reads_near_days(void **state) {
    static const struct moment_case cases[] = {
        {"besok", "2026-11-23"},
        {"bsk pagi", "2026-11-23 08:00"},
        {"lusa", "2026-11-24"},
        {"besok lusa", "2026-11-24"},
        {"kemarin", "2026-11-21"},
        {"kemarin lusa", "2026-11-20"},
        {"hari ini", "2026-11-22"},
        {"hari ini jam 3 sore", "2026-11-22 15:00"},
        {"tomorrow", "2026-11-23"},
        {"tomorrow afternoon at 3", "2026-11-23 15:00"},
        {"the day after tomorrow", "2026-11-24"},
        {"malam ini", "2026-11-22 19:00"},
        {"nanti malam jam 7", "2026-11-22 19:00"},
        {"nanti sore", "2026-11-22 16:00"},
        {"tonight", "2026-11-22 19:00"},
        {"tonight at 8pm", "2026-11-22 20:00"},
        {"pagi kak", "-"},
        {"selamat malam", "-"},
        {"kak aku mau tanya", "-"},
        {"", "-"},
    };
    (void)state;
    CHECK(sunday, cases);
}

static void reads_weekdays(void **state) {
    static const struct moment_case from_sunday[] = {
        {"kamis depan jam 2 siang", "2026-11-26 14:00"},
        {"next Thursday at 2pm", "2026-11-26 14:00"},
        {"kamis", "2026-11-26"},
        {"hari minggu", "2026-11-29"},
        {"minggu jam 10", "2026-11-22 10:00"},
        {"minggu jam 8 pagi", "2026-11-29 08:00"},
        {"minggu depan", "2026-11-29"},
        {"hari minggu depan", "2026-11-29"},
        {"senin 14.30", "2026-11-23 14:30"},
        {"on friday", "2026-11-27"},
        {"setiap senin", "-"},
        {"2 minggu", "-"},
        {"mon", "2026-11-23"},
        {"sat", "2026-11-28"},
        {"halo min", "-"},
        {"akhir pekan", "2026-11-28"},
        {"weekend depan", "2026-11-28"},
    };
    static const struct moment_case from_tuesday[] = {
        {"kamis", "2026-11-26"},
        {"kamis ini", "2026-11-26"},
        {"kamis depan", "2026-12-03"},
        {"kamis minggu depan", "2026-12-03"},
        {"next thursday", "2026-12-03"},
        {"this thursday", "2026-11-26"},
        {"last thursday", "2026-11-19"},
        {"kamis lalu", "2026-11-19"},
        {"selasa", "2026-12-01"},
        {"selasa jam 2", "2026-11-24 14:00"},
        {"selasa jam 8", "2026-12-01 08:00"},
        {"selasa ini", "2026-11-24"},
    };
    (void)state;
    CHECK(sunday, from_sunday);
    CHECK(tuesday, from_tuesday);
}

static void reads_spans(void **state) {
    static const struct moment_case cases[] = {
        {"3 hari lagi", "2026-11-25"},
        {"tiga hari lagi", "2026-11-25"},
        {"2 minggu lagi", "2026-12-06"},
        {"in two weeks", "2026-12-06"},
        {"two weeks from now", "2026-12-06"},
        {"seminggu lagi", "2026-11-29"},
        {"sebulan lagi", "2026-12-22"},
        {"bulan depan", "2026-12-22"},
        {"tahun depan", "2027-11-22"},
        {"next month", "2026-12-22"},
        {"in a week", "2026-11-29"},
        {"2 jam lagi", "2026-11-22 11:00"},
        {"setengah jam lagi", "2026-11-22 09:30"},
        {"in half an hour", "2026-11-22 09:30"},
        {"20 jam lagi", "2026-11-23 05:00"},
        {"3 hari yang lalu", "2026-11-19"},
        {"3 days ago", "2026-11-19"},
        {"akhir bulan", "2026-11-30"},
        {"akhir bulan depan", "2026-12-31"},
        {"awal bulan depan", "2026-12-01"},
        {"end of the month", "2026-11-30"},
        {"akhir tahun", "2026-12-31"},
        {"lima tahun ke depan", "2031-11-22"},
        {"kerja 3 tahun", "-"},
        {"magang 2 bulan", "-"},
        {"99999999 hari lagi", "-"},
        {"umur 30", "-"},
    };
    (void)state;
    CHECK(sunday, cases);
}

static void reads_written_dates(void **state) {
    static const struct moment_case cases[] = {
        {"5 Desember 2026", "2026-12-05"},
        {"5 Desember", "2026-12-05"},
        {"lima desember", "2026-12-05"},
        {"1 Januari", "2027-01-01"},
        {"Dec 5th, 2026", "2026-12-05"},
        {"December 5", "2026-12-05"},
        {"5th of December", "2026-12-05"},
        {"tanggal 5", "2026-12-05"},
        {"tgl 25", "2026-11-25"},
        {"tanggal 31", "2026-12-31"},
        {"tanggal 5 bulan depan", "2026-12-05"},
        {"tanggal 5 januari jam 10", "2027-01-05 10:00"},
        {"on the 5th", "2026-12-05"},
        {"05/12/2026", "2026-12-05"},
        {"5-12-2026", "2026-12-05"},
        {"5.12.2026", "2026-12-05"},
        {"05/12/26", "2026-12-05"},
        {"12/25/2026", "2026-12-25"},
        {"2026-12-05", "2026-12-05"},
        {"2026-12-05 14:30", "2026-12-05 14:30"},
        {"5/12", "2026-12-05"},
        {"29 Februari 2028", "2028-02-29"},
        {"29 Februari", "2028-02-29"},
        {"Desember 2026", "2026-12-01"},
        {"bulan desember", "2026-12-01"},
        {"mei", "-"},
        {"31 Februari", "-"},
        {"30 Februari 2027", "-"},
        {"31/02/2027", "-"},
        {"2026-13-05", "-"},
        {"tanggal 32", "-"},
        {"29 Februari 2027", "-"},
        {"gig economy 2.0.1", "-"},
        {"24/7", "-"},
        {"3-4 tahun", "-"},
        {"may I ask", "-"},
    };
    (void)state;
    CHECK(sunday, cases);
}

static void reads_times(void **state) {
    static const struct moment_case cases[] = {
        {"jam 14.30", "14:30"},
        {"jam 2 siang", "14:00"},
        {"jam 2", "14:00"},
        {"jam 02.00", "02:00"},
        {"pukul 9", "09:00"},
        {"pkl 9", "09:00"},
        {"jm 10", "10:00"},
        {"jam 7 malam", "19:00"},
        {"jam 12 siang", "12:00"},
        {"jam 12 malam", "00:00"},
        {"besok jam 12 malam", "2026-11-24 00:00"},
        {"jam 1 dini hari", "01:00"},
        {"jam 11 siang", "11:00"},
        {"jam 5 subuh", "05:00"},
        {"setengah 3 sore", "14:30"},
        {"jam setengah delapan malam", "19:30"},
        {"setengah 1 siang", "12:30"},
        {"half past two", "14:30"},
        {"quarter to 3 in the afternoon", "14:45"},
        {"jam 3 kurang 10", "14:50"},
        {"jam 3 lewat seperempat", "15:15"},
        {"2pm", "14:00"},
        {"2 p.m.", "14:00"},
        {"12am", "00:00"},
        {"at 9", "09:00"},
        {"seven o'clock", "07:00"},
        {"noon", "12:00"},
        {"tengah hari", "12:00"},
        {"14:30", "14:30"},
        {"14.30 WIB", "14:30"},
        {"jam dua", "14:00"},
        {"jam2", "14:00"},
        {"jam 25", "-"},
        {"14:75", "-"},
        {"jam 12.60", "-"},
        {"jam berapa ya", "-"},
        {"2.5", "-"},
        {"is it too late to switch at 35", "-"},
        {"3 hari 2 malam", "-"},
        {"2 jam 30 menit", "-"},
        {"setengah mati", "-"},
    };
    (void)state;
    CHECK(sunday, cases);
}

static void joins_date_and_time(void **state) {
    static const struct moment_case cases[] = {
        {"bisa besok ga kak, sekitar jam 3?", "2026-11-23 15:00"},
        {"besok siang jam 2", "2026-11-23 14:00"},
        {"jam 2 besok siang", "2026-11-23 14:00"},
        {"jam 9 pagi hari senin", "2026-11-23 09:00"},
        {"jangan besok, lusa aja", "2026-11-24"},
        {"besok ga bisa, kamis aja", "2026-11-26"},
        {"besok gabisa", "-"},
        {"bukan kamis tapi jumat", "2026-11-27"},
        {"mau ngobrol sama konselor hari selasa jam 2", "2026-11-24 14:00"},
    };
    (void)state;
    CHECK(sunday, cases);
}

static struct entity_moment moment_of(const char *written) {
    struct text text = message_fold(written);
    struct entity_moment moment;
    assert_true(entity_moment(&text, sunday, WIB, &moment));
    return moment;
}

static void knows_zones_and_the_past(void **state) {
    (void)state;
    struct entity_moment moment = moment_of("besok pukul 9 WITA");
    assert_int_equal(moment.zone_minutes, 480);
    assert_int_equal(moment.at_ms, sunday + 24 * 3600000 - 3600000);
    assert_int_equal(moment.hour, 9);
    moment = moment_of("jam 9 pagi WIT");
    assert_int_equal(moment.zone_minutes, 540);
    assert_int_equal(moment.at_ms, sunday + 22 * 3600000); /* 09:00 in Jayapura was two hours ago */
    assert_false(moment.is_past);
    moment = moment_of("besok jam 9");
    assert_int_equal(moment.at_ms, sunday + 24 * 3600000);
    moment = moment_of("besok");
    assert_int_equal(moment.at_ms, sunday + 15 * 3600000);
    assert_false(moment.is_past);
    assert_false(moment_of("hari ini").is_past);
    assert_true(moment_of("kemarin").is_past);
    assert_true(moment_of("hari ini jam 8 pagi").is_past);
    assert_true(moment_of("besok pagi").is_vague_time);
    assert_false(moment_of("besok jam 8 pagi").is_vague_time);
}

static void spans_cover_the_words(void **state) {
    (void)state;
    struct text text = message_fold("oke Kamis depan jam 2 siang ya");
    struct entity_moment moment;
    assert_true(entity_moment(&text, sunday, WIB, &moment));
    assert_int_equal(moment.span.length, strlen("Kamis depan jam 2 siang"));
    assert_memory_equal(text.raw + moment.span.start, "Kamis depan jam 2 siang", moment.span.length);
}

static void negation(void **state) {
    static const struct {
        const char *written, *word;
        int negated;
    } cases[] = {
        {"tidak setuju", "setuju", 1},
        {"ga terlalu setuju", "setuju", 1},
        {"jangan stop", "stop", 1},
        {"kurang suka", "suka", 1},
        {"I don't agree", "agree", 1},
        {"setuju", "setuju", 0},
        {"tidak. setuju", "setuju", 0},
        {"bukan itu, setuju", "setuju", 0},
        {"bukan itu tapi setuju", "setuju", 0},
        {"tidak hanya setuju", "setuju", 0},
        {"tidak ada yang bilang aku setuju", "setuju", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct text text = message_fold(cases[i].written);
        size_t token = 0;
        while (token < text.token_count && strncmp(text.folded + text.tokens[token].start, cases[i].word,
                                                   text.tokens[token].length) != 0) {
            token++;
        }
        assert_true(token < text.token_count);
        if (entity_is_negated(&text, token) != cases[i].negated) {
            fail_msg("\"%s\" (\"%s\")", cases[i].written, text.folded);
        }
    }
}

static void reads_phones(void **state) {
    static const struct moment_case cases[] = {
        {"0812-3456-7890", "6281234567890"},
        {"+62 812 3456 7890", "6281234567890"},
        {"62812 3456 7890", "6281234567890"},
        {"wa aku 0812.3456.789 ya", "628123456789"},
        {"81234567890", "6281234567890"},
        {"+62 (0) 812-3456-7890", "6281234567890"},
        {"(021) 555 1234", "62215551234"},
        {"+1 415 555 2671", "14155552671"},
        {"081234567890 25 tahun", "6281234567890"},
        {"umur 25, 0812-3456-7890", "6281234567890"},
        {"119", "-"},
        {"1234567890", "-"},
        {"2026-12-05 14:30", "-"},
        {"NIK 3201234567890123", "-"},
        {"Rp 5.000.000", "-"},
        {"0812", "-"},
        {"+1234567890123456789", "-"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct text text = message_fold(cases[i].written);
        struct entity_span span;
        char phone[17] = "-";
        if (!entity_phone(&text, phone, &span)) {
            memcpy(phone, "-", 2);
        }
        if (strcmp(phone, cases[i].expected) != 0) {
            fail_msg("\"%s\": %s, expected %s", cases[i].written, phone, cases[i].expected);
        }
    }
}

static void reads_addresses(void **state) {
    static const struct moment_case cases[] = {
        {"sari.dewi+karier@Sekolah.SCH.id.", "sari.dewi+karier@sekolah.sch.id"},
        {"emailku: Sari99@mail.com ya", "Sari99@mail.com"},
        {"<sari@mail.com>", "sari@mail.com"},
        {"sari@mail", "-"},
        {"@sari", "-"},
        {"sari@.com", "-"},
        {"sari..dewi@mail.com", "-"},
        {"sari@-mail.com", "-"},
        {"sari@mail.c", "-"},
        {"a@b@c", "-"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct text text = message_fold(cases[i].written);
        struct entity_span span;
        char email[255] = "-";
        if (!entity_email(&text, email, &span)) {
            memcpy(email, "-", 2);
        }
        if (strcmp(email, cases[i].expected) != 0) {
            fail_msg("\"%s\": %s, expected %s", cases[i].written, email, cases[i].expected);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_near_days),
        cmocka_unit_test(reads_weekdays),
        cmocka_unit_test(reads_spans),
        cmocka_unit_test(reads_written_dates),
        cmocka_unit_test(reads_times),
        cmocka_unit_test(joins_date_and_time),
        cmocka_unit_test(knows_zones_and_the_past),
        cmocka_unit_test(spans_cover_the_words),
        cmocka_unit_test(negation),
        cmocka_unit_test(reads_phones),
        cmocka_unit_test(reads_addresses),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
