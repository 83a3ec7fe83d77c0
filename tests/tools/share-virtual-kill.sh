#!/usr/bin/env bash
# rd-share --virtual: whoever of its parts is killed, nothing of it is left; and another
# one beside it goes on.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"
. "$RD_ROOT/tests/tools/lib-run.sh"
. "$RD_ROOT/tests/tools/lib-virtual.sh"

# Whoever is killed; of two at once the other one goes on.
mkdir -m 700 run2
here=$XDG_RUNTIME_DIR
XDG_RUNTIME_DIR="$PWD/run2" virtual 640x480 -- sh -c 'exec sleep 1000'
export XDG_RUNTIME_DIR="$here"
other=$host other_mark=$RD_RUN_MARK
for victim in Xtigervnc rd-send rd-capture rd-encode rd-run-keeper rd-run sleep; do
	virtual 640x480 -- xterm -e sleep 1001
	view_it "viewer.$victim"
	wait_for kills "$victim"
	# A producer that is killed ends its session, and neither host nor desktop.
	case $victim in rd-capture | rd-encode) wait_end "$viewer" && kill "$host" ;; esac
	wait_end "$host"
	# A control socket of one that was killed goes when somebody looks.
	rd-ctl >/dev/null 2>&1 || true
	settled
done
RD_RUN_MARK=$other_mark
running "$other" || fail "the other one has ended, too"
kill "$other"
wait_end "$other"
[ "$(find run2 -mindepth 1 ! -path run2/rd)" = "" ] || fail "left behind: $(find run2)"
clean_now
