#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "look/ssh.h"

#define SCHEME "ssh://"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

static char *
copy(const char *from, size_t len)
{
	char *s = xmalloc(len + 1);
	memcpy(s, from, len);
	s[len] = 0;
	return s;
}

/* Not empty, no leading '-', and of these characters only. */
static bool
made_of(const char *s, const char *allowed)
{
	return *s && *s != '-' && s[strspn(s, allowed)] == 0;
}

static bool
port_ok(const char *s)
{
	return made_of(s, DIGITS) && strlen(s) <= 5 && atol(s) >= 1 && atol(s) <= 65535;
}

/* "host", "host:port", "[address]", "[address]:port" into u. */
static int
parse_host(struct rd_ssh_url *u, const char *s, size_t len, const char **why)
{
	const char *end = s + len, *port;
	*why = "no host, or characters in it that no host has";
	if (len && *s == '[') {
		const char *close = memchr(s, ']', len);
		if (!close)
			return -EINVAL;
		u->host = copy(s + 1, (size_t)(close - s - 1));
		/* '%' is for zones: fe80::1%eth0 */
		if (!made_of(u->host, LETTERS DIGITS ":.%"))
			return -EINVAL;
		port = close + 1;
		if (port < end && *port != ':')
			return -EINVAL;
	} else {
		const char *colon = memchr(s, ':', len);
		port = colon ? colon : end;
		u->host = copy(s, (size_t)(port - s));
		if (!made_of(u->host, LETTERS DIGITS "._-"))
			return -EINVAL;
	}
	if (port == end)
		return 0;
	*why = "the port is no number from 1 to 65535";
	u->port = copy(port + 1, (size_t)(end - port - 1));
	return port_ok(u->port) ? 0 : -EINVAL;
}

/* "1" and ":1.0" are X displays; other names are left to rd-capture. */
static int
parse_display(struct rd_ssh_url *u, const char *s, const char **why)
{
	if (!*s)
		return 0;
	*why = "characters in the display that none has";
	if (!made_of(s, LETTERS DIGITS ":._-"))
		return -EINVAL;
	u->display = isdigit((unsigned char)*s) ? xasprintf(":%s", s) : xstrdup(s);
	return 0;
}

int
rd_ssh_url_parse(struct rd_ssh_url *u, const char *text, const char **why)
{
	*u = (struct rd_ssh_url){0};
	*why = "it does not start with " SCHEME;
	if (strncmp(text, SCHEME, strlen(SCHEME)) != 0)
		return -EINVAL;
	const char *host = text + strlen(SCHEME);
	size_t len = strcspn(host, "/");
	const char *rest = host + len;
	/* The last '@': users of some directories have one in their name. */
	const char *at = memrchr(host, '@', len);
	if (at) {
		u->user = copy(host, (size_t)(at - host));
		*why = "characters in the user that none has";
		if (!made_of(u->user, LETTERS DIGITS "._+@-"))
			return -EINVAL;
		len -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	int err = parse_host(u, host, len, why);
	return err || !*rest ? err : parse_display(u, rest + 1, why);
}

void
rd_ssh_url_finish(struct rd_ssh_url *u)
{
	free(u->user);
	free(u->host);
	free(u->port);
	free(u->display);
	*u = (struct rd_ssh_url){0};
}

/* A word as a POSIX shell takes it literally. */
static void
put_quoted(struct rd_buf *b, const char *word)
{
	rd_buf_bytes(b, "'", 1);
	for (; *word; word++) {
		if (*word == '\'')
			rd_buf_bytes(b, "'\\''", 4);
		else
			rd_buf_u8(b, (uint8_t)*word);
	}
	rd_buf_bytes(b, "'", 1);
}

static void
put_text(struct rd_buf *b, const char *text)
{
	rd_buf_bytes(b, text, strlen(text));
}

static void
put_option(struct rd_buf *b, const char *name, const char *value)
{
	if (!value)
		return;
	put_text(b, name);
	put_quoted(b, value);
}

/* What the other side's shell is to run. */
static char *
remote_command(const struct rd_ssh_url *u, const struct rd_ssh_want *want)
{
	struct rd_buf b = {0};
	put_text(&b, want->input_only ? "exec rd-capture --inject --answer"
		: "exec rd-encode -- rd-capture");
	put_option(&b, " --display ", u->display ? u->display : want->display);
	if (want->primary)
		put_text(&b, " --primary");
	put_option(&b, " --clipboard ", want->clipboard);
	put_option(&b, " --clipboard-max ", want->clipboard_max);
	put_option(&b, " --monitor ", want->monitor);
	put_option(&b, " --window ", want->window);
	if (want->view_only && !want->input_only)
		put_text(&b, " --view-only");
	rd_buf_u8(&b, 0);
	return (char *)b.data;
}

struct words {
	char **v;
	size_t n;
};

/* Takes `word`. */
static void
add(struct words *w, char *word)
{
	w->v = xreallocarray(w->v, w->n + 2, sizeof(*w->v));
	w->v[w->n++] = word;
	w->v[w->n] = NULL;
}

/*
 * One word at *p, as a shell reads it without expanding anything: blanks end
 * it, quotes and backslashes take their meaning away. NULL: an open quote.
 */
static char *
next_word(const char **p)
{
	struct rd_buf b = {0};
	char quote = 0;
	const char *s = *p;
	for (; *s && (quote || !isblank((unsigned char)*s)); s++) {
		if (*s == '\\' && quote != '\'' && s[1])
			rd_buf_u8(&b, (uint8_t)*++s);
		else if (quote ? *s == quote : *s == '\'' || *s == '"')
			quote = quote ? 0 : *s;
		else
			rd_buf_u8(&b, (uint8_t)*s);
	}
	*p = s;
	if (quote) {
		rd_buf_finish(&b);
		return NULL;
	}
	rd_buf_u8(&b, 0);
	return (char *)b.data;
}

static int
add_program(struct words *w, const char *program, const char **why)
{
	for (;;) {
		program += strspn(program, " \t");
		if (!*program)
			break;
		char *word = next_word(&program);
		*why = "a quote is not closed";
		if (!word)
			return -EINVAL;
		add(w, word);
	}
	*why = "no program in it";
	return w->n ? 0 : -EINVAL;
}

char **
rd_ssh_argv(const struct rd_ssh_url *u, const char *program, const struct rd_ssh_want *want,
	const char **why)
{
	/*
	 * -x: with X11 forwarding the other side's DISPLAY would be ours, and we
	 * would look at ourselves. IPQoS: ssh calls what has no terminal bulk
	 * (CS1, RFC 8622's lowest); a desktop is interactive (AF21).
	 */
	static const char *const fixed[] = {"-T", "-x", "-a", "-o", "IPQoS=af21"};
	struct words w = {0};
	if (add_program(&w, program ? program : "ssh", why) != 0) {
		rd_ssh_argv_free(w.v);
		return NULL;
	}
	for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++)
		add(&w, xstrdup(fixed[i]));
	if (u->port) {
		add(&w, xstrdup("-p"));
		add(&w, xstrdup(u->port));
	}
	if (u->user) {
		add(&w, xstrdup("-l"));
		add(&w, xstrdup(u->user));
	}
	add(&w, xstrdup("--"));
	add(&w, xstrdup(u->host));
	add(&w, remote_command(u, want));
	return w.v;
}

void
rd_ssh_argv_free(char **argv)
{
	for (char **a = argv; a && *a; a++)
		free(*a);
	free(argv);
}
