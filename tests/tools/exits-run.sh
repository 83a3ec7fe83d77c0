#!/usr/bin/env bash
# Every exit code that rd-run(1) documents of its own; its command's are run-status's.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-run.sh"
. "$RD_ROOT/tests/tools/lib-exits.sh"
tool rd-run
run=(rd-run --size 320x200)
to_full() { "$@" >/dev/full; }
: >plain

well "${run[@]}" true
quiet failure "${run[@]}" false
quiet 127 "${run[@]}" sh -c 'exit 127'
provoke failure 'no display: ' within -n 12 "${run[@]}" true
provoke usage 'there is no option --colour' rd-run --colour
provoke usage 'which command' rd-run
provoke failure 'Too many open files' within -n 4 "${run[@]}" true
provoke output 'No space left' to_full rd-run --help
echo some >there.webm
provoke output 'rd-record: ' "${run[@]}" --record there.webm true
provoke output 'rd-record: ' "${run[@]}" --record no/such/folder.webm true
provoke timeout 'has not ended after 0.3 s' "${run[@]}" --timeout 300ms sleep 60
provoke 126 'plain: Permission denied' "${run[@]}" -- ./plain
provoke 127 'there is no such command' "${run[@]}" nonesuch
provoke window-manager 'nonesuch: No such file' "${run[@]}" --wm=nonesuch true
provoke window-manager 'false ended at once' "${run[@]}" --wm=false true
mkdir few
for p in sh sleep; do ln -s "$(command -v $p)" few/; done
provoke display 'there is no Xvfb' env PATH="$RD_BIN:$PWD/few" "${run[@]}" true
provoke display 'nrecognized option' "${run[@]}" --server-args -nonesuch true
mkdir more
for p in sh sleep Xvfb xkbcomp; do ln -s "$(command -v $p)" more/; done
provoke session-bus 'there is no dbus-daemon' env PATH="$RD_BIN:$PWD/more" "${run[@]}" --bus true
provoke desktop 'has ended with status 3: exit 3' "${run[@]}" --desktop='exit 3' sleep 60
clean_now

# One that runs until ./over is there: its process is then $pid.
begin() { # option…
	rm -f up over
	start "${run[@]}" "$@" sh -c ': >up; until [ -e over ]; do sleep 0.02; done' >out 2>words
	wait_for test -e up
}
kill_all() { # program
	local p n=0
	for p in $(marked); do
		[ "$(cat "/proc/$p/comm")" != "$1" ] || { kill -KILL "$p" && n=$((n + 1)); }
	done
	[ $n -gt 0 ] || fail "no $1 runs"
}
ended_as() { # code, text
	wait_end "$pid"
	[ "$status" -eq "$(number_of "$1")" ] || fail "status $status, not $1: $(cat words)"
	grep -q "$2" words || fail "not \"$2\": $(cat words)"
	seen "$1"
	settled
}

begin
kill_all Xvfb
ended_as display 'display has ended under the command'
begin --record film.webm
kill_all rd-capture
wait_for grep -q 'recording has broken off' words
: >over
ended_as recording 'recording has broken off'
begin
read -r keeper _ <"/proc/$pid/task/$pid/children" || true
kill -KILL "$keeper"
ended_as keeper 'rd-run: '
all_provoked
