/* Last include of every .c file: calls that lose bounds, state or errors do not compile here. */
#ifndef PANDU_BANNED_H
#define PANDU_BANNED_H

#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#undef gets
#undef atoi
#undef atol
#undef atof
#undef strtok
#undef gmtime
#undef localtime
#undef asctime
#undef ctime
#undef rand
#undef srand
#undef system
#define strcpy(...) banned_use_buf_or_memcpy
#define strcat(...) banned_use_buf
#define strncpy(...) banned_use_buf
#define strncat(...) banned_use_buf
#define sprintf(...) banned_use_snprintf_or_buf
#define vsprintf(...) banned_use_vsnprintf
#define gets(...) banned_use_fgets
#define atoi(...) banned_use_strtol
#define atol(...) banned_use_strtol
#define atof(...) banned_use_strtod
#define strtok(...) banned_use_strspn
#define gmtime(...) banned_use_gmtime_r
#define localtime(...) banned_use_localtime_r
#define asctime(...) banned_use_strftime
#define ctime(...) banned_use_strftime
#define rand(...) banned_use_the_seed_of_the_turn
#define srand(...) banned_use_the_seed_of_the_turn
#define system(...) banned_use_posix_spawn

#endif
