#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/json.h"
#include "base/log.h"
#include "net/nat.h"
#include "rd-netcheck/report.h"

static bool
has_v6(const struct finding *f)
{
	for (unsigned i = 0; i < f->own.count; i++)
		if (f->own.list[i].kind == RD_CANDIDATE_HOST && f->own.list[i].addr.family == 6)
			return true;
	return f->seen6.family;
}

const char *
report_outlook(const struct finding *f)
{
	if (!f->udp.stands && !f->tls.stands)
		return "no session through this relay";
	if (!f->udp.stands)
		return "sessions go through the relay, by TLS: this network lets no UDP out";
	if (f->mapped.family || f->own.nat.mapping == RD_NAT_NONE)
		return "sessions go direct, with nearly everybody";
	switch (f->own.nat.mapping) {
	case RD_NAT_INDEPENDENT:
		return "sessions go direct, but with those whose NAT chooses ports at random";
	case RD_NAT_ADDRESS:
		return "sessions go direct with most; with those whose NAT is like this one, by luck";
	case RD_NAT_SEQUENTIAL:
		return "sessions go direct with most: the ports of this NAT can be foretold";
	case RD_NAT_RANDOM:
		return has_v6(f) ? "by IPv6 direct; by IPv4 direct with those who have no such NAT"
			: "sessions go direct with those who have no such NAT, else through the relay";
	default:
		return has_v6(f) && f->own.nat.mapping == RD_NAT_BLOCKED
			? "by IPv6 direct; with those who have none, through the relay"
			: "sessions go through the relay where no direct path is found";
	}
}

/* --- words --- */

static void
put_reached(const char *what, const struct reached *r)
{
	if (r->stands)
		printf("%-8s reaches the relay%s%s, in %.0f ms\n", what,
			strchr(r->how, ' ') ? " " : "", strchr(r->how, ' ') ? strchr(r->how, ' ') + 1 : "",
			(double)r->after_ns / RD_NS_PER_MS);
	else
		printf("%-8s does not reach the relay: %s\n", what, r->why);
}

static const char *
nat_words(const struct finding *f)
{
	enum rd_nat_mapping m = f->own.nat.mapping;
	static const char *const words[] = {
		[RD_NAT_UNKNOWN] = "not known: the relay answers at one port only",
		[RD_NAT_NONE] = "none: the address that others see is this machine's own",
		[RD_NAT_INDEPENDENT] = "one port towards everybody; holes can be punched",
		[RD_NAT_ADDRESS] = "another port towards each address",
		[RD_NAT_SEQUENTIAL] = "another port towards each place, in steps; they can be foretold",
		[RD_NAT_RANDOM] = "another port towards each place, at random",
		[RD_NAT_BLOCKED] = "no answer: UDP does not get through",
	};
	if (m == RD_NAT_UNKNOWN && !f->relay_has_v4)
		return "not known: the relay has no IPv4 address";
	if (m == RD_NAT_BLOCKED && f->udp.stands)
		return "no answer: UDP does not get through by IPv4";
	return words[m <= RD_NAT_BLOCKED ? m : RD_NAT_UNKNOWN];
}

static const char *
v6_words(const struct finding *f, char text[static RD_ADDR_TEXT])
{
	if (f->seen6.family)
		return rd_addr_text(&f->seen6, text);
	if (!has_v6(f))
		return "none";
	return f->relay_has_v6 ? "this machine has it, and gets no answer of the relay by it"
		: "this machine has it; the relay does not";
}

static void
put_words(const struct finding *f)
{
	char text[RD_ADDR_TEXT];
	printf("%-8s %s\n", "relay", f->relay->name);
	put_reached("UDP", &f->udp);
	put_reached("TLS", &f->tls);
	if (f->relay->proxy.kind != RD_PROXY_NONE)
		printf("%-8s %s %s:%u\n", "proxy", f->relay->proxy.kind == RD_PROXY_HTTP ? "HTTP" : "SOCKS5",
			f->relay->proxy.host, f->relay->proxy.port);
	printf("%-8s %s", "NAT", nat_words(f));
	if (f->own.nat.seen.family)
		printf("; seen as %s", rd_addr_text(&f->own.nat.seen, text));
	printf("\n%-8s ", "router");
	if (f->mapped.family)
		printf("opens %s for us, by %s\n", rd_addr_text(&f->mapped, text), f->mapped_by);
	else
		printf("opens no port (PCP, NAT-PMP, UPnP)\n");
	printf("%-8s %s\n", "IPv6", v6_words(f, text));
	printf("\n%s\n", report_outlook(f));
}

/* --- JSON --- */

static void
put_text(const char *text)
{
	rd_json_print_text(text, stdout);
}

static void
put_key(const char *name)
{
	printf(",\"%s\":", name);
}

static void
put_address(const char *name, const struct rd_addr *a)
{
	char text[RD_ADDR_TEXT];
	put_key(name);
	if (a && a->family)
		put_text(rd_addr_text(a, text));
	else
		fputs("null", stdout);
}

static void
put_reached_json(const char *name, const struct reached *r)
{
	put_key(name);
	fputs(r->stands ? "true" : "false", stdout);
	printf(",\"%s_%s\":", name, r->stands ? "ms" : "why");
	if (r->stands)
		printf("%.1f", (double)r->after_ns / RD_NS_PER_MS);
	else
		put_text(r->why);
}

static void
put_json(const struct finding *f)
{
	static const char *const proxies[] = {
		[RD_PROXY_NONE] = "none", [RD_PROXY_HTTP] = "http", [RD_PROXY_SOCKS5] = "socks5",
	};
	bool known = f->relay->has_key && !f->other_key;
	char key[RD_KEY_TEXT];
	fputs("{\"relay\":", stdout);
	put_text(f->relay->name);
	put_reached_json("udp", &f->udp);
	put_reached_json("tls", &f->tls);
	put_key("tls_by");
	put_text(f->tls.how);
	put_key("proxy");
	put_text(proxies[f->relay->proxy.kind]);
	put_key("key");
	if (known || f->has_key)
		put_text(rd_key_text(known ? &f->relay->key : &f->key, key));
	else
		fputs("null", stdout);
	put_key("key_known");
	fputs(f->other_key ? "false" : f->relay->has_key ? "true" : "null", stdout);
	put_key("nat");
	put_text(rd_nat_mapping_name(f->own.nat.mapping));
	printf(",\"step\":%d", f->own.nat.step);
	put_address("seen", &f->own.nat.seen);
	put_address("mapped", &f->mapped);
	put_key("mapped_by");
	put_text(f->mapped_by);
	put_address("ipv6", &f->seen6);
	put_key("outlook");
	put_text(report_outlook(f));
	fputs("}\n", stdout);
}

int
report(const struct finding *f, bool json)
{
	if (f->why_name) {
		rd_error("the relay %s cannot be found: %s", f->relay->name, f->why_name);
		return RD_EXIT_RELAY;
	}
	if (json)
		put_json(f);
	else
		put_words(f);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		rd_error("stdout: %s", strerror(errno));
		return RD_EXIT_OUTPUT;
	}
	if (f->other_key) {
		rd_error("the relay %s has another key than the one that is known; if its owner says that it "
			"is right: rd-key relay --forget %s", f->relay->name, f->relay->name);
		return RD_EXIT_RELAY_KEY;
	}
	if (f->udp.stands || f->tls.stands)
		return RD_EXIT_OK;
	rd_error("the relay %s cannot be reached", f->relay->name);
	return RD_EXIT_RELAY;
}
