# Sourced by the terminal-*.sh scripts after lib.sh: an rd-view in a terminal
# that is a program of the tests (fake-terminal.c).
#
#	open_terminal KIND COLSxROWS CELLWxCELLH COMMAND…	its process id is in $terminal
#	person LINE	a line of its FIFO: type, size, shot, hold, go, tty
#	said REGEX	whether its log has such a line
#	shoots FILE	what is painted
# shellcheck shell=bash disable=SC2034,SC2154

terminal=
terminals=0
terminal_log=

open_terminal() {
	terminals=$((terminals + 1))
	terminal_log=$PWD/terminal.$terminals
	mkfifo "person.$terminals"
	exec 8<>"person.$terminals"
	: >"$terminal_log"
	local kind=$1 size=$2 cell=$3
	shift 3
	start fake-terminal "$kind" "$size" "$cell" "person.$terminals" "$terminal_log" "$@" 8>&-
	terminal=$pid
}

person() {
	printf '%s\n' "$*" >&8
}

said() {
	grep -Eqa -- "$1" "$terminal_log"
}

shots() {
	grep -c '^shot ' "$terminal_log" || true
}

shoots() {
	local before
	before=$(shots)
	person "shot $1"
	wait_for eval "[ \$(shots) -gt $before ]"
}

# The last line of the log that is one of these two words.
last_of() {
	grep -Ea "^($1|$2)\$" "$terminal_log" | tail -n 1
}
