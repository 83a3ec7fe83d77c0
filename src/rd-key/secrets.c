#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/password.h"
#include "net/prompt.h"
#include "net/totp.h"
#include "rd-key/asking.h"
#include "rd-key/json.h"
#include "rd-key/say.h"
#include "rd-key/verbs.h"

#define TRIES 3		/* of a code that is to show that the authenticator works */

/* Takes a file away; there being none is what was asked for. */
static int
take_away(const char *path)
{
	if (unlink(path) == 0 || errno == ENOENT)
		return 0;
	return cannot_write(path, -errno);
}

static int
set_password(const struct options *o, const char *path)
{
	char password[RD_PASSWORD_MAX + 1] = "";
	int code = make_folder(o);
	if (!code)
		code = ask_new(o->password_fd, "password", RD_PASSWORD_MIN, password, sizeof(password));
	if (!code) {
		int err = rd_password_save(path, password, strlen(password));
		code = err ? cannot_write(path, err) : 0;
	}
	sodium_memzero(password, sizeof(password));
	return code;
}

int
password_set(const struct options *o)
{
	char *path = path_of(o, "password");
	int code = o->remove ? take_away(path) : set_password(o, path);
	free(path);
	return code;
}

/* "ann@build1", which an authenticator shows beside the code. */
static char *
label(void)
{
	char host[256] = "";
	const struct passwd *pw = getpwuid(geteuid());
	if (gethostname(host, sizeof(host) - 1) < 0)
		host[0] = '\0';
	return xasprintf("%s@%s", pw ? pw->pw_name : "rd", host);
}

static int
print_uri(const struct options *o, const struct rd_totp *t)
{
	char secret[RD_TOTP_SECRET_TEXT];
	char *name = label(), *uri = rd_totp_uri(t, name);
	struct json j;
	rd_totp_secret_text(t, secret);
	if (o->json) {
		json_begin(&j);
		json_text(&j, "uri", uri);
		json_text(&j, "secret", secret);
		json_end(&j);
	} else {
		puts(uri);
	}
	sodium_memzero(secret, sizeof(secret));
	sodium_memzero(uri, strlen(uri));
	free(uri);
	free(name);
	return printed();
}

/* That the authenticator has it, and its clock is right. 0 or an exit code, told. */
static int
confirm(const struct rd_totp *t)
{
	struct rd_totp copy = *t;
	char typed[64];
	int code = RD_EXIT_TOTP;
	for (int i = 0; code == RD_EXIT_TOTP && i < TRIES; i++) {
		int err = rd_prompt_line("The code that the authenticator shows: ", typed, sizeof(typed));
		if (err == -ECANCELED)
			code = EXIT_INTERRUPTED;
		else if (!err && rd_totp_check(&copy, typed, rd_clock_wall_ns() / RD_NS_PER_S) == 0)
			code = 0;
		else if (err && err != -EMSGSIZE && err != -EINVAL)
			code = cannot_read("/dev/tty", err);
		else
			rd_error("that is not the code; is the clock right here and there?");
	}
	if (code)
		rd_error("nothing is changed");
	sodium_memzero(&copy, sizeof(copy));
	return code;
}

static int
make_totp(const struct options *o, const char *path)
{
	struct rd_totp t;
	if (!o->replace && access(path, F_OK) == 0) {
		rd_error("there is one already; --replace makes another, --remove takes it away");
		return RD_EXIT_FAILURE;
	}
	int code = make_folder(o);
	if (code)
		return code;
	rd_totp_new(&t);
	code = print_uri(o, &t);
	/* Whoever draws the code for the camera reads to the end before. */
	if (!code && fclose(stdout) != 0)
		code = cannot_write("stdout", -errno);
	if (!code && !o->json && rd_prompt_possible())
		code = confirm(&t);
	if (!code) {
		int err = rd_totp_save(path, &t, o->replace);
		code = err ? cannot_write(path, err) : 0;
	}
	sodium_memzero(&t, sizeof(t));
	return code;
}

int
totp_set(const struct options *o)
{
	char *path = path_of(o, "totp");
	int code = o->remove ? take_away(path) : make_totp(o, path);
	free(path);
	return code;
}
