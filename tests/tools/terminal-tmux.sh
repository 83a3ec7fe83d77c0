#!/usr/bin/env bash
# In tmux, which draws half blocks in any colour: each cell is what the picture
# says, at 80x24 and 200x50, before and after the window changes; the last line
# names the desktop and the keys; and a shell's job stops, goes on and dies as any.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
command -v tmux >/dev/null || skip "no tmux"
unset TMUX NO_COLOR
export TERM=xterm-256color COLORTERM=''

# A server of our own that is gone when we are.
start tmux -S tmux.sock -f /dev/null -D
wait_for test -S tmux.sock
tm() { tmux -S tmux.sock "$@"; }

keys() { tm send-keys -t "$pane" "$@"; }
screen() { tm capture-pane -p -t "$pane"; }
shows() { screen | grep -Eq -- "$1"; }

open_shell() { # COLSxROWS
	tm new-session -d -x "${1%x*}" -y "${1#*x}" -P -F '#{pane_id}' 'PS1="ready " exec bash --norc -i' >pane
	pane=$(cat pane)
	wait_for shows '^ready'
}

# The picture above the last line, dot for dot.
cells() { # COLS ROWS PNG
	tm capture-pane -p -e -N -t "$pane" >captured
	cells-png "$1" "$2" cells.png <captured
	convert cells.png -crop "${1}x$((2 * $2 - 2))+0+0" +repage cells.png
	[ "$(convert cells.png -depth 8 rgb:- | sha256sum)" = "$(convert "$3" -depth 8 rgb:- | sha256sum)" ]
}

# One that has as many pixels as the smaller terminal has dots, and one for the larger.
for size in 80x46 200x98; do
	rd-capture --source test --size $size --frames 8 --fps 30 >$size.rd
	rd-view --to png:$size.png $size.rd
done

open_shell 80x24
keys 'rd-view --to terminal --hold yes 80x46.rd; echo ended $?' Enter
wait_for cells 80 24 80x46.png
screen | tail -n 1 | grep -q 'stream is over .* q ends' || fail "the last line: $(screen | tail -n 1)"
tm resize-window -t "$pane" -x 200 -y 50
wide() { [ "$(screen | tail -n 1 | grep -bo 'q ends' | cut -d : -f 1)" = 193 ]; }
wait_for wide
tm resize-window -t "$pane" -x 80 -y 24
wait_for cells 80 24 80x46.png
keys q
wait_for shows '^ended 0'
[ "$(tm display -p -t "$pane" '#{alternate_on} #{mouse_any_flag} #{cursor_flag}')" = '0 0 1' ] ||
	fail "modes stayed on"
keys 'clear; rd-view --to terminal --hold yes 200x98.rd' Enter
wait_for shows 'stream is over'
tm resize-window -t "$pane" -x 200 -y 50
wait_for cells 200 50 200x98.png
keys q
wait_for shows 'ready'
# Fewer colours: those of the nearest that there are; none: signs alone.
for colors in 256 16 none; do
	keys "clear; rd-view --to terminal --colors $colors --hold yes 200x98.rd" Enter
	wait_for shows 'stream is over'
	tm capture-pane -p -e -N -t "$pane" >captured
	case $colors in
	256) grep -q '8;5;' captured || fail "not 256 colours" ;;
	16) grep -q '8;[25];' captured && fail "more than 16 colours" ;;
	none) head -n 49 captured | grep -q "$(printf '\033\\[')" && fail "colours" ;;
	esac
	if grep -q '8;2;' captured; then fail "colours of 24 bit"; fi
	keys q
	wait_for shows '^ready *$'
done

# As a shell's job: what a person types goes there, ^Z is there too; Ctrl-] z is ours.
keys "clear; rd-view --to terminal -- sh -c 'echo said meanwhile >&2; exec rd-capture --source test --size 200x98 --fps 10 --injector log 2>inject.log'" Enter
wait_for shows 'fps .*Ctrl-\] q ends'
keys -l a
injected() { grep -q "^inject: $1" inject.log; }
wait_for injected 'key 0 0x61 down'
keys C-z
wait_for injected 'key 44 0x7a down'
keys 'C-]'
wait_for shows 'z suspends'
keys z
wait_for shows 'Stopped'
wait_for shows '^said meanwhile'
[ "$(tm display -p -t "$pane" '#{alternate_on} #{mouse_any_flag} #{cursor_flag}')" = '0 0 1' ] ||
	fail "modes stayed on when it stopped"
keys 'fg' Enter
wait_for shows 'fps .*Ctrl-\] q ends'
keys -l b
wait_for injected 'key 0 0x62 down'

keys 'C-]' q
wait_for shows 'ready *$'

# At the end of a pipe: keys are the terminal's all the same, and the job stops whole.
keys 'clear; rd-capture --source test --size 200x98 --fps 10 | rd-view --to terminal -' Enter
wait_for shows 'view only .* fps .* q ends'
keys 'C-]' z
wait_for shows 'Stopped'
keys 'fg' Enter
wait_for shows 'view only .* fps .* q ends'
keys q
wait_for shows 'ready *$'

keys "clear; rd-view --to terminal -- rd-capture --source test --size 200x98 --fps 10 --injector log 2>inject.log" Enter
wait_for shows 'fps .*Ctrl-\] q ends'
# Its processes die, one by one, and the shell has its terminal.
guard=$(pgrep -P "$(tm display -p -t "$pane" '#{pane_pid}')" -x rd-view)
decoder=$(pgrep -P "$guard" -x rd-view)
kill -KILL "$decoder"
wait_for shows 'ready *$'
[ "$(tm display -p -t "$pane" '#{alternate_on} #{cursor_flag}')" = '0 1' ] || fail "modes stayed on"
keys 'clear; rd-view --to terminal -- rd-capture --source test --size 200x98 --fps 5' Enter
wait_for shows 'fps .* q ends'
guard=$(pgrep -P "$(tm display -p -t "$pane" '#{pane_pid}')" -x rd-view)
kill -KILL "$guard"
off() { [ "$(tm display -p -t "$pane" '#{alternate_on} #{cursor_flag}')" = '0 1' ]; }
wait_for off
keys Enter 'echo it is $((40 + 2))' Enter
wait_for shows '^it is 42'
keys 'clear; TERM=dumb rd-view --to terminal 80x46.rd; echo ended $?' Enter
wait_for shows '^ended 11'
shows '^rd-view: --to terminal: this one .TERM=dumb. cannot place its cursor$' || fail "$(screen)"
tm kill-server
