#!/usr/bin/env bash
# A desktop beside the command: its display, bus and window manager are its own, it
# ends the command and is ended with it, and nothing of it is left, however that goes.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-run.sh"
for p in Xtigervnc dbus-daemon dbus-send twm xterm; do command -v $p >/dev/null || skip "no $p"; done
export HOME="$PWD"

# Both servers: the size, the cookie, no network, and no other way in.
cat >look <<'EOF'
#!/bin/sh
set -eu
xwininfo -root | sed -n 's/^ *\(Width\|Height\): *//p' | paste -sd x
XAUTHORITY=/dev/null xwininfo -root >/dev/null 2>&1 && echo "no cookie is needed"
at=/tmp/.X11-unix/X${DISPLAY#:}
server=$(ss -Hxlp | sed -n "s|.* $at .*,pid=\([0-9]*\),.*|\1|p")
ss -Htulnp | grep "pid=$server," && echo "it listens to a network"
ss -Hxlp | grep "LISTEN.*pid=$server," | grep -v "$at " && echo "another way in"
cat "/proc/$server/comm"
EOF
chmod +x look
for server in xvfb:Xvfb tigervnc:Xtigervnc auto:Xtigervnc; do
	rd-run --server "${server%:*}" --size 321x245 ./look >seen
	[ "$(paste -sd ' ' seen)" = "321x245 ${server#*:}" ] || fail "$server: $(cat seen)"
	clean_now
done
# Where there is no Xtigervnc, auto is the other one.
mkdir few
for p in Xvfb xkbcomp sh cat; do ln -s "$(command -v $p)" few/; done
exits 0 env PATH="$RD_BIN:$PWD/few" rd-run --server auto sh -c ':'

# A bus of its own, in a folder of its own; what it starts finds the display.
# shellcheck disable=SC2016
DBUS_SESSION_BUS_ADDRESS=unix:path=/nonesuch rd-run --bus sh -c '
	dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.ListNames >names
	echo "$DBUS_SESSION_BUS_ADDRESS" >address'
grep -q 'string ":1.0"' names || fail "nobody is on the bus"
grep -q "^unix:path=$XDG_RUNTIME_DIR/rd-run\.[^/]*/bus," address || fail "its address: $(cat address)"
# Whatever the folder is called: an address of D-Bus has signs of its own.
mkdir -m 700 'odd, a=b;c%20'
(
	export XDG_RUNTIME_DIR="$PWD/odd, a=b;c%20"
	rd-run --bus dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.ListNames >names
)
grep -q 'string ":1.0"' names || fail "nobody is on the bus of a folder with an odd name"
clean_now

# What the desktop is: the person's, else the system's, else a terminal with a window manager.
mkdir aids
printf '#!/bin/sh\necho system >ran; exec sleep 1000\n' >aids/x-session-manager
chmod +x aids/x-session-manager
printf '#!/bin/sh\necho person "$DISPLAY" >ran; exec sleep 1000\n' >.xsession
runs_now() { # what, in ./ran
	rm -f ran
	PATH="$PWD/aids:$PATH" rd-run --server tigervnc --desktop -- \
		sh -c 'until [ -s ran ]; do sleep 0.02; done'
	grep -q "^$1" ran || fail "not the $1's session: $(cat ran)"
	clean_now
}
runs_now system
chmod +x .xsession
runs_now person
rm .xsession aids/x-session-manager
# Some window managers are the system's session, too, where they are installed.
mkdir plain
ln -s -t plain /usr/bin/*
rm -f plain/x-session-manager
# shellcheck disable=SC2016
PATH="$RD_BIN:$RD_BUILD/aids:$PWD/plain" rd-run --desktop -- sh -c 'until xwininfo -root -tree | grep -i xterm >tree; do sleep 0.02; done
	id=$(sed -n "s/^ *\(0x[0-9a-f]*\).*/\1/p" tree | head -n 1)
	until xwininfo -id $id -tree | grep "Parent window id" | grep -v "root window"; do sleep 0.02; done
	test -n "$DBUS_SESSION_BUS_ADDRESS"' >/dev/null
clean_now

# Who ends first ends the other; and with which status.
exits 7 rd-run --desktop='sleep 0.2' -- sh -c 'trap "exit 7" TERM; while :; do sleep 0.02; done'
clean_now
# One that dies of being told so, as whoever has not started yet does, has not failed.
exits 0 rd-run --desktop=true -- sleep 1000
clean_now
exits 143 rd-run --desktop='sleep 1000' -- sh -c 'kill $$'
clean_now
exits 59 rd-run --desktop='sleep 0.2; exit 4' -- sleep 1000 2>words
grep -q 'rd-run: the desktop has ended with status 4' words || fail "says: $(cat words)"
clean_now
exits 59 rd-run --desktop='nonesuch' -- sleep 1000 2>words
grep -q 'nonesuch: not found' words || fail "says: $(cat words)"
exits 5 rd-run --desktop='setsid sleep 1000 & sleep 1001' -- sh -c 'exit 5'
clean_now
# It has no terminal and no input, and no service manager hears of it.
echo text | NOTIFY_SOCKET=/nonesuch rd-run --desktop='cat >in; echo "${NOTIFY_SOCKET-none}" >told; (true </dev/tty) 2>no; sleep 1000' \
	-- sh -c 'until [ -s no ]; do sleep 0.02; done; cat >input; echo "$NOTIFY_SOCKET" >>told' 2>/dev/null
[ ! -s in ] || fail "the desktop reads the command's input"
[ "$(cat input)" = text ] || fail "the command has no input"
[ "$(paste -sd ' ' told)" = "none /nonesuch" ] || fail "NOTIFY_SOCKET: $(cat told)"
clean_now

# Killed, each of them; the display is then $display.
begin() {
	rm -f up
	mark
	start rd-run --server tigervnc --bus --wm=twm --grace 500ms --desktop='xterm -e sleep 1000 & setsid sleep 1001' -- sh -c '
		until xwininfo -root -tree | grep -qi xterm; do sleep 0.02; done
		./which-display >up.new; mv up.new up; sleep 1002' 2>words
	rd_run=$pid
	wait_for test -s up
	display=$(cat up)
}
for victim in Xtigervnc dbus-daemon twm xterm rd-run-keeper rd-run; do
	begin
	for p in $(marked); do [ "$(cat "/proc/$p/comm" 2>/dev/null)" != "$victim" ] || kill -KILL "$p"; done
	case $victim in
	# What can be done without.
	dbus-daemon | twm | xterm) kill "$rd_run" ;;
	esac
	wait_end "$rd_run"
	settled "$display"
done
# Two at once have nothing in common.
begin
first=$rd_run first_display=$display first_mark=$RD_RUN_MARK
begin
[ "${display%%/*}" != "${first_display%%/*}" ] || fail "one display for two"
kill "$rd_run"
wait_end "$rd_run"
RD_RUN_MARK=$first_mark
running "$first" || fail "the other one ends it"
kill "$first"
wait_end "$first"
clean_now "$first_display"
