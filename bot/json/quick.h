/* A fast reader of JSON text for large files: takes what it knows and leaves the rest to jansson. Private to
   bot/json. */
#ifndef PANDU_JSON_QUICK_H
#define PANDU_JSON_QUICK_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

enum { QUICK_KEY_MAX = 256 };

/* What is made of a text. line: 1-based, where the value begins. NULL or non-zero: it is given up. begin
   makes an object or an array; add puts a value into it (key NULL: an array), takes the value even on
   failure, and fails where the key is there already; end is called once all are in it and gives the finished
   one (NULL: given up, and it is gone). drop: gives back what is not wanted. */
struct quick_maker {
    json_t *(*text)(void *context, const char *text, size_t length, uint32_t line);
    json_t *(*integer)(void *context, int64_t number, uint32_t line);
    json_t *(*real)(void *context, double number, uint32_t line);
    json_t *(*word)(void *context, json_type type, uint32_t line);
    json_t *(*begin)(void *context, int is_object, uint32_t line);
    int (*add)(void *context, json_t *container, const char *key, size_t length, json_t *member);
    json_t *(*end)(void *context, json_t *container);
    void (*drop)(json_t *value);
};

/* What json_loadb with JSON_REJECT_DUPLICATES would read, or NULL where it is not certain: mistakes, numbers
   that are long or have exponents, texts that are too deep, no memory. */
json_t *quick_read(const char *bytes, size_t length, int depth_max, const struct quick_maker *maker,
                   void *context);

/* quick_read for jansson's own values. */
json_t *quick_parse(const char *bytes, size_t length, int depth_max);

#endif
