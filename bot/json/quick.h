/* A fast reader of JSON text for large files: takes what it knows and leaves the rest to jansson. Private to
   bot/json. */
#ifndef PANDU_JSON_QUICK_H
#define PANDU_JSON_QUICK_H

#include <jansson.h>
#include <stddef.h>

/* What json_loadb with JSON_REJECT_DUPLICATES would give, or NULL where it is not certain: mistakes, numbers
   that are long or have exponents, texts that are too deep, no memory. */
json_t *quick_parse(const char *bytes, size_t length, int depth_max);

#endif
