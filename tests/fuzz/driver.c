/*
 * Runs a fuzz target without libFuzzer: every file of a corpus directory, then
 * mutations of each. The same seed makes the same inputs on every machine, so
 * that `make check` finds today what it found yesterday.
 *
 *	TARGET CORPUS		all of it; RD_FUZZ_SEED=N for other mutations
 *	TARGET CORPUS NAME N	mutation N of one file, written to ./NAME.N first
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SEED_DEFAULT 1
#define MUTATIONS_MAX 400	/* of one file */
#define MUTATIONS_ALL 40000	/* of all */
#define GROWTH_MAX 4096		/* bytes a mutation may add */
#define HANG_S 60		/* one input that takes longer hangs */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* Of the sanitizers, where there are any: they end without a signal. */
__attribute__((weak)) void __sanitizer_set_death_callback(void (*call)(void));

struct file {
	char *name;
	uint8_t *data;
	size_t size;
};

struct corpus {
	struct file *files;
	size_t count;
};

/* What is running, for the line that a crash leaves behind. */
static struct {
	const char *program, *corpus, *name;
	unsigned mutation;	/* 0: the file itself */
	uint64_t seed;
} now;

static void
tell(void)
{
	char line[512];
	int n = snprintf(line, sizeof(line),
		"fuzz: died on %s, mutation %u; again: RD_FUZZ_SEED=%" PRIu64 " %s %s %s %u\n", now.name,
		now.mutation, now.seed, now.program, now.corpus, now.name, now.mutation);
	if (n > 0 && write(STDERR_FILENO, line, strnlen(line, sizeof(line))) < 0)
		_exit(1);
}

static void
on_death(int number)
{
	if (number == SIGALRM)
		fprintf(stderr, "fuzz: it hangs\n");
	tell();
	signal(number, SIG_DFL);
	raise(number);
}

/* splitmix64 (Steele, Lea, Flood 2014): any seed will do. */
static uint64_t
next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* 0 … n - 1, and 0 for n == 0. */
static size_t
below(uint64_t *state, size_t n)
{
	return n ? (size_t)(next(state) % n) : 0;
}

struct input {
	uint8_t *data;
	size_t size;
	size_t room;
};

/* Puts n bytes of `from` at `at`, as far as there is room. */
static void
insert(struct input *in, size_t at, const uint8_t *from, size_t n)
{
	if (n > in->room - in->size)
		n = in->room - in->size;
	if (n == 0)
		return;
	memmove(in->data + at + n, in->data + at, in->size - at);
	memcpy(in->data + at, from, n);
	in->size += n;
}

static void
remove_range(struct input *in, size_t at, size_t n)
{
	memmove(in->data + at, in->data + at + n, in->size - at - n);
	in->size -= n;
}

/* Numbers that lengths and sizes go wrong at, 1 to 8 bytes little endian. */
static void
overwrite_number(struct input *in, uint64_t *rng)
{
	static const uint64_t odd[] = {
		0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff,
		0x80000000, 0xffffffff, UINT64_C(0x7fffffffffffffff), UINT64_MAX,
	};
	size_t width = (size_t)1 << below(rng, 4);
	if (width > in->size)
		return;
	uint64_t v = odd[below(rng, sizeof(odd) / sizeof(odd[0]))];
	uint8_t *p = in->data + below(rng, in->size - width + 1);
	for (size_t i = 0; i < width; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static void
duplicate_range(struct input *in, uint64_t *rng)
{
	uint8_t copy[256];
	size_t at = below(rng, in->size);
	size_t n = below(rng, in->size - at + 1);
	if (n > sizeof(copy))
		n = sizeof(copy);
	memcpy(copy, in->data + at, n);
	insert(in, below(rng, in->size + 1), copy, n);
}

/* The tail of this file becomes a tail of another one. */
static void
splice(struct input *in, uint64_t *rng, const struct corpus *c)
{
	const struct file *other = &c->files[below(rng, c->count)];
	size_t from = below(rng, other->size + 1);
	in->size = below(rng, in->size + 1);
	insert(in, in->size, other->data + from, other->size - from);
}

static void
mutate_once(struct input *in, uint64_t *rng, const struct corpus *c)
{
	uint8_t noise[16];
	uint64_t r = next(rng);
	size_t at = below(rng, in->size);
	switch (r % 8) {
	case 0:
		in->size = at;
		break;
	case 1:
	case 2:
		if (in->size)
			in->data[at] ^= (uint8_t)(1u << (r >> 8) % 8);
		break;
	case 3:
		if (in->size)
			in->data[at] = (uint8_t)(r >> 8);
		break;
	case 4:
		overwrite_number(in, rng);
		break;
	case 5:
		remove_range(in, at, below(rng, in->size - at + 1));
		break;
	case 6:
		for (size_t i = 0; i < sizeof(noise); i++)
			noise[i] = (uint8_t)next(rng);
		insert(in, at, noise, 1 + below(rng, sizeof(noise)));
		break;
	default:
		if (r >> 8 & 1)
			duplicate_range(in, rng);
		else
			splice(in, rng, c);
	}
}

static uint64_t
hash(const char *text)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
	for (; *text; text++)
		h = (h ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
	return h;
}

/* Mutation `number` of a file, as memory of exactly its size. */
static struct input
mutation_of(const struct corpus *c, const struct file *f, unsigned number)
{
	struct input in = {.size = f->size, .room = f->size + GROWTH_MAX};
	in.data = malloc(in.room);
	if (!in.data)
		abort();
	memcpy(in.data, f->data, f->size);
	uint64_t rng = now.seed ^ hash(f->name) ^ (uint64_t)number << 32;
	if (number > 0)
		for (size_t n = 1 + below(&rng, 4); n > 0; n--)
			mutate_once(&in, &rng, c);
	/* Cut to size: only so a sanitizer sees one byte read too far. */
	uint8_t *cut = realloc(in.data, in.size ? in.size : 1);
	if (!cut)
		abort();
	in.data = cut;
	return in;
}

static void
run_one(const struct corpus *c, const struct file *f, unsigned number)
{
	now.name = f->name;
	now.mutation = number;
	struct input in = mutation_of(c, f, number);
	alarm(HANG_S);
	LLVMFuzzerTestOneInput(in.data, in.size);
	alarm(0);
	free(in.data);
}

static int
write_and_run(const struct corpus *c, const char *name, unsigned number)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct file *f = &c->files[i];
		if (strcmp(f->name, name) != 0)
			continue;
		char path[512];
		snprintf(path, sizeof(path), "%s.%u", name, number);
		struct input in = mutation_of(c, f, number);
		FILE *out = fopen(path, "wbe");
		if (out) {
			fwrite(in.data, 1, in.size, out);
			fclose(out);
		}
		free(in.data);
		run_one(c, f, number);
		return 0;
	}
	fprintf(stderr, "fuzz: no %s in the corpus\n", name);
	return 1;
}

static void
run_all(const struct corpus *c)
{
	for (size_t i = 0; i < c->count; i++)
		run_one(c, &c->files[i], 0);
	size_t each = MUTATIONS_ALL / c->count;
	if (each > MUTATIONS_MAX)
		each = MUTATIONS_MAX;
	for (size_t i = 0; i < c->count; i++)
		for (unsigned n = 1; n <= each; n++)
			run_one(c, &c->files[i], n);
	printf("%zu files and %zu mutations of each, seed %" PRIu64 "\n", c->count, each, now.seed);
}

static bool
file_read(struct file *f, const char *dir, const char *name)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	FILE *in = fopen(path, "rbe");
	if (!in)
		return false;
	char *data = NULL;
	size_t size = 0;
	FILE *copy = open_memstream(&data, &size);
	char block[4096];
	size_t n;
	while (copy && (n = fread(block, 1, sizeof(block), in)) > 0)
		fwrite(block, 1, n, copy);
	bool good = copy && !ferror(in) && fclose(copy) == 0;
	fclose(in);
	*f = (struct file){.name = strdup(name), .data = (uint8_t *)data, .size = size};
	return good && f->name;
}

static int
visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

/* In the order of names, whatever the file system's order is. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool
corpus_read(struct corpus *c, const char *dir)
{
	struct dirent **list;
	int n = scandir(dir, &list, visible, by_name);
	if (n <= 0)
		return false;
	c->files = calloc((size_t)n, sizeof(*c->files));
	bool good = c->files != NULL;
	for (int i = 0; i < n; i++) {
		good = good && file_read(&c->files[c->count], dir, list[i]->d_name);
		c->count += good;
		free(list[i]);
	}
	free(list);
	return good;
}

static void
corpus_free(struct corpus *c)
{
	for (size_t i = 0; i < c->count; i++) {
		free(c->files[i].name);
		free(c->files[i].data);
	}
	free(c->files);
}

int
main(int argc, char **argv)
{
	if (argc != 2 && argc != 4) {
		fprintf(stderr, "usage: %s CORPUS [NAME MUTATION]\n", argv[0]);
		return 2;
	}
	const char *seed = getenv("RD_FUZZ_SEED");
	now.program = argv[0];
	now.corpus = argv[1];
	now.seed = seed ? strtoull(seed, NULL, 0) : SEED_DEFAULT;
	struct corpus c = {0};
	if (!corpus_read(&c, argv[1])) {
		fprintf(stderr, "fuzz: no corpus in %s\n", argv[1]);
		corpus_free(&c);
		return 1;
	}
	signal(SIGALRM, on_death);
	signal(SIGABRT, on_death);
	if (__sanitizer_set_death_callback) {
		__sanitizer_set_death_callback(tell);
	} else {
		signal(SIGSEGV, on_death);
		signal(SIGBUS, on_death);
		signal(SIGFPE, on_death);
	}
	int code = 0;
	if (argc == 4)
		code = write_and_run(&c, argv[2], (unsigned)strtoul(argv[3], NULL, 10));
	else
		run_all(&c);
	corpus_free(&c);
	return code;
}
