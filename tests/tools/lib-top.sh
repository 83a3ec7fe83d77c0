# Sourced after lib.sh by the top-*.sh scripts: terminals to look at, and sessions
# to look for. Control sockets are in the test's own $XDG_RUNTIME_DIR.
#
#	open_top COLSxROWS ARG…	rd-top in a terminal of that size, in a shell that says
#			"ended STATUS" when it has; TOP_ENV: variables for it
#	screen		what stands on it
#	shows REGEX	whether a line of it does
#	row N		its line of that number
#	keys KEY…	typed there
#	resize COLSxROWS	of the terminal
#	fits COLSxROWS	whether a page of rd-top fills it: help at the bottom, no line longer
#	viewing		rd-view of a host, both on loopback; its processes are $viewer, $host
#	filming		rd-record of a test card: $filmer
# shellcheck shell=bash disable=SC2034
command -v tmux >/dev/null || skip "no tmux"
unset TMUX NO_COLOR COLORTERM
export TERM=xterm-256color
TOP_ENV=
pane=

# A server of our own that is gone when we are.
start tmux -S tmux.sock -f /dev/null -D
wait_for test -S tmux.sock
tm() { tmux -S tmux.sock "$@"; }

open_top() { # COLSxROWS ARG…
	local size=$1
	shift
	[ -z "$pane" ] || tm kill-pane -t "$pane" 2>/dev/null || true
	tm new-session -d -x "${size%x*}" -y "${size#*x}" -P -F '#{pane_id}' \
		"env $TOP_ENV rd-top $*; code=\$?; echo; echo ended \$code; cat" >pane
	pane=$(cat pane)
	tm set-option -t "$pane" status off
	tm resize-window -t "$pane" -x "${size%x*}" -y "${size#*x}"
}

screen() { tm capture-pane -p -t "$pane"; }
shows() { screen | grep -Eq -- "$1"; }
row() { screen | sed -n "$1p"; }
keys() { tm send-keys -t "$pane" "$@"; }
resize() { tm resize-window -t "$pane" -x "${1%x*}" -y "${1#*x}"; }

fits() { # COLSxROWS
	screen >now
	[ "$(wc -l <now)" -eq "${1#*x}" ] && head -n 1 now | grep -q '^ rd-top ' &&
		head -n 1 now | grep -Eq '[0-9]{2}:[0-9]{2}:[0-9]{2}$' &&
		[ "$(head -n 1 now | wc -m)" -eq "${1%x*}" ] && tail -n 1 now | grep -q ' q leave  ? help'
}

viewing() {
	. "$RD_ROOT/tests/tools/lib-recv.sh"
	serve "$@" -- rd-encode -- rd-capture --source test --size 320x240 --fps 20
	admit
	know
	start rd-view --to null "$at"
	viewer=$pid
	wait_for is_streaming
}

is_streaming() {
	rd-top --json | jq -e '.sessions[] | select(.name == "'"$at"'") | .state == "streaming" and .rtt_ms' >jq.out
}

filming() {
	start rd-record film.webm -- rd-encode -- rd-capture --source test --size 320x240 --fps 5
	filmer=$pid
	wait_for is_filming
}

is_filming() {
	rd-top --json | jq -e '.sessions[] | select(.name == "film" and .state == "recording")' >jq.out
}
