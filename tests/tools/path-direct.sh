#!/usr/bin/env bash
# --path: two ends that see each other go direct; one that wants only the relay
# keeps both there; one that wants only a direct path, and has none, ends.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

film=(rd-encode -- rd-capture --source test --size 64x48 --frames 3)
relay_up
host_knows
share -- "${film[@]}"
view --path relay "$code"
[ "$status" -eq 0 ] || fail "$(cat words host.log)"
event words connected '"path":"relay","how":"relay","rtt_ms":[0-9.]*,"relay":"'"$relay"'"' ||
	fail "not through the relay: $(cat words)"
event words moved && fail "it has moved: $(cat words)"
stop "$host"

# The host wants nothing else: the viewer has no way.
share --path relay -- "${film[@]}"
view_refused no-direct 'no direct path' --path direct "$code"
stop "$host"
