#!/usr/bin/env bash
# A host that is not at the relay is away; one that is, and does not know our
# key, has refused us: two different ends.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

relay_up
host_knows
host_key=$(rd-key --config "$host_dir" 2>/dev/null)
view_refused host-away "$relay" --relay "$relay" --path relay "$host_key@office"
host --listen 127.0.0.1:0 -- rd-encode -- rd-capture --source test --size 64x48 --frames 3
wait_for event host.log relay
view_refused refused 'rd-key allow' --relay "$relay" --path relay "$host_key@office"
rd-key --config "$host_dir" allow "$(rd-key --config viewer)" viewer
view --relay "$relay" --path relay "$host_key@office"
[ "$status" -eq 0 ] || fail "allowed, and not met: $(cat words host.log)"
event words connected '"path":"relay".*"relay":"'"$relay"'".*"by":"key"' || fail "$(cat words)"
stop "$host"
wait_for ended "$host"
view_refused host-away "$relay" --relay "$relay" --path relay "$host_key@office"

# By a code whose host has gone, in order or not: that is no code that is over.
for signal in TERM KILL; do
	share -- rd-encode -- rd-capture --source test --size 64x48 --frames 3
	kill -$signal "$host"
	wait_for ended "$host"
	view_refused host-away "$relay" "$code"
done
