#!/usr/bin/env bash
# Mistakes on the command line are told at once, not when a viewer comes.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"

says() { # code, words, command…
	local code=$1 words=$2
	shift 2
	exits "$code" "$@" >out 2>told </dev/null
	[ "$(wc -l <told)" -eq 1 ] && grep -q -- "$words" told || fail "$*: $(cat told)"
	[ ! -s out ] || fail "$*: wrote to stdout"
}

export XDG_CONFIG_HOME=$PWD
says 9 'no-such-command: no such command' rd-send --listen 127.0.0.1:0 -- no-such-command
says 9 'no-such-hook' rd-send --listen 127.0.0.1:0 --on-connect 'no-such-hook -x' -- rd-capture
says 2 'follows a "=": --lock-on-end=/tmp/lock.sh$' rd-send --lock-on-end /tmp/lock.sh -- rd-capture
says 2 'follows a "=": --blank=must$' rd-capture --blank must
says 2 '"must" is not an option: a command goes after --$' rd-send --blank=try must -- rd-capture
says 2 'names no command' rd-send --on-connect ' ' -- rd-capture
says 2 'leave no way in' rd-send --no-udp --no-tcp -- rd-capture
says 2 '\[address\]:port' rd-send --listen ::::x -- rd-capture
says 2 'no such descriptor' rd-recv --password-fd 9 localhost
says 2 'no such descriptor' rd-recv --identity-fd 9 localhost
says 2 'one host' rd-recv one two
