#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/spawn.h"
#include "rd-run/manager.h"
#include "rd-run/words.h"

/* Small ones that place windows by themselves and ask nobody anything. */
static const char *const known[] = {"openbox", "icewm", "fluxbox", "jwm", "blackbox", "xfwm4",
	"metacity", "marco", "matchbox-window-manager", "twm", NULL};

/* Without it twm waits for a click to place each window. */
static const char twm_rules[] = "RandomPlacement\nNoTitleFocus\nUsePPosition \"on\"\n"
	"DecorateTransients\n";

static const char *
choose(const char *wanted)
{
	if (strcmp(wanted, "auto") != 0)
		return wanted;
	for (size_t i = 0; known[i]; i++)
		if (rd_command_exists(known[i]))
			return known[i];
	return NULL;
}

static int
add_rules(struct words *w, const struct place *p)
{
	if (w->count != 1 || strcmp(w->word[0], "twm") != 0)
		return 0;
	words_add(w, "-f", p->manager, NULL);
	return place_write(p->manager, twm_rules, strlen(twm_rules));
}

int
manager_start(struct manager *m, const char *wanted, const struct place *p,
	char *const *env, const struct start_before *before)
{
	struct words w = {0};
	const char *command = choose(wanted);
	if (!command)
		return -ENOENT;
	words_split(&w, command);
	if (w.count == 0)
		return -ENOENT;
	m->name = xstrdup(w.word[0]);
	m->log = memfd_create("manager", MFD_CLOEXEC);
	int err = add_rules(&w, p);
	struct start s = {
		.argv = w.word, .env = env, .before = before, .death = SIGKILL,
		.bare = true, .fd = {-1, m->log, m->log, -1},
	};
	if (!err)
		err = start(&m->pid, &s);
	words_finish(&w);
	return err;
}

static bool
connect_once(struct manager *m, int display, const struct rd_xauth_cookie *c)
{
	char name[16], protocol[] = RD_XAUTH_COOKIE, data[RD_XAUTH_MAX];
	if (m->look)
		return true;
	memcpy(data, c->data, c->len);
	snprintf(name, sizeof(name), ":%d", display);
	xcb_auth_info_t auth = {(int)strlen(protocol), protocol, c->len, data};
	m->look = xcb_connect_to_display_with_auth_info(name, &auth, NULL);
	int fd = xcb_get_file_descriptor(m->look);
	if (fd >= 0)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return !xcb_connection_has_error(m->look);
}

/* Who manages has asked to be told first, of the root window; only one can. */
bool
manager_manages(struct manager *m, int display, const struct rd_xauth_cookie *cookie)
{
	if (!connect_once(m, display, cookie))
		return false;
	xcb_window_t root = xcb_setup_roots_iterator(xcb_get_setup(m->look)).data->root;
	xcb_get_window_attributes_reply_t *a = xcb_get_window_attributes_reply(m->look,
		xcb_get_window_attributes(m->look, root), NULL);
	bool yes = a && (a->all_event_masks & XCB_EVENT_MASK_SUBSTRUCTURE_REDIRECT);
	free(a);
	return yes;
}

void
manager_close(struct manager *m)
{
	if (m->look)
		xcb_disconnect(m->look);
	if (m->log >= 0)
		close(m->log);
	free(m->name);
	*m = (struct manager){.log = -1};
}
