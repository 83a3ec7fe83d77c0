#!/usr/bin/env bash
# A code whose time is over is worth nothing; with --once that is the end.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

relay_up
host_knows
share --code-life 0.3 -- rd-encode -- rd-capture --source test --size 64x48 --frames 3
wait_for event host.log code-over '"why":"expired"'
view_refused code-expired 'code' "$code"
stop "$host"

share --once --code-life 0.3 -- rd-encode -- rd-capture --source test --size 64x48 --frames 3
wait_end "$host"
is_named code-expired || fail "ended with $status: $(cat host.log)"

# For a person: a line that says what to do.
start rd-send --config "$host_dir" --no-ask --code --code-fd 5 --code-life 0.3 \
	-- rd-encode -- rd-capture --source test 2>host.log 5>code </dev/null
wait_for grep -q "time is over.*kill -USR1 $pid" host.log
grep -qxE "$relay/[0-9]+(-[a-z]+){4}" code || fail "--code-fd: $(cat code)"
grep -qF "rd-view $(cat code)" host.log || fail "not printed: $(cat host.log)"
