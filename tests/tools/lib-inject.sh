# Sourced after lib.sh by tests that press keys on a display of their own.
#
#	start_xkeys		a window that prints what arrives, into ./keys
#	start_injector		rdsay --inject x11, told by: say SENTENCE
#	say_to CMD…		another one that reads sentences, told the same way
#	stop_saying		ends it well: its stdin is over
#	arrived LINE		whether a line of ./keys is that, or begins with it
#	text_of_keys		the text that arrived, dead keys composed
#	typed TEXT		whether exactly that has arrived
# shellcheck shell=bash disable=SC2034,SC2154

start_xkeys() {
	: >keys
	start xkeys >>keys 7>&-
	xkeys=$pid
	wait_for grep -qx ready keys
}

say_to() {
	rm -f sentences
	mkfifo sentences
	exec 7<>sentences
	# Not by start: what bash starts in the background there reads /dev/null.
	"$@" <sentences 7>&- &
	sayer=$!
	started+=("$sayer")
}

start_injector() {
	say_to rdsay --inject x11
}

say() {
	printf '%s\n' "$@" >&7
}

stop_saying() {
	exec 7>&-
	wait_end "$sayer"
	[ "$status" = 0 ] || fail "the injector ended with $status"
}

arrived() {
	want=$1 awk 'index($0, ENVIRON["want"]) == 1 { found = 1 } END { exit !found }' keys
}

text_of_keys() {
	sed -n 's/^key [0-9]* down .* text //p' keys | tr -d '\n'
}

typed() {
	[ "$(text_of_keys)" = "$1" ]
}
