#!/usr/bin/env bash
# Whoever may not come in is told so, each with its own line and exit status:
# unknown, expired, from elsewhere, without the desktop, wrong password, wrong
# code, a service there is not, one viewer too many.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"

producer=(rd-capture --source test --size 64x48)
for who in stranger late elsewhere files first second; do person $who; done
admit late --expires 2020-01-01
admit elsewhere --from 192.0.2.0/24
admit files --no-desktop --service files
admit first
admit second

refused() { # exit status, what the viewer's line says, name, argument…
	local code=$1 text=$2 who=$3
	shift 3
	exits "$code" recv "$who" "$@" >"$who.out" 2>"$who.words" </dev/null
	grep -qF -- "$text" "$who.words" || fail "$who is told: $(cat "$who.words")"
	[ ! -s "$who.out" ] || fail "$who got something"
}

host_up --max-viewers 1 -- "${producer[@]}"
refused 16 'does not know your key' stranger
grep -qF "rd-key allow $(key_of stranger)" stranger.words || fail "no command that mends it: $(cat stranger.words)"
wait_for event refused '"why":"refused".*rd-key allow'
refused 18 'expired' late
wait_for event refused '"name":"late".*"why":"expired"'
refused 16 'not allowed from this address' elsewhere
refused 17 'may not see the desktop' files
refused 17 'no service "files"' first --service files

watch first
wait_for saw first '^frame'
refused 24 'as many viewers' second
say first end
gone "$viewer" 0
# The place is free again.
watch second
wait_for saw second '^frame'
say second end
gone "$viewer" 0

# A list that others may write lets nobody in.
chmod 666 "$hostdir/authorized_keys"
refused 16 'list of keys cannot be used' first
chmod 600 "$hostdir/authorized_keys"

# A password, set while the host runs; the key may be a stranger's.
printf 'orbit cactus lamp\n' | rd-key --config "$hostdir" password --password-fd 0
with_password() { # name, password, argument of rd-recv…
	local who=$1 text=$2
	shift 2
	RD_PASSWORD="$text" recv "$who" "$@"
}
wrong() {
	exits 21 with_password stranger 'orbit cactus lump' >stranger.out 2>stranger.words </dev/null
	[ ! -s stranger.out ] || fail "a wrong password got something"
}
wrong
person guest
frames_with() { with_password guest 'orbit cactus lamp' | rd-view --to hash --frames 1 - >guest.out 2>guest.words; }
wait_for frames_with
[ -s guest.out ] || fail "the password lets nobody in"
wait_for event granted
event connected '"by":"password"' || fail "$(cat host.log)"
stop "$sender"

# --no-introduce: a stranger does not learn our key; who has it comes in. (A
# password that is set makes itself known, so there is none now.)
rd-key --config "$hostdir" password --remove
host_up --no-introduce -- rd-capture --source test --size 64x48 --frames 2
person new
admit new
exits 13 recv new --timeout 1 >new.rd 2>new.words
[ ! -s new.rd ]
rd-recv --config "$TMPDIR/of-new" --once "$(rd-key --config "$hostdir" 2>/dev/null)@127.0.0.1:$port" >new.rd
[ -s new.rd ]
