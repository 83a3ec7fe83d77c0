#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/image.h"

/*
 * What `tmux capture-pane -e` prints, as a picture of two dots a cell:
 *
 *	cells-png COLS ROWS PNG < TEXT
 *
 * An upper half block and a blank are what they look like; other signs are black.
 */
struct pen {
	uint32_t fg, bg;	/* 0xrrggbb */
};

/* xterm's colours. */
static uint32_t
of_number(int n)
{
	static const uint32_t first[16] = {
		0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
		0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
	};
	static const uint32_t level[6] = {0, 95, 135, 175, 215, 255};
	uint32_t grey = (uint32_t)(8 + 10 * (n - 232));
	if (n < 16)
		return first[n];
	if (n >= 232)
		return grey << 16 | grey << 8 | grey;
	n -= 16;
	return level[n / 36] << 16 | level[n / 6 % 6] << 8 | level[n % 6];
}

static void
sgr(struct pen *p, const char *s)
{
	int v[32] = {0}, n = 1;
	for (; *s != 'm'; s++) {
		if (*s >= '0' && *s <= '9')
			v[n - 1] = v[n - 1] * 10 + *s - '0';
		else if (n < 32)
			n++;
	}
	for (int i = 0; i < n; i++) {
		uint32_t *to = v[i] % 100 / 10 == 4 || v[i] >= 100 ? &p->bg : &p->fg;
		if (v[i] == 0) {
			*p = (struct pen){0};
		} else if ((v[i] == 38 || v[i] == 48) && v[i + 1] == 2) {
			*to = (uint32_t)(v[i + 2] << 16 | v[i + 3] << 8 | v[i + 4]);
			i += 4;
		} else if ((v[i] == 38 || v[i] == 48) && v[i + 1] == 5) {
			*to = of_number(v[i + 2]);
			i += 2;
		} else if (v[i] == 39 || v[i] == 49) {
			*to = 0;
		} else if (v[i] >= 30 && v[i] < 48) {
			*to = of_number(v[i] % 10);
		} else if (v[i] >= 90 && v[i] < 108) {
			*to = of_number(v[i] % 10 + 8);
		}
	}
}

static void
dot(struct rd_image *im, int x, int y, uint32_t rgb)
{
	if (x < im->width && y < im->height)
		rd_image_fill(im, (struct rd_rect){x, y, 1, 1}, rgb);
}

static void
line(struct rd_image *im, int row, const char *s, struct pen *p)
{
	for (int col = 0; *s && *s != '\n';) {
		if (*s == '\033') {
			sgr(p, s + 2);
			s = strchr(s, 'm') + 1;
			continue;
		}
		bool half = strncmp(s, "\xe2\x96\x80", 3) == 0, blank = *s == ' ';
		dot(im, col, 2 * row, half ? p->fg : blank ? p->bg : 0);
		dot(im, col, 2 * row + 1, half || blank ? p->bg : 0);
		for (s++; (*s & 0xc0) == 0x80; s++)
			;
		col++;
	}
}

int
main(int argc, char **argv)
{
	static char text[1 << 16];
	struct rd_image im;
	struct pen pen = {0};
	if (argc != 4 || rd_image_init(&im, atoi(argv[1]), 2 * atoi(argv[2])) != 0)
		return 2;
	for (int row = 0; fgets(text, sizeof(text), stdin); row++)
		line(&im, row, text, &pen);
	FILE *f = fopen(argv[3], "w");
	int err = f ? rd_image_png(&im, f) : 1;
	if (f)
		fclose(f);
	rd_image_finish(&im);
	return err != 0;
}
