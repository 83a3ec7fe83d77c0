# Sourced by the tests of config.yaml, after lib.sh: a folder of their own that has it.
#
#	config TEXT…	config.yaml is these lines
#	says TEXT CMD…	the command fails, and its one line is that; $dir stands for the folder
#	value OPTION TOOL [ARG…]	prints the value that counts, and from where
# shellcheck shell=bash
dir="$PWD/xdg/rd"
mkdir -p "$dir"
chmod 700 "$dir"
export XDG_CONFIG_HOME="$PWD/xdg"
unset RD_CONFIG

config() {
	printf '%s\n' "$@" >"$dir/config.yaml"
}

says() { # line, status, command…
	local want=$1 code=$2 got=0
	shift 2
	"$@" >/dev/null 2>words </dev/null || got=$?
	[ "$got" -eq "$code" ] || fail "status $got instead of $code: $*: $(cat words)"
	[ "$(cat words)" = "$want" ] || fail "$(cat words) instead of $want"
}

value() { # option, tool, argument…
	local option=$1
	shift
	"$@" --configuration show | awk -F '\t' -v o="$option" '$1 == o { print $2 " (" $3 ")" }'
}

expect() { # value, option, tool, argument…
	local want=$1 got
	shift
	got=$(value "$@")
	[ "$got" = "$want" ] || fail "$*: '$got' instead of '$want'"
}
