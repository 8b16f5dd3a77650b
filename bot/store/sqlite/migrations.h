/* The numbered SQL files of bot/store/sqlite/migrations, embedded at build. */
#ifndef PANDU_STORE_SQLITE_MIGRATIONS_H
#define PANDU_STORE_SQLITE_MIGRATIONS_H

extern const char *const migrations_sql[]; /* migrations_sql[0] brings schema 0 to 1, and so on */
extern const int migrations_count;         /* also the schema version this program writes */

#endif
