# Sourced after lib.sh, lib-net.sh and lib-desktop.sh by tests of sessions
# between two machines: "host" at 10.77.0.1 and viewers, each with keys of its own.
#
#	person NAME		a configuration of that name: $PWD/NAME/rd
#	as NAME CMD…		runs it with that configuration
#	key_of NAME		its public key
#	admit NAME OPTION…	the host authorises it; it knows the host's key
#	host_listens MACHINE ARG… [-- PRODUCER]	rd-send there; $sender is its process id
#	serve_desktop ARG…	the same on machine host, with the host's screen
#	join MACHINE NAME ARG…	rd-view in a window on the desk, as NAME
#	watch MACHINE NAME ARG…	rd-view --to hash as NAME: lines to ./NAME.hashes
#	shown_to NAME		its last picture is what the host has now
# shellcheck shell=bash disable=SC2034,SC2154

sender=
readonly HOST=10.77.0.1

person() {
	mkdir -p "$1"
	as "$1" rd-key >"$1.key" 2>/dev/null
}

as() { # name, command…
	local who=$1
	shift
	XDG_CONFIG_HOME="$PWD/$who" "$@"
}

key_of() {
	cat "$1.key"
}

admit() { # name, option of rd-key allow…
	local who=$1
	shift
	as host rd-key allow "$(key_of "$who")" "$who" "$@"
	[ "$who" = host ] || as "$who" rd-key trust "$HOST" "$(key_of host)" --replace
}

listening() {
	grep -q '"event":"listening"' "$1"
}

host_listens() { # machine, argument…
	local where=$1
	shift
	rm -f sender.log
	as host start_on "$where" rd-send --listen :21118 --json "$@" 2>sender.log
	sender=$pid
	wait_for listening sender.log
}

serve_desktop() { # argument…
	DISPLAY=$host host_listens host "$@" -- rd-encode -- rd-capture
}

join() { # machine, name, argument of rd-view…
	local where=$1 who=$2
	shift 2
	sessions=$((sessions + 1))
	DISPLAY=$desk as "$who" start_on "$where" rd-view --title "session $sessions" "$@" "$HOST" \
		2>"$who.log"
	viewer=$pid
}

watch() { # machine, name, argument of rd-recv…
	local where=$1 who=$2
	shift 2
	as "$who" start_on "$where" rd-view --to hash --name "$who" -- rd-recv "$@" "$HOST" \
		>"$who.hashes" 2>"$who.log"
	viewer=$pid
}

shown_to() { # name
	[ "$(tail -n 1 "$1.hashes" 2>/dev/null | cut -d' ' -f3-)" = "$(on_host xhash)" ]
}
