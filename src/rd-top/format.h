#ifndef RD_TOP_FORMAT_H
#define RD_TOP_FORMAT_H

#include <stdint.h>

/*
 * Numbers for people: three figures that count, a unit behind them, and "-" for
 * what is not known (NAN). Each fills and returns `out`, of FORMAT_MAX bytes.
 */
#define FORMAT_MAX 24

/* 12.4M: of bits, packets, …; 1000 is a k. */
const char *format_count(char *out, double value);
/* 12.4 Mbit/s */
const char *format_rate(char *out, double bps);
/* 23 MB */
const char *format_bytes(char *out, double value);
/* 8.12 ms, 1.20 s */
const char *format_ms(char *out, double ms);
/* 25 us, and as before */
const char *format_us(char *out, double us);
/* 0.3 % of a share of 1 */
const char *format_share(char *out, double share);
/* 30.0 */
const char *format_real(char *out, double value);
/* 30.0 /s */
const char *format_each_s(char *out, double value);
/* 42s, 3:07, 1:03:07, 2d 03h */
const char *format_age(char *out, double seconds);

#endif
