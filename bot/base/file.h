/* Putting a whole file in its place. */
#ifndef PANDU_BASE_FILE_H
#define PANDU_BASE_FILE_H

#include <stddef.h>
#include <sys/types.h>

struct err;

/* Puts these bytes in the place of the file at path, or makes it: another reader sees the old file or the new
   one, whole, and after a power cut one of the two is there. mode: of the new file, whatever the umask says.
   A symbolic link at path is replaced, not followed. 0, or ERR_IO; then the file is as it was. */
int file_replace(const char *path, mode_t mode, const char *bytes, size_t length, struct err *err);

#endif
