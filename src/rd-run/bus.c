#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "rd-run/bus.h"
#include "rd-run/words.h"

/* As the specification of D-Bus has it of values: all but a few bytes as %XX. */
char *
bus_address(const char *path)
{
	static const char plain[] = "-_/.\\*0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char *address = xcalloc(sizeof("unix:path=") + 3 * strlen(path), 1);
	char *at = address + sprintf(address, "unix:path=");
	for (; *path; path++)
		at += sprintf(at, strchr(plain, *path) ? "%c" : "%%%02x", (unsigned char)*path);
	return address;
}

int
bus_start(struct bus *b, const struct place *p, char *const *env,
	const struct start_before *before)
{
	int address[2];
	if (pipe2(address, O_CLOEXEC) < 0)
		return -errno;
	/* In our folder, which goes; the usual place is /tmp, or a name that others see. */
	char *address_of = bus_address(p->bus), *at = xasprintf("--address=%s", address_of);
	struct words w = {0};
	words_add(&w, "dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=3",
		at, NULL);
	struct start s = {
		.argv = w.word, .env = env, .before = before, .death = SIGTERM,
		.bare = true, .fd = {-1, -1, -1, address[1]},
	};
	int err = start(&b->pid, &s);
	b->fd = address[0];
	close(address[1]);
	words_finish(&w);
	free(at);
	free(address_of);
	return err;
}

void
bus_read(struct bus *b)
{
	ssize_t n = read(b->fd, b->text + b->len, sizeof(b->text) - 1 - b->len);
	if (n < 0 && errno == EINTR)
		return;
	if (n > 0)
		b->len += (unsigned)n;
	b->text[b->len] = '\0';
	char *end = strchr(b->text, '\n');
	if (end)
		b->address = xasprintf("%.*s", (int)(end - b->text), b->text);
	if (n <= 0 || end || b->len == sizeof(b->text) - 1) {
		close(b->fd);
		b->fd = -1;
	}
}

void
bus_close(struct bus *b)
{
	if (b->fd >= 0)
		close(b->fd);
	free(b->address);
	*b = (struct bus){.fd = -1};
}
