#!/usr/bin/env bash
# The same through PipeWire, which speaks PulseAudio's protocol: what sounds is heard, also
# after it was started anew, and a microphone is one there, too.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-sound.sh"
for tool in dbus-daemon pipewire wireplumber pipewire-pulse pactl; do
	command -v "$tool" >/dev/null || skip "no $tool"
done

unset PULSE_SERVER
export XDG_STATE_HOME="$TMPDIR" DBUS_SESSION_BUS_ADDRESS="unix:path=$TMPDIR/bus"
start env -u DISPLAY dbus-daemon --session --nofork --nopidfile --address="$DBUS_SESSION_BUS_ADDRESS" 2>bus.log
wait_for test -S bus
server=()
has_sink() { pactl list sinks short 2>/dev/null | grep -q "	$1	"; }
# A machine that is busy may answer too late for pactl.
make_sink() {
	has_sink "$1" || { pactl load-module module-null-sink "sink_name=$1" >/dev/null 2>&1 || true; has_sink "$1"; }
}
answers() { pactl info >/dev/null 2>&1; }
start_pipewire() {
	local s
	server=()
	for s in pipewire wireplumber pipewire-pulse; do
		start env -u DISPLAY "$s" 2>"$s.log"
		server+=("$pid")
		[ "$s" != pipewire ] || wait_for test -S "$XDG_RUNTIME_DIR/pipewire-0"
	done
	wait_for answers
	for s in desk ears talk; do
		wait_for make_sink "$s"
	done
	wait_for pactl set-default-sink desk 2>/dev/null
}

start_x
start_pipewire
tone 2 440 >tone.raw
start rd-view --to null --sound ears --microphone talk.monitor --no-control -- \
	rd-encode -- rd-capture --microphone
view=$pid
linked() {
	pactl list source-outputs | grep -q 'application.name = "rd-capture"' &&
		pactl list sink-inputs | grep -q 'application.name = "rd-view"' &&
		pactl list sources short | grep -q '	rd_microphone	'
}
n=0
heard_from() { # sink to play to, what hears it
	local end=$((SECONDS + WAIT_S)) ear
	n=$((n + 1))
	: >"heard$n.raw"
	start parec -d "$2" --latency-msec=20 --raw --format=s16le --rate=48000 --channels=2 "heard$n.raw"
	ear=$pid
	until heard "heard$n.raw" 440; do
		[ $SECONDS -lt $end ] || fail "$1 is not heard at $2: $(ear "heard$n.raw")"
		play "$1" tone.raw
	done
	stop "$ear"
}

wait_for linked
heard_from desk ears.monitor
heard_from talk rd_microphone
for p in "${server[@]}"; do stop "$p"; done
running "$view" || fail "the viewer ended with the sound server"
start_pipewire
wait_for linked
heard_from desk ears.monitor
kill "$view"
wait_end "$view"
gone() { ! pactl list modules short | grep -q rd_voice_; }
wait_for gone
