#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/password.h"
#include "net/prompt.h"
#include "rd-key/asking.h"
#include "rd-key/say.h"

#define TRIES 3

static int
failed(int err, int fd)
{
	if (err == -ECANCELED)
		return EXIT_INTERRUPTED;
	if (err == -ENXIO)
		rd_error("there is no terminal to ask at; --help names an option for a descriptor");
	else if (err == -EMSGSIZE)
		rd_error("longer than %d bytes", RD_PASSWORD_MAX);
	else if (err == -EINVAL)
		rd_error("a zero byte is in it");
	else if (err == -ENODATA)
		rd_error("descriptor %d has no line left", fd);
	else if (fd >= 0)
		rd_error("descriptor %d: %s", fd, strerror(-err));
	else
		rd_error("terminal: %s", strerror(-err));
	return err == -ENODATA || err == -EIO || err == -EISDIR ? RD_EXIT_INPUT : RD_EXIT_USAGE;
}

int
ask_once(int fd, const char *prompt, char *out, size_t cap)
{
	int err = fd >= 0 ? rd_prompt_fd(fd, out, cap) : rd_prompt_secret(prompt, out, cap);
	return err ? failed(err, fd) : 0;
}

static bool
too_short(const char *secret, size_t min)
{
	return rd_password_characters(secret, strlen(secret)) < min;
}

/* 0, -EAGAIN and told when the answers will not do, or what asking returned. */
static int
ask_twice(const char *what, size_t min, char *out, size_t cap)
{
	char again[RD_PASSWORD_MAX + 1];
	char *first = xasprintf("New %s: ", what);
	int err = rd_prompt_secret(first, out, cap);
	if (!err && too_short(out, min)) {
		rd_error("a %s has at least %zu characters", what, min);
		err = -EAGAIN;
	}
	if (!err)
		err = rd_prompt_secret("The same again: ", again, sizeof(again));
	if (!err && strcmp(out, again) != 0) {
		rd_error("the two are not the same");
		err = -EAGAIN;
	}
	sodium_memzero(again, sizeof(again));
	free(first);
	return err;
}

int
ask_new(int fd, const char *what, size_t min, char *out, size_t cap)
{
	int err = -EAGAIN;
	if (fd >= 0) {
		err = rd_prompt_fd(fd, out, cap);
		if (!err && too_short(out, min)) {
			rd_error("a %s has at least %zu characters", what, min);
			return RD_EXIT_USAGE;
		}
		return err ? failed(err, fd) : 0;
	}
	for (int i = 0; i < TRIES && err == -EAGAIN; i++)
		err = ask_twice(what, min, out, cap);
	return err == -EAGAIN ? RD_EXIT_USAGE : err ? failed(err, fd) : 0;
}
