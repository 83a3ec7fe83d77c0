#!/usr/bin/env bash
# rd-netcheck says by what the relay is reached and what kind of NAT there is, in
# words and as JSON, and keeps nothing; TLS only with a certificate to trust, or a
# key that is known.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

relay_up
rd-netcheck --config look --relay "$relay" >out 2>words || fail "$(cat words)"
grep -q '^UDP  *reaches the relay, in ' out || fail "$(cat out)"
grep -q '^TLS  *does not reach the relay: .*certificate' out || fail "$(cat out)"
grep -q '^NAT ' out && grep -q '^sessions go' out || fail "$(cat out)"
[ ! -e look ] || [ -z "$(ls look)" ] || fail "it has kept something"
# A closed stdout is no place for what was found, and neither is the first socket.
to_nowhere() { rd-netcheck --config look --relay "$relay" >&- 2>words; }
exits 8 to_nowhere
grep -q stdout words || fail "$(cat words)"
host_knows
for tool in rd-netcheck rd-send "rd-recv host"; do
	# shellcheck disable=SC2086 # a tool and its operand
	refused input '--ca-file /not-there: No such file' $tool --config "$host_dir" --ca-file /not-there
done
echo nothing >no.pem
refused input '--ca-file no.pem: there is no certificate' rd-netcheck --relay "$relay" --ca-file no.pem
rd-netcheck --config "$host_dir" --json >out 2>words || fail "$(cat words)"
[ "$(wc -l <out)" -eq 1 ] || fail "$(cat out)"
grep -q "^{\"relay\":\"$relay\",\"udp\":true,\"udp_ms\":[0-9.]*,\"tls\":true,\"tls_ms\":[0-9.]*,.*\"key\":\"$relay_key\",\"key_known\":true,\"nat\":\"[a-z]*\",\"step\":[0-9-]*,\"seen\":\"127.0.0.1:[0-9]*\"" out ||
	fail "$(cat out)"
