# Sourced after lib.sh by the recv-*.sh scripts: a host on loopback and a viewer,
# with keys of their own.
#
#	serve ARG… [-- PRODUCER]	rd-send; its process id is in $host, its name in
#			$at; it stays on one port for the whole test
#	admit [OPTION…]	the host authorises the viewer's key
#	know		the viewer knows the host's key
#	recv ARG…	rd-recv of that host, without a terminal; words to `words`
#	refused NAME TEXT CMD…	ends with the exit code of that name and one line that
#			has the text
# shellcheck shell=bash disable=SC2034
. "$RD_ROOT/tests/tools/lib-key.sh"
unset RD_PASSWORD
at_host="$TMPDIR/host"
host=
port=$(own_port)
at=
host_key=$(rd-key --config "$at_host" 2>/dev/null)
viewer_key=$(rd-key 2>/dev/null)

listening() {
	grep -q '"event":"listening"' host.log
}

serve() {
	rm -f host.log
	start rd-send --config "$at_host" --listen "127.0.0.1:$port" --json "$@" 2>host.log </dev/null
	host=$pid
	wait_for listening
	port=$(sed -n 's/.*"event":"listening".*"port":\([0-9]*\).*/\1/p' host.log)
	at=127.0.0.1:$port
}

admit() {
	rd-key --config "$at_host" allow "$viewer_key" viewer --replace "$@"
}

know() {
	rd-key trust "$at" "$host_key" --replace
}

recv() {
	setsid -w rd-recv "$@" "$at" 2>words </dev/null
}

refused() { # exit name, text, command…
	local name=$1 text=$2 got=0
	shift 2
	"$@" >out 2>words </dev/null || got=$?
	exitnames | grep -qx "$got $name" || fail "status $got, not $name: $* ($(cat words))"
	[ "$(wc -l <words)" -eq 1 ] || fail "$*: not one line: $(cat words)"
	grep -qF -e "$text" words || fail "$*: not \"$text\": $(cat words)"
	[ ! -s out ] || fail "$*: wrote a stream"
}

event() { # name, of the file `words`
	grep -q "\"event\":\"$1\"" words
}
