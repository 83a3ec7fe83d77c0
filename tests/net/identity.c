/* The identity file: plain and sealed, its modes, and who else may have a hand in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include <sodium.h>

#include "base/folder.h"
#include "base/private.h"
#include "net/folder.h"
#include "net/identity.h"
#include "net/vector.h"

/* RFC 7748 section 6.1, Alice's. */
static const char plain[] = "rd-identity-1 plain dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo\n";
static const char public[] = "rd:hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo";

/* Says ctx, and counts in `asked`. */
static unsigned asked;

static int
say(void *ctx, const char *prompt, char *out, size_t cap)
{
	asked++;
	assert_non_null(strstr(prompt, "Passphrase of "));
	if (!ctx)
		return -ECANCELED;
	assert_true(strlen(ctx) < cap);
	memcpy(out, ctx, strlen(ctx) + 1);
	return 0;
}

static struct rd_keypair
alice(void)
{
	struct rd_keypair k;
	assert_int_equal(rd_identity_parse(plain, strlen(plain), &k, NULL, NULL), 0);
	return k;
}

static void
reads_a_plain_one(void **state)
{
	struct rd_keypair k = alice();
	char text[RD_KEY_TEXT];
	(void)state;
	assert_string_equal(rd_key_text(&k.public, text), public);
	assert_int_equal(rd_identity_save(folder_path("identity"), &k, NULL, false), 0);
	assert_string_equal(folder_read("identity"), plain);
	assert_int_equal(folder_mode("identity"), 0600);
	assert_int_equal(folder_count(), 1);
	assert_int_equal(rd_identity_save(folder_path("identity"), &k, NULL, false), -EEXIST);
	folder_empty();
}

static void
seals_with_a_passphrase(void **state)
{
	struct rd_keypair k = alice(), back;
	struct rd_key key;
	char pass[] = "open sesame", wrong[] = "open barley", empty[] = "";
	const char *path = folder_path("identity");
	(void)state;
	assert_int_equal(rd_identity_save(path, &k, pass, false), 0);
	assert_null(strstr(folder_read("identity"), "dwdtCnMYpX08FsFyUbJm"));
	asked = 0;
	assert_int_equal(rd_identity_public(path, &key), 0);
	assert_true(rd_key_equal(&key, &k.public));
	assert_int_equal(asked, 0);
	assert_int_equal(rd_identity_load(path, &back, NULL, NULL), -ENOKEY);
	assert_int_equal(rd_identity_load(path, &back, say, NULL), -ECANCELED);
	assert_int_equal(rd_identity_load(path, &back, say, empty), -EKEYREJECTED);
	assert_int_equal(rd_identity_load(path, &back, say, wrong), -EKEYREJECTED);
	assert_true(rd_key_is_zero(&back.secret));
	assert_int_equal(rd_identity_load(path, &back, say, pass), 0);
	assert_int_equal(asked, 4);
	assert_true(rd_key_equal(&back.secret, &k.secret));
	assert_true(rd_key_equal(&back.public, &k.public));
	/* Another public key before the same box is found out. */
	char text[512];
	struct rd_keypair other;
	rd_keypair_new(&other);
	snprintf(text, sizeof(text), "%.500s", folder_read("identity"));
	char *at = strstr(text, "rd:");
	char its[RD_KEY_TEXT];
	rd_key_text(&other.public, its);
	memcpy(at, its, strlen(its));
	assert_int_equal(rd_identity_parse(text, strlen(text), &back, say, pass), -EKEYREJECTED);
	folder_empty();
}

/* Sealed by another implementation (Argon2id and XChaCha20-Poly1305 from their RFCs). */
static void
reads_a_sealed_one(void **state)
{
	static const char line[] =
		"rd-identity-1 argon2id rd:hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo AA"
		"ECAwQFBgcICQoLDA0OD0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV8N9bTijyEHbxlD60-"
		"59Fkdk4R0XvdVMVPKDxwYq0CVzPCWWKLbSEX5C-Ena2Br9ew\n";
	char pass[] = "open sesame";
	struct rd_keypair k, want = alice();
	(void)state;
	assert_int_equal(rd_identity_parse(line, strlen(line), &k, say, pass), 0);
	assert_true(rd_key_equal(&k.secret, &want.secret));
}

static void
refuses_other_texts(void **state)
{
	static const char *const bad[] = {
		"", "\n", "rd-identity-1", "rd-identity-1 plain ", "rd-identity-2 plain AAAA\n",
		"rd-identity-1 plain dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCp\n", /* bits past the end */
		"rd-identity-1 plain dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=\n",
		"rd-identity-1 plain dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo\n\n",
		"rd-identity-1 plain  dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo\n",
		"rd-identity-1 argon2id rd:hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo AAAA\n",
		"rd-identity-1 argon2id rd:hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo\n",
		"rd-identity-1 argon2id hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo AAAA\n",
		"rd-identity-1 argon2id AAAA\n", "rd-identity-1 argon2id  \n",
	};
	struct rd_keypair k;
	char pass[] = "x";
	(void)state;
	asked = 0;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(rd_identity_parse(bad[i], strlen(bad[i]), &k, say, pass), -EBADMSG);
		assert_true(rd_key_is_zero(&k.secret));
	}
	for (size_t n = 0; n < strlen(plain) - 1; n++)
		assert_int_equal(rd_identity_parse(plain, n, &k, NULL, NULL), -EBADMSG);
	assert_int_equal(asked, 0);
}

static void
refuses_what_others_may_touch(void **state)
{
	struct rd_keypair k;
	const char *path = folder_path("identity");
	static const mode_t bad[] = {0640, 0604, 0620, 0602, 0666, 0777, 0610};
	(void)state;
	assert_int_equal(rd_identity_load(path, &k, NULL, NULL), -ENOENT);
	folder_write("identity", 0400, plain);
	assert_int_equal(rd_identity_load(path, &k, NULL, NULL), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(chmod(path, bad[i]), 0);
		assert_int_equal(rd_identity_load(path, &k, NULL, NULL), -EPERM);
		assert_true(rd_key_is_zero(&k.secret));
		char *why = rd_private_why(path, -EPERM);
		assert_non_null(strstr(why, "chmod"));
		free(why);
	}
	if (geteuid() == 0) {
		assert_int_equal(chmod(path, 0600), 0);
		assert_int_equal(chown(path, 65534, 65534), 0);
		assert_int_equal(rd_identity_load(path, &k, NULL, NULL), -EPERM);
		char *why = rd_private_why(path, -EPERM);
		assert_non_null(strstr(why, "another user"));
		free(why);
	}
	folder_empty();
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(rd_identity_load(path, &k, NULL, NULL), -EINVAL);
	assert_int_equal(rd_identity_load(folder, &k, NULL, NULL), -EISDIR);
	folder_empty();
}

static void
follows_symbolic_links(void **state)
{
	struct rd_keypair k = alice(), back;
	struct stat st;
	(void)state;
	/* One that leads nowhere yet is kept, and what it names is made. */
	assert_int_equal(symlink("real", folder_path("identity")), 0);
	assert_int_equal(rd_identity_save(folder_path("identity"), &k, NULL, false), 0);
	assert_int_equal(lstat(folder_path("identity"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_string_equal(folder_read("real"), plain);
	assert_int_equal(rd_identity_load(folder_path("identity"), &back, NULL, NULL), 0);
	assert_int_equal(rd_identity_save(folder_path("identity"), &k, NULL, false), -EEXIST);
	assert_int_equal(rd_identity_save(folder_path("identity"), &k, NULL, true), 0);
	assert_int_equal(folder_count(), 2);
	assert_int_equal(symlink("loop", folder_path("loop")), 0);
	assert_int_equal(rd_identity_save(folder_path("loop"), &k, NULL, true), -ELOOP);
	folder_empty();
}

static void
is_made_at_first_use(void **state)
{
	struct rd_keypair k, again;
	bool made;
	(void)state;
	assert_int_equal(rd_identity_open(folder_path("identity"), &k, NULL, NULL, &made), 0);
	assert_true(made);
	assert_int_equal(rd_identity_open(folder_path("identity"), &again, NULL, NULL, &made), 0);
	assert_false(made);
	assert_true(rd_key_equal(&k.secret, &again.secret));
	folder_write("identity", 0600, "garbage");
	assert_int_equal(rd_identity_open(folder_path("identity"), &k, NULL, NULL, &made), -EBADMSG);
	assert_string_equal(folder_read("identity"), "garbage");
	folder_empty();
	assert_int_equal(rd_identity_open("/nowhere/at/all", &k, NULL, NULL, &made), -ENOENT);
}

/* Eight at once: one makes it, all have the same. */
static void
is_made_once(void **state)
{
	int ends[2], status;
	(void)state;
	assert_int_equal(pipe(ends), 0);
	for (int i = 0; i < 8; i++) {
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			struct rd_keypair k;
			bool made;
			int err = rd_identity_open(folder_path("identity"), &k, NULL, NULL, &made);
			k.secret.bytes[31] = made;
			_exit(err || write(ends[1], &k, sizeof(k)) != sizeof(k));
		}
	}
	struct rd_keypair k[8];
	int made = 0;
	for (int i = 0; i < 8; i++)
		assert_true(wait(&status) > 0 && status == 0);
	assert_int_equal(read(ends[0], k, sizeof(k)), sizeof(k));
	for (int i = 0; i < 8; i++) {
		assert_true(rd_key_equal(&k[0].public, &k[i].public));
		made += k[i].secret.bytes[31];
	}
	assert_int_equal(made, 1);
	close(ends[0]);
	close(ends[1]);
	folder_empty();
}

static void
knows_its_folder(void **state)
{
	char *dir, base[300], expected[320];
	struct stat st;
	(void)state;
	snprintf(base, sizeof(base), "%s/a", folder);
	setenv("XDG_CONFIG_HOME", base, 1);
	dir = rd_folder_own(false);
	snprintf(expected, sizeof(expected), "%s/a/rd", folder);
	assert_string_equal(dir, expected);
	assert_int_equal(stat(dir, &st), -1);
	free(dir);
	dir = rd_folder_own(true);
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(rmdir(base), 0);
	free(dir);
	setenv("XDG_CONFIG_HOME", "relative", 1);
	setenv("HOME", "/home/of/nobody", 1);
	dir = rd_folder_path("identity", false);
	assert_string_equal(dir, "/home/of/nobody/.config/rd/identity");
	free(dir);
	folder_write("file", 0600, "");
	setenv("XDG_CONFIG_HOME", folder_path("file"), 1);
	assert_null(rd_folder_own(true));
	assert_int_equal(errno, ENOTDIR);
	folder_empty();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_plain_one),
		cmocka_unit_test(seals_with_a_passphrase),
		cmocka_unit_test(reads_a_sealed_one),
		cmocka_unit_test(refuses_other_texts),
		cmocka_unit_test(refuses_what_others_may_touch),
		cmocka_unit_test(follows_symbolic_links),
		cmocka_unit_test(is_made_at_first_use),
		cmocka_unit_test(is_made_once),
		cmocka_unit_test(knows_its_folder),
	};
	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, folder_setup, folder_teardown);
}
