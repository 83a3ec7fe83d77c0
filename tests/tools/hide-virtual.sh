#!/usr/bin/env bash
# What rd-capture's section of config.yaml hides is hidden on the desktop of rd-share --virtual, too:
# rd-run, which makes that, reads no configuration, and all it starts does.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"
. "$RD_ROOT/tests/tools/lib-run.sh"
unset RD_CONFIG
host_dir="$XDG_CONFIG_HOME/rd"
mkdir -p "$XDG_CONFIG_HOME"
. "$RD_ROOT/tests/tools/lib-virtual.sh"

shows() { # colour, argument of rd-share…
	local colour=$1
	shift
	mark
	: >host.log
	start "$share" "$@" --json --no-ask --virtual 640x480 --wm=twm -- \
		sh -c "xsetroot -solid '#ff8000'; exec sleep 1000" 2>host.log </dev/null
	host=$pid
	wait_for has_code
	code=$relay/$(sed -n 's/.*"event":"code".*"code":"\([^"]*\)".*/\1/p' host.log)
	view_it "viewer-$colour"
	seen() { say pixel 50 60; grep -q "^pixel 50 60 $colour" "$log"; }
	wait_for seen
	say end
	wait_end "$viewer"
	kill "$host"
	wait_end "$host"
	clean_now
}
printf '%s\n' 'rd-capture:' '  hide: 100x100+0+0' >"$host_dir/config.yaml"
shows 404040
# And what it would be without; keys are in the same folder.
mv "$host_dir/config.yaml" "$host_dir/none.yaml"
shows ff8000
