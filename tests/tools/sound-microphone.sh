#!/usr/bin/env bash
# A viewer's microphone is heard by the desktop's programs: where both sides want it, and
# the key has that right; and it is gone when the session is, however that ended.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"
. "$RD_ROOT/tests/tools/lib-sound.sh"

start_x
start_pulse "module-null-sink sink_name=talk rate=48000"
tone 3 500 >tone.raw

has_microphone() {
	pactl list sources short | grep -q '	rd_microphone	'
}
no_microphone() {
	! has_microphone && ! pactl list modules short | grep -q rd_voice_
}
viewer_listens() { # to its own microphone
	pactl list source-outputs | grep -q 'application.name = "rd-view"'
}
hear_at_desk() {
	: >said.raw
	start parec -d rd_microphone --latency-msec=20 --raw --format=s16le --rate=48000 --channels=2 said.raw
}

start rd-view --to null --microphone talk.monitor --no-control -- rd-encode -- rd-capture --microphone
view=$pid
wait_for has_microphone
wait_for viewer_listens
hear_at_desk
ear=$pid
play talk tone.raw
wait_for heard said.raw 500
read -r seconds hz < <(ear said.raw)
awk -v s="$seconds" 'BEGIN { exit !(s > 1.5) }' || fail "only $seconds s of 3 s were heard ($hz Hz)"
stop "$ear"
kill "$view"
wait_end "$view"
wait_for no_microphone

# Nor does it stay where its maker is killed, as the rest with it.
start rd-view --to null --no-control -- rd-capture --microphone
view=$pid
wait_for has_microphone
maker() { capture=$(pgrep -P "$view" -x rd-capture); }
wait_for maker
kill -KILL "$capture"
wait_for no_microphone
wait_end "$view"

# Off where the viewer does not want it, or the desktop: nothing is made, nothing listened to.
start rd-view --to null --sound ears --name off -- rd-encode -- rd-capture --microphone
view=$pid
wait_for has_microphone
rd-ctl off --wait state=showing --timeout 60s
! viewer_listens || fail "a microphone is listened to that nobody offered"
stop "$view"
wait_for no_microphone
start rd-view --to null --microphone talk.monitor --name off -- rd-encode -- rd-capture 2>words
view=$pid
wait_for grep -q 'takes no microphone' words
! viewer_listens || fail "a microphone is listened to that nobody hears"
no_microphone || fail "a microphone that was not asked for"
stop "$view"

# A machine without a device: what programs play is not what the microphone hears.
stop "$pid_of_pulse"
rm -f "$TMPDIR/pulse.socket"
start env -u DISPLAY -u PULSE_SERVER pulseaudio -n --exit-idle-time=-1 --daemonize=no \
	--use-pid-file=no --disable-shm=yes --realtime=no --high-priority=no -L module-always-sink \
	-L "module-native-protocol-unix auth-anonymous=1 socket=$TMPDIR/pulse.socket" 2>pulse.log
bare=$pid
pid_of_pulse=$bare
wait_for pulse_up
start rd-view --to null -- rd-encode -- rd-capture --sound on --microphone
view=$pid
wait_for has_microphone
default() { pactl get-default-sink | grep -q "$1"; }
wait_for default rd_desktop_
hear_at_desk
ear=$pid
heard_there() { pactl list source-outputs | grep -q 'application.name = "parec"'; }
wait_for heard_there
pacat --playback --raw --format=s16le --rate=48000 --channels=2 --latency-msec=50 tone.raw
stop "$ear"
! heard said.raw || fail "what a program played is in the microphone"
stop "$view"
gone_again() { no_microphone && ! pactl list modules short | grep -q rd_desktop_; }
wait_for gone_again
stop "$bare"
start_again

# Over a session it takes a right of its own.
person ann
person bob
admit ann --microphone
admit bob
host_up -- rd-encode -- rd-capture --microphone
for who in bob ann; do
	start rd-view --to null --microphone talk.monitor --name "$who" -- \
		rd-recv --config "$TMPDIR/of-$who" --accept-new --once "127.0.0.1:$port" 2>"$who.words"
	view=$pid
	rd-ctl "$who" --wait state=showing --timeout 60s
	wait_for has_microphone
	if [ "$who" = bob ]; then
		wait_for grep -q 'takes no microphone' bob.words
		! viewer_listens || fail "somebody without the right is listened to"
	else
		wait_for viewer_listens
		hear_at_desk
		ear=$pid
		play talk tone.raw
		wait_for heard said.raw 500
		stop "$ear"
	fi
	stop "$view"
	wait_for no_microphone
done

