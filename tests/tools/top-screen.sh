#!/usr/bin/env bash
# rd-top on a terminal: real sessions at 80x24 and 200x50, before and after a
# resize, without colour, without UTF-8, and where there is no room.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-top.sh"

open_top 80x24
wait_for fits 80x24
wait_for shows 'Nothing of yours runs here'
viewing
filming
# They are found without being told.
wait_for shows '^ rd-top  3 sessions'
wait_for shows "^ ${at:0:8}.* recv\+view   streaming +[0-9.]+[kM]? +[0-9.]+ .* ms +0 % direct$"
wait_for shows '^ film        record.* recording '
shows '^ NAME.* PROGRAMS    STATE      bit/s   fps latency     rtt  loss PATH$' || fail "$(screen)"
fits 80x24 || fail "$(screen)"
# The one that is selected is told below.
wait_for shows '^. '"$at"' .*─'
wait_for shows '^ round trip +[0-9.]+ ms +loss 0 %'
wait_for shows '^ path        direct .*127\.0\.0\.1:[0-9]+$'
wait_for shows '^ kinds .* exact [0-9]+ %'
wait_for shows '^ rate .*[▁▂▃▄▅▆▇█]$'

resize 200x50
wait_for fits 200x50
wait_for shows 'PATH      at most peers      age RATE$'
wait_for shows '^ programs    rd-recv      process [0-9]+, for '
resize 80x24
wait_for fits 80x24
shows 'loss PATH$' || fail "after the way back: $(screen)"
resize 40x10
wait_for shows '^ NAME.* STATE      bit/s   fps$'
resize 25x4
wait_for shows 'too small'
resize 80x24
wait_for fits 80x24

# On the whole page, and the help.
keys Enter
wait_for shows 'esc back'
row 1 | grep -q "^ rd-top  $at  streaming" || fail "$(screen)"
keys '?'
wait_for shows 'force its path: auto, direct, relay'
keys x
wait_for shows 'esc back'
keys Escape
wait_for fits 80x24
keys q
wait_for shows '^ended 0$'
[ "$(tm display -p -t "$pane" '#{alternate_on} #{mouse_any_flag} #{cursor_flag}')" = '0 0 1' ] ||
	fail "modes stayed on"

# No colour is none: of the attributes that are set there is no colour's.
colours() { tm capture-pane -p -e -t "$pane" | grep -Eq $'\e\\[([0-9;]*;)?[34][0-7]'; }
open_top 80x24
wait_for fits 80x24
wait_for colours
TOP_ENV=NO_COLOR=1 open_top 80x24
wait_for fits 80x24
wait_for shows 'recording'
! colours || fail "colours in spite of NO_COLOR"
# A terminal from 1978 and an old locale: ASCII alone.
TOP_ENV='TERM=vt100 LC_ALL=C' open_top 80x24
wait_for fits 80x24
wait_for shows '^- .* -----'
wait_for shows '^ rate .*[_.:=+*#]$'
! screen | LC_ALL=C grep -q '[^ -~]' || fail "more than ASCII: $(screen)"
for ends in q C-c; do
	keys "$ends"
	wait_for shows '^ended 0$'
	open_top 80x24 --mouse --sort rate
	wait_for fits 80x24
done
# The line goes dead, as when a window is closed: it ends.
top=$(pgrep -n -x rd-top -P "$(tm display -p -t "$pane" '#{pane_pid}')")
tm kill-pane -t "$pane"
pane=
wait_for ended "$top"
