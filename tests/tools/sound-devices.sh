#!/usr/bin/env bash
# Devices by name, and what ends nothing: a device that goes and comes back, on
# either side; another default one; a sound server that is started anew.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-sound.sh"

start_x
start_pulse

# What options take is listed.
rd-capture --list >list
grep -Eq '^sink +desk .*default$' list || fail "no default sink: $(cat list)"
grep -Eq '^sink +ears ' list || fail "no sink ears: $(cat list)"
rd-capture --list --json | jq -es 'map(select(.kind == "source" and .name == "ears.monitor" and .monitor)) | length == 1' \
	>/dev/null || fail "no monitor of ears: $(rd-capture --list --json)"

start rd-view --to null --sound ears --no-control -- rd-encode -- rd-capture
view=$pid
program() { # its name, and what of it there is to be at the server
	pactl list "$2" | grep -q "application.name = \"$1\""
}
linked() {
	program rd-capture source-outputs && program rd-view sink-inputs
}
number=0
sounds() { # sink, height: that it is heard, whenever the sides have found each other
	number=$((number + 1))
	tone 1 "$2" >tone.raw
	hear ears "heard$number.raw"
	local ear=$pid end=$((SECONDS + WAIT_S))
	until heard "heard$number.raw" "$2"; do
		[ $SECONDS -lt $end ] || fail "$2 Hz is not heard: $(ear "heard$number.raw")"
		play "$1" tone.raw
	done
	stop "$ear"
}
module_of() { # sink
	pactl list modules short | sed -n "s/^\([0-9]*\).*sink_name=$1 .*/\1/p"
}

wait_for linked
sounds desk 440

# The viewer's device goes and comes back.
pactl unload-module "$(module_of ears)"
gone() { ! program rd-view sink-inputs; }
wait_for gone
pactl load-module module-null-sink sink_name=ears rate=48000 >/dev/null
wait_for linked
sounds desk 550

# The host's default device is another one; then that goes.
pactl load-module module-null-sink sink_name=other rate=48000 >/dev/null
pactl set-default-sink other
sounds other 660
pactl unload-module "$(module_of other)"
pactl set-default-sink desk
sounds desk 770

# The server goes, which everybody survives, and another one comes.
stop "$pid_of_pulse"
running "$view" || fail "the viewer ended with the sound server"
start_again
wait_for linked
sounds desk 880
running "$view" || fail "the viewer ended"
