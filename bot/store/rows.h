/* Rows of a result, packed into one block that one free() gives back. For every store. */
#ifndef PANDU_STORE_ROWS_H
#define PANDU_STORE_ROWS_H

#include "store/store.h"

enum { ROWS_MAX = 512, ROWS_BYTES = 256 * 1024 /* a page of a replay is about as long as a send queue */ };

struct rows;

struct rows *rows_new(void); /* NULL: no memory */
void rows_free(struct rows *rows);
/* Copies a row. 1; 0 when the block is full (it takes at least one row, however long) or there is no memory.
 */
int rows_add(struct rows *rows, const struct store_row *row);
/* Frees rows; the block, which result->rows points into from now on, or NULL without memory. */
void *rows_take(struct rows *rows, struct store_result *result);

#endif
