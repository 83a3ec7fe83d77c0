#ifndef RD_CONTROL_FOLDER_H
#define RD_CONTROL_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Where the sockets are: $XDG_RUNTIME_DIR/rd; without that variable
 * /run/user/UID/rd, and where that is not there either /tmp/rd-UID. It is a
 * folder of ours alone (mode 0700, no symbolic link), or it is not used.
 */
struct rd_control_folder {
	int fd;			/* -1: none */
	char path[512];
};

/*
 * `make`: where it is not there it is made. 0; -ENOENT: not there; else a
 * negative errno, and *why is a sentence that names it, to free.
 */
int rd_control_folder_open(struct rd_control_folder *f, bool make, char **why);
void rd_control_folder_close(struct rd_control_folder *f);
/* One that is not in the user's own folder for such things goes with its last socket. */
void rd_control_folder_tidy(const struct rd_control_folder *f);

/*
 * A socket's file is called NAME.TOOL.PID; what of NAME is nothing for a file is
 * written %XX, and a NAME that is longer than RD_CONTROL_NAME bytes so is cut: the
 * address of a socket has room for no more.
 */
#define RD_CONTROL_NAME 60
#define RD_CONTROL_TOOL 14
#define RD_CONTROL_FILE (RD_CONTROL_NAME + RD_CONTROL_TOOL + 12)
void rd_control_file_name(char out[static RD_CONTROL_FILE], const char *name, const char *tool,
	pid_t pid);
/* false: it is no such file. */
bool rd_control_file_parse(const char *file, char name[static RD_CONTROL_NAME + 1],
	char tool[static RD_CONTROL_TOOL + 1], pid_t *pid);

/* What bind and connect take for a file there, however long the folder's path is. */
struct sockaddr_un;
void rd_control_address(struct sockaddr_un *out, const struct rd_control_folder *f,
	const char *file);

#endif
