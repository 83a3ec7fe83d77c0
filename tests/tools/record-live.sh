#!/usr/bin/env bash
# A live desktop: the pointer is drawn, stillness costs nothing, frames are
# acknowledged, and a signal is an ordinary end.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-record.sh"
start_x 320x240
xdotool mousemove 160 120

recorded() { # FILE: three seconds of it are in the file
	[ -s "$1" ] && [ "$(last_ms "$1")" -ge 3000 ]
}
for options in pointed.webm '--no-pointer bare.webm'; do
	file=${options##* }
	# shellcheck disable=SC2086 # options are words
	start rd-record $options -- rd-encode -- rd-capture
	wait_for recorded "$file" 2>/dev/null
	kill -INT "$pid"
	wait_end "$pid"
	[ "$status" -eq 0 ] || fail "status $status"
	plays "$file"
	# A still picture is said once a second and costs next to nothing.
	[ "$(frames "$file")" -le $(($(seconds "$file") / 1000 + 5)) ] || fail "$(frames "$file") pictures of stillness"
	[ "$(stat -c %s "$file")" -le 20000 ] || fail "$(stat -c %s "$file") bytes of stillness"
	last_picture "$file" "${file%.*}.png"
done
rd-capture --cursor --frames 1 | rd-view --to png:pointed-want.png -
rd-capture --frames 1 | rd-view --to png:bare-want.png -
alike pointed.png pointed-want.png 35
alike bare.png bare-want.png 35
differ=$(compare -metric AE pointed.png bare.png null: 2>&1 || true)
[ "$differ" != 0 ] || fail "no pointer was drawn"

# Every frame is acknowledged; ends of the stream tell the exit status.
rd-record acked.webm -- peer log hello:live frame:1:64:48:ff frame:2:64:48:ff00 await:ACK:2 end:0 ||
	fail "not acknowledged: $(cat log)"
exits 3 rd-record cut.webm -- peer -w hello:live frame:1:64:48:ff 2>words
plays cut.webm
[ "$(frames cut.webm)" -ge 1 ] || fail "what came before the end is lost"
exits 9 rd-record none.webm -- sh -c 'exit 3' 2>words
