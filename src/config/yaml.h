#ifndef RD_CONFIG_YAML_H
#define RD_CONFIG_YAML_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A file of YAML 1.1 as a tree: mappings, lists and texts, each with its place.
 * Read by libyaml; what none of our files needs is refused with its place: tags,
 * a second document, keys that are no single value. A key that stands there twice
 * does not end the reading, so that whoever judges the file can say all at once.
 *
 * An alias is the node of its anchor once more, so the tree is a graph without
 * cycles. What it would be without aliases is counted, and too much is refused:
 * whoever walks it all has a bounded walk.
 */
#define RD_YAML_DEPTH_MAX 16	/* mappings and lists in one another */
#define RD_YAML_NODES_MAX 10000	/* aliases counted as what they stand for */
#define RD_YAML_ANCHORS_MAX 64

enum rd_yaml_kind {
	RD_YAML_NULL,	/* ~ and null, unquoted */
	RD_YAML_EMPTY,	/* nothing stands there */
	RD_YAML_TEXT,
	RD_YAML_LIST,
	RD_YAML_MAP,
};

struct rd_yaml {
	enum rd_yaml_kind kind;
	unsigned line, column;	/* from 1 */
	const char *text;	/* of TEXT: UTF-8, no 0 in it */
	struct rd_yaml **items;	/* of LIST and MAP */
	struct rd_yaml **keys;	/* of MAP: TEXT nodes, one for each item */
	size_t count;
	size_t weight;		/* nodes, itself included */
};

/* A file. Zeroed: empty. */
struct rd_yaml_file {
	const char *name;	/* for messages; borrowed */
	struct rd_yaml *root;	/* NULL: nothing but comments */
	struct rd_yaml **all;	/* owns the nodes */
	size_t count, room;
	struct rd_yaml **again;	/* keys that stood there before: these are not in the tree */
	size_t again_count;
};

/*
 * 0, or -EINVAL with a line for people in *error, to free:
 * "FILE:line:column: what is wrong". rd_yaml_finish follows in both cases.
 */
int rd_yaml_read(struct rd_yaml_file *f, const char *name, const char *text, size_t len,
	char **error);
void rd_yaml_finish(struct rd_yaml_file *f);

/* The value of a key; NULL: it is not there, or `map` is NULL or no mapping. */
const struct rd_yaml *rd_yaml_get(const struct rd_yaml *map, const char *key);
/* What is wrong with one of `again`, a line for people; the caller frees. */
char *rd_yaml_say_again(const char *name, const struct rd_yaml *key);
/* "FILE:line:column", the name escaped; the caller frees. */
char *rd_yaml_place(const char *name, const struct rd_yaml *at);

#endif
