#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/folder.h"
#include "base/log.h"
#include "base/mem.h"
#include "look/png_file.h"
#include "look/stdout.h"

static int
failed(const char *path)
{
	rd_error("%s: %s", path, strerror(errno));
	return RD_EXIT_OUTPUT;
}

static int
check_target(const char *path)
{
	struct stat st;
	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : failed(path);
	if (S_ISREG(st.st_mode))
		return 0;
	rd_error("%s is not a plain file; - is standard output", path);
	return RD_EXIT_OUTPUT;
}

/* In a folder that is everybody's, a file of that name could be another's, who would get the picture. */
static int
make_new(const char *path)
{
	if (unlink(path) < 0 && errno != ENOENT)
		return -1;
	return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

static int
open_temporary(struct rd_png_file *p)
{
	p->temporary = xasprintf("%s.part", p->path);
	int fd = make_new(p->temporary);
	if (fd < 0) {
		/* Of a name of ours only where that is what is in the way. */
		if (errno == EISDIR || errno == ELOOP)
			rd_error("%s: %s is in its way", p->path, p->temporary);
		else
			failed(p->path);
		free(p->temporary);
		p->temporary = NULL;
		return RD_EXIT_OUTPUT;
	}
	p->file = fdopen(fd, "wb");
	if (p->file)
		return 0;
	close(fd);
	return failed(p->path);
}

int
rd_png_file_open(struct rd_png_file *p, const char *path)
{
	*p = (struct rd_png_file){.path = xstrdup(path)};
	if (strcmp(path, "-") == 0) {
		p->file = stdout;
		if (!isatty(STDOUT_FILENO))
			return rd_stdout_check();
		rd_error("standard output is a terminal, which shows no PNG: name a file");
		return RD_EXIT_USAGE;
	}
	p->dir = rd_folder_of(path);
	int code = check_target(path);
	return code ? code : open_temporary(p);
}

static int
to_stdout(const struct rd_image *im)
{
	int err = rd_image_png(im, stdout);
	return err ? rd_stdout_failed(-err) : 0;
}

int
rd_png_file_write(struct rd_png_file *p, const struct rd_image *im)
{
	if (p->file == stdout)
		return to_stdout(im);
	int err = rd_image_png(im, p->file);
	if (fclose(p->file) != 0 && !err)
		err = -errno;
	p->file = NULL;
	errno = -err;
	if (err || rename(p->temporary, p->path) < 0)
		return failed(p->path);
	free(p->temporary);
	p->temporary = NULL;
	return 0;
}

void
rd_png_file_close(struct rd_png_file *p)
{
	if (p->file && p->file != stdout)
		fclose(p->file);
	if (p->temporary)
		unlink(p->temporary);
	free(p->temporary);
	free(p->path);
	free(p->dir);
	*p = (struct rd_png_file){0};
}
