#!/usr/bin/env bash
# Every exit code that rd-view(1) documents; those of hosts are rd-recv's.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-exits.sh"
. "$RD_ROOT/tests/tools/lib-streams.sh"
unset DISPLAY WAYLAND_DISPLAY SDL_VIDEODRIVER
tool rd-view
make_streams
peer -w hello end:0 >blank.rd
view=(rd-view --to null)

well "${view[@]}" s.rd
provoke usage 'there is no option --colour' "${view[@]}" --colour s.rd
provoke failure 'no picture' rd-view --to png:none.png blank.rd
provoke failure 'Too many open files' within -n 4 "${view[@]}" s.rd
provoke cut-short 'cut short' "${view[@]}" cut.rd
provoke cut-short 'empty' "${view[@]}" empty.rd
provoke foreign 'not an rd stream' "${view[@]}" none.rd
provoke version 'version 9' "${view[@]}" newer.rd
provoke no-display 'set DISPLAY' rd-view s.rd
provoke no-display 'set DISPLAY' env DISPLAY=:64999 rd-view s.rd
to_full() { rd-view --to hash s.rd >/dev/full; }
provoke output 'No space left' to_full
to_nobody() {
	rd-view --to hash -- rd-capture --source test | head -n 1 >/dev/null
	return "${PIPESTATUS[0]}"
}
provoke output 'the reader of standard output is gone' to_nobody
provoke output 'no/such/folder' rd-view --to png:no/such/folder.png s.rd
provoke command 'not found' "${view[@]}" -- no-such-command
provoke command 'status 7' "${view[@]}" -- sh -c 'exit 7'
provoke input 'No such file' "${view[@]}" ./no.rd
provoke unsupported 'video codec is not in this build' "${view[@]}" unknown.rd
starved 120000000 'no memory for the picture' "${view[@]}" large.rd
provoke timeout '--timeout' "${view[@]}" --timeout 50ms -- sleep 60

elsewhere lan-exits no-mdns nothing
all_provoked

# What the tool below says is passed on, and said once.
provoke unreachable 'rd-recv: ' "${view[@]}" --config "$PWD/viewer" 127.0.0.1:9
