#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench/bench.h"
#include "bench/session_cpu.h"

#define CHILDREN_NS (10 * RD_NS_PER_S)

static double
seconds(struct timeval tv)
{
	return (double)tv.tv_sec + (double)tv.tv_usec / 1e6;
}

struct cpu
cpu_of(const struct rusage *r)
{
	return (struct cpu){seconds(r->ru_utime), seconds(r->ru_stime)};
}

struct cpu
cpu_self(void)
{
	struct rusage r;
	getrusage(RUSAGE_SELF, &r);
	return cpu_of(&r);
}

struct cpu
cpu_wait(pid_t pid)
{
	struct rusage r;
	int status;
	while (wait4(pid, &status, 0, &r) < 0)
		if (errno != EINTR)
			bench_die("a child is gone: %s", strerror(errno));
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		bench_die("what was started has failed");
	return cpu_of(&r);
}

/* Of children that were waited for: fields 16 and 17 of proc(5)'s stat. */
static double
of_ended(pid_t pid)
{
	char path[64], line[1024];
	long long user = 0, system = 0;
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	FILE *f = fopen(path, "r");
	if (!f)
		return 0;
	/* The name, in brackets, may hold anything. */
	const char *at = fgets(line, sizeof(line), f) ? strrchr(line, ')') : NULL;
	fclose(f);
	if (at)
		sscanf(at, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %lld %lld",
			&user, &system);
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static double
of_itself(pid_t pid)
{
	struct timespec ts;
	clockid_t clock;
	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &ts) != 0)
		return 0;
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static FILE *
children(pid_t pid)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
	return fopen(path, "r");
}

double
cpu_tree(pid_t pid)
{
	double sum = of_itself(pid) + of_ended(pid);
	FILE *f = children(pid);
	int child;
	while (f && fscanf(f, "%d", &child) == 1)
		sum += cpu_tree(child);
	if (f)
		fclose(f);
	return sum;
}

int
cpu_children(pid_t pid)
{
	FILE *f = children(pid);
	int child, n = 0;
	while (f && fscanf(f, "%d", &child) == 1)
		n++;
	if (f)
		fclose(f);
	return n;
}

void
cpu_until_children(pid_t pid, int most)
{
	uint64_t end = rd_clock_ns() + CHILDREN_NS;
	while (cpu_children(pid) > most) {
		if (rd_clock_ns() > end)
			bench_die("what serves a session does not end with it");
		bench_sleep_ns(RD_NS_PER_MS);
	}
}
