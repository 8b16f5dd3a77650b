/* That SQLite does not count its memory: the count is one lock for all threads at every allocation. A program
   of its own, as the first call of SQLite in a process settles it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "unit/store/folder.h"
#include "unit/store/waiting.h"

static void memory_is_not_counted(void **state) {
    (void)state;
    struct folder folder;
    char path[512];
    assert_int_equal(folder_make(&folder), 0);
    struct store *store = store_sqlite_open(folder_file(&folder, "pandu.db", path), NULL);
    assert_non_null(store);
    struct store_turn turn = simple_turn("a", "t1", 0, "[\"one\"]", "s1");
    assert_int_equal(wait_commit(store, &turn).status, STORE_OK);
    assert_int_equal(sqlite3_memory_used(), 0);
    store->ops->close(store);
    folder_remove(&folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(memory_is_not_counted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
