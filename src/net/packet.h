#ifndef RD_NET_PACKET_H
#define RD_NET_PACKET_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "net/cpace.h"
#include "net/key.h"

/*
 * The datagrams of rd-session(5). Each begins {u8 type, u8 epoch, u16 0}; the
 * epoch is 0 in all but DATA. Little endian. An index is a random number by
 * which its owner finds the session again; it is the *receiver's* in whatever
 * is sent to it.
 *
 * INIT		{head, u32 sender, noise IK message 1, mac1[16], mac2[16]}
 * RESPONSE	{head, u32 sender, u32 receiver, noise IK message 2, mac1[16], mac2[16]}
 * COOKIE	{head, u32 receiver, nonce[24], sealed cookie[32]}
 * DATA		{head, u32 receiver, u64 number, ciphertext, tag[16]}
 * ASK		{head, u32 sender, nonce[16], zeros to 96 bytes in all}
 * TELL		{head, u32 receiver, nonce[16] of ASK, nonce[16], salt[16], key[32], u8 ways,
 *		u8 0[7]}
 * PAKE		{head, u32 sender, nonce[16], nonce[16] of TELL, Ya[32]}
 * PAKE_REPLY	{head, u32 sender, u32 receiver, Yb[32]}
 * XX1 XX2 XX3	{head, u32 sender, u32 receiver, noise XXpsk0 message 1, 2, 3}
 *
 * No answer is larger than what asks for it, until an address is proven.
 * A DATA has at least one byte of plaintext: a packet without a frame says
 * nothing.
 */
enum rd_packet_type {
	RD_PACKET_INIT = 1,
	RD_PACKET_RESPONSE = 2,
	RD_PACKET_COOKIE = 3,
	RD_PACKET_DATA = 4,
	RD_PACKET_ASK = 5,
	RD_PACKET_TELL = 6,
	RD_PACKET_PAKE = 7,
	RD_PACKET_PAKE_REPLY = 8,
	RD_PACKET_XX1 = 9,
	RD_PACKET_XX2 = 10,
	RD_PACKET_XX3 = 11,
};

#define RD_MAC 16
#define RD_PACKET_DATA_HEADER 16
#define RD_PACKET_OVERHEAD (RD_PACKET_DATA_HEADER + 16)
#define RD_PACKET_KEY 32
#define RD_PACKET_ASK_SIZE 96
#define RD_PACKET_TELL_SIZE 96
#define RD_PACKET_HANDSHAKE_MAX 1200	/* any datagram but DATA */
#define RD_PACKET_MAX 16384		/* DATA; more than any path but a stream's carries */
/* ways of TELL: how this host can be met */
enum { RD_WAY_KEYS = 1 << 0, RD_WAY_PASSWORD = 1 << 1, RD_WAY_CODE = 1 << 2, RD_WAY_RELAY = 1 << 3 };

struct rd_packet {
	enum rd_packet_type type;
	uint8_t epoch;
	uint32_t sender, receiver;
	uint64_t number;		/* DATA */
	const uint8_t *noise;		/* INIT, RESPONSE, XX*; ciphertext with tag of DATA */
	size_t noise_len;
	const uint8_t *mac1, *mac2;	/* INIT, RESPONSE: within the datagram */
	const uint8_t *nonce;		/* ASK, TELL, PAKE: the viewer's 16; COOKIE 24 */
	const uint8_t *nonce_host;	/* TELL, PAKE: the host's */
	const uint8_t *cookie;		/* COOKIE: 32 sealed bytes */
	const uint8_t *salt;		/* TELL */
	const uint8_t *key;		/* TELL: the host's public key */
	uint8_t ways;			/* TELL */
	const uint8_t *share;		/* PAKE, PAKE_REPLY */
};

/*
 * 0, or -EPROTO: unknown type, wrong length, reserved bytes set, a number that is
 * no varint (2^62 or more). Borrows `data`.
 */
int rd_packet_parse(struct rd_packet *p, const uint8_t *data, size_t len);
/*
 * Appends it. INIT and RESPONSE get zeros for mac1 and mac2 (see cookie.h);
 * DATA gets only its header.
 */
void rd_packet_pack(struct rd_buf *b, const struct rd_packet *p);

/*
 * packet_seal.c: DATA, a transport message of Noise with its number spoken aloud.
 * Sealing packs the header before the `len` bytes that stand where the ciphertext
 * goes; returns the datagram's length, RD_PACKET_OVERHEAD more. Opening one that
 * was parsed returns what it says, in place; NULL: not genuine. Whether a number
 * came before is for the owner of the key to know.
 */
size_t rd_packet_seal(const struct rd_packet *p, uint8_t *datagram, size_t len,
	const uint8_t key[static RD_PACKET_KEY]);
uint8_t *rd_packet_open(const struct rd_packet *p, uint8_t *datagram, size_t *len,
	const uint8_t key[static RD_PACKET_KEY]);

#endif
