#!/usr/bin/env bash
# The cookbook's desktops without a screen.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-cookbook.sh"
for p in Xtigervnc dbus-daemon twm xterm; do command -v $p >/dev/null || skip "no $p"; done
# Not at home: X servers of two networks do not know of each other, and meet.
start_x 640x480
. "$RD_ROOT/tests/tools/lib-relay.sh"

# By a code: a relay that the host knows.
relay_up
host_knows
mkdir -p "$XDG_CONFIG_HOME"
ln -s "$host_dir" "$XDG_CONFIG_HOME/rd"
simmer <<'L'
rd-share --virtual 1280x800 -- xterm
L
printed() { grep -q "rd-view $relay/" err || { group_ended "$dish" && fail "$(cat err)"; }; }
wait_for printed
code=$(sed -n 's/.*rd-view //p' err)
rd-view --config "$PWD/viewer" --to png:seen.png --frames 1 "$code" 2>words || fail "$(cat words err)"
is_picture seen.png 1280x800 || fail "it sees $(identify seen.png)"
served 0 130

# By keys; the window is as large as the screen that it is on, and so is the desktop then.
key=$(rd-key 2>/dev/null)
rd-key allow "$key" me
export RD_CONFIG="$PWD/config.yaml"
echo 'rd-send: {listen: "127.0.0.1:0", no-relay: yes}' >config.yaml
simmer <<'L'
rd-run --server auto --desktop -- rd-send -- rd-encode -- rd-capture --resize=keep
L
host_dish=$dish
port=
listens() {
	local p
	for p in $(pgrep -g "$host_dish" -x rd-send); do
		port=$(ss -Hlunp | sed -n "s/.*127.0.0.1:\([0-9]*\) .*pid=$p,.*/\1/p")
		[ -z "$port" ] || return 0
	done
	return 1
}
wait_for listens
echo "hosts: {build1: {address: \"127.0.0.1:$port\"}}" >config.yaml
rd-key trust "127.0.0.1:$port" "$key"
simmer <<'L'
rd-view --resize build1
L
there_is() { a_window '^build1' || { group_ended "$dish" && fail "$(cat err)"; }; }
wait_for there_is
follows() {
	DISPLAY=$(sed -n 's/^DISPLAY=//p' there) XAUTHORITY=$(sed -n 's/^XAUTHORITY=//p' there) \
		xwininfo -root | grep -q 'Width: 640$'
}
tr '\0' '\n' <"/proc/$(pgrep -g "$host_dish" -x rd-send | head -n 1)/environ" >there
wait_for follows
served
dish=$host_dish
served 0 130
