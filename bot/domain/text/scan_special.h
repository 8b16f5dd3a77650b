/* Recognises at the start of a word what is not a word. Internal to this folder. */
#ifndef PANDU_DOMAIN_TEXT_SCAN_SPECIAL_H
#define PANDU_DOMAIN_TEXT_SCAN_SPECIAL_H

#include <stddef.h>

/* Length of the e-mail address, URL, phone number or masked identity number at the beginning of text
   (plain, lower case), 0 if there is none; *stands_for gets one of scan.h's names. */
size_t scan_special(const char *text, size_t length, const char **stands_for);

/* Length of an emoticon such as ":d" or "<3" that begins at text[at], 0 if there is none. */
size_t scan_emoticon(const char *text, size_t length, size_t at);

/* 1 if text begins with a top-level domain that people write in chat ("com", "id") and then ends. */
int scan_is_domain(const char *text, size_t length);

#endif
