#!/usr/bin/env bash
# Every exit code that rd-shot(1), rd-wait(1), rd-type(1) and rd-click(1) document,
# but those of hosts, which are rd-recv's.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-exits.sh"
. "$RD_ROOT/tests/tools/lib-streams.sh"
make_streams
peer -w hello end:0 >blank.rd
mkdir plain
ln -s "$RD_BIN"/rd-* plain/

nameless() { env -u DISPLAY HOME="$TMPDIR" "$@"; }

# What all four have; the rest of the line is what each is to do.
common() { # tool, what it is to do…
	tool "$1"
	local run=("$@")
	provoke usage 'there is no option --colour' "$@" --colour
	provoke failure 'Too many open files' within -n 4 "${run[@]}" "${file[@]}" s.rd
	provoke cut-short 'empty' "$@" "${file[@]}" ./empty.rd
	provoke foreign 'not an rd stream' "$@" "${file[@]}" ./none.rd
	provoke version 'version 9' "$@" "${file[@]}" ./newer.rd
	provoke no-display "rd-capture: ${cannot}no X server answers" "$@" --display :64999
	provoke choose "rd-capture: ${cannot}DISPLAY is not set" nameless "$@"
	help_to_full() { "${run[0]}" --help >/dev/full; }
	provoke output 'No space left' help_to_full
	provoke command 'not found' "$@" -- no-such-command
	provoke command 'status 7' "$@" -- sh -c 'exit 7'
	provoke input 'No such file' "$@" "${file[@]}" ./no.rd
}

# Those that look.
looks() { # tool, what it is to do…
	common "$@"
	provoke cut-short 'cut short' "$@" ./cut.rd
	provoke input 'rd-capture: display' "$@" --window 'no such'
	provoke unsupported 'video codec is not in this build' "$@" ./unknown.rd
	starved 120000000 'no memory for the picture' "$@" ./large.rd
}

start_x
start_x
xsetroot -solid '#204060'
convert -size 40x20 gradient:red-blue -depth 8 PNG24:button.png

file=() cannot=
looks rd-shot -o new.png
well rd-shot -o new.png
rm new.png
provoke failure 'no picture came' rd-shot -o new.png ./blank.rd
provoke output 'no/such/folder' rd-shot -o no/such/folder.png
provoke timeout 'no picture came' rd-shot -o new.png --timeout 50ms -- sleep 60
[ ! -e new.png ] || fail "a picture of nothing"
all_provoked

looks rd-wait --image button.png
ends_as ok rd-wait --still 50ms
ends_as 102 rd-wait --image button.png --still 50ms
to_full() { rd-wait --still 50ms >/dev/full; }
provoke output 'No space left' to_full
provoke input 'No such file' rd-wait --image no.png
# Whether there was a picture by then, in which it was not, or none yet.
provoke timeout 'came' rd-wait --image button.png --timeout 50ms
provoke no-tesseract 'tesseract' env PATH="$PWD/plain" "$PWD/plain/rd-wait" --text 'Sign in'
provoke nothing 'the stream is over' rd-wait --image button.png ./s.rd
all_provoked

# Those that act. What says that it takes input, and takes none.
deaf=(-- peer deaf.log hello:taken sleep:60000)
acts() { # tool, what it is to do…
	common "$@"
	well "$@"
	provoke no-input 'takes no input' "$@" --on ./s.rd
	provoke cut-short 'cut short' "$@" -- peer gone.log hello:taken end:2
	provoke cut-short 'before all was taken' "$@" -- peer gone.log hello:taken end:0
	provoke timeout 'within the time of --timeout' "$@" --timeout 300ms "${deaf[@]}"
}
file=(--on) cannot='cannot inject input: '
# Somebody who gets what is typed, or there is a word.
. "$RD_ROOT/tests/tools/lib-inject.sh"
start_xkeys
acts rd-type x
provoke usage 'there is no key' rd-type --key Retrun
from_noise() { printf 'a\377b' | rd-type --stdin; }
provoke input 'no UTF-8' from_noise
no_test() { DISPLAY=$without "$@"; }
was=$DISPLAY
start_server Xvfb -screen 0 320x200x24 -extension XTEST
without=$DISPLAY
DISPLAY=$was
provoke unsupported 'rd-capture: ' no_test rd-type x

acts rd-click 10,10
provoke input 'rd-capture: cannot inject input: display' rd-click --window 'no such' 10,10
provoke usage '' rd-click here
provoke unsupported 'rd-capture: ' no_test rd-click 10,10

# A key that may only look.
. "$RD_ROOT/tests/tools/lib-recv.sh"
serve -- rd-encode -- rd-capture --source test --size 64x48
admit --view-only
know
viewing() { setsid -w "$@" </dev/null; }
provoke right 'our key has no right to' viewing rd-click --on "$at" 10,10
all_provoked
tool_name=rd-type
provoke right 'our key has no right to' viewing rd-type --on "$at" x
all_provoked
