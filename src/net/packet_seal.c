#include <string.h>

#include <sodium.h>

#include "net/packet.h"

#define NONCE crypto_aead_chacha20poly1305_ietf_NPUBBYTES

_Static_assert(RD_PACKET_OVERHEAD ==
		RD_PACKET_DATA_HEADER + crypto_aead_chacha20poly1305_ietf_ABYTES,
	"a head and a tag");
_Static_assert(RD_PACKET_KEY == crypto_aead_chacha20poly1305_ietf_KEYBYTES, "its key");

/* Noise section 12: 32 zero bits, then the number, little endian. */
static void
nonce_of(uint64_t number, uint8_t nonce[static NONCE])
{
	memset(nonce, 0, 4);
	for (unsigned i = 0; i < 8; i++)
		nonce[4 + i] = (uint8_t)(number >> 8 * i);
}

size_t
rd_packet_seal(const struct rd_packet *p, uint8_t *datagram, size_t len,
	const uint8_t key[static RD_PACKET_KEY])
{
	uint8_t nonce[NONCE], *body = datagram + RD_PACKET_DATA_HEADER;
	unsigned long long sealed;
	/* Borrowed memory that is large enough: this buffer never grows. */
	struct rd_buf head = {.data = datagram, .cap = RD_PACKET_DATA_HEADER};
	rd_packet_pack(&head, p);
	nonce_of(p->number, nonce);
	crypto_aead_chacha20poly1305_ietf_encrypt(body, &sealed, body, len, datagram,
		RD_PACKET_DATA_HEADER, NULL, nonce, key);
	return RD_PACKET_DATA_HEADER + (size_t)sealed;
}

uint8_t *
rd_packet_open(const struct rd_packet *p, uint8_t *datagram, size_t *len,
	const uint8_t key[static RD_PACKET_KEY])
{
	uint8_t nonce[NONCE], *body = datagram + RD_PACKET_DATA_HEADER;
	unsigned long long opened;
	nonce_of(p->number, nonce);
	if (crypto_aead_chacha20poly1305_ietf_decrypt(body, &opened, NULL, body, p->noise_len,
		datagram, RD_PACKET_DATA_HEADER, nonce, key) != 0)
		return NULL;
	*len = (size_t)opened;
	return body;
}
