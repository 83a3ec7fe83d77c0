#ifndef RD_RUN_PLACE_H
#define RD_RUN_PLACE_H

/*
 * A folder of ours alone, for as long as the command runs: the display's cookie,
 * and the FIFO into which the command writes chapters. Zeroed memory is none.
 */
struct place {
	char *dir;
	char *server;		/* the cookie, for the server: of whatever number */
	char *authority;	/* and for its clients */
	char *mark;		/* the FIFO */
	char *manager;		/* configuration of a window manager */
	char *bus;		/* the session bus's socket */
	char *litter;		/* a folder that dbus-daemon makes elsewhere; NULL: there was one before */
	char *sink;		/* where it sounds, for --sound: a sink that rd-capture makes */
};

/* 0, or a negative errno; *name is then what could not be made. */
int place_make(struct place *p, const char **name);
/* All of it; what is gone already is no mistake. */
void place_remove(struct place *p);
/* A file of ours that only we may read. 0 or a negative errno. */
int place_write(const char *path, const void *data, unsigned long len);

#endif
