#!/usr/bin/env bash
# --shared: the size that a viewer has asked for ends with the last viewer, not with the first;
# and who comes next finds a desktop.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"

start_xvnc 800x600
for who in ann bob; do
	person $who
	admit $who
done
size() { case $(xhash) in "$1 "*) true ;; *) false ;; esac; }

host_up --shared -- rd-capture --resize
for _ in 1 2; do
	watch ann
	ann=$viewer
	wait_for saw ann '^frame [0-9]+ 800x600'
	watch bob
	bob=$viewer
	wait_for saw bob '^frame [0-9]+ 800x600'
	say ann layout 640 480
	wait_for saw bob '^frame [0-9]+ 640x480'
	say ann end
	gone "$ann" 0
	say bob ping
	wait_for saw bob '^pong'
	size 640x480 || fail "it has its size again while somebody watches"
	say bob end
	gone "$bob" 0
	wait_for size 800x600
done
