#!/usr/bin/env bash
# The same as keyboard-*.sh into a program of GTK, which has ways of its own with
# keys and dead keys: each layout to and from the next, in both modes.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
. "$RD_ROOT/tests/tools/lib-keyboard.sh"
for tool in netsurf-gtk xclip; do command -v $tool >/dev/null || skip "no $tool"; done

reader=entry
begin_keyboards --name keys
# Control-L: to the line of the address
press +37 +46 -46 -37
ring keys
close_session
