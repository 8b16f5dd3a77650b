/* The index found again: the same bundle as the one that was made, whatever happened to the file meanwhile.
 */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/files.h"
#include "app/kept.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "domain/content/content.h"
#include "domain/intent/intent.h"
#include "domain/pattern/pattern.h"

#include "explained.h"
#include "domain/text/text.h"

#include "banned.h"

#define BASE PANDU_SOURCE "/tests/bad/base"

struct folder {
    char root[200], file[512]; /* file: the one that is kept, once there is one */
    size_t files;
};

static void look(struct folder *folder) {
    DIR *open = opendir(folder->root);
    folder->files = 0;
    for (struct dirent *entry; open != NULL && (entry = readdir(open)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(folder->file, sizeof folder->file, "%s/%.64s", folder->root, entry->d_name);
        folder->files++;
    }
    if (open != NULL)
        assert_int_equal(closedir(open), 0);
}

static int setup(void **state) {
    struct folder *folder = calloc(1, sizeof *folder);
    (void)snprintf(folder->root, sizeof folder->root, "%s/test_kept_XXXXXX", PANDU_BUILD);
    assert_non_null(mkdtemp(folder->root));
    assert_int_equal(setenv("PANDU_CACHE", folder->root, 1), 0);
    *state = folder;
    return 0;
}

static int teardown(void **state) {
    struct folder *folder = *state;
    for (look(folder); folder->files > 0; look(folder))
        assert_int_equal(unlink(folder->file), 0);
    (void)rmdir(folder->root);
    (void)unsetenv("PANDU_CACHE");
    free(folder);
    return 0;
}

/* What every example means, and how near everything is. */
static void explain(const char *root, struct buf *out) {
    struct err err = {0};
    struct content *content = app_content_load(root, NULL, NULL, &err);
    assert_non_null(content);
    buf_init(out, 0);
    explain_all(content, out);
    content_free(content);
}

static void assert_same(const struct buf *wanted, const char *root) {
    struct buf said;
    explain(root, &said);
    assert_string_equal(buf_text(&said), buf_text(wanted));
    buf_close(&said);
}

/* The number of the file: another one was put in its place if it is another. */
static ino_t number_of(const char *path) {
    struct stat about;
    assert_int_equal(lstat(path, &about), 0);
    return about.st_ino;
}

static void test_same(void **state) {
    struct folder *folder = *state;
    struct buf made;
    assert_int_equal(setenv("PANDU_CACHE", "", 1), 0);
    explain(PANDU_SOURCE, &made);
    look(folder);
    assert_int_equal(folder->files, 0);
    assert_int_equal(setenv("PANDU_CACHE", folder->root, 1), 0);
    assert_same(&made, PANDU_SOURCE); /* and keeps it */
    look(folder);
    assert_int_equal(folder->files, 1);
    struct stat about;
    assert_int_equal(lstat(folder->file, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_same(&made, PANDU_SOURCE); /* takes it */
    assert_int_equal(number_of(folder->file), about.st_ino);
    buf_close(&made);
}

static void spoil(const char *path, long at) {
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, at < 0 ? SEEK_END : SEEK_SET), 0);
    int byte = fgetc(file);
    assert_int_equal(fseek(file, -1, SEEK_CUR), 0);
    assert_int_not_equal(fputc(byte ^ 1, file), EOF);
    assert_int_equal(fclose(file), 0);
}

/* A damaged file is made anew, wherever the damage is: head, index, words. */
static void test_damaged(void **state) {
    static const long places[] = {0, 9, 17, 30, 64, 3000, -1};
    struct folder *folder = *state;
    struct buf made;
    explain(BASE, &made);
    look(folder);
    assert_int_equal(folder->files, 1);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        ino_t before = number_of(folder->file);
        spoil(folder->file, places[i]);
        assert_same(&made, BASE);
        assert_int_not_equal(number_of(folder->file), before);
    }
    assert_int_equal(truncate(folder->file, 100), 0);
    assert_same(&made, BASE);
    struct stat about;
    assert_int_equal(lstat(folder->file, &about), 0);
    assert_true(about.st_size > 100);
    buf_close(&made);
}

/* Nobody else may have put it there. */
static void test_foreign(void **state) {
    struct folder *folder = *state;
    struct buf made;
    explain(BASE, &made);
    look(folder);
    ino_t before = number_of(folder->file);
    assert_int_equal(chmod(folder->file, 0622), 0);
    assert_same(&made, BASE);
    assert_int_not_equal(number_of(folder->file), before);
    char beside[600];
    (void)snprintf(beside, sizeof beside, "%s/.beside", folder->root);
    assert_int_equal(rename(folder->file, beside), 0);
    assert_int_equal(symlink(beside, folder->file), 0);
    assert_same(&made, BASE);
    struct stat about;
    assert_int_equal(lstat(folder->file, &about), 0);
    assert_true(S_ISREG(about.st_mode));
    assert_int_equal(unlink(beside), 0);
    buf_close(&made);
}

/* Other content has a file of its own; the oldest go. A folder that cannot be made costs nothing but time. */
static void test_folder(void **state) {
    struct folder *folder = *state;
    struct app_kept kept;
    app_kept_open(&kept);
    assert_string_equal(kept.folder, folder->root);
    for (uint64_t name = 1; name <= KEPT_FILES_MAX + 3; name++)
        kept.keeper.keep(kept.keeper.context, name, "bytes", 5);
    look(folder);
    assert_int_equal(folder->files, KEPT_FILES_MAX);
    assert_int_equal(kept.keeper.find(kept.keeper.context, 1), 0);
    assert_int_equal(kept.keeper.find(kept.keeper.context, KEPT_FILES_MAX + 3), 5);
    char bytes[6] = {0};
    assert_false(kept.keeper.read(kept.keeper.context, bytes, 6)); /* not as many */
    app_kept_close(&kept);
    struct buf made;
    assert_int_equal(setenv("PANDU_CACHE", "/proc/nowhere", 1), 0);
    explain(BASE, &made);
    buf_close(&made);
}

/* Loads the named file of the folder (its lexicon, say) and another of this text, or fewer of them. */
static void load_two(const struct app_files *files, const char *name, const char *text) {
    struct content_file list[2] = {{NULL, NULL, "", 0, 0},
                                   {"intents/x.json", "intents/x.json", text, strlen(text), 0}};
    struct app_kept kept;
    for (size_t i = 0; i < files->count; i++)
        if (strcmp(files->list[i].name, name) == 0)
            list[0] = files->list[i];
    assert_non_null(list[0].name);
    app_kept_open(&kept);
    for (size_t count = 0; count <= 2; count++)
        content_free(content_load_together(list, count, NULL, NULL, &kept.keeper)); /* NULL, too */
    app_kept_close(&kept);
}

/* Content without a text, and content that cannot be read: nothing to keep, and no reason to fall. */
static void test_nothing(void **state) {
    static const char *const texts[] = {"{}", "{\"intents\": [", ""};
    struct folder *folder = *state;
    struct app_files files;
    struct err err = {0};
    assert_int_equal(app_files_read(&files, BASE, NULL, &err), 0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        load_two(&files, "intents/normalise.json", texts[i]);
        load_two(&files, "intents/vocabulary.json", texts[i]);
    }
    app_files_close(&files);
    look(folder);
    assert_int_equal(folder->files, 0);
}

/* Texts, but an error before them: the next load would find what belongs to a bundle that nobody gets. */
static void test_unsound(void **state) {
    struct folder *folder = *state;
    struct err err = {0};
    assert_null(app_content_load(BASE, PANDU_SOURCE "/tests/bad/unknown_reply", NULL, &err));
    look(folder);
    assert_int_equal(folder->files, 0);
}

/* What a keeper was asked for that says it has size bytes: zeros. */
struct asked {
    uint64_t name; /* of what was to be kept last */
    size_t size, read;
};

static size_t asked_find(void *context, uint64_t name) {
    (void)name;
    return ((struct asked *)context)->size;
}

static int asked_read(void *context, void *out, size_t size) {
    struct asked *asked = context;
    memset(out, 0, size);
    asked->read += size;
    return 1;
}

static void asked_keep(void *context, uint64_t name, const void *bytes, size_t size) {
    struct asked *asked = context;
    (void)bytes;
    asked->name = name;
    assert_true(size > 0);
}

static struct content *ask(struct asked *asked, struct app_files *files) {
    const struct content_keeper keeper = {asked_find, asked_read, asked_keep, asked};
    struct err err = {0};
    assert_int_equal(app_files_read(files, BASE, NULL, &err), 0);
    struct content *content = content_load_together(files->list, files->count, NULL, NULL, &keeper);
    assert_non_null(content);
    return content;
}

/* No room is made, and nothing more is read, for what its first bytes say is something else. */
static void test_head_first(void **state) {
    (void)state;
    struct asked asked = {.size = 50 * 1024 * 1024};
    struct app_files files;
    content_free(ask(&asked, &files));
    app_files_close(&files);
    assert_int_equal(asked.read, 64);
    assert_true(asked.name != 0);
}

/* Files and their layers, and the letters by which messages are folded: another library may know others. */
static void test_name(void **state) {
    (void)state;
    struct asked asked = {0};
    struct app_files files;
    struct content *content = ask(&asked, &files);
    uint64_t name = hash_more(content->hash, text_version(), strlen(text_version()));
    for (size_t i = 0; i < files.count; i++)
        name = hash_more(name, &files.list[i].layer, sizeof(int));
    assert_true(text_version()[0] >= '0' && text_version()[0] <= '9');
    assert_true(asked.name == name);
    content_free(content);
    app_files_close(&files);
}

/* More than an index may have room for, and a file that has no end: made again in its place. */
static void test_strange(void **state) {
    struct folder *folder = *state;
    struct buf made;
    struct stat about;
    explain(BASE, &made);
    look(folder);
    assert_int_equal(truncate(folder->file, 256L * 1024 * 1024), 0);
    assert_same(&made, BASE);
    assert_int_equal(lstat(folder->file, &about), 0);
    assert_true(about.st_size < 64L * 1024 * 1024);
    assert_int_equal(unlink(folder->file), 0);
    assert_int_equal(mkfifo(folder->file, 0600), 0);
    assert_same(&made, BASE); /* nobody writes to it: whoever opens it to read waits */
    assert_int_equal(lstat(folder->file, &about), 0);
    assert_true(S_ISREG(about.st_mode));
    buf_close(&made);
}

/* Only what this program named itself is removed, however old it is. */
static void test_removes_own(void **state) {
    static const char *const names[] = {"index-of-my-thesis", "index-0123456789abcdef0",
                                        "index-0123456789abcdeg", "index-0123456789abcde",
                                        "index-0123456789abcdef.new-7"};
    enum { NAMES = sizeof names / sizeof *names };
    struct folder *folder = *state;
    struct app_kept kept;
    struct stat about;
    char path[600];
    static const struct timespec old[2] = {{1, 0}, {1, 0}};
    for (size_t i = 0; i < NAMES; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder->root, names[i]);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fclose(file), 0);
        assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
    }
    (void)snprintf(path, sizeof path, "%s/index-0123456789abcdef", folder->root); /* named so, but no file */
    assert_int_equal(symlink("nowhere", path), 0);
    assert_int_equal(utimensat(AT_FDCWD, path, old, AT_SYMLINK_NOFOLLOW), 0);
    app_kept_open(&kept);
    for (uint64_t name = 1; name <= KEPT_FILES_MAX + 3; name++)
        kept.keeper.keep(kept.keeper.context, name, "bytes", 5);
    app_kept_close(&kept);
    look(folder);
    assert_int_equal(folder->files, KEPT_FILES_MAX + NAMES + 1);
    assert_int_equal(lstat(path, &about), 0);
}

static void test_where(void **state) {
    struct folder *folder = *state;
    struct app_kept kept;
    char wanted[300];
    const char *home = getenv("HOME"), *xdg = getenv("XDG_CACHE_HOME"), *unit = getenv("CACHE_DIRECTORY");
    char *before[3] = {home != NULL ? strdup(home) : NULL, xdg != NULL ? strdup(xdg) : NULL,
                       unit != NULL ? strdup(unit) : NULL};
    static const char *const names[] = {"HOME", "XDG_CACHE_HOME", "CACHE_DIRECTORY"};
    (void)unsetenv("PANDU_CACHE");
    for (size_t i = 0; i < 3; i++)
        (void)unsetenv(names[i]);
    app_kept_open(&kept);
    assert_string_equal(kept.folder, "");
    (void)setenv("HOME", folder->root, 1);
    app_kept_open(&kept);
    (void)snprintf(wanted, sizeof wanted, "%s/.cache/pandu", folder->root);
    assert_string_equal(kept.folder, wanted);
    (void)setenv("XDG_CACHE_HOME", "relative", 1); /* to be ignored, says the specification */
    app_kept_open(&kept);
    assert_string_equal(kept.folder, wanted);
    (void)setenv("XDG_CACHE_HOME", "/x", 1);
    app_kept_open(&kept);
    assert_string_equal(kept.folder, "/x/pandu");
    (void)setenv("CACHE_DIRECTORY", "/var/cache/pandu", 1);
    app_kept_open(&kept);
    assert_string_equal(kept.folder, "/var/cache/pandu");
    for (size_t i = 0; i < 3; i++) {
        if (before[i] != NULL)
            (void)setenv(names[i], before[i], 1);
        else
            (void)unsetenv(names[i]);
        free(before[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_same, setup, teardown),
        cmocka_unit_test_setup_teardown(test_damaged, setup, teardown),
        cmocka_unit_test_setup_teardown(test_foreign, setup, teardown),
        cmocka_unit_test_setup_teardown(test_folder, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unsound, setup, teardown),
        cmocka_unit_test_setup_teardown(test_head_first, setup, teardown),
        cmocka_unit_test_setup_teardown(test_name, setup, teardown),
        cmocka_unit_test_setup_teardown(test_strange, setup, teardown),
        cmocka_unit_test_setup_teardown(test_removes_own, setup, teardown),
        cmocka_unit_test_setup_teardown(test_where, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
