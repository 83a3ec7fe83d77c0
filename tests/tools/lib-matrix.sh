# The matrix: which way two machines find to each other, by the types of their
# NATs. Sourced after lib-meet.sh.
#
#	outcome HOST VIEWER	direct, predicted, birthday, relay or relay-tls
#	meet HOST VIEWER [OUTCOME]	one cell, with picture and key press; sets $got, and in
#				milliseconds from the viewer's start $first_ms (picture)
#				and $direct_ms (direct path; nothing: none)
# shellcheck shell=bash disable=SC2034,SC2154

readonly TYPES='FC ADR PRC PRCx ADM SEQ RND BLK'
# Rows: the host's; columns: the viewer's. D direct, P predicted, B birthday, R by
# the relay, T by the relay and TLS.
declare -A row=(
	[FC]='D D D D D D D T'
	[ADR]='D D D D D D D T'
	[PRC]='D D D D B P B T'
	[PRCx]='D D D D B P B T'
	[ADM]='D D B B R R R T'
	[SEQ]='D D P P R P R T'
	[RND]='D D B B R R R T'
	[BLK]='T T T T T T T T'
)
declare -A outcome_name=([D]=direct [P]=predicted [B]=birthday [R]=relay [T]=relay-tls)
got=
first_ms=
direct_ms=

outcome() { # host's type, viewer's type
	local type letters
	read -ra letters <<<"${row[$1]}"
	for type in $TYPES; do
		[ "$type" != "$2" ] || echo "${outcome_name[${letters[0]}]}"
		letters=("${letters[@]:1}")
	done
}

# At least as good as stated: what the relay has to carry in most hours of a day may
# find a direct path in one, and nobody minds. Who may foretell a port does, also
# where he need not; but where one can be known none is searched for.
arrived() { # outcome
	case $(way) in
	direct | predicted) [ "$1" != relay-tls ] ;;
	birthday) [ "$1" = birthday ] || [ "$1" = relay ] ;;
	relay) [ "$1" = relay ] ;;
	relay-tls) [ "$1" = relay-tls ] ;;
	*) false ;;
	esac
}

meet() { # host's type, viewer's type, outcome
	local begun wanted=${3:-$(outcome "$1" "$2")}
	nat host "$1"
	nat viewer "$2"
	host_up
	begun=${EPOCHREALTIME/./}
	comes
	wait_for sees_desk
	presses 30
	wait_for arrived "$wanted"
	presses 31
	got=$(way)
	! grep -Eh '"event":"(connected|moved)".*"how":"given"' host.log viewer.words ||
		fail "a path that was found is called given"
	first_ms=$(since "$begun" "$(sed -n 's/^first //p' viewer.log)")
	direct_ms=$(since "$begun" "$(direct_at)")
	leave
}

direct_at() {
	sed -n '/"path":"direct"/ s/.*"time":\([0-9.]*\).*/\1/p' viewer.words | head -n 1
}

since() { # microseconds, seconds with three decimals or nothing
	[ -z "$2" ] || echo $((${2/./} - $1 / 1000))
}

# All cells of these rows, each row in a lab of its own and side by side.
rows() { # host's type…
	local host type cells lanes=()
	for host; do
		cells=()
		for type in $TYPES; do cells+=("$host-$type"); done
		mkdir -p "$host/run"
		start env -C "$host" TMPDIR="$PWD/$host" XDG_RUNTIME_DIR="$PWD/$host/run" \
			"$RD_ROOT/tests/lab/cells" "${cells[@]}" >"$host.cells" 2>"$host.words"
		lanes+=("$pid")
	done
	for host; do
		WAIT_S=170 wait_end "${lanes[0]}"
		cat "$host.cells"
		[ "$status" -eq 0 ] || { cat "$host.words" && fail "row $host: status $status"; }
		lanes=("${lanes[@]:1}")
	done
}

# A session that is looked at while things change around it:
#
#	begins TYPE OUTCOME	both behind NATs of that type, connected that way
#	ends WHAT CODE…		nobody had to log in again, and of keys exactly these
#				came, in this order; WHAT is said where that is not so
begins() { # type, outcome
	nat host "$1"
	nat viewer "$1"
	host_up
	comes
	wait_for sees_desk
	presses 30
	wait_for arrived "$2"
}

ends() { # what was the matter, code…
	local what=$1 logins
	shift
	logins=$(grep -c '"event":"granted"' host.log)
	[ "$logins" -eq 1 ] || fail "$what: $logins logins instead of one"
	printf '%s\n' "$@" >pressed
	awk '$1 == "key" && $4 == 1 { print $2 }' desk.log | cmp -s pressed - ||
		fail "$what: keys: $(grep ^key desk.log | tr '\n' ',') instead of $*"
	leave
}
