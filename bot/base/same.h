/* Parts of a text that are known to stand in another, older one: whoever has the older one need not read or
   compare them, nor write those that stand at the same place. */
#ifndef PANDU_BASE_SAME_H
#define PANDU_BASE_SAME_H

#include <stddef.h>

enum { SAME_MAX = 16 };

struct same_part {
    size_t from, at, length; /* bytes: where in the older text, where in the newer; 0 long: a place only */
};
struct same { /* one behind the other in the newer text, in any order in the older one */
    size_t count;
    struct same_part parts[SAME_MAX];
};

#endif
