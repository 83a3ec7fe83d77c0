#!/usr/bin/env bash
# Caps Lock and such of a desktop become what a viewer says, once, whoever has
# switched them before; and whoever switches them, it is told, once.
set -eu
. "${RD_ROOT:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"

start_x 640x480
start_xkeys
: >said
say_to sh -c 'exec rdsay --inject x11 >>said'

locked() { # what xset calls it, on|off
	xset q | grep -q "$1: *$2"
}
told() { # KNOWN ON: the last that was said
	[ "$(tail -n 1 said)" = "locked $1 $2" ]
}
types() { # sentence, what arrives
	: >keys
	say "$1"
	wait_for typed "$2"
}

# Nothing is known of it: it only asks. This keyboard has no Scroll Lock.
say 'locks'
wait_for told 3 0
say 'locks caps on num off scroll on'
wait_for told 3 1
locked 'Caps Lock' on || fail 'Caps Lock is not on'
# A key without a meaning is what the desktop's own keyboard makes of it.
types 'key 30' A
say 'locks caps on'
wait_for eval '[ "$(wc -l <said)" = 3 ]'
told 3 1 || fail "it is locked as $(tail -n 1 said)"
say 'locks num on'
wait_for told 3 3
locked 'Caps Lock' on || fail 'what was not named has changed'
say 'locks caps off num off'
wait_for told 3 0
locked 'Caps Lock' off || fail 'Caps Lock is still on'
types 'key 30' a

# The key of a lock, and what it came to: one switch.
: >said
say 'key 58 Caps_Lock' 'locks caps on'
wait_for told 3 1
locked 'Caps Lock' on || fail 'switched twice'
say 'key 58 Caps_Lock' 'locks caps off'
wait_for told 3 0
locked 'Caps Lock' off || fail 'switched twice'

# Somebody at the desktop.
: >said
xdotool key Caps_Lock
wait_for told 3 1
# What is typed means what it meant: that a lock is lifted for it is nobody's business.
say 'key 30 a down'
wait_for arrived 'key 38 down 0x61 '
say 'key 30 up' 'text xyZ' 'locks'
wait_for eval '[ "$(wc -l <said)" = 2 ]'
told 3 1 || fail "it is said to be $(cat said)"
locked 'Caps Lock' on || fail 'typing has switched it'
xdotool key Caps_Lock
wait_for told 3 0
[ "$(wc -l <said)" = 3 ] || fail "too much was said: $(cat said)"

# Where no key could unlock it nothing is locked.
setxkbmap -option caps:none
types 'key 30 a' a
say 'locks caps on num on'
wait_for told 2 2
locked 'Caps Lock' off || fail 'a lock without a key is locked'
setxkbmap -option

# As the last one left it.
stop_saying
locked 'Num Lock' on || fail 'the end has switched it back'

# Killed while another is locked, or another layout, for a key that is down: as they were before.
killed() {
	kill -KILL "$sayer"
	wait_end "$sayer"
	exec 7>&-
}
setxkbmap us,ru
start_injector
say 'locks caps on' 'key 30 eacute down'
wait_for grep -q 'down 0xe9' keys
locked 'Caps Lock' off || fail 'it is not lifted for a small letter'
killed
wait_for locked 'Caps Lock' on
start_injector
say 'key 30 Cyrillic_zhe down'
wait_for grep -q 'down 0x6d6' keys
locked 'Group 2' on || fail 'it is typed on no other layout'
killed
wait_for locked 'Group 2' off
locked 'Caps Lock' on || fail 'the layout has switched it'
