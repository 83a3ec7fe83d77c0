# Sourced after lib.sh, lib-net.sh and lib-nat.sh by tests of machines that meet
# through a relay. People and hosts have folders of keys: ./of-NAME.
#
#	relay_up [ARG…]		rd-relay on machine relay; words in ./relay.log, $relay
#	people			of-host and of-viewer, who know each other and the relay
#	host_up [ARG…]		rd-send on machine host with a desk (./desk.log) behind
#				it, until it is registered; ./host.log, $sender
#	comes [ARG…]		rd-recv of "${whom[@]}", office if nothing else is said, on
#				machine viewer: ./viewer.log is what it
#				sees, ./viewer.words what it says; $viewer
#	say LINE		makes that viewer do something (see talk.c)
#	sees_desk		its picture is the desk's newest
#	presses CODE		a key; until the desk has it and the viewer its picture
#	way			how the viewer is connected now: "direct", "predicted",
#				"birthday", "relay", "relay-tls"; nothing if it is not
#	told FILE EVENT [REGEX]	whether it has that event, with that in its line
#	leave			viewer and host end
# shellcheck shell=bash disable=SC2034,SC2153,SC2154

relay=
sender=
viewer=
relay_key=
relay_name=relay.example.org
first_ms=

in_folder() { # name, program, argument…
	local who=$1 program=$2
	shift 2
	"$program" --config "$TMPDIR/of-$who" "$@"
}

key_of() {
	in_folder "$1" rd-key 2>/dev/null
}

told() { # file, event, regex
	grep "\"event\":\"$2\"" "$1" 2>/dev/null | grep -Eq -- "${3:-.}"
}

# Many meet here in a minute, all from two addresses.
relay_limits() {
	cat <<-YAML
		limits:
		  connects-minute: 100000
		  sessions-each: 10000
	YAML
}

relay_up() { # argument…
	[ -e relay.yaml ] || relay_limits >relay.yaml
	[ -d of-relay ] || mkdir -m 700 of-relay
	rm -f relay.log
	start_on relay rd-relay --config relay.yaml --state "$TMPDIR/of-relay" --json \
		--drain 1s "$@" 2>relay.log
	relay=$pid
	wait_for told relay.log listening
	relay_key=$(key_of relay)
}

knows_relay() { # name, argument of rd-key relay…
	local who=$1
	shift
	in_folder "$who" rd-key relay "$relay_name" "$relay_key" --replace "$@"
}

people() {
	rd-relay --config relay.yaml --state "$TMPDIR/of-relay" --join-key >join-key
	key_of host >/dev/null
	in_folder host rd-key allow "$(key_of viewer)" viewer
	knows_relay host --join-fd 3 3<join-key
	knows_relay viewer --no-join
	echo "office $(key_of host) given via=$relay_name" >of-viewer/known_hosts
}

host_up() { # argument…
	rm -f host.log
	: >desk.log
	start_on host rd-send --config "$TMPDIR/of-host" --json --no-ask --relay "$relay_name" "$@" \
		-- desk "${desk[@]}" "$TMPDIR/desk.log" 2>host.log
	sender=$pid
	wait_for told host.log relay
}
desk=() whom=(office)

comes() { # argument of rd-recv…
	: >viewer.log
	rm -f viewer.lines
	mkfifo viewer.lines
	exec 8<>viewer.lines
	# Not by start: what it puts into the background has no stdin.
	nsenter --net="/proc/${machine_pid[viewer]}/ns/net" -- talk viewer.log -- \
		rd-recv --config "$TMPDIR/of-viewer" --json --once "$@" "${whom[@]}" \
		<viewer.lines 2>viewer.words &
	viewer=$!
	started+=("$viewer")
}

say() {
	printf '%s\n' "$*" >&8
}

last_of() { # file, word that begins the line, field
	awk -v word="$2" -v n="$3" '$1 == word { last = $n } END { print last }' "$1"
}

sees_desk() {
	local newest
	newest=$(last_of desk.log picture 3)
	[ -n "$newest" ] && [ "$(last_of viewer.log frame 6)" = "$newest" ]
}

presses() { # code
	say key "$1" 97 1
	say key "$1" 97 0
	wait_for grep -q "^key $1 97 1" desk.log
	wait_for grep -q "^key $1 97 0" desk.log
	wait_for sees_desk
}

# Of the newest line that says how they are connected, that member.
newest() { # file, member
	sed -n '/"event":"\(connected\|moved\)"/ s/.*"'"$2"'":"\([^"]*\)".*/\1/p' "$1" | tail -n 1
}

# What one end has proven otherwise than the other is named after the harder way.
way() {
	local path how
	path=$(newest viewer.words path)
	how="$(newest viewer.words how) $(newest host.log how)"
	case $path,$how in
	direct,*guessed*) echo birthday ;;
	direct,*predicted*) echo predicted ;;
	relay,*) [ "$(by_tls)" = tls ] && echo relay-tls || echo relay ;;
	*) echo "$path" ;;
	esac
}

# How the host reaches the relay.
by_tls() {
	sed -n '/"event":"relay"/ s/.*"way":"\([a-z]*\)".*/\1/p' host.log | tail -n 1
}

# What they have said, where a test fails.
evidence() {
	local file
	for file in host.log viewer.words viewer.log desk.log relay.log; do
		echo "--- $file" && tail -n 25 "$file"
	done >&6 2>/dev/null
}

leave() {
	say end
	wait_end "$viewer"
	stop "$sender"
}
# A test that fails says what they have said.
ending() {
	local code=$?
	set +e
	case $code in 0 | 77 | 130 | 143) ;; *) evidence ;; esac
	cleanup "$code"
}
trap ending EXIT
