#!/usr/bin/env bash
# rd-run --sound: what the command plays is in the film, and nowhere else; what others
# play is not; the device it played to is gone afterwards, however that ended.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-sound.sh"

start_pulse
tone 2 440 >tone.raw
tone 30 1000 >noise.raw
start play desk noise.raw
noise=$pid

sound_of() { # film: as samples, if it has any
	ffmpeg -nostdin -v error -y -i "$1" -map 0:a -ac 2 -ar 48000 -f s16le sound.raw
}
no_sink() {
	! pactl list sinks short | grep -q rd_run_
}

hear desk desk.raw
ear=$pid
rd-run --size 320x240 --sound --record film.webm -- \
	sh -c 'sleep 0.5; pacat --playback --raw --format=s16le --rate=48000 --channels=2 tone.raw; sleep 0.5'
stop "$ear"
sound_of film.webm
heard sound.raw 440 || fail "not in the film: $(ear sound.raw)"
heard desk.raw 1000 || fail "what others play is disturbed: $(ear desk.raw)"
wait_for no_sink

# Without it the film has nothing of what sounds here.
rd-run --size 320x240 --record mute.webm -- sh -c 'sleep 1'
! sound_of mute.webm 2>/dev/null || ! heard sound.raw || fail "the film heard what is none of its business"

# A killed command leaves no device behind; --sound without a film is a mistake.
exits 137 rd-run --size 320x240 --sound --record killed.webm -- sh -c 'sleep 0.3; kill -KILL $$'
wait_for no_sink
exits 2 rd-run --sound -- true

# Where there is no sound server there is a film all the same.
stop "$noise"
stop "$pid_of_pulse"
rm -f "$TMPDIR/pulse.socket"
rd-run --size 320x240 --sound --record silent.webm -- true
[ -s silent.webm ] || fail "no film without a sound server"
