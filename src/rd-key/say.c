#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "base/folder.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/private.h"
#include "rd-key/say.h"

char *
path_of(const struct options *o, const char *name)
{
	return xasprintf("%s/%s", o->dir, name);
}

int
make_folder(const struct options *o)
{
	int err = rd_folder_make(o->dir);
	return err ? cannot_write(o->dir, err) : 0;
}

int
cannot_read(const char *path, int err)
{
	char *why = rd_private_why(path, err);
	rd_error("%s", why);
	free(why);
	switch (err) {
	case -EPERM:
	case -EBADMSG:
	case -EKEYREJECTED:
	case -EINVAL:
	case -EISDIR:
	case -EFBIG:
		return RD_EXIT_IDENTITY;
	case -ENOMEM:
		return RD_EXIT_MEMORY;
	default:
		return RD_EXIT_INPUT;
	}
}

int
cannot_write(const char *path, int err)
{
	/* Not the writing failed: what stands there is not to be trusted. */
	if (err == -EPERM || err == -EISDIR || err == -EINVAL)
		return cannot_read(path, err);
	char *shown = rd_log_escape(path, strlen(path), 512);
	rd_error("cannot write %s: %s", shown, strerror(-err));
	free(shown);
	return err == -ENOMEM ? RD_EXIT_MEMORY : RD_EXIT_OUTPUT;
}

int
printed(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	rd_error("stdout: %s", strerror(errno));
	return RD_EXIT_OUTPUT;
}

size_t
characters(const char *text)
{
	size_t n = 0;
	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

void
put_padded(const char *text, size_t width)
{
	size_t n = characters(text);
	printf("%s%*s", text, n < width ? (int)(width - n) : 0, "");
}
