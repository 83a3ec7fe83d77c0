#!/usr/bin/env bash
# Characters arrive whatever the layout is: typed at once or key by key, with
# Caps Lock on or not, in a window of Xlib and in a terminal. Afterwards the
# keyboard is what it was.
set -eu
. "${RD_ROOT:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"

# Each is read before the next is typed: none has more new characters than
# there are spare keys, so no key changes its meaning before it is read, however
# slow the reader.
texts=('é€漢ßñЖøō😀AZ@' 'az09 ~|{}[]\<>"' '漢字仮名交じり文')

keyboard() {
	xmodmap -pke
	xmodmap -pm
}

types_in_a_window() {
	start_xkeys
	start_injector
	for text in "${texts[@]}"; do
		: >keys
		say "text $text"
		wait_for typed "$text"
	done
	: >keys
	for c in 漢 字 仮 名 交 じ り 文 é ñ '€' '😀' A '@'; do say "key 30 $c"; done
	wait_for typed '漢字仮名交じり文éñ€😀A@'
	: >keys
	say 'key 58 Caps_Lock' 'text aAéÉжЖñ1!漢' 'key 58 Caps_Lock' 'text aA'
	wait_for typed 'aAéÉжЖñ1!漢aA'
	stop_saying
	stop "$xkeys"
}

is_in_file() {
	[ "$(cat out)" = "$1" ]
}

types_in_a_terminal() {
	local all=
	rm -f up
	: >out
	start xterm -u8 -geometry 80x24+0+0 -e sh -c 'stty raw -echo; touch up; cat >out'
	xterm=$pid
	wait_for test -e up
	start_injector
	say 'pointer 50 50'
	for text in "${texts[@]}"; do
		all=$all$text
		say "text $text"
		wait_for is_in_file "$all"
	done
	say 'key 28 Return' 'key 29 Control_L down' 'key 46 c' 'key 29 up'
	wait_for is_in_file "$all"$'\r\003'
	stop_saying
	stop "$xterm"
}

start_x 800x600
for layout in us de fr ru us,ru; do
	setxkbmap "$layout"
	keyboard >before
	types_in_a_window
	types_in_a_terminal
	keyboard >after
	cmp before after || fail "the keyboard is not what it was ($layout)"
done
