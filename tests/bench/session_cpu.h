#ifndef BENCH_SESSION_CPU_H
#define BENCH_SESSION_CPU_H

#include <sys/resource.h>
#include <sys/types.h>

/* Processor time in seconds. */
struct cpu { double user, system; };

struct cpu cpu_of(const struct rusage *r);
struct cpu cpu_self(void);
/* Of a child that has ended, or will now, and of those that it waited for. */
struct cpu cpu_wait(pid_t pid);
/*
 * All that a process and its descendants used, those that have ended too. What
 * has ended counts only once its parent has waited for it, in ticks of 10 ms.
 */
double cpu_tree(pid_t pid);
/* How many children it has, and a wait until it has no more than that. */
int cpu_children(pid_t pid);
void cpu_until_children(pid_t pid, int most);

#endif
