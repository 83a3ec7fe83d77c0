#!/usr/bin/env bash
# Keys that the desk's window manager has for itself: its own, until the keyboard
# is grabbed; then they are the host's, until the grab is given back, the window
# loses the focus, or rd-view ends, however it ends.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"
command -v twm >/dev/null || skip "no twm"

cat >twmrc <<END
RandomPlacement
NoGrabServer
"Tab" = meta : all : !"echo tab >>$PWD/wm"
"F4" = meta : all : !"echo f4 >>$PWD/wm"
"Super_L" = : all : !"echo super >>$PWD/wm"
"Print" = : all : !"echo print >>$PWD/wm"
END

# Its keys, each once: by their name at the manager, and what the host gets of them.
presses() {
	on_desk xdotool key alt+Tab key alt+F4 key Super_L key Print
}
manager_has() { # how many
	[ "$(wc -l <wm)" -eq "$1" ]
}
host_has() {
	arrived 'key 23 down 0xff09 state 0x8 ' && arrived 'key 70 down 0xffc1 state 0x8 ' &&
		arrived 'key 133 down 0xffeb ' && arrived 'key 107 down 0xff61 '
}
for_manager() {
	: >wm
	: >keys
	presses
	wait_for manager_has 4
	[ "$(sort wm | tr '\n' ' ')" = 'f4 print super tab ' ] || fail "the manager has $(cat wm)"
	# A key that it does not want ends what is looked at.
	on_desk xdotool key z
	wait_for arrived 'key 52 up'
	! grep -Eq '^key (23|70|133|107) down' keys || fail "the host has the manager's keys: $(cat keys)"
}
for_host() {
	# What was pressed before has come to the host by then.
	: >keys
	on_desk xdotool key z
	wait_for arrived 'key 52 up'
	: >wm
	: >keys
	presses
	wait_for host_has
	on_desk xdotool key z
	wait_for arrived 'key 52 up'
	for code in 64 23 70 133 107; do
		[ "$(grep -c "^key $code down" keys)" -eq "$(grep -c "^key $code up" keys)" ] ||
			fail "key $code is not let go: $(cat keys)"
	done
	# One of those that were tried before may be late: the manager runs a shell for each.
	! grep -qv print wm || fail "the manager has $(cat wm), grabbed as it is"
}
# After an end, which the X server learns when it does; the focus went with the window.
manager_has_all_again() {
	gives_focus "$other"
	presses
	[ "$(sort -u wm | tr '\n' ' ')" = 'f4 print super tab ' ]
}
chord() {
	on_desk xdotool key ctrl+alt+shift+g
	wait_for named "$1"
}
named() {
	on_desk xdotool getwindowname "$window" | grep -q -- "$1"
}
gives_focus() {
	on_desk xdotool windowfocus --sync "$1"
}

start_host
start_desk 1024x768
: >wm
on_desk start twm -f "$PWD/twmrc"
wait_for eval 'on_desk xprop -root | grep -q WM_ICON_SIZE || on_desk xdotool key Print && [ -s wm ]'
session
shows_window
gives_focus "$window"
on_host start_xkeys

for_manager
chord 'gives it back'
for_host
# Wherever the pointer is; this manager takes the focus along with it.
on_desk xdotool mousemove 1020 20
# Which runs what its keys say one after the other.
manager_done() {
	on_desk xdotool key alt+F4
	wait_for grep -q f4 wm
}
manager_again() { on_desk xdotool key Print; [ -s wm ]; }
host_again() { on_desk xdotool key Print; arrived 'key 107 down'; }
: >wm
wait_for manager_again
manager_done
gives_focus "$window"
: >keys
wait_for host_again
wait_for arrived 'key 107 up'
for_host
chord 'grabs the keyboard'
for_manager

# Who goes to another window leaves the keyboard to it, and has it again later.
chord 'gives it back'
start env DISPLAY="$desk" xterm -geometry 10x3-0-0 -T other
other_is_there() { other=$(on_desk xdotool search --onlyvisible --name '^other$' 2>/dev/null); }
wait_for other_is_there
: >keys
on_desk xdotool keydown b
wait_for arrived 'key 56 down'
gives_focus "$other"
wait_for arrived 'key 56 up'
on_desk xdotool keyup b
: >wm
# SDL keeps changes of focus back for a moment.
wait_for manager_again
manager_done
: >keys
presses
# It runs one after the other, and print is the last.
wait_for eval 'sed 1,/tab/d wm | grep -q print'
[ ! -s keys ] || fail "another window's keys come to the host: $(cat keys)"
gives_focus "$window"
wait_for host_again
wait_for arrived 'key 107 up'
for_host

# A crash gives them back, too.
kill -KILL "$(pgrep -P "$viewer" -x rd-view)"
wait_end "$viewer"
: >wm
wait_for manager_has_all_again

# From the start, and to an ordinary end.
session --grab
shows_window
gives_focus "$window"
wait_for named 'gives it back'
wait_for in_window
wait_for host_again
wait_for arrived 'key 107 up'
for_host
close_session
: >wm
wait_for manager_has_all_again

# Another program has the keyboard at the moment: it is taken when that gives it back.
: >grabbed
on_desk start xgrab >grabbed
grabber=$pid
wait_for grep -q ready grabbed
session --grab
shows_window
gives_focus "$window"
wait_for named 'gives it back'
wait_for in_window
: >keys
: >wm
presses
on_desk xdotool mousemove 512 384 click 1
wait_for arrived 'button 1 up'
! grep -q '^key' keys || fail "keys that another program has: $(cat keys)"
stop "$grabber"
wait_for host_again
wait_for arrived 'key 107 up'
# By the manager, or by the host: until all are the host's.
grabs_all() {
	: >wm
	on_desk xdotool key Print
	: >keys
	presses
	host_has && [ ! -s wm ]
}
wait_for grabs_all
for_host
close_session
