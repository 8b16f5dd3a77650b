/* What a state has that an older one has not: of most turns a few hundred bytes of some thousand. A list of
   pieces, each a copy of bytes of the older state and then bytes of its own: the copy's length and its
   distance from the end of the copy before (zigzag), the length of its own bytes, in groups of seven bits,
   least first; and those bytes. */
#ifndef PANDU_STORE_PATCH_H
#define PANDU_STORE_PATCH_H

#include "store/store.h"

struct same;

enum { PATCH_STATE_MAX = 256 * 1024 /* bytes of a state made by one */ };

/* Makes the patch that turns one state into another, at out. same: parts of both that are known to be alike,
   so that to need not have their bytes; NULL: none are. Returns its length, or 0: it has more than capacity
   bytes, or one of the states is empty or longer than 64 KiB - 1. */
size_t patch_make(struct store_bytes from, struct store_bytes to, const struct same *same, void *out,
                  size_t capacity);

/* *length: of the state it makes from one of from_length bytes. 0, or -1: it is none of such a state. */
int patch_check(struct store_bytes patch, size_t from_length, size_t *length);

/* How many bytes at their beginning the two states have in common, of a patch that fits. */
size_t patch_begin(struct store_bytes patch);

/* Writes the state to out, which has room for the length that patch_check found. */
void patch_apply(struct store_bytes patch, const void *from, void *out);

#endif
