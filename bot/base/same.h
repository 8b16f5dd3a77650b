/* Parts of a text that stand in another, older one at the same place, and are known to: whoever has the older
   one need not write, read or compare them. */
#ifndef PANDU_BASE_SAME_H
#define PANDU_BASE_SAME_H

#include <stddef.h>

enum { SAME_MAX = 4 };

struct same_part {
    size_t at, length; /* bytes, within both texts */
};
struct same { /* one behind the other */
    size_t count;
    struct same_part parts[SAME_MAX];
};

#endif
