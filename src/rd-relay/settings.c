#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "rd-relay/certificate.h"
#include "rd-relay/settings.h"
#include "rd-relay/state.h"

#define SETTINGS_MAX (64u << 20)	/* bytes: a million listed hosts */

static void
take_options(struct settings *s, const struct options *o)
{
	struct core_config *c = &s->core;
	c->node = (uint16_t)o->node;
	c->open = o->open;
	c->policy = (enum rd_path_policy)o->policy;
	c->max_peers = (unsigned)o->max_peers;
	c->max_sessions = (unsigned)o->max_sessions;
	c->sessions_each = (unsigned)o->sessions_each;
	c->session_kbps = (uint32_t)(o->session_bps / 1000);
	c->session_bytes = o->session_bytes;
	c->host_day_bytes = o->host_day_bytes;
	c->total_bps = o->total_bps;
	c->connects_minute = (uint32_t)o->connects_minute;
	c->session_life_s = o->session_life_ns / RD_NS_PER_S;
	c->idle_ns = o->idle_ns;
	c->listed_count = o->host_count;
	if (o->host_count) {
		c->listed = xcalloc(o->host_count, sizeof(*c->listed));
		memcpy(c->listed, o->hosts, o->host_count * sizeof(*c->listed));
	}
	s->drain_ns = o->drain_ns;
	s->tls_connections = (unsigned)o->tls_connections;
}

static int
take_certificate(struct settings *s, const struct options *o)
{
	char *error = NULL;
	if (o->tls.count == 0)
		return 0;
	int code = state_certificate(o, &s->certificate, &s->certificate_len,
		&s->certificate_key, &s->certificate_key_len);
	if (code)
		return code;
	SSL_CTX *ctx = certificate_context(s->certificate, s->certificate_len, s->certificate_key,
		s->certificate_key_len, &error);
	if (!ctx) {
		rd_error("%s: %s", o->certificate ? o->certificate : o->state, error);
		free(error);
		return RD_EXIT_INPUT;
	}
	SSL_CTX_free(ctx);
	return 0;
}

int
settings_read(struct settings *s, const struct options *o, bool again)
{
	*s = (struct settings){0};
	take_options(s, o);
	int code = again ? 0 : state_identity(o, &s->core.key);
	if (!code)
		code = state_join_key(o, s->core.join);
	s->core.has_join = code == 0;
	return code ? code : take_certificate(s, o);
}

void
settings_finish(struct settings *s)
{
	free(s->core.listed);
	if (s->certificate_key)
		sodium_memzero(s->certificate_key, s->certificate_key_len);
	free(s->certificate);
	free(s->certificate_key);
	sodium_memzero(s, sizeof(*s));
}

/* --- from one process to the other --- */

static void
pack_bytes(struct rd_buf *b, const void *data, size_t len)
{
	rd_buf_u32(b, (uint32_t)len);
	rd_buf_bytes(b, data, len);
}

static void
pack(struct rd_buf *b, const struct settings *s)
{
	struct core_config c = s->core;
	size_t listed = s->core.listed_count * sizeof(*s->core.listed);
	c.listed = NULL;
	sodium_memzero(&c.key, sizeof(c.key));
	/* Secrets are in it: it does not grow, which would leave copies of them. */
	rd_buf_room(b, sizeof(c) + listed + s->certificate_len + s->certificate_key_len + 64);
	rd_buf_bytes(b, &c, sizeof(c));
	pack_bytes(b, s->core.listed, listed);
	pack_bytes(b, s->certificate, s->certificate_len);
	pack_bytes(b, s->certificate_key, s->certificate_key_len);
	rd_buf_u64(b, s->drain_ns);
	rd_buf_u32(b, s->tls_connections);
	sodium_memzero(&c, sizeof(c));
}

/* With a 0 behind it; NULL for nothing. */
static char *
unpack_bytes(struct rd_reader *r, size_t *len)
{
	*len = rd_reader_u32(r);
	const uint8_t *data = rd_reader_bytes(r, *len);
	if (!data || *len == 0)
		return NULL;
	char *copy = xcalloc(1, *len + 1);
	memcpy(copy, data, *len);
	return copy;
}

static int
unpack(struct settings *s, struct rd_reader *r)
{
	size_t listed;
	const uint8_t *core = rd_reader_bytes(r, sizeof(s->core));
	if (!core)
		return -EPROTO;
	memcpy(&s->core, core, sizeof(s->core));
	s->core.listed = (struct rd_key *)(void *)unpack_bytes(r, &listed);
	s->certificate = unpack_bytes(r, &s->certificate_len);
	s->certificate_key = unpack_bytes(r, &s->certificate_key_len);
	s->drain_ns = rd_reader_u64(r);
	s->tls_connections = rd_reader_u32(r);
	if (rd_reader_done(r) && listed == s->core.listed_count * sizeof(*s->core.listed))
		return 0;
	return -EPROTO;
}

int
settings_put(const struct settings *s)
{
	struct rd_buf b = {0};
	int fd = memfd_create("rd-relay settings", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	pack(&b, s);
	/* Memory takes it whole, or there is too little of it. */
	ssize_t n = write(fd, b.data, b.len);
	int err = n == (ssize_t)b.len ? 0 : n < 0 ? -errno : -ENOMEM;
	sodium_memzero(b.data, b.len);
	rd_buf_finish(&b);
	if (!err)
		return fd;
	close(fd);
	return err;
}

int
settings_get(struct settings *s, int fd)
{
	struct stat st;
	struct rd_reader r;
	*s = (struct settings){0};
	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_size <= 0 || st.st_size > SETTINGS_MAX)
		return -EPROTO;
	void *data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return -errno;
	rd_reader_init(&r, data, (size_t)st.st_size);
	int err = unpack(s, &r);
	munmap(data, (size_t)st.st_size);
	if (err)
		settings_finish(s);
	return err;
}
