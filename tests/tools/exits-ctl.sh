#!/usr/bin/env bash
# Every exit code that rd-ctl(1) documents.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-exits.sh"
tool rd-ctl

mkfifo never
exec 8<>never
# A recorder of that name, which gets nothing; its process is then $pid.
recorder() { # name
	start sh -c 'exec rd-record --name "$1" - "$2.webm" <never' _ "$1" "$1-$RANDOM"
	wait_for answers "$pid"
}
answers() {
	[ "$(rd-ctl "$1" get tool 2>/dev/null)" = rd-record ]
}

well rd-ctl
recorder one
ends_as ok rd-ctl one
[ -s out ] && [ ! -s words ] || fail "$(cat out words)"
provoke usage 'there is no option --colour' rd-ctl --colour
provoke usage 'rd-ctl config check [FILE]' rd-ctl config frobnicate
provoke input 'Too many open files' within -n 4 rd-ctl
provoke input 'Too many open files' within -n 4 rd-ctl one --wait moved
to_full() { "$@" >/dev/full; }
provoke output 'No space left' to_full rd-ctl
provoke output 'No space left' to_full rd-ctl one
provoke timeout 'no moved in the time given' rd-ctl one --wait moved --timeout 100ms
provoke no-session 'nothing called two' rd-ctl two --wait moved --timeout 100ms
provoke no-session 'nothing called two' rd-ctl two
provoke not-done 'dance' rd-ctl one dance
provoke not-done 'read and not set' rd-ctl one set state=over
first=$pid
recorder one
lines=any provoke several "$first" rd-ctl one
stop "$pid"
start rd-ctl one --wait moved 2>waiter.words
waiter=$pid
kill -STOP "$first"
provoke not-answered 'does not answer' rd-ctl one get state
kill -CONT "$first"
stop "$first"
wait_end "$waiter"
[ "$status" -eq "$(number_of not-answered)" ] || fail "status $status: $(cat waiter.words)"

# The configuration.
echo 'defaults: {log: info}' >good.yaml
export RD_CONFIG="$PWD/good.yaml"
well rd-ctl config check
provoke unreachable 'knows no host "office"' rd-ctl config show rd-view office
mkdir alone
cp "$RD_BIN/rd-ctl" alone/
provoke command 'No such file' env PATH="$PWD/alone" "$PWD/alone/rd-ctl" config check
echo 'rd-view: {frames: many}' >odd.yaml
ends_as config rd-ctl config check odd.yaml
grep -q 'odd.yaml:1:' out && [ ! -s words ] || fail "$(cat out words)"
provoke config 'none.yaml' rd-ctl config check none.yaml
# Its options may stand before it, and a mistake in the file is what it is asked for.
for first in --json '--profile ci' "--config $PWD/odd.yaml" '--log info'; do
	# shellcheck disable=SC2086 # an option and its value
	ends_as config rd-ctl $first config check odd.yaml
	grep -q 'odd.yaml:1:' out && [ ! -s words ] || fail "$first: $(cat out words)"
done
echo 'profiles: {ci: {log: info}}' >good.yaml
well rd-ctl --json --profile ci config show rd-view
[ "$(rd-ctl --profile ci --json config show rd-view | jq -r 'select(.option == "log").value')" = info ] ||
	fail "$(rd-ctl --profile ci --json config show rd-view)"
export RD_CONFIG=

# The folder, where it is not ours alone.
chmod 755 "$XDG_RUNTIME_DIR/rd"
provoke input 'chmod 700' rd-ctl
provoke input 'chmod 700' rd-ctl one
all_provoked
