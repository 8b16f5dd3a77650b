/* Memory for large tables that are touched all over: the system is asked for its large pages, which take one
   page fault where small ones take 512, and one entry of the processor's table of addresses. */
#ifndef PANDU_BASE_PAGES_H
#define PANDU_BASE_PAGES_H

#include <stddef.h>

enum { PAGES_LARGE = 2 * 1024 * 1024 /* bytes: of x86-64 and, with pages of 4 KB, of 64-bit ARM */ };

/* size bytes, more than 0: zero, and aligned to PAGES_LARGE from that size on. What is never touched takes no
   memory, but a large page is taken as a whole; what is left over behind the last whole one is of small
   pages. Only a hint: without large pages it works the same. NULL when there is no memory. */
void *pages_new(size_t size);
void pages_free(void *memory, size_t size); /* the size it was made with; NULL: nothing */

#endif
