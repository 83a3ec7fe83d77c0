#!/usr/bin/env bash
# Every exit code that rd-share(1) documents: it is rd-send with less to say.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"
. "$RD_ROOT/tests/tools/lib-exits.sh"
# What it says besides the reason is for its owner: not one line.
lines=any
mkdir -m 700 none
tool rd-share
help_to_full() { "$@" --help >/dev/full; }
ended_as() { # code
	wait_end "$host"
	[ "$status" -eq "$(number_of "$1")" ] || fail "rd-share: status $status, not $1: $(cat host.log)"
	seen "$1"
}

relay_up
host_knows
stop "$relay_pid"
shares() {
	rm -f host.log
	start rd-share --config "$host_dir" --json --no-ask "$@" 2>host.log </dev/null
	host=$pid
}
rd_share() { rd-share --config "$host_dir" --no-ask "$@"; }
provoke usage 'a code needs a relay' rd-share --config none --no-ask
provoke output 'stdout' help_to_full rd-share
provoke relay 'cannot be reached' rd_share --relay 127.0.0.1:9
relay_up
provoke not-admitted 'does not serve this host' rd-share --config none --no-ask --relay "$relay"
shares
wait_for event host.log code
kill -TERM "$host"
ended_as ok
shares --once --code-life 0.3
ended_as code-expired
shares --once
wait_for has_code
code=$relay/$(sed -n 's/.*"event":"code".*"code":"\([^"]*\)".*/\1/p' host.log)
for _ in 1 2 3; do view_refused code 'code is wrong' "$(wrong_words)"; done
ended_as code-burnt
mkdir few
for p in sh sed dirname; do ln -s "$(command -v $p)" few/; done
virtual() { rd-share --config "$host_dir" --no-ask --virtual 320x200 "$@"; }
bare() { PATH="$RD_BIN:$PWD/few" virtual "$@"; }
provoke display 'rd-run: there is no Xvfb' bare -- sh -c :
provoke window-manager 'rd-run: --wm: false ended at once' virtual --wm=false
lines=any
provoke desktop 'rd-run: the desktop has ended with status 3' virtual -- sh -c 'exit 3'
all_provoked
