#!/usr/bin/env bash
# A stream piped into rd-capture --inject controls the display; when the stream
# ends, however it does, nothing stays down.
set -eu
. "${RD_ROOT:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"

start_x 640x480
start_xkeys

rdsay 'pointer 10 20' 'key 30 a' 'text héllo 漢' 'button left' end | exits 0 rd-capture --inject
wait_for arrived 'button 1 up'
arrived 'motion 10 20' || fail 'the pointer did not move'
typed 'ahéllo 漢' || fail "typed: $(text_of_keys)"

# Cut short: the exit code says so, and the keys are up.
: >keys
rdsay 'key 30 a down' 'button right down' | exits 3 rd-capture --inject 2>errors
wait_for arrived 'key 38 up'
wait_for arrived 'button 3 up'
[ "$(wc -l <errors)" = 1 ] || fail "not one line: $(cat errors)"

# Killed: the same.
: >keys
mkfifo stream
rdsay 'key 30 a down' 'sleep 600s' >stream &
started+=($!)
rd-capture --inject <stream &
started+=($!)
wait_for arrived 'key 38 down'
stop $!
wait_for arrived 'key 38 up'

# Without a display to press keys on, what would be pressed can be read.
rdsay 'key 30 a' 'key 42 Shift_L down' 'text hé' 'pointer 3 4' 'motion -1 2' 'button extra down' \
	'wheel 0 -120' 'held' end | rd-capture --inject --injector log 2>log
cat >want <<'END'
inject: key 30 0x61 down
inject: key 30 up
inject: key 42 0xffe1 down
inject: text hé
inject: pointer 3 4
inject: motion -1 2
inject: button extra down
inject: wheel 0 -120
inject: key 42 up
inject: button extra up
END
diff log want
