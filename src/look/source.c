#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "look/source.h"
#include "wire/msg.h"
#include "wire/msg_link.h"

static bool
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);
	return n >= m && strcmp(s + n - m, end) == 0;
}

static int
open_stdin(struct rd_source *s, const struct rd_ask *a)
{
	struct stat st;
	if (isatty(STDIN_FILENO)) {
		rd_error("standard input is a terminal, not a stream: pipe one in, as in "
			"rd-capture | rd-encode | %s", a->pipe_end ? a->pipe_end : "rd-view -");
		return RD_EXIT_USAGE;
	}
	if (fstat(STDIN_FILENO, &st) < 0) {
		rd_error("standard input: %s", strerror(errno));
		return RD_EXIT_INPUT;
	}
	s->kind = RD_SOURCE_STDIN;
	s->name = "standard input";
	s->in = STDIN_FILENO;
	s->recorded = S_ISREG(st.st_mode);
	if (S_ISSOCK(st.st_mode))
		s->out = STDIN_FILENO;
	return 0;
}

/* A path whose last part begins as a code does: one that misses a word, as a rule. */
static bool
nearly_code(const char *path)
{
	const char *slash = strrchr(path, '/'), *at = slash ? slash + 1 : path;
	size_t digits = strspn(at, "0123456789");
	return slash && slash != path && digits > 0 && at[digits] && strchr(" -.", at[digits]) &&
		!ends_with(path, ".rd");
}

static int
open_file(struct rd_source *s, const char *path)
{
	struct stat st;
	s->kind = RD_SOURCE_FILE;
	s->name = path;
	s->in = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (s->in < 0 && errno == ENOENT && nearly_code(path)) {
		rd_error("%s is no file, and no code: that is a number and four words, as in "
			"relay.example.org/7-orbit-cactus-lamp-river", path);
		return RD_EXIT_INPUT;
	}
	if (s->in < 0 || fstat(s->in, &st) < 0) {
		rd_error("%s: %s", path, strerror(errno));
		return RD_EXIT_INPUT;
	}
	if (S_ISDIR(st.st_mode)) {
		rd_error("%s is a directory", path);
		return RD_EXIT_INPUT;
	}
	s->recorded = S_ISREG(st.st_mode);
	return 0;
}

static int
command_failed(const char *name, int error)
{
	rd_error("%s: %s", name, error == ENOENT ? "command not found" : strerror(error));
	return RD_EXIT_COMMAND;
}

/* Both ends of the link; what cannot be started is said before anything else is tried. */
static int
make_ready(struct rd_source *s, char **argv)
{
	int sv[2];
	s->argv = argv;
	if (!rd_command_exists(argv[0])) {
		bool there = strchr(argv[0], '/') && access(argv[0], F_OK) == 0;
		return command_failed(argv[0], there ? EACCES : ENOENT);
	}
	int err = rd_child_pair(sv);
	if (err)
		return command_failed(argv[0], -err);
	s->in = s->out = sv[0];
	s->far = sv[1];
	return 0;
}

int
rd_source_start(struct rd_source *s)
{
	int err = rd_child_spawn_on(&s->child, s->argv, s->far, s->secret);
	return err ? command_failed(s->argv[0], -err) : 0;
}

static char **
copy(const char *const argv[])
{
	size_t n = 0;
	while (argv[n])
		n++;
	char **own = xcalloc(n + 1, sizeof(*own));
	for (size_t i = 0; i < n; i++)
		own[i] = xstrdup(argv[i]);
	return own;
}

static int
open_ssh(struct rd_source *s, const char *text, const struct rd_ask *a)
{
	const char *why;
	const struct rd_ssh_want want = {
		.display = a->display, .monitor = a->monitor, .window = a->window,
		.view_only = a->view_only, .input_only = a->input_only,
		.clipboard = a->clipboard, .clipboard_max = a->clipboard_max,
		.primary = a->primary,
	};
	s->kind = RD_SOURCE_SSH;
	if (rd_ssh_url_parse(&s->url, text, &why) != 0) {
		rd_error("not an address of the form ssh://[user@]host[:port][/display]: %s", why);
		return RD_EXIT_USAGE;
	}
	s->name = s->url.host;
	s->input_only = a->input_only;
	char **argv = rd_ssh_argv(&s->url, a->ssh_command, &want, &why);
	if (!argv) {
		rd_error("--ssh-command: %s", why);
		return RD_EXIT_USAGE;
	}
	return make_ready(s, argv);
}

/* What it begins with: the header of HELLO, and what every stream has then. */
static bool
is_recording(const char *path)
{
	uint8_t head[RD_MSG_HEADER_SIZE + sizeof(rd_stream_magic)];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t n = fd >= 0 ? read(fd, head, sizeof(head)) : -1;
	if (fd >= 0)
		close(fd);
	return n == (ssize_t)sizeof(head) &&
		memcmp(head + RD_MSG_HEADER_SIZE, rd_stream_magic, sizeof(rd_stream_magic)) == 0;
}

/* A name that may be a host's: 0, or an exit code after saying that a file is called so. */
static int
judge_name(const struct rd_ask *a)
{
	struct stat st;
	if (a->configured || stat(a->source, &st) != 0 || !S_ISREG(st.st_mode))
		return 0;
	if (is_recording(a->source)) {
		rd_error("%s is a recording: --file %s; a host of that name: --host %s", a->source,
			a->source, a->source);
		return RD_EXIT_USAGE;
	}
	rd_error("%s is a file, and no recording; a host of that name: --host %s", a->source, a->source);
	return RD_EXIT_FOREIGN;
}

struct command {
	const char *argv[24];
	int n;
};

static void
put_option(struct command *c, const char *name, const char *value)
{
	if (!value)
		return;
	c->argv[c->n++] = name;
	c->argv[c->n++] = value;
}

/* rd-capture has the display, and we have none. */
static int
open_local(struct rd_source *s, const struct rd_ask *a)
{
	struct command c = {.argv = {"rd-capture"}, .n = 1};
	s->kind = RD_SOURCE_LOCAL;
	s->name = a->display ? a->display : "the display";
	if (a->input_only) {
		c.argv[c.n++] = "--inject";
		c.argv[c.n++] = "--answer";
	} else if (a->view_only) {
		c.argv[c.n++] = "--view-only";
	}
	if (a->primary)
		c.argv[c.n++] = "--primary";
	put_option(&c, "--clipboard", a->clipboard);
	put_option(&c, "--clipboard-max", a->clipboard_max);
	put_option(&c, "--display", a->display);
	put_option(&c, "--monitor", a->monitor);
	put_option(&c, "--window", a->window);
	return make_ready(s, copy(c.argv));
}

/* rd-recv has the keys and the network, and we have neither: as rsync starts ssh. */
static void
begin_recv(struct command *c, const struct rd_ask *a)
{
	*c = (struct command){.argv = {"rd-recv"}, .n = 1};
	if (a->view_only)
		c->argv[c->n++] = "--view-only";
	if (a->drawn)
		c->argv[c->n++] = "--no-ask-remember";
	if (!a->relay_policy)
		c->argv[c->n++] = "--no-relay-policy";
	if (a->wake)
		c->argv[c->n++] = "--wake";
	put_option(c, "--relay", a->relay);
	put_option(c, "--path", a->path);
	put_option(c, "--remember", a->remember);
	put_option(c, "--relay-way", a->relay_way);
	put_option(c, "--ca-file", a->ca_file);
	put_option(c, "--config", a->config);
}

static int
open_host(struct rd_source *s, const char *name, const struct rd_ask *a)
{
	struct command c;
	s->kind = RD_SOURCE_HOST;
	s->name = name;
	if (name[0] == '-' || name[0] == '\0') {
		rd_error("\"%s\" is no host's name", name);
		return RD_EXIT_USAGE;
	}
	begin_recv(&c, a);
	c.argv[c.n] = name;
	return make_ready(s, copy(c.argv));
}

/* What may be shown of a code: whose it is, and its number. */
static char *
label(const char *code)
{
	const char *slash = strrchr(code, '/'), *at = slash ? slash + 1 : code;
	int len = (int)(at - code + (ptrdiff_t)strspn(at, "0123456789"));
	return *at && *at != '-' ? xasprintf("%.*s", len, code) : xstrdup("the host of that code");
}

/* A code's words travel by a descriptor; one that is to be asked for has none yet. */
static int
open_code(struct rd_source *s, struct rd_ask *a)
{
	struct command c;
	int pipe_fds[2];
	size_t len = a->code ? strlen(a->code) : 0;
	bool whole = len > 0 && strcmp(a->code, "-") != 0 && a->code[len - 1] != '/';
	s->kind = RD_SOURCE_HOST;
	s->name = s->label = a->code ? label(a->code) : xstrdup("the host of that code");
	begin_recv(&c, a);
	if (a->code && !whole) {
		put_option(&c, "--code", a->code);
		return make_ready(s, copy(c.argv));
	}
	s->secret = (int)a->code_fd;
	if (whole && pipe2(pipe_fds, O_CLOEXEC) == 0) {
		/* Short: a pipe takes it without a reader. */
		bool put = write(pipe_fds[1], a->code, len) == (ssize_t)len;
		close(pipe_fds[1]);
		s->secret = pipe_fds[0];
		explicit_bzero(a->code, len);
		if (!put)
			return command_failed("rd-recv", EIO);
	}
	put_option(&c, "--code-fd", "3");
	return make_ready(s, copy(c.argv));
}

static bool
is_ssh(const struct rd_ask *a)
{
	return a->source && strncmp(a->source, "ssh://", 6) == 0;
}

/* An option that the chosen source has no use for; NULL: none. */
static const char *
stray_option(const struct rd_ask *a, bool host)
{
	bool screen = a->local || is_ssh(a);
	const struct { bool said; const char *name; bool fits; } all[] = {
		{a->said.relay, "--relay is for a HOST or a code", host},
		{a->said.path, "--path is for a HOST or a code", host},
		{a->said.relay_policy && !a->relay_policy, "--no-relay-policy is for a HOST or a code", host},
		{a->said.remember, "--remember is for a HOST or a code", host},
		{a->said.relay_way, "--relay-way is for a HOST or a code", host},
		{a->said.ca_file, "--ca-file is for a HOST or a code", host},
		{a->said.wake && a->wake, "--wake is for a HOST", host},
		{a->said.display, "--display is for a desktop here or by ssh://", screen},
		{a->said.monitor, "--monitor is for a desktop here or by ssh://", screen},
		{a->said.window, "--window is for a desktop here or by ssh://", screen},
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].said && !all[i].fits)
			return all[i].name;
	return NULL;
}

static bool
is_host(const char *source)
{
	return source && strcmp(source, "-") != 0 && !strchr(source, '/') && !ends_with(source, ".rd");
}

int
rd_source_open(struct rd_source *s, struct rd_ask *a)
{
	bool host = a->code || a->code_fd >= 0 || a->host || is_host(a->source);
	const char *stray = stray_option(a, host);
	*s = (struct rd_source)RD_SOURCE_INIT;
	if (stray) {
		rd_error("%s", stray);
		return RD_EXIT_USAGE;
	}
	if (a->local)
		return open_local(s, a);
	if (a->command) {
		s->kind = RD_SOURCE_COMMAND;
		s->name = a->command[0];
		return make_ready(s, copy((const char *const *)a->command));
	}
	if (a->file)
		return open_file(s, a->file);
	if (a->code || a->code_fd >= 0)
		return open_code(s, a);
	if (a->host)
		return open_host(s, a->host, a);
	if (strcmp(a->source, "-") == 0)
		return open_stdin(s, a);
	if (is_ssh(a))
		return open_ssh(s, a->source, a);
	if (strchr(a->source, '/') || ends_with(a->source, ".rd"))
		return open_file(s, a->source);
	int code = judge_name(a);
	return code ? code : open_host(s, a->source, a);
}

void
rd_source_close_near(struct rd_source *s)
{
	if (s->in > STDIN_FILENO)
		close(s->in);
	s->in = s->out = -1;
}

void
rd_source_close_far(struct rd_source *s)
{
	if (s->far >= 0)
		close(s->far);
	if (s->secret > STDERR_FILENO)
		close(s->secret);
	s->far = s->secret = -1;
}

void
rd_source_close(struct rd_source *s)
{
	rd_source_close_near(s);
	rd_source_close_far(s);
	rd_ssh_argv_free(s->argv);
	s->argv = NULL;
	rd_ssh_url_finish(&s->url);
	free(s->label);
	s->label = NULL;
}
