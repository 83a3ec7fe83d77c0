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
#include "rd-view/source.h"

static bool
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);
	return n >= m && strcmp(s + n - m, end) == 0;
}

static int
open_stdin(struct source *s)
{
	struct stat st;
	if (isatty(STDIN_FILENO)) {
		rd_error("standard input is a terminal, not a stream: pipe one in, as in "
			"rd-capture | rd-encode | rd-view -");
		return RD_EXIT_USAGE;
	}
	if (fstat(STDIN_FILENO, &st) < 0) {
		rd_error("standard input: %s", strerror(errno));
		return RD_EXIT_INPUT;
	}
	s->kind = SOURCE_STDIN;
	s->name = "standard input";
	s->in = STDIN_FILENO;
	s->recorded = S_ISREG(st.st_mode);
	if (S_ISSOCK(st.st_mode))
		s->out = STDIN_FILENO;
	return 0;
}

static int
open_file(struct source *s, const char *path)
{
	struct stat st;
	s->kind = SOURCE_FILE;
	s->name = path;
	s->in = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
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
spawn(struct source *s, char *const argv[], int fd)
{
	int err = rd_child_spawn_with(&s->child, argv, fd);
	if (err) {
		rd_error("%s: %s", argv[0], err == -ENOENT ? "command not found" : strerror(-err));
		return RD_EXIT_COMMAND;
	}
	s->in = s->out = s->child.fd;
	s->child.fd = -1;
	return 0;
}

static int
open_ssh(struct source *s, const char *text, const struct options *o)
{
	const char *why;
	s->kind = SOURCE_SSH;
	if (ssh_url_parse(&s->url, text, &why) != 0) {
		rd_error("not an address of the form ssh://[user@]host[:port][/display]: %s", why);
		return RD_EXIT_USAGE;
	}
	s->name = s->url.host;
	char **argv = ssh_argv(&s->url, o->ssh_command, o->view_only, &why);
	if (!argv) {
		rd_error("--ssh-command: %s", why);
		return RD_EXIT_USAGE;
	}
	int code = spawn(s, argv, -1);
	ssh_argv_free(argv);
	return code;
}

/* rd-recv has the keys and the network, and we have neither: as rsync starts ssh. */
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

static void
begin_recv(struct command *c, const struct options *o)
{
	*c = (struct command){.argv = {"rd-recv"}, .n = 1};
	if (o->view_only)
		c->argv[c->n++] = "--view-only";
	/* The picture will have the terminal. */
	if (strcmp(o->to, "terminal") == 0)
		c->argv[c->n++] = "--no-ask-remember";
	put_option(c, "--relay", o->relay);
	put_option(c, "--path", o->path);
	put_option(c, "--remember", o->remember);
	put_option(c, "--relay-way", o->relay_way);
	put_option(c, "--ca-file", o->ca_file);
	put_option(c, "--config", o->config);
}

static int
open_host(struct source *s, const char *name, const struct options *o)
{
	struct command c;
	s->kind = SOURCE_HOST;
	s->name = name;
	if (name[0] == '-' || name[0] == '\0') {
		rd_error("\"%s\" is no host's name", name);
		return RD_EXIT_USAGE;
	}
	begin_recv(&c, o);
	c.argv[c.n] = name;
	return spawn(s, (char *const *)c.argv, -1);
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
open_code(struct source *s, struct options *o)
{
	struct command c;
	int pipe_fds[2] = {-1, -1}, fd = (int)o->code_fd;
	size_t len = o->code ? strlen(o->code) : 0;
	bool whole = len > 0 && strcmp(o->code, "-") != 0 && o->code[len - 1] != '/';
	s->kind = SOURCE_HOST;
	s->name = s->label = o->code ? label(o->code) : xstrdup("the host of that code");
	begin_recv(&c, o);
	if (o->code && !whole) {
		put_option(&c, "--code", o->code);
		return spawn(s, (char *const *)c.argv, -1);
	}
	if (whole && pipe2(pipe_fds, O_CLOEXEC) == 0) {
		/* Short: a pipe takes it without a reader. */
		bool put = write(pipe_fds[1], o->code, len) == (ssize_t)len;
		close(pipe_fds[1]);
		fd = put ? pipe_fds[0] : -1;
		explicit_bzero(o->code, len);
	}
	put_option(&c, "--code-fd", "3");
	int code = spawn(s, (char *const *)c.argv, fd);
	if (pipe_fds[0] >= 0)
		close(pipe_fds[0]);
	return code;
}

/* An option of rd-recv's where no rd-recv is started; NULL: none. */
static const char *
stray_option(const struct options *o)
{
	const struct { const char *value, *name; } all[] = {
		{o->relay, "--relay"}, {o->path, "--path"}, {o->remember, "--remember"},
		{o->relay_way, "--relay-way"}, {o->ca_file, "--ca-file"}, {o->config, "--config"},
	};
	bool host = o->code || o->code_fd >= 0 || o->host;
	for (size_t i = 0; !host && i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].value)
			return all[i].name;
	return NULL;
}

static bool
is_host(const char *source)
{
	return source && strcmp(source, "-") != 0 && !strchr(source, '/') && !ends_with(source, ".rd");
}

int
source_open(struct source *s, struct options *o)
{
	const char *stray = is_host(o->source) ? NULL : stray_option(o);
	if (stray) {
		*s = (struct source){.in = -1, .out = -1, .child = {.fd = -1}};
		rd_error("%s is for a HOST or a code", stray);
		return RD_EXIT_USAGE;
	}
	*s = (struct source){.in = -1, .out = -1, .child = {.fd = -1}};
	if (o->command) {
		s->kind = SOURCE_COMMAND;
		s->name = o->command[0];
		return spawn(s, o->command, -1);
	}
	if (o->file)
		return open_file(s, o->file);
	if (o->code || o->code_fd >= 0)
		return open_code(s, o);
	if (o->host)
		return open_host(s, o->host, o);
	if (strcmp(o->source, "-") == 0)
		return open_stdin(s);
	if (strncmp(o->source, "ssh://", 6) == 0)
		return open_ssh(s, o->source, o);
	if (strchr(o->source, '/') || ends_with(o->source, ".rd"))
		return open_file(s, o->source);
	return open_host(s, o->source, o);
}

void
source_close(struct source *s)
{
	if (s->in > STDIN_FILENO)
		close(s->in);
	s->in = s->out = -1;
	ssh_url_finish(&s->url);
	free(s->label);
	s->label = NULL;
}

char *
source_explain(const struct source *s, int status)
{
	if (status == 0)
		return NULL;
	if (status > 128 && status != 255)
		return xasprintf("%s was ended by signal %d (%s)",
			s->kind == SOURCE_SSH ? "ssh" : s->kind == SOURCE_HOST ? "rd-recv" : "the command", status - 128,
			strsignal(status - 128));
	if (s->kind == SOURCE_HOST)
		return xasprintf("rd-recv ended with status %d%s%s%s", status,
			rd_exit_name(status) ? " (" : "", rd_exit_name(status) ? rd_exit_name(status) : "",
			rd_exit_name(status) ? ")" : "");
	if (s->kind != SOURCE_SSH)
		return xasprintf("the command ended with status %d", status);
	if (status == 255)
		return xstrdup("ssh could not connect, or lost the connection; see its own words on stderr");
	if (status == 127)
		return xasprintf("no rd-encode in the PATH of that host: install rd there too (make "
			"install), or name its place: rd-view -- ssh %s /opt/rd/bin/rd-encode "
			"-- /opt/rd/bin/rd-capture", s->name);
	return xasprintf("rd-encode over there ended with status %d", status);
}
