#!/usr/bin/env bash
# A program that ends takes its control socket's file away, also one that has confined
# itself alone, without a second process outside; and takes away no other's.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-metrics.sh"
folder="$XDG_RUNTIME_DIR/rd"

rd-capture --source test --size 64x48 --frames 3 >s.rd 2>/dev/null
rd-view --log info --to null s.rd 2>words
if grep -q 'no Landlock' words; then skip "this kernel has no Landlock, by which it may"; fi

empty() { # by what
	[ -z "$(ls -A "$folder")" ] || fail "$1 leaves $(ls -A "$folder")"
}
empty "rd-view of a file"
for to in null hash png:a.png png:-; do
	rd-view --to "$to" - <s.rd >out 2>words || fail "$(cat words)"
	empty "rd-view --to $to"
	rd-view --metrics 0 --to "$to" s.rd >out 2>words || fail "$(cat words)"
	empty "rd-view --metrics 0 --to $to"
done
rd-record film.webm <s.rd 2>words || fail "$(cat words)"
empty rd-record
rd-record - <s.rd >film 2>words || fail "$(cat words)"
empty "rd-record to stdout"
rd-view --to null -- rd-encode -- rd-capture --source test --size 64x48 --frames 3
empty "rd-view of a command"
start_x 640x480
rd-view - <s.rd 2>words || fail "$(cat words)"
empty "rd-view in a window"

# By a signal, or told by rd-ctl; somebody else's stays.
mkfifo never
exec 8<>never
showing() { [ "$(rd-ctl "$1" get tool 2>/dev/null)" = rd-view ]; }
start bash -c 'exec rd-view --name stays --to null - <never'
stays=$pid
wait_for showing stays
for how in TERM HUP INT end; do
	# INT is ignored by what a script starts in the background, unless it asks for it.
	start bash -c 'exec env --default-signal=INT rd-view --name goes --to null - <never'
	wait_for showing goes
	if [ $how = end ]; then rd-ctl goes end; else kill -$how "$pid"; fi
	wait_end "$pid"
	[ "$(ls -A "$folder")" = "stays.rd-view.$stays" ] || fail "$how leaves $(ls -A "$folder")"
done
rd-ctl stays end
wait_end "$stays"
empty "the last"
