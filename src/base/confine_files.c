#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/confine_files.h"

/*
 * landlock(7). The C library has no functions for it, and the headers of the
 * machine we are built on may know less than its kernel: what came after
 * Linux 5.13 is named here.
 */
struct ruleset {
	uint64_t fs;
	uint64_t net;		/* ABI 4 */
	uint64_t scoped;	/* ABI 6 */
};

#define FS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_ABI_1 ((1u << 13) - 1)
#define FS_REFER (1u << 13)	/* ABI 2 */
#define FS_TRUNCATE (1u << 14)	/* ABI 3 */
#define FS_IOCTL_DEV (1u << 15)	/* ABI 5 */
#define NET_TCP 3u		/* bind, connect */
#define SCOPE_ALL 3u		/* abstract sockets, signals */

/* What graphics libraries read after they have been set up; /dev for a GPU. */
static const char *const window_reads[] = {"/usr", "/lib", "/lib64", "/etc", "/proc", "/sys", "/dev"};
/* What a program and its libraries are read from. */
static const char *const program_reads[] = {
	"/usr", "/lib", "/lib64", "/bin", "/opt", "/etc", "/proc", "/sys", "/dev",
};
/* The sanitizers' run time reads its maps and its own program. */
static const char *const sanitizer_reads[] = {"/"};

static int
ruleset_new(const struct rd_confine_rules *rules, struct ruleset *set)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 0)
		return -errno;
	*set = (struct ruleset){.fs = FS_ABI_1};
	size_t size = sizeof(set->fs);
	if (abi >= 2)
		set->fs |= FS_REFER;
	if (abi >= 3)
		set->fs |= FS_TRUNCATE;
	if (abi >= 5 && rules->kind != RD_CONFINE_WINDOW) /* a window's GPU is driven by ioctls */
		set->fs |= FS_IOCTL_DEV;
	if (abi >= 4) {
		set->net = rules->kind == RD_CONFINE_NETWORK ? 0 : NET_TCP;
		size += sizeof(set->net);
	}
	if (abi >= 6) {
		set->scoped = SCOPE_ALL;
		size += sizeof(set->scoped);
	}
	long fd = syscall(SYS_landlock_create_ruleset, set, size, 0);
	return fd < 0 ? -errno : (int)fd;
}

static int
allow_in(int ruleset, int dir, uint64_t access)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = dir};
	long err = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	return err < 0 ? -errno : 0;
}

/* A folder that does not exist needs no rule. */
static int
allow(int ruleset, const char *path, uint64_t access)
{
	int dir = open(path, O_PATH | O_CLOEXEC);
	if (dir < 0)
		return errno == ENOENT ? 0 : -errno;
	int err = allow_in(ruleset, dir, access);
	close(dir);
	return err;
}

static int
allow_all(int ruleset, const char *const *paths, size_t n, uint64_t access)
{
	int err = 0;
	for (size_t i = 0; i < n && !err; i++)
		err = allow(ruleset, paths[i], access);
	return err;
}

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static int
add_rules(int ruleset, const struct rd_confine_rules *rules, const struct ruleset *set)
{
	int err = 0;
#ifdef __SANITIZE_ADDRESS__
	err = allow_all(ruleset, sanitizer_reads, COUNT(sanitizer_reads), FS_READ);
#else
	(void)sanitizer_reads;
#endif
	if (!err && rules->kind == RD_CONFINE_WINDOW)
		err = allow_all(ruleset, window_reads, COUNT(window_reads), FS_READ);
	if (!err && rules->kind == RD_CONFINE_PROGRAM)
		err = allow_all(ruleset, program_reads, COUNT(program_reads),
			FS_READ | LANDLOCK_ACCESS_FS_EXECUTE);
	if (!err && rules->write_dir)
		err = allow(ruleset, rules->write_dir, set->fs & (LANDLOCK_ACCESS_FS_WRITE_FILE |
			LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE | FS_TRUNCATE));
	if (!err && rules->remove_dir > 0)
		err = allow_in(ruleset, rules->remove_dir, LANDLOCK_ACCESS_FS_REMOVE_FILE);
	return err;
}

int
rd_confine_files(const struct rd_confine_rules *rules)
{
	struct ruleset set = {0};
	int fd = ruleset_new(rules, &set);
	if (fd < 0)
		return fd;
	int err = add_rules(fd, rules, &set);
	if (!err && syscall(SYS_landlock_restrict_self, fd, 0) < 0)
		err = -errno;
	close(fd);
	return err;
}
