#!/usr/bin/env bash
# Over a session: who may control gives the desktop a size, who may only look does
# not, though its viewer tries, and beside one that may.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"

start_xvnc 640x480
xsetroot -solid '#204060'
for who in one looks; do person $who; done
admit one
admit looks --view-only
says_layout() { # name
	wait_for saw "$1" '^hello'
	[ $(($(awk '/^hello/ {print $2}' "$1.log") & 32)) -ne 0 ]
}
host_up --shared -- rd-encode -- rd-capture --resize
watch one
says_layout one || fail "LAYOUT is not offered to who may control"
watch looks
wait_for saw looks '^frame'
says_layout looks && fail "LAYOUT is offered to who may only look"
say looks layout 800 600
say looks ping
wait_for saw looks '^pong'
# What it has said is done before what comes after it.
say one layout 900 700
wait_for saw one '^frame [0-9]+ 900x700'
wait_for saw looks '^frame [0-9]+ 900x700'
! saw one ' 800x600 ' || fail "one that may only look has changed the size"
case $(xhash) in '900x700 '*) ;; *) fail "it has $(xhash)" ;; esac
# While the host is paused it keeps its size; the last one that was asked for comes then.
kill -USR2 "$sender"
wait_for saw one '^notice paused by the host'
say one layout 500 400
say one layout 600 500
say one ping
wait_for saw one '^pong'
case $(xhash) in '900x700 '*) ;; *) fail "paused, it has $(xhash)" ;; esac
kill -USR2 "$sender"
wait_for saw one '^frame [0-9]+ 600x500'
! saw one ' 500x400 ' || fail "one that was asked for in between"
# It has its own size again when the host ends.
for who in one looks; do say $who end; done
back() { case $(xhash) in '640x480 '*) true ;; *) false ;; esac }
stop "$sender"
wait_for back
