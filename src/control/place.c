#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "control/member.h"
#include "control/place.h"
#include "control/sweep.h"

#define BACKLOG 16

/* --- who we are --- */

/* "PID NAME" of whoever began. False: nobody did. */
static bool
inherited(struct rd_control_place *p)
{
	const char *env = getenv("RD_CONTROL");
	char *end;
	if (!env || env[0] < '1' || env[0] > '9')
		return false;
	long pid = strtol(env, &end, 10);
	if (*end != ' ' || !end[1] || pid > 0x7fffffff)
		return false;
	p->leader = (pid_t)pid;
	snprintf(p->name, sizeof(p->name), "%.*s", RD_CONTROL_NAME, end + 1);
	return true;
}

static void
bequeath(const struct rd_control_place *p)
{
	char *env = xasprintf("%ld %s", (long)p->leader, p->name);
	setenv("RD_CONTROL", env, 1);
	free(env);
}

/* The name that the file's name says, so that both are the same. */
static void
settle_name(struct rd_control_place *p, const char *name)
{
	char tool[RD_CONTROL_TOOL + 1];
	pid_t pid;
	rd_control_file_name(p->file, name && *name ? name : "rd", p->tool, getpid());
	if (!rd_control_file_parse(p->file, p->name, tool, &pid))
		snprintf(p->name, sizeof(p->name), "rd");
}

/* --- the socket --- */

/*
 * It gets its name when it listens: whoever sweeps takes one that refuses for the
 * remains of a program that has died.
 */
static int
bind_and_listen(const struct rd_control_place *p, const struct rd_control_folder *f)
{
	char early[RD_CONTROL_FILE + 1];
	struct sockaddr_un sun;
	snprintf(early, sizeof(early), ".%s", p->file);
	rd_control_address(&sun, f, early);
	unlinkat(f->fd, early, 0);
	mode_t old = umask(0177);
	int err = bind(p->fd, (const struct sockaddr *)&sun, sizeof(sun)) < 0 ? -errno : 0;
	umask(old);
	if (err)
		return err;
	if (listen(p->fd, BACKLOG) == 0 && renameat(f->fd, early, f->fd, p->file) == 0)
		return 0;
	err = -errno;
	unlinkat(f->fd, early, 0);
	return err;
}

static int
open_socket(struct rd_control_place *p, char **why)
{
	struct rd_control_folder *f = &p->folder;
	int err = rd_control_folder_open(f, true, why);
	if (err)
		return err;
	rd_control_sweep(f);
	p->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	err = p->fd < 0 ? -errno : bind_and_listen(p, f);
	if (!err) {
		p->team = rd_member_join(f, p->tool);
		return 0;
	}
	*why = xasprintf("%s/%s: %s", f->path, p->file, strerror(-err));
	rd_control_folder_close(f);
	rd_control_place_close(p);
	return err;
}

void
rd_control_place_open(struct rd_control_place *p, const char *tool, const char *name,
	const char *otherwise)
{
	char *why = NULL;
	rd_control_place_none(p);
	snprintf(p->tool, sizeof(p->tool), "%s", tool);
	p->leader = getpid();
	bool began = !inherited(p);
	char own[RD_CONTROL_NAME + 1];
	snprintf(own, sizeof(own), "%s", p->name);
	settle_name(p, name ? name : began ? otherwise : own);
	if (began)
		bequeath(p);
	int err = open_socket(p, &why);
	/* Somebody has just taken away the folder that we found. */
	if (err == -ENOENT && why) {
		free(why);
		err = open_socket(p, &why);
	}
	if (!err)
		return;
	/* Of a pipeline one says so; of a lack of descriptors the program has more to say, soon. */
	bool loud = began && err != -EMFILE && err != -ENFILE;
	rd_log_put(loud ? RD_LOG_WARN : RD_LOG_INFO, "no control socket, so rd-ctl will not find this: %s",
		why ? why : "no folder for it");
	free(why);
}

void
rd_control_place_none(struct rd_control_place *p)
{
	*p = (struct rd_control_place){.fd = -1, .page = -1, .team = -1, .folder.fd = -1};
}

void
rd_control_place_close(struct rd_control_place *p)
{
	if (p->fd >= 0)
		close(p->fd);
	if (p->page >= 0)
		close(p->page);
	if (p->team >= 0)
		close(p->team);
	p->fd = p->page = p->team = -1;
}

void
rd_control_place_remove(struct rd_control_place *p)
{
	if (p->folder.fd >= 0) {
		unlinkat(p->folder.fd, p->file, 0);
		rd_control_folder_tidy(&p->folder);
	}
	rd_control_folder_close(&p->folder);
	rd_control_place_close(p);
}
