#!/usr/bin/env bash
# Whichever process of a live session is killed while keys and buttons are held
# down: the others end by themselves, rd-view with the code that says why, the
# host lets go of what was held, and nothing of the session is left.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"
export WAIT_S=20

all_ended() {
	local p
	for p; do ended "$p" || return 1; done
}

shared_memory_of() { # PIDS…: System V segments that one of them made
	local p
	for p; do awk -v p="$p" 'NR > 1 && $5 == p' /proc/sysvipc/shm; done
}

keyboard() {
	on_host xmodmap -pke
}

named() { # NAME, PIDS…: the oldest of these with that name
	local name=$1 p
	shift
	for p; do
		[ "$(cat "/proc/$p/comm")" = "$name" ] && echo "$p" && return
	done
	fail "no $name among $*"
}

victim() { # WHO
	local tools
	tools=$(tools_of "$viewer")
	# shellcheck disable=SC2086
	case $1 in
	viewer) echo "$viewer" ;;
	decoder) pgrep -P "$viewer" -x rd-view ;;
	*) named "$1" $tools ;;
	esac
}

lets_go() { # WHO is killed, STATUS of rd-view
	local tools who
	session
	shows_window
	on_desk xdotool windowmove --sync "$window" 0 0 windowfocus --sync "$window"
	: >keys
	on_desk xdotool mousemove 100 100 mousedown 1 keydown shift keydown a
	wait_for arrived 'button 1 down'
	wait_for arrived 'key 38 down 0x41'
	# A character that the host's keyboard gets a key for.
	on_desk xdotool keydown U6F22
	wait_for grep -q 'text 漢' keys
	tools=$(tools_of "$viewer")
	who=$(victim "$1")
	kill -KILL "$who"
	# shellcheck disable=SC2086
	wait_for all_ended $tools
	wait_end "$viewer"
	[ "$status" -eq "$2" ] || fail "killed $1: rd-view ended with $status instead of $2"
	wait_for arrived 'key 38 up'
	wait_for arrived 'key 50 up'
	wait_for arrived 'button 1 up'
	wait_for keyboard_is_back
	# shellcheck disable=SC2086
	[ -z "$(shared_memory_of $tools)" ] || fail "killed $1: shared memory is left"
	on_desk xdotool mouseup 1 keyup shift keyup a keyup U6F22
}

keyboard_is_back() {
	keyboard | cmp -s - keyboard
}

start_host
start_desk
on_desk xmodmap -e 'keycode 97 = U6F22'
keyboard >keyboard
on_host start_xkeys
for who in viewer:137 decoder:137 rd-encode:3 rd-capture:3; do
	lets_go "${who%:*}" "${who#*:}"
done

# All of them at once; nobody is left to let go but the one who keeps watch.
session
shows_window
on_desk xdotool windowmove --sync "$window" 0 0 windowfocus --sync "$window"
: >keys
on_desk xdotool mousemove 100 100 keydown a
wait_for arrived 'key 38 down'
tools=$(tools_of "$viewer" | grep -vx "$(victim rd-keeper)")
# shellcheck disable=SC2086
kill -KILL $tools
wait_for arrived 'key 38 up'
wait_end "$viewer"
on_desk xdotool keyup a

# Without its keeper everything goes on; an ordinary end leaves none.
session
shows_window
keeper=$(victim rd-keeper)
kill -KILL "$keeper"
on_desk xdotool windowmove --sync "$window" 0 0 windowfocus --sync "$window"
: >keys
on_desk xdotool key b
wait_for arrived 'key 56 up'
tools=$(tools_of "$viewer")
close_session
# shellcheck disable=SC2086
wait_for all_ended $tools
wait_for keyboard_is_back
