#!/usr/bin/env bash
# A host's network card is remembered by a session on its own network, and wakes it: the
# packet goes all the ways it can, and whoever asked waits until the host answers. The host
# here has no address while it sleeps, and rd-send only when it has been woken.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
machines desk lap
mkdir -m 700 host
host_key=$(rd-key --config "$PWD/host" 2>/dev/null)
keys="$PWD/of-lap"
lap_key=$(rd-key --config "$keys" 2>/dev/null)
rd-key --config "$PWD/host" allow "$lap_key" lap
mac=$(on desk ip -o link show net0 | sed 's/.*link.ether \([0-9a-f:]*\) .*/\1/')

serve() {
	rm -f host.log
	start_on desk rd-send --config "$PWD/host" --json -- rd-encode -- \
		rd-capture --source test --size 64x64 --frames 3 2>host.log
	host=$pid
	wait_for grep -q '"event":"listening"' host.log
}
sleeps() {
	on desk ip address flush dev net0
	on lap ip neighbour flush dev net0
	start_on desk waketrap net0 "$mac" "$@" >trap.log
	trap_pid=$pid
	wait_for grep -q asleep trap.log
}
wakes() {
	on desk ip address add "10.77.0.1/24" dev net0
	serve
}
recv() { # option…
	on lap setsid -w rd-recv --config "$keys" --once "$@" 10.77.0.1 </dev/null
}

# Nothing is known of its card: the line has the command that mends it.
exits 2 recv --wake >s.rd 2>words
[ "$(wc -l <words)" -eq 1 ] && grep -q 'rd-key wake 10.77.0.1 MAC' words || fail "says: $(cat words)"
# A session on its network teaches it, once the host is known.
serve
recv --host-key "$host_key" >s.rd 2>words || fail "no session: $(cat words)"
[ "$(cat "$keys/wake")" = "10.77.0.1 $mac" ] || fail "remembered: $(cat "$keys/wake")"
before=$(stat -c '%i %Y' "$keys/wake")
recv >s.rd 2>words || fail "no session: $(cat words)"
[ "$before" = "$(stat -c '%i %Y' "$keys/wake")" ] || fail "it is written anew each time"
# Another machine there now: it is learnt, too.
rd-key --config "$keys" wake 10.77.0.1 02:00:00:00:00:01
recv >s.rd 2>words || fail "no session: $(cat words)"
[ "$(rd-key --config "$keys" wake)" = "10.77.0.1                 $mac" ] || fail "$(rd-key --config "$keys" wake)"
stop "$host"

# Each way, until it answers.
sleeps
start nsenter --net="/proc/${machine_pid[lap]}/ns/net" -- setpriv --pdeathsig KILL -- \
	rd-view --to hash --config "$keys" --wake 10.77.0.1 >hashes 2>view.log
viewer=$pid
wait_end "$trap_pid"
sort trap.log >ways
printf '%s\n' asleep 'ipv4 10.77.0.255' 'ipv4 255.255.255.255' 'ipv6 ff02::1' | diff - ways || fail "other ways"
running "$viewer" || fail "it has not waited: $(cat view.log)"
wakes
wait_end "$viewer"
[ "$status" -eq 0 ] && [ "$(wc -l <hashes)" -ge 1 ] || fail "no picture ($status): $(cat view.log)"
stop "$host"

# What happens is told; and it is not waited for ever.
sleeps first
exits 13 recv --wake --timeout 3s --json >s.rd 2>words
grep -q "\"event\":\"waking\".*\"host\":\"10.77.0.1\".*\"mac\":\"$mac\"" words || fail "says: $(cat words)"
grep -q '"event":"closed".*does not wake up' words || fail "says: $(cat words)"
wait_end "$trap_pid"
[ "$status" -eq 0 ] || fail "nothing was sent"
recv --wake --timeout 60s --log info >s.rd 2>words &
started+=($!)
viewer=$!
wait_for grep -q "sending packets that wake $mac" words
wakes
wait_end "$viewer"
[ "$status" -eq 0 ] && [ -s s.rd ] || fail "status $status: $(cat words)"
# A relay that it could be met through and that cannot be reached ends no waiting.
stop "$host"
sleeps first
recv --wake --relay 10.77.0.99 --timeout 90s --json >s.rd 2>words &
started+=($!)
viewer=$!
tried_thrice() { [ "$(grep -c '"event":"connecting"' words)" -ge 3 ]; }
wait_for tried_thrice
wait_end "$trap_pid"
wakes
wait_end "$viewer"
[ "$status" -eq 0 ] && [ -s s.rd ] || fail "past a relay that is away: status $status: $(cat words)"
# One that is awake is met as ever.
recv --wake >s.rd 2>words || fail "awake: $(cat words)"

# Loopback has no cards; and a code's host no sleep.
exits 2 rd-recv --wake --code 7-orbit-cactus-lamp-river >s.rd 2>words
exits 2 rd-view --wake ./s.rd 2>words
grep -q -- '--wake is for a HOST' words || fail "says: $(cat words)"
# Forgotten with the host.
rd-key --config "$keys" forget 10.77.0.1
[ ! -s "$keys/wake" ] || fail "still there: $(cat "$keys/wake")"
