#!/usr/bin/env bash
# kill -9 of any process: the others end with exit statuses that have names,
# nobody is left behind, and no key sticks.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"

person one
admit one
all_of() { # process id: it and all below it
	local p all=()
	echo "$1"
	read -ra all 2>/dev/null <"/proc/$1/task/$1/children" || true
	for p in "${all[@]}"; do all_of "$p"; done
}
all_ended() { local p; for p; do running "$p" && return 1; done; return 0; }
# A session with a key held down; its processes are then in $processes.
begin() { # argument of rd-send…
	host_up "$@" -- rd-encode -- rd-capture --source test --size 64x48 --injector log
	watch one
	wait_for saw one '^frame'
	say one key 30 0x61 1
	wait_for told 'key 30 0x61 down'
	mapfile -t processes < <(all_of "$sender")
	[ ${#processes[@]} -ge 4 ] || fail "processes: ${processes[*]}"
	network=$(network_of "$sender")
	encoder=$(pgrep -P "$sender" -x rd-encode)
}
named() { # exit status
	exitnames | grep -q "^$1 " || fail "exit status $1 has no name"
}

# The process at the network: the program says so and ends; the producer, too.
begin
kill -9 "$network"
gone "$sender" 1
told 'ended by signal 9' || fail "$(cat host.log)"
wait_for all_ended "${processes[@]}"
wait_for told 'key 30 up'
say one end
wait_end "$viewer"
named "$status"

# The monitor: the process at the network tells its viewers, and ends.
begin
kill -9 "$sender"
wait_for all_ended "${processes[@]}"
wait_for told 'key 30 up'
wait_end "$viewer"
named "$status"
told 'the monitor process is gone' || fail "$(cat host.log)"

# The encoder: its viewer hears of it, the host goes on.
begin
kill -9 "$encoder"
wait_end "$viewer"
named "$status"
[ "$status" -ne 0 ] || fail "a producer that was killed is no good end"
grep -q 'ended by signal 9' one.words || fail "the viewer is told: $(cat one.words)"
wait_for told 'key 30 up'
wait_for all_ended "$encoder"
watch one
wait_for saw one '^frame'
say one end
gone "$viewer" 0
stop "$sender"

# --once ends with its session, as its session did.
begin --once
kill -9 "$encoder"
wait_end "$viewer"
wait_end "$sender"
named "$status"
[ "$status" -ne 0 ] || fail "--once: status 0 after a producer was killed"
wait_for all_ended "${processes[@]}"
begin --once
say one end
gone "$viewer" 0
gone "$sender" 0
wait_for all_ended "${processes[@]}"

# A producer that cannot be started, and one that fails at once.
cp "$RD_BIN/rd-capture" nothing-of-that-name
host_up -- ./nothing-of-that-name
rm nothing-of-that-name
exits 9 recv one >one.rd 2>one.words
grep -q 'no such command' one.words || fail "$(cat one.words)"
stop "$sender"
host_up -- sh -c 'exit 6'
exits 6 recv one >one.rd 2>one.words
grep -q 'ended with status 6 (no-display)' one.words || fail "$(cat one.words)"
stop "$sender"

# A producer that does not end by itself is ended.
# shellcheck disable=SC2016
host_up -- sh -c 'trap "" TERM HUP INT; echo $$ >stubborn; rd-capture --source test --size 64x48; while :; do sleep 0.1; done'
watch one
wait_for saw one '^frame'
say one end
gone "$viewer" 0
wait_for ended "$(cat stubborn)"
