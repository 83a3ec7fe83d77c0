# For the tests of rd-send: a host on this machine and people who come to it,
# each with a folder of keys of their own. Sourced after lib.sh.
#
#	host_up ARG…	starts rd-send on a free port: its words and events are
#			in ./host.log, its process id in $sender, the port in $port
#	person NAME	makes somebody; admit NAME [OPTION…] allows that key
#	watch NAME ARG…	rd-recv as NAME with a viewer to talk to: ./NAME.log is what
#			it sees, ./NAME.words its stderr, $viewer its process id
#	recv NAME ARG…	only rd-recv as NAME
#	say NAME LINE	tells that viewer to do something (see talk.c)
#	saw NAME REGEX	whether a line of what it saw matches
#	shown NAME	the hash of the last picture it saw
#	event NAME [REGEX]	whether such an event has come from the host
#	told TEXT	whether the host's log has that
# shellcheck shell=bash disable=SC2034,SC2154

hostdir="$TMPDIR/host"
sender=
port=
viewer=
declare -A lines_of=()

key_of() {
	rd-key --config "$TMPDIR/of-$1" 2>/dev/null
}

person() {
	key_of "$1" >/dev/null
}

admit() { # name, option of rd-key allow…
	local who=$1
	shift
	rd-key --config "$hostdir" allow "$(key_of "$who")" "$who" "$@"
}

event() { # name, regex of what else stands in the line
	grep "^{\"event\":\"$1\"" host.log | grep -Eq -- "${2:-.}"
}

told() {
	grep -qF -- "$1" host.log
}

host_folder() {
	[ -d "$hostdir" ] || mkdir -m 700 "$hostdir"
}

host_up() {
	host_folder
	rm -f host.log
	# Whoever runs the tests at a terminal is not to be asked.
	start rd-send --config "$hostdir" --listen 127.0.0.1:0 --json --no-ask "$@" 2>host.log
	sender=$pid
	host_listens
}

host_listens() {
	wait_for event listening
	port=$(sed -n 's/.*"event":"listening".*"port":\([0-9]*\).*/\1/p' host.log)
}

recv() { # name, argument of rd-recv…
	local who=$1
	shift
	rd-recv --config "$TMPDIR/of-$who" --accept-new --once "$@" "127.0.0.1:$port"
}

watch() { # name, argument of rd-recv…
	local who=$1 fd
	shift
	: >"$who.log"
	rm -f "$who.lines"
	mkfifo "$who.lines"
	exec {fd}<>"$who.lines"
	lines_of[$who]=$fd
	# Not by start: what it puts into the background has no stdin.
	talk "$who.log" -- rd-recv --config "$TMPDIR/of-$who" --accept-new --once "$@" \
		"127.0.0.1:$port" <"$who.lines" 2>"$who.words" &
	viewer=$!
	started+=("$viewer")
}

say() { # name, line
	local fd=${lines_of[$1]}
	shift
	printf '%s\n' "$*" >&"$fd"
}

saw() {
	grep -Eq -- "$2" "$1.log"
}

shown() {
	awk '$1 == "frame" {last = $6} END {print last}' "$1.log"
}

count() { # name, regex
	grep -Ec -- "$2" "$1.log" || true
}

gone() { # process id, exit status wanted
	wait_end "$1"
	[ "$status" -eq "$2" ] || fail "exit status $status instead of $2: $(cat ./*.words host.log)"
}
