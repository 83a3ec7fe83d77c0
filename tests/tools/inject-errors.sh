#!/usr/bin/env bash
# A display that cannot be controlled says why; one that goes away while keys
# are pressed is an error, told once.
set -eu
. "${RD_ROOT:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"

start_x 640x480 -extension XTEST
rdsay 'text a' end | exits 11 rd-capture --inject 2>why
grep -q XTEST why || fail "it does not say what is missing: $(cat why)"

start_x 640x480
server=$pid
start_xkeys
say_to rdsay --inject x11 2>errors
say 'key 30 a down' 'text é'
wait_for typed aé
stop "$server"
say 'key 31 s' 'text 漢' 'pointer 1 1'
stop_saying
[ "$(grep -c 'the desktop is gone' errors)" = 1 ] || fail "not told once: $(cat errors)"
