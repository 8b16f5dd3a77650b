/* What the files of `pandu bench` share. */
#ifndef PANDU_CLI_BENCH_H
#define PANDU_CLI_BENCH_H

#include <stddef.h>

struct value;

double bench_now_us(void);
/* The value that a share of the times does not exceed; 0.5 is the median. Sorts them; 0 of none. */
double bench_share_of(double *times, size_t count, double share);
/* Sets a number with four decimals; 0 or an ERR code. */
int bench_set_real(struct value *object, const char *key, double number);
double bench_rss_mb(void); /* memory in use */

/* `pandu bench content`, arguments[1] is "content": the exit status, 2 for a wrong call. */
int bench_content(int count, char **arguments);

#endif
