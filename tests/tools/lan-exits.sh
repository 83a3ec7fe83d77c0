#!/usr/bin/env bash
# The exit codes of rd-recv(1) and rd-view(1) that need a network of their own: nobody is
# found there, or nobody can be asked. (All others: exits-recv.sh, exits-view.sh.)
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-lan.sh"
. "$RD_ROOT/tests/tools/lib-exits.sh"

machines lap
tool rd-recv
provoke no-mdns 'Avahi does not run' lan lap rd-recv --list
# rd-recv says it, for rd-view becomes that.
tool rd-view
provoke no-mdns 'rd-recv: hosts cannot be found: Avahi does not run' lan lap rd-view --list
avahi lap
tool rd-recv
provoke nothing 'no host announces itself' lan lap rd-recv --list
tool rd-view
provoke nothing 'rd-recv: no host announces itself' lan lap rd-view --list
