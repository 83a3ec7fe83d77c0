#!/usr/bin/env bash
# Who looks at some of the monitors is spared what happens on the others, and has them
# as they are as soon as they are looked at; of several viewers, what each looks at.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"
. "$RD_ROOT/tests/tools/lib-monitors.sh"

start_xvnc 640x480
monitors 640x480+0+0 800x600+640+0
xsetroot -solid '#204060'
pixel_is() { # X Y RRGGBB: of the viewer's picture
	local n
	n=$(grep -c "^pixel $1 $2 " "$log" || true)
	say pixel "$1" "$2"
	more() { [ "$(grep -c "^pixel $1 $2 " "$log")" -gt "$n" ]; }
	wait_for more "$1" "$2"
	[ "$(awk -v x="$1" -v y="$2" '$1 == "pixel" && $2 == x && $3 == y {last = $4} END {print last}' "$log")" = "$3" ]
}
pongs() {
	grep -c '^pong' "$log" || true
}
more_pongs_than() {
	[ "$(pongs)" -gt "$1" ]
}
# What was said before is done then.
heard() {
	local n
	n=$(pongs)
	say ping
	wait_for more_pongs_than "$n"
}
view
wait_for counts 2
settled
say watch-only VNC-0
heard
# What comes first is not sent, what comes after it is.
xfill 50 50 1000 100 ff0000
xfill 50 50 100 100 00ff00
wait_for pixel_is 110 110 00ff00
pixel_is 1010 110 204060 || fail "the other one, too"
# A film there costs nothing, not even to look at.
capture=$(pgrep -P "$viewer" -x rd-capture)
switches() { awk '/^voluntary_ctxt_switches/ {print $2}' "/proc/$capture/status"; }
quiet() { local a; a=$(switches); sleep 0.2; [ "$(switches)" -eq "$a" ]; }
xfill 300 300 900 100 000000
wait_for quiet
n=$(frames) before=$(switches)
for i in $(seq 100); do xfill 300 300 900 100 "0000$(printf '%02x' "$i")"; done
after=$(switches)
[ $((after - before)) -le 10 ] || fail "$((after - before)) wake-ups for what nobody looks at"
xfill 50 50 100 100 00ee00
wait_for pixel_is 110 110 00ee00
[ "$(frames)" -le $((n + 5)) ] || fail "$(($(frames) - n)) pictures of what nobody looks at"
# Nor do spots all over it, while something happens here, make pictures of their own.
n=$(frames)
for i in $(seq 40); do
	xfill 3 3 $((650 + i * 97 % 780)) $((10 + i * 61 % 580)) ffffff
	xfill 20 20 200 200 "00$(printf '%02x' "$i")00"
done
wait_for pixel_is 210 210 002800
wait_for quiet
[ "$(frames)" -le $((n + 41)) ] || fail "$(($(frames) - n)) pictures of 40 changes"
# It is looked at: at once, though nothing changes any more.
say watch-only VNC-1 VNC-0
settled
# Now at that alone; and at all, with what was missed, and of what is not there.
say watch-only VNC-1 VNC-7
heard
xfill 50 50 100 100 0000ff
xfill 50 50 1000 100 ffff00
wait_for pixel_is 1010 110 ffff00
pixel_is 110 110 00ee00 || fail "the other one, too"
say watch-only
settled
# It is plugged out and in again: it is still that one.
say watch-only VNC-1
heard
off 1
wait_for counts 1
on 1 640x480 640 0
wait_for is_at VNC-1 640x480 640 0
settled
xfill 50 50 100 100 123456
xfill 50 50 1000 100 654321
wait_for pixel_is 1010 110 654321
pixel_is 110 110 123456 && fail "all of it is sent"
# A whole picture is one.
say refresh
settled
# Nonsense is the end.
say raw 0115 0100
wait_for saw '^end 3'
wait_for ended "$viewer"
