# Sourced after lib.sh and lib-desktop.sh by tests of keyboards: somebody types on
# the desk's keyboard, and a program of the host reads.
#
#	begin_keyboards ARG…	host, desk, rd-view with ARG, and the reader
#	layouts_are DESK HOST	what the two keyboards have
#	sets			of keys: see keyboard.c
#	types SET MODE [N]	types all of SET, N at a time, and waits until it has
#				arrived: in mode text as it was meant on the desk's
#				layout, in mode physical as the host's layout has it
#	press KEY…		+KEYCODE, -KEYCODE on the desk
#	reader=entry		it is a line of GTK's, in netsurf, and not xterm
#	whole_table MODE N LAYOUT…	types all sets on each of these, on each of all layouts
#	ring SESSION		types all sets on each layout, on the next, in both modes,
#				told by rd-ctl to that session
# shellcheck shell=bash disable=SC2034,SC2154

all_layouts=(us de fr ru jp dvorak)
sets=(plain shift altgr both dead)
desk_layout=us
host_layout=us
reader=terminal
typed_count=0

start_terminal() {
	: >got
	start env DISPLAY="$host" xterm -u8 -geometry 80x24+0+0 -xrm '*metaSendsEscape: true' \
		-xrm '*eightBitInput: false' -e sh -c 'stty raw -echo; touch up; exec cat >>got'
	wait_for test -e up
	# xterm takes keys where the pointer is.
	on_host xdotool mousemove 100 100
}

start_entry() {
	start env DISPLAY="$host" HOME="$PWD" XDG_CONFIG_HOME="$PWD" netsurf-gtk about:blank
	wait_for entry_is_there
	on_host xdotool windowfocus --sync "$entry"
}

entry_is_there() {
	entry=$(on_host xdotool search --onlyvisible --name NetSurf 2>/dev/null | tail -n 1)
	[ -n "$entry" ]
}

start_reader() {
	if [ $reader = entry ]; then start_entry; else start_terminal; fi
}

# All of a line is selected, and so anybody can read it.
all_read() {
	if [ $reader = entry ]; then on_host xclip -o -selection primary 2>/dev/null; else cat got; fi
}

end_of_typing() {
	[ $reader != entry ] || press +50 +110 -110 -50
}

forget() {
	if [ $reader = entry ]; then press +22 -22; else : >got; fi
}

begin_keyboards() {
	start_host 640x480
	start_desk 800x600
	start_reader
	session "$@"
	shows_window
	on_desk xdotool windowfocus --sync "$window"
}

layouts_are() {
	desk_layout=$1
	host_layout=$2
	on_desk setxkbmap "$1"
	on_host setxkbmap "$2"
}

press() {
	echo "$*" | on_desk keyboard press
}

arrives() { # what it is, TEXT
	wanted=$2 what=$1
	end_of_typing
	wait_for as_wanted
	forget
}

# As the last line of a test that waited in vain.
as_wanted() {
	local read
	read=$(all_read) || true
	[ "$read" != "$wanted" ] || return 0
	printf '%s: wanted %q, got %q\n' "$what" "$wanted" "$read" >differs
	return 1
}
trap 'code=$?; [ $code -eq 0 ] || cat differs >&6 2>/dev/null || true; cleanup $code' EXIT

types() {
	local set=$1 mode=$2 n=${3:-1000} keys texts by=$host_layout i
	[ "$mode" = physical ] || by=$desk_layout
	keyboard keys "$desk_layout" "$set" "$host_layout" >keys
	mapfile -t keys <keys
	mapfile -t texts < <(keyboard text "$by" <keys)
	# Alt with a key is text to a terminal only; to others it is a command.
	if [ $reader != terminal ] && [[ "${texts[*]}" = *$'\E'* ]]; then return; fi
	for ((i = 0; i < ${#keys[@]}; i += n)); do
		press "${keys[@]:i:n}"
		arrives "$desk_layout to $host_layout, $mode, $set $i" \
			"$(printf %s "${texts[@]:i:n}")"
	done
	typed_count=$((typed_count + ${#keys[@]}))
}

whole_table() {
	local mode=$1 n=$2 here there set
	shift 2
	for here; do
		for there in "${all_layouts[@]}"; do
			layouts_are "$here" "$there"
			for set in "${sets[@]}"; do types "$set" "$mode" "$n"; done
		done
	done
	# Else nothing was compared.
	[ "$typed_count" -gt $((600 * $#)) ] || fail "only $typed_count keys"
}

ring() {
	local mode n layouts set
	for mode in text physical; do
		rd-ctl "$1" set keyboard=$mode
		n=1000
		[ $mode = physical ] || n=10
		for layouts in us:de de:fr fr:ru ru:jp jp:dvorak dvorak:us; do
			layouts_are "${layouts%:*}" "${layouts#*:}"
			for set in "${sets[@]}"; do types "$set" $mode $n; done
		done
	done
	[ "$typed_count" -gt 1200 ] || fail "only $typed_count keys"
}
