#!/usr/bin/env bash
# The viewer's address changes: the picture moves on, and nobody logs in again.
# The host's changes: so it does. A cable is out for a while: so it does.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
. "$RD_ROOT/tests/tools/lib-session.sh"

moves_on() { # colour
	on_host xsetroot -solid "$1"
	wait_for in_window
}

logins() {
	grep -c '"event":"granted"' sender.log
}

machines host away
start_host
start_desk 800x600
person host
person alice
admit alice
serve_desktop
join away alice
shows_window
moves_on '#102030'

address away 2 20
moves_on '#405060'
address host 1 10
moves_on '#708090'
address host 10 1
moves_on '#a0b0c0'
unplug away
plug away
moves_on '#d0e0f0'
[ "$(logins)" -eq 1 ] || fail "$(logins) logins instead of one"
grep -q '"event":"moved"' sender.log || fail "the host did not say that its viewer moved"
close_session
