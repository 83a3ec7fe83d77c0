#!/usr/bin/env bash
# However a capture ends, it ends at once, with the status rd-exit(7) names.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"

start_x 320x200

# After so many frames, or so much time.
exits 0 rd-capture --frames 1 >one.rd
talk -f one.log <one.rd
grep -q '^end 0 0' one.log || fail "no END: $(cat one.log)"
exits 0 rd-capture --duration 0.2s >short.rd
exits 0 rd-capture --source test --size 64x48 --frames 7 >seven.rd
talk -f seven.log <seven.rd
[ "$(grep -c ^frame seven.log)" -eq 7 ] || fail "not 7 frames: $(cat seven.log)"
exits 0 rd-capture --source test --size 64x48 --duration 2s --fps 5 >ten.rd
talk -f ten.log <ten.rd
[ "$(grep -c ^frame ten.log)" -eq 10 ] || fail "not 10 frames: $(cat ten.log)"

# ^C and a request to end: the stream says so.
for signal in INT TERM; do
	log=signal.$signal.log
	: >"$log"
	rm -f signal.rd
	(trap - INT; exec rd-capture) >signal.rd &
	capture=$!
	started+=("$capture")
	wait_for test -s signal.rd
	kill -s "$signal" "$capture"
	wait_end "$capture"
	[ "$status" -eq 0 ] || fail "status $status after SIG$signal"
	talk -f "$log" <signal.rd
	saw '^end 1 0' || fail "no END after SIG$signal: $(cat "$log")"
done

# The reader goes: nothing is left to do.
mkfifo pipe
exec 8<>pipe
start rd-capture >pipe 8>&-
capture=$pid
head -c 1000 <&8 >/dev/null
exec 8>&-
wait_end "$capture"
[ "$status" -eq 8 ] || fail "status $status when the reader went"
view
settled
capture=$(pgrep -P "$viewer" -f rd-capture)
kill -KILL "$viewer"
wait_for ended "$capture"

# A reader that never reads does not keep it from ending.
mkfifo stuck
exec 8<>stuck
start rd-capture >stuck 8>&-
capture=$pid
xsetroot -solid '#ff0000'
sleep 0.1
kill -TERM "$capture"
wait_end "$capture"
exec 8>&-

# A desktop that never rests and a reader that takes everything: it still hears.
start xterm -geometry 80x24+0+0 -e sh -c 'while :; do date; done'
terminal=$pid
start rd-capture >busy.rd
capture=$pid
more_than_a_megabyte() { [ "$(stat -c %s busy.rd)" -gt 1000000 ]; }
wait_for more_than_a_megabyte
kill -TERM "$capture"
wait_end "$capture"
[ "$status" -eq 0 ] || fail "status $status after SIGTERM"
stop "$terminal"

# A full disk.
if [ -e /dev/full ]; then
	exits 8 rd-capture --frames 1 >/dev/full 2>words
	grep -q 'No space left' words || fail "$(cat words)"
fi

stop "$pid_of_x"
# No display: in words, to the terminal and to the far end.
exits 6 rd-capture >none.rd 2>words
grep -q 'no X server answers at display' words || fail "$(cat words)"
talk -f none.log <none.rd || true
grep -q '^end 3 6 no X server answers' none.log || fail "$(cat none.log)"
