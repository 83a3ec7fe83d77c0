#!/usr/bin/env bash
# A relay that ends and is started anew: direct sessions do not notice, hosts register
# again; and one that is killed while it carries a session: that goes on.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-nat.sh"
. "$RD_ROOT/tests/tools/lib-meet.sh"
. "$RD_ROOT/tests/tools/lib-matrix.sh"

registered_again() {
	[ "$(grep -c '"event":"relay"' host.log)" -ge 2 ]
}

kill_relay() {
	local p all
	read -ra all <"/proc/$relay/task/$relay/children" || true
	for p in "$relay" "${all[@]}"; do kill -KILL "$p" 2>/dev/null || true; done
	wait "$relay" 2>/dev/null || true
	for p in "${all[@]}"; do wait_for ended "$p"; done
}

internet
relay_up
people

begins PRC direct
stop "$relay"
presses 31
relay_up
presses 32
[ "$(way)" = direct ] || fail "a relay started anew: \"$(way)\" instead of direct"
WAIT_S=100 wait_for registered_again
ends "relay started anew" 30 31 32

# What is pressed meanwhile comes when it is back, after five seconds: within five more,
# as rd-relay(1) says, or fifteen on a machine that is busy.
begins RND relay
kill_relay
say key 31 97 1
say key 31 97 0
sleep 5
relay_up
back=${EPOCHREALTIME/./}
wait_for grep -q '^key 31 97 0' desk.log
took_ms=$(((${EPOCHREALTIME/./} - back) / 1000))
echo "goes on $took_ms ms after the relay is back"
[ $took_ms -le 15000 ] || fail "goes on $took_ms ms after the relay is back"
presses 32
ends "relay killed" 30 31 32
