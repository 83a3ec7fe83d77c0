# Sourced after lib.sh by tests that go through a real sshd of their own on
# loopback. Skips the test where there is none, or where nobody can log in.
#
#	make_keys		of the daemon and of the user
#	start_sshd PATH [LINE]	the daemon, whose sessions have that PATH and the test's folder
#				for a home (a shell's files in another are not the test's, and
#				may wait for what somebody holds); LINE is more of its configuration.
#				$daemon is its process id; ./ssh_config leads to it by the name "there"
# shellcheck shell=bash disable=SC2034,SC2154

sshd=$(PATH="$PATH:/usr/sbin" command -v sshd) || skip "no sshd"
me=$(id -un)
case $(getent passwd "$me") in */nologin | */false) skip "$me cannot log in" ;; esac

# The daemon that Debian starts makes this directory at boot.
[ "$(id -u)" -ne 0 ] || [ -d /run/sshd ] || mkdir -m 755 /run/sshd

make_keys() {
	ssh-keygen -q -t ed25519 -N '' -f host_key
	ssh-keygen -q -t ed25519 -N '' -f user_key
	cp user_key.pub authorized_keys
}

write_server() { # PORT, PATH of its sessions, another line
	cat <<EOF
Port $1
ListenAddress 127.0.0.1
HostKey $PWD/host_key
PidFile none
AuthorizedKeysFile $PWD/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin yes
AcceptEnv none
X11Forwarding no
SetEnv PATH="$2" HOME="$PWD" XAUTHORITY="$XAUTHORITY"
${3-}
EOF
}

write_client() { # PORT
	cat <<EOF
Host there
	HostName 127.0.0.1
	Port $1
	User $me
	IdentityFile $PWD/user_key
	IdentitiesOnly yes
	UserKnownHostsFile $PWD/known_hosts
	StrictHostKeyChecking accept-new
	BatchMode yes
	LogLevel ERROR
EOF
}

sshd_listening() {
	grep -q '^Server listening' sshd.log || ended "$1"
}

# A port is free if the daemon gets it.
start_sshd() { # PATH of its sessions, another line of its configuration
	local port try
	for try in $(seq 20); do
		port=$((20000 + RANDOM % 40000))
		write_server "$port" "$@" >sshd_config
		: >sshd.log
		start "$sshd" -D -e -f "$PWD/sshd_config" 2>sshd.log
		daemon=$pid
		wait_for sshd_listening "$daemon"
		if ! ended "$daemon"; then
			write_client "$port" >ssh_config
			return
		fi
	done
	fail "sshd does not start: $(cat sshd.log)"
}
