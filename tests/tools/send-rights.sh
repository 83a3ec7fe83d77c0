#!/usr/bin/env bash
# What a key may not do does not happen, though its viewer tries: input of one
# that may only look reaches no producer, and the producer would refuse it, too.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"

# Input that is obeyed is a line in the host's log.
cat >producer <<-'PRODUCER'
	#!/bin/sh
	echo "view only: ${RD_VIEW_ONLY-no}" >&2
	exec rd-capture --source test --size 64x48 --injector log
PRODUCER
chmod +x producer
producer=("$PWD/producer")
for who in all looks wants; do person $who; done
admit all
admit looks --view-only
admit wants

host_up -- "${producer[@]}"
watch all
wait_for saw all '^frame'
[ $(($(awk '/^hello/ {print $2}' all.log) & 8)) -ne 0 ] || fail "HELLO does not say that input is obeyed"
say all key 30 0x61 1
say all key 30 0x61 0
say all pointer 12 34
wait_for told 'pointer 12 34'
told 'key 30' || fail "the key did not arrive: $(cat host.log)"
told 'view only: no' || fail "$(cat host.log)"
say all end
gone "$viewer" 0
wait_for event closed '"name":"all".*"why":"done"'

# A viewer that has no right, and one that asks for none.
for who in looks wants; do
	asks=()
	[ $who = looks ] || asks=(--view-only)
	watch $who "${asks[@]}"
	wait_for saw $who '^frame'
	[ $(($(awk '/^hello/ {print $2}' $who.log) & 8)) -eq 0 ] || fail "$who: HELLO says that input is obeyed"
	say $who pointer 77 88
	say $who key 31 0x73 1
	say $who ping
	wait_for saw $who '^pong'
	! told '77 88' || fail "$who: input was obeyed"
	told 'view only: 1' || fail "the producer does not know: $(cat host.log)"
	say $who end
	gone "$viewer" 0
done
event granted '"name":"looks".*"rights":"view, sound' || fail "$(cat host.log)"
stop "$sender"

# --view-only is for everybody.
host_up --view-only -- "${producer[@]}"
watch all
wait_for saw all '^frame'
say all pointer 77 88
say all ping
wait_for saw all '^pong'
! told '77 88' || fail "--view-only: input was obeyed"
! event granted '"rights":"[^"]*input' || fail "--view-only grants input"
say all end
gone "$viewer" 0

# SIGTERM is an ordinary end, and the viewer hears of it.
watch all
wait_for saw all '^frame'
kill "$sender"
gone "$sender" 0
wait_end "$viewer"
