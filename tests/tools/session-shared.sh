#!/usr/bin/env bash
# One producer, three viewers, each with its rights; one of them is slow, which
# the others do not feel, and sees the exact picture all the same once the
# screen rests. Who joins a screen that has been idle has its picture at once.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"
. "$RD_ROOT/tests/tools/lib-session.sh"

pictures_of() { # name, how many at least
	[ "$(wc -l <"$1.hashes")" -ge "$2" ]
}

captures() {
	pgrep -P "$sender" -x rd-encode | wc -l
}

machines host a b c
slow c 500kbit
start_host 800x600
start_desk 1024x768
for who in host alice bob carol dora; do person "$who"; done
admit alice
admit bob --view-only
admit carol
admit dora
on_host start_xkeys
serve_desktop --shared

join a alice
shows_window
alice=$viewer
watch b bob
bob=$viewer
watch c carol
wait_for shown_to bob
wait_for shown_to carol
[ "$(captures)" -eq 1 ] || fail "$(captures) producers instead of one"

# A terminal that scrolls: the fast ones see it move; then all see it rest.
before=$(wc -l <bob.hashes)
start env DISPLAY="$host" xterm -geometry 100x36+0+0 -T flood -e \
	sh -c 'until [ -e enough ]; do i=$((i + 1)); seq $i $((i + 300)); done; exec sleep 1000'
flood=$pid
wait_for pictures_of bob $((before + 60))
touch enough
wait_for shown_to bob
wait_for in_window
wait_for shown_to carol
stop "$flood"

# Alice types; Bob may only look.
on_desk xdotool windowmove --sync "$window" 0 0 windowfocus --sync "$window"
: >keys
on_desk xdotool type --delay 0 'alice'
wait_for typed alice
kill "$bob"
wait_end "$bob"
join b bob
shows_window
on_desk xdotool windowmove --sync "$window" 0 0 windowfocus --sync "$window"
on_desk xdotool type --delay 0 'bob'
bob=$viewer
viewer=$alice window=
sessions=1 shows_window
on_desk xdotool windowmove --sync "$window" 0 0 windowfocus --sync "$window"
on_desk xdotool type --delay 0 'XYZ'
wait_for typed aliceXYZ

# Nothing moves any more; a fourth viewer sees it all the same.
on_host xsetroot -solid '#336699'
wait_for shown_to carol
watch a dora
wait_for shown_to dora
# How long that picture has stood there is not how long it was on its way.
latency=$(as dora rd-ctl dora get latency-ms)
[ "$latency" = - ] || fail "a latency of $latency ms"
kill "$viewer"
[ "$(captures)" -eq 1 ] || fail "$(captures) producers instead of one"
kill -INT "$bob" "$alice"
wait_end "$alice"
