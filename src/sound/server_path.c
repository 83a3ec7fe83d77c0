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
		return false;
	return n > 0 && n < PATH_MAX;
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
