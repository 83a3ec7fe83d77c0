#!/usr/bin/env bash
# What anybody on the network may announce: names that are none, hosts that are others,
# and more of them than there are. It is escaped, bounded, and believed nothing.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-lan.sh"
command -v jq >/dev/null || skip "no jq"
machines thief lap
avahi lap
print=furu-nfmv-on7t-gr5k-mxkm-6gtu-o5jj-5vit
as63=$(printf 'a%.0s' $(seq 63))

say() { # lines of mdnssay(…) on stdin
	cat >says
	[ -z "${sayer:-}" ] || stop "$sayer"
	# Not by start_on: what it puts into the background has no stdin.
	start nsenter --net="/proc/${machine_pid[thief]}/ns/net" -- setpriv --pdeathsig KILL -- \
		sh -c 'exec mdnssay 10.77.0.1 <says'
	sayer=$pid
}
lines() { # n
	list lap "${@:2}" || true
	[ "$(wc -l <list)" -eq "$1" ]
}

# Names and records.
say <<LINES
\x1b[31mred\x1b]0;x\x07	one.local	10.77.0.1	21118	txtvers=1	v=1	key=$print
$as63	two.local	10.77.0.1	21118	key=$print
caf\xc3\xa9 \xe2\x80\xae	three.local	10.77.0.1	21118	key=$print	key=aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaa
a\x0ab  known  c	four.local	10.77.0.1	21118	key=\x1b[2J	=x	key	v=99999999999
-rf	-oProxyCommand=x.local	10.77.0.1	21118	KEY=$print
spaces and; \$(touch owned)	a b;\$(touch owned).local	10.77.0.1	21119
recording	x.rd	10.77.0.1	21118	KEY=$print
LINES
wait_for lines 7
cp list plain
LC_ALL=C grep -q '[[:cntrl:]]' <(tr -d '\n' <plain) && fail "control characters: $(od -c plain)"
sed "s/PRINT/$print/; s/AS63/$as63/" <<'LINES' | diff - plain || fail "the list is another"
10.77.0.1:21118  10.77.0.1:21118  PRINT  unknown  -rf
10.77.0.1:21118  10.77.0.1:21118  PRINT  unknown  recording
10.77.0.1:21119  10.77.0.1:21119  -                                        unknown  spaces and; $(touch owned)
four.local       10.77.0.1:21118  -                                        unknown  a\x0ab  known  c
one.local        10.77.0.1:21118  PRINT  unknown  \x1b[31mred\x1b]0;x\x07
three.local      10.77.0.1:21118  PRINT  unknown  café \xe2\x80\xae
two.local        10.77.0.1:21118  PRINT  unknown  AS63
LINES
wait_for lines 7 --json
LC_ALL=C grep -q '[[:cntrl:]]' <(tr -d '\n' <list) && fail "control characters: $(od -c list)"
[ "$(jq -r .name list | LC_ALL=C grep -c .)" -ge 7 ] || fail "no JSON: $(cat list)"
jq -e -s 'map(select(.host == "four.local"))[0] | .fingerprint == null and .name == "a\nb  known  c"' list >json ||
	fail "json: $(cat list)"

# Another in the place of one we know, who even claims its key: he is refused as anywhere.
mkdir -m 700 host
desk_key=$(rd-key --config "$PWD/desk" 2>/dev/null)
desk_print=$(rd-key --config "$PWD/desk" fingerprint)
lap_key=$(rd-key --config "$PWD/of-lap" 2>/dev/null)
rd-key --config "$PWD/host" allow "$lap_key" lap 2>words
rd-key --config "$PWD/of-lap" trust desk.local "$desk_key"
start_on thief rd-send --config "$PWD/host" --json -- rd-encode -- rd-capture --source test 2>host.log
wait_for grep -q '"event":"listening"' host.log
say <<<"The desk	desk.local	10.77.0.1	21118	key=$desk_print"
wait_for lists lap '^desk\.local  *10\.77\.0\.1:21118  .*  known  *The desk$'
for option in '' --accept-new; do
	got=0
	# shellcheck disable=SC2086
	lan lap setsid -w rd-recv --config "$PWD/of-lap" --once $option desk.local >s.rd 2>words </dev/null || got=$?
	[ $got -eq 19 ] && [ ! -s s.rd ] || fail "$got: $(cat words)"
	grep -qF "$desk_print" words || fail "says: $(cat words)"
done
[ ! -e owned ] || fail "a name was run"

# More than anybody has.
for n in $(seq 600); do
	printf 'host %s\thost-%s.local\t10.77.0.1\t21118\tkey=%s\n' "$n" "$n" "$print"
done >hosts
say <hosts
wait_for lines 500 --timeout 20s
grep -q 'more hosts than 500' list.words || fail "says: $(cat list.words)"
[ "$(wc -l <list.words)" -eq 1 ] || fail "says: $(cat list.words)"
[ "$(sed 's/.*  unknown  //' list | sort -u | wc -l)" -eq 500 ] || fail "not 500 hosts"
