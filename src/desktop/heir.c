#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "desktop/heir.h"

#define PATIENCE_S 10

/* What ends a whole pipeline, SIGKILL to its group too, leaves the one who tidies up. */
static void
be_patient(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};
	setsid();
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		signal(numbers[i], SIG_IGN);
}

/* Without a descriptor of the stream: its other end must see it close with us. */
static void
wait_end(int fd, int keep)
{
	char byte;
	be_patient();
	prctl(PR_SET_NAME, "rd-keeper");
	close(STDOUT_FILENO);
	if (keep >= 0)
		dup2(keep, STDOUT_FILENO);
	dup2(fd, STDIN_FILENO);
	closefrom(STDERR_FILENO + 1);
	while (read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR)
		;
	/* A server that hangs is not waited for. */
	alarm(PATIENCE_S);
}

int
rd_heir_open(struct rd_heir *h, int keep, void (*tidy_up)(void *ctx), void *ctx)
{
	int ends[2];
	*h = (struct rd_heir){.fd = -1};
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	h->pid = fork();
	if (h->pid == 0) {
		close(ends[1]);
		wait_end(ends[0], keep);
		tidy_up(ctx);
		_exit(0);
	}
	int err = h->pid < 0 ? -errno : 0;
	close(ends[0]);
	h->fd = ends[1];
	if (err) {
		close(ends[1]);
		*h = (struct rd_heir){0};
	}
	return err;
}

void
rd_heir_close(struct rd_heir *h)
{
	if (h->pid <= 0)
		return;
	close(h->fd);
	while (waitpid(h->pid, NULL, 0) < 0 && errno == EINTR)
		;
	*h = (struct rd_heir){0};
}
