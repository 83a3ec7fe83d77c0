#!/usr/bin/env bash
# Whichever tool of a pipeline is killed, the others end by themselves, with
# the exit code that says why, and nothing of them is left.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
export WAIT_S=20

group_gone() { # PGID
	! pgrep -g "$1" >/dev/null
}
no_shared_memory() { # PIDS…: no System V segment that one of them made
	local p
	for p; do
		! awk -v p="$p" 'NR > 1 && $5 == p {found = 1} END {exit !found}' /proc/sysvipc/shm ||
			fail "shared memory of $p is left"
	done
}

# Joined by sockets: rd-view starts rd-encode, which starts rd-capture.
joined() { # VICTIM STATUS
	local viewer pids
	: >lines
	start setsid rd-view --to hash -- rd-encode -- rd-capture --source test --size 320x240 >lines
	viewer=$pid
	wait_for test -s lines
	pids=$(pgrep -g "$viewer")
	kill -KILL "$(pgrep -o -g "$viewer" -x "$1")"
	wait_end "$viewer"
	[ "$status" -eq "$2" ] || fail "killed $1: rd-view ended with $status instead of $2"
	wait_for group_gone "$viewer"
	# shellcheck disable=SC2086
	no_shared_memory $pids
}

joined rd-view 137
joined rd-encode 3
joined rd-capture 3

# Joined by a shell, with somebody else's program between.
piped() { # VICTIM, then the status of capture, encode, view
	local capture encode view
	rm -f a b c s.rd
	mkfifo a b c
	start sh -c 'exec rd-capture --source test --size 320x240 >a'
	capture=$pid
	start sh -c 'exec rd-encode <a >b'
	encode=$pid
	start sh -c 'exec tee s.rd <b >c'
	start sh -c 'exec rd-view --to null - <c'
	view=$pid
	wait_for test -s s.rd
	kill -KILL "${!1}"
	wait_end "$capture"
	[ "$status" -eq "$2" ] || fail "killed $1: rd-capture ended with $status instead of $2"
	wait_end "$encode"
	[ "$status" -eq "$3" ] || fail "killed $1: rd-encode ended with $status instead of $3"
	wait_end "$view"
	[ "$status" -eq "$4" ] || fail "killed $1: rd-view ended with $status instead of $4"
	no_shared_memory "$capture" "$encode" "$view"
}

piped capture 137 3 3
piped encode 8 137 3
piped view 8 8 137

# ^C, which the whole group gets, is an ordinary end for the tools that make the
# stream; the viewer says that it was interrupted, if it is not told so first.
: >lines
start setsid rd-view --to hash -- rd-encode -- rd-capture --source test --size 320x240 >lines
viewer=$pid
wait_for test -s lines
kill -INT -- -"$viewer"
wait_end "$viewer"
[ "$status" -eq 130 ] || [ "$status" -eq 0 ] || fail "interrupted: $status"
wait_for group_gone "$viewer"
