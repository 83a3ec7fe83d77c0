#!/usr/bin/env bash
# What changes under a session: the viewer's network, the relay, a direct path. The
# picture goes on, no key is lost, and nobody logs in again.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-nat.sh"
. "$RD_ROOT/tests/tools/lib-meet.sh"
. "$RD_ROOT/tests/tools/lib-matrix.sh"

logins() {
	grep -c '"event":"granted"' host.log
}

begins() { # type of both, outcome
	nat host "$1"
	nat viewer "$1"
	host_up
	comes
	wait_for sees_desk
	presses 30
	wait_for arrived "$2"
}

ends() { # what was the matter
	[ "$(logins)" -eq 1 ] || fail "$1: $(logins) logins instead of one"
	leave
}

# All keys that were pressed came, each once and in their order.
keys() { # code…
	printf '%s\n' "$@" >pressed
	awk '$1 == "key" && $4 == 1 { print $2 }' desk.log | cmp -s pressed - ||
		fail "keys: $(grep ^key desk.log | tr '\n' ',') instead of $*"
}

internet
relay_up
people
home nat_cafe r1 3
load nat_cafe PRC 192.168.1.33

# The viewer goes to another network, while there is a direct path.
begins PRC direct
move viewer nat_cafe 33
presses 31
wait_for arrived direct
presses 32
keys 30 31 32
ends "moved while direct"
move viewer nat_viewer 20

# … while the relay carries it.
begins RND relay
move viewer nat_cafe 33
presses 31
keys 30 31
ends "moved while relayed"
move viewer nat_viewer 20

# A rule cuts the direct path: the relay carries it, and a key pressed then comes.
begins PRC direct
sever nat_host "${outer[nat_viewer]}"
presses 31
[ "$(way)" = relay ] || fail "the path was cut, and the viewer says \"$(way)\""
mend nat_host
keys 30 31
ends "direct path cut"

# The relay ends and is started anew: what is direct does not notice, the host
# registers again, and a viewer comes by it.
begins PRC direct
stop "$relay"
presses 31
relay_up
presses 32
[ "$(way)" = direct ] || fail "a relay started anew: \"$(way)\" instead of direct"
registered_twice() {
	[ "$(grep -c '"event":"relay"' host.log)" -ge 2 ]
}
WAIT_S=100 wait_for registered_twice
keys 30 31 32
ends "relay started anew"

# It is killed while it carries a session, and is back after a second.
begins RND relay
kill_relay() {
	local p all
	read -ra all <"/proc/$relay/task/$relay/children"
	for p in "$relay" "${all[@]}"; do kill -KILL "$p" 2>/dev/null || true; done
	wait "$relay" 2>/dev/null || true
}
kill_relay
say key 31 97 1
say key 31 97 0
sleep 1
relay_up
back=${EPOCHREALTIME/./}
wait_for grep -q '^key 31 97 0' desk.log
echo "goes on $(((${EPOCHREALTIME/./} - back) / 1000)) ms after the relay is back"
presses 32
keys 30 31 32
ends "relay killed"
