#!/usr/bin/env bash
# The two exit codes of rd-config(5), of every tool but rd-relay, which has a file of
# its own: a mistake in the configuration, and a profile that is not in it.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-exits.sh"
echo 'colour: red' >odd.yaml
echo 'defaults: {log: info}' >good.yaml
install -m 666 good.yaml open.yaml

configured() { # file, tool…
	RD_CONFIG="$PWD/$1" "${@:2}"
}

for page in "$RD_ROOT"/man/rd-*.1; do
	name=$(basename "$page" .1)
	[ "$name" != rd-relay ] || continue
	tool "$name"
	documented "$name" | grep -qx '44 config' && documented "$name" | grep -qx '45 profile' ||
		fail "$page: no line \".It 44 Cm config , 45 Cm profile\""
	provoke config 'odd.yaml:1:1: there is no "colour" here' configured odd.yaml "$name"
	provoke config 'open.yaml: other users may write it' configured open.yaml "$name"
	provoke config 'none.yaml' configured none.yaml "$name"
	provoke profile 'there is no profile "none"' configured good.yaml "$name" --profile none
done
