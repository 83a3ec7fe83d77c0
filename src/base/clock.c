#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

static uint64_t
read_ns(clockid_t id)
{
	struct timespec ts;
	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * RD_NS_PER_S + (uint64_t)ts.tv_nsec;
}

uint64_t
rd_clock_ns(void)
{
	return read_ns(CLOCK_MONOTONIC);
}

uint64_t
rd_clock_wall_ns(void)
{
	return read_ns(CLOCK_REALTIME);
}

uint64_t
rd_clock_cpu_ns(void)
{
	return read_ns(CLOCK_PROCESS_CPUTIME_ID);
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "f81d4fae-7dec-11d0-a765-00a0c91e6bf6": 32 digits, dashes anywhere. */
static int
parse_uuid(uint8_t id[static 16], const char *text, size_t len)
{
	unsigned digits = 0;
	for (size_t i = 0; i < len && digits < 32; i++) {
		int v = hex(text[i]);
		if (v < 0)
			continue;
		id[digits / 2] = (uint8_t)(id[digits / 2] << 4 | v);
		digits++;
	}
	return digits == 32 ? 0 : -EINVAL;
}

void
rd_clock_boot_id(uint8_t id[static 16])
{
	char text[64];
	ssize_t n = -1;
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, text, sizeof(text));
		close(fd);
	}
	memset(id, 0, 16);
	/*
	 * Equal ids mean clocks that compare, so a machine that will not say
	 * which boot this is gets an id that equals no other.
	 */
	if (n < 0 || parse_uuid(id, text, (size_t)n) != 0)
		while (getrandom(id, 16, 0) < 0 && errno == EINTR)
			;
}
