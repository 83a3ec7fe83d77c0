#!/usr/bin/env bash
# Whichever process of a session between two machines is killed while a key is
# held down: the others end by themselves or go on, the host lets go of the
# key, and what was started for the session is gone.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"
. "$RD_ROOT/tests/tools/lib-session.sh"
export WAIT_S=40

all_ended() {
	local p
	for p; do ended "$p" || return 1; done
}

nth() { # WHICH process of that name below PID, oldest first: NAME[.N], PID
	local name=${1%.*} n=1 p
	case $1 in *.*) n=${1#*.} ;; esac
	for p in $(tools_of "$2"); do
		[ "$(cat "/proc/$p/comm" 2>/dev/null)" = "$name" ] || continue
		n=$((n - 1))
		[ $n -gt 0 ] || { echo "$p"; return; }
	done
	fail "no $1 below $2"
}

producers_gone() {
	! pgrep -P "$1" -x rd-encode >/dev/null
}

begin() {
	serve_desktop --once
	sessions=$((sessions + 1))
	DISPLAY=$desk as alice start_on away rd-view --title "session $sessions" \
		-- rd-recv --once "$HOST" 2>alice.log
	viewer=$pid
	shows_window
	on_desk xdotool windowmove --sync "$window" 0 0 windowfocus --sync "$window"
	wait_for in_window
	: >keys
	on_desk xdotool mousemove 100 100 keydown a
	wait_for arrived 'key 38 down'
}

lets_go() { # WHO (NAME[.N]), of viewer or sender; status of rd-view; of rd-send
	local victim here there
	begin
	here=$(tools_of "$viewer") there=$(tools_of "$sender")
	case $2 in viewer) victim=$(nth "$1" "$viewer") ;; sender) victim=$(nth "$1" "$sender") ;; esac
	kill -KILL "$victim"
	# shellcheck disable=SC2086
	wait_for all_ended $here
	# shellcheck disable=SC2086
	wait_for all_ended $there
	wait_for arrived 'key 38 up'
	wait_end "$viewer"
	[ "$status" -eq "$3" ] || fail "killed $1 of the $2: rd-view ended with $status, not $3: $(cat alice.log)"
	wait_end "$sender"
	[ "$status" -eq "$4" ] || fail "killed $1 of the $2: rd-send ended with $status, not $4: $(cat sender.log)"
	on_desk xdotool keyup a
}

machines host away
start_host
start_desk 800x600
person host
person alice
admit alice
on_host start_xkeys

# The one above, and the one that decodes.
lets_go rd-view viewer 137 0
lets_go rd-view.2 viewer 137 0
# The monitor, and the one with the network.
lets_go rd-recv viewer 1 0
lets_go rd-recv.2 viewer 3 15
lets_go rd-send sender 3 137
lets_go rd-send.2 sender 15 1
lets_go rd-encode sender 3 3
lets_go rd-capture sender 3 3
