#!/usr/bin/env bash
# What rd-ctl prints of names for a terminal is no order to it; and of an encoder
# whose source never rests it says that it encodes.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"

name=$(printf 'a\033[31mb\007')
mkfifo film
# Each opens its end itself: that waits for the other.
start sh -c 'exec rd-capture --source test --size 64x48 --frames 1000000000 >film 2>capture.log'
start sh -c 'exec rd-encode --name "$1" <film >/dev/null 2>encode.log' sh "$name"
listed() {
	rd-ctl --json | jq 'select(.tool == "rd-encode" and .state == "encoding")' >encoder
	[ -s encoder ]
}
wait_for listed
encoder=$(jq .pid encoder)
[ "$(jq -r .name encoder | od -An -tx1 | tr -d ' \n')" = 611b5b33316d62070a ] || fail "the name: $(cat encoder)"
rd-ctl >list
LC_ALL=C grep -q '[^[:print:]]' list && fail "for a terminal: $(cat -v list)"
grep -qF 'a\x1b[31mb\x07' list || fail "lists: $(cat -v list)"

# Between two pictures nothing is said to be unknown that is known.
for i in $(seq 20); do
	rd-ctl --json "$encoder" >values
	jq -e '.state == "encoding" and .width == 64 and .height == 48' values >/dev/null ||
		fail "while it encodes, time $i: $(cat values)"
done

# Where several are meant, too.
mkfifo never
exec 8<>never
start sh -c 'exec rd-encode --name "$1" <never >/dev/null 8>&-' sh "$name"
both() { [ "$(rd-ctl --json | wc -l)" -eq 2 ]; }
wait_for both
exits 41 rd-ctl "$name" 2>words
LC_ALL=C grep -q '[^[:print:]]' words && fail "for a terminal: $(cat -v words)"
rd-ctl "$encoder" end

# Nor is what lies beyond ASCII: C1 controls, marks of direction, bytes that are no UTF-8.
printf -v turned 'c\302\23331md\342\200\256e'
printf -v broken 'f\377\376g'
for name in "$turned" "$broken" --config=x; do
	start sh -c 'exec rd-encode "--name=$1" <never >/dev/null 8>&-' sh "$name"
done
all() { [ "$(rd-ctl --json | wc -l)" -eq 4 ]; }
wait_for all
harmless() { # command…
	"$@" >said 2>&1 || fail "$*: $(cat -v said)"
	LC_ALL=C grep -q '[^[:print:]]' said && fail "$* for a terminal: $(cat -v said)"
	return 0
}
harmless rd-ctl
harmless rd-ctl "$turned"
harmless rd-ctl --json "$turned"
[ "$(jq -r .name said)" = "$turned" ] || fail "its name: $(cat -v said)"
harmless rd-ctl --json "$turned" get name
harmless sh -c 'rd-ctl "$1" dance 2>&1 || true' sh "$turned"
harmless sh -c 'rd-ctl --json | grep 31m' sh
rd-ctl --json | jq -e 'select(.name == "f\ufffd\ufffdg")' >/dev/null || fail "one is not listed"
[ -z "$(rd-ctl words sessions)" ] || fail "is offered: $(rd-ctl words sessions | cat -v)"
