#!/usr/bin/env bash
# A still screen costs nothing: over ten seconds no byte is read or written and
# nobody wakes up, in none of the processes of a session in a window, one
# without, and a plain pipeline. And all of them are awake again at the first key.
# alone: a second without a wake-up is rest only where nobody else wants the cores
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"

# What a process has done so far: "NAME PID WAKEUPS BYTES", its threads together.
done_by() { # PIDS…
	local p
	for p; do
		awk -v name="$(cat "/proc/$p/comm")" -v pid="$p" \
			'/^voluntary_ctxt_switches/ {n += $2} /^[rw]char/ {bytes += $2}
			END {print name, pid, n, bytes}' "/proc/$p"/task/*/status "/proc/$p/io"
	done
}

at_rest() {
	done_by "${all[@]}" >before
	sleep 1
	done_by "${all[@]}" | cmp -s before -
}

start_host
start_desk
start env DISPLAY="$host" xterm -geometry 60x20+10+10 -e sh -c 'echo something to see; exec cat'
on_host xdotool mousemove 200 200

session --stats
shows_window
mapfile -t all < <(tools_of "$viewer")
[ ${#all[@]} -ge 4 ] || fail "a session of ${#all[@]} processes?"

start env DISPLAY="$host" rd-view --to null -- rd-encode --codec av1 -- rd-capture
joined=$pid
encoder_of() { pgrep -P "$1" -x rd-encode; }
joined_is_up() { encoder_of "$joined" >/dev/null && pgrep -P "$(encoder_of "$joined")" -x rd-capture >/dev/null; }
wait_for joined_is_up

mkfifo raw packed
start env DISPLAY="$host" sh -c 'exec rd-capture >raw'
all+=("$pid")
start sh -c 'exec rd-encode <raw >packed'
all+=("$pid")
start sh -c 'exec rd-view --to hash - <packed >hashes'
all+=("$pid")
wait_for test -s hashes
mapfile -t -O ${#all[@]} all < <(tools_of "$joined")

wait_for at_rest
# The one wait for its own sake: it is what is measured.
done_by "${all[@]}" >before
sleep 10
done_by "${all[@]}" >after
diff before after || fail "not idle: name, process, wake-ups, bytes before and after"

lines=$(wc -l <hashes)
more_lines() { [ "$(wc -l <hashes)" -gt "$lines" ]; }
on_host xdotool key a
wait_for more_lines
close_session
