#!/usr/bin/env bash
# The display of rd-run, and the window manager on it: what is missing or ends is
# said in one line, with a status of its own.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-run.sh"

one_line() { # code, text, command…
	local code=$1 text=$2
	shift 2
	exits "$code" "$@" 2>words
	grep -qe "$text" words || fail "$*: says: $(cat words)"
	[ "$(wc -l <words)" -eq 1 ] || fail "$*: more than a line: $(cat words)"
	clean_now
}
mkdir few
for p in sh sleep; do ln -s "$(command -v $p)" few/; done
one_line 36 'there is no Xvfb.*apt install xvfb' env PATH="$RD_BIN:$PWD/few" rd-run true
ln -s "$(command -v Xvfb)" few/
ln -s "$(command -v xkbcomp)" few/
one_line 38 'no window manager is installed' env PATH="$RD_BIN:$PWD/few" rd-run --wm true
one_line 38 'nonesuch: No such file' rd-run --wm=nonesuch true
one_line 38 'false ended at once' rd-run --wm=false true
one_line 36 'nrecognized option: -nonesuch$' rd-run --server-args -nonesuch true
[ "$(wc -c <words)" -lt 100 ] || fail "more than the reason: $(cat words)"
# A server that fails, and one that never speaks but ends.
printf '#!/bin/sh\necho "no room for a screen" >&2\nexit 1\n' >few/broken && chmod +x few/broken
mkdir bad && mv few/broken bad/Xvfb
one_line 36 'no room for a screen' env PATH="$PWD/bad:$PATH" rd-run true
one_line 36 'there is no Xtigervnc.*apt install tigervnc' env PATH="$RD_BIN:$PWD/few" rd-run --server tigervnc true
# A runtime folder that is not there is no reason not to run.
exits 0 env XDG_RUNTIME_DIR=/nonesuch rd-run true

# It manages before the command begins.
command -v twm >/dev/null || skip "no twm"
managed() { # the window has a parent that is not the root
	rd-run "$@" sh -c 'xterm -T managed & p=$!
		until xwininfo -name managed 2>/dev/null | grep -q IsViewable; do sleep 0.02; done
		xwininfo -name managed -tree | grep -q "Parent window id: .*(the root window)" && exit 1
		kill $p'
}
managed --wm=twm || fail "twm does not manage"
managed -w || fail "none manages"
clean_now

# The server dies under the command: the command is ended, with a word.
rm -f up
start rd-run sh -c 'echo >up; sleep 1000' 2>words
wait_for test -e up
for p in $(marked); do [ "$(cat "/proc/$p/comm")" != Xvfb ] || kill -KILL "$p"; done
wait_end "$pid"
[ "$status" -eq 36 ] || fail "status $status"
grep -q 'display has ended under the command' words || fail "says: $(cat words)"
clean_now
