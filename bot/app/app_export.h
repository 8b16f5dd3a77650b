/* Export files: everything stored of a conversation, for the person who asked. */
#ifndef PANDU_APP_APP_EXPORT_H
#define PANDU_APP_APP_EXPORT_H

#include <stddef.h>

struct arena;
struct err;

/* Writes json to FOLDER/exports/, mode 0600, all or nothing. The name is made of hashes of the conversation
   and the turn, so that the same turn sent again overwrites its file and app_export_remove finds them all.
   The path in arena, or NULL with *err. */
const char *app_export_write(const char *data_folder, const char *conversation, const char *turn_id,
                             const char *json, struct arena *arena, struct err *err);

/* Removes every export of a conversation. 0, or ERR_IO. */
int app_export_remove(const char *data_folder, const char *conversation, struct err *err);

#endif
