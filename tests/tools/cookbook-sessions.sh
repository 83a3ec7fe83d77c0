#!/usr/bin/env bash
# The cookbook's sessions: by keys between two machines, and by a relay and a code.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-cookbook.sh"
at_home
unset RD_RELAY RD_PASSWORD

# Three people with keys of their own: build1 and kiosk are hosts.
xsetroot -solid '#204060'
over_ssh build1 laptop kiosk
key_of() {
	as "$1" rd-key 2>/dev/null
}
for who in build1 laptop kiosk ann; do key_of "$who" >"$who.key"; done

# What goes on while others run: its words are in ./NAME.err.
beside() { # NAME
	mv err "$1.err"
	side=$dish
}
side_ends() { # status…
	dish=$side
	served "$@"
}

with="s/rd:KEY/$(cat laptop.key)/"
as build1 cook <<'L'
rd-key allow rd:KEY laptop
L
as build1 cook <<'L'
rd-key allow "$(ssh laptop rd-key)" laptop
L
with="s/rd:KEY/$(cat ann.key)/"
as build1 cook <<'L'
rd-key allow rd:KEY Ann --view-only --expires 2027-01-31
L
[ "$(grep -c 'rd:' build1/rd/authorized_keys)" -eq 2 ] || fail "$(cat build1/rd/authorized_keys)"
with="s/rd:KEY/$(cat build1.key)/"
as laptop cook <<'L'
rd-key trust build1 rd:KEY
L
with=
as laptop cook <<'L'
rd-key trust build1 "$(ssh build1 rd-key)"
L

listens() {
	ss -Hlun 'sport = 21118' | grep -q .
}
viewed() { # a window of rd-view, by its title
	wait_for a_window "^$1 - direct"
}

as build1 simmer <<'L'
rd-send -- rd-encode -- rd-capture
L
beside build1
wait_for listens
as laptop simmer <<'L'
rd-view build1
L
viewed build1
served
# In its words: the stream, for as long as the host is there.
as laptop simmer <<'L'
rd-recv --once build1 > s.rd
L
wait_for grown s.rd 1000
served 0 130
rd-view --to hash s.rd >hashes
grep -q 640x480 hashes || fail "no picture"
side_ends 0

for how in shared plain; do
	case $how in
	shared)
		as build1 simmer <<'L'
rd-send --shared -- rd-encode -- rd-capture
L
		;;
	plain)
		as build1 simmer <<'L'
rd-capture | rd-encode | rd-send | rd-capture --inject
L
		;;
	esac
	beside build1
	wait_for listens
	as laptop exits 0 rd-shot -o shot.png build1
	is_picture shot.png
	side_ends 0
done

as laptop rd-key trust kiosk "$(cat kiosk.key)"
as kiosk rd-key allow "$(cat laptop.key)" laptop
cp laptop/rd/identity key
as kiosk start rd-send -- rd-encode -- rd-capture
kiosk=$pid
wait_for listens
as laptop simmer <<'L'
rd-recv kiosk --identity-fd 3 --timeout 20s 3<key | rd-record --duration 10m r.webm
L
wait_for test -s r.webm
served 0
plays r.webm
stop "$kiosk"
