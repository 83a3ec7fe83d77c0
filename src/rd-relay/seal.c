#include <string.h>

#include "net/packet.h"
#include "rd-relay/peers.h"

/*
 * DATA of a session with us: sealing, opening, and a window of 64 numbers
 * (RFC 6479's rule; that few because requests come seconds apart).
 */
#define NONCE crypto_aead_chacha20poly1305_ietf_NPUBBYTES
#define WINDOW 64

bool
peer_fresh(const struct peer *peer, uint64_t number)
{
	if (number >= peer->next)
		return true;
	uint64_t back = peer->next - 1 - number;
	return back < WINDOW && !(peer->window >> back & 1);
}

void
peer_mark(struct peer *peer, uint64_t number)
{
	if (number < peer->next) {
		peer->window |= UINT64_C(1) << (peer->next - 1 - number);
		return;
	}
	uint64_t steps = number + 1 - peer->next;
	peer->window = (steps < WINDOW ? peer->window << steps : 0) | 1;
	peer->next = number + 1;
}

/* Noise section 12: 32 zero bits, then the number, little endian. */
static void
nonce_of(uint64_t number, uint8_t nonce[static NONCE])
{
	memset(nonce, 0, 4);
	for (unsigned i = 0; i < 8; i++)
		nonce[4 + i] = (uint8_t)(number >> 8 * i);
}

size_t
peer_seal(struct peer *peer, uint8_t *datagram, size_t len)
{
	uint8_t nonce[NONCE], *body = datagram + RD_PACKET_DATA_HEADER;
	unsigned long long sealed;
	/* Borrowed memory that is large enough: this buffer never grows. */
	struct rd_buf head = {.data = datagram, .cap = RD_PACKET_DATA_HEADER};
	rd_packet_pack(&head, &(struct rd_packet){.type = RD_PACKET_DATA, .receiver = peer->theirs,
		.number = peer->sent});
	nonce_of(peer->sent++, nonce);
	crypto_aead_chacha20poly1305_ietf_encrypt(body, &sealed, body, len, datagram,
		RD_PACKET_DATA_HEADER, NULL, nonce, peer->send);
	return RD_PACKET_DATA_HEADER + (size_t)sealed;
}

int
peer_open(const uint8_t key[static 32], uint64_t number, uint8_t *data, size_t len)
{
	uint8_t nonce[NONCE], *body = data + RD_PACKET_DATA_HEADER;
	unsigned long long opened;
	nonce_of(number, nonce);
	if (crypto_aead_chacha20poly1305_ietf_decrypt(body, &opened, NULL, body,
		len - RD_PACKET_DATA_HEADER, data, RD_PACKET_DATA_HEADER, nonce, key) != 0)
		return -1;
	return (int)opened;
}
