#!/usr/bin/env bash
# Whom the viewer takes for the host: the key it knows, or is given, or is told
# to take; another is refused, and the line that says so has the command that
# mends it, to the letter.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-recv.sh"

serve -- rd-encode -- rd-capture --source test --size 64x64 --frames 3
admit
known="$keys/known_hosts"

# Not known, nobody to ask.
refused unknown-host "rd-key trust $at $host_key" recv
[ ! -s "$known" ] || fail "it was remembered"
eval "$(grep -o "rd-key trust $at rd:[A-Za-z0-9_-]*" words)"
recv >s.rd || fail "the command does not mend it: $(cat words)"

# Taken without asking, once; from then on it is known.
rd-key forget "$at"
recv --accept-new >s.rd || fail "--accept-new: $(cat words)"
grep -q "^$at $host_key accepted " "$known" || fail "not remembered: $(cat "$known")"
recv >s.rd || fail "known, and not joined: $(cat words)"

# Given on the command line, either way.
rd-key forget "$at"
recv --host-key "$host_key" >s.rd || fail "--host-key: $(cat words)"
rd-key forget "$at"
setsid -w rd-recv "$host_key@$at" >s.rd 2>words </dev/null || fail "KEY@HOST: $(cat words)"
refused host-key "$(rd-key fingerprint "$host_key")" recv --host-key "$viewer_key"

# Another than the one we know: no option lets it pass, and both are named.
other=$(key_of other)
rd-key trust "$at" "$other" --replace
for option in '' --accept-new; do
	# shellcheck disable=SC2086
	refused host-key "rd-key trust --replace $at $host_key" recv $option
	grep -qF "$(rd-key fingerprint "$other")" words || fail "the old one is not named: $(cat words)"
	grep -qF "$(rd-key fingerprint "$host_key")" words || fail "the new one is not named: $(cat words)"
done
eval "$(grep -o "rd-key trust --replace $at rd:[A-Za-z0-9_-]*" words)"
recv >s.rd || fail "the command does not mend it: $(cat words)"

# At a terminal a person compares.
rd-key forget "$at"
at_terminal sh -c "rd-recv $at >s.rd"
prompted 1 "$(rd-key fingerprint "$host_key")"
types maybe
prompted 1 'Please type yes or no'
types yes
wait_for terminal_says 'status 0'
grep -q "^$at $host_key asked " "$known" || fail "not remembered: $(cat "$known")"
stop "$pid"
rd-key forget "$at"
at_terminal sh -c "rd-recv $at >s.rd"
prompted 1 'yes/no'
types no
wait_for terminal_says 'status 20'
[ ! -s "$known" ] || ! grep -q "$at" "$known" || fail "refused and remembered"
stop "$pid"
