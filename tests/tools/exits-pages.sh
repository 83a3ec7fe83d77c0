#!/usr/bin/env bash
# Each page of a tool lists its exit codes by number and name as rd-exit(7) does, and
# has a script that provokes them: one with "tool NAME", which ends in all_provoked.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-exits.sh"

# Whose pages have no such list yet; none may be added.
pending=' rd-ctl rd-run rd-top '

exitnames >names
for page in "$RD_ROOT"/man/rd-*.1; do
	name=$(basename "$page" .1)
	case $pending in *" $name "*) continue ;; esac
	documented "$name" >codes
	grep -qx '0 ok' codes && grep -qx '2 usage' codes || fail "$page lists no exit codes (see lib-exits.sh)"
	while read -r code word; do
		[ -z "$word" ] || grep -qx "$code $word" names || fail "$page: $code is not $word"
	done <codes
	[ "$(cut -d' ' -f1 codes | sort | uniq -d)" = '' ] || fail "$page lists a code twice"
	grep -lEq "^tool $name\$|^(looks|acts) $name " "$RD_ROOT"/tests/tools/exits-*.sh ||
		fail "no tests/tools/exits-*.sh provokes the codes of $name"
done
for script in "$RD_ROOT"/tests/tools/exits-*.sh; do
	[ "$script" -ef "$RD_ROOT/tests/tools/exits-pages.sh" ] || grep -q '^all_provoked$' "$script" ||
		fail "$script does not compare what it saw with the page"
done
