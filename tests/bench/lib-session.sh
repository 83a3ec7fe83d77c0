# Sourced by tests/bench/run: sessions, without desktops.
#
#	session_alone	what only a session has: handshakes, strangers, sealing
#	session_carried	bytes from the host, and back and forth, by $system
#
# Systems: rd and rd-tcp are rd-send and rd-recv by UDP and by TCP; net-udp and
# net-tcp the same session between two processes that do nothing else; ssh is
# this machine's, with a server of our own; the floor is TCP alone, or nothing
# but a socket pair. All over loopback.
# shellcheck shell=bash disable=SC2154

: "${BENCH_MB:=256}"
sshd_pid='' sender=''

# --- ssh ---------------------------------------------------------------------------

sshd=$(command -v sshd || echo /usr/sbin/sshd)

ssh_up() {
	ended "$sshd_pid" || [ -n "$(ss -Htln "sport = :$ssh_port")" ]
}

begin_ssh() {
	local at=$scratch/ssh
	mkdir -p "$at"
	# sshd's child needs a folder that only root can make.
	[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd 2>/dev/null || true
	if [ ! -e "$at/key" ]; then
		ssh-keygen -q -t ed25519 -N '' -f "$at/key"
		ssh-keygen -q -t ed25519 -N '' -f "$at/hostkey"
	fi
	ssh_port=$(free_port)
	cat >"$at/sshd_config" <<-EOF
		Port $ssh_port
		ListenAddress 127.0.0.1
		HostKey $at/hostkey
		AuthorizedKeysFile $at/key.pub
		StrictModes no
		UsePAM no
		PidFile none
	EOF
	cat >"$at/config" <<-EOF
		Host desk
			HostName 127.0.0.1
			Port $ssh_port
			User $(id -un)
			IdentityFile $at/key
			IdentitiesOnly yes
			StrictHostKeyChecking no
			UserKnownHostsFile $at/known
			LogLevel ERROR
	EOF
	start "$sshd" -D -e -f "$at/sshd_config" 2>"$at/log"
	sshd_pid=$pid
	wait_for ssh_up
	by_ssh=(ssh -T -F "$at/config" desk)
}

end_ssh() {
	stop "$sshd_pid"
}

# Whether one can log in at all: not in a user namespace, for one.
ssh_works() {
	local works=0
	[ -x "$sshd" ] && command -v ssh >/dev/null && command -v ssh-keygen >/dev/null || return 1
	begin_ssh
	"${by_ssh[@]}" true 2>/dev/null || works=1
	end_ssh
	return $works
}

# --- rd-send and rd-recv -------------------------------------------------------------

as() { # host or viewer, command…
	local who=$1
	shift
	XDG_CONFIG_HOME=$scratch/$who-keys "$@"
}

sender_up() {
	ended "$sender" || grep -q '"event":"listening"' "$scratch/sender.log"
}

begin_sender() { # MB that its producer pours; 0: it answers
	mkdir -p "$scratch/host-keys" "$scratch/viewer-keys"
	host_key=$(as host rd-key 2>/dev/null)
	as host rd-key allow "$(as viewer rd-key 2>/dev/null)" viewer 2>/dev/null || true
	: >"$scratch/sender.log"
	as host start rd-send --listen 127.0.0.1:0 --json -- "$bench" producer -n "$1" \
		2>"$scratch/sender.log"
	sender=$pid
	wait_for sender_up
	running "$sender" || { cat "$scratch/sender.log" >&2; fail "rd-send does not start"; }
	local port
	port=$(sed -n 's/.*"event":"listening".*"port":\([0-9]*\).*/\1/p' "$scratch/sender.log")
	receiver=(env "XDG_CONFIG_HOME=$scratch/viewer-keys" rd-recv --once --host-key "$host_key")
	case $system in
	rd) receiver+=(--udp) ;;
	rd-tcp) receiver+=(--tcp) ;;
	esac
	receiver+=("127.0.0.1:$port")
}

end_sender() {
	stop "$sender"
}

# --- the measures --------------------------------------------------------------------

# BENCH_MB megabytes from the host, as fast as they come.
measure_bulk() {
	local bytes=$((BENCH_MB * 1000000))
	case $system in
	floor) "$bench" bulk -n "$BENCH_MB" -w plain ;;
	net-*) "$bench" bulk -n "$BENCH_MB" -w "${system#net-}" ;;
	ssh) "$bench" bulk -n "$BENCH_MB" -p "$sshd_pid" -- "${by_ssh[@]}" "head -c $bytes /dev/zero" ;;
	rd | rd-tcp)
		begin_sender "$BENCH_MB"
		"$bench" bulk -n "$BENCH_MB" -p "$sender" -- "${receiver[@]}" 2>"$scratch/receiver.log"
		end_sender
		;;
	esac | record bulk
}

# 64 bytes to the host and back.
measure_echo() {
	case $system in
	floor) "$bench" echo -w plain ;;
	net-*) "$bench" echo -w "${system#net-}" ;;
	ssh) "$bench" echo -- "${by_ssh[@]}" cat ;;
	*) return 0 ;;
	esac | record echo
}

# A message of input to a program of the host, and the picture that it answers with.
measure_talk() {
	case $system in
	floor) "$bench" talk -- "$bench" producer -n 0 ;;
	ssh) "$bench" talk -- "${by_ssh[@]}" "'$bench' producer -n 0" ;;
	rd | rd-tcp)
		begin_sender 0
		"$bench" talk -- "${receiver[@]}" 2>"$scratch/receiver.log"
		end_sender
		;;
	*) return 0 ;;
	esac | record talk
}

session_carried() {
	local m
	wants session || return 0
	[ "$system" != ssh ] || begin_ssh
	for m in bulk echo talk; do
		printf '\rrun %d of %d: %s, %s        ' "$run" "$BENCH_RUNS" "$system" "$m" >&2
		"measure_$m"
	done
	[ "$system" != ssh ] || end_ssh
}

session_alone() {
	local m
	wants session || return 0
	for m in handshake strangers sealing; do
		printf '\rrun %d of %d: %s, %s        ' "$run" "$BENCH_RUNS" "$system" "$m" >&2
		"$bench" meter -- "$bench" "$m" | record "$m"
	done
}
