#ifndef RD_BASE_CLOCK_H
#define RD_BASE_CLOCK_H

#include <stdint.h>

#define RD_NS_PER_S UINT64_C(1000000000)
#define RD_NS_PER_MS UINT64_C(1000000)

/* The only places that read a clock. Protocol code takes `now` instead. */

/* CLOCK_MONOTONIC, ns: the same for all processes of one boot. */
uint64_t rd_clock_ns(void);
/* CLOCK_REALTIME, ns since the Unix epoch. */
uint64_t rd_clock_wall_ns(void);
/* CPU time this process has used, ns. */
uint64_t rd_clock_cpu_ns(void);
/* 16 bytes that name this boot (Linux: /proc/sys/kernel/random/boot_id). */
void rd_clock_boot_id(uint8_t id[static 16]);

#endif
