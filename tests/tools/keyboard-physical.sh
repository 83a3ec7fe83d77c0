#!/usr/bin/env bash
# The key that is pressed here is pressed there, in six layouts on either side:
# every printable key and dead key arrives in a terminal as the host's has it.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
. "$RD_ROOT/tests/tools/lib-keyboard.sh"

begin_keyboards --keyboard physical
whole_table physical 1000 "${all_layouts[@]}"
close_session
