#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/notify.h"

/* A service manager: a socket by that name. */
static int
manager(const char *name, size_t len)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	memcpy(at.sun_path, name, len);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&at,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)), 0);
	return fd;
}

static void
hears(int fd, const char *text)
{
	char heard[1024];
	ssize_t n = recv(fd, heard, sizeof(heard) - 1, MSG_DONTWAIT);
	assert_true(n >= 0);
	heard[n] = '\0';
	assert_string_equal(heard, text);
}

static void
speaks_to_a_file_and_to_an_abstract_name(void **state)
{
	char path[64], abstract[64];
	struct rd_notify n;
	(void)state;
	snprintf(path, sizeof(path), "./notify.%d", (int)getpid());
	char *full = realpath(".", NULL), named[4096];
	snprintf(named, sizeof(named), "%s/notify.%d", full, (int)getpid());
	free(full);
	if (strlen(named) < sizeof(n.to.sun_path)) {
		int fd = manager(path, strlen(path) + 1);
		setenv("NOTIFY_SOCKET", named, 1);
		rd_notify_take(&n);
		rd_notify_say(&n, "READY=%d\nSTATUS=%s", 1, "here");
		hears(fd, "READY=1\nSTATUS=here");
		close(fd);
		unlink(path);
		/* It is gone: no reason for anything. */
		rd_notify_say(&n, "STOPPING=1");
	}
	snprintf(abstract, sizeof(abstract), "@rd/notify/%d", (int)getpid());
	setenv("NOTIFY_SOCKET", abstract, 1);
	abstract[0] = '\0';
	int fd = manager(abstract, 1 + strlen(abstract + 1));
	rd_notify_take(&n);
	assert_null(getenv("NOTIFY_SOCKET"));
	rd_notify_say(&n, "READY=1");
	hears(fd, "READY=1");
	close(fd);
}

static void
is_silent_where_nobody_listens(void **state)
{
	static const char *const names[] = {"", "/", "@", "relative", "vsock:2:1"};
	char longer[400];
	struct rd_notify n;
	(void)state;
	unsetenv("NOTIFY_SOCKET");
	rd_notify_take(&n);
	assert_int_equal(n.len, 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		setenv("NOTIFY_SOCKET", names[i], 1);
		rd_notify_take(&n);
		assert_int_equal(n.len, 0);
		rd_notify_say(&n, "READY=1");
	}
	memset(longer, '/', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	setenv("NOTIFY_SOCKET", longer, 1);
	rd_notify_take(&n);
	assert_int_equal(n.len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(speaks_to_a_file_and_to_an_abstract_name),
		cmocka_unit_test(is_silent_where_nobody_listens),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
