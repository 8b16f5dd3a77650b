/* Results of `pandu test` as JUnit XML, as build servers read it. Never decides what passed. Called by
 * test.c. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/test.h"

#include "banned.h"

/* XML 1.0 has no control characters, not even escaped ones. */
static void add_escaped(struct buf *out, const char *text) {
    for (; *text; text++) {
        switch (*text) {
        case '&': buf_add_text(out, "&amp;"); break;
        case '<': buf_add_text(out, "&lt;"); break;
        case '>': buf_add_text(out, "&gt;"); break;
        case '"': buf_add_text(out, "&quot;"); break;
        case '\n': buf_add_text(out, "&#10;"); break;
        default:
            if ((unsigned char)*text >= 0x20) {
                buf_add_char(out, *text);
            }
        }
    }
}

static void add_case(struct buf *out, const struct test_result *result) {
    buf_add_text(out, "  <testcase classname=\"");
    add_escaped(out, result->file);
    buf_add_text(out, "\" name=\"");
    add_escaped(out, result->name);
    buf_add_format(out, "\" line=\"%d\" time=\"%.3f\"", result->line, (double)result->elapsed_ms / 1000);
    if (result->report.length == 0) {
        buf_add_text(out, "/>\n");
        return;
    }
    buf_add_text(out, ">\n    <failure message=\"");
    add_escaped(out, buf_text(&result->report));
    buf_add_text(out, "\"/>\n  </testcase>\n");
}

static void add_all(struct buf *out, const struct test_result *results, size_t count) {
    size_t failed = 0;
    int64_t elapsed = 0;
    for (size_t i = 0; i < count; i++) {
        failed += results[i].report.length > 0;
        elapsed += results[i].elapsed_ms;
    }
    buf_add_format(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuite name=\"pandu test\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" time=\"%.3f\">\n",
        count, failed, (double)elapsed / 1000);
    for (size_t i = 0; i < count; i++) {
        add_case(out, &results[i]);
    }
    buf_add_text(out, "</testsuite>\n");
}

int test_write_junit(const char *path, const struct test_result *results, size_t count) {
    struct buf out;
    buf_init(&out, 0);
    add_all(&out, results, count);
    FILE *file = out.failed ? NULL : fopen(path, "wb");
    int failed = file == NULL || fwrite(buf_text(&out), 1, out.length, file) != out.length;
    failed |= file != NULL && fclose(file) != 0;
    buf_close(&out);
    if (failed) {
        (void)fprintf(stderr, "pandu test: %s cannot be written: %s\n", path, strerror(errno));
    }
    return failed ? -1 : 0;
}
