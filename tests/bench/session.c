#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench/bench.h"

/*
 * Starts a viewer, and where two commands are given a server whose stdin and
 * stdout are joined to the viewer's stdin by TCP, as inetd would; says how long
 * it took until the viewer's screen was the host's; and keeps both until
 * SIGTERM, or until whoever started us is gone.
 *
 *	session VIEWER…
 *	session -a ADDRESS [-s NETNS -v NETNS] SERVER… :: VIEWER…
 *
 * The sockets live in the network namespaces that are named (files); the
 * processes stay where they are.
 */
struct session {
	const char *address, *server_ns, *viewer_ns;
	char **server, **viewer;	/* commands; server may be NULL */
	pid_t server_pid, viewer_pid;
};

static int
socket_in(const char *netns)
{
	int home = -1;
	if (netns) {
		int there = open(netns, O_RDONLY | O_CLOEXEC);
		home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
		if (there < 0 || home < 0 || setns(there, CLONE_NEWNET) < 0)
			bench_die("%s: %s", netns, strerror(errno));
		close(there);
	}
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		bench_die("no socket: %s", strerror(errno));
	if (home >= 0) {
		if (setns(home, CLONE_NEWNET) < 0)
			bench_die("cannot return from %s: %s", netns, strerror(errno));
		close(home);
	}
	return fd;
}

/* A TCP connection from ends[1] to ends[0]; its port. */
static int
connect_tcp(const struct session *s, int ends[2])
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t len = sizeof(at);
	int listener = socket_in(s->server_ns), on = 1;

	if (inet_pton(AF_INET, s->address, &at.sin_addr) != 1)
		bench_die("not an address: %s", s->address);
	ends[1] = socket_in(s->viewer_ns);
	if (bind(listener, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(listener, 1) < 0 ||
		getsockname(listener, (struct sockaddr *)&at, &len) < 0 ||
		connect(ends[1], (struct sockaddr *)&at, sizeof(at)) < 0 ||
		(ends[0] = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) < 0)
		bench_die("no connection over %s: %s", s->address, strerror(errno));
	close(listener);
	for (int i = 0; i < 2; i++)
		setsockopt(ends[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return ntohs(at.sin_port);
}

static pid_t
spawn(char **command, int in, int out)
{
	pid_t pid = fork();
	if (pid < 0)
		bench_die("%s: %s", command[0], strerror(errno));
	if (pid > 0)
		return pid;
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (in >= 0)
		dup2(in, STDIN_FILENO);
	/* Our own stdout takes figures, not what a peer has to say. */
	dup2(out >= 0 ? out : STDERR_FILENO, STDOUT_FILENO);
	execvp(command[0], command);
	bench_die("%s: %s", command[0], strerror(errno));
}

static void
start(struct session *s)
{
	int ends[2] = {-1, -1};

	if (s->server) {
		printf("port %d\n", connect_tcp(s, ends));
		s->server_pid = spawn(s->server, ends[0], ends[0]);
		printf("server %d\n", s->server_pid);
	}
	s->viewer_pid = spawn(s->viewer, ends[1], -1);
	printf("viewer %d\n", s->viewer_pid);
	fflush(stdout);
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
}

static void
ended(int sig)
{
	(void)sig;
}

/* Until the picture is there; nearly all of it, because some peers are lossy. */
static bool
await_picture(const struct session *s, uint64_t since)
{
	struct framebuffer host = bench_host(), viewer = bench_viewer();
	while (framebuffer_alike(&host, &viewer, 0, 0, host.width, host.height) < 0.99) {
		if (waitpid(s->viewer_pid, NULL, WNOHANG) != 0 ||
			rd_clock_ns() - since > 20 * RD_NS_PER_S)
			return false;
		bench_sleep_ns(RD_NS_PER_MS / 2);
	}
	printf("startup_ms %.1f\n", (double)(rd_clock_ns() - since) / 1e6);
	fflush(stdout);
	return true;
}

static void
stop(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGTERM);
	for (int i = 0; i < 300; i++) {
		if (waitpid(pid, NULL, WNOHANG) != 0)
			return;
		bench_sleep_ns(10 * RD_NS_PER_MS);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void
read_options(struct session *s, int argc, char **argv)
{
	int c;
	while ((c = getopt(argc, argv, "+a:s:v:")) != -1) {
		if (c == 'a')
			s->address = optarg;
		else if (c == 's')
			s->server_ns = optarg;
		else if (c == 'v')
			s->viewer_ns = optarg;
		else
			exit(2);
	}
	s->viewer = argv + optind;
	if (!s->address)
		return;
	s->server = s->viewer;
	while (*s->viewer && strcmp(*s->viewer, "::") != 0)
		s->viewer++;
	if (!*s->viewer)
		bench_die("session: no :: VIEWER");
	*s->viewer++ = NULL;
}

int
session_main(int argc, char **argv)
{
	struct session s = {0};
	sigset_t ends;
	int sig;

	read_options(&s, argc, argv);
	if (!s.viewer[0])
		bench_die("session: no command");
	/* Blocked, so that they are only ever taken by sigwait; SIGCHLD wants a handler. */
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	signal(SIGCHLD, ended);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	uint64_t begun = rd_clock_ns();
	start(&s);
	bool shown = await_picture(&s, begun);
	if (shown)
		sigwait(&ends, &sig);
	else
		fprintf(stderr, "rd-bench: %s shows no picture\n", s.viewer[0]);
	stop(s.viewer_pid);
	stop(s.server_pid);
	return shown ? 0 : 1;
}
