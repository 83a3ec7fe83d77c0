#!/usr/bin/env bash
# What keeps a viewer out has an exit code and a line of its own.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-recv.sh"

serve --max-viewers 1 -- rd-encode -- rd-capture --source test --size 64x64
know

# The host does not know us; its owner is told by us what to type there.
refused refused "rd-key allow $viewer_key" recv
eval "$(grep -o "rd-key allow rd:[A-Za-z0-9_-]*" words | sed "s|rd-key|& --config $at_host|") viewer"
grep -q "$viewer_key viewer" "$at_host/authorized_keys" || fail "the command does not mend it"
start setsid -w rd-recv "$at" >s.rd 2>first.words </dev/null
first=$pid
wait_for test -s s.rd

refused busy 'as many viewers' recv
refused right 'may not' recv --service shell

# Removed while it watches.
rd-key --config "$at_host" remove viewer
wait_end "$first"
exitnames | grep -qx "$status expired" || fail "removed, and: $status $(cat first.words)"
refused refused 'rd-key allow' recv

# The host ends: said once.
rd-key --config "$at_host" allow "$viewer_key" viewer
start setsid -w rd-recv --once "$at" >again.rd 2>again.words </dev/null
again=$pid
wait_for test -s again.rd
stop "$host"
wait_end "$again"
grep -qx 'rd-recv: .*: the host is shutting down' again.words || fail "$status: $(cat again.words)"

# Nobody there.
refused unreachable "port $port" recv --tcp
refused unreachable 'no address' setsid -w rd-recv no-such-host.invalid
refused timeout 'timeout' recv --udp --timeout 300ms

# Our own key.
chmod 644 "$keys/identity"
refused identity 'chmod 600' recv
chmod 600 "$keys/identity"
echo nonsense >broken
refused identity 'damaged' recv --identity-fd 5 5<broken
refused identity 'no such file' recv --identity "$PWD/none"
chmod 666 "$keys/known_hosts"
refused identity 'chmod 600' recv
