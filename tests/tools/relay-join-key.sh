#!/usr/bin/env bash
# A host with another relay's join key is told so; and the join key is nowhere
# in what either of them writes.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

producer=(rd-encode -- rd-capture --source test --size 64x48 --frames 3)
relay_up
echo AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA >join.key
rd-key --config "$host_dir" relay "$relay" "$relay_key" --join-fd 0 <join.key
rd-key --config "$host_dir" >/dev/null 2>&1
refused join-key "rd-key relay $relay" rd-send --config "$host_dir" --code -- "${producer[@]}"
host_knows
share --log trace -- "${producer[@]}"
view --log trace "$code"
[ "$status" -eq 0 ] || fail "the right one: $(cat words host.log)"
grep -qF "$(cat join.key)" host.log relay.log words && fail "it is written down"
true
