# For the tests of what is never captured: the colour of tests/tools/skitter.c.
#
#	secret WAY [US]	starts it; its window is then in $window, its log in skitter.log
#	leaks	how many pixels of that colour are in the bytes on stdin
#	leaks_of [ARG…]	the same of what rd-capture with these writes, which must be well
#	now X Y COLOUR, grey X Y	whether the viewer's picture has that there
#	lent PID	what is in the memory that a rd-capture shares with its reader
# shellcheck shell=bash disable=SC2034,SC2154

window=
secret() {
	: >skitter.log
	start skitter "$@" >skitter.log
	skitter=$pid
	wait_for grep -q '^window' skitter.log
	window=$(awk '/^window/ {print $2}' skitter.log)
}

# As our pixels have it: blue, green, red.
leaks() {
	{ LC_ALL=C grep -aoF "$(printf '\247\074\361')" || :; } | wc -l
}

# Nothing at all would have none of it, too.
leaks_of() { # argument of rd-capture…
	local n
	n=$(set -o pipefail && rd-capture "$@" | leaks) || fail "status $?: rd-capture $*"
	echo "$n"
}

answers() { # x, y: how often it was said what is there
	grep -c "^pixel $1 $2 " "$log" || true
}

more_answers() { # x, y, than so many
	[ "$(answers "$1" "$2")" -gt "$3" ]
}

# What it was before does not count.
now() { # x, y, colour
	local before
	before=$(answers "$1" "$2")
	say pixel "$1" "$2"
	wait_for more_answers "$1" "$2" "$before"
	[ "$(grep "^pixel $1 $2 " "$log" | tail -n 1)" = "pixel $1 $2 $3" ]
}

grey() {
	now "$1" "$2" 404040
}

lent() {
	local fd
	for fd in /proc/"$1"/fd/*; do
		case $(readlink "$fd") in *memfd:*) cat "$fd" 2>/dev/null || : ;; esac
	done
}
