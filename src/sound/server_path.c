#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sound/server.h"
#include "sound/server_path.h"

bool
rd_sound_server_path(char path[static PATH_MAX])
{
	const char *named = getenv("PULSE_SERVER"), *run = getenv("PULSE_RUNTIME_PATH");
	const char *folder = getenv("XDG_RUNTIME_DIR");
	int n;
	if (named && strncmp(named, "unix:", 5) == 0)
		named += 5;
	if (named && named[0] == '/')
		n = snprintf(path, PATH_MAX, "%s", named);
	else if (named && named[0])
		return false;
	else if (run && run[0])
		n = snprintf(path, PATH_MAX, "%s/native", run);
	else if (folder && folder[0])
		n = snprintf(path, PATH_MAX, "%s/pulse/native", folder);
	else
		n = snprintf(path, PATH_MAX, "/run/user/%lu/pulse/native", (unsigned long)getuid());
	return n > 0 && n < PATH_MAX;
}

static bool
is_set(const char *variable)
{
	const char *text = getenv(variable);
	return text && text[0];
}

const char *
rd_sound_server_name(char out[static PATH_MAX + 8])
{
	char path[PATH_MAX];
	bool knows = is_set("PULSE_SERVER") || is_set("PULSE_RUNTIME_PATH") || is_set("XDG_RUNTIME_DIR");
	if (knows || !rd_sound_server_path(path) || access(path, F_OK) != 0)
		return NULL;
	snprintf(out, PATH_MAX + 8, "unix:%s", path);
	return out;
}

bool
rd_sound_server_likely(void)
{
	char path[PATH_MAX];
	const char *named = getenv("PULSE_SERVER");
	if (rd_sound_server_path(path))
		return access(path, F_OK) == 0;
	return named && named[0];
}
