#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/json.h"
#include "rd-top/format.h"
#include "rd-top/once_relay.h"

static __attribute__((format(printf, 2, 3))) void
put(struct rd_buf *out, const char *fmt, ...)
{
	char line[256];
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (n > 0)
		rd_buf_bytes(out, line, (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1);
}

/* --- a table --- */

static void
put_counts(struct rd_buf *out, const struct relay *r)
{
	char a[FORMAT_MAX], b[FORMAT_MAX], c[FORMAT_MAX], d[FORMAT_MAX];
	put(out, "sessions  %8s   %s UDP, %s TLS\n",
		format_count(a, relay_now(r, "rd_sessions", NULL, NULL)),
		format_count(b, relay_now(r, "rd_sessions", "path", "udp")),
		format_count(c, relay_now(r, "rd_sessions", "path", "tls")));
	put(out, "peers     %8s   %s UDP, %s TLS; %s hosts\n",
		format_count(a, relay_now(r, "rd_peers", NULL, NULL)),
		format_count(b, relay_now(r, "rd_peers", "transport", "udp")),
		format_count(c, relay_now(r, "rd_peers", "transport", "tls")),
		format_count(d, relay_now(r, "rd_hosts", NULL, NULL)));
	put(out, "codes     %8s\n", format_count(a, relay_now(r, "rd_slots", NULL, NULL)));
}

static void
put_flow(struct rd_buf *out, const struct relay *r, const char *dir, const char *label)
{
	char a[FORMAT_MAX], b[FORMAT_MAX];
	put(out, "%-9s %8s bit/s   %s packets/s\n", label,
		format_count(a, 8 * relay_rate(r, "rd_bytes_total", "dir", dir)),
		format_count(b, relay_rate(r, "rd_packets_total", "dir", dir)));
}

void
once_relay_table(struct rd_buf *out, const struct relay *r, const char *url)
{
	char a[FORMAT_MAX], b[FORMAT_MAX];
	bool draining = relay_now(r, "rd_draining", NULL, NULL) > 0;
	put(out, "relay     %s, %s\n", url, draining ? "draining" : "serves");
	put_counts(out, r);
	put_flow(out, r, "in", "in");
	put_flow(out, r, "out", "out");
	put(out, "processor %8s of a core, %s\n",
		format_share(a, relay_rate(r, "process_cpu_seconds_total", NULL, NULL)),
		format_bytes(b, relay_now(r, "process_max_resident_memory_bytes", NULL, NULL)));
	put(out, "\n%-24s %8s %10s\n", "REFUSED", "/s", "in all");
	for (unsigned i = 0; i < RELAY_REFUSALS; i++) {
		const struct relay_refusal *f = &relay_refusals[i];
		put(out, "%-24s %8s %10s\n", f->words,
			format_real(a, relay_rate(r, f->name, f->label, f->value)),
			format_count(b, relay_now(r, f->name, f->label, f->value)));
	}
}

/* --- JSON --- */

static void
json_split(struct rd_json *j, const struct relay *r, const char *key, const char *name,
	const char *label, const char *const *values)
{
	rd_json_key(j, key);
	rd_json_open(j, '{');
	for (; *values; values++)
		rd_json_put_real(j, *values, relay_now(r, name, label, *values), 0);
	rd_json_close(j, '}');
}

static void
json_flow(struct rd_json *j, const struct relay *r, const char *dir)
{
	rd_json_key(j, dir);
	rd_json_open(j, '{');
	rd_json_put_real(j, "rate", 8 * relay_rate(r, "rd_bytes_total", "dir", dir), 0);
	rd_json_put_real(j, "packets_per_s", relay_rate(r, "rd_packets_total", "dir", dir), 1);
	rd_json_put_real(j, "bytes", relay_now(r, "rd_bytes_total", "dir", dir), 0);
	rd_json_close(j, '}');
}

static void
json_refusals(struct rd_json *j, const struct relay *r)
{
	rd_json_key(j, "refused");
	rd_json_open(j, '{');
	for (unsigned i = 0; i < RELAY_REFUSALS; i++) {
		const struct relay_refusal *f = &relay_refusals[i];
		rd_json_key(j, f->key);
		rd_json_open(j, '{');
		rd_json_put_real(j, "total", relay_now(r, f->name, f->label, f->value), 0);
		rd_json_put_real(j, "per_s", relay_rate(r, f->name, f->label, f->value), 1);
		rd_json_close(j, '}');
	}
	rd_json_close(j, '}');
}

void
once_relay_json(struct rd_buf *out, const struct relay *r, const char *url, double time)
{
	static const char *const ways[] = {"udp", "tls", NULL};
	struct rd_json j = {0};
	rd_json_open(&j, '{');
	rd_json_put_real(&j, "time", time, 3);
	rd_json_put_text(&j, "relay", url);
	rd_json_put_bool(&j, "draining", relay_now(r, "rd_draining", NULL, NULL) > 0);
	rd_json_put_bool(&j, "crowded", relay_now(r, "rd_crowded", NULL, NULL) > 0);
	json_split(&j, r, "sessions", "rd_sessions", "path", ways);
	json_split(&j, r, "peers", "rd_peers", "transport", ways);
	rd_json_put_real(&j, "hosts", relay_now(r, "rd_hosts", NULL, NULL), 0);
	rd_json_put_real(&j, "codes", relay_now(r, "rd_slots", NULL, NULL), 0);
	json_flow(&j, r, "in");
	json_flow(&j, r, "out");
	rd_json_put_real(&j, "forward_p50_ms", 1e3 * relay_quantile(r, "rd_forward_seconds", 0.5), 3);
	rd_json_put_real(&j, "forward_p99_ms", 1e3 * relay_quantile(r, "rd_forward_seconds", 0.99), 3);
	rd_json_put_real(&j, "cpu", relay_rate(r, "process_cpu_seconds_total", NULL, NULL), 4);
	rd_json_put_real(&j, "memory_bytes",
		relay_now(r, "process_max_resident_memory_bytes", NULL, NULL), 0);
	json_refusals(&j, r);
	rd_json_close(&j, '}');
	rd_json_line(&j);
	rd_buf_bytes(out, j.text.data, j.text.len);
	rd_json_finish(&j);
}
