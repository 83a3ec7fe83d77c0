#!/usr/bin/env bash
# Every exit code that rd-clip(1) documents, but those of hosts, which are rd-recv's.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-exits.sh"
. "$RD_ROOT/tests/tools/lib-streams.sh"
make_streams
nameless() { env -u DISPLAY HOME="$TMPDIR" "$@"; }

start_server Xvfb -screen 0 320x200x24 -extension XTEST
without=$DISPLAY
start_x
tool rd-clip
provoke clipboard-empty 'nothing is in that clipboard' rd-clip get
put() { printf '%b' "$1" | rd-clip put "${@:2}"; }
well put text
well rd-clip types
well rd-clip get
provoke clipboard-empty 'no image/png is in that clipboard' rd-clip get -t png
provoke clipboard-empty 'no image/png is in that clipboard' rd-clip get -t png --json
provoke usage 'what is to be done' rd-clip
provoke usage 'there are rd-clip get, put and types' rd-clip paste
provoke usage 'belong to rd-clip put' rd-clip get --wait
provoke usage 'belongs to get and put' rd-clip types -t png
provoke usage 'a type is text' rd-clip get -t jpeg
provoke usage 'a size is a number' rd-clip get --clipboard-max 2G
provoke usage 'there is no option --colour' rd-clip get --colour
provoke failure 'Too many open files' within -n 4 rd-clip get ./s.rd
provoke cut-short 'empty' rd-clip get ./empty.rd
provoke foreign 'not an rd stream' rd-clip get ./none.rd
provoke version 'version 9' rd-clip get ./newer.rd
provoke no-display 'rd-capture: cannot inject input: no X server answers' rd-clip get --display :64999
provoke choose 'rd-capture: cannot inject input: DISPLAY is not set' nameless rd-clip get
to_full() { rd-clip get >/dev/full; }
provoke output 'No space left' to_full
provoke command 'not found' rd-clip get -- no-such-command
provoke command 'status 7' rd-clip get -- sh -c 'exit 7'
provoke input 'no UTF-8' put 'a\0377b'
provoke input 'No such file' rd-clip get ./no.rd
no_test() { DISPLAY=$without "$@"; }
provoke unsupported 'rd-capture: ' no_test rd-clip get
provoke clipboard-refused 'not shared with us to be read' rd-clip get ./s.rd
provoke clipboard-refused 'not shared with us to be filled' put x -- rd-encode -- rd-capture --clipboard to-viewer
provoke clipboard-large 'more than 3 bytes' put text --clipboard-max 3
provoke clipboard-large 'too large' rd-clip get --clipboard-max 3
provoke clipboard-large 'too large' put text -- rd-encode -- rd-capture --clipboard-max 3
# What says that it has a clipboard, and then nothing.
provoke timeout 'within the time of --timeout' rd-clip get --timeout 300ms -- peer deaf.log hello:clip sleep:60000
provoke cut-short 'ended before that was done' rd-clip get -- peer gone.log hello:clip end:0
all_provoked
