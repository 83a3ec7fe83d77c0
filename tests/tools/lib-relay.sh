# Sourced after lib.sh by tests of relays on this machine's loopback: one relay,
# one host and viewers, each with a folder of its own.
#
#	relay_up ARG…	rd-relay on a free port: its name is in $relay, its key in
#			$relay_key, its process id in $relay_pid, its words in relay.log;
#			started again it has the same port, key and join key
#	kill_relay	all of it, as a crash of its machine would; its port is free then
#	host_knows	the host has the relay as its own, with its join key
#	share ARG… [-- PRODUCER]	rd-send --code; the code is then in $code, with the
#			relay's name before it, its words in host.log, its process id in $host
#	host ARG… [-- PRODUCER]	rd-send, without waiting for a code
#	view ARG…	rd-recv as the viewer, without a terminal: stream to out.rd, words to
#			`words`, its exit status in $status
#	refused NAME TEXT CMD…	ends with the exit code of that name, and one line of
#			words that has the text; the same for a viewer: view_refused NAME TEXT ARG…
#	event FILE NAME [REGEX]	whether such an event is in it
#	wrong_words	$code with other words
# shellcheck shell=bash disable=SC2034
unset RD_RELAY RD_PASSWORD
export HOME="$TMPDIR" XDG_CONFIG_HOME="$TMPDIR/config"
for proxy in HTTPS_PROXY https_proxy ALL_PROXY all_proxy; do unset $proxy; done
relay_dir="$TMPDIR/relay"
host_dir="$TMPDIR/host"
relay_port=$(own_port)
relay=
relay_key=
relay_pid=
host=
code=

event() { # file, name, regex
	grep "^{\"event\":\"$2\"" "$1" 2>/dev/null | grep -Eq -- "${3:-.}"
}

relay_listens() {
	event relay.log listening || { ended "$relay_pid" && fail "no relay: $(cat relay.log)"; } || {
		[ $SECONDS -lt "$relay_until" ] || fail "no relay: $(cat relay.log
			ps -o pid,stat,wchan:20,args --pid "$relay_pid" --ppid "$relay_pid")"
		return 1
	}
}

relay_up() {
	relay_until=$((SECONDS + WAIT_S - 2))
	# A file of its own. One that was killed may still say a last word, and in a file
	# that was only emptied that leaves NULs before it: no text any more, for grep.
	rm -f relay.log
	# Nor port 443: whoever does not find the relay of another test here would take it for that.
	start rd-relay --listen "127.0.0.1:$relay_port" --tls "127.0.0.1:$relay_port" --stun-port 0 \
		--metrics off --threads 1 --drain 0 --state "$relay_dir" --json "$@" 2>relay.log
	relay_pid=$pid
	wait_for relay_listens
	relay_port=$(sed -n 's/.*"event":"listening".*"port":\([0-9]*\).*/\1/p' relay.log)
	relay_key=$(sed -n 's/.*"event":"listening".*"key":"\([^"]*\)".*/\1/p' relay.log)
	relay=127.0.0.1:$relay_port
}

kill_relay() {
	local p all
	read -ra all <"/proc/$relay_pid/task/$relay_pid/children" || true
	kill -KILL "$relay_pid" "${all[@]}"
	for p in "$relay_pid" "${all[@]}"; do wait_for ended "$p"; done
}

host_knows() {
	rd-relay --state "$relay_dir" --join-key >join.key
	rd-key --config "$host_dir" relay "$relay" "$relay_key" --join-fd 0 --replace <join.key
}

host() {
	[ -d "$host_dir" ] || mkdir -m 700 "$host_dir"
	rm -f host.log
	start rd-send --config "$host_dir" --json --no-ask "$@" 2>host.log </dev/null
	host=$pid
}

has_code() {
	event host.log code || ended "$host"
}

share() {
	host --code "$@"
	wait_for has_code
	code=$relay/$(sed -n 's/.*"event":"code".*"code":"\([^"]*\)".*/\1/p' host.log)
	[ "$code" != "$relay/" ] || fail "no code: $(cat host.log)"
}

wrong_words() {
	local wrong=abacus-abacus-abacus-abacus
	case $code in *-$wrong) wrong=acorn-acorn-acorn-acorn ;; esac
	printf '%s-%s\n' "${code%%-*}" "$wrong"
}

view() {
	status=0
	setsid -w rd-recv --config "$TMPDIR/viewer" --json "$@" >out.rd 2>words </dev/null || status=$?
}

is_named() { # exit name
	exitnames | grep -qx "$status $1"
}

refused() { # exit name, text, command…
	local name=$1 text=$2
	shift 2
	status=0
	"$@" >out 2>words </dev/null || status=$?
	is_named "$name" || fail "status $status, not $name: $* ($(cat words))"
	[ "$(grep -c . words)" -eq 1 ] || fail "$*: not one line: $(cat words)"
	grep -qF -e "$text" words || fail "$*: not \"$text\": $(cat words)"
	[ ! -s out ] || fail "$*: wrote something"
}

# Without --json: the line that a person sees.
view_refused() { # exit name, text, argument of rd-recv…
	local name=$1 text=$2
	shift 2
	[ -e "$TMPDIR/viewer/identity" ] || rd-key --config "$TMPDIR/viewer" >/dev/null 2>&1
	refused "$name" "$text" setsid -w rd-recv --config "$TMPDIR/viewer" "$@"
}
