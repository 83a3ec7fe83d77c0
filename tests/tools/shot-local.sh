#!/usr/bin/env bash
# rd-shot of a display here: all of it, a window by number and title, a part,
# with the pointer; and one clear line with its own status where that cannot be.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"

one_line() { # status, text, command…
	local want=$1 text=$2
	shift 2
	exits "$want" "$@" 2>words
	[ "$(wc -l <words)" -eq 1 ] || fail "not one line: $* ($(cat words))"
	grep -qF -e "$text" words || fail "$*: not \"$text\": $(cat words)"
}

start_x 640x480
xsetroot -solid '#204060' -cursor_name left_ptr
start xterm -T 'a window' -geometry 30x10+50+60 -e sh -c 'echo hello; sleep 1000'
find_window() { window=$(xdotool search --onlyvisible --name '^a window$' | head -n 1) && [ -n "$window" ]; }
wait_for find_window
still() { [ "$(xhash)" = "$(sleep 0.1 && xhash)" ] && [ "$(xhash)" != "640x480 $empty" ]; }
empty=none
wait_for still

rd-shot -o all.png
[ "$(pnghash all.png)" = "$(xhash)" ] || fail "another picture"
rd-shot >piped.png
cmp all.png piped.png
rd-shot --display "$DISPLAY" --output all.png
rd-shot -w "$window" -o number.png
[ "$(pnghash number.png)" = "$(xhash "$window")" ] || fail "another window"
rd-shot -w 'a win' -o title.png
cmp number.png title.png
rd-shot -g 100x50+60+70 -o part.png
[ "$(pnghash part.png)" = "$(convert all.png -crop 100x50+60+70 +repage png:- | pnghash /dev/stdin)" ] ||
	fail "another part"
rd-shot -m 0 -o monitor.png
cmp all.png monitor.png

# What waits under the name that a picture has while it is written is not written into.
echo precious >kept
ln kept kept.png.part
rd-shot -o kept.png
[ "$(cat kept)" = precious ] || fail "a file of that name got the picture"
cmp all.png kept.png

# The pointer lies over it, where it is and nowhere else.
xdotool mousemove 300 400
rd-shot -c -o cursor.png
cmp -s all.png cursor.png && fail "no pointer"
compare -metric AE all.png cursor.png null: 2>pixels || true
[ "$(cut -d' ' -f1 pixels)" -lt 2000 ] || fail "more than a pointer: $(cat pixels)"
[ "$(convert all.png -crop 640x300+0+0 +repage rgb:- | sha256sum)" = \
	"$(convert cursor.png -crop 640x300+0+0 +repage rgb:- | sha256sum)" ] || fail "elsewhere"

# A loop over standard input is not eaten.
printf '%s\n' one two three | while read -r h; do rd-shot -o "$h.png" || echo "$h $?"; done
for h in one two three; do cmp all.png $h.png; done

# What cannot be is told once, and no file is left.
one_line 6 'display :65000' rd-shot -d :65000 -o no.png
one_line 10 'no window called "no such"' rd-shot -w 'no such' -o no.png
one_line 10 'no monitor "no such"' rd-shot -m 'no such' -o no.png
one_line 2 'does not lie within the picture, which is 640x480' rd-shot -g 10x10+635+0 -o no.png
one_line 2 'a region is' rd-shot -g 10x10 -o no.png
one_line 2 'one source at a time' rd-shot -o no.png one two
one_line 2 '--relay is for a HOST' rd-shot --relay r.example.org -o no.png
one_line 2 '--window is for a desktop here' rd-shot -w 'a window' -o no.png all.rd
one_line 2 'did you mean --output?' rd-shot --outptu no.png
one_line 8 'standard output: No space left on device' rd-shot >/dev/full
one_line 8 'rd-shot: no/such/folder.png: No such' rd-shot -o no/such/folder.png
mkdir way.png.part
one_line 8 'rd-shot: way.png: way.png.part is in its way' rd-shot -o way.png
rmdir way.png.part
ln -s all.png link.png
one_line 8 'not a plain file' rd-shot -o link.png
one_line 10 'No such file' rd-shot -o no.png ./no.rd
[ ! -e no.png ] && [ -z "$(find . -name '*.part')" ] || fail "something was left"
# shellcheck disable=SC2016
one_line 8 'standard output' sh -c '(exec >&-; exec rd-shot)'
exits 0 sh -c 'rd-shot | head -c 4 >magic'
[ "$(head -c 4 magic | tail -c 3)" = PNG ] || fail "no PNG"

# A terminal gets no picture, and a terminal is no stream.
on_a_terminal() { # command
	script -qec "$1 2>&3" /dev/null 3>&2 >/dev/null
}
one_line 2 'is a terminal' on_a_terminal rd-shot
one_line 2 'is a terminal' on_a_terminal 'rd-shot -o no.png -'
