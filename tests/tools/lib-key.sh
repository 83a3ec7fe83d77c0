# Sourced by the key-*.sh scripts after lib.sh: a configuration folder of the
# test's own, and keys of others that are made in folders of their own.
#
#	key_of NAME	the public key of somebody called so
#	refused CODE TEXT CMD…	ends with that exit code and one line that has the text
#	at_terminal CMD…	runs it at a terminal; what it shows goes to the file
#			`typed`, its exit status in the end as "status N"
#	types TEXT	types it there, with return, once the prompt is shown
#	prompted N TEXT	waits until the N-th prompt with that text is shown
# shellcheck shell=bash disable=SC2034
export XDG_CONFIG_HOME="$TMPDIR/config" HOME="$TMPDIR"
keys="$XDG_CONFIG_HOME/rd"
umask 022

key_of() {
	rd-key --config "$TMPDIR/of-$1" 2>/dev/null
}

refused() { # code, text, command…
	local code=$1 text=$2
	shift 2
	exits "$code" "$@" 2>words >out </dev/null
	[ "$(wc -l <words)" -eq 1 ] || fail "$*: not one line: $(cat words)"
	grep -qF -e "$text" words || fail "$*: says: $(cat words)"
	[ ! -s out ] || fail "$*: wrote to stdout: $(cat out)"
}

at_failure() {
	[ ! -s typed ] || tail -n 20 typed
}

at_terminal() {
	command -v script >/dev/null || skip "no script"
	rm -f keyboard typed
	mkfifo keyboard
	: >typed
	exec 7<>keyboard
	# shellcheck disable=SC2016 # expanded by the shell started here
	start sh -c 'exec script -qfec "$1" typed <keyboard >screen 7>&-' _ \
		"$(sh_words "$@"); echo status \$?"
}

has_prompts() { # n, text
	[ "$(grep -aoF -e "$2" typed | wc -l)" -ge "$1" ]
}

prompted() { # n, text
	wait_for has_prompts "$1" "$2"
}

types() {
	printf '%s\r' "$1" >&7
}

terminal_says() { # text
	grep -aqF -e "$1" typed
}
