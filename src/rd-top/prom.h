#ifndef RD_TOP_PROM_H
#define RD_TOP_PROM_H

#include <stddef.h>

/*
 * The text that Prometheus reads (exposition format 0.0.4), of which this takes
 *
 *	name [{label="value"[,...]}] number [time]
 *
 * a line each, and comments. Pure and bounded: a page of someone else's.
 */
#define PROM_SAMPLES_MAX 4096
#define PROM_LABELS_MAX 4
#define PROM_NAME_MAX 64

struct prom_label { char name[24], value[40]; };

struct prom_sample {
	char name[PROM_NAME_MAX];
	struct prom_label label[PROM_LABELS_MAX];
	unsigned labels;
	double value;
};

struct prom {
	struct prom_sample *sample;
	unsigned count, cap;
};

/*
 * Replaces what p holds. 0, or -EPROTO with the number of the line that is wrong
 * in *line, and p empty.
 */
int prom_parse(struct prom *p, const char *text, size_t len, unsigned *line);
void prom_finish(struct prom *p);
/*
 * The sum of those of that name that have, where `label` is not NULL, this value
 * of it; NAN where there is none.
 */
double prom_sum(const struct prom *p, const char *name, const char *label, const char *value);

#endif
