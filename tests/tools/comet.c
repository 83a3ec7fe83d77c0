/*
 * A process that is gone before anybody can end it: comet FILE. It forks, and only
 * the child goes on, which does the same, for a minute at most. As long as one of
 * them lives FILE is locked, flock(2).
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define LIFE_S 60

int
main(int argc, char **argv)
{
	int fd = argc == 2 ? open(argv[1], O_RDWR | O_CREAT, 0600) : -1;
	time_t end = time(NULL) + LIFE_S;
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0)
		return 1;
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	pid_t pid = fork();
	if (pid != 0)
		return pid < 0;
	setsid();
	while (time(NULL) < end)
		if (fork() > 0)
			_exit(0);
	return 0;
}
