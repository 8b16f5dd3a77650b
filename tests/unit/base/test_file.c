/* base/file: a file is replaced whole or not at all. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "unit/store/folder.h"

#include "banned.h"

static int make_folder(void **state) {
    static struct folder folder;
    *state = &folder;
    return folder_make(&folder);
}
static int remove_folder(void **state) {
    folder_remove(*state);
    return 0;
}

static void holds(const char *path, const char *text, mode_t mode) {
    char bytes[64] = {0};
    struct stat about;
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(bytes, 1, sizeof bytes - 1, file), strlen(text));
    (void)fclose(file);
    assert_string_equal(bytes, text);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 07777, mode);
}

static void makes_and_replaces(void **state) {
    char path[512], left[600];
    (void)folder_file(*state, "a.json", path);
    assert_int_equal(file_replace(path, 0600, "first", 5, NULL), 0);
    holds(path, "first", 0600);
    (void)snprintf(left, sizeof left, "%s.new-%ld", path, (long)getpid()); /* as a killed program leaves it */
    FILE *file = fopen(left, "wb");
    assert_non_null(file);
    (void)fputs("half of a lon", file);
    (void)fclose(file);
    assert_int_equal(file_replace(path, 0666, "2", 1, NULL), 0);
    holds(path, "2", 0666); /* whatever the umask says */
    assert_int_not_equal(access(left, F_OK), 0);
}

static void a_link_is_replaced(void **state) {
    char target[512], path[512];
    (void)folder_file(*state, "target", target);
    (void)folder_file(*state, "link", path);
    assert_int_equal(file_replace(target, 0600, "kept", 4, NULL), 0);
    assert_int_equal(symlink(target, path), 0);
    assert_int_equal(file_replace(path, 0600, "new", 3, NULL), 0);
    holds(target, "kept", 0600);
    holds(path, "new", 0600);
}

static void a_failure_changes_nothing(void **state) {
    char path[512], inside[600], long_path[5000];
    struct err err = {0};
    (void)folder_file(*state, "folder", path);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(inside, sizeof inside, "%s/file", path);
    assert_int_equal(file_replace(inside, 0600, "old", 3, NULL), 0);
    assert_int_equal(file_replace(path, 0600, "x", 1, &err), ERR_IO); /* a folder stands there */
    assert_non_null(strstr(err.text, path));
    holds(inside, "old", 0600);
    (void)snprintf(inside, sizeof inside, "%s.new-%ld", path, (long)getpid());
    assert_int_not_equal(access(inside, F_OK), 0);
    (void)snprintf(inside, sizeof inside, "%s/none/file", path);
    assert_int_equal(file_replace(inside, 0600, "x", 1, NULL), ERR_IO);
    memset(long_path, 'a', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    assert_int_equal(file_replace(long_path, 0600, "x", 1, NULL), ERR_IO);
}

int main(void) {
#define CASE(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {CASE(makes_and_replaces), CASE(a_link_is_replaced),
                                       CASE(a_failure_changes_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
