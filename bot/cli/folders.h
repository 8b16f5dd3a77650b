/* Folders for data, made for their owner alone. */
#ifndef PANDU_CLI_FOLDERS_H
#define PANDU_CLI_FOLDERS_H

/* Makes a folder and those above it, mode 0700; what exists stays as it is. 0, or -1 with errno. */
int folders_make(const char *path);
/* The same for the folder a file lies in. */
int folders_make_for(const char *file);

#endif
