#!/usr/bin/env bash
# Three wrong guesses burn a code, counted at the host: then the right one is
# worth nothing, both ends say so, and SIGUSR1 makes another.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

codes() {
	[ "$(grep -c '"event":"code"' host.log)" -ge "$1" ]
}

relay_up
host_knows
share -- rd-encode -- rd-capture --source test --size 64x48 --frames 3
for _ in 1 2 3; do view_refused code 'code is wrong' "$(wrong_words)"; done
wait_for event host.log code-over '"why":"burnt"'
view_refused code-burnt 'burnt' "$code"
kill -USR1 "$host"
wait_for codes 2
code=$relay/$(sed -n 's/.*"event":"code".*"code":"\([^"]*\)".*/\1/p' host.log | tail -n 1)
view "$code"
[ "$status" -eq 0 ] || fail "another one: $(cat words host.log)"
stop "$host"

# With --once that is the end.
share --once -- rd-encode -- rd-capture --source test --size 64x48 --frames 3
for _ in 1 2 3; do view_refused code 'code is wrong' "$(wrong_words)"; done
wait_end "$host"
is_named code-burnt || fail "ended with $status: $(cat host.log)"
