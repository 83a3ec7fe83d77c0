/*
 * What kind of NAT is in between, found by other means than the product's: the
 * tests of the lab itself.
 *
 *	natprobe serve ADDRESS ADDRESS		the other end, on a machine with two
 *						addresses; says "ready"
 *	natprobe ADDRESS ADDRESS		asks it, and prints one line
 *
 * The line, in the words of RFC 4787 sections 4 to 6: mapping, filtering, ports,
 * then "trap" where what came unasked changes the port of what we send there
 * later, and "hairpin" where our own outer address leads back to us.
 *
 *	independent address+port preserved
 *	address+port address+port step 1
 *	blocked
 *
 * The server has four places: two addresses, two ports of each. A question names
 * the place that is to answer first, before the one that was asked does; so what
 * does not come is known as soon as the second answer is there.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PLACES 4
#define PORT 3478	/* and the next one */
#define NOBODY 0xff
#define ANSWER_MS 250
#define TRIES 8

/* A question, and its answer. Both ends are this program on one machine. */
struct probe {
	char magic[4];
	uint8_t first;		/* place that answers first, or NOBODY */
	uint8_t place;		/* which one this answer is of */
	uint16_t port;		/* … and where it saw us */
	uint32_t number;
	uint8_t ip[16];
};

static struct sockaddr_storage place[PLACES];
static socklen_t place_len;

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static uint16_t *
port_of(struct sockaddr_storage *a)
{
	return a->ss_family == AF_INET6 ? &((struct sockaddr_in6 *)a)->sin6_port
		: &((struct sockaddr_in *)a)->sin_port;
}

static void *
ip_of(struct sockaddr_storage *a)
{
	return a->ss_family == AF_INET6 ? (void *)&((struct sockaddr_in6 *)a)->sin6_addr
		: (void *)&((struct sockaddr_in *)a)->sin_addr;
}

/* Places 0 and 1 have the first address, 2 and 3 the second. */
static void
read_places(char **addresses)
{
	for (int i = 0; i < PLACES; i++) {
		struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_DGRAM}, *ai;
		if (getaddrinfo(addresses[i / 2], NULL, &hints, &ai) != 0)
			die(addresses[i / 2]);
		memcpy(&place[i], ai->ai_addr, ai->ai_addrlen);
		place_len = ai->ai_addrlen;
		*port_of(&place[i]) = htons((uint16_t)(PORT + i % 2));
		freeaddrinfo(ai);
	}
}

static int
open_socket(const struct sockaddr_storage *a)
{
	int fd = socket(a->ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (const struct sockaddr *)a, place_len) < 0)
		die("socket");
	return fd;
}

static void
answer(int fd, int which, struct probe *p, struct sockaddr_storage *to)
{
	p->place = (uint8_t)which;
	p->port = ntohs(*port_of(to));
	memcpy(p->ip, ip_of(to), to->ss_family == AF_INET6 ? 16 : 4);
	(void)sendto(fd, p, sizeof(*p), 0, (struct sockaddr *)to, place_len);
}

static void
serve(void)
{
	struct pollfd fds[PLACES];
	for (int i = 0; i < PLACES; i++)
		fds[i] = (struct pollfd){.fd = open_socket(&place[i]), .events = POLLIN};
	puts("ready");
	fflush(stdout);
	while (poll(fds, PLACES, -1) > 0) {
		for (int i = 0; i < PLACES; i++) {
			struct sockaddr_storage from;
			socklen_t len = sizeof(from);
			struct probe p;
			if (!(fds[i].revents & POLLIN) || recvfrom(fds[i].fd, &p, sizeof(p), 0,
				(struct sockaddr *)&from, &len) != sizeof(p) || memcmp(p.magic, "prob", 4) != 0)
				continue;
			if (p.first < PLACES && p.first != i)
				answer(fds[p.first].fd, p.first, &p, &from);
			answer(fds[i].fd, i, &p, &from);
		}
	}
}

/* A socket of ours at a port that nobody had before. */
static int
fresh(void)
{
	struct sockaddr_storage any = {.ss_family = place[0].ss_family};
	return open_socket(&any);
}

static uint16_t
own_port(int fd)
{
	struct sockaddr_storage a;
	socklen_t len = sizeof(a);
	if (getsockname(fd, (struct sockaddr *)&a, &len) < 0)
		die("getsockname");
	return ntohs(*port_of(&a));
}

static int
receive(int fd, struct probe *p, int wait_ms)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	return poll(&pfd, 1, wait_ms) == 1 && recv(fd, p, sizeof(*p), 0) == sizeof(*p) ? 0 : -1;
}

/*
 * Asks a place; *seen is its answer. Returns 1 if the place that was to answer
 * first did, 0 if not, -1 without any answer.
 */
static int
ask(int fd, int which, int first, struct probe *seen)
{
	static uint32_t number;
	struct probe p = {.magic = "prob", .first = (uint8_t)first};
	uint32_t oldest = number + 1;
	for (int try = 0; try < TRIES; try++) {
		int heard = 0;
		p.number = ++number;
		(void)sendto(fd, &p, sizeof(p), 0, (struct sockaddr *)&place[which], place_len);
		while (receive(fd, seen, ANSWER_MS) == 0) {
			if (seen->number < oldest)
				continue;
			if (seen->place == which)
				return heard;
			heard = 1;
		}
	}
	return -1;
}

static const char *
filtering(void)
{
	static const struct { int first; const char *name; } test[] = {
		{3, "independent"}, {1, "address"},
	};
	for (int i = 0; i < 2; i++) {
		struct probe p;
		int fd = fresh();
		int heard = ask(fd, 0, test[i].first, &p);
		close(fd);
		if (heard > 0)
			return test[i].name;
	}
	return "address+port";
}

static void
print_ports(const uint16_t *port, uint16_t own)
{
	int step = port[1] - port[0];
	if (port[0] == port[1] && port[2] == port[3])
		printf(" %s", port[0] == own ? "preserved" : "changed");
	else if (port[2] - port[1] == step && port[3] - port[2] == step)
		printf(" step %d", step);
	else
		printf(" random");
}

static const char *
mapping(const uint16_t *port)
{
	if (port[0] != port[1])
		return "address+port";
	return port[0] == port[2] ? "independent" : "address";
}

/* What place 3 sends unasked comes first; then we send there. */
static bool
trapped(void)
{
	struct probe before, after;
	int fd = fresh();
	bool yes = ask(fd, 0, 3, &before) == 0 && ask(fd, 3, NOBODY, &after) >= 0 &&
		before.port != after.port;
	close(fd);
	return yes;
}

static bool
hairpins(void)
{
	struct probe seen, p = {.magic = "hair"};
	int one = fresh(), other = fresh();
	struct sockaddr_storage to = place[0];
	bool yes = false;
	if (ask(one, 0, NOBODY, &seen) >= 0 && ask(other, 0, NOBODY, &p) >= 0) {
		*port_of(&to) = htons(seen.port);
		memcpy(ip_of(&to), seen.ip, to.ss_family == AF_INET6 ? 16 : 4);
		memcpy(p.magic, "hair", 4);
		(void)sendto(other, &p, sizeof(p), 0, (struct sockaddr *)&to, place_len);
		/* It has come, or it will not: the way to a server and back is longer. */
		(void)ask(other, 1, NOBODY, &seen);
		yes = receive(one, &p, 0) == 0 && memcmp(p.magic, "hair", 4) == 0;
	}
	close(one);
	close(other);
	return yes;
}

static void
probe(void)
{
	struct probe p;
	uint16_t port[PLACES];
	int fd = fresh();
	for (int i = 0; i < PLACES; i++) {
		if (ask(fd, i, NOBODY, &p) < 0) {
			puts("blocked");
			return;
		}
		port[i] = p.port;
	}
	printf("%s %s", mapping(port), filtering());
	print_ports(port, own_port(fd));
	printf("%s", trapped() && strcmp(mapping(port), "independent") == 0 ? " trap" : "");
	puts(hairpins() ? " hairpin" : "");
	close(fd);
}

int
main(int argc, char **argv)
{
	bool serves = argc == 4 && strcmp(argv[1], "serve") == 0;
	if (!serves && argc != 3) {
		fputs("natprobe [serve] ADDRESS ADDRESS\n", stderr);
		return 2;
	}
	read_places(argv + argc - 2);
	if (serves)
		serve();
	else
		probe();
	return 0;
}
