#!/usr/bin/env bash
# A window manager that puts frames around windows and keeps no list of them (twm):
# the windows have their own names, and are captured without the frame.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
command -v Xvfb >/dev/null || skip "no Xvfb"
command -v twm >/dev/null || skip "no twm"

rd-run --size 640x480 --wm=twm sh -eu -c '
	xterm -T Alone -geometry 30x10 -e sleep 1000 &
	until xwininfo -name Alone 2>/dev/null | grep -q IsViewable; do sleep 0.02; done
	xwininfo -name Alone >info
	rd-capture --display "$DISPLAY" --list >list
	rd-shot --window Alone -o alone.png'
id=$(sed -n 's/.*Window id: \(0x[0-9a-f]*\).*/\1/p' info)
size=$(sed -n 's/ *Width: //p' info)x$(sed -n 's/ *Height: //p' info)
grep -Eq "^window +:[0-9]+ +$id +$size\+.* Alone\$" list || fail "$id $size is not in: $(cat list)"
[ "$(identify -format %wx%h alone.png)" = "$size" ] || fail "$(identify alone.png), not $size"
