#ifndef RD_RECORD_PLACE_H
#define RD_RECORD_PLACE_H

#include <stdbool.h>

/*
 * Where recordings get their names: one file, standard output, or files that
 * are numbered NAME-000.webm, NAME-001.webm and so on. No file is replaced unless
 * that is asked for, and then only a plain one; an empty one counts for none.
 */
struct place {
	const char *path;	/* as given; borrowed */
	char *dir;		/* NULL for standard output */
	int dir_fd;		/* -1 for standard output */
	bool standard;		/* standard output */
	bool webm;		/* by its name; standard output is WebM */
	bool numbered;
	bool overwrite;
	bool skip;		/* where a numbered name is taken, the next that is free */
	unsigned next;
};

/* 0, or an exit code after saying why. Close it in both cases. */
int place_open(struct place *p, const char *path, bool numbered, bool overwrite);
void place_close(struct place *p);
/*
 * Makes the next file: its descriptor, and in *name what it is called, which
 * the caller frees. A negative errno: it cannot be made (-EEXIST: its name is
 * taken), and *name is what it would have been called.
 */
int place_next(struct place *p, char **name);
/* A file that came to nothing is removed, where we may (base/confine.h). */
void place_remove(struct place *p, const char *name);
/* Whether there is anything of that name. */
bool place_taken(const char *path);
/*
 * Removes an empty file of ours of that name: what the process that records made, and
 * could not remove, because it is confined. Who asks is not.
 */
void place_sweep(const char *path);
/* Its name is on the disk, too. */
void place_sync(const struct place *p);

#endif
