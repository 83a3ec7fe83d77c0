#!/usr/bin/env bash
# Every exit code that rd-encode(1) documents.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-exits.sh"
. "$RD_ROOT/tests/tools/lib-streams.sh"
tool rd-encode
make_streams

encodes() { # file
	rd-encode <"$1"
}

well encodes s.rd
provoke usage 'there is no option --colour' rd-encode --colour
provoke failure 'Too many open files' within -n 4 rd-encode
provoke cut-short 'cut short' encodes cut.rd
provoke cut-short 'empty' encodes empty.rd
provoke cut-short 'signal 9' rd-encode -- sh -c 'kill -9 $$'
provoke foreign 'not an rd stream' encodes none.rd
provoke version 'version 9' encodes newer.rd
to_full() { rd-encode <s.rd >/dev/full; }
provoke output 'No space left' to_full
to_nobody() { rd-encode -- rd-capture --source test | true; return "${PIPESTATUS[0]}"; }
provoke output 'the reader of the stream is gone' to_nobody
provoke command 'no-such-command' rd-encode -- no-such-command
provoke command 'status 99' rd-encode -- sh -c 'exit 99'
from_folder() { rd-encode </; }
provoke input 'cannot read the stream' from_folder
from_nothing() { rd-encode <&-; }
provoke input 'cannot read the stream' from_nothing
provoke unsupported 'video codec is not in this build' encodes unknown.rd
starved 120000000 'no memory for the picture' encodes large.rd
all_provoked
