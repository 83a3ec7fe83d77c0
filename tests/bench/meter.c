#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <dirent.h>

#include "base/clock.h"
#include "bench/bench.h"

/*
 * What groups of processes use while a command runs: processor time to the ns
 * by their own clocks (ticks of 10 ms are too coarse for 1 %), voluntary context
 * switches of all their threads, and memory at the end.
 */
#define GROUPS 16
#define PIDS 16

struct usage {
	double cpu_ns;
	double switches;
	double rss_kb, peak_kb, pss_kb;
};

struct group {
	const char *name;
	pid_t pids[PIDS];
	int n;
	struct usage before, after;
};

/* The sum of "name: N" lines of a file of /proc; 0 where it is gone. */
static double
field(const char *path, const char *name)
{
	char line[256];
	double sum = 0;
	size_t len = strlen(name);
	FILE *f = fopen(path, "r");

	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, name, len) == 0 && line[len] == ':')
			sum += atof(line + len + 1);
	if (f)
		fclose(f);
	return sum;
}

static double
switches(pid_t pid)
{
	char path[320];
	double sum = 0;
	struct dirent *e;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	DIR *dir = opendir(path);
	while (dir && (e = readdir(dir))) {
		if (!isdigit((unsigned char)e->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%s/status", pid, e->d_name);
		sum += field(path, "voluntary_ctxt_switches");
	}
	if (dir)
		closedir(dir);
	return sum;
}

static void
add_usage(struct usage *u, pid_t pid)
{
	struct timespec ts;
	clockid_t clock;
	char path[64];

	if (clock_getcpuclockid(pid, &clock) == 0 && clock_gettime(clock, &ts) == 0)
		u->cpu_ns += (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
	u->switches += switches(pid);
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	u->rss_kb += field(path, "VmRSS");
	u->peak_kb += field(path, "VmHWM");
	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", pid);
	u->pss_kb += field(path, "Pss");
}

static struct usage
group_usage(const struct group *g)
{
	struct usage u = {0};
	for (int i = 0; i < g->n; i++)
		add_usage(&u, g->pids[i]);
	return u;
}

static void
group_read(struct group *g, char *text)
{
	char *pids = strchr(text, '=');
	if (!pids)
		bench_die("not NAME=PID,PID…: %s", text);
	*pids++ = '\0';
	g->name = text;
	for (char *p = strtok(pids, ","); p && g->n < PIDS; p = strtok(NULL, ","))
		g->pids[g->n++] = (pid_t)atol(p);
}

double
bench_machine_ns(void)
{
	double user, nice, system, idle, wait, irq, softirq, steal = 0;
	FILE *f = fopen("/proc/stat", "r");
	if (f) {
		if (fscanf(f, "cpu %lf %lf %lf %lf %lf %lf %lf %lf", &user, &nice, &system, &idle,
			    &wait, &irq, &softirq, &steal) < 8)
			user = nice = system = irq = softirq = steal = 0;
		else
			steal += user + nice + system + irq + softirq;
		fclose(f);
	}
	return steal * 1e9 / (double)sysconf(_SC_CLK_TCK);
}

static double
children_ns(void)
{
	struct rusage r;
	getrusage(RUSAGE_CHILDREN, &r);
	return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1e9 +
		(double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1e3;
}

static int
run(char **command)
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		execvp(command[0], command);
		bench_die("%s: %s", command[0], strerror(errno));
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		bench_die("%s: %s", command[0], strerror(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static void
print(const struct group *g, double ns)
{
	printf("cpu_%s_pct %.3f\n", g->name, 100 * (g->after.cpu_ns - g->before.cpu_ns) / ns);
	printf("switches_%s %.0f\n", g->name, g->after.switches - g->before.switches);
	printf("rss_%s_mb %.1f\n", g->name, g->after.rss_kb / 1024);
	printf("peak_%s_mb %.1f\n", g->name, g->after.peak_kb / 1024);
	printf("pss_%s_mb %.1f\n", g->name, g->after.pss_kb / 1024);
}

int
meter_main(int argc, char **argv)
{
	static struct group groups[GROUPS];
	int n = 0, i = 1;

	for (; i < argc && strcmp(argv[i], "--") != 0 && n < GROUPS; i++)
		group_read(&groups[n++], argv[i]);
	if (i + 1 >= argc)
		bench_die("no command to measure by");
	for (int g = 0; g < n; g++)
		groups[g].before = group_usage(&groups[g]);
	double machine = bench_machine_ns();
	uint64_t start = rd_clock_ns();
	int code = run(argv + i + 1);
	double ns = (double)(rd_clock_ns() - start);
	double others = bench_machine_ns() - machine - children_ns();
	for (int g = 0; g < n; g++) {
		groups[g].after = group_usage(&groups[g]);
		others -= groups[g].after.cpu_ns - groups[g].before.cpu_ns;
		print(&groups[g], ns);
	}
	printf("seconds %.3f\n", ns / 1e9);
	printf("others_pct %.1f\n", 100 * others / ns);
	return code;
}
