#!/usr/bin/env bash
# Where no relay is: a line that names it, a status of its own, on both ends; a
# host that is reached otherwise goes on, and is there when the relay is.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

relay_up
host_knows
stop "$relay_pid"
view_refused relay "$relay cannot be reached" "$relay/7-orbit-cactus-lamp-river"
view_refused relay 'cannot be reached' nowhere.invalid/7-orbit-cactus-lamp-river
refused relay "$relay cannot be reached" rd-send --config "$host_dir" --code -- true
[ -e "$host_dir/identity" ] || rd-key --config "$host_dir" >/dev/null 2>&1
status=0
rd-netcheck --config "$host_dir" >out 2>words || status=$?
is_named relay || fail "rd-netcheck: $status"
grep -q "$relay cannot be reached" words || fail "$(cat words)"

host --listen 127.0.0.1:0 --code -- rd-encode -- rd-capture --source test --size 64x48 --frames 3
wait_for event host.log listening
relay_up
wait_for has_code
code=$relay/$(sed -n 's/.*"event":"code".*"code":"\([^"]*\)".*/\1/p' host.log)
view "$code"
[ "$status" -eq 0 ] || fail "it was not met later: $(cat words host.log)"
