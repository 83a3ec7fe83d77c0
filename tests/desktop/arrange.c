/* Monitors that make room for one of them: by example, and by any that chance makes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desktop/arrange.h"

#define ROUNDS 20000

/* "WxH+X+Y …" before and after monitor `which` gets another size. */
static void
expect(const char *before, int which, int w, int h, const char *after)
{
	struct rd_rect v[RD_ARRANGE_MAX] = {0}, want[RD_ARRANGE_MAX], sizes[RD_ARRANGE_MAX];
	int n = 0, m = 0, used;
	for (const char *p = before; sscanf(p, "%dx%d+%d+%d %n", &v[n].w, &v[n].h, &v[n].x, &v[n].y,
			&used) == 4; p += used)
		n++;
	for (const char *p = after; sscanf(p, "%dx%d+%d+%d %n", &want[m].w, &want[m].h, &want[m].x,
			&want[m].y, &used) == 4; p += used)
		m++;
	assert_int_equal(n, m);
	memcpy(sizes, v, sizeof(v));
	sizes[which].w = w;
	sizes[which].h = h;
	rd_arrange(v, n, sizes);
	for (int i = 0; i < n; i++)
		if (memcmp(&v[i], &want[i], sizeof(v[i])) != 0)
			fail_msg("%s: monitor %d is at %dx%d+%d+%d, not %s", before, i, v[i].w, v[i].h,
				v[i].x, v[i].y, after);
}

static void
test_examples(void **state)
{
	(void)state;
	expect("640x480+0+0 ", 0, 800, 600, "800x600+0+0 ");
	/* Right of it, and further right. */
	expect("800x600+0+0 640x480+800+0 320x240+1440+0 ", 0, 1000, 700,
		"1000x700+0+0 640x480+1000+0 320x240+1640+0 ");
	expect("800x600+0+0 640x480+800+0 320x240+1440+0 ", 0, 400, 300,
		"400x300+0+0 640x480+400+0 320x240+1040+0 ");
	/* Left of it: it stays, and so does its neighbour. */
	expect("800x600+0+0 640x480+800+0 ", 1, 1000, 1000, "800x600+0+0 1000x1000+800+0 ");
	/* Their lower edges are one. */
	expect("800x600+0+0 640x480+800+120 ", 0, 800, 400, "800x400+0+80 640x480+800+0 ");
	/* Four of them. */
	expect("800x600+0+0 800x600+800+0 800x600+0+600 800x600+800+600 ", 0, 1000, 700,
		"1000x700+0+0 800x600+1000+0 800x600+0+700 800x600+1000+600 ");
	/* Above, where it grows: all go down. */
	expect("800x600+0+0 800x600+0+600 ", 1, 800, 900, "800x600+0+0 800x900+0+600 ");
	expect("800x600+0+0 800x600+0+600 ", 0, 800, 900, "800x900+0+0 800x600+0+900 ");
	/* One that stood below and to the right of its middle still hangs on it. */
	expect("800x600+0+0 800x600+700+600 ", 0, 400, 600, "400x600+0+0 800x600+300+600 ");
	/* One under another one stays there, though it touches the one that changes, too. */
	expect("640x480+0+0 800x600+640+0 640x480+0+480 ", 1, 500, 300,
		"640x480+0+0 500x300+640+0 640x480+0+480 ");
	/* Two that come to meet slide along their neighbours rather than apart. */
	expect("640x480+0+0 800x600+640+0 640x480+0+480 ", 0, 610, 590,
		"610x590+0+10 800x600+610+0 640x480+0+600 ");
	/* Two that show the same go together. */
	expect("800x600+0+0 640x480+800+0 640x480+800+0 ", 0, 1000, 600,
		"1000x600+0+0 640x480+1000+0 640x480+1000+0 ");
	/* A gap stays one. */
	expect("800x600+0+0 640x480+900+0 ", 0, 1000, 600, "1000x600+0+0 640x480+1100+0 ");
}

static unsigned
chance(unsigned *seed, unsigned n)
{
	*seed = *seed * 1103515245u + 12345u;
	return (*seed >> 16) % n;
}

static bool
covers(struct rd_rect a, struct rd_rect b)
{
	return !rd_rect_empty(rd_rect_intersect(a, b));
}

/* As a person does it: each beside one that is there, where there is room. */
static int
lay_out(struct rd_rect *v, unsigned *seed)
{
	int n = 1 + (int)chance(seed, 8);
	v[0] = (struct rd_rect){0, 0, 1 + (int)chance(seed, 3000), 1 + (int)chance(seed, 3000)};
	for (int i = 1; i < n; i++) {
		struct rd_rect p = v[chance(seed, (unsigned)i)];
		struct rd_rect *r = &v[i];
		*r = (struct rd_rect){p.x, p.y, 1 + (int)chance(seed, 3000), 1 + (int)chance(seed, 3000)};
		if (chance(seed, 2)) {
			r->x += chance(seed, 2) ? p.w : -r->w;
			r->y += (int)chance(seed, (unsigned)p.h);
		} else {
			r->y += chance(seed, 2) ? p.h : -r->h;
			r->x += (int)chance(seed, (unsigned)p.w);
		}
		for (int k = 0; k < i; k++)
			if (covers(v[k], *r))
				return i;
	}
	return n;
}

/* How many hang together with the first. */
static int
together(const struct rd_rect *v, int n)
{
	bool seen[RD_ARRANGE_MAX] = {true};
	int queue[RD_ARRANGE_MAX] = {0}, count = 1;
	for (int q = 0; q < count; q++)
		for (int i = 0; i < n; i++) {
			struct rd_rect wide = v[queue[q]], high = wide;
			wide.x--, wide.w += 2;
			high.y--, high.h += 2;
			if (seen[i] || !(covers(wide, v[i]) || covers(high, v[i])))
				continue;
			seen[i] = true;
			queue[count++] = i;
		}
	return count;
}

static void
judge(const struct rd_rect *was, const struct rd_rect *sizes, const struct rd_rect *v, int n, bool sane)
{
	struct rd_rect all = rd_arrange_bound(v, n);
	assert_int_equal(all.x, 0);
	assert_int_equal(all.y, 0);
	for (int i = 0; i < n; i++) {
		if (v[i].w != sizes[i].w || v[i].h != sizes[i].h)
			fail_msg("monitor %d has another size", i);
		for (int k = 0; k < i; k++)
			if (covers(v[i], v[k]) && !covers(was[i], was[k]))
				fail_msg("monitors %d and %d cover each other", k, i);
	}
	if (sane)
		assert_int_equal(together(v, n), n);
}

static void
test_chance(void **state)
{
	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		unsigned seed = round;
		struct rd_rect was[RD_ARRANGE_MAX] = {0}, v[RD_ARRANGE_MAX], sizes[RD_ARRANGE_MAX];
		bool sane = round % 4 != 0;
		int n = sane ? lay_out(was, &seed) : 1 + (int)chance(&seed, RD_ARRANGE_MAX);
		/* … or as a server says that means harm. */
		for (int i = 0; i < n && !sane; i++)
			was[i] = (struct rd_rect){(int)chance(&seed, 32768) - 100, (int)chance(&seed, 32768) - 100,
				1 + (int)chance(&seed, 32768), 1 + (int)chance(&seed, 32768)};
		memcpy(v, was, sizeof(was));
		rd_arrange(v, n, was);
		struct rd_rect all = rd_arrange_bound(was, n);
		for (int i = 0; i < n; i++)
			if (v[i].x != was[i].x - all.x || v[i].y != was[i].y - all.y)
				fail_msg("round %u: monitor %d has moved, and none has another size", round, i);
		memcpy(sizes, was, sizeof(was));
		for (int left = 1 + (int)chance(&seed, 3); left > 0; left--) {
			struct rd_rect *r = &sizes[chance(&seed, (unsigned)n)];
			r->w = 1 + (int)chance(&seed, 4000);
			r->h = 1 + (int)chance(&seed, 4000);
		}
		memcpy(v, was, sizeof(was));
		rd_arrange(v, n, sizes);
		judge(was, sizes, v, n, sane);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_chance),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
