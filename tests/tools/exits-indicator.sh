#!/usr/bin/env bash
# Every exit code that rd-indicator(1) documents.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"
. "$RD_ROOT/tests/tools/lib-exits.sh"
tool rd-indicator

provoke usage 'there is no option --colour' rd-indicator --colour
provoke usage 'starts no' rd-indicator -- true
provoke usage 'one rd-send at a time' rd-indicator a b
provoke usage '"hyper" is no key' rd-indicator --pause-key hyper+p
provoke usage 'modifiers and a key' rd-indicator --end-key p
to_full() { "$@" >/dev/full; }
provoke output 'No space left' to_full rd-indicator --help
provoke no-session 'no rd-send of yours runs here' rd-indicator
provoke no-session 'no rd-send of yours is called desk' rd-indicator desk

host_up --name desk -- rd-capture --source test --size 64x48
first=$sender
provoke no-display 'no X server answers' rd-indicator --display :4242
unset DISPLAY
well rd-indicator --quiet --display :4242
start_server Xvfb -screen 0 320x240x16
provoke unsupported '24 bits' rd-indicator
one=$DISPLAY
start_x 320x240
cp "$XAUTHORITY" both
DISPLAY=$one xauth -q -f "$XAUTHORITY" add "$one" . "$cookie"
provoke choose 'several' env -u DISPLAY rd-indicator
host_up --name desk -- rd-capture --source test --size 64x48
provoke several 'several rd-send run here' rd-indicator desk
start rd-indicator "$first"
indicator=$pid
wait_for xdotool search --name '^rd-indicator$' >/dev/null
stop "$sender"
running "$indicator" || fail "it has ended with another rd-send"
stop "$first"
wait_end "$indicator"
[ "$status" -eq 0 ] || fail "status $status"
seen ok
chmod 777 "$XDG_RUNTIME_DIR/rd"
provoke input 'others' rd-indicator
chmod 700 "$XDG_RUNTIME_DIR/rd"
all_provoked
