# For tests of services. Sourced after lib.sh.
#
#	manager	starts a fake service manager; $manager is its socket, which the
#		next program is to have as $NOTIFY_SOCKET; what comes is in `notes`
#	noted LINE	whether that line has come
#	times LINE	how often it has
#	only_from PID	all notes are of that process
# shellcheck shell=bash disable=SC2034

manager=

manager() {
	manager=$TMPDIR/manager
	[ ${#manager} -lt 100 ] || skip "no room for a socket's name in $TMPDIR"
	rm -f "$manager"
	start notified "$manager" >notes
	wait_for test -S "$manager"
}

noted() {
	grep -qx -- "$1" notes
}

times() {
	grep -cx -- "$1" notes || true
}

only_from() {
	! grep '^from ' notes | grep -vx "from $1" || fail "another process than $1 said: $(cat notes)"
}
