#!/usr/bin/env bash
# rd-type and rd-click, rd-wait too, over ssh and at a host that rd-send serves;
# a key that may only look is told so.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"
. "$RD_ROOT/tests/tools/lib-ssh.sh"
. "$RD_ROOT/tests/tools/lib-recv.sh"

start_x 320x240
start_xkeys
make_keys
start_sshd "$RD_BIN:/usr/bin:/bin"
there=(--ssh-command "ssh -F $PWD/ssh_config")

: >keys
rd-type "${there[@]}" --on "ssh://there/$DISPLAY" 'über ssh 漢' </dev/null
wait_for typed 'über ssh 漢'
rd-click "${there[@]}" --on "ssh://there/$DISPLAY" 30,40
wait_for arrived 'button 1 down at 30 40'
rd-wait "${there[@]}" --still 200ms "ssh://there/$DISPLAY" >said
[ "$(cat said)" = '320x240+0+0 1 still 200ms' ] || fail "$(cat said)"
exits 6 rd-type "${there[@]}" --on "ssh://there/:65000" x 2>words
exits 9 rd-type "${there[@]}" --on ssh://nowhere x 2>words

# A session, one producer for all: what another viewer does is not taken for ours.
serve --shared -- rd-encode -- rd-capture --display "$DISPLAY"
admit
know
# Both hold one key, and begin at the same time.
for i in 1 2 3; do
	: >keys
	start rd-type --on "$at" "session $i"
	typist=$pid
	exits 0 rd-click --on "$at" 50,60
	wait_end "$typist"
	[ "$status" -eq 0 ] || fail "status $status"
	wait_for typed "session $i"
	wait_for arrived 'button 1 down at 50 60'
done
rd-wait --still 200ms "$at" >said
admit --view-only
exits 17 rd-type --on "$at" x 2>words
[ "$(wc -l <words)" -eq 1 ] || fail "$(cat words)"

# As spelled out, and to a program that only writes down what it is told.
: >keys
rd-type spelled -- rd-encode -- rd-capture
wait_for typed spelled
rd-type -k Return -- rd-capture --source test --injector log 2>words
grep -q 'inject: key 0 0xff0d down' words || fail "$(cat words)"
