# Sourced after lib.sh, lib-relay.sh and lib-run.sh by tests of rd-share --virtual: a
# relay that the host knows is up.
#
#	virtual ARG…	rd-share --virtual with ARG: its process is then $host, its code $code,
#			its words in host.log
#	view_it NAME	a viewer that comes by it, to be talked to: $viewer, its log is $log
#	say LINE	tells it to do something; viewer_saw REGEX: whether that is in its log
#	kills PROGRAM	the host's; false where none runs yet
# shellcheck shell=bash disable=SC2034,SC2154

for p in Xtigervnc dbus-daemon twm xterm; do command -v $p >/dev/null || skip "no $p"; done
share="$RD_ROOT/scripts/rd-share"
unset DISPLAY
relay_up
host_knows
# The code is then in $code; the host is $host.
virtual() { # argument…
	: >host.log
	mark
	start "$share" --config "$host_dir" --json --no-ask --virtual "$@" 2>host.log </dev/null
	host=$pid
	wait_for has_code
	code=$relay/$(sed -n 's/.*"event":"code".*"code":"\([^"]*\)".*/\1/p' host.log)
}
view_it() { # name, argument of rd-recv…
	log=$1.log
	: >"$log"
	rm -f lines
	mkfifo lines
	exec 8<>lines
	env -u RD_RUN_MARK talk "$log" -- rd-recv --config "$1" --json "$code" <lines 2>"$1.words" &
	viewer=$!
	started+=("$viewer")
	wait_for viewer_saw '^frame'
}
viewer_saw() {
	grep -Eq -- "$1" "$log" || { ended "$viewer" && fail "the viewer: $(cat ./*.words host.log)"; }
}
say() { printf '%s\n' "$*" >&8; }

kills() { # program: false where none runs yet
	local p found=1
	for p in $(marked); do
		[ "$(cat "/proc/$p/comm" 2>/dev/null)" = "$1" ] && kill -KILL "$p" && found=0
	done
	return $found
}
