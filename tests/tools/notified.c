/*
 * A service manager's ear: notified SOCKET. Prints each datagram that comes there, its
 * lines, and first the process that sent it: "from PID".
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int on = 1;
	if (argc != 2 || strlen(argv[1]) >= sizeof(at.sun_path))
		return 2;
	strcpy(at.sun_path, argv[1]);
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0 ||
			bind(fd, (const struct sockaddr *)&at, sizeof(at)) < 0)
		return 1;
	for (;;) {
		char text[4096];
		_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct ucred))];
		struct iovec io = {text, sizeof(text) - 1};
		struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = control,
			.msg_controllen = sizeof(control)};
		ssize_t n = recvmsg(fd, &m, 0);
		struct ucred who = {0};
		if (n < 0)
			return 1;
		if (CMSG_FIRSTHDR(&m))
			memcpy(&who, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(who));
		text[n] = '\0';
		printf("from %d\n%s\n", (int)who.pid, text);
		fflush(stdout);
	}
}
