#!/usr/bin/env bash
# rd-wait on a display here: stillness, images exactly and nearly, changes; each
# target has its own status, and what came, and where, is one line.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"

one_line() { # status, text, command…
	local want=$1 text=$2
	shift 2
	exits "$want" "$@" 2>words
	[ "$(wc -l <words)" -eq 1 ] || fail "not one line: $* ($(cat words))"
	grep -qF -e "$text" words || fail "$*: not \"$text\": $(cat words)"
}

says() { # expected line, status, command…
	local line=$1 want=$2
	shift 2
	exits "$want" "$@" >said
	[ "$(cat said)" = "$line" ] || fail "$*: said '$(cat said)' instead of '$line'"
}

# It waits in vain, having looked: a busy machine may show it nothing in so short a time, and is given more.
in_vain() { # argument…
	local ms=200
	while exits 13 rd-wait -t ${ms}ms "$@" >json 2>words; grep -q 'no picture came' words; do
		[ $((ms *= 2)) -lt 60000 ] || fail "no picture comes"
	done
}

start_x 640x480
xsetroot -solid '#204060' -cursor_name left_ptr
convert -size 40x20 gradient:red-blue -depth 8 PNG24:button.png
convert -size 40x20 gradient:blue-red -depth 8 PNG24:other.png
convert -size 40x20 'gradient:#f80000-#0000f8' -depth 8 PNG24:nearly.png

# Still: nothing has moved; and then something does all the time.
says '640x480+0+0 1 still 200ms' 0 rd-wait --still 200ms
start sh -c 'while :; do xsetroot -solid "#102030"; xsetroot -solid "#203040"; done'
busy=$pid
exits 13 rd-wait --still 60s -t 1s 2>words
says '10x10+5+5 1 change 10x10+5+5' 0 rd-wait --change 10x10+5+5
stop "$busy"
wait_for rd-wait --still 300ms >/dev/null

# An image: it is not there, comes, and is found where it is.
in_vain -i button.png --save diff.png
[ "$(grep -c '' words)" -eq 1 ] && grep -q 'nearest is button.png' words || fail "$(cat words)"
[ "$(identify -format '%wx%h' diff.png)" = 640x480 ] || fail "no picture of the difference"
start rd-wait --image other.png --image button.png --timeout 60s
waiter=$pid
start display -geometry +100+50 -immutable button.png
shown=$pid
wait_end "$waiter"
[ "$status" -eq 102 ] || fail "the second image gave $status"
rd-wait -i button.png >place
read -r place rest <place
[ "$rest" = '1 image button.png' ] || fail "$(cat place)"
rd-shot -g "$place" -o there.png
[ "$(pnghash there.png)" = "$(pnghash button.png)" ] || fail "it is not at $place"
rd-wait -i button.png --json >json
grep -Eqx '\{"event":"found","target":1,"kind":"image","name":"button.png","x":[0-9]+,"y":[0-9]+,"width":40,"height":20,"after":[0-9]+\.[0-9]{3}\}' json ||
	fail "$(cat json)"
says "$place 3 image button.png" 103 rd-wait -i other.png -c 5x5+600+400 -i button.png
# At its place, and beside it.
says "$place 1 image button.png" 0 rd-wait -i button.png -g "$place"
in_vain -i button.png -g 200x200+400+200
# Nearly: by its colours, by some of its pixels, by those that count.
in_vain -i nearly.png
says "$place 1 image nearly.png" 0 rd-wait -i nearly.png --tolerance 5
convert button.png -fill white -draw 'rectangle 0,0 3,3' changed.png
in_vain -i changed.png
says "$place 1 image changed.png" 0 rd-wait -i changed.png --differ 3
convert button.png -alpha set -region 4x4+0+0 -alpha transparent +region holes.png
says "$place 1 image holes.png" 0 rd-wait -i holes.png
stop "$shown"

# What is missing is marked: red in the nearest place, the rest dark.
xsetroot -solid white
start display -geometry +200+100 -immutable changed.png
wait_for rd-wait -i changed.png -t 1s >/dev/null 2>&1
in_vain -i button.png --save diff.png --json
grep -Eq '"event":"timeout","target":1,"kind":"image","name":"button.png",.*"differ":0.0200' json || fail "$(cat json)"
[ "$(convert diff.png -fill black +opaque '#ff2020' -format '%[fx:round(mean.r*w*h)]' info:)" -eq 16 ] ||
	fail "not just what differs is red"

# A clock is not to keep it from being still.
start xclock -digital -update 1 -geometry 200x30+0+0
wait_for xwininfo -name xclock >/dev/null 2>&1
says '640x480+0+0 1 still 2s' 0 rd-wait --still 2s --ignore 260x80+0+0 -t 60s
says '300x300+300+150 1 still 2s' 0 rd-wait --still 2s -g 300x300+300+150 -t 60s

# What cannot be is told once.
one_line 2 'what is to be waited for' rd-wait
one_line 2 'a time is' rd-wait --still soon
one_line 2 'a time is' rd-wait --still 0
one_line 2 'a region is' rd-wait --change here
# Where nothing can come nobody waits for ever.
one_line 2 'the region 10x10+2000+0 lies beside the picture, which is 640x480' \
	rd-wait --still 60s -c 1x1+0+0 -c 10x10+2000+0 -t 60s
one_line 2 'the region 10x10+0+480 lies beside' rd-wait --still 100ms -g 10x10+0+480 -t 60s
one_line 2 'the region 10x10+0+480 lies beside' rd-wait -i other.png -g 10x10+0+480 -t 60s
one_line 2 'nothing to be read' rd-wait --text ' '
one_line 2 'none is given' rd-wait -i button.png --save diff.png
one_line 10 'No such file' rd-wait -i no.png
echo 'no picture' >text.png
one_line 10 'no PNG' rd-wait -i text.png
convert -size 5x5 xc:none clear.png
one_line 10 'transparent' rd-wait -i clear.png
one_line 6 'display :65000' rd-wait --still 1s -d :65000
one_line 8 'standard output: No space left on device' rd-wait --still 100ms >/dev/full
one_line 8 'standard output' sh -c 'exec rd-wait --still 100ms >&-'
one_line 8 'no/such/diff.png' rd-wait -i other.png -t 1s --save no/such/diff.png
# What can say nothing starts nothing: a command may spend a code of one use.
one_line 8 'standard output' rd-wait --still 100ms -- touch spent >/dev/full
one_line 8 'no/such/diff.png' rd-wait -i other.png -t 1s --save no/such/diff.png -- touch spent
[ ! -e spent ] || fail "a command was started whose stream nobody could tell of"
[ -z "$(find . -name '*.part')" ] || fail "something was left"
many=$(printf -- '--image other.png %.0s' $(seq 20))
# shellcheck disable=SC2086
one_line 2 'at most 20' rd-wait $many -i button.png
# shellcheck disable=SC2086
says "640x480+0+0 20 still 100ms" 120 rd-wait ${many%--image other.png } --still 100ms -g 640x480+0+0 --ignore 260x80+0+0
