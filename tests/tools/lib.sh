# Sourced by the scripts beside it (set -eu, bash). A script starts things with
# the functions here and may end at any line: what was started is stopped, by
# process id, and the scratch directory goes.
#
#	start CMD…	in the background; its process id is then in $pid
#	start_x [WxH] [ARG…]	an X server (Xvfb) of our own; sets DISPLAY, $pid_of_x
#	start_xvnc [WxH]	the same by Xtigervnc, which xrandr can resize
#	stop PID	ends one of them now
#	sh_words WORD…	prints them as words of a command for sh, whichever shell that is
#	own_port	prints a port of loopback for who listens at it more than once
#	wait_for CMD…	until it succeeds; the test fails after $WAIT_S seconds
#	wait_end PID	until it has ended; its exit status is then in $status
#	network_of PID	the confined process of that rd-send or rd-recv
#	exits CODE CMD…	runs it; anything but that exit status fails the test
#	fail TEXT	ends the test; at_failure, where a script has one, says more
#	skip TEXT	ends the test where a machine lacks what it needs: tests/run tells it
#	have PROGRAM…	whether they are there; where not, the part that needs them is left out:
#	left_out TEXT	tests/run tells that, too, though the test goes on
# shellcheck shell=bash disable=SC2034

: "${WAIT_S:=60}" "${RD_ROOT:=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}"
: "${RD_BIN:=$RD_ROOT/bin}" "${RD_BUILD:=$RD_ROOT/build/release}" "${RD_SAN:=}"
export RD_ROOT RD_BIN RD_BUILD RD_SAN
# Whatever whoever runs the tests has, or CI has not: text is UTF-8, and a terminal's shell bash.
export LC_ALL=C.UTF-8 SHELL=/bin/bash
# tests/run gives every test a directory; alone, a script makes its own.
own_scratch=
if [ "${TMPDIR:-}" != "$PWD" ]; then
	own_scratch=$(mktemp -d "${TMPDIR:-/tmp}/rd-test.XXXXXX")
	cd "$own_scratch" || exit 1
	export TMPDIR="$own_scratch" XDG_RUNTIME_DIR="$own_scratch/run"
	mkdir -m 700 run
	export PATH="$RD_BIN:$RD_BUILD/aids:$PATH" RD_CONFIG=
	unset RD_PROFILE
fi
started=()
pid=
pid_of_x=
status=
# Words of the test itself, wherever stderr goes at the moment.
exec 6>&2

fail() {
	printf 'failed: %s\n' "$*" >&6
	! declare -F at_failure >/dev/null || at_failure >&6 2>&1
	exit 1
}

skip() {
	printf 'skipped: %s\n' "$*" >&6
	exit 77
}

left_out() {
	printf '[  SKIPPED ] %s\n' "$*" >&6
}

have() {
	local p
	for p; do
		command -v "$p" >/dev/null || { left_out "what needs $p"; return 1; }
	done
}

cleanup() { # [STATUS]: what the test ends with, where a trap has done more before
	local code=${1:-$?} p
	trap - EXIT
	set +eu
	for p in "${started[@]}"; do kill "$p" 2>/dev/null; done
	# What SIGTERM did not end within five seconds is not asked again.
	for p in "${started[@]}"; do
		for _ in $(seq 250); do running "$p" || break; sleep 0.02; done
		kill -KILL "$p" 2>/dev/null
		wait "$p" 2>/dev/null
	done
	if [ -n "$own_scratch" ]; then cd / && rm -rf "$own_scratch"; fi
	exit "$code"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A child that has ended but was not waited for is a zombie, not running.
running() {
	local stat=
	# "pid (name) state …"
	{ read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
	case ${stat##*) } in [ZX]*) return 1 ;; esac
}

ended() {
	! running "$1"
}

# The other children are producers, which are other programs.
network_of() {
	local p children
	read -ra children <"/proc/$1/task/$1/children"
	for p in "${children[@]}"; do
		if [ "$(readlink "/proc/$p/exe")" = "$(readlink "/proc/$1/exe")" ]; then echo "$p"; fi
	done
}

start() {
	"$@" &
	pid=$!
	started+=("$pid")
}

stop() {
	local p kept=()
	kill "$1" 2>/dev/null || true
	wait "$1" 2>/dev/null || true
	for p in "${started[@]}"; do [ "$p" = "$1" ] || kept+=("$p"); done
	started=("${kept[@]}")
}

sh_words() {
	local word
	for word; do printf "'%s' " "${word//\'/\'\\\'\'}"; done
}

# None that the kernel gives out by itself: whoever else runs here would have it, now and
# then, between its first use and the next.
own_port() {
	local port
	while :; do
		port=$((10000 + RANDOM % 22000))
		cat /proc/net/{tcp,udp}{,6} 2>/dev/null | grep -q ":$(printf %04X $port) " || break
	done
	echo $port
}

# A clock that was set, or a machine that stood still, is no reason: it has to have been looked.
wait_for() {
	local end=$((SECONDS + WAIT_S)) looked=0 nap=0.005
	until "$@"; do
		looked=$((looked + 1))
		[ $SECONDS -lt $end ] || [ $looked -lt 40 ] || fail "waited $WAIT_S s in vain for: $*"
		sleep $nap
		nap=0.02
	done
}

wait_end() {
	wait_for ended "$1"
	status=0
	wait "$1" || status=$?
}

exits() {
	local want=$1 got=0
	shift
	"$@" || got=$?
	[ $got -eq "$want" ] || fail "exit status $got instead of $want: $*"
}

# Xvfb and Xtigervnc find a free display number themselves and write it to a
# descriptor; two that start at once can still collide, so one that died is
# started again. The servers' cookie file names no display: they take any. All
# servers of a test share it, since each reads it anew whenever it changes.
cookie=
start_server() { # command…, without its display
	local number try
	if [ -z "$cookie" ]; then
		cookie=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
		xauth -q -f "$TMPDIR/server.auth" add :0 . "$cookie" 2>/dev/null
	fi
	for try in 1 2 3 4 5 6 7 8; do
		: >"$TMPDIR/server.number"
		start "$@" -displayfd 9 -auth "$TMPDIR/server.auth" -nolisten tcp -noreset \
			9>"$TMPDIR/server.number" 2>"$TMPDIR/server.$try.log"
		wait_for server_up "$TMPDIR/server.number" "$pid"
		if has_line "$TMPDIR/server.number"; then
			pid_of_x=$pid
			number=$(cat "$TMPDIR/server.number")
			export XAUTHORITY="$TMPDIR/client.auth" DISPLAY=":$number"
			xauth -q -f "$XAUTHORITY" add "$DISPLAY" . "$cookie" 2>/dev/null
			return 0
		fi
	done
	cat "$TMPDIR"/server.*.log >&2
	fail "no X server starts: $*"
}

# The number and its newline are two writes.
has_line() {
	read -r _ <"$1"
}

server_up() { # file of the number, pid
	has_line "$1" || ended "$2"
}

start_x() {
	local size=${1:-640x480}
	[ $# -eq 0 ] || shift
	start_server Xvfb -screen 0 "${size}x24" "$@"
}

start_xvnc() {
	local size=${1:-640x480}
	[ $# -eq 0 ] || shift
	command -v Xtigervnc >/dev/null || skip "no Xtigervnc"
	start_server Xtigervnc -geometry "$size" -depth 24 -rfbport -1 \
		-rfbunixpath "$TMPDIR/rfb" -SecurityTypes None "$@"
}
