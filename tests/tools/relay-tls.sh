#!/usr/bin/env bash
# What strangers can do to TLS: connect and say nothing, stop in the middle of the
# handshake or of a request, ask for other things, or send no datagrams. A peer that is
# served does not notice, no source has more than its share, and all of them are gone
# after five seconds.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"
command -v curl >/dev/null && command -v openssl >/dev/null || skip "no curl, or no openssl"

metric() { # name
	curl -sf "$web/metrics" | awk -v name="$1" '$1 == name { print $2 }'
}

slot_in() {
	grep -q '^slot ' "$1"
}

relay_up --metrics 127.0.0.1:0
web=http://127.0.0.1:$(sed -n 's/.*"metrics":\([0-9]*\).*/\1/p' relay.log)
start relaytalk "$relay" "$relay_key" host "$relay_dir/join-key" >host.talk
wait_for slot_in host.talk
# Ten seconds of a served peer, one through TLS and one not; each of what follows is meanwhile.
start relaytalk -n 2000 -i 5 "$relay" "$relay_key" viewer "$(sed -n 's/^slot //p' host.talk)" >udp.talk
udp=$pid
start relaytalk -t "$relay" "$relay_key" host "$relay_dir/join-key" >host2.talk
wait_for slot_in host2.talk
start relaytalk -t -n 2000 -i 5 "$relay" "$relay_key" viewer "$(sed -n 's/^slot //p' host2.talk)" >tls.talk
tls=$pid
wait_for grep -q '^ready' udp.talk
wait_for grep -q '^ready' tls.talk

# Half open: more than one source may have.
for _ in $(seq 60); do
	exec {fd}<>"/dev/tcp/127.0.0.1/$relay_port" || true
done
half_open() { [ "$(metric 'rd_tls_conns{state="half_open"}')" -gt 20 ]; }
wait_for half_open
[ "$(metric 'rd_tls_conns{state="half_open"}')" -le 32 ] || fail "one source has all"
[ "$(metric 'rd_tls_accepted_total{result="refused"}')" -gt 20 ]
none_half() { [ "$(metric 'rd_tls_conns{state="half_open"}')" -eq 0 ]; }
wait_for none_half

# A request that comes a letter a second.
slowly() {
	local letter
	for letter in G E T ' ' / r d ' ' H T T P; do
		printf '%s' "$letter"
		sleep 1
	done
}
for _ in $(seq 10); do
	slowly | openssl s_client -quiet -connect "$relay" >/dev/null 2>&1 &
	started+=($!)
done
asking() { [ "$(metric 'rd_tls_conns{state="half_open"}')" -ge 5 ]; }
wait_for asking
wait_for none_half

# Other questions, other protocols, and records that are no datagrams.
[ "$(curl -sk -o /dev/null -w '%{http_code}' "https://$relay/rd")" = 426 ]
[ "$(curl -sk -o /dev/null -w '%{http_code}' "https://$relay/")" = 404 ]
[ "$(curl -sk -o /dev/null -w '%{http_code}' --tls-max 1.1 "https://$relay/rd" || true)" = 000 ]
openssl s_client -connect "$relay" -alpn h2 </dev/null >/dev/null 2>&1 && fail "h2 was taken"
echo 'GET / HTTP/1.1' | timeout 5 openssl s_client -quiet -connect "$relay" >/dev/null 2>&1 || true
upgrade='GET /rd HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: rd/1\r\n\r\n'
# 65535 bytes are announced: that is no datagram.
# shellcheck disable=SC2059
{ printf "$upgrade"; printf '\xff\xff'; head -c 20000 /dev/zero; sleep 2; } |
	openssl s_client -quiet -connect "$relay" >answer 2>/dev/null || true
grep -q '^HTTP/1.1 101 ' answer

for peer in "$udp" "$tls"; do
	wait_end "$peer"
	[ "$status" -eq 0 ] || fail "a served peer has noticed: $(cat udp.talk tls.talk)"
done
