/* Writing a file of an author's in one go. */
#ifndef PANDU_CLI_REPLACE_FILE_H
#define PANDU_CLI_REPLACE_FILE_H

#include <stddef.h>

struct err;

/* Puts these bytes in the place of the file at path, or makes it (mode 0644): another reader sees the old
   file or the new one, whole, and after a power cut one of the two is there. The mode of an existing file
   stays. A symbolic link is followed. 0, or ERR_IO; then the file is as it was. */
int replace_file(const char *path, const char *bytes, size_t length, struct err *err);

#endif
