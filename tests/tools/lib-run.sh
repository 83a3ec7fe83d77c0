# Sourced by the run-*.sh scripts after lib.sh: what rd-run leaves behind.
#
#	mark	a new mark in the environment: all that is started from now on has it
#	marked	the process ids that have the mark
#	./which-display	run by the command: prints its display, as the next two know it
#	clean DISPLAY	neither process, lock, socket nor temporary file is left
#	settled DISPLAY	waits for that; of a display that is known
#
# A number is free for others as soon as it is not ours, and another server's lock
# and socket are no fault: ours are known by the lock's words and the socket's file.
# shellcheck shell=bash disable=SC2034

command -v Xvfb >/dev/null || skip "no Xvfb"

mark() {
	RD_RUN_MARK=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
	export RD_RUN_MARK
}

marked() {
	local file p
	# shellcheck disable=SC2013 # no blanks are in these
	for file in $(grep -lzs "^RD_RUN_MARK=$RD_RUN_MARK\$" /proc/[0-9]*/environ); do
		p=${file#/proc/} p=${p%/environ}
		# What looks has the mark, too, and has ended.
		if [ "$p" != $$ ] && running "$p"; then echo "$p"; fi
	done
	return 0
}

clean() { # what ./which-display printed, or nothing
	local number lock socket files
	IFS=/ read -r number lock socket <<<"${1-}"
	left=$(marked)
	[ -z "$left" ] || { why="processes $left"; return 1; }
	# The folder of control sockets stays, for whoever comes next; what is in it does not.
	files=$(find "$XDG_RUNTIME_DIR" -mindepth 1 ! -path "$XDG_RUNTIME_DIR/rd")
	why="files: $files"
	[ -z "$files" ] || return 1
	[ -n "$number" ] || return 0
	why="the lock of display $number"
	[ -z "$lock" ] || [ "$(cat "/tmp/.X$number-lock" 2>/dev/null)" != "$lock" ] || return 1
	why="the socket of display $number"
	[ "$(stat -c %i-%W-%Z "/tmp/.X11-unix/X$number" 2>/dev/null)" != "$socket" ]
}

# DISPLAY/LOCK/SOCKET
cat >which-display <<'EOF'
#!/bin/sh
number=${DISPLAY#:}
echo "$number/$(cat "/tmp/.X$number-lock")/$(stat -c %i-%W-%Z "/tmp/.X11-unix/X$number")"
EOF
chmod +x which-display

settled() {
	local end=$((SECONDS + WAIT_S)) p
	until clean "${1-}"; do
		if [ $SECONDS -ge $end ]; then
			for p in $left; do tr '\0' ' ' <"/proc/$p/cmdline" >&2; echo >&2; done
			fail "left behind: $why"
		fi
		sleep 0.02
	done
}

# What is left when rd-run has ended is a fault at once.
clean_now() {
	clean "${1-}" || fail "left behind: $why"
}
mark
