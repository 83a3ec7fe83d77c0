#!/usr/bin/env bash
# However it ends, the terminal is as it was: by signals, by the death of each
# process, by a stop from outside; and what was said meanwhile is said then.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-terminal.sh"

# The shell between is what a person's is: it goes on after rd-view.
desktop() { # kind
	rm -f viewer.pid status
	open_terminal "$1" 80x25 8x16 bash -c '
		rd-view --to terminal -- sh -c "echo of the command >&2; exec rd-capture --source test --size 320x192 --fps 5" 2>words &
		wait $! 2>/dev/null
		echo $? >status
		exec sleep 600'
	[ "$1" = dumb ] || wait_for said '^seen [0-9]{3}'
	wait_for said '^reset 25'
	guard=$(pgrep -P "$(pgrep -P "$terminal")" -x rd-view)
	decoder=$(pgrep -P "$guard" -x rd-view)
}

restored() {
	person tty
	[ "$(last_of raw cooked)" = cooked ] &&
		[ "$(last_of 'set 1049' 'reset 1049')" = 'reset 1049' ] &&
		[ "$(last_of 'reset 25' 'set 25')" = 'set 25' ] &&
		[ "$(last_of 'set 1003' 'reset 1003')" != 'set 1003' ] &&
		[ "$(last_of 'keys pushed' 'keys popped')" != 'keys pushed' ]
}

# Each process, each way; nothing stays behind.
for how in guard:TERM guard:INT guard:HUP guard:KILL decoder:KILL decoder:SEGV decoder:TERM; do
	for kind in kitty sixel plain; do
		desktop $kind
		who=${how%:*}
		kill "-${how#*:}" "${!who}"
		wait_for restored
		wait_for ended "$decoder"
		wait_for ended "$guard"
		stop "$terminal"
	done
done

# A terminal that answers nothing is restored, too, and one that holds back its answers.
desktop dumb
kill -TERM "$guard"
wait_for restored
stop "$terminal"
desktop kitty
person hold
kill -KILL "$decoder"
wait_for restored
stop "$terminal"

# Stopped from outside it gives the terminal back and stops whole; then it goes on.
desktop kitty
stopped() {
	grep -q '^State:.T' "/proc/$1/status"
}
kill -TSTP "$guard"
wait_for restored
wait_for stopped "$guard"
wait_for stopped "$decoder"
before=$(grep -c '^set 1049' "$terminal_log")
kill -CONT "$guard"
back() { [ "$(grep -c '^set 1049' "$terminal_log")" -gt "$before" ]; }
wait_for back
frames=$(grep -c '^seen' "$terminal_log")
more() { [ "$(grep -c '^seen' "$terminal_log")" -gt $((frames + 2)) ]; }
wait_for more
person 'type \033[93;5u\033[113;1;113u'
wait_for restored
stop "$terminal"

# No terminal: one line, and the status says that it is a mistake.
rd-capture --source test --size 64x48 --frames 1 >s.rd
got=0
rd-view --to terminal s.rd >out 2>errors || got=$?
[ "$got" = 2 ] || fail "status $got without a terminal"
[ "$(wc -l <errors)" = 1 ] || fail "not one line: $(cat errors)"
grep -q 'not a terminal' errors || fail "$(cat errors)"
