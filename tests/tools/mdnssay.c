/*
 * mdnssay ADDRESS <LINES: announces hosts of rd-session(5) by multicast DNS, as whoever
 * likes to could, without asking anybody, again and again until it is killed. A line is
 * one host:
 *
 *	INSTANCE<TAB>TARGET<TAB>ADDRESS<TAB>PORT[<TAB>TXT]…
 *
 * \xNN in INSTANCE, TARGET and TXT is that byte; a dot in TARGET ends a label. ADDRESS
 * on the command line is the one that it is sent from.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"

#define HOSTS 2000
#define ROUND_US 500000
#define BATCH 20	/* datagrams, and then a rest: receivers have a queue */
#define REST_US 2000
#define LIFE_S 120
enum { A = 1, PTR = 12, TXT = 16, SRV = 33, IN = 1, FLUSH = 0x8001 };

static size_t
unescape(uint8_t *out, const char *text)
{
	size_t n = 0;
	unsigned byte;
	while (*text) {
		if (text[0] == '\\' && text[1] == 'x' && sscanf(text + 2, "%2x", &byte) == 1) {
			out[n++] = (uint8_t)byte;
			text += 4;
		} else {
			out[n++] = (uint8_t)*text++;
		}
	}
	return n;
}

static void
put16(struct rd_buf *b, unsigned n)
{
	rd_buf_u8(b, (uint8_t)(n >> 8));
	rd_buf_u8(b, (uint8_t)n);
}

static void
put_label(struct rd_buf *b, const char *text)
{
	uint8_t bytes[1024];
	size_t n = unescape(bytes, text);
	rd_buf_u8(b, (uint8_t)n);
	rd_buf_bytes(b, bytes, n);
}

static void
put_name(struct rd_buf *b, const char *dotted)
{
	char copy[1024], *rest = copy, *label;
	snprintf(copy, sizeof(copy), "%s", dotted);
	while ((label = strsep(&rest, ".")))
		put_label(b, label);
	rd_buf_u8(b, 0);
}

static void
put_type(struct rd_buf *b)
{
	put_name(b, "_rd-session._udp.local");
}

static void
put_instance(struct rd_buf *b, const char *label)
{
	put_label(b, label);
	put_type(b);
}

static void
put_record(struct rd_buf *b, unsigned type, unsigned class, const struct rd_buf *data)
{
	put16(b, type);
	put16(b, class);
	put16(b, 0);
	put16(b, LIFE_S);
	put16(b, (unsigned)data->len);
	rd_buf_bytes(b, data->data, data->len);
}

/* One response with the four records of one host (RFC 6763, section 12). */
static void
make(struct rd_buf *b, char *line)
{
	struct rd_buf d = {0};
	struct in_addr ip;
	char *rest = line, *instance = strsep(&rest, "\t"), *target = strsep(&rest, "\t"),
		*address = strsep(&rest, "\t"), *port = strsep(&rest, "\t"), *txt;
	if (!port || inet_pton(AF_INET, address, &ip) != 1) {
		fprintf(stderr, "mdnssay: no such line\n");
		exit(2);
	}
	static const uint8_t head[12] = {0, 0, 0x84, 0, 0, 0, 0, 4, 0, 0, 0, 0};
	rd_buf_bytes(b, head, sizeof(head));
	put_type(b);
	put_instance(&d, instance);
	put_record(b, PTR, IN, &d);
	d.len = 0;
	put_instance(b, instance);
	put16(&d, 0);
	put16(&d, 0);
	put16(&d, (unsigned)atoi(port));
	put_name(&d, target);
	put_record(b, SRV, FLUSH, &d);
	d.len = 0;
	put_instance(b, instance);
	while ((txt = strsep(&rest, "\t")))
		put_label(&d, txt);
	if (d.len == 0)
		rd_buf_u8(&d, 0);
	put_record(b, TXT, FLUSH, &d);
	d.len = 0;
	put_name(b, target);
	rd_buf_bytes(&d, &ip, 4);
	put_record(b, A, FLUSH, &d);
	rd_buf_finish(&d);
}

static int
open_socket(const char *address)
{
	struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(5353)};
	struct in_addr by;
	int fd = socket(AF_INET, SOCK_DGRAM, 0), on = 1, ttl = 255;
	if (inet_pton(AF_INET, address, &by) != 1 ||
			setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
			setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &by, sizeof(by)) < 0 ||
			setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof(ttl)) < 0 ||
			bind(fd, (struct sockaddr *)&own, sizeof(own)) < 0) {
		perror("mdnssay");
		exit(1);
	}
	return fd;
}

int
main(int argc, char **argv)
{
	static struct rd_buf hosts[HOSTS];
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(5353)};
	char line[4096];
	unsigned n = 0;
	if (argc != 2)
		return 2;
	int fd = open_socket(argv[1]);
	to.sin_addr.s_addr = htonl(0xe00000fb);
	while (n < HOSTS && fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = 0;
		make(&hosts[n++], line);
	}
	for (;;) {
		for (unsigned i = 0; i < n; i++) {
			/* The machine has gone, most likely. */
			if (sendto(fd, hosts[i].data, hosts[i].len, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
				return 1;
			if (i % BATCH == BATCH - 1)
				usleep(REST_US);
		}
		usleep(ROUND_US);
	}
}
