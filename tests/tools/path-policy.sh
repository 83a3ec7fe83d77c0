#!/usr/bin/env bash
# A relay says which paths it wishes: both ends heed it, unless their own --path
# says something, or they refuse; one that keeps to the relay keeps both there.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

film=(rd-encode -- rd-capture --source test --size 64x48 --frames 3)

# What the viewer says of how it was connected in the end.
goes() { # path, why, argument of rd-recv…
	local path=$1 why=$2
	shift 2
	view "$@" "$code"
	[ "$status" -eq 0 ] || fail "$* with a host ${at_host[*]}: $(cat words host.log)"
	grep '"event":"\(connected\|moved\)"' words | tail -n 1 | grep -F "\"path\":\"$path\"" |
		grep -qF "$why" || fail "$* with a host ${at_host[*]}: not $path, $why: $(cat words)"
	stop "$host"
}

hosted() { # argument of rd-send…
	at_host=("$@")
	share "$@" -- "${film[@]}"
}

relay_up --policy relay
host_knows
hosted
goes relay '"why":"this end, or the relay'\''s policy, asks for the relay"'
hosted
goes relay '"why":"the peer, or its relay'\''s policy, asks for the relay"' --no-relay-policy
hosted --no-relay-policy
goes relay '"why":"this end, or the relay'\''s policy, asks for the relay"'
hosted --no-relay-policy
goes direct '"how":"direct"' --no-relay-policy
hosted --path direct
goes direct '"how":"direct"' --path direct

# Only direct ones: a host that has none refuses, whatever it is that wants one.
stop "$relay_pid"
relay_up --policy direct
hosted
goes direct '"how":"direct"'
hosted --path relay
view_refused no-direct 'no direct path' "$code"
stop "$host"
hosted --path relay
goes relay '"how":"relay"' --no-relay-policy
