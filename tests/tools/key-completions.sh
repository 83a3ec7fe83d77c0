#!/usr/bin/env bash
# What rd-key prints for the shells completes its options and files.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"

rd-key --completion bash >rd-key.bash
touch somebody.pub
offers() { # expected, words…
	local got expected=$1
	shift
	# shellcheck disable=SC2016 # expanded by the bash started here
	got=$(bash --norc -c '. ./rd-key.bash
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _rd_key; printf "%s\n" "${COMPREPLY[@]}"' _ "$@" |
		sort | tr '\n' ' ')
	[ "$got" = "$expected" ] || fail "$* is completed with '$got' instead of '$expected'"
}
offers '--view-only ' rd-key allow --view
offers '--password-fd ' rd-key password --passw
offers '--no-clipboard --no-clipboard-in --no-clipboard-out --no-config ' rd-key allow --no-c
offers 'somebody.pub ' rd-key fingerprint some
offers 'run ' rd-key --config ru

if have fish; then
	rd-key --completion fish >rd-key.fish
	got=$(fish --no-config -c 'source rd-key.fish; complete -C "rd-key allow --view"' | cut -f 1)
	[ "$got" = --view-only ] || fail "fish: $got"
fi
if have zsh; then
	rd-key --completion zsh >_rd-key
	zsh -n _rd-key || fail "zsh cannot read it"
fi
