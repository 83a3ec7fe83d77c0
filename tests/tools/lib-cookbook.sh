# Sourced after lib.sh by the cookbook-*.sh scripts: the lines of rd(7) and the README
# as they are written there. Each gives a line, up to the word L alone, to
#
#	cook [STATUS]	runs it to its end, which must be with that exit status (0);
#			what it printed is in ./out and ./err
#	simmer		starts it, and leaves it going: the processes are group $dish
#	served [STATUS…]	ends that as Ctrl-C does, and waits; with one of those statuses (130)
#	boiled [STATUS]	waits until it ends by itself
#
# The test cookbook-whole sees that none is missing. What a reader must put in for
# himself (rd:KEY, a code) is an expression for sed in $with. Names of machines are
# real ones here: see at_home and over_ssh.
#
#	at_home		a screen, and a network and a table of names of our own: build1, kiosk,
#			office, relay.example.org are this machine. All that was started there
#			ends with the test
#	as NAME CMD…	runs it with the configuration of that name: $PWD/NAME/rd
#	over_ssh NAME…	ssh leads to them, to the screen that DISPLAY names
#
#	a_terminal NAME	one with a shell, in tmux, with HOME and XDG_CONFIG_HOME as they are; then, in that or in another that is $seat,
#	says		types the line there, and return
#	types KEY…	as tmux has it (Enter, C-])
#	writes TEXT	just that, whatever is in it
#	shows REGEX	whether that is on its screen; wait_shown waits for it
# shellcheck shell=bash disable=SC2034,SC2154

dish=
line=
with=
seat=

# A relay takes the end of its terminal for an order to read its configuration anew.
all_leave() {
	local p home
	home=$(readlink "/proc/$$/ns/net")
	for p in $(pgrep -x rd-relay); do
		[ "$(readlink "/proc/$p/ns/net")" != "$home" ] || kill -KILL "$p" 2>/dev/null || true
	done
}

# The X server stays outside: those of one machine know of each other by its network.
# Run again where the ports and names of the recipes are free.
at_home() {
	if [ -n "${RD_AT_HOME:-}" ]; then
		trap 'code=$?; all_leave; cleanup $code' EXIT
		return 0
	fi
	start_x 640x480
	local own=(unshare -n -m --)
	[ "$(id -u)" -eq 0 ] || own=(unshare -r -n -m --)
	"${own[@]}" true 2>/dev/null || skip "namespaces need root or user namespaces"
	printf '127.0.0.1 %s\n' localhost build1 kiosk office far relay.example.org >"$PWD/names"
	status=0
	RD_AT_HOME="$PWD/names" "${own[@]}" bash -c 'ip link set lo up &&
		mount --bind "$RD_AT_HOME" /etc/hosts && exec bash "$1"' - "$RD_ROOT/tests/tools/${0##*/}" || status=$?
	exit "$status"
}

as() {
	local who=$1
	shift
	XDG_CONFIG_HOME="$PWD/$who" "$@"
}

# Each has a folder of keys by its name.
over_ssh() { # name…
	local sshd name
	sshd=$(PATH="$PATH:/usr/sbin" command -v sshd) || skip "no sshd"
	[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
	mkdir -p ssh.of aids
	ssh-keygen -q -t ed25519 -N '' -f "$PWD/ssh.of/user"
	ssh-keygen -q -t ed25519 -N '' -f "$PWD/ssh.of/host"
	cp ssh.of/user.pub ssh.of/authorized
	for name; do
		cat >"ssh.of/sshd.$name" <<-END
			HostKey $PWD/ssh.of/host
			AuthorizedKeysFile $PWD/ssh.of/authorized
			StrictModes no
			UsePAM no
			PidFile none
			SetEnv PATH=$RD_BIN:/usr/bin:/bin HOME=$PWD/$name XAUTHORITY=$XAUTHORITY DISPLAY=$DISPLAY XDG_CONFIG_HOME=$PWD/$name
		END
		# One connection over a pipe: no port, and so no daemon.
		cat >>ssh.of/config <<-END
			Host $name
				ProxyCommand $sshd -i -q -f $PWD/ssh.of/sshd.$name
				User $(id -un)
				IdentityFile $PWD/ssh.of/user
				IdentitiesOnly yes
				UserKnownHostsFile $PWD/ssh.of/known
				StrictHostKeyChecking accept-new
				LogLevel ERROR
		END
	done
	# It reads the configuration of who it was started for, whatever HOME is.
	printf '#!/bin/sh\nexec %s -F %s "$@"\n' "$(command -v ssh)" "$PWD/ssh.of/config" >aids/ssh
	chmod +x aids/ssh
	export PATH="$PWD/aids:$PATH"
}

recipe() {
	line=$(sed "$with")
}

cook() {
	recipe
	local got=0
	timeout -k 5 "$WAIT_S" bash -c "$line" >out 2>err </dev/null || got=$?
	[ $got -eq "${1:-0}" ] || fail "exit status $got: $line: $(cat err)"
}

# In a group of its own, to be ended as by Ctrl-C, which jobs of a script ignore.
simmer() {
	recipe
	start env --default-signal=INT setsid bash -c "$line" >out 2>err
	dish=$pid
}

group_ended() {
	! pgrep -g "$1" >/dev/null
}

served() { # status…
	kill -INT -- "-$dish"
	boiled "${@:-130}"
}

boiled() { # status…
	local want
	wait_for group_ended "$dish"
	wait_end "$dish"
	for want in "${@:-0}"; do [ "$status" -ne "$want" ] || return 0; done
	fail "exit status $status: $line: $(cat err)"
}

is_picture() { # file, [WxH]
	[ "$(identify -format '%m %wx%h' "$1" 2>/dev/null)" = "PNG ${2:-640x480}" ]
}

a_window() { # its title, in the window's name
	xdotool search --onlyvisible --name "$1" >/dev/null 2>&1
}

grown() { # file, bytes
	[ "$(stat -c %s "$1" 2>/dev/null || echo 0)" -gt "$2" ]
}

plays() { # a film
	[ -n "$(ffprobe -v error -show_entries stream=codec_name -of csv=p=0 "$1" 2>/dev/null)" ]
}

tm() {
	tmux -S tmux.sock "$@"
}

shows() {
	tm capture-pane -p -J -t "$seat" | grep -Eq -- "$1"
}

a_terminal() { # name
	command -v tmux >/dev/null || skip "no tmux"
	unset TMUX NO_COLOR
	seat=$1
	if [ ! -S tmux.sock ]; then
		start tmux -S tmux.sock -f /dev/null -D
		wait_for test -S tmux.sock
	fi
	tm new-session -d -s "$seat" -x 120 -y 24 -e "XDG_CONFIG_HOME=${XDG_CONFIG_HOME:-}" -e "HOME=$HOME" \
		'PS1="ready " exec bash --norc -i'
	wait_for shows '^ready'
}

says() {
	recipe
	writes "$line; echo ended \$?"
	types Enter
}

types() {
	tm send-keys -t "$seat" "$@"
}

# Text that somebody else has made, a key, may begin with '-'.
writes() {
	tm send-keys -t "$seat" -l -- "$1"
}

# What it is to say; else the test fails, and all terminals are shown.
wait_shown() { # regex
	local end=$((SECONDS + WAIT_S)) at
	until shows "$1"; do
		[ $SECONDS -ge $end ] || { sleep 0.05; continue; }
		for at in $(tm list-sessions -F '#S'); do tm capture-pane -p -t "$at" >&6; done
		fail "$seat does not show: $1"
	done
}
