#!/usr/bin/env bash
# A relay is closed: a host without its join key and not on its list is told so,
# and what its owner can do; one on the list is served.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

producer=(rd-encode -- rd-capture --source test --size 64x48 --frames 3)
relay_up
host_key=$(rd-key --config "$host_dir" 2>/dev/null)
refused not-admitted "$host_key" rd-send --config "$host_dir" --relay "$relay" --code -- "${producer[@]}"
# One that viewers reach otherwise goes on without it.
host --listen 127.0.0.1:0 --relay "$relay" -- "${producer[@]}"
wait_for grep -q 'does not serve this host' host.log
running "$host" || fail "it has ended: $(cat host.log)"
stop "$host"
stop "$relay_pid"

relay_up --hosts "$host_key"
share --relay "$relay" -- "${producer[@]}"
view "$code"
[ "$status" -eq 0 ] || fail "on the list, and not met: $(cat words host.log)"
