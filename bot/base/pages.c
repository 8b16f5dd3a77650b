/* Large pages, where the system has them. Never keeps anything itself. Called by the arena. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS and madvise are in no version of POSIX that we ask for */

#include "base/pages.h"

#include <stdint.h>
#include <sys/mman.h>

#if defined __has_feature
#if __has_feature(address_sanitizer) && !defined __SANITIZE_ADDRESS__
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h> /* it looks for what is still pointed to in malloc's memory only */
#else
#define __lsan_register_root_region(memory, size) ((void)0)
#define __lsan_unregister_root_region(memory, size) ((void)0)
#endif

#include "banned.h"

static void *map(size_t size) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory != MAP_FAILED ? memory : NULL;
}

/* Cuts what lies before the first large page, and as much as was asked for too much behind. */
static void *cut(unsigned char *memory, size_t size) {
    size_t before = (size_t)(-(uintptr_t)memory & (PAGES_LARGE - 1)), behind = PAGES_LARGE - before;
    if (before > 0) {
        (void)munmap(memory, before); /* else it stays, and is never touched */
    }
    (void)munmap(memory + before + size, behind);
    return memory + before;
}

/* munmap takes no other sizes. */
static size_t whole_pages(size_t size) {
    enum { SMALL = 4096 };
    return (size + SMALL - 1) & ~(size_t)(SMALL - 1);
}

static void *take(size_t whole) {
    unsigned char *memory = map(whole);
    if (memory == NULL || whole < PAGES_LARGE) {
        return memory;
    }
    if (((uintptr_t)memory & (PAGES_LARGE - 1)) != 0) { /* newer systems align it themselves */
        (void)munmap(memory, whole);
        memory = map(whole + PAGES_LARGE);
        memory = memory != NULL ? cut(memory, whole) : NULL;
    }
#ifdef MADV_HUGEPAGE
    if (memory != NULL) {
        (void)madvise(memory, whole & ~(size_t)(PAGES_LARGE - 1), MADV_HUGEPAGE);
    }
#endif
    return memory;
}

void *pages_new(size_t size) {
    void *memory = size <= SIZE_MAX / 2 ? take(whole_pages(size)) : NULL;
    if (memory != NULL) {
        __lsan_register_root_region(memory, size);
    }
    return memory;
}

void pages_free(void *memory, size_t size) {
    if (memory != NULL) {
        __lsan_unregister_root_region(memory, size);
        (void)munmap(memory, whole_pages(size));
    }
}
