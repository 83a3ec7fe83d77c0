#!/usr/bin/env bash
# Sound through a session: where one of ten datagrams is lost nobody hears it; whose
# key has no right to it gets none, and nobody listens for that one.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
. "$RD_ROOT/tests/tools/lib-session.sh"
. "$RD_ROOT/tests/tools/lib-sound.sh"

machines host a b
start_host 640x480
start_pulse
for who in host alice bob; do person "$who"; done
admit alice
admit bob --no-sound
serve_desktop
tone 4 440 >tone.raw

listens() {
	pactl list source-outputs | grep -q 'application.name = "rd-capture"'
}
deaf() {
	! listens
}
viewer_of() { # machine, name
	# By UDP: where the first datagrams are lost TCP may be there before.
	as "$2" start_on "$1" rd-view --to null --sound ears --name "$2" -- rd-recv --udp "$HOST:21118"
}

# Bob sees, and hears nothing.
viewer_of b bob
bob=$pid
as bob rd-ctl bob --wait state=showing --timeout 60s
play desk tone.raw
deaf || fail "somebody listens for one who has no right to it"
stop "$bob"

on a nft -f - <<'RULES'
table inet lossy {
	chain in {
		type filter hook input priority 0;
		meta l4proto udp numgen random mod 10 == 0 counter drop
	}
}
RULES
viewer_of a alice
wait_for listens
hear ears heard.raw
ear=$pid
play desk tone.raw
wait_for heard heard.raw 440
stop "$ear"
on a nft list table inet lossy | grep -Eq 'counter packets [1-9][0-9]' || fail "nothing was lost"
# All of it but for what a slow machine holds up.
read -r seconds hz < <(ear heard.raw)
awk -v s="$seconds" 'BEGIN { exit !(s > 2.5) }' || fail "only $seconds s of 4 s are heard"
awk -v hz="$hz" 'BEGIN { exit !(hz > 396 && hz < 484) }' || fail "440 Hz became $hz"
