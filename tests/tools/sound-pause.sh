#!/usr/bin/env bash
# While a host is paused nobody listens there, and what plays is heard by no viewer, then
# or later; nor is a viewer's microphone heard.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"
. "$RD_ROOT/tests/tools/lib-sound.sh"

start_x
start_pulse "module-null-sink sink_name=talk rate=48000"
tone 2 440 >tone.raw
tone 2 900 >secret.raw
person ann
admit ann --microphone
host_up --name desk -- rd-encode -- rd-capture --sound desk --microphone
start rd-view --to null --sound ears --microphone talk.monitor --name ann -- \
	rd-recv --config "$TMPDIR/of-ann" --accept-new --once "127.0.0.1:$port" 2>ann.words
rd-ctl ann --wait state=showing --timeout 60s
records() { # program, or the name it has given itself
	pactl list source-outputs | grep -q "application.name = \"$1\""
}
deaf() { ! records rd-capture; }
wait_for records rd-capture
hear ears heard.raw
ear=$pid
wait_for records parec
play desk tone.raw
wait_for heard heard.raw 440
stop "$ear"
nobody_hears() { ! records parec; }
wait_for nobody_hears

rd-ctl desk pause
wait_for deaf
hear ears paused.raw
ear=$pid
: >said.raw
start parec -n mouth -d rd_microphone --latency-msec=20 --raw --format=s16le --rate=48000 --channels=2 said.raw
mouth=$pid
wait_for records parec
wait_for records mouth
play desk secret.raw
play talk secret.raw
rd-ctl desk resume
wait_for records rd-capture
play desk tone.raw
wait_for heard paused.raw
heard paused.raw 440 || fail "what was played during the pause was heard: $(ear paused.raw)"
! heard said.raw || fail "the viewer was heard during the pause: $(ear said.raw)"
# That it could have been heard shows now.
play talk tone.raw
wait_for heard said.raw 440
stop "$ear"
stop "$mouth"
