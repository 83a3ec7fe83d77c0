# Sourced after lib.sh by the tests of the session's model, tests/model/session.pml.
#
#	holds NAME -D…	spin finds no fault in any of its states
#	fails CHECK WHAT -D…	with -DCHECK, which takes a check out of it, it does
# shellcheck shell=bash disable=SC2034

# Nothing of what is compiled here is ours: once is enough.
[ -z "$RD_SAN" ] || skip "the model is the same under sanitizers"
command -v spin >/dev/null || skip "no spin"

search() { # name, -D…: every state, into $1/log
	mkdir "$1"
	cp "$RD_ROOT/tests/model/session.pml" "$1"
	(
		cd "$1"
		shift
		spin "$@" -a session.pml
		gcc -O1 -w -DSAFETY -DNOREDUCE -DCOLLAPSE -DMEMLIM=900 -o pan pan.c
		./pan -m100000
	) >"$1/log" 2>&1 || true
}

tell() { # name, -D…: how it came to the error
	local name=$1
	shift
	(cd "$name" && spin "$@" -k session.pml.trail -t session.pml | grep -v ' = ' | head -80)
	cat "$name/log"
}

holds() { # name, -D…
	search "$@"
	if ! grep -q 'errors: 0$' "$1/log" || grep -qi 'warning\|too small\|not completed' "$1/log"
	then
		tell "$@"
		fail "$1: the model has a fault, or was not searched whole"
	fi
	# "unreached in proctype world" lists what no state led to
	! grep -q -- '-end-' "$1/log" || fail "$1: no good end is ever reached"
	sed -n "s/^ *\([0-9.e+]*\) states, stored$/$1: \1 states/p" "$1/log"
	rm -r "$1"
}

fails() { # check, what spin must find violated, -D…
	local check=$1 what=$2
	shift 2
	search "$check" "-D$check" "$@"
	grep -qF "assertion violated $what" "$check/log" ||
		{ cat "$check/log"; fail "without the check, spin does not find it: $check"; }
	echo "$check: found"
	rm -r "$check"
}

open='-DSESSIONS=3 -DROUNDS=8'
both='-DBOTH -DSESSIONS=4 -DROUNDS=8'
rekey='-DSTANDING -DREKEYS=2 -DSENDS=3'
roam='-DSTANDING -DMOVES=3'
all='-DSTANDING -DREKEYS=1 -DMOVES=1'
early='-DSESSIONS=2 -DMOVES=1 -DROUNDS=8'
relay='-DLIVES_ELSEWHERE -DSTANDING -DSESSIONS=2 -DMOVES=1 -DROUNDS=8'
