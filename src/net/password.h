#ifndef RD_NET_PASSWORD_H
#define RD_NET_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/conn.h"

/*
 * The permanent password of a host, kept as Argon2id (RFC 9106) of it: 32 bytes
 * from 3 passes over 64 MiB, one lane, a salt of 16. That is CPace's
 * password-related string on both sides; the password itself is nowhere kept
 * and never sent. File `password`, 0600:
 *
 *	rd-password-1 BASE64URL(salt[16] || prs[32])
 */
#define RD_PASSWORD_MIN 8	/* characters, when one is set */
#define RD_PASSWORD_MAX 1024	/* bytes */
/* Takes about 0.1 s and 64 MiB. 0, or -ENOMEM. */
int rd_password_stretch(const char *password, size_t len, const uint8_t salt[static 16],
	uint8_t prs[static RD_CONN_PRF_SIZE]);
/* 0; -ENOENT: none is set; -EPERM: others may read it; -EBADMSG: damaged. */
int rd_password_load(const char *path, uint8_t prs[static RD_CONN_PRF_SIZE], uint8_t salt[static 16]);
int rd_password_parse(const char *text, size_t len, uint8_t prs[static RD_CONN_PRF_SIZE],
	uint8_t salt[static 16]);
/* Characters of UTF-8 (of bytes, where it is none), as RD_PASSWORD_MIN counts them. */
size_t rd_password_characters(const char *password, size_t len);
/* A new salt; replaces the file. -EINVAL: too short; -EMSGSIZE: too long. */
int rd_password_save(const char *path, const char *password, size_t len);

#endif
