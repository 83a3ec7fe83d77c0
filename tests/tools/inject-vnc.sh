#!/usr/bin/env bash
# The same on a server of another kind, Xtigervnc: keys, characters, layouts.
set -eu
. "${RD_ROOT:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"
text='é€漢ßñЖøō😀AZ@'

start_xvnc 640x480
start_xkeys
start_injector
for layout in us de fr ru; do
	setxkbmap "$layout"
	: >keys
	say "text $text"
	wait_for typed "$text"
	: >keys
	say 'key 29 Control_L down' 'key 56 Alt_L down' 'key 20 t' 'key 56 up' 'key 29 up'
	wait_for arrived 'key 37 up'
	grep -q '^key [0-9]* down 0x74 state 0xc ' keys || fail "Control-Alt-t on $layout"
done
: >keys
for code in $(seq 1 127); do say "key $code"; done
wait_for arrived 'key 135 up'
for code in $(seq 1 127); do
	arrived "key $((code + 8)) down" || fail "evdev key $code"
done
stop_saying
