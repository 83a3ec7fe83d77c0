#!/usr/bin/env bash
# The key that is pressed here is pressed there, in six layouts on either side:
# every printable key and dead key arrives in a terminal as the host's has it.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
. "$RD_ROOT/tests/tools/lib-keyboard.sh"

begin_keyboards --keyboard physical
whole_table physical 1000 "${all_layouts[@]}"

# Compose is the host's; and the modes change while it runs.
layouts_are de us
on_host setxkbmap us -option compose:menu
press +135 -135 +48 -48 +26 -26 +29 -29
arrives 'Compose of the host' éy
press +37 +64 +50 +45 -45 -50 -64 -37 +29 -29 +49 -49 +26 -26
arrives 'text after physical' zê
press +37 +64 +50 +45 -45 -50 -64 -37 +29 -29 +49 -49
arrives 'physical after text' 'y`'
close_session
