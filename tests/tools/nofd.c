/*
 * A way to an X server on which descriptors get lost, as through a socket
 * forwarded by other programs: nofd N, where :N is the server's display.
 * Prints the number of the display it makes of that, and serves it. After
 * SIGUSR1 it dies of the next thing a client asks for.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define CLIENTS 8

struct client { int fd, server; };

static volatile sig_atomic_t doomed;

static void
on_usr1(int number)
{
	(void)number;
	doomed = 1;
}

/* Abstract sockets leave nothing behind in the file system. */
static socklen_t
address(struct sockaddr_un *sa, int display)
{
	*sa = (struct sockaddr_un){.sun_family = AF_UNIX};
	int n = snprintf(sa->sun_path + 1, sizeof(sa->sun_path) - 1, "/tmp/.X11-unix/X%d", display);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
}

static int
listen_free(int *display)
{
	struct sockaddr_un sa;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	for (*display = 5000; *display < 5500; ++*display) {
		socklen_t len = address(&sa, *display);
		if (bind(fd, (struct sockaddr *)&sa, len) == 0)
			return listen(fd, 5) == 0 ? fd : -1;
	}
	return -1;
}

static int
connect_server(int display)
{
	struct sockaddr_un sa;
	socklen_t len = address(&sa, display);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	return connect(fd, (struct sockaddr *)&sa, len) == 0 ? fd : -1;
}

/* read(2), unlike recvmsg(2), drops descriptors. False at the end. */
static int
forward(int from, int to)
{
	char buf[65536];
	ssize_t n = read(from, buf, sizeof(buf)), done = 0;
	while (n > 0 && done < n) {
		ssize_t k = send(to, buf + done, (size_t)(n - done), MSG_NOSIGNAL);
		if (k < 0)
			return 0;
		done += k;
	}
	return n > 0;
}

static void
serve(struct client *c, const struct pollfd *p)
{
	int alive = 1;
	if (p[0].revents && doomed)
		exit(0);
	if (p[0].revents)
		alive = forward(c->fd, c->server);
	if (alive && p[1].revents)
		alive = forward(c->server, c->fd);
	if (alive)
		return;
	close(c->fd);
	close(c->server);
	*c = (struct client){-1, -1};
}

int
main(int argc, char **argv)
{
	struct client clients[CLIENTS];
	int display, fd = listen_free(&display);
	if (argc != 2 || fd < 0)
		return 1;
	signal(SIGUSR1, on_usr1);
	printf("%d\n", display);
	fflush(stdout);
	for (int i = 0; i < CLIENTS; i++)
		clients[i] = (struct client){-1, -1};
	for (;;) {
		struct pollfd p[2 * CLIENTS + 1];
		for (int i = 0; i < CLIENTS; i++) {
			p[2 * i] = (struct pollfd){.fd = clients[i].fd, .events = POLLIN};
			p[2 * i + 1] = (struct pollfd){.fd = clients[i].server, .events = POLLIN};
		}
		p[2 * CLIENTS] = (struct pollfd){.fd = fd, .events = POLLIN};
		if (poll(p, 2 * CLIENTS + 1, -1) < 0) {
			if (errno == EINTR)
				continue;
			return 1;
		}
		for (int i = 0; i < CLIENTS; i++)
			if (clients[i].fd >= 0)
				serve(&clients[i], &p[2 * i]);
		for (int i = 0; p[2 * CLIENTS].revents && i < CLIENTS; i++) {
			if (clients[i].fd >= 0)
				continue;
			clients[i] = (struct client){accept(fd, NULL, NULL), connect_server(atoi(argv[1]))};
			break;
		}
	}
}
