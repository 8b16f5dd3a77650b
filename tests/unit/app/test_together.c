/* app/together: content loaded on two threads is the content loaded on one, and so is what is reported. Built
   with the thread sanitizer it also proves that the halves share nothing (preset tsan). */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "app/together.h"
#include "base/buf.h"
#include "domain/intent/intent.h"
#include "domain/pattern/pattern.h"
#include "domain/text/text.h"
#include "../content/fixture.h"
#include "explained.h"

static const struct content_together together = {app_together, NULL};

static void same_bundle(void **test) {
    (void)test;
    struct app_files files;
    struct err err = {0};
    assert_int_equal(app_files_read(&files, PANDU_SOURCE, NULL, &err), 0);
    struct content *one = content_load(files.list, files.count, NULL);
    struct content *two = content_load_together(files.list, files.count, NULL, &together, NULL);
    assert_non_null(one);
    assert_non_null(two);
    assert_true(one->hash == two->hash);
    struct buf said[2];
    buf_init(&said[0], 0);
    buf_init(&said[1], 0);
    explain_all(one, &said[0]);
    explain_all(two, &said[1]);
    assert_true(said[0].length > 100000);
    assert_string_equal(buf_text(&said[0]), buf_text(&said[1]));
    buf_close(&said[0]);
    buf_close(&said[1]);
    content_free(one);
    content_free(two);
    app_files_close(&files);
}

/* Mistakes in several files, in the order of the files whoever found them first. */
static void same_reports(void **test) {
    (void)test;
    struct fixture fixture;
    char before[FIXTURE_SEEN][256];
    fixture_open(&fixture);
    fixture_put(&fixture, "intents/vocabulary.json", "{\"classes\": {\"a\": {\"en\": [\"{b}\", 1]}}", 0);
    fixture_put(&fixture, "responses/topic.json", "{\"replies\": [{\"id\": 1}], \"replies\": []}", 0);
    fixture_put(
        &fixture, "intents/topic.json",
        "{\"topic\": \"t\", \"classes\": {\"a\": {\"en\": [\"{nobody}\"]}}, \"intents\": [{\"id\": \"x\", "
        "\"kind\": \"reply\",\n\"patterns\": [\"(a\", \"{gone} b\", 3, \"a[\"],\n\"then\": {}}]}",
        0);
    fixture_put(&fixture, "intents/zzz.json", "{\"intents\": {}}", 1);
    assert_null(fixture_load(&fixture, 0));
    size_t count = fixture.seen_count;
    assert_true(count > 8);
    memcpy(before, fixture.seen, sizeof before);
    for (int round = 0; round < 20; round++) {
        struct content_load_options options = {"en", 0, fixture_report, &fixture};
        fixture.seen_count = 0;
        assert_null(content_load_together(fixture.files, fixture.count, &options, &together, NULL));
        assert_int_equal(fixture.seen_count, count);
        for (size_t i = 0; i < count; i++) {
            assert_string_equal(fixture.seen[i], before[i]);
        }
    }
    fixture_close(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bundle),
        cmocka_unit_test(same_reports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
