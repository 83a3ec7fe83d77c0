#!/usr/bin/env bash
# Every exit code that rd-capture(1) documents.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-exits.sh"
tool rd-capture
card=(rd-capture --source test --size 64x48)

obeys() { # file
	rd-capture --inject <"$1"
}

well "${card[@]}" --frames 1
cp out s.rd
provoke usage 'there is no option --colour' rd-capture --colour
provoke failure 'Too many open files' within -n 4 "${card[@]}"
starved 50000000 'no picture can be taken' rd-capture --source test --size 7680x4320 --frames 1
starved 50000000 'cannot make the film' rd-capture --source test --size 7680x4320 --frames 1 --format y4m
provoke no-display 'display :64999' rd-capture --display :64999
provoke input 'no/such.y4m' rd-capture --source y4m:no/such.y4m
echo 'no film' >no.y4m
provoke foreign 'no.y4m' rd-capture --source y4m:no.y4m
to_full() { "$@" >/dev/full; }
provoke output 'No space left' to_full "${card[@]}" --frames 1
to_nobody() { "$@" | true; return "${PIPESTATUS[0]}"; }
provoke output 'its reader is gone' to_nobody "${card[@]}"
provoke output 'its reader is gone' to_nobody "${card[@]}" --format y4m

# Two displays, and none is named; a window's title that two have.
start_x
provoke input 'no window called "no such"' rd-capture --window 'no such'
head -c 200 s.rd >cut.rd
provoke cut-short 'cut short' obeys cut.rd
provoke foreign 'not an rd stream' obeys no.y4m
{ head -c 24 s.rd; printf '\x09\0'; tail -c +27 s.rd; } >newer.rd
provoke version 'version 9' obeys newer.rd
provoke privacy 'not blank' rd-capture --blank=must
first=$DISPLAY
start_x
nameless() { env -u DISPLAY -u XAUTHORITY HOME="$TMPDIR" XAUTHORITY="$XAUTHORITY" rd-capture; }
provoke choose "$first" nameless
start_server Xvfb -screen 0 322x200x8
provoke unsupported 'pixels we cannot read' rd-capture
all_provoked
