#!/usr/bin/env bash
# What the viewer does is done to the desktop, unless it may only look; a
# desktop that takes no input is still to be seen, and says so.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"

start_x 640x480
xsetroot -solid '#204060'
view
wait_for saw '^hello'
read -r _ caps _ <"$log"
[ $((caps & 8)) -ne 0 ] || fail "HELLO does not say that input is obeyed"
say pointer 33 44
at() { xdotool getmouselocation | grep -q "^x:$1 y:$2 "; }
wait_for at 33 44
bye

# --view-only: said in HELLO, and enforced.
view --view-only
wait_for saw '^hello'
read -r _ caps _ <"$log"
[ $((caps & 8)) -eq 0 ] || fail "HELLO says that input is obeyed"
settled
say pointer 55 66
say ping
wait_for saw '^pong$'
at 33 44 || fail "--view-only obeyed: $(xdotool getmouselocation)"
bye

# So is what rd-send says of its viewer, and --inject is not to be had then.
export RD_VIEW_ONLY=1
view
wait_for saw '^hello'
read -r _ caps _ <"$log"
[ $((caps & 8)) -eq 0 ] || fail "RD_VIEW_ONLY: HELLO says that input is obeyed"
settled
say pointer 55 66
say ping
wait_for saw '^pong$'
at 33 44 || fail "RD_VIEW_ONLY obeyed: $(xdotool getmouselocation)"
bye
exits 2 rd-capture --inject </dev/null 2>words
export RD_VIEW_ONLY=0
view
wait_for saw '^hello'
read -r _ caps _ <"$log"
[ $((caps & 8)) -ne 0 ] || fail "RD_VIEW_ONLY=0: HELLO does not say that input is obeyed"
bye
unset RD_VIEW_ONLY

# What is injected into a log is written there.
view --injector log 2>words
settled
say key 30 0x61 1
say key 30 0x61 0
wait_for grep -q . words
bye
at 33 44 || fail "--injector log moved the pointer"

# --inject: a stream of input and nothing else, from any pipe.
peer -w hello pointer:70:80 end:0 >input.rd 2>words
exits 0 rd-capture --inject <input.rd
at 70 80 || fail "--inject did not: $(xdotool getmouselocation)"
exits 0 rd-capture --inject --region 100x100+200+100 <input.rd
at 270 180 || fail "--inject --region did not: $(xdotool getmouselocation)"
head -c 60 input.rd >cut.rd
exits 3 rd-capture --inject <cut.rd 2>words
exits 4 rd-capture --inject </bin/sh 2>words

# No XTEST: a picture without input, and a word to the viewer.
start_x 320x200 -extension XTEST
view 2>words
settled
saw '^notice .*XTEST' || fail "no notice: $(cat "$log" words)"
grep -q 'view only: ' words || fail "$(cat words)"
say pointer 1 1
say ping
wait_for saw '^pong$'
bye
