#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <seccomp.h>

#include "base/confine_calls.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* All that decoding and writing to what is open takes. */
static const int output_allowed[] = {
	/* bytes in and out, waiting for them */
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pwrite64),
	SCMP_SYS(ftruncate), SCMP_SYS(recvmsg),
	SCMP_SYS(recvfrom), SCMP_SYS(sendmsg), SCMP_SYS(sendto), SCMP_SYS(close), SCMP_SYS(shutdown),
	SCMP_SYS(lseek), SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(fsync),
	SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_pwait2),
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(timerfd_settime), SCMP_SYS(getsockopt),
	/* memory */
	SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(mprotect), SCMP_SYS(madvise),
	SCMP_SYS(brk),
	/* threads */
	SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(gettid),
	SCMP_SYS(getpid), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sched_setaffinity), SCMP_SYS(sched_getparam), SCMP_SYS(sched_getscheduler),
	SCMP_SYS(sched_get_priority_min), SCMP_SYS(sched_get_priority_max), SCMP_SYS(getcpu),
	SCMP_SYS(membarrier),
	/* time */
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
	SCMP_SYS(gettimeofday), SCMP_SYS(clock_getres),
	/* signals and the end */
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group),
	/* odds and ends of the C library */
	SCMP_SYS(getrandom), SCMP_SYS(sysinfo), SCMP_SYS(uname), SCMP_SYS(getrusage),
};

/* Of fcntl. F_SETOWN and F_SETSIG make the kernel signal whomever we like. */
static const int fcntl_allowed[] = {
	F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_ADD_SEALS, F_GET_SEALS,
	F_SETPIPE_SZ, F_GETPIPE_SZ,
};

/* Of ioctl, for a terminal; not TIOCSTI, which types what its next reader obeys. */
static const int terminal_allowed[] = {
	TCGETS, TCSETS, TCSETSW, TCSETSF, TCFLSH, TIOCGWINSZ, TIOCGPGRP,
};

/* Making files in rules->write_dir; where is Landlock's part. */
static const int output_files[] = {
	SCMP_SYS(openat), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(rename),
	SCMP_SYS(unlink), SCMP_SYS(unlinkat),
};

/* What the end of a session takes beside that; socket() itself is judged by its family. */
static const int network_allowed[] = {
	SCMP_SYS(bind), SCMP_SYS(connect), SCMP_SYS(accept4), SCMP_SYS(setsockopt),
	SCMP_SYS(getsockname), SCMP_SYS(getpeername), SCMP_SYS(sendmmsg), SCMP_SYS(recvmmsg),
	SCMP_SYS(mlock), SCMP_SYS(munlock), SCMP_SYS(timerfd_create), SCMP_SYS(dup),
};

/* What even a process with a window never does. */
static const int window_forbidden[] = {
	/* the network, and new ways to other processes */
	SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(accept),
	SCMP_SYS(accept4),
	/* programs and other processes */
	SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(process_madvise),
	SCMP_SYS(pidfd_open), SCMP_SYS(pidfd_getfd), SCMP_SYS(pidfd_send_signal), SCMP_SYS(kcmp),
	SCMP_SYS(rt_sigqueueinfo), SCMP_SYS(rt_tgsigqueueinfo), SCMP_SYS(tkill),
	/* io_uring does all of the above without passing here */
	SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter), SCMP_SYS(io_uring_register),
	/* keys, and the kernel's own affairs */
	SCMP_SYS(keyctl), SCMP_SYS(add_key), SCMP_SYS(request_key), SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd), SCMP_SYS(mount), SCMP_SYS(umount2),
	SCMP_SYS(move_mount), SCMP_SYS(open_tree), SCMP_SYS(fsopen), SCMP_SYS(fsconfig),
	SCMP_SYS(fsmount), SCMP_SYS(fspick), SCMP_SYS(mount_setattr), SCMP_SYS(pivot_root),
	SCMP_SYS(chroot), SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(init_module),
	SCMP_SYS(finit_module), SCMP_SYS(delete_module), SCMP_SYS(kexec_load),
	SCMP_SYS(kexec_file_load), SCMP_SYS(swapon), SCMP_SYS(swapoff), SCMP_SYS(reboot),
	SCMP_SYS(acct), SCMP_SYS(quotactl), SCMP_SYS(settimeofday), SCMP_SYS(clock_settime),
	SCMP_SYS(adjtimex), SCMP_SYS(clock_adjtime), SCMP_SYS(sethostname), SCMP_SYS(setdomainname),
	SCMP_SYS(name_to_handle_at), SCMP_SYS(open_by_handle_at), SCMP_SYS(personality),
	SCMP_SYS(syslog), SCMP_SYS(chmod), SCMP_SYS(fchmodat), SCMP_SYS(chown), SCMP_SYS(fchownat),
};

/* LeakSanitizer stops the threads from a process of its own, at the end. */
static const int sanitizer_allowed[] = {
	SCMP_SYS(clone), SCMP_SYS(ptrace), SCMP_SYS(wait4), SCMP_SYS(prctl), SCMP_SYS(openat),
	SCMP_SYS(open), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getdents), SCMP_SYS(getdents64),
	SCMP_SYS(arch_prctl), SCMP_SYS(getppid), SCMP_SYS(kill), SCMP_SYS(tgkill), SCMP_SYS(stat),
	SCMP_SYS(process_vm_readv), SCMP_SYS(pipe2), SCMP_SYS(pipe), SCMP_SYS(mincore),
};

#ifdef __SANITIZE_ADDRESS__
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

/* A call this machine does not have (-EDOM) needs no rule. */
static int
add(scmp_filter_ctx f, uint32_t action, const int *calls, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int err = seccomp_rule_add(f, action, calls[i], 0);
		if (err && err != -EDOM && err != -EACCES)
			return err;
	}
	return 0;
}

/*
 * clone makes threads, never processes; clone3, whose flags lie in memory no
 * filter can see, "does not exist", and the C library takes clone.
 */
static int
threads_only(scmp_filter_ctx f, bool allow)
{
	int err = seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	if (err)
		return err;
	return allow
		? seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
			SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD))
		: seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
			SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
}

/* Signals to this process only: abort() and the like. */
static int
own_signals(scmp_filter_ctx f, bool allow)
{
	static const int calls[] = {SCMP_SYS(kill), SCMP_SYS(tgkill)};
	pid_t self = getpid();
	int err = 0;
	for (size_t i = 0; i < COUNT(calls) && !err; i++)
		err = seccomp_rule_add(f, allow ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM), calls[i], 1,
			SCMP_A0(allow ? SCMP_CMP_EQ : SCMP_CMP_NE, (scmp_datum_t)self));
	return err;
}

/* Of calls that reach other processes, too, what concerns ourselves. */
static int
allow_own(scmp_filter_ctx f)
{
	int err = 0;
	for (size_t i = 0; i < COUNT(fcntl_allowed) && !err; i++)
		err = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
			SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, (scmp_datum_t)fcntl_allowed[i]));
	if (!err)
		err = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
			SCMP_A0(SCMP_CMP_EQ, 0));
	return err ? err : seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
		SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
}

static int
allow_terminal(scmp_filter_ctx f)
{
	int err = 0;
	for (size_t i = 0; i < COUNT(terminal_allowed) && !err; i++)
		err = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
			SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, (scmp_datum_t)terminal_allowed[i]));
	return err;
}

/* Internet sockets and no others: no local ones, by which to reach other daemons. */
static int
allow_network(scmp_filter_ctx f)
{
	int err = add(f, SCMP_ACT_ALLOW, network_allowed, COUNT(network_allowed));
	if (!err)
		err = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
			SCMP_A0(SCMP_CMP_EQ, AF_INET));
	if (!err)
		err = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
			SCMP_A0(SCMP_CMP_EQ, AF_INET6));
	return err;
}

/* Whoever knocks at such a socket: nothing new can be made to listen. */
static int
allow_door(scmp_filter_ctx f, int door)
{
	if (door <= 0)
		return 0;
	return seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(accept4), 1,
		SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)door));
}

/* A file of that one folder; that it is there, and no path leads elsewhere, is Landlock's part. */
static int
allow_remove(scmp_filter_ctx f, int dir)
{
	if (dir <= 0)
		return 0;
	return seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(unlinkat), 2,
		SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)dir), SCMP_A2(SCMP_CMP_EQ, 0));
}

static int
allow_list(scmp_filter_ctx f, const struct rd_confine_rules *rules)
{
	int err = add(f, SCMP_ACT_ALLOW, output_allowed, COUNT(output_allowed));
	if (!err && rules->kind == RD_CONFINE_NETWORK)
		err = allow_network(f);
	if (!err && rules->kind == RD_CONFINE_OUTPUT)
		err = allow_door(f, rules->door);
	if (!err && rules->kind == RD_CONFINE_OUTPUT)
		err = allow_door(f, rules->page);
	if (!err && rules->kind == RD_CONFINE_OUTPUT && !rules->write_dir)
		err = allow_remove(f, rules->remove_dir);
	if (!err && rules->terminal)
		err = allow_terminal(f);
	if (!err && rules->write_dir)
		err = add(f, SCMP_ACT_ALLOW, output_files, COUNT(output_files));
	if (!err)
		err = allow_own(f);
	if (!err && SANITIZED)
		err = add(f, SCMP_ACT_ALLOW, sanitizer_allowed, COUNT(sanitizer_allowed));
	if (!err)
		err = threads_only(f, true);
	return err ? err : own_signals(f, true);
}

static bool
sanitizer_needs(int call)
{
	for (size_t i = 0; SANITIZED && i < COUNT(sanitizer_allowed); i++)
		if (sanitizer_allowed[i] == call)
			return true;
	return false;
}

/* What allow_own does not allow, forbidden. */
static int
deny_others(scmp_filter_ctx f)
{
	static const int signalling[] = {F_SETOWN, F_SETOWN_EX, F_SETSIG};
	int err = seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prlimit64), 1,
		SCMP_A0(SCMP_CMP_NE, 0));
	for (size_t i = 0; i < COUNT(signalling) && !err; i++)
		err = seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(fcntl), 1,
			SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, (scmp_datum_t)signalling[i]));
	return err;
}

static bool
becomes_another(const struct rd_confine_rules *rules, int call)
{
	return rules->kind == RD_CONFINE_PROGRAM &&
		(call == SCMP_SYS(execve) || call == SCMP_SYS(execveat));
}

/* A rule compares once: all below the doors, all above, each between. */
static int
deny_but_doors(scmp_filter_ctx f, int door, int page)
{
	int low = door, high = page;
	if (low <= 0 || (page > 0 && page < low))
		low = page, high = door;
	if (high <= 0)
		high = low;
	int err = seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(accept4), 1,
		SCMP_A0(SCMP_CMP_LT, (scmp_datum_t)low));
	if (!err)
		err = seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(accept4), 1,
			SCMP_A0(SCMP_CMP_GT, (scmp_datum_t)high));
	for (int fd = low + 1; fd < high && !err; fd++)
		err = seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(accept4), 1,
			SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)fd));
	return err;
}

static int
deny_list(scmp_filter_ctx f, const struct rd_confine_rules *rules)
{
	int err = deny_others(f);
	for (size_t i = 0; i < COUNT(window_forbidden) && !err; i++)
		if (window_forbidden[i] == SCMP_SYS(accept4) && (rules->door > 0 || rules->page > 0))
			err = deny_but_doors(f, rules->door, rules->page);
		else if (!sanitizer_needs(window_forbidden[i]) && !becomes_another(rules, window_forbidden[i]))
			err = add(f, SCMP_ACT_ERRNO(EPERM), &window_forbidden[i], 1);
	/* Typing into the terminal we were started from (ioctl_tty(2)). */
	if (!err)
		err = seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
			SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, TIOCSTI));
	if (!err)
		err = seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
			SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, TIOCLINUX));
	if (err || SANITIZED)
		return err;
	err = threads_only(f, false);
	return err ? err : own_signals(f, false);
}

int
rd_confine_calls(const struct rd_confine_rules *rules)
{
	bool most = rules->kind == RD_CONFINE_WINDOW || rules->kind == RD_CONFINE_PROGRAM;
	scmp_filter_ctx f = seccomp_init(most ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM));
	if (!f)
		return -ENOMEM;
	/* Graphics libraries may have started threads. */
	int err = seccomp_attr_set(f, SCMP_FLTATR_CTL_TSYNC, 1);
	if (!err)
		err = most ? deny_list(f, rules) : allow_list(f, rules);
	if (!err)
		err = seccomp_load(f);
	seccomp_release(f);
	return err;
}
