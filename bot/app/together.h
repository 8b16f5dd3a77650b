/* Both processors for loading content: struct content_together of domain/content/load.h. */
#ifndef PANDU_APP_TOGETHER_H
#define PANDU_APP_TOGETHER_H

#include "domain/content/load.h"

/* Does first(one) here and second(other) on a thread of its own; returns when both have ended. */
void app_together(void *context, content_half *first, void *one, content_half *second, void *other);

#endif
