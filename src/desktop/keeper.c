#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include <xcb/xcb.h>
#include <xcb/xkb.h>
#include <xcb/xtest.h>

#include "base/log.h"
#include "desktop/keeper.h"
#include "desktop/spare.h"
#include "desktop/x11.h"

static bool
holds(const struct rd_keeper_book *book, enum rd_keeper_kind kind)
{
	return memchr(book->held[kind], true, sizeof(book->held[kind])) != NULL;
}

static void
let_go(const struct rd_x11 *x, const bool held[static 256], uint8_t event)
{
	for (unsigned i = 0; i < 256; i++) {
		if (held[i])
			xcb_test_fake_input(x->conn, event, (uint8_t)i, XCB_CURRENT_TIME, XCB_NONE,
				0, 0, 0);
	}
}

static void
unbind(const struct rd_x11 *x, const bool bound[static 256])
{
	const xcb_keysym_t none[2] = {0};
	for (unsigned i = 0; i < 256; i++) {
		if (bound[i])
			xcb_change_keyboard_mapping(x->conn, 1, (uint8_t)i, 2, none);
	}
}

/* A server does nothing of XKB for who has not said that he speaks it. */
static void
lock(const struct rd_x11 *x, uint8_t mods, uint8_t group)
{
	free(xcb_xkb_use_extension_reply(x->conn, xcb_xkb_use_extension(x->conn, 1, 0), NULL));
	xcb_xkb_latch_lock_state(x->conn, XCB_XKB_ID_USE_CORE_KBD, 0xff, mods, true, group, 0, 0, 0);
}

/* Programs look a character up when they read its key, see spare.h. */
static void
let_programs_read(void)
{
	struct timespec t = {.tv_nsec = RD_SPARE_KEEP_NS};
	while (nanosleep(&t, &t) < 0 && errno == EINTR)
		;
}

static void
sync_with(const struct rd_x11 *x)
{
	free(xcb_get_input_focus_reply(x->conn, xcb_get_input_focus(x->conn), NULL));
}

static void
tidy_up(const struct rd_keeper_book *book, const char *display)
{
	struct rd_x11 x;
	char *why = NULL;
	if (rd_x11_open(&x, display, &why) != 0) {
		rd_warn("nobody lets go of the keys that are held: %s", why);
		free(why);
		return;
	}
	let_go(&x, book->held[RD_KEEPER_KEY], XCB_KEY_RELEASE);
	let_go(&x, book->held[RD_KEEPER_BUTTON], XCB_BUTTON_RELEASE);
	if (book->locked.changed)
		lock(&x, book->locked.mods, book->locked.group);
	sync_with(&x);
	if (holds(book, RD_KEEPER_BOUND)) {
		let_programs_read();
		unbind(&x, book->held[RD_KEEPER_BOUND]);
		sync_with(&x);
	}
	rd_x11_close(&x);
}

static void
on_gone(void *ctx)
{
	const struct rd_keeper *k = ctx;
	const struct rd_keeper_book *book = k->book;
	if (holds(book, RD_KEEPER_KEY) || holds(book, RD_KEEPER_BUTTON)
			|| holds(book, RD_KEEPER_BOUND) || book->locked.changed)
		tidy_up(book, k->display);
}

int
rd_keeper_open(struct rd_keeper *k, const char *display)
{
	*k = (struct rd_keeper){.display = display};
	void *book = mmap(NULL, sizeof(*k->book), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (book == MAP_FAILED)
		return -errno;
	k->book = book;
	int err = rd_heir_open(&k->heir, -1, on_gone, k);
	if (err) {
		munmap(book, sizeof(*k->book));
		*k = (struct rd_keeper){0};
	}
	return err;
}

void
rd_keeper_note(struct rd_keeper *k, enum rd_keeper_kind kind, uint8_t detail, bool held)
{
	k->now.held[kind][detail] = held;
	if (!held)
		k->behind = true;
	else if (k->book)
		k->book->held[kind][detail] = true;
}

void
rd_keeper_lock(struct rd_keeper *k, uint8_t mods, uint8_t group)
{
	k->now.locked.mods = mods;
	k->now.locked.group = group;
	k->now.locked.changed = true;
	if (k->book)
		k->book->locked = k->now.locked;
}

void
rd_keeper_unlock(struct rd_keeper *k)
{
	k->behind |= k->now.locked.changed;
	k->now.locked.changed = false;
}

void
rd_keeper_settle(struct rd_keeper *k)
{
	if (k->behind && k->book)
		*k->book = k->now;
	k->behind = false;
}

void
rd_keeper_close(struct rd_keeper *k)
{
	if (!k->book)
		return;
	memset(k->book, 0, sizeof(*k->book));
	munmap(k->book, sizeof(*k->book));
	rd_heir_close(&k->heir);
	*k = (struct rd_keeper){0};
}
