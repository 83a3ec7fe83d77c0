#!/usr/bin/env bash
# rd-view ssh://… through a real sshd of our own on loopback: what it shows is
# exact, what is typed arrives, and whatever breaks ends both sides with a
# reason: ssh killed, its daemon killed, no display there, no rd there.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"
. "$RD_ROOT/tests/tools/lib-ssh.sh"
over_ssh() { # ARG… of rd-view
	sessions=$((sessions + 1))
	start env DISPLAY="$desk" rd-view --title "session $sessions" --ssh-command "ssh -F $PWD/ssh_config" \
		"$@" 2>words
	viewer=$pid
}

# The tools at the far end are children of the daemon, not ours.
far_tools() {
	tools_of "$daemon" | grep -vx "$daemon" || true
}

all_ended() {
	local p
	for p; do ended "$p" || return 1; done
}

explained() { # STATUS, REGEX
	wait_end "$viewer"
	[ "$status" -eq "$1" ] || fail "status $status instead of $1: $(cat words)"
	grep -Eq -- "$2" words || fail "not explained: $(cat words)"
}

holds_a_key() {
	over_ssh "ssh://there/$host"
	shows_window
	on_desk xdotool windowmove --sync "$window" 0 0 windowfocus --sync "$window"
	: >keys
	on_desk xdotool keydown a
	wait_for arrived 'key 38 down 0x61'
	far=$(far_tools)
	[ -n "$far" ] || fail "nothing runs at the far end"
}

let_go() {
	wait_for arrived 'key 38 up'
	# shellcheck disable=SC2086
	wait_for all_ended $far
	on_desk xdotool keyup a
}

make_keys
start_host
start_desk
start_sshd "$RD_BIN:/usr/bin:/bin"

# A terminal, typed into and scrolled: exact as soon as it rests.
start env DISPLAY="$host" xterm -u8 -geometry 80x24+20+20 -e sh -c 'PS1="$ " exec sh'
terminal=$pid
over_ssh "ssh://$me@there/$host"
shows_window
on_desk xdotool windowmove --sync "$window" 0 0 windowfocus --sync "$window"
wait_for in_window
on_desk xdotool mousemove 100 100 type --delay 1 'seq 2000; echo done > done'
on_desk xdotool key Return
wait_for test -s "done"
wait_for in_window
close_session
[ ! -s words ] || fail "words where all is well: $(cat words)"
stop "$terminal"

# A picture of it, and no more of it.
exits 0 rd-view --ssh-command "ssh -F $PWD/ssh_config" --to png:shot.png --frames 1 "ssh://there/$host"
in_png shot.png || fail "another picture"

on_host start_xkeys
holds_a_key
on_desk xdotool keyup a type --delay 0 'Hello, world'
wait_for typed 'aHello, world'
close_session
wait_for arrived 'key 38 up'
# shellcheck disable=SC2086
wait_for all_ended $far

holds_a_key
kill -KILL "$(pgrep -P "$viewer" -x ssh)"
explained 3 'cut short: ssh was ended by signal 9'
let_go

# The daemon's processes for us: ssh says itself that the connection is lost.
holds_a_key
for p in $far; do
	[ "$(cat "/proc/$p/comm" 2>/dev/null)" != sshd ] || kill -KILL "$p"
done
explained 3 'ssh could not connect, or lost the connection'
let_go

# The whole of rd-view.
holds_a_key
# shellcheck disable=SC2046
kill -KILL $(tools_of "$viewer")
wait_end "$viewer"
let_go

# A network that is only silent: the host lets go by itself.
holds_a_key
kill -STOP "$(pgrep -P "$viewer" -x ssh)"
wait_for arrived 'key 38 up'
kill -CONT "$(pgrep -P "$viewer" -x ssh)"
close_session
on_desk xdotool keyup a

over_ssh "ssh://there/:65000"
explained 6 'display :65000'
over_ssh "ssh://there:1/$host"
explained 9 'ssh could not connect'
over_ssh --view-only --to null --frames 1 "ssh://there/$host"
wait_end "$viewer"
[ "$status" -eq 0 ] || fail "status $status with --view-only: $(cat words)"

# A machine without rd, and one whose shell greets everybody.
stop "$daemon"
start_sshd /usr/bin:/bin
over_ssh "ssh://there/$host"
explained 9 'no rd-encode in the PATH of that host.*make install'
stop "$daemon"
# shellcheck disable=SC2016
start_sshd "$RD_BIN:/usr/bin:/bin" 'ForceCommand echo Welcome; eval "$SSH_ORIGINAL_COMMAND"'
over_ssh "ssh://there/$host"
explained 4 'a greeting from a shell'
