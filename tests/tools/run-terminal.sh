#!/usr/bin/env bash
# rd-run at a terminal: the command has it, ^C and ^Z are the command's, and a
# shell's list ends by ^C.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-run.sh"
command -v tmux >/dev/null || skip "no tmux"

tmux() { command tmux -S "$PWD/tmux.socket" -f /dev/null "$@"; }
tmux new-session -d -x 80 -y 24 "env RD_RUN_MARK=$RD_RUN_MARK PS1='\$ ' bash --norc --noprofile -i"
trap 'code=$?; tmux kill-server 2>/dev/null || true; cleanup $code' EXIT
type_in() { tmux send-keys -l -- "$1"; tmux send-keys Enter; }
shows() { tmux capture-pane -p | grep -q "$1"; }

# It reads from it and is in its foreground.
type_in 'rd-run sh -c "read -r word; test -t 0 && test -t 1 && echo got-\$word; echo up >up; sleep 1000"'
sleep 0.3
type_in 'some words'
wait_for test -s up
wait_for shows 'got-some words'
tmux send-keys C-c
type_in 'echo status-$?'
wait_for shows 'status-130'

# One that makes up its own mind about ^C goes on.
rm -f up
type_in 'rd-run sh -c "trap \"echo no-\$((1+1))\" INT; echo up >up; while [ -e up ]; do sleep 0.1; done; exit 7"; echo status-$?'
wait_for test -s up
tmux send-keys C-c
wait_for shows '^\^Cno-2\|^no-2'
rm -f up
wait_for shows 'status-7'

# ^Z stops it, fg goes on.
type_in 'clear; rd-run sh -c "echo up >up; while [ -e up ]; do sleep 0.1; done; exit 8"; echo status-$?'
wait_for test -s up
tmux send-keys C-z
wait_for shows 'Stopped'
type_in 'clear; fg; echo status-$?'
sleep 0.2
rm -f up
wait_for shows 'status-8'

# A list of commands ends with the one that ^C has ended.
type_in 'clear; for i in 1 2 3; do rd-run sh -c "echo up-$i; echo up >up; exec sleep 1000"; done'
wait_for shows 'up-1'
wait_for test -s up
tmux send-keys C-c
type_in 'echo all-$((1 + 1))'
wait_for shows 'all-2'
! shows 'up-2' || fail "^C did not end the list"

type_in exit
settled
