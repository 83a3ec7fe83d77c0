#!/usr/bin/env bash
# What is typed here arrives there, whatever the layouts: every printable key of
# two with four characters on most, and every dead key, on six, in a terminal.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
. "$RD_ROOT/tests/tools/lib-keyboard.sh"

# No more at a time than there are spare keys: see inject-text.sh.
begin_keyboards
whole_table text 10 de fr
close_session
