#!/usr/bin/env bash
# --shared: one producer for all. Who comes when nothing happens has the exact
# picture at once, whose input it is can be told apart, one who does not read
# holds nobody up and catches up, and its rights are its own.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"

start_x 320x240
xsetroot -solid '#204060'
for who in one two looks; do person $who; done
admit one
admit two
admit looks --view-only
cat >producer <<-'PRODUCER'
	#!/bin/sh
	echo started >>starts
	exec rd-encode -- rd-capture --injector log
PRODUCER
chmod +x producer
now() { xhash | cut -d' ' -f2; }
sees() { [ "$(shown "$1")" = "$(now)" ]; }

host_up --shared -- "$PWD/producer"
watch one
pid_of_one=$viewer
wait_for sees one
# Nothing moves; a second and a third one come.
watch two
pid_of_two=$viewer
wait_for sees two
watch looks
pid_of_looks=$viewer
wait_for sees looks
[ "$(wc -l <starts)" -eq 1 ] || fail "$(wc -l <starts) producers for three viewers"
xsetroot -solid '#802010'
for who in one two looks; do wait_for sees $who; done

# Both hold the same key; it comes up with the second of them.
say one key 30 0x61 1
wait_for told 'key 30 0x61 down'
say two key 30 0x61 1
say two key 31 0x73 1
wait_for told 'key 31 0x73 down'
say looks key 32 0x64 1
say looks ping
wait_for saw looks '^pong'
! told 'key 32' || fail "one that may only look has typed"
say one end
gone "$pid_of_one" 0
wait_for event closed '"name":"one"'
say two ping
wait_for saw two '^pong'
! told 'key 30 up' || fail "a key came up that somebody still holds: $(cat host.log)"
# A pong is for who has asked.
[ "$(count looks '^pong')" -eq 1 ] || fail "pongs of others: $(count looks '^pong')"

# One is stopped: the other sees on, and in the end so does the first.
receiver=$(tr -d ' ' <"/proc/$pid_of_looks/task/$pid_of_looks/children")
network=$(tr -d ' ' <"/proc/$receiver/task/$receiver/children")
kill -STOP "$receiver" "$network"
for i in 1 2 3 4 5 6 7 8; do
	xsetroot -bitmap "$RD_ROOT/tests/tools/dots.xbm" -fg "#${i}04060"
	wait_for sees two
done
kill -CONT "$receiver" "$network"
wait_for sees looks
say two end
gone "$pid_of_two" 0
wait_for told 'key 30 up'
wait_for told 'key 31 up'
say looks end
gone "$pid_of_looks" 0

# The producer was kept; the next viewer has it.
watch one
wait_for sees one
[ "$(wc -l <starts)" -eq 1 ] || fail "the producer was started again"
# It dies: the viewer hears of it, and the next one gets another.
kill -9 "$(pgrep -P "$sender" -x rd-encode)"
wait_end "$viewer"
[ "$status" -ne 0 ] || fail "a producer that was killed is no good end"
wait_for saw one '^end '
watch two
wait_for sees two
[ "$(wc -l <starts)" -eq 2 ] || fail "no new producer"
say two end
gone "$viewer" 0
