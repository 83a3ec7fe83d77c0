#!/usr/bin/env bash
# What strangers can send to a relay, 100 000 datagrams a second of each kind from
# hundreds of addresses, half-open connections and guesses at slots, while it carries a
# session that shows pictures: nobody in it notices, the relay's state stays bounded,
# and no answer is larger than what asked for it.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-nat.sh"
. "$RD_ROOT/tests/tools/lib-meet.sh"
# shellcheck disable=SC2154

# A machine that has a network of 65 536 addresses to itself.
crowd() {
	namespaces crowd
	cable crowd net0 r2 street
	set_up crowd <<-LINES
		ip address add 203.0.113.66/24 dev net0
		ip link set net0 up
		ip route add default via 203.0.113.254
		ip route add local 100.66.0.0/16 dev lo
	LINES
	in_ns "${machine_pid[r2]}" ip route add 100.66.0.0/16 via 203.0.113.66
}

network_of_relay() {
	local p all
	read -ra all <"/proc/$relay/task/$relay/children" || true
	for p in "${all[@]}"; do echo "$p"; done
}

memory_kb() {
	sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$(network_of_relay)/status"
}

metric() { # name with its labels
	on relay curl -s http://127.0.0.1:9464/metrics | sed -n "s/^$1 //p"
}

sessions() {
	on relay curl -s http://127.0.0.1:9464/metrics |
		awk '/^rd_sessions{/ { n += $2 } END { print n }'
}

frames() {
	grep -c '^frame' viewer.log
}

# What goes on around it goes on during it, too.
flooded() { # kind, port, sources, rate, seconds
	local before all
	before=$(frames)
	all=$(on crowd flood "$1" "$relay_key" "$RELAY" "$2" 100.66.0.1 "$3" "$4" "$5")
	echo "$1: $all; $(($(frames) - before)) pictures, $(memory_kb) kB"
	[ "$(frames)" -gt "$before" ] || fail "$1: no picture came meanwhile"
	case $all in *' larger 0' | opened*) ;; *) fail "$1: answers larger than questions: $all" ;; esac
	presses $((key += 1))
}

bounded() { # kind
	# A sanitizer keeps what was freed.
	[ -n "$RD_SAN" ] || [ "$(memory_kb)" -lt $((memory + 64 * 1024)) ] ||
		fail "$1: $(memory_kb) kB of memory instead of $memory before"
	[ "$(metric rd_hosts)" -eq 1 ] || fail "$1: $(metric rd_hosts) hosts instead of 1"
	[ "$(sessions)" -eq 1 ] || fail "$1: $(sessions) sessions instead of 1"
	[ "$(metric rd_half_open)" -le 4096 ] || fail "$1: $(metric rd_half_open) half-open sessions"
}

desk=(-e 100)
key=29
internet
crowd
relay_up
people
host_up --path relay
comes --path relay
wait_for sees_desk
presses $((key += 1))
memory=$(memory_kb)
for kind in garbage init init-mac1 ask stun relayed bind data; do
	flooded $kind 21120 256 100000 2
	bounded $kind
done
flooded stun 21121 256 100000 2
bounded stun
for kind in connect loris; do
	flooded $kind 443 2000 0 4
	bounded $kind
done

# Guesses: told little, and not often.
before=$(frames)
guessed=$(on crowd guess "$relay_key" "$RELAY" 21120 100.66.1.1 32 1000000 3)
echo "guess: $guessed; $(($(frames) - before)) pictures"
read -r _ _ _ found _ none _ <<<"$guessed"
[ "$found" -eq 0 ] || fail "a slot that nobody has was found"
[ "$none" -le 640 ] || fail "32 strangers were told of $none slots in three seconds"
presses $((key += 1))

[ "$(grep -c '"event":"\(connected\|reconnecting\|silent\)"' viewer.words)" -eq 1 ] ||
	fail "the viewer noticed: $(cat viewer.words)"
leave
