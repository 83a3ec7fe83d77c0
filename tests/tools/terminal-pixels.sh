#!/usr/bin/env bash
# A terminal that has pixels gets the picture's: exactly by kitty's graphics, to
# the steps of a palette by sixel; before and after its size changes; and of a
# small change no more than the part that holds it.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-terminal.sh"
. "$RD_ROOT/tests/tools/lib-view.sh"

rd-capture --source test --size 320x192 --frames 12 --fps 30 >s.rd
rd-view --to png:want.png s.rd

# The largest difference of a colour, in 255ths.
differs() { # picture, crop of it
	convert "$1" -crop "$2" +repage crop.png
	compare -metric PAE want.png crop.png null: 2>differs || true
	awk -F '[()]' '{ printf "%d\n", $2 * 255 + 0.5 }' differs
}

shows() { # crop, most that it may differ
	shoots shown.png
	[ "$(differs shown.png "$1")" -le "$2" ]
}

for kind in kitty:0 sixel:51; do
	off=${kind#*:} kind=${kind%:*}
	open_terminal "$kind" 40x13 8x16 rd-view --to terminal --hold yes s.rd
	wait_for shows 320x192+0+0 "$off"
	# In the middle of a larger one, pixel by pixel …
	person 'size 80 25'
	wait_for shows 320x192+160+96 "$off"
	# … and smaller in a smaller one, in its shape: nothing beside it.
	person 'size 20 13'
	convert want.png -resize 160x96! half.png
	half_shown() {
		shoots shown.png
		convert shown.png -crop 160x96+0+48 +repage crop.png
		local rmse
		rmse=$(compare -metric RMSE half.png crop.png null: 2>&1 | sed 's/.*(\(.*\))/\1/')
		awk -v r="$rmse" 'BEGIN { exit !(r < 0.12) }'
	}
	wait_for half_shown
	person 'type q'
	wait_end "$terminal"
	[ "$status" -eq 0 ] || fail "status $status"
	[ "$(last_of raw cooked)" = cooked ] || fail "the terminal stayed raw"
done

# What changes little costs little: a letter in a picture.
for kind in kitty:3000 sixel:4000 plain:400; do
	most=${kind#*:} kind=${kind%:*}
	mkfifo "fifo.$kind"
	exec 7<>"fifo.$kind"
	log=$PWD/log.$kind
	: >"$log"
	open_terminal "$kind" 80x25 8x16 rd-view --to terminal -- view-peer "$log" "$PWD/fifo.$kind"
	tell 'resolution 320 192'
	wait_log '^ack 1$'
	# The last line may come before the picture, and is small.
	painted() { grep -Eq '^seen [0-9]{4}' "$terminal_log"; }
	wait_for painted
	before=$(grep -c '^seen' "$terminal_log")
	tell 'paint 96 64 8 16 ffffff'
	wait_log '^ack 2$'
	changed() { [ "$(grep -c '^seen' "$terminal_log")" -gt "$before" ]; }
	wait_for changed
	# The figures beside it are a line of text at most.
	bytes=$(grep '^seen' "$terminal_log" | tail -n +$((before + 1)) | cut -d ' ' -f 2 | sort -n | tail -n 1)
	[ "$bytes" -le "$most" ] || fail "$kind: $bytes bytes for one letter"
	echo "$kind: $bytes bytes for one letter"
	person 'type \035q'
	wait_end "$terminal"
	[ "$status" -eq 0 ] || fail "status $status"
done

# Who only watches sees the other side's pointer, in its own size, where it is.
rm -f fifo.pointer
mkfifo fifo.pointer
exec 7<>fifo.pointer
log=$PWD/log.pointer
: >"$log"
open_terminal kitty 80x25 8x16 rd-view --to terminal --view-only -- view-peer "$log" "$PWD/fifo.pointer"
tell 'frame 320 192 204060'
tell 'shape 8 8 2 2'
at() { # X Y COLOUR
	shoots shown.png
	[ "$(convert shown.png -format "%[hex:p{$((160 + $1)),$((96 + $2))}]" info:)" = "$3" ]
}
tell 'pointer 102 52 1'
wait_for at 100 50 FFFFFF
at 107 57 FFFFFF && at 108 57 204060 && at 99 50 204060 || fail "the pointer is not where it is"
tell 'pointer 2 192 1'
wait_for at 100 50 204060
tell 'pointer 312 182 1'
wait_for at 310 180 FFFFFF
tell 'shape 0 0 0 0'
wait_for at 310 180 204060
person 'type q'
wait_end "$terminal"
[ "$status" -eq 0 ] || fail "status $status"
