#ifndef RD_LOOK_PNG_FILE_H
#define RD_LOOK_PNG_FILE_H

#include <stdio.h>

#include "media/image.h"

/*
 * A picture file that is whole or not there: it is written beside its place
 * and gets its name when it is complete. It takes the place of a file, but never of a
 * device, a FIFO or a link. "-" is standard output, which is no terminal. Zeroed
 * memory is closed.
 */
struct rd_png_file {
	char *path;
	char *dir;		/* where files are made; NULL for standard output */
	FILE *file;
	char *temporary;	/* its name until it is whole */
};

/* 0, or an exit code after saying why. */
int rd_png_file_open(struct rd_png_file *p, const char *path);
/* Once; the same. */
int rd_png_file_write(struct rd_png_file *p, const struct rd_image *im);
/* What is not whole goes. */
void rd_png_file_close(struct rd_png_file *p);

#endif
