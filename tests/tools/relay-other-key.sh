#!/usr/bin/env bash
# A relay with another key than the one that is known is refused by both ends,
# and the line has the command that mends it.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

producer=(rd-encode -- rd-capture --source test --size 64x48 --frames 3)
relay_up
host_knows
share -- "${producer[@]}"
view "$code"
[ "$status" -eq 0 ] || fail "$(cat words host.log)"
stop "$host"
stop "$relay_pid"
old=$relay_key
relay_dir="$TMPDIR/impostor"
relay_up
[ "$relay_key" != "$old" ] || fail "the same key"

refused relay-key "rd-key relay --replace $relay $relay_key" rd-send --config "$host_dir" --code -- "${producer[@]}"
view_refused relay-key "rd-key relay --forget $relay" "$relay/7-orbit-cactus-lamp-river"
status=0
rd-netcheck --config viewer --relay "$relay" >out 2>words || status=$?
is_named relay-key || fail "rd-netcheck: $status $(cat words)"
eval "$(grep -o "rd-key relay --forget $relay" words | sed 's/rd-key/& --config viewer/')"
view_refused code-expired 'no such code' "$relay/7-orbit-cactus-lamp-river"
