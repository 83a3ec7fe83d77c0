#ifndef RD_DESKTOP_SESSIONS_AUTH_H
#define RD_DESKTOP_SESSIONS_AUTH_H

#include <stdbool.h>

#include "desktop/sessions.h"

/* One file that may hold a display's cookie. */
struct rd_auth_file {
	char *path;
	bool server;	/* the server's own: each of its cookies opens it */
};

/* The files by rung: the cheap places first, each read only when needed. */
enum rd_auth_rung { RD_AUTH_DEFAULT, RD_AUTH_RUNTIME, RD_AUTH_PROCESSES, RD_AUTH_RUNGS };

/* Those of one rung, none twice. Returns how many; *list is the caller's. */
int rd_auth_files(struct rd_auth_file **list, const struct rd_session_places *p,
	enum rd_auth_rung rung);
void rd_auth_files_free(struct rd_auth_file *list, int count);

/* A whole small file; NULL when it cannot be read. The caller frees. */
uint8_t *rd_auth_read(const char *path, size_t *len);

#endif
